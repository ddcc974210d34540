"""Fields changed: name, help and settings; where they are required and who may see them; deleted.

Each is one undoable change of the field's record. A field's kind never changes (`field_conversion.py` makes another one).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

import msgspec
from msgspec.structs import replace

from tuicrm.domain.conditions import Empty, Not
from tuicrm.domain.field_settings import problems
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.definitions import fields
from tuicrm.services.items.stages import why_not_required
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import check_members

if TYPE_CHECKING:
    from tuicrm.services.kernel.changes import Change


def living(session: Reader, type_key: str, key: str) -> Field:
    """A field that this person sees. Raises NotFound."""
    field = session.workspace.field(type_key, key)
    if field is None or not session.access.sees(field):
        raise NotFound(_("There is no field {name}.").format(name=key))
    return field


def why_not_define(session: Session) -> str | None:
    """Why this person may not change definitions; None when they may."""
    return (
        None if session.access.has("settings") else _("You may not change fields: ask someone who may change settings.")
    )


def require_define(session: Session) -> None:
    """Raise AccessDenied unless this person may change definitions: said before anything else is looked at."""
    reason = why_not_define(session)
    if reason is not None:
        raise AccessDenied(reason)


class Required(msgspec.Struct, frozen=True):
    """Where a field must be filled: at every stage of every pipeline (`always`), but in the pipelines of `at` at those stages alone
    (keys; none: nowhere there)."""

    always: bool
    at: Mapping[str, Sequence[str]] = {}


class FieldChanges(TypedDict, total=False):
    """What is to be said of a field; what is left out stays, and so does what is None, but for a `default`.

    `settings` are changes by name, None taking one away; a `default` is in JSON form, None taking it away, `...` leaving it;
    `visible_to` are people's keys and `department:key`, [] for everyone."""

    label: str | None
    help: str | None
    settings: Mapping[str, Any] | None
    default: Any
    required: Required | None
    visible_to: Collection[str] | None


def change_field(session: Session, type_key: str, key: str, **said: Unpack[FieldChanges]) -> Field:
    """Change what is said of a field, as one change. Raises Refused listing what is wrong, NotFound, AccessDenied, Conflict."""
    field = living(session, type_key, key)
    changed, found = changed_field(session, type_key, field, **said)
    fields.refuse(found)
    put_field(session, type_key, field, changed, _("change the field {label}").format(label=session.label(field.label)))
    return living(session, type_key, key)


def changed_field(
    session: Session, type_key: str, field: Field, **said: Unpack[FieldChanges]
) -> tuple[Field, list[FieldProblem]]:
    """What `change_field` would keep, and all that is wrong with it."""
    settings, default = said.get("settings") or {}, said.get("default", ...)
    label, help = said.get("label"), said.get("help")
    required, visible_to = said.get("required"), said.get("visible_to")
    found = list(_fixed(field, settings, default))
    if label is not None:
        found += fields.label_problems(session, type_key, label, but=field.key)
    kept = {name: value for name, value in {**field.settings, **settings}.items() if value is not None}
    changed = replace(
        field,
        label=field.label if label is None else label.strip(),
        help=field.help if help is None else help.strip(),
        settings=kept if field.custom else field.settings,
        default=field.default if default is ... or not field.custom else default,
    )
    if field.custom:
        found += _new_problems(session, field, changed)
    if required is not None:
        found += required_problems(session, type_key, field, required)
        at = {pipeline: list(stages) for pipeline, stages in required.at.items() if stages or required.always}
        changed = replace(changed, required=required.always, required_at=at)
    if visible_to is not None:
        found += visible_problems(session, field, visible_to)
        changed = replace(changed, visible_to=list(dict.fromkeys(visible_to)))
    return changed, found


def _new_problems(session: Session, field: Field, changed: Field) -> list[FieldProblem]:
    """What is wrong with settings and default, but for what was wrong before: nobody is kept from other changes by that."""
    context = session.context(canonical=True)
    before = {(problem.field, problem.message) for problem in problems(field, context)}
    return [problem for problem in problems(changed, context) if (problem.field, problem.message) not in before]


def _fixed(field: Field, settings: Mapping[str, Any], default: object) -> Iterator[FieldProblem]:
    """What was to be changed of a system field that it keeps."""
    if field.custom:
        return
    given = dict(settings) if default is ... else {**settings, "default": default}
    for name, value in given.items():
        yield FieldProblem(name, _("this cannot be changed for a system field"), value)


# -- where it is required, who may see it ------------------------------------------------------------------------------


def why_not_restricted(field: Field) -> str | None:
    """Why a field cannot be shown to some only; None when it can (reference §3.2)."""
    if field.custom:
        return None
    return _("Only custom fields can be restricted to some people: the program itself needs system fields.")


