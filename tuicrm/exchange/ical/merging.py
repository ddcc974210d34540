"""One event that two sides keep: what each has changed since they were last alike, put together field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.exchange.ical.events import IcalEvent

Prefer: TypeAlias = Literal["", "mine", "theirs"]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "when": ("start", "end", "zone"),
    "rule": ("rule",),
    "skipped": ("skipped",),
    "more": ("more",),
    "summary": ("summary",),
    "text": ("text",),
    "place": ("place",),
    "status": ("status", "done_at"),
    "secrecy": ("secrecy",),
    "free": ("free",),
    "priority": ("priority",),
    "colour": ("colour",),
    "kind": ("own_kind",),
    "reminders": ("reminders",),
    "organizer": ("organizer",),
    "guests": ("guests",),
    "extra": ("extra",),
}
"""What changes as one: its name, and the fields of an event that it is."""

_LISTS: Mapping[str, Callable[[Any], Any]] = {
    "skipped": lambda when: when,
    "more": lambda when: when,
    "reminders": lambda minutes: minutes,
    "guests": lambda guest: guest.address,
}
"""Lists that both sides may change at once: what tells the ones in them apart."""


class IcalClash(Struct, frozen=True):
    """What both sides made otherwise: the name of it, and the two values (fields of an event)."""

    group: str
    ours: tuple[Any, ...]
    theirs: tuple[Any, ...]


class Merged(Struct, frozen=True):
    """What each side is to have now; the same as it has where nothing came from the other."""

    ours: IcalEvent
    theirs: IcalEvent
    clashes: tuple[IcalClash, ...] = ()


class TwoSides(Struct, frozen=True):
    """An event as it is on one side and on the other. What is kept in one way here and in another there differs between them from
    the start: so each side is compared with itself."""

    ours: IcalEvent
    theirs: IcalEvent


def changed(before: IcalEvent, now: IcalEvent) -> list[str]:
    """The names of what is other than before."""
    return [group for group in GROUPS if _values(before, group) != _values(now, group)]


def merge(then: TwoSides | None, now: TwoSides, prefer: Prefer = "") -> Merged:
    """What came of an event since `then`; without it, all that differs is clashed over. A clash leaves both sides as they are in that
    group, or has the preferred one's value on both."""
    ours, theirs, clashes = now.ours, now.theirs, []
    for group in GROUPS:
        here, there = _values(now.ours, group), _values(now.theirs, group)
        by_us = then is None or _values(then.ours, group) != here
        by_them = then is None or _values(then.theirs, group) != there
        if here == there or not (by_us or by_them):
            continue
        if by_us and by_them and then is not None and group in _LISTS:
            both = _together(group, then, now)
            ours, theirs = _with(ours, group, (both,)), _with(theirs, group, (both,))
        elif by_us and by_them and not prefer:
            clashes.append(IcalClash(group, here, there))
        elif by_them and not (by_us and prefer == "mine"):
            ours = _with(ours, group, there)
        else:
            theirs = _with(theirs, group, here)
    return Merged(ours, theirs, tuple(clashes))


def _together(group: str, then: TwoSides, now: TwoSides) -> tuple[Any, ...]:
    """A list with what either side added and without what either took away; of what both changed, theirs."""
    key = _LISTS[group]
    (ours_then,), (theirs_then,) = _values(then.ours, group), _values(then.theirs, group)
    (ours,), (theirs,) = _values(now.ours, group), _values(now.theirs, group)
    before, here, there = ({key(one): one for one in side} for side in (ours_then, ours, theirs))
    gone = {key(one) for one in (*ours_then, *theirs_then)} - (here.keys() & there.keys())
    both = {name: one for name, one in here.items() if name not in gone}
    for name, one in there.items():
        if name not in gone and not (name in before and one == before[name] and name in both):
            both[name] = one
    whole = tuple(both.values())
    return whole if group == "guests" else tuple(sorted(whole))


def _values(event: IcalEvent, group: str) -> tuple[Any, ...]:
    return tuple(getattr(event, name) for name in GROUPS[group])


def _with(event: IcalEvent, group: str, values: tuple[Any, ...]) -> IcalEvent:
    return replace(event, **dict(zip(GROUPS[group], values, strict=True)))
