"""What was understood of a typed value, where a reader may wonder: `1.234` is not the same in English and Italian."""

from __future__ import annotations

from datetime import date

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.day_names import weekday
from tuicrm.domain.kinds.values import format_field, is_empty
from tuicrm.domain.schema import Field


def preview(value: object, field: Field, context: Context) -> str:
    """The value in words for people; "" where what was typed says it already."""
    if is_empty(value) or not field.traits.is_told_back:
        return ""
    text = format_field(value, field, context).replace("\n", " · ")
    if field.traits.is_day and isinstance(value, str):
        return f"{weekday(date.fromisoformat(value), context)} {text}"
    return text
