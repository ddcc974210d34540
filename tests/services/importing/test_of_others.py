"""What others imported is not told: an import by a person who may not see it reports and makes what it
would in a workspace without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.conftest import OpenAs
from tests.services.importing.conftest import Put
from tests.services.importing.run.test_product_rows import CABLE, CATALOGUE, DEAL, PHONE, put_rows
from tuicrm.domain.importing import Report
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.options import Handling, ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.reader import IMPORT_KEYS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Key

CONTACTS = "First Name,Last Name,Email,Phone\nAda,Byron,ada@example.com,+39 02 1234567\nMary,Somerville,,\n"
COMPANY = {"ID": "7", "TITLE": "Rossi works", "PHONE": [{"VALUE": "+39 02 7654321", "VALUE_TYPE": "WORK"}]}
COMMENT = {
    "ID": "31",
    "ENTITY_ID": "13142",
    "ENTITY_TYPE": "deal",
    "CREATED": "2026-01-08T10:00:00+03:00",
    "COMMENT": "They call back",
    "AUTHOR_ID": "1",
    "FILES": {},
}


@pytest.fixture
def luca(seeded: Session, open_as: OpenAs) -> Session:
    """Luca, who may import and sees what is his."""
    entry = seeded.workspace.entry("role", "manager")
    assert entry is not None
    rules = {"*": {"read": "own", "add": "all", "edit": "all", "delete": "all", "import": "all"}}
    with seeded.change("own items only") as change:
        change.patch("role", entry.id, {"rules": rules, "specials": ["settings", "edit_common_layout"]})
    return open_as("luca")


def all_files(put: Put) -> list[Path]:
    return [
        put("people.csv", CONTACTS),
        put("crm.company.list.json", {"result": [COMPANY]}),
        put("crm.product.list.json", {"result": [CATALOGUE]}),
        put("crm.deal.list.json", {"result": [DEAL | {"COMPANY_ID": "7"}]}),
        put_rows(put, PHONE, CABLE),
        put("crm.timeline.comment.list.json", {"result": [COMMENT]}),
    ]


def later_files(put: Put) -> list[Path]:
    """What names others' items by the ids of their source, and does not bring them along."""
    return [
        put("crm.deal.list.json", {"result": [DEAL | {"ID": "13143", "TITLE": "More phones", "COMPANY_ID": "7"}]}),
        put_rows(
            put, PHONE | {"id": 17651, "ownerId": 13142}, CABLE | {"id": 17652, "ownerId": 13143, "productId": 9621}
        ),
        put("crm.timeline.comment.list.json", {"result": [COMMENT, COMMENT | {"ID": "32"}]}),
    ]


def told(report: Report) -> bytes:
    return msgspec.json.encode(report)


@pytest.mark.parametrize("handling", ["add", "skip", "fill", "replace"])
@pytest.mark.parametrize("files", [all_files, later_files])
def test_a_report_is_as_without_what_others_imported(
    seeded: Session, luca: Session, put: Put, files: Callable[[Put], list[Path]], handling: Handling
) -> None:
    paths = files(put)
    options = ImportOptions(dry_run=True, duplicates=handling)
    before = told(run_import(luca, paths, options))
    run_import(seeded, all_files(put))
    luca.store.refresh()
    assert told(run_import(luca, files(put), options)) == before


def test_two_who_do_not_see_each_other_get_each_theirs(seeded: Session, luca: Session, put: Put) -> None:
    path = put("people.csv", CONTACTS)
    assert run_import(seeded, [path]).made == 2
    luca.store.refresh()
    first, second = run_import(luca, [path]), run_import(luca, [path])
    assert (first.made, first.known, second.made, second.known) == (2, 0, 0, 2)
    seeded.store.refresh()
    again = run_import(seeded, [path])
    assert (again.made, again.known) == (0, 2)
    assert len(seeded.find("contact").items) == 1 + 2 + 2


