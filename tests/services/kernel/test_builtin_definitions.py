"""What ships decodes strictly and hangs together: fields, layouts, stages, dropdowns, labels, codes of the model product."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from tests.services.codes import CODES
from tuicrm.domain.access import SCOPES, Operation
from tuicrm.domain.kinds import KINDS
from tuicrm.domain.schema import ItemType, Label, Stage, all_labels, label_text
from tuicrm.files import data_folder
from tuicrm.services.kernel import builtin_definitions

TYPES = builtin_definitions.load_types()
KEYS = list(TYPES)
STAGED = ["lead", "deal", "quote", "invoice", "smart"]


def field_keys(item_type: ItemType) -> list[str]:
    return [field.key for field in item_type.fields]


def stages(item_type: ItemType) -> list[Stage]:
    return [stage for pipeline in item_type.pipelines for stage in pipeline.stages]


def labels(item_type: ItemType) -> Iterator[tuple[str, Label]]:
    """Every text that people read of a type, with where it stands."""
    yield from (("label", item_type.label), ("plural", item_type.plural), ("auto_title", item_type.auto_title))
    for field in item_type.fields:
        yield f"field {field.key}", field.label
        yield from ((f"option {option.key}", option.label) for option in field.options)
    yield from ((f"section {section.key}", section.title) for section in item_type.layout.sections)
    yield from ((f"tab {tab.key}", tab.label) for tab in item_type.tabs)
    for pipeline in item_type.pipelines:
        yield f"pipeline {pipeline.key}", pipeline.label
        yield from ((f"stage {stage.key}", stage.label) for stage in pipeline.stages)


def dictionary_labels() -> Iterator[tuple[str, Label]]:
    for words in builtin_definitions.load_dictionaries().values():
        yield words.key, words.label
        yield from ((f"{words.key} {entry.key}", entry.label) for entry in words.entries)
    yield from ((f"role {role.key}", role.label) for role in builtin_definitions.load_roles())


def wrong_with(text: str) -> str:
    """Why a text of ours would upset a terminal; "" when it would not."""
    if not text.strip() or text != text.strip():
        return "blank at an end"
    if any(unicodedata.category(mark)[0] == "C" for mark in text):
        return "control character"
    return "wide character" if any(unicodedata.east_asian_width(mark) in "WF" for mark in text) else ""


def wrong_label(place: str, label: Label) -> list[str]:
    if isinstance(label, str) or set(label) != {"en", "it"}:
        return [f"{place}: not in both languages"]
    return [f"{place}: {why}" for text in label.values() if (why := wrong_with(text))]


def test_what_ships_of_the_model_is_there_and_one_template_last() -> None:
    assert KEYS[:7] == ["lead", "deal", "contact", "company", "quote", "invoice", "product"]
    assert [key for key in KEYS if TYPES[key].smart] == ["smart"] == KEYS[-1:]


def test_a_misspelt_definition_is_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "deal.json"
    broken.write_bytes((data_folder() / "types" / "deal.json").read_bytes().replace(b'"read_only"', b'"readonly"', 1))
    with pytest.raises(msgspec.ValidationError, match=r"deal\.json.*readonly"):
        builtin_definitions._read(broken, ItemType)


def test_prefixes_and_symbols_tell_types_apart() -> None:
    prefixes = [item_type.prefix for item_type in TYPES.values()]
    assert prefixes[:7] == ["L", "D", "C", "CO", "Q", "INV", "P"]
    assert len(set(prefixes)) == len(prefixes)
    symbols = [item_type.symbol for item_type in TYPES.values()]
    assert len(set(symbols)) == len(symbols)
    assert all(len(symbol) == 1 and not wrong_with(symbol) for symbol in symbols)


@pytest.mark.parametrize("key", KEYS)
def test_fields_have_known_kinds_and_targets(key: str) -> None:
    keys = field_keys(TYPES[key])
    assert len(set(keys)) == len(keys)
    for field in TYPES[key].fields:
        assert field.kind in KINDS, field.key
        assert re.fullmatch("[a-z][a-z0-9_]*", field.key), field.key
        assert set(field.targets) <= set(KEYS), field.key
        assert bool(field.targets) == (field.traits.names_items or field.traits.holds_rows), field.key
        assert not field.derived or field.derived.partition(".")[0] in keys, field.key


@pytest.mark.parametrize("key", KEYS)
def test_every_dropdown_exists(key: str) -> None:
    known = builtin_definitions.load_dictionaries()
    for field in TYPES[key].fields:
        assert (field.dictionary in known) if field.kind == "dictionary" else not field.dictionary, field.key


@pytest.mark.parametrize("key", KEYS)
def test_a_type_names_only_its_own_fields(key: str) -> None:
    item_type = TYPES[key]
    keys = set(field_keys(item_type))
    named = [*item_type.title, *item_type.client, *item_type.card, *item_type.columns, *item_type.quick]
    named += [name for name in (item_type.amount, item_type.probability, item_type.due) if name]
    assert set(named) <= keys
    kinds = {field.key: field.kind for field in item_type.fields}
    assert not item_type.amount or kinds[item_type.amount] == "money"
    assert not item_type.due or kinds[item_type.due] == "date"
    assert all(kinds[name] == "item" for name in item_type.client)


@pytest.mark.parametrize("key", KEYS)
def test_a_field_stands_once_in_the_layout(key: str) -> None:
    sections = TYPES[key].layout.sections
    placed = [place.field for section in sections for place in section.fields]
    assert len(set(placed)) == len(placed)
    assert set(placed) <= set(field_keys(TYPES[key]))
    assert len({section.key for section in sections}) == len(sections)
    assert [sections[0].key, sections[-1].key] == ["main", "additional"]


@pytest.mark.parametrize("key", STAGED)
def test_pipelines_lead_to_one_success_and_then_to_failures(key: str) -> None:
    assert TYPES[key].has_stages
    assert [pipeline.default for pipeline in TYPES[key].pipelines] == [True]
    for pipeline in TYPES[key].pipelines:
        assert pipeline.type == key
        course = [stage.semantics for stage in pipeline.stages]
        assert course == sorted(course, key=["process", "success", "failure"].index)
        assert course[0] == "process"
        assert course.count("success") == 1
        assert "failure" in course
        ends = [pipeline.stages[0], *(stage for stage in pipeline.stages if stage.semantics != "process")][:3]
        assert all(stage.system for stage in ends), "start, success and the first failure cannot be deleted"
        assert len({stage.key for stage in pipeline.stages}) == len(pipeline.stages)
        assert {stage.probability for stage in pipeline.stages if stage.semantics == "success"} == {100}
        assert {stage.probability for stage in pipeline.stages if stage.semantics == "failure"} == {0}
        assert all(0 < stage.probability < 100 for stage in pipeline.stages if stage.semantics == "process")


def test_clients_and_the_catalogue_have_no_stages() -> None:
    assert not any(TYPES[key].has_stages or TYPES[key].pipelines for key in ("contact", "company", "product"))


@pytest.mark.parametrize("key", KEYS)
def test_types_with_product_rows_have_all_that_follows_from_them(key: str) -> None:
    item_type = TYPES[key]
    fields = {field.key: field for field in item_type.fields}
    tabs = [tab.key for tab in item_type.tabs if tab.kind == "products"]
    assert item_type.products == ("products" in fields) == (tabs == ["products"]) == (item_type.amount == "amount")
    if item_type.products:
        assert (fields["products"].kind, fields["products"].targets) == ("products", ["product"])
        assert fields["manual_amount"].kind == "boolean"
        assert "tax" not in fields or fields["tax"].kind == "number"


def test_the_catalogue_has_what_a_row_is_filled_from() -> None:
    kinds = {field.key: field.kind for field in TYPES["product"].fields}
    wanted = {"title": "string", "unit": "dictionary", "price": "money", "tax": "number", "tax_included": "boolean"}
    assert {key: kinds.get(key) for key in wanted} == wanted
    units = builtin_definitions.load_dictionaries()["unit"]
    assert {entry.source for entry in units.entries} >= {"796", "6", "112", "163", "166"}, "the model's own five"


def test_stages_have_the_models_codes_and_colours() -> None:
    codes = {key: [stage.source for stage in stages(TYPES[key])] for key in STAGED}
    assert codes["lead"] == ["NEW", "IN_PROCESS", "PROCESSED", "CONVERTED", "JUNK"]
    assert codes["deal"] == [
        "NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE", "APOLOGY",
    ]  # fmt: skip
    assert codes["quote"] == ["DRAFT", "SENT", "UNANSWERED", "APPROVED", "DECLAINED", "APOLOGY"]
    assert codes["invoice"] == ["N", "S", "P", "D"]
    assert codes["smart"] == ["NEW", "PREPARATION", "CLIENT", "SUCCESS", "FAIL"]
    for stage in (stage for item_type in TYPES.values() for stage in stages(item_type)):
        assert re.fullmatch("#[0-9A-F]{6}", stage.colour), stage.key


@pytest.mark.parametrize("key", KEYS)
def test_every_code_of_the_model_has_its_field(key: str) -> None:
    codes: dict[str, list[str]] = {}
    for field in TYPES[key].fields:
        for code in dict.fromkeys([field.source, *field.settings.get("aliases", [])]):
            codes.setdefault(code, []).append(field.key)
    assert {code for code in CODES.get(key, ()) if code not in codes} == set()
    assert {code: fields for code, fields in codes.items() if code and len(fields) > 1} == {}


@pytest.mark.parametrize("key", KEYS)
def test_what_the_program_keeps_cannot_be_set(key: str) -> None:
    kept = {"created", "created_by", "updated", "updated_by", "stage_since", "moved_by", "closed", "last_activity"}
    assert {field.key for field in TYPES[key].fields if field.key in kept and not field.read_only} == set()


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_in_both_languages_and_plain(key: str) -> None:
    assert [problem for place, label in labels(TYPES[key]) for problem in wrong_label(place, label)] == []
    name = "{number}" if TYPES[key].numbering else "{ref}"
    assert all(name in text for text in all_labels(TYPES[key].auto_title))


@pytest.mark.parametrize("key", KEYS)
def test_two_fields_are_never_called_the_same(key: str) -> None:
    for language in ("en", "it"):
        seen = [label_text(field.label, language).casefold() for field in TYPES[key].fields]
        assert sorted(seen) == sorted(set(seen)), language


def test_dropdowns_and_roles_are_in_both_languages() -> None:
    assert [problem for place, label in dictionary_labels() for problem in wrong_label(place, label)] == []


def test_dropdowns_have_keys_and_codes_of_their_own() -> None:
    known = builtin_definitions.load_dictionaries()
    wanted = {"SOURCE", "CONTACT_TYPE", "COMPANY_TYPE", "EMPLOYEES", "INDUSTRY", "DEAL_TYPE", "HONORIFIC"}
    assert wanted <= {words.source for words in known.values()}
    for words in known.values():
        for names in ([entry.key for entry in words.entries], [entry.source for entry in words.entries]):
            assert all(names), words.key
            assert len(set(names)) == len(names), words.key
    assert [entry.source for entry in known["deal_type"].entries] == ["SALE", "COMPLEX", "GOODS", "SERVICES", "SERVICE"]


def test_currencies_are_codes() -> None:
    codes = builtin_definitions.load_currencies()
    assert codes[0] == "EUR"
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[A-Z]{3}", code) for code in codes)


def test_roles_speak_of_known_operations_and_scopes() -> None:
    roles = {role.key: role for role in builtin_definitions.load_roles()}
    assert [role.key for role in roles.values() if role.admin] == ["administrator"]
    for role in roles.values():
        for rules in role.rules.values():
            assert set(rules) <= set(get_args(Operation)), role.key
            assert set(rules.values()) <= set(SCOPES), role.key
    manager = roles["manager"].rules["*"]
    assert (manager["read"], manager["add"], manager["edit"]) == ("all", "all", "own")
    assert "settings" not in roles["manager"].specials
