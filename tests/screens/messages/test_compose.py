"""Mails written on screen: from the menu to the outbox, with files, to whom by name; nothing is lost where something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.driver import SMALL, Crm
from tests.hostile import assert_harmless
from tests.screens.messages.writing import arrived, client_of, with_channel
from tests.screens.opening import D1, card
from tests.screens.snapshot import assert_snapshot
from tests.services.documents.files import add, make
from tuicrm.domain.items import Ref
from tuicrm.screens.documents import made
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import drafts, outbox, records
from tuicrm.services.messages.records import SeenMessage

EVIL = "Offer \x1b]0;x\x07\u202e [/]"


def form(crm: Crm) -> MailForm:
    assert isinstance(crm.dialog, MailForm)
    return crm.dialog


def queued(session: Session) -> list[SeenMessage]:
    return [records.seen(session, one) for one in outbox.own(session)]


async def new_mail(crm: Crm) -> None:
    await crm.press_action("message")
    await crm.press("m")


async def test_a_mail_is_written_from_the_menu_and_queued(seeded: Session, tmp_path: Path) -> None:
    client = client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        assert "no channel yet" in crm.screen_text()
        await crm.press("m")
        assert "no channel to send by" in crm.screen_text()
        await crm.press_action("confirm.yes")
        assert "No channels yet" in crm.screen_text()
        with_channel(seeded)
        await crm.press_action("arrange.finish")
        assert form(crm).answers["to"] == "maria@rossi.example", "where one can be set up, it goes on from there"
        await crm.press_action("mail.leave", "message")
        for told in ("D-1 Website redesign", "m  Mail ", "c  Call "):
            assert told in crm.screen_text()
        await crm.press("m")
        assert form(crm).answers["to"] == "maria@rossi.example"
        assert "= Maria Rossi" in crm.screen_text()
        assert "Anna Bianchi" in crm.screen_text()
        await crm.type("Your offer")
        # A name in place of an address is looked up; what is no address is told beside it, and nothing is lost.
        await crm.press_action("form.previous")
        other = items.add(
            seeded, "contact", {"last_name": "Verdi", "email": [{"value": "v@verdi.example", "type": "work"}]}
        )
        await crm.type("verd")
        assert "verd is not a mail address; enter looks it up by name" in crm.screen_text()
        await crm.press_action("form.next")
        assert seeded.workspace.show_ref(other.ref) in crm.screen_text()
        await crm.press_action("list.choose")
        assert form(crm).answers["cc"] == "v@verdi.example"
        await crm.press("tab", "tab")
        await crm.type("Hello Maria")
        assert_snapshot("mail_80x24", crm.screen_lines())
        await crm.press("shift+tab", "shift+tab")
        await crm.type(", x@@y")
        await crm.press_action("mail.send")
        assert form(crm).answers["text"] == "Hello Maria"
        assert form(crm).steps.here is form(crm).field("cc")
        assert queued(seeded) == []
        for _sign in ", x@@y":
            await crm.press("backspace")
        await crm.press_action("mail.attach")
        await crm.type(str(tmp_path / "not there.txt"))
        await crm.press_action("form.save")
        assert "the path of a file is expected" in crm.screen_text()
        await crm.press("ctrl+u")
        (tmp_path / "terms.txt").write_text("terms")
        await crm.type(str(tmp_path / "terms.txt"))
        await crm.press_action("form.save")
        assert "terms.txt (5 B)" in crm.screen_text()
        await crm.press_action("mail.send")
        assert crm.dialog is None
        assert "goes out in 10 seconds" in crm.said()
        assert "u undo" in crm.screen_text()
        (found,) = queued(seeded)
        assert (found.record.to, found.record.cc) == (("maria@rossi.example",), ("v@verdi.example",))
        assert (found.record.subject, found.record.text) == ("Your offer", "Hello Maria")
        assert [one.name for one in found.record.files] == ["terms.txt"]
        assert found.on == ("D-1",)
        assert client.type == "contact"
        await crm.press_action("undo")
        assert queued(seeded) == []


async def test_hostile_text_is_a_line_of_text_and_files_can_be_let_go(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_channel(seeded)
    items.edit(seeded, D1, {"title": EVIL})
    client_of(seeded, name=EVIL)
    add(seeded, "{Title}", label="Offer")
    make(seeded)

    async def as_pdf(_host: object, _found: object, _n: int = 0, *, pdf: bool = False) -> bytes:
        return b"%PDF" if pdf else b"docx"

    monkeypatch.setattr(made, "content_of", as_pdf)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await new_mail(crm)
        await crm.paste(f"{EVIL}\r\nBcc: all@evil.example")
        await crm.press_action("mail.document", "mail.document_as_is")
        assert [one.name.rpartition(".")[2] for one in form(crm).files] == ["pdf", "docx"]
        await crm.press("enter")
        await crm.press_action("form.choose")
        await crm.press("tab")
        await crm.press_action("list.choose")
        assert len(form(crm).files) == 1
        await crm.press("tab")
        await crm.paste("\x1b[31mred\x9b\u202e\nsecond line")
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("mail.send")
        (found,) = queued(seeded)
        assert "\n" not in found.record.subject
        assert "\r" not in found.record.subject
        assert found.record.to == ("maria@rossi.example",)
        assert "\x1b" not in found.record.text


async def test_a_way_says_what_it_lacks_and_another_ones_mail_may_not_be_written(
    seeded: Session, open_as: OpenAs
) -> None:
    with_channel(seeded)
    lead = items.add(seeded, "lead", {"title": "Nobody"}).ref
    async with card(seeded, lead, SMALL) as (crm, _screen):
        await new_mail(crm)
        assert form(crm).answers["to"] == ""
        assert form(crm).steps.here is form(crm).field("to")
        await crm.press_action("mail.send")
        assert "at least one address" in crm.screen_text()
        await crm.press_action("mail.leave")
        assert crm.dialog is None
    async with card(open_as("luca"), D1, SMALL) as (crm, _screen):
        await new_mail(crm)
        assert "no channel to send by" in crm.screen_text(), "Anna's channel is hers"


async def test_an_answer_quotes_below_and_goes_to_who_wrote(seeded: Session) -> None:
    with_channel(seeded)
    number = arrived(seeded, cc="Third <third@example.com>")
    async with card(seeded, D1, SMALL) as (crm, screen):
        await crm.press("tab")
        at = next(n for n, one in enumerate(screen.timeline.view.entries) if one.id == number and one.kind == "mail")
        screen.timeline.move_to(at)
        await crm.press_action("timeline.read")
        text = crm.screen_text()
        for told in ("maria@example.com", "third@example.com", "Your offer", "we take it", "D-1 Website redesign"):
            assert told in text
        await crm.press_action("message.reply_all")
        assert form(crm).answers["to"] == "maria@example.com"
        assert "third@example.com" in str(form(crm).answers["cc"])
        await crm.type("Good!")
        before = crm.screen_text()
        for size in ((20, 5), (10, 3), (1, 1), (140, 40), (40, 12), SMALL):
            await crm.pilot.resize_terminal(*size)
            await crm.settle()
            assert form(crm).is_attached
        assert crm.screen_text() == before
        await crm.press_action("mail.send")
        (found,) = queued(seeded)
        assert found.record.subject == "Re: Your offer"
        assert found.record.text.startswith("Good!\n")
        assert "> Hello, we take it." in found.record.text
        assert found.record.in_reply_to == "1@example.com"
        assert Ref("deal", 1) in found.record.refs
        await crm.press_action("message.forward")
        assert form(crm).answers["subject"] == "Fwd: Your offer"
        assert "Forwarded message" in str(form(crm).answers["text"])
        await crm.press_action("mail.leave", "close")
        assert crm.dialog is None


async def test_what_is_left_is_kept_as_a_draft_and_gone_on_with(seeded: Session, open_as: OpenAs) -> None:
    with_channel(seeded)
    client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, screen):
        await new_mail(crm)
        await crm.press_action("mail.leave")
        assert drafts.drafts(seeded) == [], "nothing was written"
        await new_mail(crm)
        await crm.type("Half")
        await crm.press_action("form.previous")
        await crm.type("no address")
        await crm.press_action("mail.leave")
        assert crm.dialog is None
        assert "Kept as a draft" in crm.said()
        (kept,) = drafts.drafts(seeded)
        assert (kept.record.subject, kept.record.cc, kept.record.private) == ("Half", ("no address",), True)
        assert [one.kind for one in timeline.view(open_as("luca"), D1).entries if one.kind == "mail"] == []
        await crm.press("tab")
        at = next(n for n, one in enumerate(screen.timeline.view.entries) if one.kind == "mail")
        screen.timeline.move_to(at)
        await crm.press_action("timeline.edit")
        assert form(crm).answers["cc"] == "no address"
        assert "Draft · Half" in crm.screen_text()
        form(crm).field("cc").enter()
        await crm.press("ctrl+u")
        await crm.press_action("mail.leave")
        (kept,) = drafts.drafts(seeded)
        assert kept.record.cc == ()
        await crm.press_action("message")
        assert "d  Draft: Half" in crm.screen_text()
        await crm.press("d")
        await crm.press_action("mail.send")
        assert drafts.drafts(seeded) == []
        assert [one.record.subject for one in queued(seeded)] == ["Half"]
        await crm.press_action("undo")
        assert [one.record.subject for one in drafts.drafts(seeded)] == ["Half"]
        screen.timeline.move_to(next(n for n, one in enumerate(screen.timeline.view.entries) if one.kind == "mail"))
        await crm.press_action("timeline.delete")
        assert drafts.drafts(seeded) == []
