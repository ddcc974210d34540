"""What holds whatever changes of people, departments and roles: an administrator stays, nobody gives rights they do not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.access import held_roles
from tuicrm.domain.config_records import ConfigRecord, Person, Role
from tuicrm.domain.granting import RightGiven, administrators, given_beyond
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.drafts import Draft
from tuicrm.store.protocol import Key

TABLES = ("person", "department", "role")
_SIGN_IN = ("logins", "keys", "password")
"""By what somebody is known when they come in."""


def follow(draft: Draft) -> None:
    """Hold a draft against both rules. Raises Refused for the last administrator, AccessDenied for rights that are not the giver's."""
    touched = [key for key in draft.touched() if key.table in TABLES]
    if not touched:
        return
    before = draft.session.workspace
    after = _after(draft, before, touched)
    _keep_an_administrator(draft, before, after)
    _refuse_beyond(draft, before, after)


def _after(draft: Draft, before: Workspace, touched: Sequence[Key]) -> Workspace:
    """The people, departments and roles as they would be."""
    records = {table: dict(before.records.get(table, {})) for table in (*TABLES, "setting")}
    for key in touched:
        doc = draft.get(key)
        records[key.table].pop(key.id, None)
        if doc is not None:
            records[key.table][key.id] = ConfigRecord(key.id, 0, doc)
    return Workspace({}, {table: list(found.values()) for table, found in records.items()})


def _keep_an_administrator(draft: Draft, before: Workspace, after: Workspace) -> None:
    left = administrators(after)
    if not left and administrators(before):
        raise Refused(_("At least one administrator must be able to sign in, and this is the last one."))
    # Of two who take each other's right away at once, the later one finds that this is the last one.
    keep = next((person for person in left if person.key in before.people), None)
    if keep is not None:
        held = next(one for one in held_roles(after, keep) if one.role.admin)
        for table, name in (("person", keep.key), ("role", held.role.key), ("department", held.department)):
            entry = before.entry(table, name) if name else None
            if entry is not None:
                draft.hold(Key(table, entry.id))


def _refuse_beyond(draft: Draft, before: Workspace, after: Workspace) -> None:
    access = draft.session.access
    if access.admin:
        return
    beyond: list[RightGiven] = []
    for key, role in after.roles.items():
        known = before.roles.get(key)
        beyond += given_beyond(access, [known] if known else [], [role])
    for key, person in after.people.items():
        was = before.people.get(key)
        had = _roles(before, was) if was is not None else []
        beyond += given_beyond(access, had, _roles(after, person))
        if was is not None and _signs_in_otherwise(before, after, was):
            # Whoever says by what somebody comes in could come in as them.
            beyond += given_beyond(access, [], _roles(after, person))
    if beyond:
        raise AccessDenied(_("You may give no rights that you do not have: {rights}.").format(rights=told(beyond[0])))


def _signs_in_otherwise(before: Workspace, after: Workspace, person: Person) -> bool:
    was, now = _doc(before, person.key), _doc(after, person.key)
    return any((was.get(name) or None) != (now.get(name) or None) for name in _SIGN_IN)


def _doc(workspace: Workspace, key: str) -> Mapping[str, Any]:
    entry = workspace.entry("person", key)
    return entry.doc if entry is not None else {}


def _roles(workspace: Workspace, person: Person) -> list[Role]:
    return [one.role for one in held_roles(workspace, person)] if not person.retired else []


def told(given: RightGiven) -> str:
    """A right, as people name it."""
    if given.right == "admin":
        return _("to manage everything")
    if not given.place:
        return given.right
    return f"{given.place}: {given.right} = {given.scope}"
