"""A whole card as lines, one under the other: for the command line and for copying."""

from __future__ import annotations

from tuicrm.domain.card import CardView, TabView, TimelineView
from tuicrm.render.compose import cut_line
from tuicrm.render.fields import Hints, build_rows
from tuicrm.render.line import Line, Run
from tuicrm.render.stagebar import stage_bar
from tuicrm.render.text import clean, wrap
from tuicrm.render.text import width as text_width
from tuicrm.render.timeline import build_timeline


def card_text(view: CardView, timeline: TimelineView | None, cells: int, *, show_empty: bool = False) -> list[Line]:
    """Title, stage, fields in their sections, then the timeline, on `cells`; texts whole."""
    lines: list[Line] = [cut_line(_top(view), cells)]
    lines += [(Run(line, "title"),) for line in wrap(view.title, cells)]
    if view.steps:
        lines.append(stage_bar(view.steps, view.days, cells, compact=True).line)
    lines.append(())
    fields = build_rows(view, cells, show_empty=show_empty, value_lines=0, hints=Hints(show_empty=""))
    lines += [fields.line(y) for y in range(len(fields.rows))]
    sold = [tab for tab in view.tabs if tab.told]
    if sold:
        longest = max(text_width(clean(tab.label)) for tab in sold)
        lines += [(), *(cut_line(_sold(tab, longest), cells) for tab in sold)]
    if timeline is not None and timeline.entries:
        rows = build_timeline(timeline, cells, text_lines=0)
        lines += [(), *(rows.line(y) for y in range(len(rows.rows)))]
    return lines


def _sold(tab: TabView, longest: int) -> Line:
    """What of one type is this client's."""
    label = clean(tab.label)
    return Run(f"  {label}{' ' * (longest - text_width(label))}  ", "label"), Run(clean(tab.told), "value")


def _top(view: CardView) -> Line:
    places = " › ".join(clean(name) for name in (view.noun, view.place) if name)
    saved = clean(view.saved)
    sign = (Run(f"  {clean(view.sign)}", "today"),) if view.sign else ()
    start: Line = (Run(clean(view.ref), "accent bold"), Run(f"  {places}", "dim"), *sign)
    return (*start, Run(f"  {saved}" if saved else "", "faint"))
