"""One typed line of an activity, as a workspace understands it (its kinds, people, clients, rooms), and what was understood, in words.

What is shown is what is saved: the words are made of the very document that planning would keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tuicrm.domain import named
from tuicrm.domain.activities.line import Namable, Typed, ends, read_line
from tuicrm.domain.activities.planned import read
from tuicrm.domain.activities.rule_told import told as rule_told
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.moments import today
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.calendar import planning
from tuicrm.services.items.activities import default_time, next_hour, time_on
from tuicrm.services.items.activity_kinds import kind_of, kinds
from tuicrm.services.items.activity_words import PRIORITIES, ahead_words, when_words, with_whom
from tuicrm.services.items.room_names import find_room, room_name
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.people import find_person


def fields_of(session: Session, text: str, *, begins: bool = False, usual: str = "") -> dict[str, Any]:
    """The fields of `planning.plan` that a line says, `what` among them. `begins`: a beginning names somebody, where it is
    one person's alone and what was understood is shown before it is kept. `usual` is when it
    is (UTC ISO) where the line says no time; "" for in three working days. Raises Refused, told of the line."""
    context = session.context()
    try:
        typed = read_line(text, context, _namable(session, begins=begins), next_hour(context))
    except BadValue as bad:
        raise Refused(bad.message, [FieldProblem("what", bad.message, text)]) from bad
    return _fields(session, typed, usual)


def told(session: Session, owner: Ref, fields: Mapping[str, Any]) -> list[str]:
    """What planning with these fields would come to, part by part: `Call`, `call Paolo`, `Tue 24 Nov 15:00–15:30`, …

    Raises Refused, as planning would."""
    given = dict(fields)
    return doc_told(session, planning.outcome(session, owner, str(given.pop("what", "")), **given))


def doc_told(session: Session, doc: Mapping[str, Any]) -> list[str]:
    """An activity's record in words, part by part."""
    activity, context = read(0, 0, doc), session.context()
    kind = kind_of(session, activity.kind)
    parts = [
        session.label(kind.label),
        activity.what,
        when_words(activity, context),
        rule_told(activity.rule, context.language) if activity.rule else "",
        *(room_name(session, key) for key in activity.rooms),
        activity.place,
    ]
    attendees = ", ".join(with_whom(session, activity))
    parts += [_("with {people}").format(people=attendees)] if attendees else []
    ahead = ", ".join(map(ahead_words, activity.reminders))
    parts += [_("reminder {times} before").format(times=ahead)] if ahead else []
    parts += [_(PRIORITIES[activity.priority])] if activity.priority != 2 else []
    parts += [_("colour {n}").format(n=activity.colour)] if activity.colour else []
    parts += [_("private")] if activity.private else []
    return [part for part in parts if part]


def _fields(session: Session, typed: Typed, usual: str) -> dict[str, Any]:
    context = session.context()
    # What repeats begins at once, and not in three working days: its first time is the first on which the rule falls.
    unsaid = time_on(today(context), context) if typed.rule else default_time(context)
    at = typed.at or datetime.fromisoformat(usual or unsaid)
    when: dict[str, Any] = {"start": stamp(at)}
    if typed.whole_day:
        when = {"day": at.astimezone(context.zone).date().isoformat()}
    elif typed.minutes:
        until = ends(typed) if typed.at else None
        when["end"] = stamp(until) if until is not None else planning.end_after(when["start"], typed.minutes)
    said = {
        "what": typed.what,
        "kind": typed.kind,
        "place": typed.place,
        "rooms": [typed.room] if typed.room else [],
        "people": list(typed.people),
        "contacts": list(typed.contacts),
        "reminders": list(typed.reminders),
        "colour": typed.colour,
        "priority": typed.priority,
        "rule": typed.rule,
    }
    return {**{name: value for name, value in said.items() if value}, **when}


def _namable(session: Session, *, begins: bool) -> Namable:
    known_kinds = [named.Named(one.key, one.key, (session.label(one.label),), one.key) for one in kinds(session)]

    def kind(text: str) -> str | None:
        found = named.find(text, known_kinds)
        return found[0] if len(found) == 1 else None

    def room(text: str) -> str | None:
        try:
            return find_room(session, text).key
        except (NotFound, Refused):
            return None

    def person(text: str) -> str | None:
        return _attendee(session, text, begins=begins)

    return Namable(kind, room, person)


def attendee(session: Session, text: str) -> str:
    """Who takes part: a person's key, or the stored ref of a client. Raises NotFound, Refused where several are called so."""
    try:
        found = _attendee(session, text, begins=False)
    except BadValue as several:
        raise Refused(several.message, [FieldProblem("people", several.message, text)]) from several
    if found is None:
        raise NotFound(_("nobody here is called “{name}”").format(name=text))
    return found


def _attendee(session: Session, text: str, *, begins: bool) -> str | None:
    try:
        person = find_person(session.workspace, text, me=session.person_key, begins=begins)
    except NotFound:
        return _client(session, text)
    except Refused as several:
        raise BadValue(several.message, text) from several
    return None if person.retired else person.key


def client_types(session: Session) -> list[str]:
    """The types of items that are somebody's client: who takes part from outside is one of them."""
    workspace = session.workspace
    found: dict[str, None] = {}
    for item_type in workspace.types.values():
        for key in item_type.client:
            field = workspace.field(item_type.key, key)
            found |= dict.fromkeys(field.targets if field is not None else ())
    return [key for key in found if key in workspace.types]


def _client(session: Session, text: str) -> str | None:
    """The stored ref of the client that is called so."""
    names = session.context().names
    ref = names.read_ref(text)
    if ref is not None and names.item(ref) is not None:
        return str(ref)
    found = names.items(" ".join(text.split()).casefold(), client_types(session))
    if len(found) > 1:
        raise BadValue(
            _("several are called “{name}”: {list}").format(
                name=text, list=", ".join(one.detail or one.key for one in found)
            ),
            text,
        )
    return found[0].key if found else None
