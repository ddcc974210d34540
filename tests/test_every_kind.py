"""Every kind of field, walked through all that a field is used for: typed, kept, shown, filtered, listed, summed, exported, imported.

A kind that is new is here by itself, and asks for a sample of its values.
"""

from __future__ import annotations

import inspect
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tuicrm.domain.field_settings import SETTINGS
from tuicrm.domain.kinds import CUSTOM_KINDS, KINDS, Traits, kind_of, several
from tuicrm.domain.kinds.base import Kind
from tuicrm.domain.kinds.values import edit_field, format_field, parse_field, read_field
from tuicrm.domain.matching import reader
from tuicrm.domain.schema import Field
from tuicrm.i18n import set_language
from tuicrm.screens.asking import question, value_of
from tuicrm.screens.settings.field_forms import kind_choices, kind_name, new_questions, said
from tuicrm.services.boards.filters import compile_for, sorts_for
from tuicrm.services.boards.list_columns import Arrangement, ListColumn, can_sort, keep
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.definitions import field_words
from tuicrm.services.definitions.rooms import RoomDetails, add_room
from tuicrm.services.exporting.exportable import plain_item
from tuicrm.services.exporting.exporting import export_csv
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel import lookup
from tuicrm.services.kernel.session import Session


@dataclass(frozen=True)
class Sample:
    """A value as it is typed and as it is kept; `file`: how another program's file has it; `more` is said of the field."""

    typed: str
    kept: Any
    file: str = ""
    more: tuple[tuple[str, Any], ...] = ()


_ADDRESS = {"line1": "Via Roma 5", "city": "Torino", "country": "IT"}
SAMPLES = {
    "string": Sample("some words", "some words"),
    "text": Sample("some words", "some words"),
    "integer": Sample("38k", 38000, "38000"),
    "number": Sample("1.5", "1.5"),
    "boolean": Sample("yes", True),
    "date": Sample("2026-12-18", "2026-12-18", "18/12/2026"),
    "datetime": Sample("2026-12-18 09:30", "2026-12-18T09:30:00Z"),
    "duration": Sample("1h 30m", 90, "1:30"),
    "money": Sample("38k EUR", {"amount": "38000.00", "currency": "EUR"}, "38000.00 EUR"),
    "link": Sample("example.com", "https://example.com"),
    "address": Sample("line1: Via Roma 5; city: Torino; country: IT", _ADDRESS),
    "list": Sample("Large", "large", more=(("options", ["Small", "Large"]),)),
    "person": Sample("Luca Riva", "luca"),
    "item": Sample("CO-2", "company:2", "Ferrari Legnami", more=(("targets", ["company"]),)),
    "dictionary": Sample("it", "it", more=(("dictionary", "industry"),)),
    "booking": Sample(
        "Blue; 2027-01-12 10:00; 1h 30m", {"rooms": ["blue"], "start": "2027-01-12T10:00:00Z", "minutes": 90}
    ),
    "phone": Sample("+390255550142", {"value": "+390255550142", "typed": "+390255550142", "type": "work"}),
    "email": Sample("ada@example.com", {"value": "ada@example.com", "type": "work"}),
    "web": Sample("https://example.com", {"value": "https://example.com", "type": "work"}),
    "messenger": Sample("@ada", {"value": "@ada", "type": "other"}),
}
ATTACHED = {"file": "attach a file here; it cannot be typed: tests/services/items/test_attachments.py"}


def made(session: Session, kind: str, **more: Any) -> Field:
    """A field of the kind on deals; there is a room that it may name."""
    if "blue" not in session.workspace.rooms:
        add_room(session, RoomDetails("Blue"))
    return field_words.add(session, "deal", f"Walked {kind}", kind, {}, **{**dict(SAMPLES[kind].more), **more})


def filled(session: Session, kind: str, **more: Any) -> Field:
    """The same, with its sample on D-1."""
    field = made(session, kind, **more)
    ref = lookup.read_ref(session, "D-1")
    items.edit(session, ref, items.values(session, "deal", {field.key: SAMPLES[kind].typed}))
    return field


def kept(session: Session, field: Field) -> Any:
    return session.get(lookup.read_ref(session, "D-1")).get(field.key)


walked = pytest.mark.parametrize("kind", [kind for kind in CUSTOM_KINDS if kind not in ATTACHED])


