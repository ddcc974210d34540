"""`tuicrm demo`: a throwaway copy of the demo company, on screen, or as text where there is no terminal."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tuicrm.capable import has_screen
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.cli.items.board import draw_board, no_screen
from tuicrm.cli.items.items import draw_card
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import _, language

demo = verb()


@demo.command(
    cls=CrmCommand,
    help=_("Try tuicrm on a demo company; nothing is saved. `tuicrm init --demo` creates one that stays."),
)
def _demo(context: typer.CommandContext) -> None:
    from tuicrm.services.documents.demo import make_demo_with_documents
    from tuicrm.services.workspace.environment import system_login
    from tuicrm.services.workspace.zones import zone_of

    work = work_of(context)
    if work.folder is not None:
        raise UsageError(_("The demo is created anew each time. To keep one, use `tuicrm init --demo --data DIR`."))
    temporary = tempfile.TemporaryDirectory(prefix="tuicrm-demo-")
    with temporary as folder:
        work.folder = Path(folder) / "demo"
        make_demo_with_documents(work.folder, login=system_login(), zone=zone_of(), language=language())
        at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        if at_terminal and has_screen() and not work.out.json:
            from tuicrm.app import open_workspace

            raise typer.Exit(open_workspace(work.folder, tidy=temporary.cleanup))
        try:
            _as_text(work, at_terminal=at_terminal)
        finally:
            work.close()


def _as_text(work: CommandRun, *, at_terminal: bool) -> None:
    """The board and one card, and how to open them on screen."""
    draw_board(work, USUAL, "", "", 3)
    if work.out.json:
        return
    session = work.session
    amount = session.workspace.type(USUAL).amount
    from tuicrm.services.boards.filters import sorts_for

    largest = session.find(USUAL, None, sorts_for(session, USUAL, f"-{amount}"), 1).items
    for item in largest:
        work.out.lines([()])
        draw_card(work, item)
    if at_terminal:
        work.out.say(no_screen())
        return
    work.out.say(
        _(
            "This is not a terminal. In one, `tuicrm demo` opens board and cards on screen; "
            "`tuicrm --help` lists all commands."
        )
    )
