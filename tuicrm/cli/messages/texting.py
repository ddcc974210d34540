"""What the commands of SMS, WhatsApp and Telegram share: the words of a text, and what is told of one that was queued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.messages.mail_outbox import recall, settle
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.errors import UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.channels import Channel
    from tuicrm.services.messages.reaching import Reached
    from tuicrm.services.messages.texting import TextDraft

WHOM = typer.Argument(metavar="REF|NUMBER", help=_("An item, whose number or client's is taken, or a number."))
TEXT = typer.Option("-", "--text", metavar="TEXT", help=_("The text; by default, what stdin gives."))


class TextingOptions(Struct, frozen=True):
    """What can be said of every text that goes out."""

    text: str
    template: str
    channel: str
    now: bool


OPTIONS = typer.Options(
    TextingOptions,
    text=TEXT,
    template=typer.Option("", metavar="TEXT-TEMPLATE", help=_("A template of texts, filled with the item's values.")),
    channel=typer.Option(
        "", metavar="CHANNEL", help=_("The channel it goes by; by default, your first, else your department's.")
    ),
    now=typer.Option(False, "--now", help=_("Send it at once, from here; nothing can be recalled then.")),
)


def outbox_verbs(app: CrmGroup) -> None:
    """The verbs of what is not out yet, which are the same for all messages."""
    app.command(cls=CrmCommand, help=_("Recall a message that has not been sent yet."))(recall)
    app.command(
        cls=CrmCommand,
        help=_("Say of a message that is perhaps sent whether it arrived; or have one that failed sent again."),
    )(settle)


def typed(work: CommandRun, options: TextingOptions, to: Reached, way: str) -> str:
    """The text: of a template filled for the item, else as it is given. Raises UsageError, NotFound, Refused."""
    if not options.template:
        return stdin_for(options.text)
    from tuicrm.services.messages import text_templates

    if not to.on:
        raise UsageError(_("--template needs an item, whose values fill it."))
    template = text_templates.find_text_template(work.session, options.template)
    return text_templates.fill(work.session, template, to.on[0], channel=way).text


def queue(work: CommandRun, channel: Channel, draft: TextDraft, *, now: bool) -> None:
    """Queue a text, or send it at once, and tell what became of it."""
    from tuicrm.services.messages import records
    from tuicrm.services.messages.texting import queue_text
    from tuicrm.services.messages.worker import Worker

    session = work.session
    number = queue_text(session, channel, draft, now=now)
    if now:
        with Worker(session) as worker:
            for _step in worker.send_due(number):
                pass
            for why in worker.troubles.values():
                work.out.warn(why)
    found = records.by_id(session, number)
    work.out.names(found.ref, message=records.plain(found))
    if found.record.error and not work.out.json:
        work.out.warn(found.record.error)
    if now and found.record.status == "sent":
        work.out.say(_("Sent."))
    elif found.record.status == "queued":
        work.out.say(_("In the outbox: `tuicrm undo` recalls it until it is sent (tuicrm channel run)."))


def invited(work: CommandRun, link: str, number: int, *, light: bool) -> None:
    """An invitation: its link, as a code for the phone in the hand too."""
    from tuicrm.cli.messages.codes import show_code
    from tuicrm.domain.messages.message import show_ref

    ref = show_ref(number)
    if work.out.json:
        work.out.envelope(link=link, message=ref)
        return
    show_code(work.out, link, link, light=light)
    work.out.say(_("Recorded as sent by hand: {ref}.").format(ref=ref))
