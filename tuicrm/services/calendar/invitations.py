"""Invitations by mail: an activity as an iCalendar request, to all who take part in it and have an address."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.kinds.dates import short_when
from tuicrm.errors import NotFound, Refused
from tuicrm.exchange.ical.events import IcalFile, IcalGuest
from tuicrm.exchange.ical.writing import write_calendar
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_here import stand_ins
from tuicrm.services.calendar.ical_out import EventsOut
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.reminder_ways import plain
from tuicrm.services.items.activities import known
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import mailing
from tuicrm.services.workspace.mailing import MailServer, is_address


class Invitation(Struct, frozen=True):
    """What is sent, and to whom (mail addresses)."""

    subject: str
    text: str
    calendar: str
    to: tuple[str, ...]


def invitation(session: Session, activity: int, sender: str = "") -> Invitation:
    """The invitation to an activity: to its people and contacts, but not to who sends it. Raises NotFound, and Refused where nobody
    who takes part has an address."""
    record = known(session, activity)
    if record.doc.get("private") and not is_of(record.doc, session.person_key):
        raise NotFound(_("There is no activity {n}.").format(n=activity))
    sender = sender or session.person.email
    of = stand_ins(session, [activity]) if record.doc.get("rule") else {}
    events = EventsOut(session, AddressBook(session)).series(record, of.get(activity, ()))
    host = IcalGuest(sender.casefold(), session.person.name) if sender else None
    events = [replace(one, organizer=one.organizer or host) for one in events]
    own = {session.person.email.casefold(), sender.casefold()}
    addresses = dict.fromkeys(guest.address for event in events for guest in event.guests if is_address(guest.address))
    to = tuple(mail for mail in addresses if mail.casefold() not in own)
    if not to:
        raise Refused(_("Nobody who takes part in activity {n} has a mail address.").format(n=activity))
    what = plain(str(record.doc.get("what") or ""))
    when = short_when(str(record.doc.get("start") or record.doc.get("at") or ""), session.context())
    place = plain(str(record.doc.get("place") or ""))
    calendar = write_calendar(IcalFile(method="REQUEST", events=tuple(events))).decode("utf-8")
    return Invitation(what, "\n".join(filter(None, (what, when, place))) + "\n", calendar, to)


def send_invitation(session: Session, activity: int, server: MailServer, sender: str) -> tuple[str, ...]:
    """Send it, one message each; returns to whom. Raises what `invitation` raises, StorageError where the server takes none."""
    made = invitation(session, activity, sender)
    for to in made.to:
        mail = mailing.message(sender or session.person.email or to, to, made.subject, made.text)
        mailing.send(server, mailing.with_invitation(mail, made.calendar))
    return made.to
