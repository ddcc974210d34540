"""From the outbox to a real server: what is typed becomes no head, who is refused is told, what is put off comes once, later."""

from __future__ import annotations

from typing import Any

from tests.conftest import Clock
from tests.mailbox import mailbox
from tuicrm.domain.items import Ref
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.accounts import add_channel
from tuicrm.services.messages.outbox import MailDraft, queue
from tuicrm.services.messages.worker import Worker

D1 = Ref("deal", 1)
_EVIL = "Offer\r\nBcc: eve@example.test\r\n\r\nboo"


def test_line_breaks_refusals_and_delays(seeded: Session, clock: Clock) -> None:
    answers = {"no@x.it": ["550 5.1.1 no such user"], "late@x.it": ["450 4.7.1 come back later"]}

    async def rcpt(_server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        said = answers.get(address) or ["250 OK"]
        if address == "late@x.it" and answers.get(address):
            answers[address] = []
        if said[0].startswith("250"):
            envelope.rcpt_tos.append(address)
        return said[0]

    with mailbox() as inbox:
        vars(inbox)["handle_RCPT"] = rcpt
        words = {"address": "anna@example.test", "host": "127.0.0.1", "port": str(inbox.port), "security": "plain"}
        channel = add_channel(seeded, "Mail", "smtp", words)
        number = queue(seeded, channel, MailDraft(["ok@x.it", "no@x.it", "late@x.it"], _EVIL, "x", on=[D1]), now=True)
        with Worker(seeded) as worker:
            assert [one.status for one in worker.send_due()] == ["queued"]
            assert list(worker.send_due()) == [], "not before its pause is over"
            clock.tick(minutes=2)
            assert [one.status for one in worker.send_due()] == ["sent"]
        assert inbox.to == [["ok@x.it"], ["late@x.it"]]
    assert not any(mail["Bcc"] for mail in inbox.mails)
    assert all(mail["Subject"] == "Offer Bcc: eve@example.test boo" for mail in inbox.mails)
    sent = records.by_id(seeded, number).record
    assert (sent.status, "no@x.it: " in sent.error, "late@x.it" in sent.error) == ("sent", True, False)
