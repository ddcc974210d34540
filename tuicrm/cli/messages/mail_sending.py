"""`tuicrm mail send`, `reply`, `forward`, `edit`: mails that are written, kept as drafts, and queued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmGroup, TextCommand
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.messages.mail_writing import (
    CC,
    OPTIONS,
    SUBJECT,
    TO,
    MailOptions,
    changed,
    check,
    filled,
    in_editor,
    typed_text,
    with_attached,
)
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _

if TYPE_CHECKING:
    from tuicrm.domain.channels import Channel
    from tuicrm.services.messages.outbox import MailDraft

_WHICH = typer.Argument(metavar="MESSAGE", help=_("A message: MSG-12."))


def register(app: CrmGroup) -> None:
    """Make these verbs of a noun."""
    app.command(
        cls=TextCommand,
        help=_(
            "Write a mail on items, or send a draft; prints its ref. It waits in the outbox for some seconds (the setting "
            "send_delay), in which `tuicrm undo` recalls it; then a worker sends it (`tuicrm channel run`)."
        ),
        examples=[
            ("D-1 --to paolo@example.com --subject Offer < offer.txt", N_("It stands on the deal's timeline.")),
            ("D-1 --to paolo@example.com --template offer --attach DOC-3.pdf", N_("By a template, with a document.")),
            ("MSG-12", N_("Send a draft.")),
        ],
    )(send)
    app.command(
        cls=TextCommand,
        help=_("Answer a mail, quoting it; the answer stands on the same items."),
        examples=[("MSG-12 < answer.txt", N_("The text above, the mail quoted below."))],
    )(reply)
    app.command(cls=TextCommand, help=_("Pass a mail on to others, with its files."))(forward)
    app.command(
        cls=TextCommand,
        help=_("Go on with a draft: what is said replaces what it says; on a terminal, your editor opens its text."),
        examples=[("MSG-12 --to paolo@example.com", N_("The rest is unchanged."))],
    )(edit)


def send(
    context: typer.CommandContext,
    refs: list[str] = typer.Argument(metavar="REF...", help=_("Items: D-42 C-7; or a draft: MSG-12.")),
    to: list[str] | None = TO,
    cc: list[str] | None = CC,
    subject: str | None = SUBJECT,
    options: MailOptions = OPTIONS,
) -> None:
    from tuicrm.domain.messages.message import PREFIX
    from tuicrm.services.kernel.lookup import read_refs
    from tuicrm.services.messages import writing

    work = work_of(context)
    session = work.session
    check(options)
    if len(refs) == 1 and refs[0].strip().upper().startswith(PREFIX):
        _go_on(work, refs[0], options, to=to, cc=cc, subject=subject, send=not options.draft)
        return
    on = list(dict.fromkeys(read_refs(session, refs)))
    for ref in on:
        session.get(ref)
    if not to and not options.draft:
        raise UsageError(_("Say to whom: --to ADDRESS."))
    by = writing.sending_channel(session, options.channel, later=True)
    made = filled(work, options, on)
    said = made.subject if made is not None and subject is None else subject
    typed = made.text if made is not None else typed_text(options)
    mail = writing.new_mail(session, on, to=to or (), cc=cc or (), subject=said or "", text=typed or "")
    _finish(work, by, with_attached(work, mail, options.attach or (), options.pdf or ()), options, asked=typed is None)


def reply(
    context: typer.CommandContext,
    which: str = _WHICH,
    everyone: bool = typer.Option(False, "--all", help=_("To all others of it, too.")),
    options: MailOptions = OPTIONS,
) -> None:
    from tuicrm.services.messages import records, writing

    work = work_of(context)
    check(options)
    found = records.find_message(work.session, which)
    by = writing.sending_channel(work.session, options.channel, found.record, later=True)
    made = filled(work, options, found.record.refs)
    typed = made.text if made is not None else typed_text(options)
    mail = writing.answer(work.session, found, typed or "", everyone=everyone)
    _finish(work, by, with_attached(work, mail, options.attach or (), options.pdf or ()), options, asked=typed is None)


def forward(
    context: typer.CommandContext,
    which: str = _WHICH,
    to: list[str] | None = TO,
    cc: list[str] | None = CC,
    options: MailOptions = OPTIONS,
) -> None:
    from tuicrm.services.messages import records, writing

    work = work_of(context)
    check(options)
    found = records.find_message(work.session, which)
    if not to and not options.draft:
        raise UsageError(_("Say to whom: --to ADDRESS."))
    by = writing.sending_channel(work.session, options.channel, found.record, later=True)
    made = filled(work, options, found.record.refs)
    typed = made.text if made is not None else typed_text(options)
    mail = writing.passed_on(work.session, found, typed or "", to=to or (), cc=cc or ())
    _finish(work, by, with_attached(work, mail, options.attach or (), options.pdf or ()), options, asked=typed is None)


def edit(
    context: typer.CommandContext,
    which: str = typer.Argument(metavar="MESSAGE", help=_("A draft: MSG-12.")),
    to: list[str] | None = TO,
    cc: list[str] | None = CC,
    subject: str | None = SUBJECT,
    options: MailOptions = OPTIONS,
) -> None:
    work = work_of(context)
    check(options)
    _go_on(work, which, options, to=to, cc=cc, subject=subject, send=options.now)


def _go_on(
    work: CommandRun,
    which: str,
    options: MailOptions,
    *,
    to: list[str] | None,
    cc: list[str] | None,
    subject: str | None,
    send: bool,
) -> None:
    """Change a draft by what is said of it; then send it, or keep it."""
    from tuicrm.services.messages import drafts, records, writing

    found = records.find_message(work.session, which)
    kept = drafts.kept(work.session, found.record.id)
    by = writing.sending_channel(work.session, options.channel, found.record, later=True)
    made = filled(work, options, kept.mail.on)
    subject = made.subject if made is not None and subject is None else subject
    is_said = bool(to or cc or options.attach or options.pdf or options.channel or made) or subject is not None
    text = made.text if made is not None else None
    if options.text is not None or not (is_said or send):
        text = typed_text(options)
    mail = changed(kept.mail, to, cc, subject, text)
    mail = with_attached(work, mail, options.attach or (), options.pdf or ())
    asked = text is None and not (is_said or send)
    _finish(work, by, mail, replace(options, draft=not send), asked=asked, draft=kept.id)


def _finish(
    work: CommandRun, channel: Channel, mail: MailDraft, options: MailOptions, *, asked: bool, draft: int = 0
) -> None:
    """Queue a mail, or keep it as a draft; `asked` has its text written in the person's editor first."""
    from tuicrm.services.messages import drafts, records

    if asked:
        mail = in_editor(mail)
    if not options.draft:
        _queue(work, channel, mail, now=options.now, draft=draft)
        return
    number = drafts.keep(work.session, channel, mail, draft)
    found = records.by_id(work.session, number)
    work.out.names(found.ref, message=records.plain(found))
    work.out.say(_("Kept as a draft: tuicrm mail send {ref} sends it.").format(ref=found.ref))


def _queue(work: CommandRun, channel: Channel, mail: MailDraft, *, now: bool, draft: int) -> None:
    from tuicrm.services.messages import outbox, records
    from tuicrm.services.messages.worker import Worker

    session = work.session
    number = outbox.queue(session, channel, mail, now=now, draft=draft)
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
