"""What a row named and was not here yet is linked when it comes in with a later run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.hostile import HOSTILE
from tests.services.importing.conftest import Put
from tuicrm.domain.importing import Report
from tuicrm.domain.items import Ref
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.options import Handling, ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.reader import IMPORT_KEYS
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.people import Details, add_person
from tuicrm.store.protocol import Find

CONTACTS = "First name,Last name,Company\nAda,Byron,Engine Works\nBob,Lime,engine  WORKS\nCid,Free,\n"
COMPANIES = "title\nEngine Works\nOther\n"


def run(session: Session, path: Path, kind: str = "", handling: Handling = "add") -> Report:
    report = run_import(session, [path], ImportOptions(type=kind, duplicates=handling))
    assert [table.rejected for table in report.tables()] == [0]
    return report


def companies_of(session: Session) -> dict[str, str]:
    """By last name, the title of the contact's company, "" without one."""
    found: dict[str, str] = {}
    for one in session.find("contact", limit=100).items:
        ref = Ref.read(one.fields.get("company"))
        found[one.fields["last_name"]] = str(session.get(ref).fields["title"]) if ref else ""
    return found


def waiting(session: Session) -> list[str]:
    """The items that wait."""
    return [record.doc["ref"] for record in session.whole.find(Find(IMPORT_KEYS)).records if "field" in record.doc]


def test_a_company_that_comes_later_by_its_title(workspace: Session, put: Put) -> None:
    run(workspace, put("contacts.csv", CONTACTS), "contact")
    assert companies_of(workspace) == {"Byron": "", "Lime": "", "Free": ""}
    report = run(workspace, put("companies.csv", COMPANIES), "company")
    assert companies_of(workspace) == {"Byron": "Engine Works", "Lime": "Engine Works", "Free": ""}
    assert "2 items imported earlier are now linked to what they refer to" in report.files[0].notes
    assert waiting(workspace) == []
    undo(workspace)
    assert companies_of(workspace) == {"Byron": "", "Lime": "", "Free": ""}
    assert len(waiting(workspace)) == 2


def test_by_the_id_that_its_source_gave_it(workspace: Session, put: Put) -> None:
    """Salesforce: the contact's file has the account's id, the account's file comes a week later, and has been renamed meanwhile."""
    contacts = (
        "Id,AccountId,FirstName,LastName,Email,Title,MailingCity\n003A,001B,Ada,Byron,ada@example.com,Boss,Milano\n"
    )
    accounts = "ID,NAME,BILLINGSTREET,OWNERID\n001B,Engine Works New,Via Roma 1,Anna\n"
    run(workspace, put("contacts.csv", contacts))
    assert (companies_of(workspace), len(waiting(workspace))) == ({"Byron": ""}, 1)
    run(workspace, put("accounts.csv", accounts))
    assert companies_of(workspace) == {"Byron": "Engine Works New"}


def test_what_was_filled_or_deleted_meanwhile_stays(workspace: Session, put: Put) -> None:
    run(workspace, put("contacts.csv", CONTACTS), "contact")
    own = items.add(workspace, "company", {"title": "Own"})
    items.edit(workspace, Ref("contact", 1), {"company": str(own.ref)})
    items.delete(workspace, [Ref("contact", 2)])
    report = run(workspace, put("companies.csv", COMPANIES), "company")
    assert companies_of(workspace) == {"Byron": "Own", "Free": ""}
    assert report.files[0].notes == []


def test_of_two_with_that_title_it_is_neither(workspace: Session, put: Put) -> None:
    run(workspace, put("contacts.csv", CONTACTS), "contact")
    run(workspace, put("companies.csv", "title,comment\nEngine Works,a\nEngine Works,b\n"), "company")
    assert set(companies_of(workspace).values()) == {""}
    assert len(waiting(workspace)) == 2


def test_a_dry_run_tells_and_links_nothing(workspace: Session, put: Put) -> None:
    run(workspace, put("contacts.csv", CONTACTS), "contact")
    before = workspace.store.seq()
    report = run_import(workspace, [put("companies.csv", COMPANIES)], ImportOptions(type="company", dry_run=True))
    assert any("2 items imported earlier" in note for note in report.files[0].notes)
    assert (workspace.store.seq(), set(companies_of(workspace).values())) == (before, {""})


def test_a_row_that_is_laid_over_what_is_here_links_too(workspace: Session, put: Put) -> None:
    run(workspace, put("contacts.csv", CONTACTS), "contact")
    items.add(workspace, "company", {"title": "Engine", "email": ["info@engine.example"]})
    changed = put("companies.csv", "title,email\nEngine Works,info@engine.example\n")
    assert run(workspace, changed, "company", "replace").tables().__iter__().__next__().updated == 1
    assert companies_of(workspace)["Byron"] == "Engine Works"


def test_several_that_a_field_of_many_names_are_put_behind_those_that_are_there(workspace: Session, put: Put) -> None:
    items.add(workspace, "contact", {"last_name": "Here"})
    run(workspace, put("deals.csv", "title,contacts\nBig,Here; Later; Last\n"), "deal")
    run(workspace, put("contacts.csv", "Last name\nLast\nLater\nHere too\n"), "contact")
    names = [
        workspace.get(Ref.parse(ref)).fields["last_name"] for ref in workspace.get(Ref("deal", 1)).fields["contacts"]
    ]
    assert (names[0], sorted(names[1:])) == ("Here", ["Last", "Later"])


def test_who_may_not_change_the_earlier_rows_changes_nothing_and_hears_nothing(
    workspace: Session, open_as: OpenAs, put: Put
) -> None:
    run(workspace, put("contacts.csv", CONTACTS), "contact")
    add_person(workspace, Details("Luca", logins=["luca"], roles=["manager"]), key="luca")
    luca = open_as("luca")
    report = run(luca, put("companies.csv", COMPANIES), "company")
    assert report.files[0].notes == []
    workspace.store.refresh()
    assert set(companies_of(workspace).values()) == {""}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_wait_for_nobody_and_break_nothing(workspace: Session, put: Put, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    run_import(
        workspace,
        [put("c.csv", f"Last name,Company\nByron,{quoted}\n".encode("utf-8", "replace"))],
        ImportOptions(type="contact"),
    )
    run_import(
        workspace, [put("t.csv", f"title\n{quoted}\n".encode("utf-8", "replace"))], ImportOptions(type="company")
    )
    assert len(waiting(workspace)) <= 1
