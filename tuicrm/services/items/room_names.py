"""Rooms and resources by what they are called: where a workspace has no rooms, nothing names one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuicrm.domain import named
from tuicrm.domain.rooms import BookableRoom
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session


def room_choices(session: Session) -> list[tuple[str, str]]:
    """Key and name of what can be booked, by name."""
    found = [(room.key, room.label) for room in session.workspace.rooms.values() if not room.retired]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def find_room(session: Session, text: str, *, begins: bool = False) -> BookableRoom:
    """A room or resource by key or name, retired ones too; where it is only looked for (`begins`), by a beginning. Raises NotFound,
    listing those there are; Refused where it may be several."""
    known = [
        named.labelled(one, one.key, one.label, session.language, retired=one.retired)
        for one in session.workspace.rooms.values()
    ]
    try:
        return named.the(text, known, _("There is no room “{name}”").format(name=text), begins=begins)
    except named.NotNamed as missing:
        problem = [FieldProblem("room", missing.message, text)]
        raise (Refused if missing.several else NotFound)(missing.message, problem) from missing


def room_name(session: Session, key: str) -> str:
    """What a room is called; its key where nobody knows it."""
    room = session.workspace.rooms.get(key)
    return room.label if room is not None else key


def check_rooms(session: Session, keys: Sequence[Any]) -> None:
    """Raise Refused for what is no key of a room that is in use."""
    known = {key for key, _name in room_choices(session)}
    for key in keys if isinstance(keys, (list, tuple)) else ():
        if key not in known:
            told = _("There is no room “{name}”").format(name=key)
            raise Refused(told, [FieldProblem("rooms", told, key)])
