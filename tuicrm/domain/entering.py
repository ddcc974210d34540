"""Who may come into a workspace (DESIGN.md, decision 9): asked at the door (`services/workspace/start.py`) and where scripts go past
it (`store/tinydb_face.py`), and answered in the same words."""

from __future__ import annotations

from tuicrm.domain.access import Access
from tuicrm.domain.config_records import Person
from tuicrm.domain.granting import given_beyond
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _


def enter(workspace: Workspace, login: str) -> Person:
    """The person who a system user is. Raises AccessDenied for a stranger, and for who is retired."""
    known = workspace.person_of_login(login)
    if known is None:
        raise AccessDenied(
            _(
                "You ({login}) are not a member of this workspace. Ask an administrator to add "
                "you: `tuicrm user add NAME --login {login}`."
            ).format(login=login)
        )
    refuse_retired(known)
    return known


def let_in(workspace: Workspace, person: str, fingerprint: str) -> Person:
    """The person who came in through the front; by a key of theirs where one is named. Raises AccessDenied for who is gone, and for a
    key that was taken away."""
    known = workspace.people.get(person)
    if known is None:
        raise AccessDenied(_("You are not a member of this workspace any more. Ask an administrator."))
    refuse_retired(known)
    if fingerprint and fingerprint not in {key.fingerprint for key in known.keys}:
        raise AccessDenied(_("This key was taken away from {name}. Ask an administrator.").format(name=known.name))
    return known


def refuse_retired(person: Person) -> None:
    """Raise AccessDenied for who no longer works here."""
    if person.retired:
        raise AccessDenied(
            _("{name} no longer has access to this workspace. Ask an administrator.").format(name=person.name)
        )


def may_work_as(workspace: Workspace, person: Person, other: Person) -> bool:
    """Whether somebody may work as another one (`--as`): administrators; who has that right, as those who may no more than they."""
    access = Access(person, workspace)
    theirs = [one.role for one in Access(other, workspace).held]
    return access.admin or (access.has("work_as") and not given_beyond(access, [], theirs))


def administers(workspace: Workspace, person: Person) -> bool:
    """Whether somebody is an administrator."""
    return Access(person, workspace).admin
