"""Registers taken in: each call once, also by two at once; who called whom is told by the numbers; nothing of others is reached."""

from __future__ import annotations

import io
from threading import Barrier, Thread

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.call_import import CallsTaken, import_calls
from tuicrm.services.messages.calls import calls

REGISTER = """calldate,src,dst,duration,billsec,disposition,uniqueid
2026-11-03 09:15:02,+39333 1234567,200,70,61,ANSWERED,1.1
2026-11-03 10:00:00,201,3331234567,20,0,NO ANSWER,1.2
2026-11-03 10:05:00,201,202,20,10,ANSWERED,1.3
2026-11-03 10:10:00,anonymous,200,20,10,ANSWERED,1.4
2026-11-03 10:15:00,0255550142,0299999999,20,10,BUSY,1.5
2026-11-03 10:20:00,0288888888,200,20,10,ANSWERED,1.6
never,0288888888,200,20,10,ANSWERED,1.7
"""


@pytest.fixture
def session(seeded: Session) -> Session:
    """Maria Rossi has a number."""
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {"phone": "333 1234567"}))
    return seeded


def take(
    session: Session, text: str = REGISTER, *own: str, known_only: bool = False, dry_run: bool = False
) -> CallsTaken:
    return import_calls(
        session, io.BytesIO(text.encode()), "calls.csv", own=own, known_only=known_only, dry_run=dry_run
    )


def test_calls_come_in_once(session: Session) -> None:
    taken = take(session)
    assert (taken.new, taken.nobody, taken.known, taken.inner, taken.left) == (4, 2, 0, 1, 0)
    assert [line for line, _reason in taken.rejected] == [6, 8]
    assert "--own" in taken.rejected[0][1]
    maria = calls(session, ref=Ref("contact", 1))
    assert [(one.record.way, one.record.outcome, one.record.minutes, one.record.at) for one in maria] == [
        ("out", "no_answer", 0, "2026-11-03T10:00:00Z"),
        ("in", "reached", 2, "2026-11-03T09:15:02Z"),
    ]
    assert maria[0].on == ("C-1", "CO-1", "D-1")
    again = take(session)
    assert (again.new, again.known, len(calls(session))) == (0, 4, 4)
    # A later register holds the earlier calls too.
    later = take(session, REGISTER + "2026-11-04 09:15:02,+39333 1234567,200,70,61,ANSWERED,2.1\n")
    assert (later.new, later.known) == (1, 4)


def test_our_numbers_tell_who_called(session: Session) -> None:
    taken = take(session, REGISTER, "02 5555 0142")
    assert (taken.new, len(taken.rejected)) == (5, 1)
    assert [(one.record.way, one.record.to, one.record.outcome) for one in calls(session, waiting=True)][1] == (
        "out", ("+390299999999",), "busy",
    )  # fmt: skip


def test_only_what_is_known_and_a_dry_run(session: Session) -> None:
    dry = take(session, dry_run=True)
    assert (dry.new, dry.nobody, calls(session)) == (4, 2, [])
    taken = take(session, known_only=True)
    assert (taken.new, taken.nobody, taken.left) == (2, 0, 2)


def test_an_undone_import_can_be_made_again(session: Session) -> None:
    take(session)
    undo(session)
    assert calls(session) == []
    assert take(session).new == 4


def test_of_two_at_once_each_call_comes_in_once(session: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    rows = [f"2026-11-03 09:{n % 60:02}:{n // 60:02},+39333 1234567,200,70,61,ANSWERED,9.{n}" for n in range(300)]
    text = "\n".join([REGISTER.splitlines()[0], *rows])
    together, counted = Barrier(2), list[int]()

    def run(of: Session) -> None:
        together.wait()
        counted.append(take(of, text).new)

    threads = [Thread(target=run, args=(one,)) for one in (session, other)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    session.store.refresh()
    assert sum(counted) == len(calls(session)) == 300


def test_a_register_tells_nobody_of_another_s_client(session: Session, open_as: OpenAs) -> None:
    role = next(one for one in session.workspace.records["role"].values() if not one.doc.get("admin"))
    with session.change("rights") as change:
        change.patch("role", role.id, {"rules": {"*": {"read": "own"}}})
    luca = open_as("luca")
    taken = take(luca)
    assert (taken.new, taken.nobody) == (4, 4)


def test_what_is_no_register_changes_nothing(session: Session) -> None:
    with pytest.raises(Refused, match="is not a call register"):
        take(session, "Name,Colour\nx,y\n")
    assert calls(session) == []
