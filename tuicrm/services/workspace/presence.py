"""Who else is in the workspace now, who has the same card open, and what they are editing there."""

from __future__ import annotations

from typing import NamedTuple

from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session


class Other(NamedTuple):
    """A colleague at work: the card they have open ("" for none) and the key of the field they are editing ("" for none)."""

    person: str
    ref: str
    editing: str


def others(session: Session) -> list[Other]:
    """Everybody else who is here, by name; each of a person's sessions, the person asking left out."""
    found = []
    for doc in session.store.presence.others():
        person, ref, editing = (str(doc.get(key) or "") for key in ("person", "ref", "editing"))
        if person in session.workspace.people and person != session.person_key:
            found.append(Other(person, ref, editing))
    return sorted(found, key=lambda other: session.workspace.people[other.person].name)


def names(session: Session) -> tuple[str, ...]:
    """The first names of the colleagues who are here, each once."""
    return tuple(dict.fromkeys(_short(session, other.person) for other in others(session)))


def on_card(session: Session, ref: Ref) -> tuple[str, ...]:
    """Who has this card open: `luca`, or `luca (Amount)` who is editing a field that the person asking may see."""
    found: dict[str, str] = {}
    for other in others(session):
        if other.ref == str(ref):
            found[other.person] = other.editing or found.get(other.person, "")
    return tuple(_told(session, ref, person, editing) for person, editing in found.items())


def _told(session: Session, ref: Ref, person: str, editing: str) -> str:
    name, field = _short(session, person), session.workspace.field(ref.type, editing) if editing else None
    if field is None or not session.access.sees(field):
        return name
    return _("{name} ({field})").format(name=name, field=session.label(field.label))


def _short(session: Session, person: str) -> str:
    """The first name, which is enough where it is the only one."""
    people = session.workspace.people
    name = people[person].name.strip() or person
    first = name.split()[0]
    alike = sum(1 for other in people.values() if other.name.split()[:1] == [first])
    return first if alike == 1 else name
