"""Planning with all its parts: when and until when, whole days, deadline, with whom, where; what follows from what is worked out here.

Fields are given in JSON form, by the names of the record (`domain/activities/planned.py`). Times are UTC ISO. Beside them `deadline`
says by when it is to be done: that is then the moment that counts (`at`), and `start` is when it begins. Needs the right to change the
item it hangs on, and to read the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from tuicrm.domain.activities import checks
from tuicrm.domain.activities.planned import ANSWERS, Activity, moved
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import COMMENT
from tuicrm.services.calendar.repeating import begun, kept_up
from tuicrm.services.items.activities import default_time, known, label_of, ticked
from tuicrm.services.items.activity_kinds import find_kind
from tuicrm.services.items.room_names import check_rooms
from tuicrm.services.items.series import NEXT, Finished, finish, standing
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.zones import zone_named

DEADLINE = "deadline"
_WHEN = frozenset(("at", "start", "end", "day", "last_day", "zone", DEADLINE))
_USUAL: Mapping[str, Any] = {"kind": "todo", "priority": 2, "private": False}
"""What a record does not say, since it holds without saying; a kind is always said."""
PARTS = (*checks.CHECKS, DEADLINE, "responsible")
"""What can be given."""


def plan(
    session: Session, owner: Ref, what: str, *, finishing: int = 0, meant: Finished = NEXT, **fields: object
) -> int:
    """Plan an activity; returns its number. Without a time it is due in three working days. `finishing` is another one that is done
    with it (of a series, what is `meant`), in the same change. Raises Refused with each field that is wrong, NotFound,
    AccessDenied."""
    doc = _new(session, owner, {"what": what, **fields})
    label = label_of(_("plan “{what}”"), doc) if not doc.get("private") else _("plan an activity")
    if finishing:
        finished = known(session, finishing).doc
        secret = doc if doc.get("private") else finished
        label = label_of(_("done: “{what}”; plan “{next}”"), {**secret, "what": finished["what"]}, next=doc["what"])
    with session.change(label) as change:
        if finishing:
            finish(change, known(session, finishing), ticked(session), meant)
        return change.put(ACTIVITIES, doc)


def outcome(session: Session, owner: Ref, what: str, **fields: object) -> dict[str, Any]:
    """What `plan` would keep, which is not kept: for showing it. Raises as `plan` does for what is wrong with the values."""
    doc = tidied(session, owner, {"what": what, "kind": "todo", **fields}, {})
    checks.check(None, doc)
    return begun(doc)


def edit(
    session: Session, number: int, fields: Mapping[str, Any], *, base: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Change parts of an activity, None takes one away; returns what changed. What hangs together goes along: an end with its start.

    `base` is the activity as it was seen: Conflict where somebody else changed the same. Raises Refused, NotFound, AccessDenied."""
    record = known(session, number)
    before = record.doc
    owner = Ref.parse(str(fields.get("owner") or before["owner"]))
    after = tidied(session, owner, fields, before)
    checks.check(before, after)
    after = kept_up(standing(record), before, after)
    names = {*after, *before}
    changed = {name: after.get(name) for name in sorted(names) if after.get(name) != before.get(name)}
    if changed:
        label = _("change “{what}”") if not after.get("private") else _("change an activity")
        with session.change(label_of(label, {**before, **after})) as change:
            change.patch(ACTIVITIES, number, changed, base=base)
    return changed


