"""What was changed here and on a person's calendar server since both were last alike: listed, and decided one by one.

What waits is known with the revision here and the state there. The next sync goes by a decision where both are still the same; else it
is asked about again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from tuicrm.domain.conditions import And, Test
from tuicrm.domain.matching import fold
from tuicrm.errors import NotFound
from tuicrm.exchange.ical.merging import Prefer
from tuicrm.i18n import N_, _
from tuicrm.services.calendar.ical_known import FILES, TABLE, KnownClash, clash_of, decided_of
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Key

if TYPE_CHECKING:
    from tuicrm.services.calendar.ical_taking import CalendarRow

_GROUPS: Mapping[str, str] = {
    "when": N_("time"),
    "rule": N_("recurrence"),
    "skipped": N_("skipped occurrences"),
    "more": N_("extra occurrences"),
    "summary": N_("title"),
    "text": N_("description"),
    "place": N_("place"),
    "status": N_("status"),
    "secrecy": N_("private"),
    "free": N_("free or busy"),
    "priority": N_("priority"),
    "colour": N_("colour"),
    "kind": N_("kind"),
    "reminders": N_("reminders"),
    "organizer": N_("organizer"),
    "guests": N_("participants"),
    "extra": N_("what other programs keep with it"),
}


class CalendarClash(Struct, frozen=True):
    """One that waits: the number of its record, what it is about, and which side somebody has said holds."""

    number: int
    about: KnownClash
    decided: Prefer = ""


def part_name(group: str) -> str:
    """What a part of an event is called."""
    return _(_GROUPS[group]) if group in _GROUPS else group


def known_clash(row: CalendarRow) -> KnownClash:
    """What there is to know of a row that waits."""
    parts = tuple((clash.group, _value(clash.ours), _value(clash.theirs)) for clash in row.clashes)
    return KnownClash(row.title, "" if parts else row.message, parts)


def side_words(about: KnownClash, *, mine: bool) -> str:
    """What one side has: `time: 10:00 – 11:00; place: Blue`."""
    words = [f"{part_name(name)}: {ours if mine else theirs}" for name, ours, theirs in about.parts]
    return "; ".join(words) or about.message


def clashes(session: Session) -> list[CalendarClash]:
    """What waits for this person, by title."""
    where = And((Test("by", "string", "=", fold(session.person_key)), Test("pending", "boolean", "=", True)))
    found = [
        CalendarClash(one.id, about, decided_of(one.doc))
        for one in session.whole.find(Find(TABLE, where)).records
        if one.doc.get("source") != FILES and (about := clash_of(one.doc)) is not None
    ]
    return sorted(found, key=lambda one: (one.about.title.casefold(), one.number))


def decide(session: Session, number: int, side: Prefer) -> None:
    """Say which side holds from the next sync on; "" for neither yet. Raises NotFound where nothing waits any more."""
    key = Key(TABLE, number)

    def intent(draft: Draft) -> None:
        doc = draft.get(key)
        if doc is None or not doc.get("pending") or doc.get("by") != session.person_key:
            raise NotFound(_("That was decided meanwhile."))
        draft.put(key, {name: value for name, value in {**doc, "decided": side}.items() if value})

    with session.change(_("what is known of a calendar"), fixed=True) as change:
        change.follow(intent)


def _value(values: Sequence[object]) -> str:
    """A value of an event in short, for people."""
    texts = [str(value) for value in values if value not in (None, "", ())]
    whole = " ".join(" – ".join(texts).split())
    return (whole if len(whole) <= 60 else f"{whole[:59]}…") or _("nothing")
