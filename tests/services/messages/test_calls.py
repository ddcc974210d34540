"""Calls on the items that they belong to; those of nobody's number wait for who took them in, and become somebody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import OpenAs
from tests.hostile_workspace import TEXTS
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound, Refused
from tuicrm.services.history.log import read_log
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items, timeline
from tuicrm.services.items.activities import NextStep
from tuicrm.services.kernel.reader import ACTIVITIES, MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.calls import CallMade, calls, change_call, log_call, make_item, minutes_of
from tuicrm.services.messages.outcomes import outcome_named
from tuicrm.services.messages.reaching import whom
from tuicrm.services.messages.records import find_message

NOBODY = "+39 02 9999 9999"


@pytest.fixture
def session(seeded: Session) -> Session:
    """Maria Rossi has a number; her company's deal is D-1."""
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {"phone": "333 1234567"}))
    return seeded


def test_a_call_stands_on_whom_it_was_with_and_what_is_open_of_theirs(session: Session) -> None:
    call, planned = log_call(session, whom(session, "+39 333 1234567"), CallMade("in", 6, note="They take it"))
    assert (call.ref, call.on, planned) == ("MSG-1", ("C-1", "CO-1", "D-1"), 0)
    read = call.record
    assert (read.channel, read.way, read.sender, read.to, read.minutes) == ("call", "in", "+393331234567", (), 6)
    assert (read.outcome, read.text, read.private, read.status) == ("reached", "They take it", False, "received")
    for ref in (Ref("contact", 1), Ref("deal", 1)):
        (entry,) = timeline.view(session, ref, ["calls"]).entries
        assert "+393331234567" in entry.title
        assert "They take it" in entry.text


def test_an_item_without_a_number_can_be_called_too(session: Session) -> None:
    call, _planned = log_call(
        session, whom(session, "D-3"), CallMade("out", outcome="no_answer", at="2026-11-03T08:15:02Z")
    )
    assert (call.on, call.record.to, call.record.at) == (("D-3",), (), "2026-11-03T08:15:02Z")


def test_the_next_step_is_planned_with_it_and_undone_with_it(session: Session) -> None:
    step = NextStep("Send the contract", "2026-12-18T09:00:00Z")
    call, planned = log_call(session, whom(session, "C-1"), CallMade("out"), step)
    (activity,) = session.store.get(ACTIVITIES, [planned])
    assert (activity.doc["owner"], activity.doc["what"]) == ("contact:1", "Send the contract")
    undo(session)
    assert list(session.store.get(ACTIVITIES, [planned])) == list(session.store.get(MESSAGES, [call.record.id])) == []
    with pytest.raises(Refused, match="nobody here has this number"):
        log_call(session, whom(session, NOBODY), CallMade("out"), step)


def test_a_number_of_nobody_s_waits_for_who_took_it_in_alone(session: Session, open_as: OpenAs) -> None:
    call, _planned = log_call(session, whom(session, NOBODY), CallMade("in"))
    assert [one.ref for one in calls(session, waiting=True)] == [call.ref]
    luca = open_as("luca")
    assert calls(luca, waiting=True) == calls(luca) == []
    with pytest.raises(NotFound):
        find_message(luca, call.ref)


def test_it_becomes_a_lead_with_all_calls_of_that_number_in_one_undo(session: Session) -> None:
    first, _planned = log_call(session, whom(session, NOBODY), CallMade("in"))
    log_call(session, whom(session, "02 99999999"), CallMade("out"))
    other, _planned = log_call(session, whom(session, "+39 02 8888 8888"), CallMade("in"))
    ref, n = make_item(session, first, "lead", {"title": "Fair"})
    assert n == 2
    assert [point["value"] for point in session.get(ref).get("phone")] == ["+390299999999"]
    assert len(calls(session, ref=ref)) == 2
    assert [one.ref for one in calls(session, waiting=True)] == [other.ref]
    # The next one finds it.
    assert whom(session, NOBODY).on == (ref,)
    with pytest.raises(Refused, match="already"):
        make_item(session, find_message(session, first.ref), "lead", {})
    undo(session)
    assert session.peek(ref) is None
    assert len(calls(session, waiting=True)) == 3


