"""`tuicrm mail add`, `list`, `show`, `link`, `unlink`, `share`, `done`, `leave`, `delete`, `import`."""

from __future__ import annotations

import sys

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.messages import mail_outbox, mail_sending, output
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.limits import MAIL_SIZE
from tuicrm.login import at_home

app = noun(
    _("Mails and other messages: taken in, bound to items, shared."),
    examples=[
        ("add < message.eml", N_("Take a mail in; it is bound by its addresses and its thread.")),
        ("add D-42 < message.eml", N_("Bind it to a deal by hand.")),
        ("list", N_("The inbox: what is bound to nothing yet.")),
    ],
)

_WHICH = typer.Argument(metavar="MESSAGE", help=_("A message: MSG-12."))
_ITEMS = typer.Argument(metavar="REF...", help=_("Items: D-42 C-7."))
_SHARED = typer.Option(False, "--shared", help=_("Let everybody read it who may read an item that it is on."))
_PRIVATE = typer.Option(False, "--private", help=_("For you alone until you share it."))


@app.command(
    cls=TextCommand,
    help=_("Take in a mail from stdin; prints its ref. Without REF it is for you alone until you share it."),
    examples=[
        ("< message.eml", N_("Bound by its addresses and its thread; else it waits in the inbox.")),
        ("D-42 < message.eml", N_("Bound to a deal by hand, for all who may read the deal.")),
    ],
)
def add(
    context: typer.CommandContext,
    refs: list[str] | None = typer.Argument(None, metavar="REF...", help=_("Items that it belongs to: D-42.")),
    shared: bool = _SHARED,
    private: bool = _PRIVATE,
    known: bool = typer.Option(False, "--known", help=_("Only a mail of somebody who is known; others are left.")),
) -> None:
    from tuicrm.services.kernel.lookup import read_refs
    from tuicrm.services.messages.taking_in import MailTaking, TakingIn

    work = work_of(context)
    if shared and private:
        raise UsageError(_("Use --shared or --private, not both."))
    on = tuple(dict.fromkeys(read_refs(work.session, refs or [])))
    for ref in on:
        work.session.get(ref)
    content = sys.stdin.buffer.read(MAIL_SIZE.most + 1)
    if not content.strip():
        raise Refused(_("There is no mail on stdin."))
    taking = MailTaking(on=on, private=private or not (shared or on), everything=not known, again=bool(on))
    output.taken(work, TakingIn(work.session, taking).one(content))


@app.command(
    "import",
    cls=CrmCommand,
    help=_("Take in the mails of an mbox, a Maildir or a folder of .eml files; each comes in once."),
    examples=[
        ("~/Maildir", N_("Only mails of people who are known; they are for you alone until shared.")),
        ("old.mbox --all --shared", N_("All of them: those of others wait in the inbox.")),
    ],
)
def import_(
    context: typer.CommandContext,
    path: str = typer.Argument(metavar="PATH", help=_("An mbox, a Maildir, a folder of .eml files, or one of them.")),
    all_: bool = typer.Option(False, "--all", help=_("Those of nobody who is known too: they wait in the inbox.")),
    shared: bool = _SHARED,
    sent: bool = typer.Option(False, "--sent", help=_("A folder of what you sent.")),
) -> None:
    from tuicrm.cli.running.progress import Telling
    from tuicrm.services.messages.importing import import_mails
    from tuicrm.services.messages.taking_in import MailTaking

    work = work_of(context)
    taking = MailTaking(private=not shared, everything=all_, way="out" if sent else None)
    with Telling(work) as telling:

        def tell(done: int) -> None:
            telling.tell(ngettext("{n} mail", "{n} mails", done))

        done = import_mails(work.session, at_home(path), taking, tell)
    output.imported(work, done)