# -- what it says of itself --------------------------------------------------------------------------------------------
def test_every_kind_has_a_sample_here() -> None:
    lacking = [kind for kind in CUSTOM_KINDS if kind not in {*SAMPLES, *ATTACHED}]
    assert not lacking, f"give SAMPLES a value of {', '.join(lacking)}, or say where its test stands"


def test_a_kind_cannot_leave_out_what_every_kind_says() -> None:
    whole = msgspec.structs.asdict(KINDS["string"])
    required = {field.name for field in msgspec.structs.fields(Traits) if field.required}
    assert {"label", "editor", "cells", "settings", "has_default"} <= required
    for name in required:
        with pytest.raises(TypeError, match=name):
            Traits(**{key: value for key, value in whole.items() if key != name})


@pytest.mark.parametrize("name", KINDS)
def test_its_code_is_found_and_whole(name: str) -> None:
    kind = kind_of(name)
    assert kind.name == name, f"{KINDS[name].made_by} is not the code of {name}"
    for method, function in inspect.getmembers(Kind, inspect.isfunction):
        if not method.startswith("_"):
            own = getattr(kind, method, None)
            assert own is not None, f"{name} has no {method}"
            assert list(inspect.signature(own).parameters) == list(inspect.signature(function).parameters)[1:], method


@pytest.mark.parametrize("name", KINDS)
def test_what_it_says_of_itself_makes_sense(name: str) -> None:
    traits = KINDS[name]
    assert traits.label.strip()
    assert 4 <= traits.cells <= 40
    assert "\n" in traits.breaks
    unknown = [key for key in traits.settings if key not in SETTINGS]
    assert not unknown, f"field_settings.SETTINGS does not know {unknown}"
    assert traits.has_default <= traits.custom
    assert not (traits.is_place and traits.custom)
    alone = [
        traits.is_number,
        traits.is_time,
        traits.is_span,
        traits.is_pointing,
        traits.is_place,
        traits.is_yes_no,
        traits.reaches,
    ]
    assert sum(alone) <= 1, f"{name} is two things at once"
    assert traits.sums <= traits.is_measure
    assert traits.is_measure <= (traits.aligns_right and traits.is_ordered and traits.sorts)


def test_it_is_offered_by_its_name_in_each_language() -> None:
    try:
        for language in ("en", "it"):
            set_language(language)
            names = [kind_name(choice.key) for choice in kind_choices()]
            assert len(set(names)) == len(CUSTOM_KINDS)
    finally:
        set_language("en")


# -- typed, kept, shown ------------------------------------------------------------------------------------------------
@walked
def test_it_is_typed_kept_and_shown(seeded: Session, kind: str) -> None:
    field = filled(seeded, kind)
    assert kept(seeded, field) == SAMPLES[kind].kept
    value = SAMPLES[kind].kept
    assert kind_of(kind).comparable(value) == reader(kind)(value)
    for canonical in (False, True):
        context = seeded.context(canonical=canonical)
        assert format_field(value, field, context).strip()
        assert read_field(value, field, context) == value
        assert parse_field(edit_field(value, field, context), field, context) == value
    assert parse_field(format_field(value, field, context), field, context) == value, "canonical text is read back"


def test_several_are_told_apart(seeded: Session) -> None:
    context = seeded.context()
    for kind, sample in SAMPLES.items():
        if KINDS[kind].can_be_several:
            typed = several.joined([sample.typed] * 2, kind)
            assert several.split(typed, kind) == [sample.typed] * 2
            assert parse_field(typed, made(seeded, kind, many=True), context) == [sample.kept]


@walked
def test_a_form_asks_for_it_and_takes_the_answer(seeded: Session, kind: str) -> None:
    field = filled(seeded, kind)
    asked = question(seeded, field, kept(seeded, field))
    answer = asked.chosen if asked.is_chosen else asked.text
    assert asked.is_chosen == (KINDS[kind].editor == "choice")
    assert value_of(seeded, field, answer, kept(seeded, field)) == SAMPLES[kind].kept
    if not asked.is_chosen:
        assert asked.check is not None
        asked.check(SAMPLES[kind].typed)


