"""Making documents: what they say, who may make them, what undo, deletion and merging make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tests.conftest import Clock, OpenAs
from tests.doors import add_field, restrict_field
from tests.hostile_workspace import TEXTS
from tests.services.documents.files import CO1, D1, D2, D3, L1, add, file_of, make, says
from tuicrm.domain.documents import document
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused, StorageError
from tuicrm.services.documents import making, making_several, reading, templates, versions
from tuicrm.services.documents.filling import DocumentFilling, FilledDocument, fill
from tuicrm.services.duplicates import merging
from tuicrm.services.history.log import read_log
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.reader import DOCUMENTS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find


def of(session: Session, template: str = "offer") -> Any:
    return session.workspace.doc_templates[template]


def kept(session: Session) -> int:
    """How many documents there are, whoever may read them."""
    return session.whole.find(Find(DOCUMENTS)).total


def allow(session: Session, *specials: str) -> None:
    """What managers hold beside their rules."""
    role = session.workspace.entry("role", "manager")
    assert role is not None
    with session.change("rights") as change:
        change.patch("role", role.id, {"specials": list(specials)})


# -- what it says ------------------------------------------------------------------------------------------------------
def test_a_document_is_numbered_filled_kept_and_told_on_the_timeline(seeded: Session) -> None:
    add(seeded)
    made = make(seeded)

    assert (made.ref, made.on, made.record.title, made.record.number, made.closed) == (
        "DOC-1",
        "D-1",
        "Offer 1",
        "1",
        "",
    )
    assert says(seeded, made) == ["No. 1", "Website redesign", "€12,500.00"]
    assert made.record.values == {"DocumentNumber": "1", "Title": "Website redesign", "Amount": "€12,500.00"}
    assert set(made.record.newest.printed) == {"deal.title", "deal.amount"}
    entry = timeline.view(seeded, D1, ["documents"]).entries[0]
    assert (entry.title, entry.kind) == ("Document created: Offer 1", "document")
    assert timeline.records(seeded, D1)[0]["data"]["document"] == "DOC-1"
    items.edit(seeded, D1, {"title": "Other"})
    assert says(seeded, reading.find_document(seeded, "doc1")) == ["No. 1", "Website redesign", "€12,500.00"]
    assert [one.ref for one in reading.documents(seeded, D1)] == ["DOC-1"]
    assert reading.documents(seeded, D2) == []


def test_what_was_shown_is_not_filled_again_unless_something_was_written(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(seeded)
    filled: list[str] = []

    def counted(session: Session, filling: DocumentFilling) -> FilledDocument:
        filled.append(filling.number)
        return fill(session, filling)

    monkeypatch.setattr(making, "fill", counted)
    planned = making.plan(seeded, D1, of(seeded))
    assert says(seeded, making.make(seeded, planned)) == ["No. 1", "Website redesign", "€12,500.00"]
    assert filled == ["1"]
    planned = making.plan(seeded, D1, of(seeded))
    items.edit(open_as("anna"), D1, {"title": "Meanwhile"})
    seeded.store.refresh()
    assert says(seeded, making.make(seeded, planned))[:2] == ["No. 2", "Meanwhile"]
    assert filled == ["1", "2", "2"]
    assert says(seeded, making.make(seeded, planned))[0] == "No. 3"
    into = making.plan(seeded, D1, of(seeded), into_item={"title": "Filled in"})
    assert says(seeded, making.make(seeded, into))[1] == "Filled in"


def test_a_plan_shows_what_would_be_said_and_writes_nothing(seeded: Session) -> None:
    add(seeded, "{DocumentNumber} {Title} {Comments} {CloseDate} {Nothing}", language="it")
    seq = seeded.store.seq()
    planned = making.plan(seeded, D3, of(seeded), {"CloseDate": "presto"}, title="  Our \n offer ")

    assert (planned.number, planned.title, planned.language) == ("1", "Our offer", "it")
    assert planned.values["CloseDate"] == "presto"
    assert set(planned.missing) == {"Comments", "Nothing"} & {*planned.values}
    assert seeded.store.seq() == seq
    assert making.plan(seeded, D3, of(seeded)).number == "1", "shown is not given"
    assert making.make(seeded, planned).record.title == "Our offer"


def test_what_is_said_for_this_document_alone_stands_in_it(seeded: Session) -> None:
    add(seeded, "{Title} / {Amount}")
    assert says(seeded, make(seeded, Title="{Amount} & <b>")) == ["{Amount} & <b> / €12,500.00"]
    with pytest.raises(Refused, match="did you mean Title"):
        make(seeded, Tilte="x")
    assert seeded.get(D1).fields["title"] == "Website redesign"


def test_what_is_filled_into_the_item_is_written_with_the_document_and_undone_with_it(seeded: Session) -> None:
    add(seeded, "{Title} {CloseDate~d.m.Y} {Amount} {Comments}")
    before, seq = seeded.get(D3), seeded.store.seq()
    texts = {"CloseDate": "2026-12-31", "amount": "1000", "Comments": "{Title}"}
    planned = making.plan(seeded, D3, of(seeded), {"Comments": "mine"}, texts)
    assert (planned.values["CloseDate~d.m.Y"], planned.values["Comments"]) == ("31.12.2026", "mine")
    assert seeded.store.seq() == seq, "a plan writes nothing"
    made = making.make(seeded, planned)

    assert seeded.store.seq() == seq + 1
    assert says(seeded, made)[0].split()[-3:] == ["31.12.2026", "€1,000.00", "mine"]
    after = seeded.get(D3)
    assert (after.get("close_date"), after.get("comment")) == ("2026-12-31", "{Title}")
    undo(seeded)
    assert (seeded.get(D3).fields["title"], kept(seeded)) == (before.fields["title"], 0)
    assert (seeded.get(D3).get("close_date"), seeded.get(D3).get("comment")) == (
        before.get("close_date"),
        before.get("comment"),
    )


def test_what_cannot_be_filled_into_the_item_leaves_no_document(seeded: Session, open_as: OpenAs) -> None:
    add(seeded, "{Title} {CloseDate} {ClientName}")
    for wrong in ({"CloseDate": "soon"}, {"ClientName": "x"}, {"Tilte": "x"}, {"CloseDate": "", "close_date": ""}):
        with pytest.raises(Refused):
            making.plan(seeded, D3, of(seeded), None, wrong)
    planned = making.plan(seeded, D3, of(seeded), None, {"Title": "Mine"})
    items.edit(seeded, D3, {"title": "Somebody's"})
    with pytest.raises(Conflict):
        making.make(seeded, planned)
    add_field(seeded, "deal", "Margin", key="margin")
    restrict_field(seeded, "deal", "margin", ["anna"])
    luca = open_as("luca")
    with pytest.raises(Refused, match="no field UfMargin"):
        making.plan(luca, D2, of(luca), None, {"UfMargin": "1"})
    assert (kept(seeded), seeded.get(D3).fields["title"]) == (0, "Somebody's")


def test_hostile_texts_are_texts_and_fit_into_names_of_files(seeded: Session) -> None:
    add(seeded, "{Title}")
    made = make(seeded)
    for text in ("|".join(TEXTS), "{{ x }} {% y %} {Title} {#Title}", "]]>&<w:t>&amp;"):
        made = versions.change(seeded, made, {"Title": text})
        assert made.record.overrides == {"Title": text}
        assert "".join(says(seeded, made)).split() == "".join(filter(_possible, text)).split()
    for text in TEXTS:
        name = reading.file_name(replace(made, record=replace(made.record, title=text)))
        assert name.endswith(".docx")
        assert name.isprintable()
        assert not set(name) & set("/\\:")
        assert len(name) < 130


def _possible(character: str) -> bool:
    """Whether XML can hold a character."""
    return character in "\t\n" or (ord(character) >= 32 and ord(character) not in (0xFFFE, 0xFFFF))


def test_of_several_each_gets_its_own_and_what_cannot_is_told(seeded: Session) -> None:
    add(seeded)
    told: list[tuple[int, int]] = []
    made = making_several.make_many(seeded, [D1, L1, D2], of(seeded), tell=lambda done, of: told.append((done, of)))

    assert [(one.made.record.number if one.made else None, bool(one.why_not)) for one in made] == [
        ("1", False), (None, True), ("2", False),
    ]  # fmt: skip
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert [says(seeded, one.made)[0] for one in made if one.made] == ["No. 1", "No. 2"]
    assert timeline.view(seeded, D2, ["documents"]).entries[0].title == "Document created: Offer 2"


def test_those_made_in_one_go_are_one_step_of_undo_and_their_numbers_stay_given(seeded: Session) -> None:
    add(seeded)
    make(seeded)
    making_several.make_many(seeded, [D1, D2, D3], of(seeded))
    assert kept(seeded) == 4
    assert undo(seeded).label == "create several documents “Offer”"
    assert [one.record.number for one in reading.documents(seeded, D1)] == ["1"]
    assert kept(seeded) == 1
    assert timeline.view(seeded, D2, ["documents"]).entries == ()
    redo(seeded)
    assert [one.record.number for ref in (D1, D2, D3) for one in reading.documents(seeded, ref)] == ["2", "1", "3", "4"]
    assert make(seeded).record.number == "5"


def test_what_is_stopped_leaves_those_that_were_made_as_one_step(seeded: Session) -> None:
    add(seeded)
    done: list[int] = []
    some = making_several.make_many(
        seeded, [D1, D2, D3], of(seeded), tell=lambda n, _of: done.append(n), stopped=lambda: done[-1] == 2
    )
    assert [one.owner for one in some] == [D1, D2]
    assert kept(seeded) == 2
    undo(seeded)
    assert kept(seeded) == 0
    assert making_several.make_many(seeded, [D1, D2], of(seeded), stopped=lambda: True) == []


def test_what_fails_for_all_leaves_nothing_and_no_gap(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    add(seeded)

    def fails_at_the_third(session: Session, filling: DocumentFilling) -> FilledDocument:
        if filling.ref == D3:
            raise StorageError("full")
        return fill(session, filling)

    with monkeypatch.context() as patched:
        patched.setattr(making, "fill", fails_at_the_third)
        with pytest.raises(StorageError):
            making_several.make_many(seeded, [D1, D2, D3], of(seeded))
    assert kept(seeded) == 0
    assert make(seeded).record.number == "1"


def test_a_document_says_what_its_item_says_when_it_is_written(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(seeded, "{DocumentNumber} {Title}")
    other, titles = open_as("anna"), iter(("Second", "Third"))

    def meanwhile(session: Session, filling: DocumentFilling) -> FilledDocument:
        filled = fill(session, filling)
        if (title := next(titles, None)) is not None:
            items.edit(other, filling.ref, {"title": title})
        return filled

    monkeypatch.setattr(making, "fill", meanwhile)
    (one,) = making_several.make_many(seeded, [D1], of(seeded))
    assert one.made is not None
    assert says(seeded, one.made) == ["1 Third"]
    titles = iter(("Fourth",))
    assert says(seeded, making.make_unseen(seeded, D1, of(seeded))) == ["2 Fourth"]


# -- who may -----------------------------------------------------------------------------------------------------------
def test_who_may_not_change_the_item_or_make_documents_makes_none(seeded: Session, open_as: OpenAs) -> None:
    add(seeded)
    made, luca = make(seeded), open_as("luca")

    acts: list[Callable[[reading.Document], object]] = [
        lambda found: making.plan(luca, found.record.owner or D1, of(luca)),
        lambda found: versions.again(luca, found),
        lambda found: versions.change(luca, found, {"Title": "x"}),
        lambda found: versions.upload(luca, found, file_of("x")),
        lambda found: versions.delete(luca, found),
    ]
    found = reading.find_document(luca, "DOC-1")
    assert says(luca, found) == says(seeded, made), "who may read the item reads it"
    for act in acts:
        with pytest.raises(AccessDenied):
            act(found)
    mine = make(luca, D2)
    allow(seeded, "personal_layout")
    luca.store.refresh()
    for act in acts:
        with pytest.raises(AccessDenied, match="documents"):
            act(mine)
    with pytest.raises(AccessDenied):
        undo(luca)
    assert kept(seeded) == 2


def test_a_field_that_the_maker_may_not_see_prints_empty_and_is_kept_nowhere(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", key="margin")
    items.edit(seeded, D2, {"margin": "Quark 38%"})
    restrict_field(seeded, "deal", "margin", ["anna"])
    add(seeded, "Margin: {UfMargin}", "{#UfMargin}secret{/UfMargin}")
    luca = open_as("luca")

    assert making.plan(luca, D2, of(luca)).kept_back == ["UfMargin"]
    made = make(luca, D2)
    assert says(luca, made) == ["Margin: "]
    seeded.store.refresh()
    assert "Quark" not in str(seeded.whole.get(DOCUMENTS, [made.record.id]))
    assert says(seeded, reading.find_document(seeded, made.ref)) == ["Margin: "]


def test_a_reader_without_a_printed_field_gets_neither_file_nor_values(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", key="margin")
    items.edit(seeded, D2, {"margin": "Quark 38%"})
    add(seeded, "Margin: {UfMargin}")
    luca = open_as("luca")
    make(seeded, D2)
    luca.store.refresh()
    assert says(luca, reading.find_document(luca, "DOC-1")) == ["Margin: Quark 38%"]
    restrict_field(seeded, "deal", "margin", ["anna"])
    luca.store.refresh()
    found = reading.find_document(luca, "DOC-1")

    assert "may not see" in found.closed
    assert "Quark" not in str(reading.plain(luca, found, values=True))
    for act in (reading.content, versions.pdf):
        with pytest.raises(AccessDenied):
            act(luca, found)
    with pytest.raises(AccessDenied):
        versions.again(luca, found)
    with pytest.raises(AccessDenied):
        versions.change(luca, found, {"UfMargin": "x"})
    assert says(seeded, reading.find_document(seeded, "DOC-1")) == ["Margin: Quark 38%"]


def test_a_later_version_does_not_open_an_earlier_one(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", key="margin")
    items.edit(seeded, D2, {"margin": "Quark"})
    restrict_field(seeded, "deal", "margin", ["anna"])
    add(seeded, "Margin: {UfMargin}")
    made = make(seeded, D2)
    templates.replace_template(seeded, "offer", file_of("{Title}"))
    versions.again(seeded, made)
    luca = open_as("luca")
    found = reading.find_document(luca, "DOC-1")

    assert says(luca, found) == ["ERP connector"]
    with pytest.raises(AccessDenied):
        reading.content(luca, found, 1)
    assert [bool(one["closed"]) for one in reading.plain(luca, found)["versions"]] == [True, False]


def test_what_a_client_printed_is_for_who_may_read_the_client(seeded: Session, open_as: OpenAs) -> None:
    add(seeded, "For {ClientName}")
    make(seeded, D2)
    role = seeded.workspace.entry("role", "manager")
    assert role is not None
    with seeded.change("rights") as change:
        change.patch("role", role.id, {"rules": {**role.doc["rules"], "company": {"read": "own"}}})
    luca = open_as("luca")
    assert luca.peek(CO1) is None
    assert reading.find_document(luca, "DOC-1").closed
    assert "Ferrari" not in str(reading.plain(luca, reading.find_document(luca, "DOC-1"), values=True))


def test_our_own_letterhead_is_for_whoever_reads_the_document(seeded: Session, open_as: OpenAs) -> None:
    """But a field of it that is hidden from them is not."""
    add_field(seeded, "company", "Motto", key="motto")
    items.edit(seeded, CO1, {"own": True, "motto": "Quark"})
    add(seeded, "{MyCompanyName} {MyCompanyUfMotto}")
    make(seeded, D2)
    role = seeded.workspace.entry("role", "manager")
    assert role is not None
    with seeded.change("rights") as change:
        change.patch("role", role.id, {"rules": {**role.doc["rules"], "company": {"read": "own"}}})
    luca = open_as("luca")
    assert luca.peek(CO1) is None
    found = reading.find_document(luca, "DOC-1")
    assert (found.closed, says(luca, found)) == ("", [f"{seeded.get(CO1).fields['title']} Quark"])
    restrict_field(seeded, "company", "motto", ["anna"])
    luca.store.refresh()
    assert reading.find_document(luca, "DOC-1").closed


def test_of_an_item_out_of_sight_a_document_is_nothing(seeded: Session, open_as: OpenAs) -> None:
    add(seeded)
    make(seeded)
    role = seeded.workspace.entry("role", "manager")
    assert role is not None
    with seeded.change("rights") as change:
        change.patch("role", role.id, {"rules": {**role.doc["rules"], "deal": {"read": "own", "edit": "own"}}})
    luca = open_as("luca")
    assert reading.documents(luca, D1) == []
    never = []
    for text in ("DOC-1", "DOC-77"):
        with pytest.raises(NotFound) as missing:
            reading.find_document(luca, text)
        never.append(missing.value.message.replace("77", "1"))
    assert never[0] == never[1]
    with pytest.raises(NotFound):
        versions.restore(luca, 1)
    assert not any("D-1" in str(line) or "DOC" in str(line) for line in read_log(luca))


# -- undo, deletion, merging -------------------------------------------------------------------------------------------
def test_undo_takes_it_back_and_its_number_stays_given(seeded: Session) -> None:
    add(seeded)
    make(seeded)
    undo(seeded)
    assert (kept(seeded), timeline.view(seeded, D1, ["documents"]).entries) == (0, ())
    assert make(seeded).record.number == "2"
    undo(seeded)
    redo(seeded)
    assert [one.record.number for one in reading.documents(seeded, D1)] == ["2"]
    assert make(seeded).record.number == "3"


def test_a_document_read_as_a_pdf_can_still_be_undone(seeded: Session) -> None:
    add(seeded)
    made = make(seeded)
    versions._keep_pdf(seeded, made.record.id, made.record.newest.blob, seeded.store.blobs.put(b"%PDF-"))
    assert versions.pdf(seeded, reading.find_document(seeded, "DOC-1")) == b"%PDF-"
    undo(seeded)
    assert kept(seeded) == 0


def test_a_deleted_one_comes_back_and_so_do_those_of_a_deleted_item(seeded: Session) -> None:
    add(seeded)
    made = make(seeded)
    versions.delete(seeded, made)
    with pytest.raises(NotFound):
        reading.find_document(seeded, "DOC-1")
    assert versions.restore(seeded, 1) == made
    with pytest.raises(Refused):
        versions.restore(seeded, 1)
    items.delete(seeded, [D1])
    with pytest.raises(NotFound):
        reading.find_document(seeded, "DOC-1")
    undo(seeded)
    assert reading.documents(seeded, D1) == [made]


def test_documents_go_along_when_items_are_merged(seeded: Session) -> None:
    add(seeded)
    make(seeded, D3)
    plan = merging.plan(seeded, [D1, D3])
    merging.merge(seeded, plan, {row.field.key: D1 for row in merging.undecided(plan, {})})
    assert [(one.ref, one.on) for one in reading.documents(seeded, D1)] == [("DOC-1", "D-1")]
    undo(seeded)
    assert [one.ref for one in reading.documents(seeded, D3)] == ["DOC-1"]


def test_the_log_tells_of_documents_by_their_refs(seeded: Session) -> None:
    add(seeded)
    versions.change(seeded, make(seeded), {"Title": "Quark"}, title="Mine")
    told = [(record.what, record.name, [(one.key, one.new) for one in record.fields])
            for line in read_log(seeded) for record in line.records if record.table == DOCUMENTS]  # fmt: skip
    assert told == [
        ("changed", "DOC-1 (D-1)", [("versions", "2")]),
        ("changed", "DOC-1 (D-1)", [("title", "Mine")]),
        ("added", "DOC-1 (D-1)", [("title", "Offer 1")]),
    ]
    assert "Quark" not in str(list(read_log(seeded)))


# -- versions ----------------------------------------------------------------------------------------------------------
def test_made_again_it_says_what_the_item_says_today(seeded: Session, clock: Clock) -> None:
    add(seeded, "{DocumentNumber} {Title} {Amount}")
    made = make(seeded, Amount="a lot")
    items.edit(seeded, D1, {"title": "Other", "amount": {"amount": "5", "currency": "EUR"}})
    clock.tick(hours=1)
    newer = versions.again(seeded, made)

    assert (says(seeded, newer), says(seeded, newer, 1)) == (["1 Other a lot"], ["1 Website redesign a lot"])
    assert [(one.n, one.how) for one in newer.record.versions] == [(1, "made"), (2, "again")]
    assert newer.record.at == made.record.at
    undo(seeded)
    assert says(seeded, reading.find_document(seeded, "DOC-1")) == ["1 Website redesign a lot"]


def test_one_value_is_changed_and_the_others_stay_as_they_were_printed(seeded: Session) -> None:
    add(seeded, "{Title} {Amount}", "{Title~x}")
    made = make(seeded)
    items.edit(seeded, D1, {"title": "Other", "amount": {"amount": "5", "currency": "EUR"}})
    changed = versions.change(seeded, made, {"Amount": "free"})

    assert says(seeded, changed)[0] == "Website redesign free"
    assert changed.record.overrides == {"Amount": "free"}
    one = versions.change(seeded, changed, {"Title~x": "this one"})
    assert says(seeded, one) == ["Website redesign free", "this one"], (
        "the same name with another modifier stays as it was"
    )
    with pytest.raises(Refused, match="does not contain"):
        versions.change(seeded, changed, {"Nothing": "x"})
    renamed = versions.change(seeded, changed, {}, title=" The  offer ")
    assert (renamed.record.title, len(renamed.record.versions)) == ("The offer", 3)


def test_one_that_was_edited_by_hand_is_attached(seeded: Session) -> None:
    add(seeded)
    made = make(seeded)
    newer = versions.upload(seeded, made, file_of("By hand {Title}"))
    assert (says(seeded, newer), newer.record.newest.how) == (["By hand {Title}"], "uploaded")
    assert newer.record.newest.printed == made.record.newest.printed
    for wrong in (b"", b"%PDF-", b"x" * 100):
        with pytest.raises(Refused):
            versions.upload(seeded, newer, wrong)


def test_two_who_change_one_at_once_both_leave_a_version(seeded: Session, open_as: OpenAs) -> None:
    add(seeded)
    made, other = make(seeded), open_as("anna")
    versions.again(other, reading.find_document(other, "DOC-1"))
    assert len(versions.again(seeded, made).record.versions) == 3
    seen = reading.find_document(seeded, "DOC-1")
    versions.change(other, reading.find_document(other, "DOC-1"), {}, title="Theirs")
    with pytest.raises(Conflict):
        versions.change(seeded, seen, {}, title="Mine")


def test_the_door_takes_no_half_document(seeded: Session, open_as: OpenAs) -> None:
    add(seeded)
    doc = document.written(make(seeded).record)
    luca = open_as("luca")
    for session, wrong, error in (
        (seeded, {"versions": []}, Refused),
        (seeded, {"owner": "deal:999"}, NotFound),
        (seeded, {"owner": 5}, Refused),
        (luca, {}, AccessDenied),
    ):
        with pytest.raises(error), session.change("a script") as change:
            change.put(DOCUMENTS, {**doc, **wrong})
    assert kept(seeded) == 1
