"""`tuicrm mail send`, `reply`, `forward`, `outbox`, `recall`, `settle`: mails that go out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup, TextCommand
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.channels import Channel
    from tuicrm.services.messages.outbox import MailDraft

_WHICH = typer.Argument(metavar="MESSAGE", help=_("A message: MSG-12."))
_TO = typer.Option(None, metavar="ADDRESS", help=_("To whom; repeat for several."))
_CC = typer.Option(None, metavar="ADDRESS", help=_("Who gets a copy; repeat for several."))


class MailOptions(Struct, frozen=True):
    """What can be said of every mail that goes out."""

    text: str
    attach: list[Path] | None
    channel: str
    now: bool


_OPTIONS = typer.Options(
    MailOptions,
    text=typer.Option("-", metavar="TEXT", help=_("The text; by default, what stdin gives.")),
    attach=typer.Option(None, metavar="FILE", help=_("A file to attach; repeat for several.")),
    channel=typer.Option(
        "", metavar="CHANNEL", help=_("The channel it goes by; by default, your first, else your department's.")
    ),
    now=typer.Option(False, "--now", help=_("Send it at once, from here; it cannot be recalled then.")),
)


def register(app: CrmGroup) -> None:
    """Make these verbs of a noun."""
    app.command(
        cls=TextCommand,
        help=_(
            "Write a mail on items; prints its ref. It waits in the outbox for some seconds (the setting send_delay), in which "
            "`tuicrm undo` recalls it; then a worker sends it (`tuicrm channel run`)."
        ),
        examples=[("D-1 --to paolo@example.com --subject Offer < offer.txt", N_("It stands on the deal's timeline."))],
    )(send)
    app.command(
        cls=TextCommand,
        help=_("Answer a mail, quoting it; the answer stands on the same items."),
        examples=[("MSG-12 < answer.txt", N_("The text above, the mail quoted below."))],
    )(reply)
    app.command(cls=TextCommand, help=_("Pass a mail on to others, with its files."))(forward)
    app.command(cls=CrmCommand, help=_("List what you wrote that is not out: waiting, failed, perhaps sent."))(outbox)
    app.command(cls=CrmCommand, help=_("Recall a mail that has not been sent yet."))(recall)
    app.command(
        cls=CrmCommand,
        help=_("Say of a mail that is perhaps sent whether it arrived; or have one that failed sent again."),
    )(settle)


def send(
    context: typer.CommandContext,
    refs: list[str] = typer.Argument(metavar="REF...", help=_("Items: D-42 C-7.")),
    to: list[str] | None = _TO,
    cc: list[str] | None = _CC,
    subject: str = typer.Option("", metavar="TEXT", help=_("What it is about.")),
    options: MailOptions = _OPTIONS,
) -> None:
    from tuicrm.services.kernel.lookup import read_refs
    from tuicrm.services.messages import writing

    work = work_of(context)
    session = work.session
    on = list(dict.fromkeys(read_refs(session, refs)))
    for ref in on:
        session.get(ref)
    if not to:
        raise UsageError(_("Say to whom: --to ADDRESS."))
    by = writing.sending_channel(session, options.channel)
    mail = writing.new_mail(
        session, on, to=to, cc=cc or (), subject=subject, text=stdin_for(options.text), files=options.attach or ()
    )
    _queue(work, by, mail, now=options.now)


def reply(
    context: typer.CommandContext,
    which: str = _WHICH,
    everyone: bool = typer.Option(False, "--all", help=_("To all others of it, too.")),
    options: MailOptions = _OPTIONS,
) -> None:
    from tuicrm.services.messages import records, writing

    work = work_of(context)
    found = records.find_message(work.session, which)
    by = writing.sending_channel(work.session, options.channel, found.record)
    mail = writing.answer(work.session, found, stdin_for(options.text), everyone=everyone, files=options.attach or ())
    _queue(work, by, mail, now=options.now)


def forward(
    context: typer.CommandContext,
    which: str = _WHICH,
    to: list[str] | None = _TO,
    cc: list[str] | None = _CC,
    options: MailOptions = _OPTIONS,
) -> None:
    from tuicrm.services.messages import records, writing

    work = work_of(context)
    found = records.find_message(work.session, which)
    if not to:
        raise UsageError(_("Say to whom: --to ADDRESS."))
    by = writing.sending_channel(work.session, options.channel, found.record)
    mail = writing.passed_on(
        work.session, found, stdin_for(options.text), to=to, cc=cc or (), files=options.attach or ()
    )
    _queue(work, by, mail, now=options.now)


def _queue(work: CommandRun, channel: Channel, mail: MailDraft, *, now: bool) -> None:
    from tuicrm.services.messages import outbox, records
    from tuicrm.services.messages.worker import Worker

    session = work.session
    number = outbox.queue(session, channel, mail, now=now)
    if now:
        with Worker(session) as worker:
            for _step in worker.send_due(number):
                pass
            for why in worker.troubles.values():
                work.out.warn(why)
    found = records.by_id(session, number)
    work.out.names(found.ref, message=records.plain(found))
    if found.record.error:
        work.out.warn(found.record.error)
    if now and found.record.status == "sent":
        work.out.say(_("Sent."))
    elif found.record.status == "queued":
        work.out.say(_("In the outbox: `tuicrm undo` recalls it until it is sent (tuicrm channel run)."))


def outbox(context: typer.CommandContext) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.items.message_lines import status_label
    from tuicrm.services.messages import outbox as waiting
    from tuicrm.services.messages import records

    work = work_of(context)
    session = work.session
    found = [records.seen(session, record) for record in waiting.own(session)]
    if work.out.json:
        rows = [records.plain(one, text=False) for one in found]
        work.out.envelope(messages=rows, total=len(rows))
        return
    heads = [
        TableColumn(_("Ref"), style="accent"),
        TableColumn(_("When")),
        TableColumn(_("To")),
        TableColumn(_("Subject")),
    ]
    heads += [TableColumn(_("Status")), TableColumn("")]
    lines = []
    for one in found:
        record = one.record
        when = short_when(record.after or record.at, session.context())
        lines.append([one.ref, when, ", ".join(record.to), record.subject, status_label(record.status), record.error])
    work.out.table(heads, lines)
    asked = sum(one.record.status == "unknown" for one in found)
    if asked:
        told = ngettext(
            "{n} is perhaps sent: find out, then tuicrm mail settle MSG-N --arrived or --again",
            "{n} are perhaps sent: find out, then tuicrm mail settle MSG-N --arrived or --again",
            asked,
        )
        work.out.say(told)


def recall(context: typer.CommandContext, which: str = _WHICH) -> None:
    from tuicrm.services.messages import outbox as waiting
    from tuicrm.services.messages import records

    work = work_of(context)
    found = records.find_message(work.session, which)
    waiting.recall(work.session, found.record.id)
    work.out.done(_("Recalled: {ref}.").format(ref=found.ref), message={"ref": found.ref})


def settle(
    context: typer.CommandContext,
    which: str = _WHICH,
    arrived: bool = typer.Option(False, "--arrived", help=_("It arrived: it is sent.")),
    again: bool = typer.Option(False, "--again", help=_("It did not: send it again.")),
) -> None:
    from tuicrm.services.messages import outbox as waiting
    from tuicrm.services.messages import records

    work = work_of(context)
    if arrived == again:
        raise UsageError(_("Say one of --arrived and --again."))
    found = records.find_message(work.session, which)
    waiting.settle(work.session, found.record.id, arrived=arrived)
    now = records.by_id(work.session, found.record.id)
    work.out.done(_("Noted: {ref}.").format(ref=now.ref), message=records.plain(now))
