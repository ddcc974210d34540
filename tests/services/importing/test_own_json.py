"""What is exported as JSON comes into another workspace as it was: all types, their definitions, what relates items."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tests.hostile import HOSTILE
from tests.services.conversion.world import full, make
from tests.services.importing.conftest import Put
from tests.smart import delivery
from tuicrm.domain.conditions import Sort
from tuicrm.domain.importing import Report
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Refused
from tuicrm.services.definitions import dictionaries, field_words
from tuicrm.services.definitions.pipelines import add_pipeline
from tuicrm.services.definitions.rooms import RoomDetails, add_room
from tuicrm.services.exporting.exporting_json import Whole, export_json, told
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items, relations
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session
from tuicrm.store.protocol import Find

_OF_THE_PROGRAM = {"updated", "updated_by", "created_by", "stage_since", "moved_by", "closed_at", "previous_stage"}
"""What every workspace keeps for itself: who did what when."""


class Two(NamedTuple):
    """Two workspaces: one that is exported, and a new one; and the folder for files between them."""

    here: Session
    there: Session
    folder: Path

    def export(self, *types: str, definitions: bool = True) -> tuple[Path, Whole]:
        """A file with these types, or with all."""
        content = io.BytesIO()
        chosen = types or tuple(self.here.workspace.types)
        done = export_json(self.here, chosen, content, definitions=definitions)
        path = self.folder / f"{'-'.join(types) or 'all'}.json"
        path.write_bytes(content.getvalue())
        return path, done

    def carry(self, *types: str, **options: Any) -> Report:
        """Export these types, or all, and import them there."""
        return run_import(self.there, [self.export(*types)[0]], ImportOptions(**options))


@pytest.fixture
def two(seeded: Session, tmp_path: Path) -> Iterator[Two]:
    path = tmp_path / "there"
    create_workspace(path, person=Maker("anna", "Anna Bianchi"), settings=Settings("Another"))
    there = open_session(path, login="anna", language="en", locale="en_GB")
    yield Two(seeded, there, tmp_path)
    there.close()


def everything(session: Session) -> None:
    """Items in every type, filled to the last field, made from one another, with rows, numbers, a pipeline and values of one's own."""
    delivery(session)
    add_pipeline(session, "deal", "Partners")
    dictionaries.add_entry(session, "source", "Word of mouth")
    product = items.add(session, "product", {"title": "Printer", "price": {"amount": "800.00", "currency": "EUR"}})
    for key in ("company", "contact", "lead", "deal", "quote", "invoice", "delivery"):
        full(session, key)
    add_field(session, "deal", "Size", "list", key="size", options=["small", "large"])
    add_field(session, "delivery", "Weight", "number", key="weight")
    add_field(session, "delivery", "Goes with", "item", key="goes_with", targets=["delivery"], many=True)
    make(session, Ref("lead", 2), "deal,contact,company")
    rows = [
        {"name": "Printer", "product": str(product.ref), "quantity": "2", "price": {"amount": "800.00", "currency": "EUR"},
         "discount": {"percent": "10"}, "tax": "22", "included": True},
        {"name": "Work", "quantity": "1.5", "unit": "day", "price": {"amount": "500.00", "currency": "EUR"}},
    ]  # fmt: skip
    items.add(session, "deal", {"title": "With rows", "products": rows, "size": "large", "pipeline": "partners"})
    first = items.add(session, "delivery", {"title": "First", "weight": "12.5", "parent_deal": "deal:1"})
    items.add(session, "delivery", {"title": "Second", "goes_with": [str(first.ref), "delivery:1"], "stage": "client"})
    items.edit(session, Ref("deal", 3), {"source": "word_of_mouth"})
    relations.link(session, Ref("deal", 1), Ref("delivery", 1), "see also")
    relations.link(session, Ref("contact", 1), Ref("company", 2))


def of_all(session: Session) -> dict[str, dict[str, Any]]:
    """Every item by its ref, without what each workspace keeps for itself."""
    return {
        str(item.ref): {key: value for key, value in item.fields.items() if key not in _OF_THE_PROGRAM}
        for type_key in session.workspace.types
        for item in session.find(type_key, sort=[Sort("id", "integer")], limit=1000).items
    }


