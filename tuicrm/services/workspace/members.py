"""People and departments that something is for: views, and fields that not everyone may see."""

from __future__ import annotations

from collections.abc import Collection

from tuicrm.domain import named
from tuicrm.domain.context import Choice
from tuicrm.domain.language import every
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.people import named_people

DEPARTMENT = "department:"


def check_members(session: Session, members: Collection[str]) -> list[str]:
    """Keys of people and `department:key`, each once and known. Raises Refused naming those that are not."""
    workspace = session.workspace
    known = {*workspace.people, *(f"{DEPARTMENT}{key}" for key in workspace.departments)}
    unknown = [member for member in members if member not in known]
    if unknown:
        message = _("there is no person or department {names}").format(names=", ".join(unknown))
        raise Refused(message, [FieldProblem("members", message, unknown)])
    return list(dict.fromkeys(members))


def member_choices(session: Session, present: Collection[str] = ()) -> list[Choice]:
    """Whom one can choose: people, then departments; retired ones only where they are chosen already."""
    workspace = session.workspace
    people = [
        Choice(person.key, person.name, person.email or person.key)
        for person in workspace.people.values()
        if not person.retired or person.key in present
    ]
    parts = [
        Choice(f"{DEPARTMENT}{part.key}", part.name, _("department"))
        for part in workspace.departments.values()
        if not part.retired or f"{DEPARTMENT}{part.key}" in present
    ]
    return [*people, *parts]


def find_member(session: Session, text: str) -> str:
    """A person or department as it is typed: key, login or name, `me` in any language, `department:key`. Raises
    NotFound, Refused when it may be several."""
    workspace, bare = session.workspace, text.removeprefix(DEPARTMENT)
    if text.strip().casefold() in every("me"):
        return session.person_key
    by_login = workspace.person_of_login(text)
    if by_login is not None or text in workspace.people:
        return by_login.key if by_login is not None and text not in workspace.people else text
    parts = [
        named.Named(f"{DEPARTMENT}{one.key}", one.key, (one.name,), one.name, one.retired)
        for one in workspace.departments.values()
    ]
    people = [
        named.Named(one.key, one.key, one.names, one.shown, one.retired, one.detail) for one in named_people(workspace)
    ]
    known: list[named.Named[str]] = parts if bare != text else [*people, *parts]
    try:
        return named.the(bare, known, _("There is no person or department “{name}”").format(name=text))
    except named.NotNamed as missing:
        if not missing.several:
            raise NotFound(missing.message) from missing
        meant = ", ".join(named.find(bare, known))
        raise Refused(_("Several are called “{text}”: {known}").format(text=text, known=meant)) from missing
