"""What was understood of a typed value, where a reader may wonder: `1.234` is not the same in English and Italian."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.dates import weekday
from tuicrm.domain.kinds.values import format_field, is_empty
from tuicrm.domain.schema import Field

_WORTH_SAYING = (
    "integer",
    "number",
    "money",
    "date",
    "datetime",
    "phone",
    "web",
    "link",
    "address",
    "boolean",
    "products",
)


def preview(value: Any, field: Field, context: Context) -> str:
    """The value in words for people; "" where what was typed says it already."""
    if is_empty(value) or field.kind not in _WORTH_SAYING:
        return ""
    text = format_field(value, field, context).replace("\n", " · ")
    if field.kind == "date" and isinstance(value, str):
        from datetime import date

        return f"{weekday(date.fromisoformat(value), context)} {text}"
    return text