def links(session: Session, *refs: str) -> list[tuple[str, str]]:
    found = [one for ref in refs for one in relations.relations(session, session.get(Ref.parse(ref))).links]
    return [(str(one.ref), one.how) for one in found]


def notes(report: Report) -> list[str]:
    return [note for file in report.files for note in file.notes]


# -- all of it ---------------------------------------------------------------------------------------------------------
def test_all_of_a_workspace_comes_into_another_as_it_was(two: Two) -> None:
    everything(two.here)
    before = of_all(two.here)
    report = two.carry()
    assert (report.rejected, report.made) == (0, len(before))
    people = {(one.kind, one.value) for one in report.remarks}
    assert people == {("person", "luca")}
    after = of_all(two.there)
    assert after.keys() == before.keys()
    for ref, fields in before.items():
        expected = {key: value for key, value in fields.items() if value not in ("luca", ["luca"])}
        got = {key: value for key, value in after[ref].items() if key in expected}
        assert got == expected, ref
    for key in ("size", "source", "weight", "goes_with"):
        owner = "delivery" if key in ("weight", "goes_with") else "deal"
        field = two.there.workspace.field(owner, key)
        assert field is not None
    assert [one.key for one in two.there.workspace.pipelines("deal")] == ["general", "partners"]
    assert links(two.there, "deal:1", "contact:1") == [("delivery:1", "see also"), ("company:2", "")]


def test_what_an_item_was_made_from_comes_along(two: Two) -> None:
    everything(two.here)
    two.carry()
    made = [item for item in two.there.find("contact").items if item.fields.get("lead")]
    assert [item.fields["lead"] for item in made] == ["lead:2"]
    tree = relations.relations(two.there, two.there.get(Ref("lead", 2))).family
    assert len(tree) == len(relations.relations(two.here, two.here.get(Ref("lead", 2))).family) > 3


def test_a_second_time_nothing_is_made_twice(two: Two) -> None:
    everything(two.here)
    two.carry()
    again = two.carry()
    assert (again.made, again.seq, again.known) == (0, 0, len(of_all(two.here)))
    assert "2 links are already here" in notes(again)
    items.edit(two.here, Ref("deal", 1), {"title": "Another name"})
    later = two.carry()
    assert (later.made, [table.changed for table in later.tables() if table.type == "deal"]) == (0, [1])


def test_one_undo_takes_all_of_it_back(two: Two) -> None:
    everything(two.here)
    types = set(two.there.workspace.types)
    two.carry()
    undo(two.there)
    assert (of_all(two.there), set(two.there.workspace.types)) == ({}, types)
    assert two.there.workspace.field("deal", "size") is None


def test_its_own_workspace_knows_all_of_it(two: Two) -> None:
    everything(two.here)
    before = of_all(two.here)
    path, _done = two.export()
    items.edit(two.here, Ref("deal", 1), {"title": "Changed since"})
    report = run_import(two.here, [path])
    assert (report.made, report.seq, report.known) == (0, 0, len(before))


def test_what_changed_since_is_put_back_from_a_file_where_one_says_so(two: Two) -> None:
    everything(two.here)
    path, _done = two.export()
    before = of_all(two.here)
    items.edit(two.here, Ref("deal", 1), {"title": "Spoilt", "comment": "Spoilt too"})
    report = run_import(two.here, [path], ImportOptions(duplicates="replace"))
    assert (report.updated, report.made, report.rejected) == (1, 0, 0)
    assert two.here.get(Ref("deal", 1)).fields["title"] == before["deal:1"]["title"]
    assert run_import(two.here, [path], ImportOptions(duplicates="replace")).seq == 0


