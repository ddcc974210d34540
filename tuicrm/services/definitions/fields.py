"""The fields of an item type as a list, and new ones of the workspace's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypedDict, Unpack

import msgspec
from msgspec import Struct

from tuicrm.domain.conditions import ALWAYS
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.field_settings import problems
from tuicrm.domain.schema import DEFAULT_PIPELINE, Field, Option, all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import FIELD_NAME, FIELDS, OPTION_NAME, OPTIONS
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session

_TAKEN = frozenset({"id", "ref", "type", "rev", DEFAULT_PIPELINE})


class FieldInfo(Struct, frozen=True):
    """A field of a type, and how many items this person may see have it filled."""

    field: Field
    filled: int


# -- the list ----------------------------------------------------------------------------------------------------------
def list_fields(session: Session, type_key: str) -> list[FieldInfo]:
    """The fields this person sees, in the type's order."""
    counts = filled(session, type_key)
    seen = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
    return [FieldInfo(field, counts.get(field.derived.partition(".")[0] or field.key, 0)) for field in seen]


def filled(session: Session, type_key: str, stopped: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """How many items that this person may see have each field filled: a second for 100,000 items, so on a thread; `stopped` ends
    it early."""
    readable = session.access.readable(type_key)
    return session.store.filled(type_key, None if readable == ALWAYS else readable, stopped)


def find_custom(session: Reader, type_key: str, key: str) -> ConfigRecord | None:
    """The record of a field: all there is of a custom one, what was changed of a system field; None where nothing was."""
    records = session.workspace.records["field"].values()
    return next((entry for entry in records if (entry.doc["type"], entry.doc["key"]) == (type_key, key)), None)


# -- new ones ----------------------------------------------------------------------------------------------------------


def keep_new(session: Session, type_key: str, field: Field) -> None:
    """Write a field made by `new_field`."""
    with session.change(_("add the field {label}").format(label=session.label(field.label))) as change:
        change.put("field", field_record(type_key, field))


class FieldShape(TypedDict, total=False):
    """What a new field can hold. Its `key` comes from the label where it is not given; `options` are labels; `targets` the types that
    an item field may name."""

    key: str
    many: bool
    options: Sequence[str]
    targets: Sequence[str]
    dictionary: str


class NewField(FieldShape, total=False):
    """What may be said of a new field: a `default` is in JSON form, of a list an option's label. `workspace` are the definitions with
    those that are not written yet: an import makes several at once."""

    settings: Mapping[str, Any] | None
    default: Any
    help: str
    workspace: Workspace | None


def new_field(session: Session, type_key: str, label: str, kind: str = "string", **said: Unpack[NewField]) -> Field:
    """A checked custom field, not written yet. Raises Refused listing all that is wrong, NotFound for an unknown type."""
    session.store.refresh()
    label, key, options = label.strip(), said.get("key", ""), said.get("options", ())
    workspace = said.get("workspace") or session.workspace
    used = used_keys(workspace, type_key)
    field = Field(
        key or unused(slug(label, "field"), used),
        kind,
        label,
        many=said.get("many", False),
        custom=True,
        options=made_options(options),
        targets=list(said.get("targets", ())),
        dictionary=said.get("dictionary", ""),
        settings=dict(said.get("settings") or {}),
        help=said.get("help", "").strip(),
    )
    field = msgspec.structs.replace(field, default=_default(field, said.get("default")))
    found = [*label_problems(session, type_key, label, workspace=workspace), *_key_problems(key, used)]
    if sum(1 for one in _living(workspace, type_key) if one.custom) >= FIELDS.most:
        found.append(FieldProblem("kind", FIELDS.told, kind))
    refuse([*found, *kind_problems(session, field, options), *problems(field, session.context(canonical=True))])
    return field


def refuse(found: Sequence[FieldProblem]) -> None:
    """Raise Refused when there is anything."""
    if found:
        raise Refused("; ".join(f"{problem.field}: {problem.message}" for problem in found), found)


def _default(field: Field, default: object) -> object:
    """A list's default by its options' labels becomes their keys; anything else is as it was given."""
    if not field.traits.has_own_options or default is None:
        return default
    by_label = {label.casefold(): option.key for option in field.options for label in all_labels(option.label)}
    wanted = default if isinstance(default, list | tuple) else [default]
    keys = [by_label.get(str(one).casefold(), str(one)) for one in wanted]
    return keys if field.many else keys[0] if keys else None


def label_problems(
    session: Session, type_key: str, label: str, but: str = "", workspace: Workspace | None = None
) -> list[FieldProblem]:
    """What is wrong with a name; `but` is the key of the field that has it. Of fields that the person may not see, nothing is told."""
    if not label.strip():
        return [FieldProblem("label", _("is required"), label)]
    if found := FIELD_NAME.problems("label", label):
        return found
    if "\n" in label or "\r" in label:
        return [FieldProblem("label", _("one line is expected"), label)]
    sees = session.access.sees
    others = (field for field in _living(workspace or session.workspace, type_key) if field.key != but and sees(field))
    if any(label.strip().casefold() in map(str.casefold, all_labels(field.label)) for field in others):
        return [FieldProblem("label", _("a field with this name already exists"), label)]
    return []


def _key_problems(key: str, used: Collection[str]) -> list[FieldProblem]:
    if key and key in used:
        return [FieldProblem("key", _("a field with this key exists or existed"), key)]
    if key and key != slug(key, "field"):
        return [FieldProblem("key", _("use lower-case letters, digits and _ only"), key)]
    return []


def kind_problems(session: Session, field: Field, options: Sequence[str]) -> list[FieldProblem]:
    """What a kind needs besides, and what it has no use for."""
    workspace, traits = session.workspace, field.traits
    found = []
    if not traits.custom:
        return []
    if bool(options) != traits.has_own_options:
        found.append(FieldProblem("options", _("a list needs options, and only a list has them"), list(options)))
    elif len(options) > OPTIONS.most:
        found += OPTIONS.problems("options", options)
    elif long := [option for option in options if len(option) > OPTION_NAME.most or "\n" in option]:
        message = _("one line of at most {n} characters is expected").format(n=OPTION_NAME.most)
        found.append(FieldProblem("options", message, long))
    elif len({option.strip().casefold() for option in options}) < len(options) or any(not o.strip() for o in options):
        found.append(FieldProblem("options", _("each option needs its own name"), list(options)))
    unknown = [target for target in field.targets if target not in workspace.types]
    if bool(field.targets) != traits.names_items or unknown:
        known = ", ".join(sorted(workspace.types))
        message = _("an item field needs the item types it can refer to: {known}").format(known=known)
        found.append(FieldProblem("targets", message, field.targets))
    if traits.has_dictionary != (field.dictionary in workspace.dictionaries):
        known = ", ".join(sorted(workspace.dictionaries))
        message = _("a dictionary field needs one of: {known}").format(known=known)
        found.append(FieldProblem("dictionary", message, field.dictionary))
    return found


def field_record(type_key: str, field: Field) -> dict[str, Any]:
    """The config record that keeps a custom field: only what is said of it."""
    plain: dict[str, Any] = msgspec.to_builtins(field)
    empty = msgspec.to_builtins(Field(field.key, field.kind, field.label))
    said = {name: value for name, value in plain.items() if value != empty[name]}
    return {"type": type_key, "key": field.key, "kind": field.kind, "label": field.label, **said}


def made_options(labels: Sequence[str], present: Sequence[Option] = ()) -> list[Option]:
    """Options for labels, with keys that none of the present ones has."""
    taken, counts = {option.key for option in present}, dict[str, int]()
    made: list[Option] = []
    for label in labels:
        wanted = slug(label, "option")
        key = unused(wanted, taken, counts.get(wanted, 2))
        counts[wanted] = int(key.rpartition("_")[2]) + 1 if key != wanted else 2
        taken.add(key)
        made.append(Option(key, label.strip()))
    return made


def _living(workspace: Workspace, type_key: str) -> Collection[Field]:
    if type_key not in workspace.types:
        raise NotFound(_("There is no item type {name}.").format(name=type_key))
    return workspace.fields(type_key).values()


def used_keys(workspace: Workspace, type_key: str) -> set[str]:
    """Keys of living and deleted fields: a key is never given twice, old values may still lie under it."""
    living = {field.key for field in _living(workspace, type_key)}
    kept = workspace.records["field"].values()
    recorded = {entry.doc["key"] for entry in kept if entry.doc["type"] == type_key}
    return living | recorded | workspace.deleted_fields(type_key) | _TAKEN
