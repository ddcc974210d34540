"""Fields of items as people read them: what lists, boards and cards show."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.items import Item
from tuicrm.domain.kinds.values import format_field, is_empty
from tuicrm.domain.schema import Field
from tuicrm.services.kernel.session import Session


def field_value(item: Item, field: Field) -> Any:
    """A field's stored value; for a derived one, the part it speaks of."""
    if not field.derived:
        return item.get(field.key)
    value: Any = item.fields
    for part in field.derived.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def show(session: Session, item: Item, field: Field, value: object, context: Context) -> str:
    """A value as text, stages and pipelines by their labels."""
    if field.traits.is_stage:
        stage = session.workspace.stage_known(item.type, item.fields)
        return session.label(stage.label) if stage else str(value)
    if field.traits.is_pipeline:
        pipeline = session.workspace.pipeline_known(item.type, str(value))
        return session.label(pipeline.label) if pipeline else str(value)
    return format_field(value, field, context)


def show_value(session: Session, item: Item, field: Field) -> str:
    """A field of an item as text, in one line; "" when empty."""
    value = field_value(item, field)
    return "" if is_empty(value) else show(session, item, field, value, session.context()).replace("\n", ", ")
