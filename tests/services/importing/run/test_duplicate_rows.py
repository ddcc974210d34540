"""Rows that look like what is here: told before anything is written, and made, left out or laid over, as one says."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.services.importing.conftest import Put
from tests.services.importing.exports import COMPANIES, DEALS
from tuicrm.domain.importing import Likeness, Report
from tuicrm.domain.items import Ref
from tuicrm.errors import StorageError
from tuicrm.services.duplicates import duplicates
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.importing.options import Handling, ImportOptions
from tuicrm.services.importing.run.running import ImportStopped, run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.store.derived import Derived

HEAD = "First name,Last name,E-mail,Phone,Position,Company\n"
MARIA = "Maria,Rossi,maria@rossi.example,02 5555 0142,CEO,Rossi Srl\n"


def contact(session: Session, **texts: str) -> Ref:
    return items.add(session, "contact", items.values(session, "contact", texts)).ref


def run(session: Session, put: Put, rows: str, duplicates: Handling = "add", **more: Any) -> Report:
    return run_import(
        session, [put("people.csv", HEAD + rows)], ImportOptions(type="contact", duplicates=duplicates, **more)
    )


def told(report: Report) -> list[Likeness]:
    return [one for table in report.tables() for one in table.likenesses]


def names(session: Session) -> Sequence[str]:
    return [session.title_of(item) for item in session.find("contact", None, [], 100).items]


def test_a_dry_run_says_which_rows_look_like_what_and_why(seeded: Session, put: Put) -> None:
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {"email": "maria@rossi.example"}))
    before = seeded.store.seq()
    report = run(seeded, put, MARIA + "Ada,Byron,ada@engine.example,,,\n", dry_run=True)
    assert told(report) == [Likeness(2, "made", ("email", "person"), "C-1", "Maria Rossi")]
    assert (report.alike, report.made, seeded.store.seq()) == (1, 2, before)


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ("M,R,,+39 02 55550142,,\n", ("phone",)),
        ("M,R,MARIA@rossi.example,,,\n", ("email",)),
        ("Rossi,Maria,,,,\n", ("person",)),
        ("M,R,other@rossi.example,02 5555 0143,,\n", None),
    ],
)
def test_by_which_signs(workspace: Session, put: Put, row: str, reasons: tuple[str, ...] | None) -> None:
    contact(workspace, first_name="Maria", last_name="Rossi", email="maria@rossi.example", phone="02 5555 0142")
    assert [one.reasons for one in told(run(workspace, put, row))] == ([reasons] if reasons else [])


def test_it_is_never_in_the_way_unless_one_says_so(seeded: Session, put: Put) -> None:
    assert run(seeded, put, MARIA).made == 1
    assert names(seeded) == ["Maria Rossi", "Maria Rossi"]


def test_rows_look_like_rows_of_the_same_file(workspace: Session, put: Put) -> None:
    report = run(workspace, put, MARIA + "Ada,Byron,,,,\n" + "Rossi,Maria,,,,\n")
    assert told(report) == [Likeness(4, "made", ("person",), like_file="people.csv", like_line=2)]
    undo(workspace)
    report = run(workspace, put, MARIA + "Ada,Byron,,,,\n" + "Rossi,Maria,,,,\n", "skip")
    assert (report.made, report.left_out, names(workspace)) == (2, 1, ["Maria Rossi", "Ada Byron"])


def test_skip_leaves_them_out_and_what_names_them_means_what_is_here(seeded: Session, put: Put) -> None:
    companies = put("companies.csv", COMPANIES + "x.example,ROSSI S.r.l.,,,,,77,\ny.example,Bianchi Spa,,,,,78,\n")
    deals = put("deals.csv", DEALS + "Of Rossi,New,10,anna,,,,,,77,,\n")
    report = run_import(seeded, [companies, deals], ImportOptions(duplicates="skip"))
    assert (report.left_out, report.made) == (1, 2)
    deal = seeded.get(Ref("deal", 4))
    assert (deal.fields["title"], deal.fields["company"]) == ("Of Rossi", "company:1")


def test_fill_gives_an_item_what_it_lacks(seeded: Session, put: Put) -> None:
    ref = Ref("contact", 1)
    items.edit(seeded, ref, items.values(seeded, "contact", {"phone": "+39 333 1112223", "position": "Owner"}))
    before = seeded.get(ref).fields
    report = run(seeded, put, MARIA, "fill")
    assert (report.made, report.updated, [one.fate for one in told(report)]) == (0, 1, ["changed"])
    after = seeded.get(ref).fields
    assert after["position"] == "Owner"
    assert [one["value"] for one in after["phone"]] == ["+393331112223", "+390255550142"]
    assert after["email"][0]["value"] == "maria@rossi.example"
    undo(seeded)
    assert seeded.get(ref).fields == before
    redo(seeded)
    assert seeded.get(ref).fields["email"] == after["email"]


def test_replace_lets_the_row_say_all_but_where_it_stands_and_whose_it_is(seeded: Session, put: Put) -> None:
    lead = put("l.csv", "Title,Stage,Responsible,Comment\nfair CONTACT,In progress,luca,Written later\n")
    before = seeded.get(Ref("lead", 1)).fields
    report = run_import(seeded, [lead], ImportOptions(type="lead", duplicates="replace"))
    assert report.updated == 1
    after = seeded.get(Ref("lead", 1)).fields
    assert (after["title"], after["comment"]) == ("fair CONTACT", "Written later")
    assert (after["stage"], after["responsible"]) == (before["stage"], before["responsible"])


def test_a_second_run_knows_what_the_first_laid_over(seeded: Session, put: Put) -> None:
    assert run(seeded, put, MARIA, "fill").updated == 1
    again = run(seeded, put, MARIA, "fill")
    assert (again.known, again.updated, again.alike, again.seq) == (1, 0, 0, 0)


def test_what_the_source_says_anew_is_laid_over_what_came_before(seeded: Session, put: Put) -> None:
    def deals(stage: str, comment: str) -> dict[str, Any]:
        return {
            "result": [{"ID": "65", "TITLE": "Machines", "STAGE_ID": stage, "COMMENTS": comment, "IS_RECURRING": "N"}]
        }

    run_import(seeded, [put("crm.deal.list.json", deals("NEW", "First"))])
    later = put("crm.deal.list.json", deals("PREPARATION", "Second"))
    left = run_import(seeded, [later])
    assert (left.updated, [table.changed for table in left.tables()]) == (0, [1])
    before = seeded.get(Ref("deal", 4)).fields
    for handling, comment in (("fill", "First"), ("replace", "Second")):
        report = run_import(seeded, [later], ImportOptions(duplicates=handling, dry_run=handling == "fill"))  # type: ignore[arg-type]
        after = seeded.get(Ref("deal", 4)).fields
        assert (after["comment"], after["stage"], report.alike, report.made) == (comment, before["stage"], 0, 0)
    assert run_import(seeded, [later], ImportOptions(duplicates="replace")).seq == 0
    undo(seeded)
    assert seeded.get(Ref("deal", 4)).fields == before


def test_product_rows_come_along_once_and_not_of_what_is_left_out(seeded: Session, put: Put) -> None:
    lead = {"ID": "9", "TITLE": "fair contact", "STATUS_ID": "NEW", "NAME": ""}
    row = {
        "id": 1,
        "ownerType": "L",
        "ownerId": 9,
        "productName": "Stand",
        "price": 100,
        "quantity": 1,
        "priceBrutto": 100,
    }
    files = [put("crm.lead.list.json", {"result": [lead]}), put("rows.json", {"result": {"productRows": [row]}})]
    skipped = run_import(seeded, files, ImportOptions(duplicates="skip"))
    assert (skipped.left_out, skipped.seq, seeded.get(Ref("lead", 1)).fields.get("products")) == (1, 0, None)
    for _turn in range(2):
        run_import(seeded, files, ImportOptions(duplicates="fill"))
        assert [one["name"] for one in seeded.get(Ref("lead", 1)).fields["products"]] == ["Stand"]


def test_a_row_that_says_nothing_new_changes_nothing(seeded: Session, put: Put) -> None:
    report = run(seeded, put, "Maria,Rossi,,,,\n", "fill")
    assert (report.updated, report.known, [one.fate for one in told(report)]) == (0, 1, ["unchanged"])


def test_of_several_as_likely_none_is_guessed(seeded: Session, put: Put) -> None:
    contact(seeded, first_name="Maria", last_name="Rossi")
    report = run(seeded, put, MARIA, "fill")
    (example,) = report.files[0].examples
    assert (report.rejected, example.reason) == (1, "it looks equally like each of C-1, C-2")


def test_an_item_is_changed_by_one_row_and_the_others_are_kept_apart(seeded: Session, put: Put) -> None:
    report = run(seeded, put, MARIA + "Maria,Rossi,m@rossi.example,,,\n", "fill")
    (example,) = report.files[0].examples
    assert (report.updated, example.line) == (1, 3)
    assert "C-1, which line 2 of people.csv already changes" in example.reason


def test_some_hundred_rows_at_once_say_what_looking_one_by_one_says(workspace: Session, put: Put) -> None:
    people = [
        ("Maria", "Rossi"),
        ("Mario", "Rossi"),
        ("Ada", "Byron"),
        ("Rossi", "Maria"),
        ("Zoë", "Müller"),
        ("Zoe", "Muller"),
    ]
    for at, (first, last) in enumerate(people):
        contact(workspace, first_name=first, last_name=last, email=f"p{at % 4}@x.example", phone=f"02 5555 014{at % 3}")
    rows = [
        {"first_name": first, "last_name": last, "email": f"p{mail}@x.example", "phone": f"02 5555 014{phone}"}
        for first, last in people
        for mail in range(5)
        for phone in range(4)
    ]
    text = "".join(f"{row['first_name']},{row['last_name']},{row['email']},{row['phone']},,\n" for row in rows)
    found = {one.line: one.ref for one in told(run(workspace, put, text, dry_run=True)) if one.ref}
    show = workspace.workspace.show_ref
    for line, row in enumerate(rows, 2):
        like = duplicates.like(workspace, "contact", items.values(workspace, "contact", row))
        likest = {show(one.ref) for one in like if one.likelihood == like[0].likelihood}
        assert found.get(line, "") in (likest or {""})


def test_only_the_signs_that_count(seeded: Session, put: Put) -> None:
    assert run(seeded, put, MARIA, "skip", alike_by=("phone", "email")).made == 1


def test_a_lead_like_a_contact_is_told_of_and_made(seeded: Session, put: Put) -> None:
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {"phone": "02 5555 0142"}))
    lead = put("l.csv", "Title,Phone\nAsks for a price,02 5555 0142\n")
    report = run_import(seeded, [lead], ImportOptions(type="lead", duplicates="skip"))
    assert (report.made, [(one.ref, one.fate) for one in told(report)]) == (1, [("C-1", "made")])


def test_only_what_the_person_may_see_and_change(seeded: Session, put: Put, open_as: OpenAs) -> None:
    key = add_field(seeded, "contact", "Private mail", "email").key
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {key: "maria@rossi.example"}))
    restrict_field(seeded, "contact", key, ["anna"])
    luca = open_as("luca")
    assert told(run(luca, put, "M,R,maria@rossi.example,,,\n", dry_run=True)) == []
    assert [one.ref for one in told(run(seeded, put, "M,R,maria@rossi.example,,,\n", dry_run=True))] == ["C-1"]


def test_stopped_nothing_of_it_stays(seeded: Session, put: Put) -> None:
    def stop(_name: str, _rows: int) -> None:
        raise ImportStopped

    before, file = seeded.get(Ref("contact", 1)), put("people.csv", HEAD + MARIA)
    report = run_import(seeded, [file], ImportOptions(type="contact", duplicates="fill"), stop)
    assert (report.stopped, report.seq, seeded.get(Ref("contact", 1))) == (True, 0, before)


def test_where_nothing_can_be_looked_for_rows_are_made_and_that_is_said(
    seeded: Session, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_asked: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(Derived, "_open", full)
    report = run(seeded, put, MARIA)
    assert (report.made, report.files[0].notes) == (1, ["Duplicates cannot be searched for: disk full"])
    undo(seeded)
    with pytest.raises(StorageError, match="disk full"):
        run(seeded, put, MARIA, "skip")
    assert names(seeded) == ["Maria Rossi"]
