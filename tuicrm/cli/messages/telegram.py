"""`tuicrm telegram invite`, `send`: clients invited to a bot's chat, and written to in it."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.messages.texting import OPTIONS, TextingOptions, invited, outbox_verbs, queue, typed
from tuicrm.errors import FieldProblem, Refused, UsageError
from tuicrm.i18n import N_, _

app = noun(_("Telegram: clients invited to a bot's chat, and written to in it."))

_REF = typer.Argument(metavar="REF", help=_("The item: C-3."))


@app.command(
    cls=TextCommand,
    help=_(
        "Invite a client to the chat of a bot: a link and a code, which bind the chat to the client when they follow it. Without a "
        "bot, or with --by-hand, a link to the client's own name or number, with a first word written already."
    ),
    examples=[("C-3", N_("Send the link, or have the code read; the chat is theirs then."))],
)
def invite(
    context: typer.CommandContext,
    ref: str = _REF,
    text: str = typer.Option("", metavar="TEXT", help=_("What is written already; - reads stdin.")),
    by_hand: bool = typer.Option(False, "--by-hand", help=_("A first word from your own Telegram, without a bot.")),
    channel: str = typer.Option("", metavar="CHANNEL", help=_("The channel of the bot.")),
    light: bool = typer.Option(
        False, "--light", help=_("Without colours: your terminal is light; a dark one is expected.")
    ),
) -> None:
    from tuicrm.services.kernel.lookup import read_ref
    from tuicrm.services.messages import reaching, texting

    work = work_of(context)
    session = work.session
    found = read_ref(session, ref)
    session.get(found)
    to = reaching.whom(session, ref, "mobile")
    said = typed(work, TextingOptions(text, "", "", False), to, "telegram")
    if by_hand:
        name = reaching.messenger(session, ref, "telegram") or to.number
        link, number = texting.invite_by_link(session, "telegram", to, name, said)
    else:
        by = texting.text_channel(session, "telegram", channel)
        link, number = texting.invite_to_bot(session, by, to.on, said)
    invited(work, link, number, light=light)


@app.command(
    cls=TextCommand,
    help=_("Write to a client in the chat that they opened with a bot; prints the message's ref."),
    examples=[('C-3 --text "At nine?"', N_("They must have followed an invitation."))],
)
def send(context: typer.CommandContext, ref: str = _REF, options: TextingOptions = OPTIONS) -> None:
    from tuicrm.services.messages import reaching, texting

    work = work_of(context)
    session = work.session
    if reaching.is_number(ref):
        raise UsageError(_("A bot knows no numbers: name an item whose client opened its chat."))
    to = reaching.whom(session, ref)
    by = texting.text_channel(session, "telegram", options.channel)
    chat = texting.chat_with(session, to.on, by)
    if not chat:
        told = _("This client has not opened a chat with the bot: tuicrm telegram invite.")
        raise Refused(told, [FieldProblem("to", told)])
    queue(work, by, texting.TextDraft(chat, typed(work, options, to, "telegram"), to.on), now=options.now)


outbox_verbs(app)