def required_problems(session: Session, type_key: str, field: Field, required: Required) -> Iterator[FieldProblem]:
    """What is wrong with where a field is to be filled; what stands there already may speak of stages that are gone."""
    reason = why_not_required(field)
    if reason is not None and (required.always or any(required.at.values())):
        yield FieldProblem("required", reason, field.key)
    for name, stages in required.at.items():
        if field.required_at.get(name) == list(stages):
            continue
        pipeline = session.workspace.pipeline(type_key, name)
        if pipeline is None:
            yield FieldProblem("required", _("this type has no stages"), name)
            continue
        unknown = sorted(set(stages) - {stage.key for stage in pipeline.stages})
        if unknown:
            message = _("there is no stage {name}").format(name=", ".join(unknown))
            yield FieldProblem("required", message, unknown)


def visible_problems(session: Session, field: Field, members: Collection[str]) -> Iterator[FieldProblem]:
    """What is wrong with those who alone are to see a field, and did not see it alone before."""
    reason = why_not_restricted(field)
    if reason is not None and members:
        yield FieldProblem("visible_to", reason, field.key)
    try:
        check_members(session, [member for member in members if member not in field.visible_to])
    except Refused as refused:
        yield FieldProblem("visible_to", refused.message, list(members))


def narrowed(
    session: Session, type_key: str, field: Field, *, always: bool, pipeline: str, stages: Collection[str] | None
) -> Required:
    """Where a field will be required, when of one pipeline that is said; the others stay as they are."""
    at: dict[str, Sequence[str]] = {name: kept for name, kept in field.required_at.items() if name != pipeline}
    if stages is not None:
        place = session.workspace.pipeline(type_key, pipeline)
        known = [stage.key for stage in place.stages] if place else []
        at[pipeline] = [*(key for key in known if key in stages), *sorted(set(stages) - set(known))]
    return Required(always, at)


# -- deleting ----------------------------------------------------------------------------------------------------------
class Deleted(NamedTuple):
    """What went with a field: how many values, of how many items."""

    values: int
    items: int


def why_not_delete(field: Field) -> str | None:
    """Why a field cannot be deleted; None when it can (reference §2.2)."""
    return None if field.custom else _("System fields cannot be deleted, only hidden.")


def holds(session: Session, type_key: str, field: Field) -> Deleted:
    """What would go with a field, whoever may see the items."""
    ids = session.whole.ids(type_key, Not(Empty(field.key)))
    if not field.many:
        return Deleted(len(ids), len(ids))
    records = session.whole.get(type_key, ids)
    values = (record.doc.get(field.key) for record in records)
    return Deleted(sum(len(value) if isinstance(value, list) else 1 for value in values), len(ids))


def deletes(session: Session, type_key: str, key: str) -> Deleted:
    """What deleting a field would take along. Raises Refused, NotFound, AccessDenied."""
    require_define(session)
    field = living(session, type_key, key)
    reason = why_not_delete(field)
    if reason is not None:
        raise Refused(reason, [FieldProblem("field", reason, key)])
    return holds(session, type_key, field)


def delete_field(session: Session, type_key: str, key: str) -> Deleted:
    """Delete a custom field; its values go with it, and come back with it on undo. Raises Refused, NotFound, AccessDenied.

    A tombstone in the schema: no item is rewritten (STORE.md). Where the field stood in layouts, it stands again after undo."""
    gone, field = deletes(session, type_key, key), living(session, type_key, key)
    entry = fields.find_custom(session, type_key, key)
    if entry is None:
        raise NotFound(_("There is no field {name}.").format(name=key))
    with session.change(_("delete the field {label}").format(label=session.label(field.label))) as change:
        change.put("field", {**entry.doc, "deleted": True}, entry.id, expect=entry.rev)
    return gone


def told(gone: Deleted) -> str:
    """`1,204 values of 1,204 items`."""
    values = ngettext("{n} value", "{n} values", gone.values)
    items = ngettext("{n} item", "{n} items", gone.items)
    return _("{values} of {items}").format(values=values, items=items)


# -- writing -----------------------------------------------------------------------------------------------------------
def put_field(session: Session, type_key: str, before: Field, after: Field, label: str) -> None:
    """Keep what changed of a field. Raises Conflict when someone else changed it meanwhile."""
    with session.change(label) as change:
        stage_field(change, type_key, before, after)


def stage_field(change: Change, type_key: str, before: Field, after: Field) -> None:
    """The same as a part of a change."""
    if after == before:
        return
    plain: dict[str, Any] = msgspec.to_builtins(after)
    former = msgspec.to_builtins(before)
    said = {name: value for name, value in plain.items() if value != former[name]}
    entry = fields.find_custom(change.session, type_key, before.key)
    if entry is None:
        change.put("field", {"type": type_key, "key": before.key, **said})
    else:
        change.put("field", {**entry.doc, **said}, entry.id, expect=entry.rev)
