"""An activity as it is typed in one line: `call Paolo tomorrow 15 30min @Sala blu +mario !15m`.

What is to be done, then the day and time of it (`next_step.py`), and signs wherever they stand: `@` a room or place, up to the next
sign or the time; `+` who takes part (`+"Maria Rossi"`); `!15m` a reminder so long before; `#2` a colour; `!!` high priority. A length
stands beside the time (`30min`, `1h30`), or the time says until when: `15:00-16:30`. `all day` means whole days; what begins
with `every` and is a repetition says how it repeats (`every monday 10:00 until 1 mar`). What is no such thing is text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TypeAlias

from msgspec import Struct

from tuicrm.domain.activities.line_repeats import RANGE, without_rule
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.next_step import split_step
from tuicrm.i18n import _
from tuicrm.limits import ATTENDEES, REMINDER_AHEAD, REMINDERS
from tuicrm.regex import regex

_UNIT_WORDS = r"(m|min|mins|minutes?|minuti|minuto|'|h|hr|hrs|hours?|ore|ora|d|days?|g|giorni|giorno)"
_LENGTH = regex(rf"(\d{{1,4}})\s?{_UNIT_WORDS}(?:\s?(\d{{1,2}})(?:m|min|')?)?")
_AHEAD = regex(r"!(\d{1,6})\s?(m|min|h|d|g)?")
_COLOUR = regex(r"#([1-7])")
_HIGH = "!!"
_TOKEN = regex(r'[@+]"[^"]{1,200}"|\S+')
_WHOLE_DAY = (("all", "day"), ("all-day",), ("tutto", "il", "giorno"))
_VERBS = {
    "call": (
        "call",
        "ring",
        "phone",
        "telephone",
        "chiama",
        "chiamare",
        "chiamata",
        "telefona",
        "telefonare",
        "telefonata",
    ),
    "meeting": ("meet", "meeting", "appointment", "incontra", "incontrare", "incontro", "riunione", "appuntamento"),
}
_LONGEST_PLACE = 8
"""Words that a place has at most where it is not in quotes."""
_MINUTES_OF_DAY = 1440
_LONGEST = 31 * _MINUTES_OF_DAY

FindOne: TypeAlias = Callable[[str], str | None]
"""The key of what a text names; None where it names nothing."""


class Namable(Struct, frozen=True):
    """What the words of a line can name. `kind` is asked with the first words, `room` with a place; `person` gives a person's key or a
    stored ref (`contact:3`), and raises BadValue where several are called so."""

    kind: FindOne
    room: FindOne
    person: FindOne


class Typed(Struct, frozen=True):
    """What a line says. `at` is None where it says no time; `minutes` are how long it takes, 0 where nothing is said; `whole_day` that
    the day of `at` is meant, and no time of it. `people` are keys, `contacts` stored refs; `rule` is an
    RRULE."""

    what: str
    kind: str = ""
    at: datetime | None = None
    minutes: int = 0
    whole_day: bool = False
    place: str = ""
    room: str = ""
    people: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    reminders: tuple[int, ...] = ()
    colour: str = ""
    priority: int = 0
    rule: str = ""


def read_line(text: str, context: Context, namable: Namable, alone: time = time()) -> Typed:
    """What is planned by a line. A day `alone` means that time of it. Raises BadValue where nothing is to be done, and for who is not
    known."""
    words, signs = _signs(text)
    words, place = _place(words, context, namable)
    whole_day, words = _without_whole_day(words)
    words, rule = without_rule(words, context, _says_when)
    what, at, minutes = _when(words, context, alone)
    if not what:
        raise BadValue(_("say what is to be done, then when"), text)
    people, contacts = _attendees(signs, namable)
    return Typed(
        what=what,
        kind=namable_kind(what, namable),
        at=at,
        minutes=0 if whole_day else minutes,
        whole_day=whole_day,
        place="" if place.room else place.name,
        room=place.room,
        people=people,
        contacts=contacts,
        reminders=_reminders(signs),
        colour=next((found[1] for sign in reversed(signs) if (found := _COLOUR.fullmatch(sign))), ""),
        priority=3 if _HIGH in signs else 0,
        rule=rule,
    )


def namable_kind(what: str, namable: Namable) -> str:
    """The kind of activity that the first words name; "" where they name no such. They stay what is to be done."""
    words = what.split()
    for count in range(min(len(words), 3), 0, -1):
        if found := namable.kind(" ".join(words[:count])):
            return found
    first = words[0].casefold().strip(",;:.")
    return next((kind for kind, names in _VERBS.items() if first in names), "")


# -- signs -------------------------------------------------------------------------------------------------------------
def _signs(text: str) -> tuple[list[str], list[str]]:
    """The words of a line, a place with its sign among them, and what stands for itself: who, reminders, colour, priority."""
    words: list[str] = []
    signs: list[str] = []
    for token in _TOKEN.findall(text):
        (signs if _is_sign(token) else words).append(token)
    return words, signs


def _is_sign(token: str) -> bool:
    if token == _HIGH or _AHEAD.fullmatch(token) or _COLOUR.fullmatch(token):
        return True
    return _is_named(token, "+")


def _is_named(token: str, sign: str) -> bool:
    """Whether a name follows the sign: `+3d` is a day, `@15` a time, and a number after `+` may be a phone's."""
    return token.startswith(sign) and len(token) > 1 and (token[1].isalpha() or (token[1] == '"' and len(token) > 3))


def _name(token: str) -> str:
    return " ".join(token[1:].strip('"').replace("_", " ").split()) if token[1] == '"' else token[1:].rstrip(",;")


