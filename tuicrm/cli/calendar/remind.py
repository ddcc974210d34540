"""`tuicrm remind`: a worker that gives reminders where no session is open, or does so once, for cron."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import NotFound, Replaced, StorageError, UsageError
from tuicrm.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from tuicrm.services.calendar.inviting import Told
    from tuicrm.services.calendar.reminders import Given

remind = verb()

_LOOK_EVERY = 5.0
"""Seconds between two looks for what others planned or moved meanwhile, and at a clock that may have jumped: three `stat` calls."""
_AGAIN = timedelta(minutes=5)
"""When that is tried again which reached nobody."""
_DAY = timedelta(days=1)
_Way: TypeAlias = Callable[[list[str]], Iterator[int]]
"""Gives lines to somebody, one after the other, and says how many of them reached them."""


@remind.command(
    cls=CrmCommand,
    help=_(
        "Give the reminders that have come, as lines, by mail or by a command. Then wait for the next. Each comes once, in whichever "
        "session or worker is first. Invitations that are due (the setting invite_by_mail) are sent too."
    ),
    examples=[
        ("--once", N_("What has come by now, for cron.")),
        ('--command "notify-send tuicrm"', N_("On the desktop; the text is the last argument, or stands for {}.")),
        ("--once --mail", N_("By mail, as config.toml says: mail_server, mail_from.")),
    ],
)
def _remind(
    context: typer.CommandContext,
    once: bool = typer.Option(False, "--once", help=_("Only what has come by now, then end.")),
    mail: bool = typer.Option(False, "--mail", help=_("Send them to your mail address.")),
    command: str = typer.Option(
        "", metavar="COMMAND", help=_("Run a program with each; {} stands for the text. No shell reads it.")
    ),
) -> None:
    work = work_of(context)
    if mail and command:
        raise UsageError(_("--mail and --command go one by one: each reminder is given once."))
    send = _way(work, command, mail=mail)
    inviting = _Inviting(work)
    if once:
        _give(work, send, inviting.send())
        return
    with _until_told_to_end() as end:
        while not end.is_set():
            most = _DAY
            try:
                _give(work, send, inviting.send(), empty=False)
            except Replaced:
                raise
            except StorageError as error:
                work.out.warn(error.message)
                most = _AGAIN
            _wait(work, end, most)


def _way(work: CommandRun, command: str, *, mail: bool) -> _Way | None:
    """What gives lines elsewhere; None where they are told here. What is not set up is told before anything is given."""
    from tuicrm.services.calendar import reminder_ways
    from tuicrm.services.workspace import mailing

    if command:
        tell = reminder_ways.by_command(command)

        def run(lines: list[str]) -> Iterator[int]:
            for given, line in enumerate(lines, 1):
                tell(line)
                yield given

        return run
    if mail:
        from tuicrm.config import read_config

        config = read_config()
        server, to = mailing.server_of(config.mail_server), reminder_ways.mail_address(work.session)

        def post(lines: list[str]) -> Iterator[int]:
            reminder_ways.mail(server, config.mail_from, to, lines)
            yield len(lines)

        return post
    return None


class _Inviting:
    """Sends the invitations that are due, by the server that config.toml names; they wait where it names none."""

    def __init__(self, work: CommandRun) -> None:
        from tuicrm.config import read_config

        self._work, self._config = work, read_config()
        self._warned = False

    def send(self) -> list[Told]:
        """Send what is due; what could not be sent is told, and tried again."""
        from tuicrm.services.calendar import inviting
        from tuicrm.services.workspace import mail_servers

        work = self._work
        for number, who in inviting.perhaps_sent(work.session).items():
            told = _(
                "Activity {n}: a message to {who} was perhaps not sent. `tuicrm activity invite {n}` sends it again."
            )
            work.out.warn(told.format(n=number, who=", ".join(who)))
        waiting = inviting.waiting(work.session)
        if not waiting:
            return []
        server = mail_servers.read_server(self._config.mail_server)
        if server is None:
            if not self._warned:
                told = ngettext("{n} invitation waits", "{n} invitations wait", len(waiting))
                work.out.warn(_("{what}: config.toml names no mail_server.").format(what=told))
            self._warned = True
            return []
        try:
            return inviting.send_due(work.session, server, self._config.mail_from or work.session.person.email)
        except Replaced:
            raise
        except StorageError as error:
            work.out.warn(error.message)
            return []


def _give(work: CommandRun, send: _Way | None, told: Sequence[Told], *, empty: bool = True) -> None:
    """Give what has come. Raises StorageError where it reached nobody: it comes again then."""
    from tuicrm.services.calendar import reminder_ways, reminders

    session = work.session
    given = reminders.take(session, "mail" if send else "command")
    if not (given or told or empty):
        return
    lines = reminder_ways.texts(session, given)
    reached = 0
    try:
        if send is not None and lines:
            for reached in send(lines):  # noqa: B007 - how many reached somebody, where the next does not
                pass
    except StorageError:
        for one in (*given.now[reached:], *given.missed):
            with suppress(NotFound):
                reminders.put_off(session, one, session.clock() + _AGAIN)
        raise
    _tell(work, given, lines if send is None else [], told)


def _tell(work: CommandRun, given: Given, lines: list[str], invited: Sequence[Told]) -> None:
    if work.out.json:
        rows = [
            {
                "activity": one.activity,
                "occurrence": one.occurrence,
                "at": one.at,
                "begins": one.begins,
                "what": one.what,
                "owner": str(one.owner),
                "title": one.title,
                "missed": one in given.missed,
            }
            for one in (*given.now, *given.missed)
        ]
        mails = [{"activity": one.activity, "cancelled": one.cancelled, "to": one.to} for one in invited]
        work.out.envelope(reminders=rows, invitations=mails)
        return
    if lines:
        work.out.text("\n".join(lines))
    for one in invited:
        words = _("Called off for {who}: activity {n}.") if one.cancelled else _("Invited {who} to activity {n}.")
        work.out.say(words.format(who=one.to, n=one.activity))
    if not (given or invited):
        work.out.say(_("No reminder has come."))


def _wait(work: CommandRun, end: Event, most: timedelta) -> None:
    """Until the next one, or until somebody changed something; at most so long."""
    from tuicrm.services.calendar import inviting, reminders

    session = work.session
    seq, until = session.store.seq(), min(reminders.next_at(session), session.clock() + most)
    until = min(until, inviting.next_at(session) or until)
    while not end.is_set() and session.clock() < until:
        left = (until - session.clock()).total_seconds()
        end.wait(min(max(left, 0.01), _LOOK_EVERY))
        session.store.refresh()
        if session.store.seq() != seq:
            return


@contextmanager
def _until_told_to_end() -> Iterator[Event]:
    """SIGTERM ends the worker when it has done what it is at; ctrl+c does at once, as everywhere."""
    end = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        end.set()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield end
    finally:
        signal.signal(signal.SIGTERM, before)
