"""`tuicrm channel run`, `share` and `service`: the worker that sends what waits and takes in what has come, once or staying."""

from __future__ import annotations

import shlex
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from threading import Event
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import Replaced, StorageError
from tuicrm.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from tuicrm.services.messages.receivers import Receivers
    from tuicrm.services.messages.receiving import ReceivedStep
    from tuicrm.services.messages.worker import Worker, WorkerStep

_LOOK_EVERY = 5.0
"""Seconds between two looks for what others wrote meanwhile, and at the clock: three `stat` calls."""
_HEARS = 1.0
"""Seconds at most until it hears that it is to end."""
_AGAIN = timedelta(minutes=5)
"""When a channel that did not work is tried again."""


def register(app: CrmGroup) -> None:
    """Make these verbs of a noun."""
    app.command(
        cls=CrmCommand,
        help=_(
            "Send what waits in the outbox and take in what has come, by your channels and those of your department, each message "
            "once however many of these run. Then wait for the next."
        ),
        examples=[("--once", N_("What is due and what has come by now, for cron."))],
    )(run)
    app.command(
        cls=CrmCommand,
        help=_("Share what came by a channel, and what comes: all read it who may read an item that it is on."),
    )(share)
    app.command(cls=CrmCommand, help=_("Print a unit file for systemd, which has the worker run for you."))(service)


def run(
    context: typer.CommandContext,
    once: bool = typer.Option(False, "--once", help=_("Only what is due and what has come by now, then end.")),
    anew: bool = typer.Option(
        False,
        "--anew",
        help=_("Look through all folders anew, for people who are known only by now; nothing comes twice."),
    ),
) -> None:
    from tuicrm.services.messages.receivers import Receivers
    from tuicrm.services.messages.worker import Worker

    work = work_of(context)
    with Worker(work.session) as worker, Receivers(work.session) as receivers:
        if anew:
            receivers.forget()
        if once:
            steps, received = list(_told(work, worker)), list(_received(work, receivers))
            if work.out.json:
                told = [{"ref": _ref(one.id), "status": one.status, "why": one.why or None} for one in steps]
                came = [_plain(work, one) for one in received]
                work.out.envelope(messages=told, received=came, troubles={**worker.troubles, **receivers.troubles})
            elif not steps and not received:
                work.out.say(_("Nothing is due, and nothing has come."))
            return
        with until_told_to_end() as end:
            while not end.is_set():
                try:
                    for _step in chain(_told(work, worker), _received(work, receivers)):
                        if end.is_set():
                            break
                except Replaced:
                    raise
                except StorageError as error:
                    work.out.warn(error.message)
                _wait(work, end, worker, receivers)


def _told(work: CommandRun, worker: Worker) -> Iterator[WorkerStep]:
    """Send what is due, telling each."""
    for step in worker.send_due():
        if not work.out.json:
            words = {
                "sent": _("{ref} is sent."),
                "queued": _("{ref} waits for another attempt: {why}"),
                "failed": _("{ref} failed: {why}"),
                "unknown": _("{ref} is perhaps sent: {why}"),
            }
            told = words.get(step.status, "{ref}").format(ref=_ref(step.id), why=step.why)
            (work.out.say if step.status == "sent" else work.out.warn)(told)
        yield step
    for key, why in worker.troubles.items():
        work.out.warn(f"{key}: {why}")


def _received(work: CommandRun, receivers: Receivers) -> Iterator[ReceivedStep]:
    """Take in what has come, telling what is new; of the rest, how much."""
    counts: Counter[str] = Counter()
    before = dict(receivers.troubles)
    for step in receivers.take():
        counts[step.how] += 1
        if not work.out.json:
            for problem in step.problems:
                work.out.warn(f"{_ref(step.id)}: {problem}" if step.id else problem)
            if step.how == "new":
                items = ", ".join(work.session.workspace.show_ref(ref) for ref in step.on)
                told = _("{ref} has come, on {items}.") if items else _("{ref} has come; it waits in the inbox.")
                work.out.say(told.format(ref=_ref(step.id), items=items))
            if step.failed:
                work.out.warn(_("{ref} did not arrive.").format(ref=_ref(step.failed)))
        yield step
    if counts["unknown"]:
        n = counts["unknown"]
        work.out.say(ngettext("{n} left: nobody in it is known", "{n} left: nobody in them is known", n))
    for key, why in receivers.troubles.items():
        if before.get(key) != why:
            work.out.warn(f"{key}: {why}")