def _attendees(signs: Sequence[str], namable: Namable) -> tuple[tuple[str, ...], tuple[str, ...]]:
    people: dict[str, None] = {}
    contacts: dict[str, None] = {}
    for sign in signs:
        if not _is_named(sign, "+"):
            continue
        name = _name(sign)
        found = namable.person(name) or (namable.person(name.replace("_", " ")) if "_" in name else None)
        if found is None:
            raise BadValue(_("nobody here is called “{name}”").format(name=name), sign)
        (contacts if ":" in found else people)[found] = None
    for some in (people, contacts):
        if len(some) > ATTENDEES.most:
            raise BadValue(ATTENDEES.told, " ".join(some))
    return tuple(people), tuple(contacts)


def _reminders(signs: Iterable[str]) -> tuple[int, ...]:
    found = {int(one[1]) * _minutes_of(one[2] or "m") for sign in signs if (one := _AHEAD.fullmatch(sign))}
    if len(found) > REMINDERS.most:
        raise BadValue(REMINDERS.told, " ".join(map(str, found)))
    if found and max(found) > REMINDER_AHEAD.most:
        raise BadValue(REMINDER_AHEAD.told, max(found))
    return tuple(sorted(found))


def _minutes_of(unit: str) -> int:
    return _MINUTES_OF_DAY if unit[0] in "dg" else 60 if unit[0] in "ho" else 1


class _Place(Struct, frozen=True):
    name: str = ""
    room: str = ""


def _place(words: Sequence[str], context: Context, namable: Namable) -> tuple[list[str], _Place]:
    """The words without the first place, and it: a room by its name, else the words up to the time."""
    at = next((at for at, word in enumerate(words) if _is_named(word, "@")), -1)
    if at < 0:
        return list(words), _Place()
    if words[at][1] == '"':
        name = _name(words[at])
        return [*words[:at], *words[at + 1 :]], _Place(name, namable.room(name) or "")
    end = next((n for n, word in enumerate(words) if n > at and _is_named(word, "@")), len(words))
    named = [words[at][1:], *words[at + 1 : min(end, at + _LONGEST_PLACE)]]
    for count in range(len(named), 0, -1):
        name = " ".join(named[:count]).rstrip(",;")
        if room := namable.room(name):
            return [*words[:at], *words[at + count :]], _Place(name, room)
    count = _before_time(named, context)
    return [*words[:at], *words[at + count :]], _Place(" ".join(named[:count]).rstrip(",;"))


def _before_time(words: Sequence[str], context: Context) -> int:
    """How many of the words stand before what is a day, time or length; the first always does."""
    for count in range(1, len(words)):
        rest, rule = without_rule(["x", *words[count:]], context, _says_when)
        what, at, minutes = _when(rest, context, time())
        if what == "x" and (at is not None or minutes or rule):
            return count
    return len(words)


def _without_whole_day(words: Sequence[str]) -> tuple[bool, list[str]]:
    folded = [word.casefold() for word in words]
    for phrase in _WHOLE_DAY:
        for at in range(1, len(words) - len(phrase) + 1):
            if tuple(folded[at : at + len(phrase)]) == phrase:
                return True, [*words[:at], *words[at + len(phrase) :]]
    return False, list(words)


# -- when and how long -------------------------------------------------------------------------------------------------
def _when(words: Sequence[str], context: Context, alone: time) -> tuple[str, datetime | None, int]:
    """What is left of the words, when, and how many minutes: a length may stand before or behind the time."""
    rest, minutes = _without_length(words)
    if not minutes and (found := _until(rest, context, alone)) is not None:
        return found
    what, at = split_step(" ".join(rest), context, alone)
    if not minutes and at is not None:
        left, minutes = _without_length(what.split())
        what = " ".join(left)
    return what, at, minutes


def _without_length(words: Sequence[str]) -> tuple[list[str], int]:
    """The words without a length at their end, and its minutes; 0 where they end in no such thing."""
    for count in (1, 2):
        if len(words) <= count:
            break
        found = _LENGTH.fullmatch(" ".join(words[-count:]).casefold())
        if found is None or (count == 2 and not words[-2].isdigit()):
            continue
        unit = _minutes_of(found[2] if found[2] != "'" else "m")
        if found[3] and unit != 60:
            continue
        minutes = int(found[1]) * unit + int(found[3] or 0)
        if 0 < minutes <= _LONGEST:
            return list(words[:-count]), minutes
    return list(words), 0


def _says_when(words: Sequence[str], context: Context) -> bool:
    """Whether words say when, or how long, and nothing else."""
    return _when(["x", *words], context, time())[0] == "x"


def _until(words: Sequence[str], context: Context, alone: time) -> tuple[str, datetime, int] | None:
    """The same where a time says until when: `tomorrow 15-16:30`, `9:00-10:30`; None where it does not."""
    found = RANGE.fullmatch(words[-1]) if len(words) > 1 else None
    if found is None:
        return None
    day_is_named = split_step(" ".join(words[:-1]), context, alone)[1] is not None
    if not day_is_named and ":" not in words[-1]:
        return None
    what, at = split_step(" ".join((*words[:-1], found[1])), context, alone)
    hour, minute = int(found[2]), int(found[3] or 0)
    if at is None or hour > 23 or minute > 59:
        return None
    begins = at.astimezone(context.zone)
    minutes = (hour * 60 + minute - begins.hour * 60 - begins.minute) % _MINUTES_OF_DAY
    return (what, at, minutes) if minutes else None


def ends(typed: Typed) -> datetime | None:
    """When it ends; None where nothing is said of that."""
    if typed.at is None or not typed.minutes:
        return None
    try:
        return typed.at + timedelta(minutes=typed.minutes)
    except OverflowError:
        return None
