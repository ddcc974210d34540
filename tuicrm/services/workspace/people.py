"""People and departments of a workspace: added, changed and retired, never deleted, since items and history name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from tuicrm.domain import named
from tuicrm.domain.config_records import ConfigRecord, Person, Role
from tuicrm.domain.departments import Department
from tuicrm.domain.language import every
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _, language
from tuicrm.limits import CONTACT, DEPARTMENT_NAME, LOGIN, LOGINS, PERSON_NAME, Limit
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.zones import zone_named

_Thing = TypeVar("_Thing", Person, Department, Role)


class Details(NamedTuple):
    """What can be said of a person; None leaves it as it is (or empty, for a new one). Roles and departments by key or label."""

    name: str | None = None
    logins: Sequence[str] | None = None
    department: str | None = None
    roles: Sequence[str] | None = None
    email: str | None = None
    language: str | None = None
    zone: str | None = None


# -- finding -----------------------------------------------------------------------------------------------------------
def find_person(workspace: Workspace, text: str, *, me: str, begins: bool = False) -> Person:
    """A person by key, login, name or e-mail address, retired ones too; where they are only looked for (`begins`), by a beginning.
    Whoever asks has the key `me`, and is meant by `me` in any language that ships. Raises NotFound; Refused when the name is that of
    several."""
    if me in workspace.people and text.strip().casefold() in every("me"):
        return workspace.people[me]
    by_login = None if text in workspace.people else workspace.person_of_login(text)
    return by_login or _the(text, named_people(workspace), _("person"), begins=begins)


def named_people(workspace: Workspace) -> list[named.Named[Person]]:
    """Everyone, as they can be named."""
    return [
        named.Named(one, one.key, (one.name, *([one.email] if one.email else []), *one.logins), one.name, one.retired)
        for one in workspace.people.values()
    ]


def find_department(workspace: Workspace, text: str) -> Department:
    """A department by key or name. Raises NotFound, Refused."""
    known = [named.Named(one, one.key, (one.name,), one.name, one.retired) for one in workspace.departments.values()]
    return _the(text, known, _("department"))


def find_role(workspace: Workspace, text: str) -> Role:
    """A role by key or label in any language. Raises NotFound, Refused."""
    known = [named.labelled(one, one.key, one.label, language()) for one in workspace.roles.values()]
    return _the(text, known, _("role"))


def _the(text: str, known: Sequence[named.Named[_Thing]], what: str, *, begins: bool = False) -> _Thing:
    try:
        return named.the(text, known, _("There is no {what} “{text}”").format(what=what, text=text), begins=begins)
    except named.NotNamed as missing:
        raise (Refused if missing.several else NotFound)(missing.message) from missing


# -- people ------------------------------------------------------------------------------------------------------------
def people(session: Session, *, retired: bool = False) -> list[Person]:
    """Everyone who works here, by name; those who no longer do as well when asked for."""
    found = [person for person in session.workspace.people.values() if retired or not person.retired]
    return sorted(found, key=lambda person: (person.name.casefold(), person.key))


def add_person(session: Session, details: Details, *, key: str = "") -> Person:
    """Let a person in. The key comes from their name unless given; it never changes.

    Without logins nobody can work as them (only `--as`); without roles they may do nothing. Raises Refused, AccessDenied."""
    workspace = session.workspace
    name = (details.name or "").strip()
    doc = _person_fields(session, details, {"name": name})
    if key and key in workspace.people:
        raise _wrong("key", _("a person with this key already exists"), key)
    if key and key != slug(key, "person"):
        raise _wrong("key", _("use lower-case letters, digits and _ only"), key)
    doc["key"] = key or unused(slug(name, "person"), workspace.people)
    with session.change(_("add the person {name}").format(name=name)) as change:
        change.put("person", doc)
    return session.workspace.people[doc["key"]]


def edit_person(session: Session, key: str, details: Details) -> Person:
    """Change what is given of a person. Raises Refused, NotFound, AccessDenied."""
    entry = _entry(session, "person", key)
    doc = _person_fields(session, details, entry.doc)
    return _save_person(session, entry, doc, _("change the person {name}"))


def retire_person(session: Session, key: str, *, back: bool = False) -> Person:
    """Close the door to someone, or open it again. Their items stay theirs. Raises Refused for the last administrator."""
    entry = _entry(session, "person", key)
    label = _("restore the person {name}") if back else _("retire the person {name}")
    return _save_person(session, entry, {"retired": None if back else True}, label)


def _save_person(session: Session, entry: ConfigRecord, fields: Mapping[str, Any], label: str) -> Person:
    with session.change(label.format(name=fields.get("name") or entry.doc["name"])) as change:
        change.patch("person", entry.id, fields)
    return session.workspace.people[entry.doc["key"]]


def _person_fields(session: Session, details: Details, before: Mapping[str, Any]) -> dict[str, Any]:
    """The fields to write, checked. Raises Refused."""
    workspace = session.workspace
    fields = {key: value for key, value in details._asdict().items() if value is not None}
    if "name" in fields or not before.get("name"):
        fields["name"] = _filled("name", details.name, PERSON_NAME)
    if "logins" in fields:
        fields["logins"] = _logins(workspace, fields["logins"], before.get("key", ""))
    if fields.get("department"):
        fields["department"] = find_department(workspace, fields["department"]).key
    if "roles" in fields:
        fields["roles"] = [find_role(workspace, text).key for text in fields["roles"] if text.strip()]
    if fields.get("language") and not fields["language"].replace("_", "").isalpha():
        raise _wrong("language", _("a language like en or it_IT"), fields["language"])
    if fields.get("zone") and zone_named(fields["zone"]) is None:
        raise _wrong("zone", _("a time zone like Europe/Rome"), fields["zone"])
    if fields.get("email"):
        fields["email"] = _email(fields["email"])
    return fields


def _logins(workspace: Workspace, logins: Iterable[str], key: str) -> list[str]:
    wanted = list(dict.fromkeys(login.strip() for login in logins if login.strip()))
    LOGINS.check("logins", wanted)
    for login in wanted:
        LOGIN.check("logins", login)
        owner = workspace.person_of_login(login)
        if owner is not None and owner.key != key:
            raise _wrong("logins", _("{login} already belongs to {name}").format(login=login, name=owner.name), login)
    return wanted


def _email(text: str) -> str:
    CONTACT.check("email", text)
    # 30 ms, and only here and in the e-mail field type.
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise _wrong("email", str(error), text) from error


# -- departments -------------------------------------------------------------------------------------------------------
def departments(session: Session, *, retired: bool = False) -> list[tuple[int, Department]]:
    """The tree of departments, parents before their parts, each with its depth; retired ones when asked for."""
    living = [part for part in session.workspace.departments.values() if retired or not part.retired]
    shown: list[tuple[int, Department]] = []
    keys = {part.key for part in living}

    def below(parent: str, depth: int) -> None:
        parts = [part for part in living if (part.parent if part.parent in keys else "") == parent]
        for part in sorted(parts, key=lambda part: (part.name.casefold(), part.key)):
            shown.append((depth, part))
            below(part.key, depth + 1)

    below("", 0)
    return shown


def add_department(
    session: Session, name: str, *, parent: str = "", head: str = "", key: str = "", roles: Sequence[str] | None = None
) -> Department:
    """Add a department under another one ("" at the top). `roles` (by key or label) are held by its head and by all who are in it.
    Raises Refused, NotFound, AccessDenied."""
    workspace = session.workspace
    name = _filled("name", name, DEPARTMENT_NAME)
    doc = {"key": key or unused(slug(name, "department"), workspace.departments), "name": name}
    if doc["key"] in workspace.departments:
        raise _wrong("key", _("a department with this key already exists"), key)
    doc |= _department_fields(workspace, doc["key"], parent or None, head or None, session.person_key, roles)
    with session.change(_("add the department {name}").format(name=name)) as change:
        change.put("department", doc)
    return session.workspace.departments[doc["key"]]


def edit_department(
    session: Session,
    key: str,
    *,
    name: str | None = None,
    parent: str | None = None,
    head: str | None = None,
    roles: Sequence[str] | None = None,
) -> Department:
    """Rename a department, move it ("" to the top), name its head, give it roles in place of those it has. Raises Refused for a
    cycle."""
    entry = _entry(session, "department", key)
    fields = _department_fields(session.workspace, key, parent, head, session.person_key, roles)
    if name is not None:
        fields["name"] = _filled("name", name, DEPARTMENT_NAME)
    with session.change(_("change the department {name}").format(name=entry.doc["name"])) as change:
        change.patch("department", entry.id, fields)
    return session.workspace.departments[key]


def retire_department(session: Session, key: str, *, back: bool = False) -> Department:
    """Take a department out of use. Raises Refused while people or departments are in it."""
    entry, workspace = _entry(session, "department", key), session.workspace
    inside = [part.name for part in workspace.departments.values() if part.parent == key and not part.retired]
    inside += [person.name for person in workspace.people.values() if person.department == key and not person.retired]
    if inside and not back:
        message = _("Still in {name}: {inside}. Move them first.")
        raise Refused(message.format(name=entry.doc["name"], inside=", ".join(inside)))
    label = _("restore the department {name}") if back else _("retire the department {name}")
    with session.change(label.format(name=entry.doc["name"])) as change:
        change.patch("department", entry.id, {"retired": None if back else True})
    return session.workspace.departments[key]


def _department_fields(
    workspace: Workspace, key: str, parent: str | None, head: str | None, me: str, roles: Sequence[str] | None
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if parent is not None:
        fields["parent"] = find_department(workspace, parent).key if parent else ""
        if fields["parent"] in workspace.departments.tree(key):
            raise _wrong("parent", _("a department cannot be inside itself"), parent)
    if head is not None:
        fields["head"] = find_person(workspace, head, me=me).key if head else ""
    if roles is not None:
        fields["roles"] = list(dict.fromkeys(find_role(workspace, text).key for text in roles if text.strip()))
    return fields


# -- both --------------------------------------------------------------------------------------------------------------
def _entry(session: Reader, table: str, key: str) -> ConfigRecord:
    entry = session.workspace.entry(table, key)
    if entry is None:
        raise NotFound(_("There is no {what} “{text}”.").format(what=_(table), text=key))
    return entry


def _filled(field: str, text: str | None, limit: Limit) -> str:
    words = (text or "").strip()
    if not words:
        raise _wrong(field, _("is required"), text)
    limit.check(field, words)
    return words


def _wrong(field: str, message: str, value: object) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])
