"""`tuicrm tab list`, `move`, `hide`, `show`, `reset`: the tabs of a card, which a layout orders and hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.arguments.places import PIPELINE, SHAPED, SHOWN, TYPE, VARIANT, place_at
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.layouts.shaping import LayoutShaping
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import Tab

app = noun(_("The tabs of a card."))

_TAB = typer.Argument(metavar="TAB", help=_("A tab, by key or label."))


@app.command("list", cls=CrmCommand, help=_("List a card's tabs in order, and the hidden ones."))
def list_(
    context: typer.CommandContext,
    type: str = TYPE,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHOWN,
) -> None:
    from tuicrm.cli.layouts.layout_output import which
    from tuicrm.services.layouts import tabs
    from tuicrm.services.layouts.layout_names import layout_to_show

    work, place = place_at(context, type, pipeline, variant)
    session = work.session
    use = layout_to_show(session, place, layout)
    arranged = tabs.arranged(session, place, use)
    rows: list[tuple[Tab, bool]] = [(tab, False) for tab in arranged.shown]
    rows += [(tab, True) for tab in arranged.hidden]
    if work.out.json:
        told = [
            {"key": tab.key, "label": session.label(tab.label), "kind": tab.kind, "hidden": hidden}
            for tab, hidden in rows
        ]
        work.out.envelope(type=place.type, variant=place.variant, layout=use.kind, tabs=told, total=len(told))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Label")), TableColumn("")]
    work.out.table(heads, [[tab.key, session.label(tab.label), _("hidden") if hidden else ""] for tab, hidden in rows])
    work.out.say(which(session, place, use))


@app.command(cls=CrmCommand, help=_("Move a tab to the left or right."))
def move(
    context: typer.CommandContext,
    type: str = TYPE,
    tab: str = _TAB,
    left: bool = typer.Option(False, "--left", help=_("One place to the left.")),
    right: bool = typer.Option(False, "--right", help=_("One place to the right.")),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.services.layouts import tabs

    if left == right:
        raise UsageError(_("Add --left or --right."))
    shaping, key = _found(context, type, tab, pipeline, variant, layout)
    shaping.do(lambda: tabs.move(shaping.session, shaping.place, key, -1 if left else 1, shaping.use), [key])


def _found(
    context: typer.CommandContext, type: str, tab: str, pipeline: str, variant: str, layout: str
) -> tuple[LayoutShaping, str]:
    """The layout that is shaped, and the key of a tab in it. Raises NotFound, Refused."""
    from tuicrm.services.layouts.tabs import find_tab

    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    return shaping, find_tab(shaping.session, shaping.place.type, tab).key


@app.command(cls=CrmCommand, help=_("Remove a tab from the bar; you can still list it here."))
def hide(
    context: typer.CommandContext,
    type: str = TYPE,
    tab: str = _TAB,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.services.layouts import tabs

    shaping, key = _found(context, type, tab, pipeline, variant, layout)
    shaping.do(lambda: tabs.hide(shaping.session, shaping.place, key, shaping.use), [key])


@app.command(cls=CrmCommand, help=_("Put a tab back into the bar."))
def show(
    context: typer.CommandContext,
    type: str = TYPE,
    tab: str = _TAB,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.services.layouts import tabs

    shaping, key = _found(context, type, tab, pipeline, variant, layout)
    shaping.do(lambda: tabs.show(shaping.session, shaping.place, key, shaping.use), [key])


@app.command(cls=CrmCommand, help=_("Put all tabs back in the type's own order."))
def reset(
    context: typer.CommandContext,
    type: str = TYPE,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.services.layouts import tabs

    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    shaping.do(lambda: tabs.reset(shaping.session, shaping.place, shaping.use), [])
