"""Invitations by mail: an activity as an iCalendar request, to all who take part in it and have an address."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.dates import short_when
from tuicrm.errors import NotFound, Refused
from tuicrm.exchange.ical.events import IcalEvent, IcalFile, IcalGuest
from tuicrm.exchange.ical.writing import write_calendar
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_here import stand_ins
from tuicrm.services.calendar.ical_out import EventsOut
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.reminder_ways import plain
from tuicrm.services.items.activities import known
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import mailing
from tuicrm.services.workspace.mail_servers import MailServer
from tuicrm.services.workspace.mailing import is_address
from tuicrm.store.protocol import Record


class Invitation(Struct, frozen=True):
    """What is sent, and to whom (mail addresses)."""

    subject: str
    text: str
    calendar: str
    to: tuple[str, ...]
    method: str = "REQUEST"


def invitation(session: Session, activity: int, sender: str = "") -> Invitation:
    """The invitation to an activity: to its people and contacts, but not to who sends it. Raises NotFound, and Refused where nobody
    who takes part has an address."""
    record = known(session, activity)
    if record.doc.get("private") and not is_of(record.doc, session.person_key):
        raise NotFound(_("There is no activity {n}.").format(n=activity))
    sender = sender or session.person.email
    events = _events(session, record, sender)
    own = {session.person.email.casefold(), sender.casefold()}
    addresses = dict.fromkeys(guest.address for event in events for guest in event.guests if is_address(guest.address))
    to = tuple(mail for mail in addresses if mail.casefold() not in own)
    if not to:
        raise Refused(_("Nobody who takes part in activity {n} has a mail address.").format(n=activity))
    return _made(session, record, events, to)


def request(session: Session, record: Record, guest: str, sender: str) -> Invitation | None:
    """The invitation for one guest (a person's key, or `contact:3`), with all who take part; None where they have no address."""
    mail, _name = address_of(AddressBook(session), guest)
    return _made(session, record, _events(session, record, sender), (mail,)) if mail else None


def called_off(session: Session, record: Record, guest: str, sender: str) -> Invitation | None:
    """That one guest takes part no longer, or nobody does; None where they have no address."""
    book = AddressBook(session)
    mail, name = address_of(book, guest)
    if not mail:
        return None
    [event, *_more] = _events(session, record, sender)
    event = replace(event, status="CANCELLED", guests=(IcalGuest(mail, name),))
    return _made(session, record, [event], (mail,), "CANCEL")


def send(server: MailServer, made: Invitation, sender: str) -> None:
    """Send one message to each. Raises StorageError."""
    for to in made.to:
        mail = mailing.message(sender or to, to, made.subject, made.text)
        mailing.send(server, mailing.with_invitation(mail, made.calendar, made.method))


def _events(session: Session, record: Record, sender: str) -> list[IcalEvent]:
    """An activity as events that somebody invites to: whose it is, else who sends it."""
    of = stand_ins(session, [record.id]) if record.doc.get("rule") else {}
    events = EventsOut(session, AddressBook(session)).series(record, of.get(record.id, ()))
    host = IcalGuest(sender.casefold(), session.person.name) if sender else None
    return [replace(one, organizer=one.organizer or host) for one in events]


def _made(
    session: Session, record: Record, events: Sequence[IcalEvent], to: tuple[str, ...], method: str = "REQUEST"
) -> Invitation:
    what = plain(str(record.doc.get("what") or ""))
    when = short_when(str(record.doc.get("start") or record.doc.get("at") or ""), session.context())
    place = plain(str(record.doc.get("place") or ""))
    calendar = write_calendar(IcalFile(method=method, events=tuple(events))).decode("utf-8")
    subject = _("Called off: {what}").format(what=what) if method == "CANCEL" else what
    return Invitation(subject, "\n".join(filter(None, (what, when, place))) + "\n", calendar, to, method)


def address_of(book: AddressBook, guest: str) -> tuple[str, str]:
    """The mail address and name of a guest; "" where they have none."""
    ref = Ref.read(guest)
    mail, name = book.of_item(ref) if ref is not None else book.of_person(guest)
    return (mail, name) if is_address(mail) else ("", name)
