"""`tuicrm history size` and `archive`: how much room the past takes, and moving the old part of it out."""

from __future__ import annotations

from pathlib import Path

from tuicrm.cli import typed as typer
from tuicrm.cli.grammar import CrmCommand, noun
from tuicrm.cli.telling import Telling
from tuicrm.cli.work import work_of
from tuicrm.i18n import _, ngettext
from tuicrm.render.table import TableColumn

app = noun(_("How much room the past takes, and moving the old part of it out."))


@app.command("size", cls=CrmCommand, help=_("The journals that hold the past, and the room each takes."))
def size(context: typer.Context) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.backups import past

    work = work_of(context)
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
    context_ = work.session.context()
    rows_ = [
        [one.file, short_when(one.at, context_) if one.at else "", f"{one.size:,}", f"{one.raw:,}"]
        for one in found.pieces
    ]
    work.out.table(heads, [*rows_, [_("all"), "", f"{total:,}", f"{raw:,}"]])
    if found.archived:
        work.out.say(
            _("What was done up to {when} was moved to an archive.").format(
                when=short_when(found.archived_at, context_)
            )
        )


@app.command(
    "archive",
    cls=CrmCommand,
    help=_(
        "Move journals that ended before a day into a folder elsewhere. Records stay; undo, history and the log then reach back to "
        "the first change that is still here. `zstd -d` reads what was moved."
    ),
)
def archive(
    context: typer.Context,
    folder: str = typer.Argument(metavar="DIR", help=_("Where to.")),
    before: str = typer.Option(..., "--before", metavar="WHEN", help=_("A date or time: 2025-01-01, -365d.")),
) -> None:
    from tuicrm.cli.moments import moment
    from tuicrm.services import backups

    work = work_of(context)
    when = moment(work.session, before, "before")
    with Telling(work) as telling:
        done = backups.archive(
            work.session,
            when,
            Path(folder).expanduser(),
            lambda some, of: telling.tell(_("{done} of {all}").format(done=some, all=of)),
        )
    if work.out.json:
        work.out.envelope(files=done.files, size=done.size, archived=done.seq, archived_at=done.at, path=folder)
    elif done.files:
        moved = ngettext("{n} journal", "{n} journals", done.files)
        work.out.say(_("{journals} moved, {size} bytes.").format(journals=moved, size=f"{done.size:,}"))
    else:
        work.out.say(_("No journal ended before that: nothing was moved."))
