"""Whose calendars there are to look at: one's own, people's, departments', rooms'; and how they are called."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from tuicrm.i18n import _, ngettext
from tuicrm.services.calendar.occurrences import Whose, people_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.people import departments, people
from tuicrm.store.protocol import Find

_PERSON, _DEPARTMENT, _ROOM, _ALL = "person:", "department:", "room:", "all"
_NAMED = 3


class Calendar(Struct, frozen=True):
    """One of them: its key (`person:anna`, `department:sales`, `room:blue`, `all`), its name, and what it is."""

    key: str
    label: str
    detail: str = ""


def choices(session: Session) -> list[Calendar]:
    """All that can be looked at: one's own first."""
    me = session.person_key
    everyone = sorted(people(session), key=lambda one: one.key != me)
    found = [Calendar(_PERSON + one.key, one.name, _("mine") if one.key == me else "") for one in everyone]
    found += [Calendar(_ROOM + key, name, _("room")) for key, name in rooms(session).items()]
    found += [Calendar(_DEPARTMENT + one.key, one.name, _("department")) for _depth, one in departments(session)]
    return [*found, Calendar(_ALL, _("Everybody"))]


def rooms(session: Session) -> dict[str, str]:
    """The rooms that can be booked, by key."""
    found = [record.doc for record in session.store.find(Find("room")).records]
    return {
        str(doc["key"]): session.label(doc.get("label") or doc["key"])
        for doc in found
        if doc.get("key") and not doc.get("retired")
    }


def keys_of(whose: Whose) -> tuple[str, ...]:
    """The keys of the calendars that are shown."""
    found = (
        *(_PERSON + key for key in whose.people),
        *(_ROOM + key for key in whose.rooms),
        *([_DEPARTMENT + whose.department] if whose.department else []),
    )
    return found or (_ALL,)


def whose_of(session: Session, keys: Iterable[str]) -> Whose:
    """What is shown of the keys that were chosen: one's own calendar where nothing was. Of several departments, their people."""
    chosen = tuple(keys)
    if _ALL in chosen:
        return Whose()
    parts = [key.removeprefix(_DEPARTMENT) for key in chosen if key.startswith(_DEPARTMENT)]
    persons = [key.removeprefix(_PERSON) for key in chosen if key.startswith(_PERSON)]
    if len(parts) > 1:
        persons += sorted(key for part in parts for key in people_of(session, Whose(department=part)))
    found = Whose(
        people=tuple(dict.fromkeys(persons)),
        department=parts[0] if len(parts) == 1 else "",
        rooms=tuple(key.removeprefix(_ROOM) for key in chosen if key.startswith(_ROOM)),
    )
    return found if found != Whose() else mine(session)


def mine(session: Session) -> Whose:
    """One's own calendar."""
    return Whose(people=(session.person_key,))


def apart(session: Session, whose: Whose) -> list[tuple[str, Whose]]:
    """Each calendar for itself, with its name: a department's people one by one. Everybody's is one."""
    names = session.workspace.people
    persons = [*whose.people, *sorted(people_of(session, whose) - set(whose.people))]
    found = [(names[key].name, Whose(people=(key,))) for key in persons if key in names]
    there = rooms(session)
    found += [(there.get(key, key), Whose(rooms=(key,))) for key in whose.rooms]
    return found or [(told(session, whose), whose)]


def told(session: Session, whose: Whose) -> str:
    """In words: `Anna Bianchi, Luca Riva`, `Everybody`, `5 calendars`."""
    if whose == Whose():
        return _("everybody")
    names = session.workspace.people
    found = [names[key].name for key in whose.people if key in names]
    if whose.department and (part := session.workspace.departments.get(whose.department)):
        found.append(part.name)
    there = rooms(session)
    found += [there.get(key, key) for key in whose.rooms]
    if len(found) > _NAMED:
        return ngettext("{n} calendar", "{n} calendars", len(found))
    return ", ".join(found)
