"""The inbox: who writes that is not known; read, put on an item, made a lead, let go, several at once, and taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from tests.conftest import Clock, OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import assert_harmless
from tests.screens.messages.writing import D1, came, client_of
from tests.screens.snapshot import assert_snapshot
from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.messages.inbox import InboxScreen
from tuicrm.screens.messages.view import MessageView
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import inbox, inbox_counts, records
from tuicrm.services.messages.calls import CallMade, log_call
from tuicrm.services.messages.reaching import whom
from tuicrm.services.messages.taking_in import MailTaking, TakingIn

ADA = mail(number="3@a", sender='"Byron, Ada" <ada@engine.example>', subject="Machines")


def some(session: Session) -> list[int]:
    """What waits: two mails of one sender, one of another, a call."""
    found = [
        came(session, number="1@a", sender="Maria Rossi <maria@new.example>", subject="Your offer"),
        came(session, number="2@a", sender="maria@new.example", subject="Re: Your offer", text="> you wrote\n\nWhen?"),
        TakingIn(session, MailTaking(private=False, everything=True)).one(ADA).id,
    ]
    call, _step = log_call(session, whom(session, "+39 06 999888"), CallMade("in", 0, "no_answer", "no word"))
    return [*found, call.record.id]


@asynccontextmanager
async def inbox_screen(session: Session, size: tuple[int, int] = SMALL) -> AsyncIterator[tuple[Crm, InboxScreen]]:
    async with running(session, InboxScreen, size) as crm:
        assert isinstance(crm.screen, InboxScreen)
        yield crm, crm.screen


def waiting(session: Session) -> list[int]:
    return sorted(one.record.id for one in records.inbox(session))


def on(session: Session, number: int) -> Sequence[Ref]:
    return records.by_id(session, number).record.refs


async def test_what_waits_is_put_on_an_item_which_keeps_the_sender(seeded: Session) -> None:
    client = client_of(seeded, name="Walrus")
    first, second, third, call = some(seeded)
    async with inbox_screen(seeded) as (crm, screen):
        assert_snapshot("inbox_80x24", crm.screen_lines())
        assert crm.actions_without_method() == []
        screen.pane.move_to(first)
        await crm.press_action("inbox.link")
        await crm.type("walrus")
        await crm.press_action("list.choose", "form.save")
        shown = seeded.workspace.show_ref(client)
        assert f"2 messages are on {shown} now, which keeps maria@new.example" in crm.said()
        assert (on(seeded, first), on(seeded, second)) == ([client], [client])
        assert records.by_id(seeded, first).record.private
        assert "maria@new.example" in str(seeded.get(client).get("email"))
        assert waiting(seeded) == [third, call]
        await crm.press_action("undo")
        assert waiting(seeded) == [first, second, third, call]
        assert "maria@new.example" not in str(seeded.get(client).get("email"))
        await crm.press_action("redo")
        # What comes of it from now on goes there by itself.
        assert client in on(seeded, came(seeded, number="4@a", sender="maria@new.example"))
        assert waiting(seeded) == [third, call]


async def test_several_are_let_go_shared_and_made_an_item_each_as_one_step(seeded: Session) -> None:
    first, second, third, call = some(seeded)
    async with inbox_screen(seeded, LARGE) as (crm, screen):
        # Read: beside the list where it is wide, whole with enter.
        screen.pane.move_to(third)
        await crm.settle()
        assert "Byron, Ada <ada@engine.example>" in crm.screen_text()
        await crm.press_action("open")
        assert isinstance(crm.dialog, MessageView)
        await crm.press_action("close")
        # Marked ones, and esc lets the marks go.
        await crm.press_action("mark_all")
        assert "4 marked" in crm.said()
        await crm.press_action("back")
        assert screen.pane.marked == set()
        # A lead of a sender: prefilled, with all that waits of them.
        screen.pane.move_to(second)
        await crm.press_action("mark", "mark", "inbox.make")
        assert "These are of several people" in crm.said()
        await crm.press_action("back")
        screen.pane.move_to(first)
        await crm.press_action("inbox.make")
        await crm.press("l")
        assert "maria@new.example" in crm.screen_text()
        assert "Your offer" in crm.screen_text()
        await crm.press_action("form.save")
        assert "L-2 was created, with 2 messages" in crm.said()
        lead = Ref("lead", 2)
        assert (on(seeded, first), on(seeded, second)) == ([lead], [lead])
        fields = seeded.get(lead).fields
        assert (fields["title"], fields["first_name"], fields["last_name"]) == ("Your offer", "Maria", "Rossi")
        await crm.press_action("undo")
        assert (waiting(seeded), seeded.peek(lead)) == ([first, second, third, call], None)
        # For whom, and let go.
        await crm.press_action("mark_all", "inbox.share")
        assert not any(one.record.private for one in records.inbox(seeded))
        await crm.press_action("mark_all", "inbox.leave")
        assert "Left: 4 messages" in crm.said()
        assert waiting(seeded) == []
        assert "Nothing waits here." in crm.screen_text()
        assert inbox_counts.count(seeded) == 0
        assert TakingIn(seeded, MailTaking(everything=True)).one(ADA).how == "gone"
        for action in ("open", "mark", "mark_all", "inbox.link", "inbox.make", "inbox.leave", "inbox.share"):
            await crm.press_action(action)
            assert "Nothing waits here." in crm.said()
        assert_snapshot("inbox-empty_140x40", crm.screen_lines())
        await crm.press_action("undo")
        assert waiting(seeded) == [first, second, third, call]
        # A contact of a number: what is cleared in the form is not kept.
        screen.pane.move_to(call)
        await crm.press_action("inbox.make")
        await crm.press("c")
        await crm.type("Ada")
        await crm.press_action("form.save")
        (ref,) = on(seeded, call)
        assert "6999888" in str(seeded.get(ref).get("phone"))
        await crm.press_action("back")
        assert isinstance(crm.screen, BoardScreen)


async def test_what_comes_while_one_looks_is_there_and_is_counted_where_one_goes(
    seeded: Session, open_as: OpenAs
) -> None:
    some(seeded)
    luca = open_as("luca")
    async with running(luca, BoardScreen, SMALL) as crm:
        await crm.press_action("goto")
        assert "Inbox" in crm.screen_text()
        assert inbox_counts.count(luca) == 0, "they are Anna's alone"
        await crm.press_action("cancel")
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press_action("goto")
        (line,) = [line for line in crm.screen_lines() if "Inbox" in line]
        assert "? 4" in line
        await crm.press(line.split("Inbox")[0].split()[-1])
        assert isinstance(crm.screen, InboxScreen)
        number = came(seeded, number="9@a", subject="One more")
        seeded.store.refresh()
        crm.app._read_again()
        await crm.settle()
        assert "One more" in crm.screen_text()
        # Put on an item elsewhere, it waits no more.
        records.link(seeded, records.by_id(seeded, number), [D1])
        crm.app._read_again()
        await crm.settle()
        assert "One more" not in crm.screen_text()
        assert "Inbox › 4 wait" in crm.screen_lines()[0]


async def test_what_nobody_answered_and_what_did_not_arrive_have_lists(seeded: Session, clock: Clock) -> None:
    mails = [mail(number=f"{at}@b", subject=f"Question {at}").replace(b"Tue, 03 Nov", b"Sat, 21 Nov") for at in (1, 2)]
    asked = [TakingIn(seeded, MailTaking(on=(D1,), private=False)).one(one).id for one in mails]
    failed = TakingIn(seeded, MailTaking(on=(D1,), way="out")).one(mail(number="3@b", subject="Lost")).id
    with seeded.change("fail") as change:
        change.patch("message", failed, {"status": "failed", "error": "mailbox [/] full"})
    async with inbox_screen(seeded) as (crm, screen):
        await crm.press_action("inbox.which")
        assert "Inbox › Unanswered › 2 wait" in crm.screen_lines()[0]
        assert "D-1" in crm.screen_text()
        await crm.press_action("inbox.leave")
        assert "Only of what is in the inbox" in crm.said()
        await crm.press_action("mark_all", "inbox.done")
        assert "Needs no answer: 2 messages" in crm.said()
        assert "Everything is answered." in crm.screen_text()
        await crm.press_action("undo")
        assert sorted(one.record.id for one in records.unanswered(seeded)) == asked
        await crm.press_action("inbox.which")
        assert "Lost" in crm.screen_text()
        assert "failed" in crm.screen_text()
        await crm.press_action("inbox.done")
        assert "It waits for no answer." in crm.said()
        await crm.press_action("inbox.which")
        assert (screen.which, waiting(seeded)) == ("inbox", [])


HOSTILE = b"""From: =?utf-8?q?=1B[31mEvil_=5B/=5D_=E2=80=AE?= <evil@example.com>
To: anna@ours.example
Subject: =?utf-8?b?G10wO3gH?= [bold]x[/bold]
Message-ID: <7@evil>
Date: Mon, 09 Nov 2026 10:00:00 +0100

\x1b[2J\xe2\x80\xaegone [/] {item} %s
"""


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
async def test_whatever_stands_there_is_text(seeded: Session, size: tuple[int, int]) -> None:
    TakingIn(seeded, MailTaking(everything=True)).one(HOSTILE)
    came(seeded, number="8@a", sender=f'"{"x" * 300}" <long@example.com>', subject="y" * 900, text="z" * 9000)
    found = records.inbox(seeded)
    assert inbox.proposed(seeded, found[0], "lead")
    async with inbox_screen(seeded, size) as (crm, _screen):
        for _each in found:
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("move.down")
        await crm.press_action("inbox.make")
        await crm.press("l")
        await crm.press_action("form.save")
        for line in crm.screen_lines():
            assert_harmless(line)
