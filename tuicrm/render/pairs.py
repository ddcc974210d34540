"""Names and what stands beside each: two columns without heads."""

from __future__ import annotations

from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, width


def pairs(pairs: list[tuple[str, str]], style: str = "label") -> list[Line]:
    """Two columns without heads."""
    cells = max((width(clean(name)) for name, _value in pairs), default=0)
    return [
        (Run(clean(name) + " " * (cells - width(clean(name)) + 2), style), Run(clean(value))) for name, value in pairs
    ]
