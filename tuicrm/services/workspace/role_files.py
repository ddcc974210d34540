"""Roles as TOML: written for people to read and keep under version control, read back as one change.

[role.manager]
name = "Manager"
special = ["merge"]
rules."*" = {read = "all", add = "all"}
rules."deal/sales/won" = {edit = "none"}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from tuicrm.domain.access import OPERATIONS, SPECIALS
from tuicrm.domain.config_records import Role
from tuicrm.domain.slugs import slug
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import ROLE_NAME
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.roles import TABLE, why_not_change
from tuicrm.services.workspace.roles import read_place as place_of
from tuicrm.services.workspace.roles import read_scope as scope_of

_KNOWN = {"name", "admin", "special", "rules"}


class RoleRead(Struct, frozen=True):
    """A role as a file says it."""

    key: str
    label: Any
    admin: bool
    rules: Mapping[str, Mapping[str, str]]
    specials: Sequence[str]


class RolesTaken(Struct, frozen=True):
    """What reading a file came to: keys of roles that were added, changed, and as the file says already."""

    added: list[str]
    changed: list[str]
    same: list[str]


def written(roles: Sequence[Role]) -> str:
    """The text of a file that holds these roles, in their order."""
    lines = [f"# {_('Roles of tuicrm: tuicrm role import reads this file.')}"]
    for role in roles:
        label = role.label if isinstance(role.label, str) else None
        lines += ["", f"[role.{_string(role.key)}]"]
        lines.append(f"name = {_string(label) if label is not None else _table(role.label)}")
        if role.admin:
            lines.append("admin = true")
            continue
        lines.append(f"special = [{', '.join(map(_string, role.specials))}]")
        for place, row in sorted(role.rules.items()):
            told = {str(operation): row[operation] for operation in OPERATIONS if operation in row}
            lines.append(f"rules.{_string(place)} = {_table(told)}")
    return "\n".join(lines) + "\n"


def _table(said: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name} = {_string(value)}" for name, value in said.items()) + "}"


def _string(text: str) -> str:
    # JSON's strings are TOML's, but for one character, which no name holds.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(session: Session, text: str) -> list[RoleRead]:
    """The roles that a file says. Raises Refused naming the role and what is wrong with it."""
    import tomllib

    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise _wrong("file", _("TOML is expected: {why}").format(why=wrong), "") from wrong
    roles = tree.get("role")
    if not isinstance(roles, dict) or not roles or set(tree) != {"role"}:
        raise _wrong("file", _("roles are expected, each under [role.KEY]"), ", ".join(tree))
    return [_one(session, key, said) for key, said in roles.items()]


def _one(session: Session, key: str, said: object) -> RoleRead:
    where = f"role.{key}"
    if not isinstance(said, dict) or set(said) - _KNOWN:
        raise _wrong(where, _("only these are expected: {known}").format(known=", ".join(sorted(_KNOWN))), str(said))
    if key != slug(key, "role"):
        raise _wrong(where, _("use lower-case letters, digits and _ only"), key)
    label, admin, specials = said.get("name", key), said.get("admin", False), said.get("special", [])
    names = list(label.values()) if isinstance(label, dict) else [label]
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise _wrong(f"{where}.name", _("a name is expected, or one for each language"), str(label))
    for name in names:
        ROLE_NAME.check(f"{where}.name", name)
    if not isinstance(admin, bool):
        raise _wrong(f"{where}.admin", _("true or false is expected"), str(admin))
    if not isinstance(specials, list) or not all(one in SPECIALS for one in specials):
        raise _wrong(f"{where}.special", _("choose one of: {known}").format(known=", ".join(SPECIALS)), str(specials))
    return RoleRead(key, label, admin, _rules(session, where, said.get("rules", {})), list(dict.fromkeys(specials)))


def _rules(session: Session, where: str, said: object) -> dict[str, dict[str, str]]:
    if not isinstance(said, dict):
        raise _wrong(f"{where}.rules", _("a table of places is expected"), str(said))
    rules: dict[str, dict[str, str]] = {}
    for place, row in said.items():
        try:
            key = place_of(session, place)
        except (Refused, NotFound) as unknown:
            raise _wrong(f"{where}.rules.{place}", unknown.message, place) from unknown
        if not isinstance(row, dict) or set(row) - set(OPERATIONS):
            known = ", ".join(OPERATIONS)
            raise _wrong(f"{where}.rules.{place}", _("only these are expected: {known}").format(known=known), str(row))
        cells = {operation: scope_of(str(scope)) for operation, scope in row.items()}
        rules[key] = {operation: scope for operation, scope in cells.items() if scope}
    return {place: row for place, row in rules.items() if row}


def take_in(session: Session, roles: Sequence[RoleRead], *, dry_run: bool = False) -> RolesTaken:
    """Have roles as a file says, as one change: those that are here become as it says, others are added; who has them stays. Raises
    AccessDenied, Refused for the last administrator's."""
    if reason := why_not_change(session):
        raise AccessDenied(reason)
    session.store.refresh()
    taken = RolesTaken([], [], [])
    sort = max((one.sort for one in session.workspace.roles.values()), default=0)
    with session.change(_("import roles")) as change:
        for role in roles:
            entry = session.workspace.entry(TABLE, role.key)
            said = {"key": role.key, "label": role.label, "rules": role.rules, "specials": list(role.specials)}
            said |= {"admin": True} if role.admin else {}
            if entry is None:
                sort += 10
                taken.added.append(role.key)
                change.put(TABLE, {**said, "sort": sort})
            elif _same(session.workspace.roles[role.key], role):
                taken.same.append(role.key)
            else:
                taken.changed.append(role.key)
                kept = {"sort": entry.doc["sort"]} if "sort" in entry.doc else {}
                change.put(TABLE, {**said, **kept}, entry.id, expect=entry.rev)
        if dry_run:
            change.try_out()
            change.forget()
    return taken


def _same(kept: Role, said: RoleRead) -> bool:
    return (kept.label, kept.admin, dict(kept.rules), sorted(kept.specials)) == (
        said.label,
        said.admin,
        {place: dict(row) for place, row in said.rules.items()},
        sorted(said.specials),
    )


def _wrong(field: str, message: str, value: str) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])