def test_what_cannot_become_somebody_is_refused(session: Session) -> None:
    bound, _planned = log_call(session, whom(session, "C-1"), CallMade("in"))
    with pytest.raises(Refused, match="already"):
        make_item(session, bound, "lead", {})
    call, _planned = log_call(session, whom(session, NOBODY), CallMade("in"))
    with pytest.raises(Refused, match="no phone number"):
        make_item(session, call, "deal", {"title": "x"})
    assert len(calls(session, waiting=True)) == 1


def test_rights_of_the_items_are_rights_of_the_call(session: Session, open_as: OpenAs) -> None:
    call, _planned = log_call(session, whom(session, "+39 333 1234567"), CallMade("in", note="secret word"))
    role = next(one for one in session.workspace.records["role"].values() if not one.doc.get("admin"))
    with session.change("rights") as change:
        change.patch("role", role.id, {"rules": {"*": {"read": "own"}}})
    luca = open_as("luca")
    with pytest.raises(NotFound):
        find_message(luca, call.ref)
    with pytest.raises(NotFound):
        calls(luca, ref=Ref("contact", 1))
    with session.change("his") as change:
        change.edit(Ref("deal", 1), {"responsible": "luca"})
    luca.store.refresh()
    assert (find_message(luca, call.ref).on, find_message(luca, call.ref).more) == (("D-1",), 2)


@pytest.mark.parametrize("note", TEXTS)
def test_notes_are_kept_as_they_are(session: Session, note: str) -> None:
    call, _planned = log_call(session, whom(session, "C-1"), CallMade("out", note=note))
    assert find_message(session, call.ref).record.text == note.strip()


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (10**9, 1440)])
def test_begun_minutes_count(seconds: int, minutes: int) -> None:
    assert minutes_of(seconds) == minutes


def test_outcomes_are_named_by_key_or_label() -> None:
    assert [outcome_named(one) for one in ("reached", "no_answer", "no answer", "Voicemail")] == [
        "reached", "no_answer", "no_answer", "voicemail",
    ]  # fmt: skip
    with pytest.raises(Refused, match="choose one of"):
        outcome_named("fine")


def test_limits(session: Session) -> None:
    wrong: list[Callable[[], object]] = [
        lambda: log_call(session, whom(session, "C-1"), CallMade("in", 1441)),
        lambda: log_call(session, whom(session, "C-1"), CallMade("in", note="x" * 1_000_000)),
    ]
    for act in wrong:
        with pytest.raises(Refused, match="at most"):
            act()
    assert calls(session) == []


def test_the_log_tells_no_name_of_whom_one_may_not_see(session: Session, open_as: OpenAs) -> None:
    role = next(one for one in session.workspace.records["role"].values() if not one.doc.get("admin"))
    with session.change("rights") as change:
        change.patch("role", role.id, {"rules": {"*": {"read": "own"}}})
    log_call(session, whom(session, "C-1"), CallMade("out", note="secret word"))
    log_call(session, whom(session, NOBODY), CallMade("in"))
    told = str(list(read_log(open_as("luca"))))
    assert not any(word in told for word in ("Maria", "Rossi", "C-1", "99999999", "secret", "3331234567"))


def test_what_is_kept_of_a_call_is_changed_as_it_is_by_then(session: Session, open_as: OpenAs) -> None:
    call, _planned = log_call(session, whom(session, "C-1"), CallMade("out", 6, note="They take it"))
    change_call(session, call.record.id, {"text": "Later"})
    read = change_call(session, call.record.id, {"minutes": 0, "outcome": "busy"}).record
    assert (read.text, read.minutes, read.outcome) == ("Later", 0, "busy")
    with pytest.raises(Refused):
        change_call(session, call.record.id, {"minutes": 1_441})
    undo(session)
    assert find_message(session, call.ref).record.minutes == 6
