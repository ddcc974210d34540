"""Columns of a file for tests: their cells in, their styles out."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

from tuicrm.domain.schema import Field
from tuicrm.exchange.column_styles import ColumnCells, ColumnStyle, Judged, judge

ROME = ZoneInfo("Europe/Rome")
TODAY = date(2026, 11, 23)
ENGLISH = ColumnStyle("mdy", ".", today=TODAY, zone=UTC)
ITALIAN = ColumnStyle("dmy", ",", today=TODAY, zone=ROME)


def field(kind: str, **settings: object) -> Field:
    return Field("f", kind, "Field", settings=settings)


def judged(default: ColumnStyle = ENGLISH, /, **columns: tuple[str, list[str]]) -> dict[str, Judged]:
    """Columns by name, each a kind and its cells, judged as one file whose first row is on line 2."""
    known = []
    for name, (kind, texts) in columns.items():
        column = ColumnCells(name, field(kind), default)
        for line, text in enumerate(texts, 2):
            column.see(text, line)
        known.append(column)
    return judge(known, default)


def style_of(kind: str, texts: list[str], default: ColumnStyle = ENGLISH) -> ColumnStyle:
    """The style of a column alone in its file."""
    return judged(default, f=(kind, texts))["f"].style
