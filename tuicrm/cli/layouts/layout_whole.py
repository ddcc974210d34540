"""Whole layouts: one's own, everyone's, back to what it was built on, which one is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.arguments.places import DRY_RUN, PIPELINE, SHOWN, TYPE, VARIANT, only_told, place_at
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import _, ngettext

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import LayoutPlace


def register(app: CrmGroup) -> None:
    """Make these verbs of a noun."""
    app.command(cls=CrmCommand, help=_("Start a personal layout from the card as it is."))(mine)
    app.command(cls=CrmCommand, help=_("Make your card the common layout; personal layouts are removed."))(everyone)
    app.command(cls=CrmCommand, help=_("Reset to the layout this one is based on."))(reset)
    app.command(cls=CrmCommand, help=_("Switch to another layout you may use."))(use)


def mine(context: typer.CommandContext, type: str = TYPE, pipeline: str = PIPELINE, variant: str = VARIANT) -> None:
    from tuicrm.services.layouts import layouts

    work, place = place_at(context, type, pipeline, variant)
    layouts.begin_personal(work.session, place)
    _answer(work, place)


def everyone(
    context: typer.CommandContext,
    type: str = TYPE,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHOWN,
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.cli.layouts.layout_output import plain
    from tuicrm.services.layouts import layouts
    from tuicrm.services.layouts.layout_names import layout_to_show

    work, place = place_at(context, type, pipeline, variant)
    session = work.session
    layouts.require_edit(session, layouts.common(session, place))
    chosen = layout_to_show(session, place, layout)
    whose = layouts.whose_personal(session, place) if dry_run else layouts.set_for_everyone(session, place, chosen)
    if work.out.json:
        work.out.envelope(**plain(session, place, chosen if dry_run else layouts.common(session, place)), taken=whose)
        return
    for name in whose:
        work.out.text(name)
    count = ngettext("{n} personal layout", "{n} personal layouts", len(whose))
    if dry_run:
        work.out.say(f"{_('This would remove: {count}.').format(count=count)} {only_told(dry_run)}")
    else:
        work.out.say(_("Everyone has this layout now; removed: {count}.").format(count=count))


def reset(
    context: typer.CommandContext,
    type: str = TYPE,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHOWN,
) -> None:
    from tuicrm.services.layouts import layouts
    from tuicrm.services.layouts.layout_names import find_layout

    work, place = place_at(context, type, pipeline, variant)
    layouts.reset(work.session, place, find_layout(work.session, place, layout) if layout else None)
    _answer(work, place)


def use(
    context: typer.CommandContext,
    type: str = TYPE,
    layout: str = typer.Argument(
        "", metavar="[LAYOUT]", help=_("common, mine, or a view; by default, whichever comes first for you.")
    ),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
) -> None:
    from tuicrm.services.layouts import layouts
    from tuicrm.services.layouts.layout_names import find_choice

    work, place = place_at(context, type, pipeline, variant)
    layouts.switch(work.session, place, find_choice(work.session, place, layout) if layout else "")
    _answer(work, place)


def _answer(work: CommandRun, place: LayoutPlace) -> None:
    """Which layout one has now."""
    from tuicrm.cli.layouts.layout_output import plain, which, why
    from tuicrm.services.layouts import layouts

    found = layouts.in_use(work.session, place)
    if work.out.json:
        work.out.envelope(**plain(work.session, place, found))
        return
    work.out.text(which(work.session, place, found))
    work.out.say(why(work.session, place, found))
