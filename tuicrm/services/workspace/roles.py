"""Roles: what their holders may do, by item type, pipeline and stage, and the rights that concern no single item (reference §12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from tuicrm.domain import named
from tuicrm.domain.access import OPERATIONS, SCOPES, SPECIALS
from tuicrm.domain.config_records import ConfigRecord, Role
from tuicrm.domain.language import every
from tuicrm.domain.schema import all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import N_, _
from tuicrm.limits import ROLE_NAME
from tuicrm.services.kernel.lookup import find_pipeline, find_stage, find_type
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import DEPARTMENT, find_member

TABLE = "role"
_GAP = 10
EVERYWHERE = "*"
"""The place of every type that a role says nothing else of."""

SCOPE_LABELS: Mapping[str, str] = {
    "none": N_("nothing"),
    "own": N_("own"),
    "department": N_("department"),
    "subdepartments": N_("with sub-departments"),
    "open": N_("and open to all"),
    "all": N_("all"),
}
OPERATION_LABELS: Mapping[str, str] = {
    "read": N_("read"),
    "add": N_("add"),
    "edit": N_("change"),
    "delete": N_("delete"),
    "export": N_("export"),
    "import": N_("import"),
}
SPECIAL_LABELS: Mapping[str, str] = {
    "settings": N_("change the settings"),
    "edit_common_layout": N_("change the common layout of cards"),
    "personal_layout": N_("have a personal layout"),
    "make_views": N_("make views, and filters for everyone"),
    "templates": N_("change templates"),
    "make_documents": N_("create documents"),
    "channels": N_("change channels of others"),
    "merge": N_("merge items"),
    "bulk": N_("change many items at once"),
    "work_as": N_("work as others (--as)"),
}


class RoleDetails(Struct, frozen=True):
    """What can be said of a role; None leaves it. `rules` are cells by (place, operation): a scope, "" for what the place around it
    says. `specials` are those to give or take."""

    label: str | None = None
    rules: Mapping[tuple[str, str], str] = {}
    specials: Mapping[str, bool] = {}


class RoleHolder(Struct, frozen=True):
    """Who has a role: a person's key or `department:KEY`, and the name."""

    key: str
    name: str


class RoleLoss(Struct, frozen=True):
    """Who loses a role when it goes, and the labels of the roles that they keep."""

    holder: RoleHolder
    kept: Sequence[str]


# -- which there are ---------------------------------------------------------------------------------------------------
def why_not_change(session: Session) -> str | None:
    """Why this person may not change roles; None when they may."""
    if session.access.has("settings"):
        return None
    return _("You may not change roles: ask someone who may change settings.")


def roles(session: Session) -> list[Role]:
    """All roles, in their order."""
    return list(session.workspace.roles.values())


def find_role(session: Session, text: str) -> Role:
    """A role by key or label in any shipped language. Raises NotFound, Refused."""
    known = [named.labelled(one, one.key, one.label, session.language) for one in roles(session)]
    try:
        return named.the(text, known, _("There is no role “{text}”").format(text=text))
    except named.NotNamed as missing:
        raise (Refused if missing.several else NotFound)(missing.message) from missing


def holders(session: Session, key: str) -> list[RoleHolder]:
    """Who has a role: people by their own entries, then departments."""
    workspace = session.workspace
    people = [RoleHolder(one.key, one.name) for one in workspace.people.values() if key in one.roles]
    parts = [
        RoleHolder(f"{DEPARTMENT}{one.key}", one.name) for one in workspace.departments.values() if key in one.roles
    ]
    return [*people, *parts]


def what_is_lost(session: Session, key: str) -> list[RoleLoss]:
    """What deleting a role comes to: who has it, and what they keep."""
    workspace, found = session.workspace, list[RoleLoss]()
    for holder in holders(session, key):
        department = holder.key.removeprefix(DEPARTMENT)
        has = (
            workspace.departments[department].roles if department != holder.key else workspace.people[holder.key].roles
        )
        kept = [session.label(workspace.roles[one].label) for one in has if one != key and one in workspace.roles]
        found.append(RoleLoss(holder, kept))
    return found


def plain(session: Session, role: Role) -> dict[str, Any]:
    """A role as JSON tells it."""
    told: dict[str, Any] = msgspec.to_builtins(role)
    return {**told, "name": session.label(role.label), "holders": [one.key for one in holders(session, role.key)]}