def test_of_several_items_one_s_own_is_meant(seeded: Session, luca: Session, put: Put) -> None:
    """Anna sees both; what a later file says anew goes over hers, whoever came first."""
    files = put("crm.deal.list.json", {"result": [DEAL]})
    run_import(luca, [files])
    seeded.store.refresh()
    theirs = seeded.find("deal").items[-1].ref
    with seeded.change("a key of Anna's") as change:
        mine = change.add("deal", {"title": "Phones"})
    [known] = seeded.store.find(Find(IMPORT_KEYS)).records
    doc = {**known.doc, "ref": str(mine), "by": seeded.person_key}
    with seeded.change("as if she had imported it too") as change:
        change.follow(lambda draft: draft.put(Key(IMPORT_KEYS, draft.new_id(IMPORT_KEYS)), doc))
    anew = put("crm.deal.list.json", {"result": [DEAL | {"TITLE": "Telephones"}]})
    report = run_import(seeded, [anew], ImportOptions(duplicates="replace"))
    assert (report.made, report.updated) == (0, 1)
    assert [seeded.get(ref).fields["title"] for ref in (mine, theirs)] == ["Telephones", "Phones"]


@pytest.mark.parametrize("handling", ["fill", "replace"])
def test_nothing_is_laid_over_what_others_imported(
    seeded: Session, luca: Session, put: Put, handling: Handling
) -> None:
    run_import(seeded, all_files(put))
    luca.store.refresh()
    before = {item.ref: item.rev for key in ("contact", "company", "deal") for item in seeded.find(key).items}
    run_import(
        luca,
        [put("crm.company.list.json", {"result": [COMPANY | {"TITLE": "Other"}]})],
        ImportOptions(duplicates=handling),
    )
    seeded.store.refresh()
    assert {ref: seeded.get(ref).rev for ref in before} == before


def test_what_one_imported_stays_known_where_it_went_out_of_sight(seeded: Session, luca: Session, put: Put) -> None:
    path = put("people.csv", CONTACTS)
    run_import(luca, [path])
    seeded.store.refresh()
    for item in seeded.find("contact").items[1:]:
        items.edit(seeded, item.ref, {"responsible": "anna"})
    luca.store.refresh()
    assert luca.find("contact").items == []
    for handling in ("add", "skip", "fill", "replace"):
        report = run_import(luca, [path], ImportOptions(duplicates=handling))
        assert (report.made, report.known, report.rejected) == (0, 2, 0)


def test_an_item_that_comes_back_is_still_known(seeded: Session, luca: Session, put: Put) -> None:
    """Somebody else, and whoever imported it, had the row made again while it was deleted."""
    path = put("people.csv", CONTACTS)
    run_import(seeded, [path])
    ada = seeded.find("contact").items[1].ref
    items.delete(seeded, [ada])
    luca.store.refresh()
    assert run_import(luca, [path]).made == 2
    seeded.store.refresh()
    undo(seeded)
    assert seeded.get(ada).fields["last_name"] == "Byron"
    report = run_import(seeded, [path])
    assert (report.made, report.known) == (0, 2)


def test_a_deleted_comment_does_not_come_again(seeded: Session, put: Put) -> None:
    run_import(seeded, all_files(put))
    [deal] = [item.ref for item in seeded.find("deal").items if item.fields["title"] == "Phones"]
    [entry] = [record for record in seeded.owned("entry", deal) if record.doc["kind"] == "comment"]
    timeline.delete_entry(seeded, entry.id)
    run_import(seeded, all_files(put))
    assert [record for record in seeded.owned("entry", deal) if record.doc["kind"] == "comment"] == []


def test_keys_of_older_workspaces_hold_for_those_who_see_the_item(seeded: Session, luca: Session, put: Put) -> None:
    path = put("people.csv", CONTACTS)
    run_import(seeded, [path])
    keys = seeded.store.find(Find(IMPORT_KEYS)).records
    with seeded.change("as they were kept before") as change:
        for key in keys:
            old = {name: value for name, value in key.doc.items() if name != "by"}
            change.follow(lambda draft, at=key.id, doc=old: draft.put(Key(IMPORT_KEYS, at), doc))  # type: ignore[misc]
    assert run_import(seeded, [path]).known == 2
    luca.store.refresh()
    assert run_import(luca, [path]).made == 2