def test_items_find_their_places_beside_others(two: Two) -> None:
    """Ids are others there: what names an item names the same one."""
    everything(two.here)
    for key in ("company", "deal", "product"):
        items.add(two.there, key, {"title": f"Was there: {key}"})
    two.carry()
    rows = next(item for item in two.there.find("deal").items if item.fields["title"] == "With rows").fields["products"]
    product = two.there.get(Ref.parse(rows[0]["product"]))
    assert (product.id, product.fields["title"]) == (2, "Printer")
    website = next(item for item in two.there.find("deal").items if item.fields["title"] == "Website redesign")
    assert two.there.get(Ref.parse(website.fields["company"])).fields["title"] == "Rossi Srl"
    assert links(two.there, str(website.ref)) == [("delivery:1", "see also")]


# -- definitions -------------------------------------------------------------------------------------------------------
def test_what_is_here_stays_and_gets_what_it_lacks(two: Two) -> None:
    everything(two.here)
    add_field(two.there, "deal", "Size of it", "list", key="size", options=["small", "huge"])
    report = two.carry()
    field = two.there.workspace.field("deal", "size")
    assert field is not None
    assert (field.label, [one.key for one in field.options]) == ("Size of it", ["small", "huge", "large"])
    assert report.rejected == 0


def test_definitions_nobody_can_have_are_not_taken(two: Two, put: Put) -> None:
    stage = {"key": "x", "label": "X", "colour": "#000000"}
    definitions = {
        "type": [{"key": "Deal!", "label": "x", "plural": "x", "prefix": "X", "symbol": "x"}, {"nonsense": 1}],
        "field": [{"type": "deal", "key": "odd", "kind": "nonsense", "label": "Odd", "custom": True},
                  {"type": "nowhere", "key": "a", "kind": "string", "label": "A", "custom": True}],
        "pipeline": [{"key": "empty", "type": "deal", "label": "Empty", "stages": [stage]}],
        "role": [{"key": "root", "label": "Root", "admin": True}],
        "setting": [{"key": "name", "value": "taken over"}],
    }  # fmt: skip
    report = run_import(two.there, [put("x.json", {"schema": 1, "items": [], "definitions": definitions})])
    assert {one.outcome for file in report.files for one in file.definitions} == {"not taken"}
    assert two.there.workspace.settings["name"] == "Another"
    assert "root" not in two.there.workspace.roles


def test_who_may_not_change_definitions_brings_items_alone(two: Two, open_as: OpenAs) -> None:
    path, _done = two.export("deal")
    text = path.read_text("utf-8").replace(str(two.here.workspace.settings["id"]), "another")
    path.write_text(text, encoding="utf-8")
    report = run_import(open_as("luca"), [path], ImportOptions(dry_run=True))
    assert "skipped: you may not change the definitions of this workspace" in notes(report)


# -- links -------------------------------------------------------------------------------------------------------------
def test_a_link_that_leads_out_is_told_on_both_sides(two: Two) -> None:
    relations.link(two.here, Ref("deal", 1), Ref("contact", 1))
    path, done = two.export("deal")
    assert (done.links, told(two.here, done)) == (1, ["1 link leads to an item that is not in this export"])
    report = run_import(two.there, [path])
    told_of = "1 link skipped, because one of its items is neither in the files nor here: deal:1 – contact:1"
    assert told_of in notes(report)
    people, _done = two.export("contact")
    both = run_import(two.there, [path, people])
    assert ("1 link imported" in notes(both), links(two.there, "deal:1")) == (True, [("contact:1", "")])


def test_another_workspaces_refs_mean_nothing_here(two: Two) -> None:
    """CO-1 there is not CO-1 here."""
    items.add(two.there, "company", {"title": "Somebody else"})
    report = two.carry("deal")
    assert [item.fields.get("company") for item in two.there.find("deal").items] == [None, None, None]
    assert {one.value for one in report.remarks if one.kind == "link"} == {"company:1", "company:2"}


def test_links_to_what_one_may_not_read_are_not_in_the_file(two: Two, open_as: OpenAs) -> None:
    role = two.here.workspace.entry("role", "manager")
    assert role is not None
    relations.link(two.here, Ref("deal", 1), Ref("lead", 1))
    relations.link(two.here, Ref("deal", 2), Ref("company", 2))
    with two.here.change("no leads") as change:
        change.patch("role", role.id, {"rules": {"*": {"read": "all", "export": "all"}, "lead": {"read": "none"}}})
    content = io.BytesIO()
    export_json(open_as("luca"), ["deal"], content)
    assert [one["owner"] for one in json.loads(content.getvalue())["links"]] == ["deal:2"]


