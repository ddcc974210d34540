"""Invitations by mail: an activity as an iCalendar request, to all who take part in it and have an address."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.activities.inviting import guests
from tuicrm.domain.activities.planned import read
from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.dates import short_when
from tuicrm.errors import NotFound, Refused
from tuicrm.exchange.ical.events import IcalEvent, IcalFile, IcalGuest
from tuicrm.exchange.ical.writing import write_calendar
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_here import stand_ins
from tuicrm.services.calendar.ical_out import EventsOut, own_uid
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.ical_times import read_wall
from tuicrm.services.calendar.reminder_ways import plain
from tuicrm.services.items.activities import known
from tuicrm.services.kernel.reader import ACTIVITIES
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
    """The invitation for one guest (a person's key, or `contact:3`), with all who take part; of a series, the times of it that they
    take part in. None where they have no address."""
    mail, _name = address_of(AddressBook(session), guest)
    events = _events(session, record, sender, guest)
    return _made(session, record, events, (mail,)) if mail and events else None


def called_off(session: Session, record: Record, guest: str, sender: str, wall: str = "") -> Invitation | None:
    """That one guest takes part no longer, or nobody does; of a series, that they do not that one time (its wall time, or day). None
    where they have no address."""
    book = AddressBook(session)
    mail, name = address_of(book, guest)
    if not mail:
        return None
    [event, *others] = _events(session, record, sender)
    event = replace(event, status="CANCELLED", guests=(IcalGuest(mail, name),))
    when = read_wall(wall)
    if when is not None:
        sequence = max([event.sequence, *(one.sequence for one in others if one.occurrence == when)])
        event = replace(
            event, start=when, end=None, occurrence=when, sequence=sequence, rule="", skipped=(), more=(), reminders=()
        )
    return _made(session, record, [event], (mail,), "CANCEL", when=wall)


def everybody(session: Session, record: Record) -> list[str]:
    """Who takes part in an activity, those of single times of a series among them."""
    of = stand_ins(session, [record.id]).get(record.id, ()) if record.doc.get("rule") else ()
    return sorted({name for one in (record, *of) for name in guests(one.doc)})


def send(server: MailServer, made: Invitation, sender: str) -> None:
    """Send one message to each. Raises StorageError."""
    for to in made.to:
        mail = mailing.message(sender or to, to, made.subject, made.text)
        mailing.send(server, mailing.with_invitation(mail, made.calendar, made.method))


def _events(session: Session, record: Record, sender: str, guest: str = "") -> list[IcalEvent]:
    """An activity as events that somebody invites to: whose it is, else who sends it. `guest`: those alone that they take part in."""
    out = EventsOut(session, AddressBook(session))
    head = _head(session, record)
    if head is not None:
        events = [out.event(record, str(head.doc.get("uid") or own_uid(session, head)))]
    else:
        of = stand_ins(session, [record.id]).get(record.id, ()) if record.doc.get("rule") else ()
        events = out.series(record, [one for one in of if not guest or guest in guests(one.doc)])
        if guest and of and guest not in guests(record.doc):
            del events[0]
    host = IcalGuest(sender.casefold(), session.person.name) if sender else None
    return [replace(one, organizer=one.organizer or host) for one in events]


def _head(session: Session, record: Record) -> Record | None:
    """The series of which an activity stands in for one time; None for others."""
    of = read(record.id, record.rev, record.doc).of
    found = next(iter(session.whole.get(ACTIVITIES, [of])), None) if of else None
    return found if found is not None and found.doc.get("rule") else None


def _made(
    session: Session,
    record: Record,
    events: Sequence[IcalEvent],
    to: tuple[str, ...],
    method: str = "REQUEST",
    *,
    when: str = "",
) -> Invitation:
    what = plain(str(record.doc.get("what") or ""))
    said = when.replace("T", " ") or short_when(
        str(record.doc.get("start") or record.doc.get("at") or ""), session.context()
    )
    place = plain(str(record.doc.get("place") or ""))
    calendar = write_calendar(IcalFile(method=method, events=tuple(events))).decode("utf-8")
    subject = _("Called off: {what}").format(what=what) if method == "CANCEL" else what
    return Invitation(subject, "\n".join(filter(None, (what, said, place))) + "\n", calendar, to, method)


def address_of(book: AddressBook, guest: str) -> tuple[str, str]:
    """The mail address and name of a guest; "" where they have none."""
    ref = Ref.read(guest)
    mail, name = book.of_item(ref) if ref is not None else book.of_person(guest)
    return (mail, name) if is_address(mail) else ("", name)
