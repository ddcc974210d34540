"""How an item's new document comes about: defaults, checked values, what follows from product rows, stage, required fields, automatic
timeline entries.

Called while a change is drafted; raises Refused or RequiredFields, and writes to the draft only when everything holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.domain.field_settings import from_now
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.values import read_field
from tuicrm.domain.required import is_empty, missing_fields
from tuicrm.domain.schema import Field, Pipeline
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, NotFound, Refused, RequiredFields
from tuicrm.i18n import _
from tuicrm.services.kernel import computed_fields, numbers, repeats
from tuicrm.services.kernel.permissions import require
from tuicrm.services.kernel.product_rules import follow
from tuicrm.store.protocol import Doc, Key

if TYPE_CHECKING:
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.kernel.drafts import Draft
    from tuicrm.services.kernel.reader import Reader


def make(
    draft: Draft,
    ref: Ref,
    fields: Mapping[str, Any],
    *,
    enforce: bool,
    origin: Mapping[str, Any] | None,
    links: Mapping[str, Any] | None = None,
) -> None:
    """Draft a new item. `links` come from the program, not from a person: read-only fields among them are set too.

    Raises Refused, RequiredFields, AccessDenied, NotFound where the type was removed meanwhile."""
    if ref.type not in draft.workspace.types:
        raise NotFound(_("This item type was removed by someone. Choose another."))
    given = _checked(draft, ref.type, fields, {})
    follow(draft, ref.type, {}, given, fields)
    doc = {**_defaults(draft, ref.type), **{key: value for key, value in given.items() if not is_empty(value)}}
    doc.update(links or {})
    now, me = draft.now, draft.session.person_key
    doc.update(created=doc.get("created") or now, created_by=me, updated=now, updated_by=me)
    doc.setdefault("responsible", me)
    pipeline = _place(draft, ref.type, doc, given)
    draft.rest_on("type", draft.workspace.entry("type", ref.type))
    if pipeline:
        draft.rest_on("pipeline", draft.workspace.pipeline_entry(pipeline))
        doc["stage_since"] = doc.get("stage_since") or now
        _mark_closed(draft, ref.type, pipeline, doc)
    require(draft.session, "add", ref.type, doc)
    numbers.give(draft, ref, doc)
    if enforce:
        refuse_missing(draft.session, draft.workspace, ref.type, doc)
    _fill(draft, ref, {}, doc, given)
    repeats.remember(draft, ref, doc)
    draft.put(Key(*ref), doc)
    data: Doc = {key: doc[key] for key in ("pipeline", "stage") if key in doc}
    draft.entry(ref, "created", {**data, **(origin or {})})


def changes(draft: Draft, ref: Ref, before: Doc, fields: Mapping[str, Any]) -> Doc:
    """The fields that really change, checked and in JSON form (None: emptied)."""
    checked = _checked(draft, ref.type, fields, before)
    follow(draft, ref.type, before, checked, fields)
    if "pipeline" in checked and checked["pipeline"] != before.get("pipeline") and "stage" not in checked:
        pipeline = draft.workspace.pipeline(ref.type, checked["pipeline"])
        if pipeline:
            checked["stage"] = pipeline.stages[0].key
    return {
        key: None if is_empty(value) else value
        for key, value in checked.items()
        if value != before.get(key) and not (is_empty(value) and is_empty(before.get(key)))
    }


def edit(draft: Draft, ref: Ref, before: Doc, changed: Mapping[str, Any], *, enforce: bool) -> None:
    """Draft the edit of an item: `changed` comes from `changes`."""
    doc = {key: value for key, value in {**before, **changed}.items() if value is not None}
    pipeline = _place(draft, ref.type, doc, changed)
    moved = (before.get("pipeline"), before.get("stage")) != (doc.get("pipeline"), doc.get("stage"))
    doc.update(updated=draft.now, updated_by=draft.session.person_key)
    if moved and pipeline:
        draft.rest_on("pipeline", draft.workspace.pipeline_entry(pipeline))
        doc.update(stage_since=draft.now, moved_by=draft.session.person_key)
        _mark_closed(draft, ref.type, pipeline, doc)
        require(draft.session, "edit", ref.type, doc)
    numbers.keep_apart(draft, ref, before, doc)
    if enforce:
        refuse_missing(draft.session, draft.workspace, ref.type, doc)
    _fill(draft, ref, before, doc, changed)
    draft.put(Key(*ref), doc)
    _tell(draft, ref, before, doc, moved=moved)


def _fill(draft: Draft, ref: Ref, before: Mapping[str, Any], doc: Doc, given: Mapping[str, Any]) -> None:
    """Fill what nobody types: it follows from the rest."""
    computed_fields.follow(draft.workspace, ref.type, before, doc, draft.now)
    repeats.mark(draft, ref, before, doc, given)


def refuse_missing(
    session: Reader,
    workspace: Workspace,
    type_key: str,
    doc: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> None:
    """Raise RequiredFields when fields required in the item's stage are empty (reference §3.1). What `before` lacks already is let
    pass."""
    lacking = missing(session, workspace, type_key, doc)
    if lacking and before is not None:
        already = missing(session, workspace, type_key, before)
        lacking = [field for field in lacking if field not in already]
    if not lacking:
        return
    label = session.label
    stage = workspace.stage_of(type_key, doc)
    names = ", ".join(label(field.label) for field in lacking)
    message = (
        _("{stage} requires: {fields}").format(stage=label(stage.label), fields=names)
        if stage
        else _("Required: {fields}").format(fields=names)
    )
    raise RequiredFields(message, [FieldProblem(f.key, _("is required"), None) for f in lacking])


def missing(session: Reader, workspace: Workspace, type_key: str, doc: Mapping[str, Any]) -> list[Field]:
    """Fields required where the item is and empty, that this person can see."""
    fields, sees = workspace.fields(type_key).values(), session.access.sees
    return missing_fields(fields, doc, _key(doc.get("pipeline")), _key(doc.get("stage")), sees)


def _key(value: object) -> str:
    """The key of a pipeline or stage; "" where another program wrote something else there."""
    return value if isinstance(value, str) else ""


def _checked(draft: Draft, type_key: str, fields: Mapping[str, Any], before: Mapping[str, Any]) -> Doc:
    """Every value read by its kind. Raises Refused listing all that is wrong at once."""
    session, problems, checked = draft.session, list[FieldProblem](), dict[str, Any]()
    context, parts = draft.context, list[tuple[Field, Any]]()
    for key, value in fields.items():
        field = draft.workspace.field(type_key, key)
        if field is None or not session.access.sees(field):
            problems.append(FieldProblem(key, _("there is no such field"), value))
        elif field.derived:
            parts.append((field, value))
        elif (field.read_only and not (key == "created" and not before)) or (
            field.immutable and before and value != before.get(key)
        ):
            problems.append(FieldProblem(key, _("cannot be changed by hand"), value))
        elif field.traits.is_place:
            checked[key] = value
        else:
            try:
                checked[key] = read_field(value, field, context)
            except BadValue as problem:
                problems.append(FieldProblem(key, problem.message, value))
    # After all others: `currency=USD amount=5` is the same in any order.
    for field, value in parts:
        try:
            _derive(draft, draft.workspace.fields(type_key), field, value, {**before, **checked}, checked)
        except BadValue as problem:
            problems.append(FieldProblem(field.key, problem.message, value))
    if problems:
        raise Refused(_listing(draft, type_key, problems), problems)
    return checked


def _listing(draft: Draft, type_key: str, problems: list[FieldProblem]) -> str:
    lines = []
    for problem in problems:
        field = draft.workspace.field(type_key, problem.field)
        lines.append(f"{draft.session.label(field.label) if field else problem.field}: {problem.message}")
    return "; ".join(lines)


def _derive(
    draft: Draft, fields: Mapping[str, Field], field: Field, value: object, doc: Mapping[str, Any], checked: Doc
) -> None:
    """Set a part of another value: `currency` is `amount.currency`. Raises BadValue where there is no other value."""
    whole, _dot, part = field.derived.partition(".")
    if not value:
        return
    if not isinstance(doc.get(whole), dict):
        label = draft.session.label(fields[whole].label)
        raise BadValue(_("it is part of {field}, which is empty").format(field=label), value)
    checked[whole] = read_field({**doc[whole], part: value}, fields[whole], draft.context)


def _defaults(draft: Draft, type_key: str) -> Doc:
    """Default values of a new item; `{"now": n}` on dates means n days from today (reference §1.2). What another program wrote there
    that is no value is none."""
    context = draft.session.context()
    doc: Doc = {}
    for field in draft.workspace.fields(type_key).values():
        if field.default is None:
            continue
        days = from_now(field)
        if days is not None:
            moment = context.now.astimezone(context.zone) + timedelta(days=days)
            told = moment.date().isoformat() if field.traits.is_day else stamp(moment)
            doc[field.key] = [told] if field.many else told
            continue
        with suppress(BadValue, NotFound):
            doc[field.key] = read_field(field.default, field, draft.context)
    return {key: value for key, value in doc.items() if value is not None}


def _place(draft: Draft, type_key: str, doc: Doc, given: Mapping[str, Any]) -> Pipeline | None:
    """Put the item into a pipeline and stage that exist; the default pipeline and its first stage when it names none. Where stages
    were switched off, an item keeps the one it was in."""
    workspace = draft.workspace
    if not workspace.pipelines(type_key):
        for key in ("pipeline", "stage"):
            if given.get(key):
                raise Refused(_("This type has no stages."), [FieldProblem(key, _("this type has no stages"))])
        return None
    name = doc.get("pipeline")
    pipeline = workspace.pipeline(type_key, name) if name else workspace.pipelines(type_key)[0]
    if pipeline is None:
        known = ", ".join(draft.session.label(p.label) for p in workspace.pipelines(type_key))
        message = _("there is no pipeline {name}; choose one of: {known}").format(name=name, known=known)
        raise Refused(message, [FieldProblem("pipeline", message, name)])
    doc["pipeline"] = pipeline.key
    stage = doc.setdefault("stage", pipeline.stages[0].key)
    if pipeline.stage(stage) is None:
        known = ", ".join(draft.session.label(s.label) for s in pipeline.stages)
        message = _("there is no stage {name}; choose one of: {known}").format(name=stage, known=known)
        raise Refused(message, [FieldProblem("stage", message, stage)])
    return pipeline


def _mark_closed(draft: Draft, type_key: str, pipeline: Pipeline, doc: Doc) -> None:
    stage = pipeline.stage(doc["stage"])
    if stage and draft.workspace.field(type_key, "closed"):
        doc["closed"] = stage.semantics != "process"


def _tell(draft: Draft, ref: Ref, before: Doc, doc: Doc, *, moved: bool) -> None:
    """Automatic entries: stage, responsible and amount (reference §7)."""
    if moved:
        labels = {}
        for side, document in (("from", before), ("to", doc)):
            stage = draft.workspace.stage_of(ref.type, document)
            labels[side] = document.get("stage")
            labels[f"{side}_pipeline"] = document.get("pipeline")
            # Kept for the day the stage is gone: a name then still stands in the timeline.
            labels[f"{side}_label"] = stage.label if stage else document.get("stage")
        draft.entry(ref, "stage", labels)
    told = ["responsible"]
    amount = draft.workspace.type(ref.type).amount
    if amount:
        told.append(amount)
    for key in told:
        if before.get(key) != doc.get(key):
            kind = "amount" if key == amount else key
            draft.entry(ref, kind, {"field": key, "from": before.get(key), "to": doc.get(key)})
