"""`tuicrm activity answer` and `invite`: whether one takes part, and asking others to."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.i18n import N_, _

answer, invite = verb(), verb()


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
    work.out.done(participants.told(kept), activity=number, answer=kept)


@invite.command(
    cls=CrmCommand,
    help=_("Send an invitation by mail to all who take part in an activity."),
    examples=[("17", N_("By the server that config.toml names: mail_server, mail_from."))],
)
def _invite(
    context: typer.CommandContext,
    number: int = typer.Argument(metavar="NUMBER", help=_("The number shown by `activity list`.")),
) -> None:
    from tuicrm.config import read_config
    from tuicrm.services.calendar.inviting import invite as send
    from tuicrm.services.workspace.mailing import server_of

    work = work_of(context)
    config = read_config()
    sent = send(work.session, number, server_of(config.mail_server), config.mail_from)
    work.out.done(_("Invited: {people}.").format(people=", ".join(sent)), activity=number, invited=list(sent))
