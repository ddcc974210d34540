"""What a layout keeps besides what a card shows: fields that the person at work does not see, elements of the model product without
a field here. Neither is lost when a whole layout is put in the place of another."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from tuicrm.domain.layouts import where
from tuicrm.domain.schema import Foreign, Layout, Placed, Section


# -- fields that the person does not see -------------------------------------------------------------------------------
def keep_unseen(before: Layout, after: Layout, seen: Collection[str]) -> Layout:
    """`after` with the fields of `before` that are not `seen`, where they were: in their section behind the field they stood behind.
    Where the section is gone, they come to the end of the one before it."""
    for at, section in enumerate(before.sections):
        for place, placed in enumerate(section.fields):
            if placed.field not in seen and where(after, placed.field) is None:
                after = _keep(after, before.sections[: at + 1], section.fields[:place], placed)
    return after


def _keep(layout: Layout, path: Sequence[Section], behind: Sequence[Placed], placed: Placed) -> Layout:
    """Put a field back; `path` are the sections down to its own, `behind` the fields before it there."""
    if not layout.sections:
        return layout
    keys = [section.key for section in layout.sections]
    found = next((keys.index(section.key) for section in reversed(path) if section.key in keys), 0)
    here = [one.field for one in layout.sections[found].fields]
    before = next((one.field for one in reversed(behind) if one.field in here), "")
    # At the top where nothing it stood behind is left, unless its own section is gone: then nothing of this one was before it.
    own = keys[found] == path[-1].key
    place = here.index(before) + 1 if before else 0 if own else len(here)
    return _with_field(layout, found, place, placed)


def _with_field(layout: Layout, at: int, place: int, placed: Placed) -> Layout:
    sections = list(layout.sections)
    fields = list(sections[at].fields)
    fields.insert(place, placed)
    sections[at] = replace(sections[at], fields=fields)
    return replace(layout, sections=sections)


# -- elements without a field ------------------------------------------------------------------------------------------
def in_order(section: Section) -> list[Placed | Foreign]:
    """A section's fields and elements without a field, each where it stands; at the end those whose neighbour is gone."""
    after: dict[str, list[Foreign]] = {}
    for one in section.foreign:
        after.setdefault(one.after, []).append(one)
    ordered: list[Placed | Foreign] = [*after.pop("", [])]
    for placed in section.fields:
        ordered += [placed, *after.pop(placed.field, [])]
    return [*ordered, *(one for some in after.values() for one in some)]


def settle(layout: Layout, name: str, field: str) -> Layout:
    """Give a field the place that was kept for the element it is; it comes nowhere else, and stays where it stands already."""
    if not any(one.name == name for section in layout.sections for one in section.foreign):
        return layout
    free = where(layout, field) is None
    sections = list(layout.sections)
    for at, section in enumerate(layout.sections):
        if any(one.name == name for one in section.foreign):
            sections[at] = _settled(section, name, Placed(field) if free else None)
            free = False
    return replace(layout, sections=sections)


def _settled(section: Section, name: str, field: Placed | None) -> Section:
    """The section with the field in the element's place, or without the element."""
    fields: list[Placed] = []
    foreign: list[Foreign] = []
    for one in in_order(section):
        if isinstance(one, Placed):
            fields.append(one)
        elif one.name != name:
            foreign.append(replace(one, after=fields[-1].field if fields else ""))
        elif field is not None:
            fields.append(replace(field, always=one.always, options=one.options))
            field = None
    return replace(section, fields=fields, foreign=foreign)