def _plain(work: CommandRun, step: ReceivedStep) -> dict[str, Any]:
    on = [work.session.workspace.show_ref(ref) for ref in step.on]
    told = {"channel": step.channel, "how": step.how, "ref": _ref(step.id) if step.id else None, "on": on}
    return {**told, "failed": _ref(step.failed) if step.failed else None, "problems": list(step.problems)}


def _ref(number: int) -> str:
    from tuicrm.domain.messages.message import show_ref

    return show_ref(number)


def _wait(work: CommandRun, end: Event, worker: Worker, receivers: Receivers) -> None:
    """Until something is due or has come, or somebody wrote something."""
    from tuicrm.domain.stamps import read_stamp
    from tuicrm.services.messages import outbox

    session = work.session
    # First what is there, then whether there is more: what is written in between is either seen, or changes the number.
    seq, now = session.store.seq(), session.clock()
    if worker.has_more():
        return
    worker.close()
    receivers.listen()
    soonest = read_stamp(outbox.next_at(session))
    # What is due already waits for a server that could not be reached, or for another worker.
    until = None if soonest is None else soonest if soonest > now else now + _AGAIN
    look = monotonic() + _LOOK_EVERY
    while not end.is_set() and not receivers.wait(min(_HEARS, max(0.0, look - monotonic())), end):
        if monotonic() < look:
            continue
        look = monotonic() + _LOOK_EVERY
        session.store.refresh()
        if session.store.seq() != seq or (until is not None and session.clock() >= until):
            return


@contextmanager
def until_told_to_end() -> Iterator[Event]:
    """SIGTERM ends the worker when the message that it is at is done; ctrl+c does at once, as everywhere."""
    end = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        end.set()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield end
    finally:
        signal.signal(signal.SIGTERM, before)


def share(
    context: typer.CommandContext,
    channel: str = typer.Argument(metavar="CHANNEL", help=_("A channel, by key or name.")),
    private: bool = typer.Option(False, "--private", help=_("For its owner alone again, and what comes too.")),
) -> None:
    from tuicrm.services.messages import records
    from tuicrm.services.messages.accounts import edit_channel, find_channel

    work = work_of(context)
    found = find_channel(work.session, channel)
    edit_channel(work.session, found.key, {"shared": "" if private else "yes"})
    n = records.share_account(work.session, found.key, private=private)
    told = ngettext("{n} message was changed.", "{n} messages were changed.", n)
    work.out.done(told, channel=found.key, changed=n)


def service(context: typer.CommandContext) -> None:
    work = work_of(context)
    words = [sys.executable, "-m", "tuicrm", "--data", str(work.path.absolute()), "channel", "run"]
    line = " ".join(_quoted(word) for word in words)
    unit = (
        "[Unit]\nDescription=tuicrm: sends messages and takes them in\nAfter=network-online.target\n\n"
        f"[Service]\nExecStart={line}\nRestart=on-failure\nRestartSec=30\nNoNewPrivileges=yes\n\n"
        "[Install]\nWantedBy=default.target\n"
    )
    if work.out.json:
        work.out.envelope(unit=unit, command=shlex.join(words))
        return
    work.out.raw(unit)
    work.out.say(_("Keep it as ~/.config/systemd/user/tuicrm.service, then: systemctl --user enable --now tuicrm"))


def _quoted(word: str) -> str:
    """A word as systemd reads it: nothing of it is a line of its own, a variable, or a specifier."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in word.replace("\\", "\\\\"))
    return '"' + plain.replace('"', '\\"').replace("%", "%%").replace("$", "$$") + '"'
