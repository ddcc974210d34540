"""Writes the keys into README.md from the action table, between two markers: `make pictures`."""

from __future__ import annotations

from pathlib import Path

from tuicrm.actions import ACTIONS
from tuicrm.scopes import GROUPS

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- keys: written by scripts/readme_keys.py -->", "<!-- end of keys -->"
_GROUPS = (
    "everywhere",
    "board",
    "agenda",
    "list",
    "card",
    "triage",
    "timeline",
    "products",
    "relations",
    "history",
    "customise",
)


def keys_table() -> str:
    """The keys of each group as a Markdown table."""
    parts = []
    for group in _GROUPS:
        rows = [
            f"| {' '.join(_key(key) for key in _few(action.keys))} | {action.help} |"
            for action in ACTIONS
            if action.group == group
        ]
        parts.append("\n".join((f"| {GROUPS[group]} | |", "|---|---|", *rows)))
    return "\n\n".join(parts)


def with_keys(readme: str) -> str:
    """README with the keys as they are now. Raises ValueError when the markers are gone."""
    before, begin, rest = readme.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("README.md has lost the markers of its keys")
    return f"{before}{BEGIN}\n{keys_table()}\n{END}{after}"


def _few(keys: tuple[str, ...]) -> tuple[str, ...]:
    return (keys[0], "…", keys[-1]) if len(keys) > 4 else keys


def _key(key: str) -> str:
    return key if key == "…" else f"`{key}`"


if __name__ == "__main__":
    README.write_text(with_keys(README.read_text(encoding="utf-8")), encoding="utf-8")
