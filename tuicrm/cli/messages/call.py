"""`tuicrm call qr`, `dial`: a number as a code for the phone in the hand, or handed to what dials."""

from __future__ import annotations

import os

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.i18n import N_, _
from tuicrm.render.symbols import DOT

app = noun(_("Calls: dial, show a number to your phone, log what came of it, import a register."))

app.later(
    "log",
    "messages.call_register:log",
    _("Log a call, and plan the next step; prints its ref, and the number of the next step."),
)
app.later(
    "list", "messages.call_register:list_", _("List calls, newest first: of an item, of nobody's number, or all.")
)
app.later(
    "create",
    "messages.call_register:create",
    _(
        "Make a lead, contact or company of a call's number; all waiting calls of that number go onto it. Prints its ref."
    ),
)
app.later(
    "import",
    "messages.call_register:import_",
    _(
        "Import the call register of a telephone exchange (CSV of Asterisk, FreePBX, FreeSWITCH, 3CX, a FRITZ!Box, Bitrix24); "
        "each call comes in once, however often its register is imported."
    ),
)

_Whom = typer.Argument(metavar="REF|NUMBER", help=_("An item, whose first number or client's is taken, or a number."))


@app.command(
    cls=CrmCommand,
    help=_("Show a QR code that your phone calls by, or that opens WhatsApp or Telegram with a first word."),
    examples=[
        ("C-3", N_("Point your phone at it to call.")),
        ('C-3 --app whatsapp --text "Hello"', N_("A first word in WhatsApp.")),
    ],
)
def qr(
    context: typer.CommandContext,
    whom: str = _Whom,
    app: str = typer.Option("", "--app", metavar="APP", help=_("whatsapp or telegram, instead of a call.")),
    text: str = typer.Option("", metavar="TEXT", help=_("What is written in the app already.")),
    light: bool = typer.Option(
        False, "--light", help=_("Without colours: your terminal is light; a dark one is expected.")
    ),
) -> None:
    from tuicrm.cli.messages.codes import show_code
    from tuicrm.services.messages.dialling import code_of, prefer_for, shown_on
    from tuicrm.services.messages.reaching import reached

    work = work_of(context)
    to = reached(work.session, whom, prefer_for(app))
    link, code = code_of(work.session, to, whom, app, text)
    if work.out.json:
        work.out.envelope(number=to.number, link=link, code=code, on=shown_on(work.session, to.on))
        return
    show_code(work.out, code, f" {DOT} ".join(filter(None, (to.name, link))), light=light)


@app.command(
    cls=CrmCommand,
    help=_("Dial a number: by the program of your desktop, or by call_command in config.toml."),
    examples=[("C-3 --by sip", N_("By the program that opens sip: links."))],
)
def dial(
    context: typer.CommandContext,
    whom: str = _Whom,
    by: str = typer.Option("", metavar="WAY", help=_("tel, sip or callto: a link; command: call_command.")),
) -> None:
    from tuicrm.config import read_config
    from tuicrm.services.messages import dialling
    from tuicrm.services.messages.reaching import reached

    work = work_of(context)
    to = reached(work.session, whom)
    said = dialling.dial(to.number, by, read_config().call_command, os.environ)
    told = _("Dialling {number}: {name}") if to.name else _("Dialling {number}")
    work.out.done(
        told.format(number=said, name=to.name),
        number=to.number,
        dialled=said,
        on=dialling.shown_on(work.session, to.on),
    )
