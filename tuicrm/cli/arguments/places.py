"""What `layout`, `view`, `tab` and `field` share: which type, for whose items, which layout, which way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import LayoutPlace

TYPE = typer.Argument(metavar="TYPE", help=_("An item type: deal, contact, …"))
FIELD = typer.Argument(metavar="FIELD", help=_("A field, by key or label."))
FIELDS = typer.Argument(metavar="FIELD...", help=_("Fields, by key or label."))
VIEW = typer.Argument(metavar="VIEW", help=_("A view, by key or name."))

PIPELINE = typer.Option("", metavar="NAME", help=_("The cards of this pipeline; by default, of the default pipeline."))
VARIANT = typer.Option("", metavar="NAME", help=_("The cards of this variant: new or repeat leads."))
SHAPED = typer.Option("", metavar="LAYOUT", help=_("common, mine, or a view; by default, the one you can change."))
SHOWN = typer.Option("", metavar="LAYOUT", help=_("common, mine, built-in, or a view; by default, the one you have."))

UP = typer.Option(False, "--up", help=_("Move it one place up."))
DOWN = typer.Option(False, "--down", help=_("Move it one place down."))
EXPECT = typer.Option(None, "--expect", metavar="REV", help=_("Only if the item is still at this revision."))
DRY_RUN = typer.Option(False, "--dry-run", help=_("Only show what would change."))


def place_at(context: typer.CommandContext, type: str, pipeline: str, variant: str) -> tuple[CommandRun, LayoutPlace]:
    """The run, and where the layout holds that its options name."""
    from tuicrm.services.kernel.lookup import find_type
    from tuicrm.services.layouts.layout_names import find_place

    work = work_of(context)
    if pipeline and variant:
        raise UsageError(_("Use --pipeline or --variant, not both."))
    type_key = find_type(work.session, type).key
    return work, find_place(work.session, type_key, pipeline=pipeline, variant=variant)


def direction(*, up: bool, down: bool) -> int:
    """-1 up, 1 down. Raises UsageError for neither and both."""
    if up == down:
        raise UsageError(_("Add --up or --down."))
    return -1 if up else 1


def only_told(dry_run: bool) -> str:
    """What is said where nothing was done."""
    return _("Nothing was changed: --dry-run only shows what would happen.") if dry_run else ""
