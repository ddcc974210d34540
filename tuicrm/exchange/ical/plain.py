"""Events as JSON has them, and back: for records that keep what was seen of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_args

import msgspec

from tuicrm.exchange.ical.events import IcalEvent, IcalGuest, IcalWhen, Secrecy, is_day
from tuicrm.exchange.ical.zones import zone_info

_TIMES = ("start", "end", "occurrence")
_LISTS = ("skipped", "more")


def plain_event(event: IcalEvent) -> dict[str, Any]:
    """An event as a JSON object; what it does not say is left out."""
    plain: dict[str, Any] = msgspec.to_builtins(event)
    usual = {name: value for name, value in _USUAL.items() if plain[name] == value}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in plain.items() if name not in usual
    }


def event_of(plain: object) -> IcalEvent | None:
    """The event again; None for what is none, whoever wrote it."""
    if not isinstance(plain, dict) or not isinstance(plain.get("uid"), str):
        return None
    try:
        given = {name: _value(name, plain[name]) for name in IcalEvent.__struct_fields__ if name in plain}
        event = IcalEvent(**given)
        zone_info(event.zone)
    except (TypeError, ValueError, LookupError, OSError):
        return None
    return event if _is_whole(event) else None


def _is_whole(event: IcalEvent) -> bool:
    """Whether it is for days or for times, not from the one to the other, and says no more than a file can."""
    mixed = event.start is not None and event.end is not None and is_day(event.start) != is_day(event.end)
    return not mixed and event.secrecy in get_args(Secrecy) and min(event.reminders, default=0) >= 0


def guests_of(plain: object) -> list[IcalGuest]:
    """Those who were kept as JSON; what is none is left out."""
    found = []
    for one in plain if isinstance(plain, list) else ():
        try:
            found.append(msgspec.convert(one, IcalGuest))
        except msgspec.ValidationError:
            continue
    return found


def _value(name: str, value: object) -> Any:
    if name in _TIMES:
        return _when(value)
    if name in _LISTS:
        return tuple(_when(one) for one in _list(value))
    if name == "guests":
        return tuple(guests_of(value))
    if name == "organizer":
        return next(iter(guests_of([value])), None)
    if name == "reminders":
        return tuple(msgspec.convert(value, list[int]))
    if name == "extra":
        return tuple(msgspec.convert(value, list[str]))
    return msgspec.convert(value, type(_USUAL.get(name, "")))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _when(value: object) -> IcalWhen:
    if not isinstance(value, str):
        raise TypeError(value)
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value).replace(tzinfo=None)


_USUAL: Mapping[str, Any] = {
    name: value for name, value in msgspec.to_builtins(IcalEvent(uid="")).items() if name != "uid"
}
