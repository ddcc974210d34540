"""A message read whole: its files, where it stands, for whom it is; what a person may not do with it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.driver import SMALL, Crm
from tests.hostile import assert_harmless
from tests.screens.messages.writing import D1, client_of
from tests.screens.opening import card
from tests.screens.snapshot import assert_snapshot
from tuicrm.screens import opening
from tuicrm.screens.documents import handing_over
from tuicrm.screens.messages.view import MessageView
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.taking_in import MailTaking, TakingIn

RAW = b"""From: =?utf-8?q?=1B[31mEvil?= <evil@example.com>
To: anna@ours.example, luca@ours.example
Subject: Offer [/] =?utf-8?b?G10wO3gH?= taken
Message-ID: <7@example.com>
Date: Mon, 09 Nov 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b1

--b1
Content-Type: text/html; charset=utf-8

<p>See <a href="https://example.com/x">this \x1b]0;x\x07</a> &#8238;please.</p><script>bad()</script>
--b1
Content-Type: text/plain; name="../../etc/passwd"
Content-Disposition: attachment; filename="../../etc/pass\x1bwd.txt"

secret
--b1
Content-Type: application/pdf
Content-Disposition: attachment; filename="list.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b1--
"""


async def shown(crm: Crm, number: int) -> MessageView:
    screen = crm.screen
    screen.start(opening.show_message(screen, number))  # type: ignore[arg-type]
    await crm.settle()
    assert isinstance(crm.dialog, MessageView)
    return crm.dialog


async def test_all_that_is_done_with_it(seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_over, "cache_folder", lambda: tmp_path)
    monkeypatch.setenv("SSH_CONNECTION", "1")
    monkeypatch.setenv("TERM", "xterm")
    client = client_of(seeded, name="Walrus")
    number = TakingIn(seeded, MailTaking(on=(D1,), private=True)).one(RAW).id
    async with card(seeded, D1, SMALL) as (crm, _screen):
        view = await shown(crm, number)
        for line in crm.screen_lines():
            assert_harmless(line)
        assert_snapshot("message_80x24", crm.screen_lines())
        assert "https://example.com/x" in crm.screen_text()
        assert "bad()" not in crm.screen_text()
        await crm.press_action("message.copy")
        assert "please" in crm.app.clipboard
        # Files: which one, then handed over or written where it is asked for.
        await crm.press_action("message.files", "list.down", "list.choose")
        assert "It lies here" in crm.said()
        assert (tmp_path / "documents" / "list.pdf").read_bytes() == b"%PDF-1.4\n"
        await crm.press_action("message.save", "list.choose")
        await crm.press("ctrl+u")
        await crm.type(str(tmp_path))
        await crm.press_action("form.save")
        (written,) = tmp_path.glob("*.txt")
        assert "secret" in written.read_text()
        # Where it stands, and for whom.
        await crm.press_action("message.link")
        await crm.type("walrus")
        await crm.press_action("list.choose")
        assert "Now also on C-" in crm.said()
        assert client in view.found.record.refs
        await crm.press_action("message.share")
        assert not records.by_id(seeded, number).record.private
        assert "Shared with all" in crm.said()
        await crm.press_action("message.unlink", "list.down", "list.choose")
        assert records.by_id(seeded, number).record.refs == [D1]
        await crm.press_action("message.unlink")
        assert records.by_id(seeded, number).on == ()
        await crm.press_action("message.unlink")
        assert "It is on no item." in crm.said()
        await crm.press_action("message.settle")
        assert "there is nothing to say of it" in crm.said()
        await crm.press_action("message.delete")
        assert crm.dialog is None
        assert "Deleted: Offer" in crm.said()
        await crm.press_action("undo")
        assert records.by_id(seeded, number).ref == f"MSG-{number}"


async def test_what_somebody_may_not_do_with_it_says_so(seeded: Session, open_as: OpenAs) -> None:
    number = TakingIn(seeded, MailTaking(on=(D1,), private=False)).one(RAW).id
    luca = open_as("luca")
    async with card(luca, D1, SMALL) as (crm, screen):
        view = await shown(crm, number)
        await crm.press_action("message.share")
        assert "Only whose it is can share it." in crm.said()
        await crm.press_action("message.reply")
        assert "There is no channel to send by" in crm.said()
        # Taken away elsewhere, it is gone here too.
        records.share(seeded, records.by_id(seeded, number), private=True)
        luca.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert not view.is_attached