# -- what is typed -----------------------------------------------------------------------------------------------------
def read_place(session: Session, text: str) -> str:
    """A place of rules from what was typed: `*`, `deal`, `deal/sales`, `deal/sales/won`. Raises NotFound, Refused."""
    bare = text.strip()
    if bare == EVERYWHERE:
        return bare
    name, _slash, rest = bare.partition("/")
    key = find_type(session, name).key
    if not rest:
        return key
    line, _slash, stage = rest.partition("/")
    pipeline = find_pipeline(session, key, line)
    return f"{key}/{pipeline.key}/{find_stage(session, pipeline, stage).key}" if stage else f"{key}/{pipeline.key}"


def read_cell(session: Session, text: str) -> tuple[tuple[str, str], str]:
    """A cell of the matrix from what was typed: `deal.edit=department`; nothing behind the sign takes the rule away. Raises Refused,
    NotFound."""
    where, sign, scope = text.partition("=")
    place, dot, operation = where.strip().rpartition(".")
    if not sign or not dot:
        raise _wrong("rule", _("PLACE.OPERATION=SCOPE is expected, such as deal.edit=department"), text)
    return (read_place(session, place), _operation(operation)), read_scope(scope)


def _operation(text: str) -> str:
    return _one_of("operation", text, OPERATIONS, OPERATION_LABELS)


def read_scope(text: str) -> str:
    """A scope by key or label; "" for what the place around says. Raises Refused."""
    bare = text.strip()
    return _one_of("scope", bare, SCOPES, SCOPE_LABELS) if bare and bare.casefold() != "inherit" else ""


def read_special(text: str) -> str:
    """A special right by key or label. Raises Refused."""
    return _one_of("special", text, SPECIALS, SPECIAL_LABELS)


def _one_of(field: str, text: str, known: Sequence[str], labels: Mapping[str, str]) -> str:
    folded = text.strip().casefold().replace("-", "_")
    for key in known:
        if folded == key.replace("-", "_") or text.strip().casefold() in (labels[key], _(labels[key]).casefold()):
            return key
    raise _wrong(field, _("choose one of: {known}").format(known=", ".join(known)), text)


# -- adding, changing --------------------------------------------------------------------------------------------------
def add_role(session: Session, details: RoleDetails, *, key: str = "", like: Role | None = None) -> Role:
    """A new role, at the end of the list; `like` another one, it begins with what that may. The key comes from its name unless given;
    it never changes. Raises Refused, AccessDenied."""
    _require_change(session)
    session.store.refresh()
    known = session.workspace.roles
    label = _name(session, details.label or "")
    if key and key in known:
        raise _wrong("key", _("a role with this key already exists"), key)
    if key and key != slug(key, "role"):
        raise _wrong("key", _("use lower-case letters, digits and _ only"), key)
    begun = (
        {"admin": like.admin, "rules": dict(like.rules), "specials": list(like.specials)} if like is not None else {}
    )
    doc = _changed({"label": label, **begun}, details)
    doc |= {"key": key or unused(slug(label, "role"), known), "label": label}
    doc["sort"] = max((one.sort for one in known.values()), default=0) + _GAP
    with session.change(_("add the role {role}").format(role=label)) as change:
        change.put(TABLE, doc)
    return session.workspace.roles[doc["key"]]


def edit_role(session: Session, key: str, details: RoleDetails) -> Role:
    """Change what is given of a role; what others change meanwhile stays. Raises Refused, NotFound, AccessDenied."""
    _require_change(session)
    entry = _entry(session, key)
    renamed = {"label": _name(session, details.label, key)} if details.label is not None else {}
    shown = renamed.get("label") or session.label(session.workspace.roles[key].label)
    if not (renamed or details.rules or details.specials):
        return session.workspace.roles[key]

    def step(doc: dict[str, Any]) -> dict[str, Any]:
        return {**_changed(_as_meant(session, key, doc), details), **renamed}

    with session.change(_("change the role {role}").format(role=shown)) as change:
        change.reshape(TABLE, entry.id, step)
    return session.workspace.roles[key]


def _as_meant(session: Session, key: str, doc: dict[str, Any]) -> dict[str, Any]:
    """A record with the rights that an older workspace leaves unsaid: once somebody changes one, what is written is what holds."""
    role = session.workspace.roles.get(key)
    return {**doc, "specials": list(role.specials)} if role is not None else doc


def _changed(doc: dict[str, Any], details: RoleDetails) -> dict[str, Any]:
    """A role's record with cells and special rights changed."""
    rules = {place: dict(row) for place, row in (doc.get("rules") or {}).items()}
    for (place, operation), scope in details.rules.items():
        row = rules.setdefault(place, {})
        if scope:
            row[operation] = scope
        else:
            row.pop(operation, None)
    specials = [one for one in doc.get("specials") or () if details.specials.get(one, True)]
    specials += [one for one, has in details.specials.items() if has and one not in specials]
    if doc.get("admin") and (details.rules or details.specials):
        raise Refused(_("An administrator's role may do everything; clone another one to say less."))
    return {**doc, "rules": {place: row for place, row in rules.items() if row}, "specials": specials}


