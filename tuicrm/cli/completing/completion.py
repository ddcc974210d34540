"""`tuicrm completion`: what the shell needs to complete commands and options."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _

completion = verb()


@completion.command(
    cls=CrmCommand, help=_('Print the completion script of a shell. Usage: eval "$(tuicrm completion bash)".')
)
def _completion(
    context: typer.CommandContext, shell: str = typer.Argument(metavar="SHELL", help=_("bash, zsh or fish."))
) -> None:
    from tuicrm.cli.completing import SHELLS, script

    if shell not in SHELLS:
        raise UsageError(
            _("{shell} is not supported; choose one of: {known}").format(shell=shell, known=", ".join(SHELLS))
        )
    work = work_of(context)
    if work.out.json:
        work.out.envelope(shell=shell, script=script(shell))
    else:
        work.out.raw(script(shell))