def test_a_new_field_of_it_is_asked_for_what_it_needs(seeded: Session) -> None:
    for kind in CUSTOM_KINDS:
        asked = {one.key: one for one in new_questions(seeded, kind, "New")}
        traits = KINDS[kind]
        assert ("many" in asked) == traits.can_be_several
        assert ("default" in asked) == traits.has_default
        assert [key for key in asked if key in SETTINGS] == list(traits.settings)
        answers = {key: one.chosen if one.is_chosen else one.text for key, one in asked.items() if one.kind != "text"}
        assert said(seeded, kind, answers)["settings"] == {}


# -- filters and lists -------------------------------------------------------------------------------------------------
def found(session: Session, text: str) -> list[int]:
    return session.ids("deal", compile_for(session, "deal", text))


@walked
def test_a_filter_finds_it(seeded: Session, kind: str) -> None:
    field = filled(seeded, kind)
    typed = format_field(SAMPLES[kind].kept, field, seeded.context(canonical=True)).replace('"', '\\"')
    if not KINDS[kind].is_address:
        assert found(seeded, f'{field.key} = "{typed}"') == [1]
        assert 1 not in found(seeded, f'{field.key} != "{typed}"')
    assert found(seeded, f"{field.key} is not empty") == [1]
    if KINDS[kind].is_ordered:
        assert found(seeded, f'{field.key} >= "{typed}"') == [1]
        assert 1 not in found(seeded, f'{field.key} < "{typed}"')
    for part in KINDS[kind].parts:
        assert 1 not in found(seeded, f'{field.key}.{part} = "no such thing"')


@walked
def test_a_list_shows_sorts_and_sums_it(seeded: Session, kind: str) -> None:
    field = filled(seeded, kind)
    keep(seeded, "deal", Arrangement((ListColumn(field.key),)))
    shown = ItemList(seeded, "deal")
    text = shown.row(1)[0]
    assert text
    assert shown.numbers() == [KINDS[kind].aligns_right]
    assert shown.widths()[0] >= KINDS[kind].cells
    assert bool(shown.sums()[0][0]) == KINDS[kind].sums
    assert can_sort(field) == KINDS[kind].sorts
    if can_sort(field):
        assert seeded.ids("deal", None, sorts_for(seeded, "deal", field.key))[0] == 1


# -- files -------------------------------------------------------------------------------------------------------------
@walked
def test_what_is_exported_is_imported_again(seeded: Session, kind: str, tmp_path: Path) -> None:
    """But refs, which are a workspace's own, and what has columns of its own for its parts."""
    traits = KINDS[kind]
    field = filled(seeded, kind)
    stream = io.BytesIO()
    only = compile_for(seeded, "deal", f"{field.key} is not empty")
    export_csv(seeded, "deal", stream, where=only, fields=[seeded.workspace.fields("deal")["title"], field])
    file = tmp_path / "deals.csv"
    file.write_bytes(stream.getvalue().replace(b"D-1", b"", 1).replace(b"ref,", b"number,", 1))
    item = plain_item(seeded, seeded.get(lookup.read_ref(seeded, "D-1")))
    if traits.books:  # nobody else gets what D-1 has
        items.edit(seeded, lookup.read_ref(seeded, "D-1"), {field.key: None})
    if not (traits.names_items or traits.is_address or traits.reaches):
        assert _imported(seeded, file, field) == SAMPLES[kind].kept
    assert json.loads(json.dumps(item["fields"][field.key])) is not None


@walked
def test_another_programs_cell_is_read(seeded: Session, kind: str, tmp_path: Path) -> None:
    field = made(seeded, kind)
    file = tmp_path / "deals.csv"
    cell = (SAMPLES[kind].file or SAMPLES[kind].typed).replace('"', '""')
    file.write_text(f'title,{field.key}\nBrought,"{cell}"\n')
    if not KINDS[kind].is_address:  # its parts have columns of their own
        assert _imported(seeded, file, field) == SAMPLES[kind].kept


def _imported(session: Session, file: Path, field: Field) -> Any:
    before = set(session.ids("deal", None))
    report = run_import(session, [file], ImportOptions(type="deal", rejects=file.parent / "rejects.csv"))
    new = set(session.ids("deal", None)) - before
    assert len(new) == 1, (report.files[0].tables, [p.read_text() for p in file.parent.glob("rejects*")])
    return session.get(lookup.read_ref(session, f"D-{new.pop()}")).get(field.key)
