"""`retire` and `restore`, of whatever is offered no more but stays where it is used."""

from __future__ import annotations

from typing import Any, Protocol

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun


class Retire(Protocol):
    """Retires what a word names, or brings it back, and tells it."""

    def __call__(self, work: CommandRun, word: str, /, *, back: bool) -> None: ...


def retiring(app: CrmGroup, which: Any, do: Retire, *, retire: str, restore: str) -> None:  # noqa: ANN401 - an argument's declaration
    """Give a noun the two verbs, each with its help; `which` is the argument that names one."""

    @app.command("retire", cls=CrmCommand, help=retire)
    def _retire(context: typer.CommandContext, word: str = which) -> None:
        do(work_of(context), word, back=False)

    @app.command("restore", cls=CrmCommand, help=restore)
    def _restore(context: typer.CommandContext, word: str = which) -> None:
        do(work_of(context), word, back=True)
