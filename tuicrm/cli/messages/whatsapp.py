"""`tuicrm whatsapp send`, `invite`, `window`: WhatsApp by the Cloud API, or a first word by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.messages.texting import OPTIONS, WHOM, TextingOptions, invited, outbox_verbs, queue, typed
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _

if TYPE_CHECKING:
    from tuicrm.cli.running.work import CommandRun
    from tuicrm.services.messages.reaching import Reached
    from tuicrm.services.messages.texting import TextDraft

app = noun(_("WhatsApp: written by the Cloud API, or begun by a link."))


@app.command(
    cls=TextCommand,
    help=_(
        "Write to a client in WhatsApp, by a channel of its Cloud API: any text within 24 hours of what they last wrote, else by a "
        "template that Meta has approved; prints the message's ref."
    ),
    examples=[
        ('C-3 --text "At nine?"', N_("Within the 24 hours.")),
        ("C-3 --template reminder --value Maria --value 9:00", N_("By a template, with what stands in its places.")),
    ],
)
def send(
    context: typer.CommandContext,
    whom: str = WHOM,
    values: list[str] | None = typer.Option(
        None, "--value", metavar="TEXT", help=_("What stands in a place of the template; repeat in their order.")
    ),
    options: TextingOptions = OPTIONS,
) -> None:
    from tuicrm.services.messages.reaching import reached
    from tuicrm.services.messages.texting import TextDraft, text_channel

    work = work_of(context)
    to = reached(work.session, whom, "mobile")
    by = text_channel(work.session, "whatsapp", options.channel)
    if options.template:
        draft = _by_template(work, to, options.template, values or [])
    elif values:
        raise UsageError(_("--value fills a place of a template: say which with --template."))
    else:
        draft = TextDraft(to.number, typed(work, options, to, "whatsapp"), to.on)
    queue(work, by, draft, now=options.now)


def _by_template(work: CommandRun, to: Reached, named: str, values: list[str]) -> TextDraft:
    from tuicrm.services.messages import text_templates
    from tuicrm.services.messages.texting import TextDraft, WhatsappTemplate

    template = text_templates.find_text_template(work.session, named)
    if not template.cloud_name:
        raise UsageError(
            _("{template} has no name at Meta: tuicrm text-template edit --cloud-name").format(template=named)
        )
    text = text_templates.fill(work.session, template, to.on[0], channel="whatsapp").text if to.on else template.text
    cloud = WhatsappTemplate(template.cloud_name, template.language or "en", tuple(values))
    return TextDraft(to.number, text, to.on, cloud)


@app.command(cls=CrmCommand, help=_("Tell until when a client may be written to in WhatsApp without a template."))
def window(context: typer.CommandContext, whom: str = WHOM) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.domain.stamps import stamp
    from tuicrm.services.messages.reaching import reached
    from tuicrm.services.messages.texting import text_channel, window_closes

    work = work_of(context)
    to = reached(work.session, whom, "mobile")
    closes = window_closes(work.session, text_channel(work.session, "whatsapp"), to.number)
    is_open = closes is not None and closes > work.session.clock()
    if work.out.json:
        work.out.envelope(number=to.number, open=is_open, closes=stamp(closes) if closes else None)
        return
    when = short_when(stamp(closes), work.session.context()) if closes else ""
    told = _("Any text until {when}.") if is_open else _("Only a template since {when}.")
    work.out.text(
        told.format(when=when)
        if closes
        else _("Only a template: nobody has written from {number}.").format(number=to.number)
    )


@app.command(
    cls=TextCommand,
    help=_(
        "Begin a chat in WhatsApp: a link and a code for your phone, with the text written already; recorded as sent by hand."
    ),
    examples=[('C-3 --text "Hello"', N_("Point your phone at it, and send."))],
)
def invite(
    context: typer.CommandContext,
    whom: str = WHOM,
    text: str = typer.Option("", metavar="TEXT", help=_("What is written already; - reads stdin.")),
    template: str = typer.Option(
        "", metavar="TEXT-TEMPLATE", help=_("A template of texts, filled with the item's values.")
    ),
    light: bool = typer.Option(
        False, "--light", help=_("Without colours: your terminal is light; a dark one is expected.")
    ),
) -> None:
    from tuicrm.services.messages.reaching import reached
    from tuicrm.services.messages.texting import invite_by_link

    work = work_of(context)
    to = reached(work.session, whom, "mobile")
    said = typed(work, TextingOptions(text, template, "", False), to, "whatsapp")
    link, number = invite_by_link(work.session, "whatsapp", to, to.number, said)
    invited(work, link, number, light=light)


outbox_verbs(app)