def clone_role(session: Session, key: str, name: str, *, new_key: str = "") -> Role:
    """A new role that may what this one may. Raises Refused, NotFound, AccessDenied."""
    _require_change(session)
    _entry(session, key)
    return add_role(session, RoleDetails(name), key=new_key, like=session.workspace.roles[key])


def move_role(session: Session, key: str, step: int) -> Role:
    """One place down (1) or up (-1) in the list; nothing at its ends. Raises NotFound, AccessDenied."""
    _require_change(session)
    session.store.refresh()
    order = [one.key for one in roles(session)]
    at = order.index(_entry(session, key).doc["key"])
    if 0 <= at + step < len(order):
        order.insert(at + step, order.pop(at))
        label = session.label(session.workspace.roles[key].label)
        with session.change(_("move the role {role}").format(role=label)) as change:
            for place, each in enumerate(order, start=1):
                entry = _entry(session, each)
                if entry.doc.get("sort") != place * _GAP:
                    change.patch(TABLE, entry.id, {"sort": place * _GAP})
    return session.workspace.roles[key]


def delete_role(session: Session, key: str) -> None:
    """Delete a role; who had it keeps what other roles give them. One undo. Raises Refused for the last administrator's, NotFound,
    AccessDenied."""
    _require_change(session)
    entry = _entry(session, key)
    label = session.label(session.workspace.roles[key].label)
    with session.change(_("delete the role {role}").format(role=label)) as change:
        for table, holder in _holding(session, key):
            change.reshape(table, holder.id, lambda doc: _without(doc, key))
        change.remove(TABLE, entry.id)


def give_role(session: Session, key: str, members: Sequence[str]) -> list[RoleHolder]:
    """Give a role to people and departments (keys, logins, names). Raises NotFound, Refused, AccessDenied."""
    return _hand(session, key, members, give=True)


def take_role(session: Session, key: str, members: Sequence[str]) -> list[RoleHolder]:
    """Take a role from people and departments. Raises NotFound, Refused for who does not have it, AccessDenied."""
    return _hand(session, key, members, give=False)


def _hand(session: Session, key: str, members: Sequence[str], *, give: bool) -> list[RoleHolder]:
    _require_change(session)
    _entry(session, key)
    found = list(dict.fromkeys(find_member(session, text) for text in members))
    has = {one.key for one in holders(session, key)}
    lacking = [] if give else [member for member in found if member not in has]
    if lacking:
        raise _wrong("members", _("{names} does not have this role").format(names=", ".join(lacking)), lacking)
    name = session.label(session.workspace.roles[key].label)
    label = (_("give the role {role}") if give else _("take the role {role} away")).format(role=name)
    with session.change(label) as change:
        for member in found:
            bare = member.removeprefix(DEPARTMENT)
            table = "department" if bare != member else "person"
            entry = session.workspace.entry(table, bare)
            if entry is not None and (member in has) is not give:
                change.reshape(
                    table, entry.id, (lambda doc: _with(doc, key)) if give else (lambda doc: _without(doc, key))
                )
    return holders(session, key)


def _with(doc: dict[str, Any], key: str) -> dict[str, Any]:
    return {**doc, "roles": list(dict.fromkeys((*(doc.get("roles") or ()), key)))}


def _without(doc: dict[str, Any], key: str) -> dict[str, Any]:
    return {**doc, "roles": [one for one in doc.get("roles") or () if one != key]}


def _holding(session: Session, key: str) -> Iterator[tuple[str, ConfigRecord]]:
    for table in ("person", "department"):
        for entry in session.workspace.records.get(table, {}).values():
            if key in (entry.doc.get("roles") or ()):
                yield table, entry


def _require_change(session: Session) -> None:
    if reason := why_not_change(session):
        raise AccessDenied(reason)


def _entry(session: Session, key: str) -> ConfigRecord:
    entry = session.workspace.entry(TABLE, key)
    if entry is None:
        raise NotFound(_("This role was removed by someone. Choose another."))
    return entry


def _name(session: Session, text: str, but: str = "") -> str:
    label = " ".join(text.split())
    if not label:
        raise _wrong("name", _("is required"), text)
    ROLE_NAME.check("name", label)
    others = {name.casefold() for one in roles(session) if one.key != but for name in all_labels(one.label)}
    if label.casefold() in others or label.casefold() in every("me"):
        raise _wrong("name", _("a role with this name already exists"), text)
    return label


def _wrong(field: str, message: str, value: object) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])
