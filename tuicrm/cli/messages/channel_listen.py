"""`tuicrm channel listen`: a small receiver of webhooks, which runs only while this command does."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.messages.channel_run import until_told_to_end
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import N_, _

_LOOK = 1.0
"""Seconds at most until it hears that it is to end."""


def register(app: CrmGroup) -> None:
    """Make this a verb of a noun."""
    app.command(
        cls=CrmCommand,
        help=_(
            "Receive what WhatsApp and SMS gateways tell by webhook: delivery reports and incoming messages. It listens on this "
            "machine alone; servers outside reach it only where something hands a public https address on to it (a reverse proxy, "
            "a tunnel)."
        ),
        examples=[("--port 8422", N_("Behind a proxy that hands https://crm.example.com/hooks/ on to it."))],
    )(listen)


def listen(
    context: typer.CommandContext,
    host: str = typer.Option("127.0.0.1", metavar="ADDRESS", help=_("Where it listens.")),
    port: int = typer.Option(8422, metavar="N", min=0, max=65535, help=_("Its port; 0 takes a free one.")),
) -> None:
    from tuicrm.services.messages.hooks import listening

    work = work_of(context)
    hook, hooks = listening(work.session, host, port)
    try:
        where = f"http://{host}:{hook.port}"
        for key, channel in hooks.channels.items():
            told = _("{channel}: {address}") if channel.kind == "whatsapp" else _("{channel}: {address}/SECRET")
            work.out.say(told.format(channel=channel.label, address=f"{where}/{key}"))
        work.out.say(_("Servers outside need a public https address that leads here; ctrl+c ends it."))
        with until_told_to_end() as end:
            while not end.is_set():
                hook.serve(_LOOK)
                for step in hooks.steps:
                    _tell(work, step.id, step.how, step.failed)
                hooks.steps.clear()
    finally:
        hook.close()


def _tell(work: CommandRun, number: int, how: str, failed: int) -> None:
    from tuicrm.domain.messages.message import show_ref

    if number:
        words = _("{ref} failed") if failed else _("{ref} came in") if how == "new" else _("{ref}: told of")
        work.out.say(words.format(ref=show_ref(number)))
