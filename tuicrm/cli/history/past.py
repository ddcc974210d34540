"""`tuicrm history`: how much room the past takes, and moving the old part of it out."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.login import at_home
from tuicrm.render.table import TableColumn

history = verb()


@history.command(
    cls=CrmCommand,
    help=_(
        "Show how much space the history takes, and archive the old part. Read an archive with "
        "`zstd -d`. Items are not affected; undo, history and the log reach back to the first "
        "change still here. For one item's history: `tuicrm deal history D-42`."
    ),
)
def _history(
    context: typer.CommandContext,
    size: bool = typer.Option(False, "--size", help=_("List the journals and the space each takes (the default).")),
    archive: str = typer.Option("", "--archive", metavar="DIR", help=_("Move old journals to this folder.")),
    before: str = typer.Option(
        "", "--before", metavar="WHEN", help=_("Journals that ended before this date: 2025-01-01, -365d.")
    ),
) -> None:
    work = work_of(context)
    if bool(archive) != bool(before) or (archive and size):
        raise UsageError(_("Use --archive and --before together, without --size."))
    if archive:
        _archive(work, archive, before)
    else:
        _size(work)


def _size(work: CommandRun) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.workspace.backups import past

    found = past(work.session)
    total, raw = sum(one.size for one in found.pieces), sum(one.raw for one in found.pieces)
    if work.out.json:
        rows = [one._asdict() for one in found.pieces]
        work.out.envelope(journals=rows, size=total, raw=raw, archived=found.archived, archived_at=found.archived_at)
        return
    heads = [
        TableColumn(_("File")),
        TableColumn(_("Until")),
        TableColumn(_("Bytes"), "right"),
        TableColumn(_("Unpacked"), "right"),
    ]
    context = work.session.context()
    rows_ = [
        [one.file, short_when(one.at, context) if one.at else "", f"{one.size:,}", f"{one.raw:,}"]
        for one in found.pieces
    ]
    work.out.table(heads, [*rows_, [_("all"), "", f"{total:,}", f"{raw:,}"]])
    if found.archived:
        work.out.say(
            _("The changes up to {when} were moved to an archive.").format(when=short_when(found.archived_at, context))
        )


def _archive(work: CommandRun, folder: str, before: str) -> None:
    from tuicrm.cli.arguments.moments import moment
    from tuicrm.services.workspace import backups

    when = moment(work.session, before, "before")
    with Telling(work) as telling:
        done = backups.archive(
            work.session,
            when,
            at_home(folder),
            lambda some, of: telling.tell(_("{done} of {all}").format(done=some, all=of)),
        )
    if work.out.json:
        work.out.envelope(files=done.files, size=done.size, archived=done.seq, archived_at=done.at, path=folder)
    elif done.files:
        moved = ngettext("{n} journal", "{n} journals", done.files)
        work.out.say(_("{journals} moved, {size} bytes.").format(journals=moved, size=f"{done.size:,}"))
    else:
        work.out.say(_("No journal ended before that: nothing was moved."))
