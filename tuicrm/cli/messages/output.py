"""What the commands about messages print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import _, ngettext
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.services.messages.importing import MailImport
    from tuicrm.services.messages.records import SeenMessage
    from tuicrm.services.messages.taking_in import TakenMail


def answer(work: CommandRun, found: SeenMessage) -> None:
    """The ref of a message that was changed, and what it is on."""
    from tuicrm.services.messages import records

    if work.out.json:
        work.out.envelope(message=records.plain(found))
        return
    work.out.text(found.ref)
    work.out.say(_("on {items}").format(items=", ".join(found.on)) if found.on else _("in the inbox"))


def taken(work: CommandRun, taken: TakenMail) -> None:
    """What became of a mail that was taken in."""
    from tuicrm.services.messages import records

    told = _HOW[taken.how]()
    for problem in taken.problems:
        work.out.warn(problem)
    if not taken.id:
        work.out.done(told, how=taken.how)
        return
    found = records.by_id(work.session, taken.id)
    if work.out.json:
        work.out.envelope(how=taken.how, message=records.plain(found))
        return
    work.out.text(found.ref)
    where = _("on {items}").format(items=", ".join(found.on)) if found.on else _("in the inbox: nobody in it is known")
    work.out.say(f"{told}; {where}")


_HOW = {
    "new": lambda: _("taken in"),
    "known": lambda: _("here already"),
    "gone": lambda: _("It was here and was deleted; it is not taken in again."),
    "unknown": lambda: _("Nobody in it is known; it was left."),
    "loop": lambda: _("It goes round in a loop; it was left."),
}


def table(work: CommandRun, found: list[SeenMessage]) -> None:
    """Messages, a row each."""
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.items.message_lines import status_label

    context = work.session.context()
    heads = [
        TableColumn(_("Ref"), style="accent"),
        TableColumn(_("When")),
        TableColumn(_("With")),
        TableColumn(_("Subject")),
    ]
    heads += [TableColumn(_("On")), TableColumn(_("Status"))]
    rows = []
    for one in found:
        record = one.record
        whom = record.sender if record.way == "in" else f"→ {', '.join(record.to)}"
        on = [*one.on, *([f"+{one.more}"] if one.more else [])]
        status = " · ".join(filter(None, (status_label(record.status), _("private") if record.private else "")))
        rows.append(
            [one.ref, short_when(record.at, context) if record.at else "", whom, record.subject, " ".join(on), status]
        )
    work.out.table(heads, rows)
    if not found:
        work.out.say(_("Nothing here."))


def whole(work: CommandRun, found: SeenMessage) -> None:
    """All of a message."""
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.render.pairs import pairs
    from tuicrm.services.items.message_lines import status_label
    from tuicrm.services.messages import records

    session = work.session
    one = found.record
    others = [other.ref for other in records.thread(session, one) if other.ref != found.ref]
    more = ngettext("and {n} more", "and {n} more", found.more) if found.more else ""
    told = [
        (_("Ref"), found.ref),
        (_("From"), one.sender),
        (_("To"), ", ".join(one.to)),
        (_("Cc"), ", ".join(one.cc)),
        (_("Subject"), one.subject),
        (_("When"), short_when(one.at, session.context()) if one.at else ""),
        (_("On"), " ".join(filter(None, (", ".join(found.on), more)))),
        (
            _("Status"),
            " · ".join(filter(None, (status_label(one.status), _("private") if one.private else "", one.error))),
        ),
        (_("Thread"), " ".join(others)),
        (_("Files"), ", ".join(f"{file.name} ({file.size:,} B)" for file in one.files)),
    ]
    work.out.lines(pairs([pair for pair in told if pair[1]]))
    if one.text:
        work.out.data(f"\n{one.text}\n")


def imported(work: CommandRun, done: MailImport) -> None:
    """What became of the mails of a folder."""
    for problem in done.problems:
        work.out.warn(problem)
    if work.out.json:
        counts = {name: getattr(done, name) for name in done.__struct_fields__ if name != "problems"}
        work.out.envelope(**counts, total=done.total, problems=list(done.problems))
        return
    told = [
        ngettext("{n} taken in", "{n} taken in", done.new),
        ngettext("{n} waits in the inbox", "{n} wait in the inbox", done.waiting) if done.waiting else "",
        ngettext("{n} was here already", "{n} were here already", done.known) if done.known else "",
        ngettext("{n} was deleted here", "{n} were deleted here", done.gone) if done.gone else "",
        ngettext("{n} left: nobody in it is known", "{n} left: nobody in them is known", done.unknown)
        if done.unknown
        else "",
        ngettext("{n} goes round in a loop", "{n} go round in loops", done.loop) if done.loop else "",
        ngettext("{n} could not be read", "{n} could not be read", done.unread) if done.unread else "",
        ngettext("{n} message did not arrive", "{n} messages did not arrive", done.failed) if done.failed else "",
    ]
    work.out.text("; ".join(filter(None, told)))
