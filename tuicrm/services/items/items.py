"""Items by text: what the command line, forms and editors have in hand becomes values; then add, edit, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.lookup import find_field, find_pipeline, find_stage
from tuicrm.services.kernel.session import Session

_LINE = 500
"""Items that are deleted in one transaction; more are a batch."""


def values(
    session: Session, type_key: str, texts: Mapping[str, str], *, canonical: bool = True, within: Item | None = None
) -> dict[str, Any]:
    """Read texts by field (key or label → text) into JSON-form values by key. "" empties a field.

    `canonical` is the command line's way (`domain/typed.py`), else a form's on screen. `within` is the item being edited:
    its pipeline decides what a stage's name means, its currency what a bare amount is in.
    Raises Refused listing all problems."""
    context = session.context(canonical=canonical)
    result: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    stage_text = ""
    told: set[str] = set()
    for name, text in texts.items():
        try:
            field = find_field(session, type_key, name)
            if field.key in told:
                raise BadValue(_("is given twice"), text)
            told.add(field.key)
            if field.traits.is_stage:
                stage_text = text
            else:
                result[field.key] = _value(session, type_key, field, text, context, within)
        except BadValue as problem:
            problems.append(FieldProblem(field.key, problem.message, text))
        except Refused as refused:
            problems += refused.fields
    if stage_text:
        doc = {**(within.fields if within else {}), **result}
        pipeline = session.workspace.pipeline_of(type_key, doc)
        try:
            if pipeline is None:
                raise Refused(_("this type has no stages"), [FieldProblem("stage", _("this type has no stages"))])
            result["stage"] = find_stage(session, pipeline, stage_text).key
        except Refused as refused:
            problems += refused.fields
    if problems:
        raise Refused("; ".join(f"{problem.field}: {problem.message}" for problem in problems), problems)
    return result


def _value(session: Session, type_key: str, field: Field, text: str, context: Context, within: Item | None) -> object:
    """One text as its field reads it; a stage's waits until its pipeline is known. Raises BadValue, Refused."""
    from tuicrm.domain import typed
    from tuicrm.domain.kinds.values import parse_field

    if field.traits.is_pipeline:
        return find_pipeline(session, type_key, text).key
    if field.derived:
        return text.strip().upper()
    if field.traits.holds_file:
        from tuicrm.services.items.attachments import take

        return take(session, field, text, within.get(field.key) if within else None)
    parse = typed.parse if context.canonical else parse_field
    return parse(text, field, _in_its_currency(context, field, within))


def _in_its_currency(context: Context, field: Field, within: Item | None) -> Context:
    """A bare amount typed over another one is in that one's currency."""
    former = within.get(field.key) if within is not None and field.traits.has_currency else None
    code = former.get("currency") if isinstance(former, dict) else None
    return replace(context, currency=code) if isinstance(code, str) and code else context


def add(session: Session, type_key: str, fields: Mapping[str, Any]) -> Item:
    """Make an item from JSON-form values."""
    name = session.label(session.workspace.type(type_key).label)
    with session.change(_("add {type}").format(type=name.lower())) as change:
        ref = change.add(type_key, fields)
    return session.written(ref)


def edit(
    session: Session,
    ref: Ref,
    fields: Mapping[str, Any],
    *,
    base: Item | None = None,
    expect: int | None = None,
) -> Item:
    """Change fields of an item. See `Change.edit` for `base` and `expect`."""
    names = ", ".join(_field_label(session, ref.type, key) for key in fields)
    label = _("change {fields} of {ref}").format(fields=names, ref=session.workspace.show_ref(ref))
    with session.change(label) as change:
        change.edit(ref, fields, base=base, expect=expect)
    return session.written(ref)


def delete(session: Session, refs: list[Ref], *, expect: int | None = None) -> None:
    """Delete items, as one change that undo takes back."""
    shown = session.workspace.show_ref(refs[0]) if len(refs) == 1 else str(len(refs))
    label = _("delete {what}").format(what=shown)
    if len(refs) > _LINE and expect is None:
        with session.bulk(label) as bulk:
            for at in range(0, len(refs), _LINE):
                with bulk.change() as line:
                    for ref in refs[at : at + _LINE]:
                        line.delete(ref)
        return
    with session.change(label) as change:
        for ref in refs:
            change.delete(ref, expect=expect)


def _field_label(session: Session, type_key: str, key: str) -> str:
    field = session.workspace.field(type_key, key)
    return session.label(field.label) if field else key