# -- files -------------------------------------------------------------------------------------------------------------
def test_hostile_texts_come_through(two: Two) -> None:
    texts = [
        text
        for text in HOSTILE
        if text.strip() and "\0" not in text and text.encode("utf-8", "ignore").decode() == text
    ]
    for text in texts:
        items.add(two.here, "deal", {"title": "x", "comment": text})
    two.carry("deal")
    assert [
        item.fields.get("comment") for item in two.there.find("deal", sort=[Sort("id", "integer")], limit=500).items
    ] == [item.fields.get("comment") for item in two.here.find("deal", sort=[Sort("id", "integer")], limit=500).items]


@pytest.mark.parametrize(
    "content",
    [
        '{"schema": 2, "items": []}',
        '{"schema": 1, "items": 7}',
        '{"schema": 1}',
        '{"schema": 1, "items": [{"ref": 1}]}',
    ],
)
def test_what_is_no_export_is_told(two: Two, put: Put, content: str) -> None:
    report = run_import(two.there, [put("x.json", content)])
    assert report.files[0].problem.startswith(("x.json is", "x.json has"))


def test_a_row_that_breaks_a_rule_is_rejected_alone(two: Two, put: Put) -> None:
    deals = [
        {"ref": "D-1", "type": "deal", "id": 1, "fields": {"title": "Good", "nonsense": 1}},
        {
            "ref": "D-2",
            "type": "deal",
            "id": 2,
            "fields": {"title": "Bad", "close_date": "soon", "company": "company:9"},
        },
        {"ref": "Z-1", "type": "zebra", "id": 1, "fields": {}},
    ]
    report = run_import(two.there, [put("x.json", {"schema": 1, "items": deals})])
    assert (report.made, report.rejected) == (1, 1)
    assert "zebra: 1 item skipped: there is no similar item type here" in notes(report)
    assert "nonsense" in {column.column for table in report.tables() for column in table.columns if not column.field}


def test_who_may_not_export_a_type_is_told(two: Two, open_as: OpenAs) -> None:
    role = two.here.workspace.entry("role", "manager")
    assert role is not None
    with two.here.change("not an export") as change:
        change.patch(
            "role",
            role.id,
            {"rules": {"*": {"read": "all", "export": "all"}, "lead": {"read": "all", "export": "none"}}},
        )
    luca = open_as("luca")
    done = export_json(luca, ["deal", "lead"], io.BytesIO())
    assert (done.written, told(luca, done)) == (3, ["skipped, because you may not export them: Leads"])
    with pytest.raises(AccessDenied):
        export_json(luca, ["lead"], io.BytesIO())


def test_a_stopped_export_says_so_by_raising(two: Two) -> None:
    def stop(_done: int, _of: int) -> None:
        raise Refused("stopped")

    with pytest.raises(Refused, match="stopped"):
        export_json(two.here, ["deal"], io.BytesIO(), tell=stop)


def test_rooms_come_along_with_the_fields_that_book_them(two: Two) -> None:
    add_room(two.here, RoomDetails("Blue", seats="8", bookers=["luca"]))
    two.carry("contact")
    assert two.there.workspace.rooms == {}, "nothing of contacts books"
    field_words.add(two.here, "deal", "Visit", "booking", {})
    visit = {"rooms": ["blue"], "start": "2031-01-12T10:00:00Z", "minutes": 60}
    items.edit(two.here, Ref("deal", 1), {"visit": visit})
    two.carry("deal")
    room = two.there.workspace.rooms["blue"]
    assert (room.label, room.seats, room.bookers) == ("Blue", 8, []), "Luca is not there: all may book it"
    found = two.there.store.find(Find("booking")).records
    assert [(one.doc["room"], one.doc["start"]) for one in found] == [("blue", visit["start"])]
    undo(two.there)
    assert (two.there.workspace.rooms, two.there.count("deal")) == ({}, 0)
    assert two.there.store.count("booking") == 0
