"""Workers in processes of their own that are killed while they send, and what came of it: for the drills of the outbox.

A killed worker leaves its message taken. When its lease is over the message is `unknown`, and somebody finds out whether it arrived:
here, by looking at what the server delivered.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from tests.postfix import PASSWORD, USER, Postfix
from tuicrm.domain.conditions import Test
from tuicrm.domain.items import Ref
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox
from tuicrm.services.messages.accounts import add_channel
from tuicrm.services.messages.outbox import LEASE, MailDraft
from tuicrm.services.messages.worker import Worker
from tuicrm.services.workspace.start import open_session
from tuicrm.store.protocol import Find

_PROCESSES = multiprocessing.get_context("forkserver")
"""Each worker is a process that was forked from one which has read the program already: thousands can be killed."""
_SENDER = "anna@example.test"


class Drill(NamedTuple):
    """What came of it: seconds, kills, messages of killed workers, how many of those had arrived, and how often each arrived."""

    seconds: float
    kills: int
    left: int
    of_left_arrived: int
    arrived: Mapping[str, int]

    def __str__(self) -> str:
        n, most = len(self.arrived), max(self.arrived.values(), default=0)
        return (
            f"{n} messages arrived, each {most} time at most, in {self.seconds:.1f} s, with {self.kills} kills: {self.left} were "
            f"being sent then, of which {self.of_left_arrived} had arrived"
        )


def account(session: Session, postfix: Postfix, secret: Path, **more: str) -> None:
    """A channel of this person's into the server, whose secret stands in a file that is theirs alone."""
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    there = {
        "host": "localhost",
        "port": str(postfix.port),
        "security": "starttls",
        "user": USER,
        "ca": str(postfix.ca),
    }
    add_channel(session, "Mail", "smtp", {"address": _SENDER, **there, "secret": f"file:{secret}", **more})


def fill(session: Session, n: int) -> None:
    """Put so many mails on D-1 into the outbox, due at once."""
    (channel,) = session.workspace.channels.values()
    for number in range(n):
        mail = MailDraft([f"client{number}@example.test"], f"Message {number}", "Dear client\n", on=[Ref("deal", 1)])
        outbox.queue(session, channel, mail, now=True)


def work(folder: Path, login: str, surroundings: Mapping[str, str], begins: Event) -> None:
    """What a worker's process does: send until nothing is due; `begins` is set when it has begun."""
    os.environ.clear()
    os.environ.update(surroundings)
    session = open_session(folder, login=login)
    begins.set()
    with Worker(session) as worker:
        while outbox.due(session):
            for _step in worker.send_due():
                pass
            session.store.refresh()
    session.close()


def drill(folder: Path, login: str, postfix: Postfix, *, workers: int, kills: int, seed: int = 18) -> Drill:
    """Send all that waits by so many workers at once, killing one after the other until so many were; then find out what became of
    the messages that they were at, and send what did not arrive."""
    dice, begun = random.Random(seed), monotonic()
    _PROCESSES.set_forkserver_preload([__name__])
    done = 0
    running = [_Running(folder, login) for _worker in range(workers)]
    while done < kills and any(one.process.is_alive() for one in running):
        at = dice.randrange(workers)
        running[at].begins.wait(60)
        # The first message takes a connection, a log-in and 20 ms; the next ones 10 each.
        sleep(dice.uniform(0, 0.08))
        done += running[at].kill()
        running[at] = _Running(folder, login)
    _finish(running)
    left, arrived_of_left = _ask(folder, login, postfix)
    _finish([_Running(folder, login) for _worker in range(workers)])
    return Drill(monotonic() - begun, done, left, arrived_of_left, _arrived(postfix))


def statuses(folder: Path, login: str) -> Counter[str]:
    """How many messages there are of each status."""
    session = open_session(folder, login=login)
    found = session.whole.find(Find("message", Test("way", "string", "=", "out"))).records
    told = Counter(str(one.doc.get("status")) for one in found)
    session.close()
    return told


class _Running:
    """A worker's process."""

    def __init__(self, folder: Path, login: str) -> None:
        self.begins = _PROCESSES.Event()
        self.process = _PROCESSES.Process(target=work, args=(folder, login, dict(os.environ), self.begins))
        self.process.start()

    def kill(self) -> bool:
        """End it at once, wherever it is; whether it had not ended by itself."""
        self.process.kill()
        self.process.join()
        return self.process.exitcode == -signal.SIGKILL


def _finish(running: list[_Running]) -> None:
    for one in running:
        one.process.join(600)
        assert one.process.exitcode == 0, one.process.exitcode


def _ask(folder: Path, login: str, postfix: Postfix) -> tuple[int, int]:
    """Have the leases be over, and say of each message that nobody knows whether it arrived; how many, and how many had."""
    later = open_session(folder, login=login, clock=lambda: datetime.now(UTC) + LEASE + timedelta(minutes=1))
    asked = outbox.sweep(later)
    later.close()
    session = open_session(folder, login=login)
    there = _arrived(postfix)
    subjects = {one.id: str(one.doc["subject"]) for one in session.whole.get("message", asked)}
    for number, subject in subjects.items():
        outbox.settle(session, number, arrived=subject in there)
    session.close()
    return len(asked), sum(subject in there for subject in subjects.values())


def _arrived(postfix: Postfix) -> Counter[str]:
    return Counter(str(one["Subject"]) for one in postfix.mails())
