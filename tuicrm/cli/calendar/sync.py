"""`tuicrm calendar sync`: one's calendar and the one on a CalDAV server, made alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.calendar.calendar_output import preferred, show_rows
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.grammar.typed import work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _

if TYPE_CHECKING:
    from tuicrm.services.calendar.caldav_account import CalendarAccount
    from tuicrm.services.kernel.session import Session


def register(app: CrmGroup) -> None:
    """Make this a verb of a noun."""
    app.command(
        cls=CrmCommand,
        help=_(
            "Make your calendar and one on a CalDAV server alike, both ways. The address is remembered. The password "
            "comes from TUICRM_CALDAV_COMMAND (a command that prints it), TUICRM_CALDAV_PASSWORD or the system's keyring. "
            "What was changed on both sides is told, and is unchanged until you say what holds (--prefer)."
        ),
        examples=[
            ("--url https://cloud.example/dav/ --user anna --calendar Work", N_("The first time.")),
            ("", N_("From then on.")),
        ],
    )(sync)


def sync(
    context: typer.CommandContext,
    url: str = typer.Option("", metavar="ADDRESS", help=_("Where the server or the calendar is.")),
    user: str = typer.Option("", metavar="LOGIN", help=_("Who you are there.")),
    calendar: str = typer.Option("", metavar="NAME", help=_("Which of your calendars there.")),
    on: str = typer.Option("", metavar="REF", help=_("The item of events whose people reach no contact.")),
    prefer: str = typer.Option(
        "", metavar="SIDE", help=_("What holds where both were changed: mine or theirs; by default, neither.")
    ),
) -> None:
    from tuicrm.services.calendar.caldav_account import keep_account, password_of
    from tuicrm.services.calendar.caldav_sync import opened_server, sync_calendar
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    side = preferred(prefer)
    meant = _meant(session, url, user, calendar, on)
    item = read_ref(session, meant.on) if meant.on else None
    if item is not None:
        session.get(item)
    with opened_server(meant, password_of(meant)) as server:
        keep_account(session, meant)
        report = sync_calendar(session, server, on=item, prefer=side)
    show_rows(work, report.rows, report.remarks, undoable=bool(report.seq), url=server.url)


def _meant(session: Session, url: str, user: str, calendar: str, on: str) -> CalendarAccount:
    """The account that was kept, with what is said otherwise now. Raises UsageError where there is none yet."""
    from tuicrm.services.calendar.caldav_account import CalendarAccount, account

    kept = account(session)
    if kept is None and not url:
        raise UsageError(_("Say once where your calendar is: --url https://cloud.example/dav/ --user anna"))
    if kept is None or (url and url != kept.url):
        return CalendarAccount(url, user, calendar, on)
    return CalendarAccount(kept.url, user or kept.user, calendar or kept.calendar, on or kept.on)
