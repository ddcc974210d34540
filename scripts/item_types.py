"""Writes what ships of each item type into docs/item-types.md, between two markers a type: `python -m scripts.item_types`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tuicrm.domain.kinds import KINDS
from tuicrm.domain.schema import Field, ItemType, all_labels
from tuicrm.services.kernel.builtin_definitions import load_types

PAGE = Path(__file__).parent.parent / "docs" / "item-types.md"
_END = "<!-- end -->"


def with_tables(page: str) -> str:
    """The page with the types as they ship now. Raises ValueError where a marker is gone."""
    for key, told in {**{key: table(one) for key, one in load_types().items()}, "kinds": kinds()}.items():
        begin = f"<!-- {key}: written by scripts/item_types.py -->"
        before, found, rest = page.partition(begin)
        _old, end, after = rest.partition(_END)
        if not (found and end):
            raise ValueError(f"docs/item-types.md has lost the markers of {key}")
        page = f"{before}{begin}\n{told}\n{_END}{after}"
    return page


def kinds() -> str:
    """The kinds that a field of one's own can be of, as a Markdown table."""
    rows = [
        f"| `{name}` | {one.label} | {', '.join(f'`{key}`' for key in one.settings)} | {_yes(one.can_be_several)} "
        f"| {_yes(one.has_default)} | {_yes(one.sums)} | {', '.join(f'`{code}`' for code in one.source)} |"
        for name, one in KINDS.items()
        if one.custom
    ]
    head = "| kind | what it is | settings | several | default | added up | in the model |"
    return "\n".join((head, "|---|---|---|---|---|---|---|", *rows))


def _yes(truth: bool) -> str:
    return "✓" if truth else ""


def table(item_type: ItemType) -> str:
    """One type as a Markdown table."""
    return "\n".join(("| | |", "|---|---|", *(f"| {name} | {told} |" for name, told in _rows(item_type) if told)))


def _rows(item_type: ItemType) -> Iterator[tuple[str, str]]:
    yield "Refs", f"`{item_type.prefix}-1`, symbol {item_type.symbol}"
    yield f"Fields ({len(item_type.fields)})", ", ".join(map(_field, item_type.fields))
    yield "Tabs", ", ".join(_english(tab.label) for tab in item_type.tabs)
    for pipeline in item_type.pipelines:
        stages = (f"{_english(one.label)} `{one.source}` {one.semantics} {one.colour}" for one in pipeline.stages)
        yield "Stages", " · ".join(stages)
    if item_type.has_stages:
        yield "Pipelines", "several" if item_type.has_pipelines else "one"
    if item_type.numbering:
        yield "Number", f"`{item_type.numbering.pattern}`, begun anew each {item_type.numbering.reset}"
    yield "Dates", ", ".join(_date(field) for field in item_type.fields if field.traits.is_day and field.default)
    if item_type.due:
        yield "Deadlines by", f"`{item_type.due}`"
    yield "Makes", " · ".join(" + ".join(scenario.targets) for scenario in item_type.creates)
    yield "May be switched off", ", ".join(_english(switch.label).lower() for switch in item_type.switches)


def _field(field: Field) -> str:
    """Its key; marked where it must be filled (*) and where it follows by itself (°)."""
    return f"`{field.key}`{'*' if field.required else ''}{'°' if field.read_only else ''}"


def _date(field: Field) -> str:
    days = field.default.get("now") if isinstance(field.default, dict) else None
    return f"`{field.key}` today" if days == 0 else f"`{field.key}` in {days} days"


def _english(label: object) -> str:
    return str(label["en"] if isinstance(label, dict) else next(iter(all_labels(str(label)))))


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
