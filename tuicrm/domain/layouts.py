"""Edits of a card layout. Each takes a layout and gives a new one; a field stands in at most one section, and none is ever lost:
what stands in no section is hidden and keeps its values (reference §4.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec.structs import replace

from tuicrm.domain.schema import Field, Label, Layout, Placed, Section


class NoSuchPlace(KeyError):
    """The section or field is not in this layout (any more)."""


def where(layout: Layout, field: str) -> tuple[int, int] | None:
    """Section and place of a field; None when it is hidden."""
    for at, section in enumerate(layout.sections):
        for place, placed in enumerate(section.fields):
            if placed.field == field:
                return at, place
    return None


def hidden(layout: Layout, fields: Iterable[Field]) -> list[Field]:
    """The fields that stand in no section, in their type's order."""
    shown = {placed.field for section in layout.sections for placed in section.fields}
    return [field for field in fields if field.key not in shown]


def without_unknown(layout: Layout, known: Iterable[str]) -> Layout:
    """The layout without fields that do not exist (deleted ones, ones the person may not see)."""
    keys = set(known)
    sections = [replace(section, fields=[p for p in section.fields if p.field in keys]) for section in layout.sections]
    return replace(layout, sections=sections)


def among_seen(layout: Layout, seen: Collection[str], step: Callable[[Layout], Layout]) -> Layout:
    """One step of someone who sees only these fields. Those that are not seen (deleted ones, ones shown to others only) stand in the
    way of nothing, and stay behind the field that they stood behind."""
    visible = without_unknown(layout, seen)
    stepped = step(visible)
    return layout if stepped == visible else _with_unseen(stepped, layout, seen)


def _with_unseen(stepped: Layout, before: Layout, seen: Collection[str]) -> Layout:
    former = {section.key: section for section in before.sections}
    placed_now = {placed.field for section in stepped.sections for placed in section.fields}
    sections = []
    for section in stepped.sections:
        fields, anchor = list(section.fields), 0
        for placed in former[section.key].fields if section.key in former else ():
            if placed.field in placed_now:
                at = next((at for at, now in enumerate(fields) if now.field == placed.field), None)
                anchor = anchor if at is None else at + 1
            elif placed.field not in seen:
                fields.insert(anchor, placed)
                placed_now.add(placed.field)
                anchor += 1
        sections.append(replace(section, fields=fields))
    return replace(stepped, sections=sections)


def without(layout: Layout, fields: Iterable[str]) -> Layout:
    """The layout without these fields."""
    gone = set(fields)
    sections = [
        replace(section, fields=[p for p in section.fields if p.field not in gone]) for section in layout.sections
    ]
    return replace(layout, sections=sections)


def move_field(layout: Layout, field: str, step: int) -> Layout:
    """One place down (1) or up (-1); past a section's edge it goes on into the next one. Unmoved at the ends."""
    at, place = _find(layout, field)
    section = layout.sections[at]
    if 0 <= place + step < len(section.fields):
        fields = list(section.fields)
        fields[place], fields[place + step] = fields[place + step], fields[place]
        return _with(layout, at, fields)
    if not 0 <= at + step < len(layout.sections):
        return layout
    return place_field(layout, field, at + step, 0 if step > 0 else len(layout.sections[at + step].fields))


def place_field(layout: Layout, field: str, section: int, place: int | None = None) -> Layout:
    """Put a field, hidden or not, into a section (at its end without `place`)."""
    return place_fields(layout, [field], section, place)


def place_fields(layout: Layout, fields: Sequence[str], section: int, place: int | None = None) -> Layout:
    """Put fields, hidden or not, into a section one behind the other; the first is at `place` then (at the end without)."""
    if not 0 <= section < len(layout.sections):
        raise NoSuchPlace(section)
    known = {placed.field: placed for one in layout.sections for placed in one.fields}
    rest = without(layout, fields)
    there = list(rest.sections[section].fields)
    at = len(there) if place is None else place
    there[at:at] = [known.get(field) or Placed(field) for field in dict.fromkeys(fields)]
    return _with(rest, section, there)


def hide_field(layout: Layout, field: str) -> Layout:
    """Take a field out of its section; its values stay."""
    at, place = _find(layout, field)
    fields = list(layout.sections[at].fields)
    del fields[place]
    return _with(layout, at, fields)


def choose_fields(layout: Layout, section: int, chosen: Sequence[str]) -> Layout:
    """Show exactly the `chosen` fields: those shown and not chosen are hidden, those hidden come to the end of `section`."""
    kept = without_unknown(layout, chosen)
    for field in chosen:
        if where(kept, field) is None:
            kept = place_field(kept, field, section)
    return kept


def move_section(layout: Layout, key: str, step: int) -> Layout:
    """One section down (1) or up (-1). Unmoved at the ends."""
    at = _section(layout, key)
    if not 0 <= at + step < len(layout.sections):
        return layout
    sections = list(layout.sections)
    sections[at], sections[at + step] = sections[at + step], sections[at]
    return replace(layout, sections=sections)


def place_beside(layout: Layout, field: str, other: str, *, after: bool) -> Layout:
    """Put a field before or after another one, whatever section that is in. Raises NoSuchPlace."""
    _find(layout, field)
    at, place = _find(without(layout, [field]), other)
    return place_field(layout, field, at, place + after)


def place_section(layout: Layout, key: str, other: str) -> Layout:
    """Put a section where another one stands, which makes way. Raises NoSuchPlace."""
    at, to = _section(layout, key), _section(layout, other)
    sections = list(layout.sections)
    sections.insert(to, sections.pop(at))
    return replace(layout, sections=sections)


def add_section(layout: Layout, key: str, title: Label) -> Layout:
    """A new empty section at the end."""
    return replace(layout, sections=[*layout.sections, Section(key, title, [])])


def rename_section(layout: Layout, key: str, title: Label) -> Layout:
    """Give a section (a key) another title. Raises Refused where there is no such section."""
    at = _section(layout, key)
    sections = list(layout.sections)
    sections[at] = replace(sections[at], title=title)
    return replace(layout, sections=sections)


def delete_section(layout: Layout, key: str) -> Layout:
    """Take a section away; its fields are hidden."""
    at = _section(layout, key)
    return replace(layout, sections=[*layout.sections[:at], *layout.sections[at + 1 :]])


def show_always(layout: Layout, field: str, *, always: bool) -> Layout:
    """Whether the field is shown while it is empty."""
    at, place = _find(layout, field)
    fields = list(layout.sections[at].fields)
    fields[place] = replace(fields[place], always=always)
    return _with(layout, at, fields)


def _find(layout: Layout, field: str) -> tuple[int, int]:
    found = where(layout, field)
    if found is None:
        raise NoSuchPlace(field)
    return found


def _section(layout: Layout, key: str) -> int:
    for at, section in enumerate(layout.sections):
        if section.key == key:
            return at
    raise NoSuchPlace(key)


def _with(layout: Layout, at: int, fields: list[Placed]) -> Layout:
    sections = list(layout.sections)
    sections[at] = replace(sections[at], fields=fields)
    return replace(layout, sections=sections)