def follow_up(
    session: Session,
    number: int,
    result: str,
    following: Mapping[str, Any],
    *,
    finishing: bool = False,
    meant: Finished = NEXT,
) -> int:
    """Of an activity that is done (becomes so with it, where it is `finishing`; of a series, what is `meant`): what came of it, and
    what is planned next (fields of `plan`; {} for nothing), as one change.

    Returns the number of what is next, 0 for nothing. Raises Refused with the field `result` or those of `plan`, NotFound."""
    record = known(session, number)
    before = record.doc
    if finishing and before.get("done"):
        raise Refused(_("“{what}” is done already.").format(what=before["what"]))
    result = result.strip()
    COMMENT.check("result", result)
    doc = _new(session, Ref.parse(str(before["owner"])), following) if following else {}
    label = label_of(_("done: “{what}”") if finishing else _("the result of “{what}”"), before)
    if doc and finishing and not doc.get("private"):
        label = label_of(_("done: “{what}”; plan “{next}”"), before, next=doc["what"])
    changed = {**(ticked(session) if finishing else {}), **({"result": result} if result else {})}
    with session.change(label) as change:
        if finishing:
            finish(change, record, changed, meant, base=before)
        elif changed:
            change.patch(ACTIVITIES, number, changed, base=before)
        return change.put(ACTIVITIES, doc) if doc else 0


def deadline_of(activity: Activity) -> str:
    """By when it is to be done (UTC ISO) where that is not when it begins; "" else."""
    return activity.at if activity.start and activity.start != activity.at and not activity.whole_day else ""


def own_zone_name(session: Session) -> str:
    """The IANA name of the zone that this person plans in; "" where nobody knows it."""
    if session.zone is UTC:
        return "UTC"
    name = str(session.zone)
    return name if zone_named(name) is not None else ""


