"""A card layout as data and as lines: which one it is and why, its sections and fields, what is hidden, its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import cut_line, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import DOT
from tuicrm.render.text import clean, width, wrap

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
    from tuicrm.domain.schema import Field, Placed, Tab
    from tuicrm.services.kernel.session import Session


def plain(session: Session, place: LayoutPlace, use: LayoutUse) -> dict[str, Any]:
    """A layout for programs."""
    from tuicrm.services.layouts import layouts, tabs

    layout, arranged = layouts.current(session, place, use), tabs.arranged(session, place, use)
    in_use = layouts.in_use(session, place).choice
    sections = [
        {
            "key": section.key,
            "title": session.label(section.title),
            "fields": [placed.field for placed in section.fields],
            "always": [placed.field for placed in section.fields if placed.always],
        }
        for section in layout.sections
    ]
    told = {"type": place.type, "variant": place.variant, "layout": use.kind, "in_use": use.choice == in_use}
    if use.kept is not None and use.kind == "view":
        told["view"] = {"key": use.kept.record.key, "name": use.name, "members": use.kept.record.members}
    if use.choice == in_use:
        told["why"] = layouts.explain(session, place)
    return {
        **told,
        "available": [
            {"layout": one.kind, "choice": one.choice, "name": one.name, "in_use": one.choice == in_use}
            for one in layouts.available(session, place)
        ],
        "sections": sections,
        "hidden": [field.key for field in layouts.hidden_fields(session, place, use)],
        "tabs": [tab.key for tab in arranged.shown],
        "hidden_tabs": [tab.key for tab in arranged.hidden],
    }


def lines(session: Session, place: LayoutPlace, use: LayoutUse, cells: int = 0) -> list[Line]:
    """Sections with their fields and what is said of each, then what is hidden, then the tabs; fitted to a terminal's `cells`, whole
    without."""
    from tuicrm.services.layouts import layouts, tabs

    known = session.workspace.fields(place.type)
    rows: list[tuple[str, str, str, str]] = []
    for section in layouts.current(session, place, use).sections:
        rows.append((clean(session.label(section.title)), clean(section.key), "", "heading"))
        for placed in section.fields:
            label = clean(session.label(known[placed.field].label))
            rows.append((f"  {label}", clean(placed.field), _said(session, place, known[placed.field], placed), ""))
    names, keys = (max((width(row[at]) for row in rows), default=0) + 2 for at in (0, 1))
    if cells:
        names, keys = min(names, cells * 2 // 5), min(keys, cells * 3 // 10)
    drawn = [line for row in rows for line in _row(row, names, keys, cells)]
    hidden = layouts.hidden_fields(session, place, use)
    if hidden:
        count = ngettext("{n} field hidden: ", "{n} fields hidden: ", len(hidden))
        drawn += _wrapped(count + ", ".join(field.key for field in hidden), cells)
    arranged = tabs.arranged(session, place, use)
    bar = _("Tabs: {tabs}").format(tabs=_tabs(session, arranged.shown))
    if arranged.hidden:
        bar += " " + _("(hidden: {tabs})").format(tabs=_tabs(session, arranged.hidden))
    return [*drawn, *_wrapped(bar, cells)]


def _row(row: tuple[str, str, str, str], names: int, keys: int, cells: int) -> list[Line]:
    """Name, key, and what is said, which goes on beneath itself where it is long."""
    name, key, said, style = row
    left = (*pad((Run(name, style),), names), *cut_line((Run(key, "faint"),), keys))
    if not said:
        return [left]
    edge = names + keys
    first, *more = wrap(said, cells - edge) if cells else [clean(said)]
    return [(*pad(left, edge), Run(first, "dim")), *((Run(" " * edge), Run(text, "dim")) for text in more)]


def _wrapped(text: str, cells: int) -> list[Line]:
    return [(Run(line),) for line in (wrap(text, cells) if cells else [clean(text)])]


def _said(session: Session, place: LayoutPlace, field: Field, placed: Placed) -> str:
    """What is special of a field where it stands: always shown, required, for some only."""
    from tuicrm.services.definitions.field_words import where_required
    from tuicrm.services.layouts.views import member_names

    told = [_("always shown")] if placed.always else []
    pipeline = "" if session.workspace.type(place.type).variants else place.variant
    if required := where_required(session, place.type, field, pipeline):
        told.append(_("required: {where}").format(where=required))
    if field.visible_to:
        told.append(_("only {names}").format(names=", ".join(member_names(session, field.visible_to))))
    return f" {DOT} ".join(told)


def _tabs(session: Session, found: list[Tab]) -> str:
    return ", ".join(session.label(tab.label) for tab in found)


def which(session: Session, place: LayoutPlace, use: LayoutUse) -> str:
    """`Deals › General: common layout.`"""
    from tuicrm.services.layouts.layout_names import place_name
    from tuicrm.services.layouts.layouts import describe

    return _("{place}: {layout}.").format(place=place_name(session, place), layout=describe(use))


def why(session: Session, place: LayoutPlace, use: LayoutUse) -> str:
    """Why one has this layout, or which one has instead, and between which one can choose."""
    from tuicrm.services.layouts import layouts

    mine, found = layouts.in_use(session, place), layouts.available(session, place)
    told = [
        layouts.explain(session, place)
        if mine.choice == use.choice
        else _("Your cards use another one: {layout}.").format(layout=layouts.describe(mine))
    ]
    if len(found) > 1:
        names = ", ".join(layouts.describe(one) for one in found)
        told.append(_("You can use: {layouts}.").format(layouts=names))
    return " ".join(told)
