"""Mails taken in: each once, bound to what it belongs to, read by those who may."""

from __future__ import annotations

from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.taking_in import Taken, Taking, TakingIn


def take(session: Session, content: bytes, **how: object) -> Taken:
    return TakingIn(session, Taking(**how)).one(content)  # type: ignore[arg-type]


def contact(session: Session, email: str = "maria@example.com", **fields: object) -> Ref:
    with session.change("a contact") as change:
        return change.add("contact", {"first_name": "Maria", "email": [{"value": email, "type": "work"}], **fields})


def titles(session: Session, ref: Ref) -> list[str]:
    return [one.title for one in timeline.view(session, ref, ["mail"]).entries]


def test_a_mail_stands_on_its_client_and_comes_once(seeded: Session) -> None:
    maria = contact(seeded)
    taken = take(seeded, mail())
    assert (taken.how, taken.on) == ("new", (maria,))
    assert titles(seeded, maria) == ["Mail from maria@example.com: Your offer"]
    again = take(seeded, mail())
    assert (again.how, again.id) == ("known", taken.id)
    assert len(records.newest(seeded, 10)) == 1
    undo(seeded)
    assert titles(seeded, maria) == []
    redo(seeded)
    assert titles(seeded, maria) == ["Mail from maria@example.com: Your offer"]
