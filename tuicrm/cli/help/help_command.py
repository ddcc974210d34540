"""`tuicrm help deal list`, and `tuicrm help filters`, `dates`, `formats`, `codes`."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup, verb
from tuicrm.cli.grammar.typed import CommandContext, work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _

help_ = verb()


@help_.command(
    cls=CrmCommand,
    help=_("Show the help of a command, or of filters, dates, exit codes."),
    examples=[("deal move", N_("One verb of a noun.")), ("filters", N_("Filters for --where."))],
)
def _help(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(
        None, metavar="[WORDS...]", help=_("A command (deal list), or filters, dates, formats, codes.")
    ),
) -> None:
    from tuicrm.cli.help.help_topics import TOPICS, topic

    work, words = work_of(context), words or []
    here = context.parent
    if here is None:
        raise TypeError("help is run below tuicrm")
    if len(words) == 1 and words[0] in TOPICS:
        told = topic(words[0])
    else:
        for number, word in enumerate(words):
            command = here.command
            if not isinstance(command, CrmGroup):
                raise UsageError(_("Unexpected argument: {words}.").format(words=f"“{word}”"))
            name, found, _left = command.resolve_command(here, words[number:])
            here = CommandContext(found, name, here)
        told = here.get_help()
    if work.out.json:
        work.out.envelope(help=told)
    else:
        work.out.raw(told + "\n")
