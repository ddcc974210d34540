"""Changing fields of many items at once: looked at first, then done as one change that is one undo. Every rule holds for each item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.conditions import And, Test
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied, CrmError, FieldProblem, NotFound, Refused, RequiredFields
from tuicrm.i18n import _, ngettext
from tuicrm.services.items import items
from tuicrm.services.items.item_moves import at_stage
from tuicrm.services.items.stages import Lacking, asked, asks
from tuicrm.services.items.stages import told as told_of
from tuicrm.services.kernel import lookup
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.field_texts import show_value
from tuicrm.services.kernel.permissions import why_not_change_many
from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.services.kernel.session import Session

EditVerb: TypeAlias = Literal["set", "add", "remove"]
PipelineStage: TypeAlias = tuple[str, str]
"""A pipeline and a stage of it, by keys."""

_LINE = 200
"""Items a line of the batch; fewer are one transaction."""
_EXAMPLES = 5
_TOLD = ("stage", "pipeline", "responsible")


class FieldEdit(Struct, frozen=True):
    """What is to become of one field. `value` is in JSON form (None empties); where `text` is given, each item reads that.
    `where_asked`: only of items that come to a stage which asks for the field. With a pipeline, `stages` says to which of its stages
    items come, by the place where they are."""

    field: Field
    how: EditVerb = "set"
    value: Any = None
    text: str | None = None
    where_asked: bool = False
    stages: Mapping[PipelineStage, str] = {}


class EditExample(Struct, frozen=True):
    """One item that would change: by field, its label and the texts before and after."""

    ref: Ref
    title: str
    changes: tuple[tuple[str, str, str], ...]


class EditPreview(Struct, frozen=True):
    """What a change of many would come to."""

    changing: list[int]
    same: int
    stayed: list[Lacking]
    examples: list[EditExample]


def read_steps(session: Session, type_key: str, words: Mapping[str, str]) -> list[FieldEdit]:
    """Steps from texts: `field` sets (with "" empties), `field+` adds to several values, `field-` takes away. Raises Refused."""
    steps: list[FieldEdit] = []
    problems: list[FieldProblem] = []
    for name, text in words.items():
        try:
            field, how = _field_of(session, type_key, name)
            of_each = field.traits.of_each_item and how == "set"
            # A stage's name is one in some pipeline only; what is no amount is one nowhere.
            value = None if field.traits.is_stage else items.values(session, type_key, {field.key: text})[field.key]
            steps.append(FieldEdit(field, text=text) if of_each else FieldEdit(field, how, value))
        except Refused as refused:
            problems += refused.fields
    doubled = [key for key, count in Counter(step.field.key for step in steps).items() if count > 1]
    problems += [FieldProblem(key, _("is given twice")) for key in doubled]
    if problems:
        raise Refused("; ".join(f"{problem.field}: {problem.message}" for problem in problems), problems)
    return steps


def _field_of(session: Session, type_key: str, name: str) -> tuple[Field, EditVerb]:
    """The field that `name`, `name+` or `name-` speaks of. Raises Refused."""
    how: EditVerb = "add" if name.endswith("+") else "remove" if name.endswith("-") else "set"
    if how == "set":
        return lookup.find_field(session, type_key, name), how
    try:
        return lookup.named_field(session, type_key, name), "set"
    except NotFound:
        field = lookup.find_field(session, type_key, name[:-1])
    if not field.many:
        message = _("it has one value: set it with FIELD=VALUE")
        raise Refused(message, [FieldProblem(field.key, message)])
    return field, how


def fields_to_change(session: Session, type_key: str) -> list[Field]:
    """The fields of which many items can get a value at once: those that people fill in and this person sees."""
    several = len(session.workspace.pipelines(type_key)) > 1
    return [
        field
        for field in session.workspace.fields(type_key).values()
        if not (field.read_only or field.derived or field.immutable)
        and not field.traits.is_whole_thing
        and (not field.traits.is_pipeline or several)
        and session.access.sees(field)
    ]


def places(session: Session, type_key: str, ids: Collection[int], but: str = "") -> dict[PipelineStage, int]:
    """Where these items are, and how many in each place; not those of the pipeline `but`."""
    found = dict[PipelineStage, int]()
    for pipeline in session.workspace.pipelines(type_key):
        if pipeline.key != but:
            within = Test("pipeline", "pipeline", "=", pipeline.key)
            counts = {
                stage: len(session.among(type_key, ids, And((within, at_stage(stage)))))
                for stage in session.count_by(type_key, "stage", within)
            }
            found |= {(pipeline.key, str(stage or "")): count for stage, count in counts.items() if count}
    return found


# -- looking -----------------------------------------------------------------------------------------------------------
def look(
    session: Session, type_key: str, ids: Sequence[int], steps: Sequence[FieldEdit], tell: Tell | None = None
) -> EditPreview:
    """Try the steps on each item and write nothing."""
    changing: list[int] = []
    stayed: list[Lacking] = []
    examples: list[EditExample] = []
    same = 0
    for item in _each(session, type_key, ids, tell):
        try:
            change = Change(session, "")
            change.edit(item.ref, wanted(session, item, steps))
            after = {op.id: op.doc for op in change.try_out() if op.table == type_key}.get(item.id)
        except (Refused, AccessDenied, NotFound) as error:
            stayed.append(_lacking(session, item, error))
            continue
        if after is None:
            same += 1
            continue
        changing.append(item.id)
        if len(examples) < _EXAMPLES:
            examples.append(_example(session, item, Item(item.type, item.id, item.rev, after), steps))
    return EditPreview(changing, same, stayed, examples)


def wanted(session: Session, item: Item, steps: Sequence[FieldEdit]) -> dict[str, Any]:
    """What the steps mean for an item. Raises Refused for a text that its field cannot read."""
    values: dict[str, Any] = {}
    for step in steps:
        if step.how != "set":
            values[step.field.key] = _several(item.get(step.field.key), step)
        elif step.text is None and not step.where_asked:
            values[step.field.key] = step.value
            stage = step.stages.get((str(item.get("pipeline") or ""), str(item.get("stage") or "")))
            if stage is not None:
                values["stage"] = stage
    texts = {step.field.key: step.text for step in steps if step.text is not None and not step.where_asked}
    if texts:
        values |= items.values(session, item.type, texts, within=item)
    brought = [step for step in steps if step.where_asked]
    return {**values, **_asked_of(session, item, values, brought)} if brought else values


def _asked_of(session: Session, item: Item, values: Mapping[str, Any], steps: Sequence[FieldEdit]) -> dict[str, Any]:
    """Those of the steps that the stage asks for to which the item comes."""
    place = {**item.fields, **values}
    asked = {
        field.key for field in asks(session, item, str(place.get("pipeline") or ""), str(place.get("stage") or ""))
    }
    return wanted(session, item, [replace(step, where_asked=False) for step in steps if step.field.key in asked])


def asked_for(session: Session, type_key: str, steps: Sequence[FieldEdit]) -> list[Field]:
    """What the stages ask for that the steps name, in whatever pipeline an item is, and that is no step itself."""
    name = next((step.text for step in steps if step.field.traits.is_stage), None)
    given = {step.field.key for step in steps}
    found: dict[str, Field] = {}
    for pipeline in session.workspace.pipelines(type_key) if name else ():
        with suppress(Refused):
            stage = lookup.find_stage(session, pipeline, name or "")
            found |= {field.key: field for field in asked(session, type_key, stage) if field.key not in given}
    return list(found.values())


def _several(before: object, step: FieldEdit) -> list[Any] | None:
    """The values of an item with those of the step, or without them."""
    given = step.value if isinstance(step.value, list) else [step.value] if step.value is not None else []
    kept = list(before) if isinstance(before, list) else []
    if step.how == "add":
        return kept + [one for one in given if not any(_same(one, other) for other in kept)] or None
    return [one for one in kept if not any(_same(one, other) for other in given)] or None


def _same(one: object, other: object) -> bool:
    """Whether two values are the same, whatever is said beside them (a phone's kind)."""
    if isinstance(one, dict) and isinstance(other, dict) and "value" in one and "value" in other:
        return bool(one["value"] == other["value"])
    return bool(one == other)


def _each(session: Session, type_key: str, ids: Sequence[int], tell: Tell | None) -> Iterator[Item]:
    for at in range(0, len(ids), _LINE):
        if tell is not None:
            tell(at, len(ids))
        yield from session.many(type_key, ids[at : at + _LINE])


def _lacking(session: Session, item: Item, error: CrmError) -> Lacking:
    title = session.title_of(item)
    if isinstance(error, RequiredFields):
        known = session.workspace.fields(item.type)
        return Lacking(item.ref, title, tuple(known[one.field] for one in error.fields if one.field in known))
    return Lacking(item.ref, title, reason=error.message, barred=isinstance(error, AccessDenied))


def _example(session: Session, before: Item, after: Item, steps: Sequence[FieldEdit]) -> EditExample:
    fields = [step.field for step in steps]
    if any(step.stages for step in steps) and (stage := session.workspace.field(before.type, "stage")) is not None:
        fields.append(stage)
    changes = []
    for field in fields:
        old, new = show_value(session, before, field), show_value(session, after, field)
        changes.append((session.label(field.label), old, new))
    return EditExample(before.ref, session.title_of(before), tuple(changes))


def reasons(session: Session, stayed: Iterable[Lacking]) -> list[tuple[str, int]]:
    """Why items would stay as they are, the most frequent reason first."""
    counts: Counter[str] = Counter()
    for one in stayed:
        names = ", ".join(session.label(field.label) for field in one.fields)
        counts[_("requires {fields}").format(fields=names) if names else one.reason] += 1
    return counts.most_common()


def told(session: Session, one: Lacking) -> str:
    """One line about an item that stays as it is."""
    return told_of(session, one)


# -- doing -------------------------------------------------------------------------------------------------------------
def apply(
    session: Session, type_key: str, ids: Sequence[int], steps: Sequence[FieldEdit], tell: Tell | None = None
) -> list[int]:
    """Change these items (`EditPreview.changing`) as one change; all of them, or none where it raises. Returns those left out, because
    others changed them in that very moment. Several at once need a right of their own: raises AccessDenied."""
    if len(ids) > 1 and (reason := why_not_change_many(session.access)):
        raise AccessDenied(reason)
    label = _label(session, type_key, steps, len(ids))
    if len(ids) <= _LINE:
        with session.change(label) as change:
            for item in _each(session, type_key, ids, None):
                change.edit(item.ref, wanted(session, item, steps), base=item)
        return []
    entries = sum(step.field.key in _told(session, type_key) for step in steps) * _LINE
    with session.bulk(label) as bulk:
        for at in range(0, len(ids), _LINE):
            if tell is not None:
                tell(at, len(ids))
            with bulk.change({ENTRIES: entries}) as line:
                for item in session.many(type_key, ids[at : at + _LINE]):
                    line.edit(item.ref, wanted(session, item, steps), base=item)
    return [key.id for key in bulk.left_out if key.table == type_key]


def _told(session: Session, type_key: str) -> tuple[str, ...]:
    """Fields whose change the timeline tells of."""
    return (*_TOLD, session.workspace.type(type_key).amount)


def _label(session: Session, type_key: str, steps: Sequence[FieldEdit], count: int) -> str:
    fields = ", ".join(session.label(step.field.label) for step in steps)
    item_type = session.workspace.type(type_key)
    noun = session.label(item_type.label if count == 1 else item_type.plural).lower()
    return _("change {fields} of {n} {noun}").format(fields=fields, n=count, noun=noun)


def tally(preview: EditPreview) -> list[str]:
    """`12 change`, `3 are so already`, `2 stay as they are`: those that there are."""
    counts = [ngettext("{n} changes", "{n} change", len(preview.changing))]
    if preview.same:
        counts.append(ngettext("{n} is unchanged", "{n} are unchanged", preview.same))
    if preview.stayed:
        counts.append(ngettext("{n} is unchanged", "{n} are unchanged", len(preview.stayed)))
    return counts