# -- what is given, as it is kept --------------------------------------------------------------------------------------
def tidied(session: Session, owner: Ref, fields: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A record with these fields laid over it: nothing empty in it, what follows worked out. Raises Refused."""
    unknown = [name for name in fields if name not in PARTS]
    if unknown:
        told = _("an activity has no such part")
        raise Refused(f"{unknown[0]}: {told}", [FieldProblem(name, told, fields[name]) for name in unknown])
    given = dict(fields)
    if "what" in given:
        given["what"] = _said(given["what"])
    if given.get("kind"):
        given["kind"] = find_kind(session, str(given["kind"])).key
    if "reminders" in given and isinstance(given["reminders"], Iterable) and not isinstance(given["reminders"], str):
        given["reminders"] = _ascending(given["reminders"])
    for name in ("also", "contacts"):
        if given.get(name):
            given[name] = _others(owner, given[name], itself=name == "also")
    if given.get("people"):
        given["people"] = _with_people(session, given["people"], before)
    if given.get("rooms"):
        check_rooms(session, given["rooms"])
    if "responsible" in given or not before:
        given["responsible"] = _who(session, given.get("responsible"))
    when = _when(session, given, before)
    after = {
        **before,
        **{name: value for name, value in given.items() if name not in _WHEN},
        "owner": str(owner),
        **when,
    }
    return {name: value for name, value in after.items() if not _says_nothing(name, value)}


def _new(session: Session, owner: Ref, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A new activity as it is kept. Raises Refused."""
    doc = {
        **tidied(session, owner, {"kind": "todo", **fields}, {}),
        "done": False,
        "by": session.person_key,
        "created": stamp(session.moment()),
    }
    checks.check(None, doc)
    return begun(doc)


def _says_nothing(name: str, value: object) -> bool:
    """Whether a value is what holds where nothing is said."""
    if value is None or value == "" or value == [] or value == {}:
        return True
    usual = _USUAL.get(name)
    return name != "kind" and type(value) is type(usual) and bool(value == usual)


def _said(what: object) -> str:
    text = what.strip() if isinstance(what, str) else ""
    if not text:
        raise Refused(_("What needs to be done?"), [FieldProblem("what", _("is required"), what)])
    return text


def _ascending(minutes: Iterable[Any]) -> list[Any]:
    found = list(minutes)
    if all(isinstance(one, int) and not isinstance(one, bool) for one in found):
        return sorted(set(found))
    return found


def _others(owner: Ref, refs: Iterable[Any], *, itself: bool) -> list[str]:
    """Stored refs, each once; the item that it hangs on is no other."""
    return [text for text in dict.fromkeys(map(str, refs)) if not (itself and text == str(owner))]


def _with_people(
    session: Session, people: Mapping[str, str] | Iterable[str], before: Mapping[str, Any]
) -> dict[str, str]:
    """Who takes part, with what each has answered: who is new has been asked, oneself comes. Raises Refused for strangers."""
    known_people = session.workspace.people
    was = before.get("people")
    answered = was if isinstance(was, dict) else {}
    asked = people if isinstance(people, Mapping) else dict.fromkeys(people, "")
    for key in asked:
        if key not in answered and (key not in known_people or known_people[key].retired):
            told = _("{person} is not a person of this workspace.").format(person=key)
            raise Refused(told, [FieldProblem("people", told, key)])
    usual = {session.person_key: "accepted"}
    return {key: answer or answered.get(key) or usual.get(key, ANSWERS[0]) for key, answer in asked.items()}


def _who(session: Session, key: object) -> str:
    if not key:
        return session.person_key
    if key not in session.workspace.people:
        told = _("{person} is not a person of this workspace.").format(person=key)
        raise Refused(told, [FieldProblem("responsible", told, key)])
    return str(key)


# -- when --------------------------------------------------------------------------------------------------------------
def _when(session: Session, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """All that is said of when, anew where any of it is given; nothing else of it is kept."""
    if before and _WHEN.isdisjoint(given):
        return {}
    zone = given.get("zone") or before.get("zone") or own_zone_name(session)
    if given.get("day") or (before.get("day") and not {"at", "start", "end", DEADLINE} & given.keys()):
        return _whole_days(session, {**before, **given}, zone)
    times = _times(given, before)
    start, end, deadline = (times.get(name) or "" for name in ("start", "end", DEADLINE))
    at = deadline or start or before.get("at") or default_time(session.context())
    return {
        "at": at,
        "start": start if start != at else None,
        "end": end or None,
        "day": None,
        "last_day": None,
        "zone": zone or None,
    }


def _times(given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Start, end and deadline: a start that moves takes its end along, where that is not given too."""
    was = {} if before.get("day") else before
    known_deadline = was.get("at") if was.get("start") and was.get("start") != was.get("at") else None
    # A time alone (`at`) is where the whole begins.
    start = given.get("start", given.get("at"))
    kept = was.get("start") or was.get("at")
    deadline = given.get(DEADLINE, known_deadline)
    end = given.get("end", was.get("end"))
    if "start" not in given and "at" not in given:
        start = kept if was and not (deadline and not was.get("start") and not was.get("end")) else None
    elif start and kept and "end" not in given and was.get("end"):
        block = {"at": kept, "start": kept, "end": was["end"]}
        end = moved(block, start).get("end", end) if isinstance(start, str) else end
    if start is None and end and not deadline:
        start = kept
    return {"start": start, "end": end, DEADLINE: deadline}


def _whole_days(session: Session, said: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Whole days: what counts is the last second of the last of them, in the zone they were meant in."""
    day, last = said.get("day"), said.get("last_day") or None
    for name, value in (("day", day), ("last_day", last)):
        if value is not None and (told := checks.CHECKS[name](value)):
            raise Refused(f"{name}: {told}", [FieldProblem(name, told, value)])
    place: tzinfo = zone_named(zone) or session.zone
    try:
        at = stamp(datetime.combine(date.fromisoformat(str(last or day)), time(23, 59, 59), place))
    except (OverflowError, ValueError):
        told = _("a day is expected, such as 2027-01-12")
        raise Refused(f"day: {told}", [FieldProblem("day", told, last or day)]) from None
    return {
        "at": at,
        "start": None,
        "end": None,
        "day": day,
        "last_day": last if last != day else None,
        "zone": zone or None,
    }


def end_after(start: str, minutes: int) -> str:
    """So many minutes after a moment (UTC ISO)."""
    return stamp(datetime.fromisoformat(start) + timedelta(minutes=minutes))
