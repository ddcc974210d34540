"""`tuicrm activity answer`: whether one takes part."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.i18n import N_, _

answer = verb()


@answer.command(
    cls=CrmCommand,
    help=_("Say whether you take part in an activity: yes, no or maybe."),
    examples=[("17 yes", N_("You will be there.")), ("17 no", N_("It leaves your calendar and counters."))],
)
def _answer(
    context: typer.CommandContext,
    number: int = typer.Argument(metavar="NUMBER", help=_("The number shown by `activity list`.")),
    said: str = typer.Argument(metavar="ANSWER", help=_("yes, no or maybe.")),
) -> None:
    from tuicrm.services.calendar import participants

    work = work_of(context)
    kept = participants.answer(work.session, number, participants.read_answer(said))
    if work.out.json:
        work.out.envelope(activity=number, answer=kept)
    else:
        work.out.say(participants.told(kept))
