"""Rooms by what they are called, as far as planning needs them: where a workspace has no rooms, nothing names one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuicrm.domain import named
from tuicrm.domain.workspace import ConfigRecord
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session

TABLE = "room"


def room_records(session: Session) -> list[ConfigRecord]:
    """The records of rooms and resources, those no longer in use too."""
    return list(session.workspace.records.get(TABLE, {}).values())


def room_choices(session: Session) -> list[tuple[str, str]]:
    """Key and name of what can be booked, by name."""
    found = [
        (str(one.doc.get("key")), _label(session, one)) for one in room_records(session) if not one.doc.get("retired")
    ]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def find_room(session: Session, text: str) -> str:
    """The key of the room that is called so. Raises NotFound, listing them; Refused where several are."""
    known = [
        named.Named(
            one.doc,
            str(one.doc.get("key")),
            (_label(session, one),),
            _label(session, one),
            bool(one.doc.get("retired")),
        )
        for one in room_records(session)
    ]
    try:
        found: Any = named.the(text, known, _("There is no room “{name}”").format(name=text))
    except named.NotNamed as missing:
        problem = [FieldProblem("room", missing.message, text)]
        raise (
            Refused(missing.message, problem) if missing.several else NotFound(missing.message, problem)
        ) from missing
    return str(found.get("key"))


def room_name(session: Session, key: str) -> str:
    """What a room is called; its key where nobody knows it."""
    return next((_label(session, one) for one in room_records(session) if one.doc.get("key") == key), key)


def check_rooms(session: Session, keys: Sequence[Any]) -> None:
    """Raise Refused for what is no key of a room that is in use."""
    known = {key for key, _name in room_choices(session)}
    for key in keys if isinstance(keys, (list, tuple)) else ():
        if key not in known:
            told = _("There is no room “{name}”").format(name=key)
            raise Refused(told, [FieldProblem("rooms", told, key)])


def _label(session: Session, record: ConfigRecord) -> str:
    label = record.doc.get("label")
    return session.label(label) if isinstance(label, (str, dict)) and label else str(record.doc.get("key"))
