"""The fields of an item type as a list, and new ones of the workspace's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from tuicrm.domain.conditions import Empty, Not
from tuicrm.domain.schema import DEFAULT_PIPELINE, Field, Option, all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.session import Session

CUSTOM_KINDS = (
    "string", "text", "integer", "number", "boolean", "date", "datetime", "money", "link", "address", "list", "file",
    "person", "item", "dictionary", "phone", "email", "web", "messenger",
)  # fmt: skip
"""Kinds that a field of one's own may have: all but stage and pipeline, of which a type has one."""

_TAKEN = frozenset({"id", "ref", "type", "rev", DEFAULT_PIPELINE})


class FieldInfo(Struct, frozen=True):
    """A field of a type, and how many items this person may see have it filled."""

    field: Field
    filled: int


def list_fields(session: Session, type_key: str) -> list[FieldInfo]:
    """The fields this person sees, in the type's order."""
    return [
        FieldInfo(field, len(session.ids(type_key, Not(Empty(field.derived or field.key)))))
        for field in session.workspace.fields(type_key).values()
        if session.access.sees(field)
    ]


def add_field(
    session: Session,
    type_key: str,
    label: str,
    kind: str = "string",
    *,
    key: str = "",
    many: bool = False,
    options: Sequence[str] = (),
    targets: Sequence[str] = (),
    dictionary: str = "",
) -> Field:
    """Add a custom field. Raises Refused listing what is wrong, AccessDenied without the right to definitions."""
    field = new_field(
        session, type_key, label, kind, key=key, many=many, options=options, targets=targets, dictionary=dictionary
    )
    with session.change(_("add the field {label}").format(label=label.strip())) as change:
        change.put("field", field_record(type_key, field))
    return session.workspace.fields(type_key)[field.key]


def new_field(
    session: Session,
    type_key: str,
    label: str,
    kind: str = "string",
    *,
    key: str = "",
    many: bool = False,
    options: Sequence[str] = (),
    targets: Sequence[str] = (),
    dictionary: str = "",
    taken: Collection[str] = (),
) -> Field:
    """A checked custom field, not written yet; its key comes from the label unless given.

    `taken` are keys besides the type's own (an import makes several at once). Raises Refused."""
    label = label.strip()
    used = used_keys(session, type_key) | set(taken)
    problems: list[FieldProblem] = []
    if not label:
        problems.append(FieldProblem("label", _("must be filled"), label))
    elif any(label.casefold() in map(str.casefold, all_labels(f.label)) for f in _living(session, type_key)):
        problems.append(FieldProblem("label", _("there is a field of this name already"), label))
    if kind not in CUSTOM_KINDS:
        known = ", ".join(CUSTOM_KINDS)
        problems.append(FieldProblem("kind", _("there is no such kind; there are: {known}").format(known=known), kind))
    if key and key in used:
        problems.append(FieldProblem("key", _("there is or was a field with this key"), key))
    elif key and key != slug(key, "field"):
        problems.append(FieldProblem("key", _("lower-case letters, digits and _ only"), key))
    problems += _kind_problems(session, kind, options, targets, dictionary)
    if problems:
        raise Refused("; ".join(f"{problem.field}: {problem.message}" for problem in problems), problems)
    return Field(
        key or unused(slug(label, "field"), used),
        kind,
        label,
        many=many,
        custom=True,
        options=_options(options),
        targets=list(targets),
        dictionary=dictionary,
    )


def field_record(type_key: str, field: Field) -> dict[str, Any]:
    """The config record that keeps a custom field: only what is said of it."""
    plain: dict[str, Any] = msgspec.to_builtins(field)
    empty = msgspec.to_builtins(Field(field.key, field.kind, field.label))
    said = {name: value for name, value in plain.items() if value != empty[name]}
    return {"type": type_key, "key": field.key, "kind": field.kind, "label": field.label, **said}


def _kind_problems(
    session: Session, kind: str, options: Sequence[str], targets: Sequence[str], dictionary: str
) -> list[FieldProblem]:
    """What a kind needs besides, and what it has no use for."""
    workspace = session.workspace
    problems = []
    if bool(options) != (kind == "list"):
        problems.append(FieldProblem("options", _("a list needs its options, and only a list has any"), list(options)))
    elif len({option.strip().casefold() for option in options}) < len(options) or any(not o.strip() for o in options):
        problems.append(FieldProblem("options", _("each option needs a name of its own"), list(options)))
    unknown = [target for target in targets if target not in workspace.types]
    if bool(targets) != (kind == "item") or unknown:
        known = ", ".join(sorted(workspace.types))
        message = _("an item field needs the types it may name: {known}").format(known=known)
        problems.append(FieldProblem("targets", message, list(targets)))
    if (kind == "dictionary") != (dictionary in workspace.dictionaries):
        known = ", ".join(sorted(workspace.dictionaries))
        message = _("a dictionary field needs one of: {known}").format(known=known)
        problems.append(FieldProblem("dictionary", message, dictionary))
    return problems


def _options(labels: Sequence[str]) -> list[Option]:
    made: list[Option] = []
    for label in labels:
        made.append(Option(unused(slug(label, "option"), [option.key for option in made]), label.strip()))
    return made


def _living(session: Session, type_key: str) -> Collection[Field]:
    if type_key not in session.workspace.types:
        raise NotFound(_("There is no item type {name}.").format(name=type_key))
    return session.workspace.fields(type_key).values()


def used_keys(session: Session, type_key: str) -> set[str]:
    """Keys of living and deleted fields: a key is never given twice, old values may still lie under it."""
    living = {field.key for field in _living(session, type_key)}
    kept = session.workspace.records["field"].values()
    return living | {entry.doc["key"] for entry in kept if entry.doc["type"] == type_key} | _TAKEN
