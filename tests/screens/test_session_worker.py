"""What waits goes out while a session is open, by a real server, beside the keys; what did not is said and stays in the top line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.driver import SMALL, Crm
from tests.mailbox import Inbox, mailbox
from tests.screens.messages.writing import D1, client_of, with_channel
from tests.screens.opening import card
from tests.services.messages.mails import mail
from tuicrm.screens.session_worker import SessionWorker
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts, outbox, writing
from tuicrm.services.messages.receivers import Receivers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mailbox() as found:
        yield found


def worker(crm: Crm) -> SessionWorker:
    assert crm.app._sending is not None
    return crm.app._sending


def write(session: Session, subject: str = "Your offer", to: str = "maria@rossi.example") -> int:
    written = writing.new_mail(session, [D1], to=[to], subject=subject, text="Hello")
    return outbox.queue(session, writing.sending_channel(session), written)


async def look(crm: Crm) -> None:
    await worker(crm).look()
    await crm.settle()


async def test_what_is_due_goes_out_and_is_said(seeded: Session, clock: Clock, inbox: Inbox) -> None:
    client_of(seeded)
    with_channel(seeded, host="127.0.0.1", port=str(inbox.port))
    async with card(seeded, D1, SMALL) as (crm, screen):
        items.edit(seeded, D1, {"title": "Before the mail"})
        write(seeded)
        await look(crm)
        assert inbox.mails == []
        clock.tick(seconds=11)
        await look(crm)
        assert [mail["Subject"] for mail in inbox.mails] == ["Your offer"]
        assert "Sent: Your offer" in crm.said()
        await crm.press("tab")
        entry = next(one for one in screen.timeline.view.entries if one.kind == "mail")
        assert entry.sign == "→"
        assert "→ Mail to maria@rossi.example" in crm.screen_text()
        # Its own look sees nothing more to do, and the end waits for nothing.
        await look(crm)
        assert len(inbox.mails) == 1
        # What is sent is sent: who is too late is told, and after a while undo goes on to what was done before.
        await crm.press_action("undo")
        assert "it is too late: MSG-" in crm.said()
        assert seeded.get(D1).fields["title"] == "Before the mail"
        clock.tick(minutes=2)
        await crm.press_action("undo")
        assert seeded.get(D1).fields["title"] == "Website redesign"
        worker(crm).close()
        write(seeded, "After the end")
        worker(crm).news()
        assert worker(crm)._thread is None


async def test_what_does_not_go_out_is_said_and_stays_until_it_is_looked_at(
    seeded: Session, clock: Clock, inbox: Inbox
) -> None:
    with_channel(seeded, host="127.0.0.1", port=str(inbox.port))
    number = write(seeded, "Evil [/]", to="x" * 70 + "@rossi.example")
    clock.tick(seconds=11)
    taken = outbox.take(seeded, number, "another")
    assert taken is not None
    clock.tick(minutes=20)
    async with card(seeded, D1, SMALL) as (crm, screen):
        await look(crm)
        assert "Perhaps sent: Evil [/]" in crm.said()
        assert "! 1 not sent" in crm.screen_lines()[0]
        await crm.press("tab")
        at = next(n for n, one in enumerate(screen.timeline.view.entries) if one.kind == "mail")
        screen.timeline.move_to(at)
        assert screen.timeline.view.entries[at].late
        assert "?▌Mail to xxx" in crm.screen_text()
        await crm.press_action("timeline.read")
        assert "not sent" not in crm.screen_lines()[0]
        assert "nobody knows yet whether it arrived" in crm.screen_text()
        await crm.press_action("message.settle")
        await crm.press("a")
        assert "Noted: it arrived." in crm.said()
        await crm.press_action("message.settle")
        assert "there is nothing to say of it" in crm.said()
        await crm.press_action("close")
    assert inbox.mails == []


async def test_a_server_that_is_not_there_is_told_once(seeded: Session, clock: Clock) -> None:
    with_channel(seeded, host="127.0.0.1", port="1")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        write(seeded)
        clock.tick(seconds=11)
        await look(crm)
        assert "Work mail: 127.0.0.1: Connection refused" in crm.said()
        await crm.press("j")
        await look(crm)
        assert crm.said() == ""


async def test_what_comes_is_taken_in_and_said(seeded: Session, tmp_path: Path) -> None:
    client_of(seeded, "maria@example.com")
    folder = mailbox_folder(tmp_path / "Maildir")
    accounts.add_channel(seeded, "In", "maildir", {"address": "anna@ours.example", "path": str(folder)})
    async with card(seeded, D1, SMALL) as (crm, screen):
        with Receivers(seeded) as receivers:
            (folder / "new" / "1.eml").write_bytes(mail())
            worker(crm).receiver.take(receivers)
            await crm.settle()
            assert "Came: maria@example.com: Your offer" in crm.said()
            assert [one.sign for one in screen.timeline.view.entries if one.kind == "mail"] == ["←"]
            worker(crm).receiver.close()
            await crm.press("j")
            for n in (2, 3):
                (folder / "new" / f"{n}.eml").write_bytes(mail(number=f"{n}@example.com", text=f"Another {n}"))
            worker(crm).receiver.take(receivers)
            await crm.settle()
            assert crm.said() == "", "the end of the program says nothing more"


async def test_the_thread_begins_with_a_channel_and_ends_without(seeded: Session, tmp_path: Path) -> None:
    async with card(seeded, D1, SMALL) as (crm, _screen):
        receiver = worker(crm).receiver
        receiver.begin()
        assert receiver._thread is None
        folder = mailbox_folder(tmp_path / "Maildir")
        key = accounts.add_channel(seeded, "In", "maildir", {"address": "a@ours.example", "path": str(folder)}).key
        receiver.begin()
        thread = receiver._thread
        assert thread is not None
        assert thread.is_alive()
        accounts.retire_channel(seeded, key)
        receiver.close()
        thread.join(5)
        assert not thread.is_alive()


def mailbox_folder(path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (path / part).mkdir(parents=True)
    return path


def test_nothing_of_the_network_is_loaded_before_there_is_a_channel() -> None:
    names = "tuicrm.app, tuicrm.screens.card.screen, tuicrm.screens.boards.board, tuicrm.screens.session_worker"
    code = f"import sys, {names}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    # ssl comes with asyncio, which Textual runs on.
    heavy = {"smtplib", "imapclient", "tuicrm.channels.mail.smtp", "tuicrm.services.messages.worker"}
    assert not heavy & set(run.stdout.split())
