"""Messages with so much of something, for the limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.messages import records, writing
from tuicrm.services.messages.taking_in import MailTaking, TakingIn
from tuicrm.services.messages.texting import checked_text

if TYPE_CHECKING:
    from tests.limit_makers import Where

D1 = Ref("deal", 1)


def written(at: Where, **said: Any) -> Callable[[], object]:
    """A message past the services, which cut what a mail says."""
    by = at.session.person_key
    doc = {
        "channel": "mail",
        "way": "in",
        "status": "received",
        "at": "2026-11-03T09:00:00Z",
        "by": by,
        "on": ["deal:1"],
    }

    def put() -> None:
        with at.session.change("a message") as change:
            change.put("message", {**doc, **said})

    return put


def subject(at: Where, n: int) -> Callable[[], object]:
    return written(at, subject="x" * n)


def files(at: Where, n: int) -> Callable[[], object]:
    return written(at, files=[{"blob": "0" * 64, "name": "x", "size": 1}] * n)


def size(at: Where, n: int) -> Callable[[], object]:
    content = mail()
    return lambda: TakingIn(at.session, MailTaking(on=(D1,))).one(content + b"x" * (n - len(content)))


def sent(at: Where, n: int) -> Callable[[], object]:
    path = at.folder / "sent.bin"
    path.write_bytes(b"x" * n)
    return lambda: writing.new_mail(at.session, [D1], to=["paolo@example.test"], files=[path])


def on(at: Where, n: int) -> Callable[[], object]:
    taken = TakingIn(at.session, MailTaking(on=(D1,))).one(mail(sender="nobody@nowhere.example"))
    others = [items.add(at.session, "contact", {"last_name": f"P{number}"}).ref for number in range(n - 1)]
    found = records.by_id(at.session, taken.id)
    return lambda: records.link(at.session, found, others)


def sms(at: Where, n: int) -> Callable[[], object]:
    return lambda: checked_text("sms", "x" * (n * 153))