@app.command("list", cls=CrmCommand, help=_("List the inbox, newest first; or the messages of an item, or all."))
def list_(
    context: typer.CommandContext,
    ref: str = typer.Argument("", metavar="REF", help=_("The item: D-42.")),
    all_: bool = typer.Option(False, "--all", help=_("All that you may read, not only the inbox.")),
    failed: bool = typer.Option(False, "--failed", help=_("What did not arrive, or perhaps did not.")),
    unanswered: bool = typer.Option(False, "--unanswered", help=_("What came and waits for an answer.")),
    drafts: bool = typer.Option(False, "--drafts", help=_("Your drafts.")),
    limit: int = typer.Option(50, "--limit", min=1, metavar="N", help=_("At most so many.")),
) -> None:
    from tuicrm.services.kernel.lookup import read_ref
    from tuicrm.services.messages import records
    from tuicrm.services.messages.drafts import drafts as drafts_of

    work = work_of(context)
    session = work.session
    if bool(ref) + all_ + failed + unanswered > 1 or drafts + all_ + failed + unanswered > 1:
        raise UsageError(_("Use one of REF, --all, --failed, --unanswered and --drafts."))
    if drafts:
        found = drafts_of(session, read_ref(session, ref) if ref else None)[:limit]
    elif ref:
        owner = read_ref(session, ref)
        session.get(owner)
        found = records.of_item(session, owner)[:limit]
    else:
        find = records.newest if all_ else records.failed if failed else records.inbox
        found = (records.unanswered if unanswered else find)(session, limit)
    if work.out.json:
        told = [records.plain(one, text=False) for one in found]
        work.out.envelope(messages=told, total=len(told))
        return
    output.table(work, found)


@app.command(cls=CrmCommand, help=_("Show a message: who, when, what it is on, its text, its files."))
def show(
    context: typer.CommandContext,
    message: str = _WHICH,
    raw: bool = typer.Option(False, "--raw", help=_("The original, as it came.")),
) -> None:
    from tuicrm.services.messages import records

    work = work_of(context)
    session = work.session
    found = records.find_message(session, message)
    if raw:
        work.out.content(records.original(session, found))
        return
    if work.out.json:
        work.out.envelope(message=records.plain(found))
        return
    output.whole(work, found)


@app.command(
    cls=TextCommand,
    help=_("Bind a message to items as well."),
    examples=[("MSG-12 D-42", N_("It stands on the deal's timeline too."))],
)
def link(context: typer.CommandContext, message: str = _WHICH, refs: list[str] = _ITEMS) -> None:
    from tuicrm.services.kernel.lookup import read_refs
    from tuicrm.services.messages import records

    work = work_of(context)
    found = records.find_message(work.session, message)
    output.answer(work, records.link(work.session, found, read_refs(work.session, refs)))


@app.command(cls=TextCommand, help=_("Take a message off items; on nothing any more, it is back in the inbox."))
def unlink(context: typer.CommandContext, message: str = _WHICH, refs: list[str] = _ITEMS) -> None:
    from tuicrm.services.kernel.lookup import read_refs
    from tuicrm.services.messages import records

    work = work_of(context)
    found = records.find_message(work.session, message)
    output.answer(work, records.unlink(work.session, found, read_refs(work.session, refs)))


@app.command(cls=TextCommand, help=_("Let everybody read a message who may read an item that it is on."))
def share(
    context: typer.CommandContext,
    message: str = _WHICH,
    private: bool = typer.Option(False, "--private", help=_("For you alone again.")),
) -> None:
    from tuicrm.services.messages import records

    work = work_of(context)
    found = records.find_message(work.session, message)
    output.answer(work, records.share(work.session, found, private=private))


@app.command(cls=CrmCommand, help=_("Say that a message needs no answer; it is counted as unanswered no more."))
def done(
    context: typer.CommandContext,
    message: str = _WHICH,
    open_: bool = typer.Option(False, "--open", help=_("It waits for an answer after all.")),
) -> None:
    from tuicrm.services.messages import records

    work = work_of(context)
    found = records.find_message(work.session, message)
    output.answer(work, records.settle_answer(work.session, found, waits=open_))


@app.command(cls=CrmCommand, help=_("Let a message of the inbox go: it is deleted, and does not come again."))
def leave(context: typer.CommandContext, message: str = _WHICH) -> None:
    from tuicrm.services.messages import records

    work = work_of(context)
    found = records.find_message(work.session, message)
    records.leave(work.session, found)
    work.out.done(_("Deleted; `tuicrm undo` restores it."), message={"ref": found.ref})


@app.command(cls=CrmCommand, help=_("Delete a message from all items that it is on; it does not come again."))
def delete(context: typer.CommandContext, message: str = _WHICH) -> None:
    from tuicrm.services.messages import records

    work = work_of(context)
    found = records.find_message(work.session, message)
    records.delete(work.session, found)
    work.out.done(_("Deleted; `tuicrm undo` restores it."), message={"ref": found.ref})


mail_sending.register(app)
mail_outbox.register(app)
