"""`tuicrm calendar export`, `import`: calendars as files of iCalendar (.ics)."""

from __future__ import annotations

import sys
from pathlib import Path

from msgspec.structs import replace

from tuicrm.cli.calendar.calendar_output import preferred, show_rows, whose_calendar
from tuicrm.cli.calendar.sync import register as register_sync
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.errors import NotFound, Refused, StorageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.limits import CALENDAR_SIZE
from tuicrm.login import at_home

app = noun(_("Calendars as files (.ics) and on servers (CalDAV)."))

_CALENDAR = b"BEGIN:VCALENDAR"

register_sync(app)


@app.command(
    cls=CrmCommand,
    help=_(
        "Write a calendar as an .ics file: yours, or somebody's or a room's. What is private shows others only "
        "as busy. A calendar file that is there already is replaced in one step."
    ),
    examples=[("-o mine.ics", N_("Yours.")), ("-o blue.ics --room Blue", N_("A room's."))],
)
def export(
    context: typer.CommandContext,
    output: str = typer.Option("-", "-o", "--output", metavar="FILE", help=_("The file to write; - is stdout.")),
    whose: str = typer.Option("", metavar="WHO", help=_("Whose calendar; by default, yours.")),
    room: str = typer.Option("", metavar="ROOM", help=_("A room's calendar.")),
    force: bool = typer.Option(False, "--force", help=_("Replace a file that is not a calendar.")),
) -> None:
    from tuicrm.services.calendar.ical_files import export_calendar, refresh_file

    work = work_of(context)
    target = whose_calendar(work.session, whose, room)
    if output != "-":
        path = at_home(output)
        if path.exists() and not (force or _is_calendar(path)):
            raise Refused(_("{path} is not a calendar file; --force replaces it").format(path=path))
        count = refresh_file(work.session, replace(target, path=path)).events
        if work.out.json:
            work.out.envelope(path=output, events=count)
    else:
        content, count = export_calendar(work.session, target)
        if work.out.json:
            work.out.envelope(events=count, content=content.decode())
        else:
            work.out.content(content)
    work.out.say(ngettext("{n} event written", "{n} events written", count))


@app.command(
    "import",
    cls=CrmCommand,
    help=_(
        "Take in an .ics file, or a mail with one: events become activities. An event that came before is not added again "
        "but brought up to date, one that was called off goes, an answer to an invitation is set. One undo reverts it all."
    ),
    examples=[
        ("invitation.ics", N_("On the contact whom it names.")),
        ("- < invitation.eml", N_("From a mail, as a mail filter hands it on.")),
        ("work.ics --on D-42 --dry-run", N_("What it would come to, on a deal.")),
    ],
)
def import_(
    context: typer.CommandContext,
    file: str = typer.Argument(metavar="FILE", help=_("The file; - reads it from stdin.")),
    on: str = typer.Option(
        "", metavar="REF", help=_("The item that the events belong to; by default, the contact whom each reaches.")
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Show the result without writing anything.")),
    prefer: str = typer.Option(
        "", metavar="SIDE", help=_("What holds where both were changed: mine or theirs; by default, neither.")
    ),
    encoding: str = typer.Option("", metavar="NAME", help=_("The encoding of the file; by default, detected.")),
) -> None:
    from tuicrm.services.calendar.ical_files import import_calendar
    from tuicrm.services.importing.options import read_encoding
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    item = read_ref(session, on) if on else None
    if item is not None:
        session.get(item)
    data, name = _content(file)
    with Telling(work) as telling:
        report = import_calendar(
            session,
            data,
            name,
            on=item,
            dry_run=dry_run,
            prefer=preferred(prefer),
            encoding=read_encoding(encoding),
            tell=lambda done: telling.tell(ngettext("{n} event", "{n} events", done)),
        )
    show_rows(work, report.rows, report.remarks, undoable=bool(report.seq))


def _content(file: str) -> tuple[bytes, str]:
    """What is in a file or comes from stdin, no more of it than is looked at. Raises StorageError, Refused."""
    if file == "-":
        return sys.stdin.buffer.read(CALENDAR_SIZE.most + 1), "stdin"
    path = at_home(file)
    if path.exists() and not path.is_file():
        # A pipe would wait for ever, and /dev/zero never ends.
        raise Refused(_("{path} is not a file.").format(path=path))
    try:
        with path.open("rb") as stream:
            return stream.read(CALENDAR_SIZE.most + 1), path.name
    except FileNotFoundError as missing:
        raise NotFound(_("There is no file {path}.").format(path=path)) from missing
    except OSError as problem:
        raise StorageError(f"{path}: {problem.strerror}") from problem


def _is_calendar(path: Path) -> bool:
    """Whether what is there may be replaced: nothing, or a calendar file."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(len(_CALENDAR)) == _CALENDAR
    except OSError:
        return False
