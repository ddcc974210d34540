"""`tuicrm mail outbox`, `recall`, `settle`: mails that are not out, or perhaps are."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.grammar.typed import work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.render.table import TableColumn

_WHICH = typer.Argument(metavar="MESSAGE", help=_("A message: MSG-12."))


def register(app: CrmGroup) -> None:
    """Make these verbs of a noun."""
    app.command(cls=CrmCommand, help=_("List what you wrote that is not out: waiting, failed, perhaps sent."))(outbox)
    app.command(cls=CrmCommand, help=_("Recall a mail that has not been sent yet."))(recall)
    app.command(
        cls=CrmCommand,
        help=_("Say of a mail that is perhaps sent whether it arrived; or have one that failed sent again."),
    )(settle)


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
