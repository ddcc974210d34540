"""`tuicrm board`: a board as text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.services.boards.board_base import CardBoard, ColumnTotals
    from tuicrm.services.kernel.session import Session

board = verb()

CARDS = 5
"""How many cards of a column are shown, where nobody says."""
_VIEWS = ("board", "deadlines", "activities")


@board.command(cls=CrmCommand, help=_("Show a board as text. Columns with counts and totals, and their first cards."))
def _board(
    context: typer.CommandContext,
    type: str = typer.Argument(USUAL, metavar="TYPE"),
    pipeline: str = typer.Option("", metavar="NAME", help=_("Which pipeline; by default, the default one.")),
    where: str = typer.Option("", metavar="EXPR", help=_("A filter.")),
    view: str = typer.Option("board", metavar="VIEW", help=_("board; deadlines or activities: columns by date.")),
    limit: int = typer.Option(CARDS, min=0, metavar="N", help=_("Cards to show in each column; 0 for all.")),
) -> None:
    from tuicrm.services.kernel.lookup import find_pipeline, find_type

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    key = find_pipeline(session, type_key, pipeline, begins=True).key if pipeline else ""
    if view not in _VIEWS:
        raise UsageError(_("{name} is not a view; choose one of: {known}").format(name=view, known=", ".join(_VIEWS)))
    draw_board(work, type_key, key, where, limit, view)


def draw_board(work: CommandRun, type_key: str, pipeline: str, where: str, limit: int, kind: str = "board") -> None:
    """The board as lines, or as an envelope of its columns with all refs. Raises NotFound where the type has no such view."""
    from tuicrm.render.board_text import board_text

    session = work.session
    view = _made(session, type_key, pipeline, where, kind)
    if view.waits:
        view.get_ready()
        view.load()
    if work.out.json:
        base = session.workspace.base_currency
        columns = [
            {
                "stage" if kind == "board" else "column": column.key,
                "label": column.label,
                "semantics": column.semantics,
                "count": column.count,
                **_money(view.totals[column.key], base),
                "refs": [_ref(work, type_key, item_id) for item_id in view.ids[column.key]],
            }
            for column in view.columns
        ]
        shown = {"view": kind} if kind != "board" else {}
        work.out.envelope(type=type_key, pipeline=view.pipeline_key, **shown, columns=columns, total=view.head.count)
        return
    drawn = []
    for column in view.columns:
        ids = view.ids[column.key]
        cards = [view.card(item_id) for item_id in (ids[:limit] if limit else ids)]
        drawn.append((column, [card for card in cards if card is not None]))
    work.out.lines(board_text(view.head, drawn, work.out.cells))


def no_screen() -> str:
    """Why a board is text on this terminal, and what to do about it."""
    return _(
        "Printed as text: this terminal cannot draw a screen (TERM={term}). In one that can, tuicrm opens it with keys and mouse; "
        "`tuicrm --help` lists all commands."
    ).format(term=os.environ.get("TERM", ""))


def _made(session: Session, type_key: str, pipeline: str, where: str, kind: str) -> CardBoard:
    from tuicrm.services.boards.filters import compile_for

    condition = compile_for(session, type_key, where, begins=True)
    if kind == "board":
        from tuicrm.services.boards.board import Board

        return Board(session, type_key, pipeline, condition, where)
    from tuicrm.services.boards.dated_boards import Activities, Deadlines

    return (Deadlines if kind == "deadlines" else Activities)(session, type_key, pipeline, condition, where)


def _money(totals: ColumnTotals, base: str) -> dict[str, Any]:
    """Sum and weighted sum in the base currency; `converted` where other currencies are in them, `unrated` what is not in them."""
    from tuicrm.domain.money import Money, money_json

    return {
        "sum": money_json(Money(totals.sum.total, base)),
        "weighted": money_json(Money(totals.weighted.total, base)),
        "converted": totals.sum.approximate,
        "unrated": [money_json(Money(amount, currency)) for currency, amount in totals.sum.unrated.items()],
    }


def _ref(work: CommandRun, type_key: str, item_id: int) -> str:
    from tuicrm.domain.items import Ref

    return work.session.workspace.show_ref(Ref(type_key, item_id))
