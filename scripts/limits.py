"""Writes the table of limits into docs/limits.md, between its two markers: `python -m scripts.limits`."""

from __future__ import annotations

from pathlib import Path

from tuicrm.limits import BYTES, LIMITS, Limit

PAGE = Path(__file__).parent.parent / "docs" / "limits.md"
_BEGIN, _END = "<!-- limits: written by scripts/limits.py -->", "<!-- end -->"


def with_table(page: str) -> str:
    """The page with the limits as they are now. Raises ValueError where a marker is gone."""
    before, found, rest = page.partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not (found and end):
        raise ValueError("docs/limits.md has lost its markers")
    return f"{before}{_BEGIN}\n{table()}\n{_END}{after}"


def table() -> str:
    """All limits as a Markdown table."""
    rows = (f"| `{limit.key}` | {_most(limit)} | {limit.what} |" for limit in LIMITS)
    return "\n".join(("| limit | at most | of what |", "|---|---|---|", *rows))


def _most(limit: Limit) -> str:
    if limit.unit is BYTES and limit.most >= 1 << 20:
        return f"{limit.most >> 20} MB"
    return f"{limit.most:,} {limit.unit.name}".strip()


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
