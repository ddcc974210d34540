"""Mails sent by several workers at once, some killed meanwhile: `python -m benchmarks.sending --messages 500 --workers 2 --kills 20`.

Each worker is a process, `tuicrm channel run --once`, which hands over to a real Postfix (needs root, scripts/mail_servers.sh).
What a killed one was sending is `unknown` when its lease is over; then the person looks whether it arrived, and says so.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import perf_counter, sleep

from msgspec import Struct

from tests.postfix import PASSWORD, USER, Postfix, is_here
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox, records
from tuicrm.services.messages.accounts import add_channel
from tuicrm.services.messages.outbox import LEASE, MailDraft
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

ROOT = Path(__file__).resolve().parent.parent
_SECRET = "DRILL_SECRET"
_LONGEST = 0.02
"""Seconds at most between a worker's word that a mail is sent and its death: it dies in every step of the next."""


class SendingFigures(Struct, frozen=True):
    """What a drill came to; `seconds` are of the workers alone."""

    messages: int
    kills: int
    unknown: int
    unknown_arrived: int
    listed: int
    arrived: int
    twice: int
    lost: int
    statuses: Mapping[str, int]
    seconds: float


class SendingDrill:
    """Mails queued in a new workspace, and what sends them."""

    def __init__(self, folder: Path, server: Postfix, messages: int, seed: int = 1) -> None:
        self._data, self._server, self._random = folder / "workspace", server, Random(seed)
        self._environ = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(self._data), _SECRET: PASSWORD}
        create_workspace(self._data, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
        session = open_session(self._data)
        words = {"address": "anna@example.test", "host": "localhost", "port": str(server.port), "security": "starttls"}
        words |= {"user": USER, "ca": str(server.ca), "secret": f"variable:{_SECRET}"}
        channel = add_channel(session, "Mail", "smtp", words)
        self._numbers = [
            outbox.queue(
                session, channel, MailDraft([f"client{n}@example.test"], f"Offer {n}", "Dear client\n"), now=True
            )
            for n in range(messages)
        ]
        self._ids = {records.by_id(session, n).record.message_id: n for n in self._numbers}
        session.close()

    def run(self, workers: int, kills: int) -> SendingFigures:
        """Send all, killing workers meanwhile; then settle what nobody knows, and send what did not arrive."""
        share = max(1, len(self._numbers) // (kills + workers))
        begin = perf_counter()
        with ThreadPoolExecutor(workers) as pool:
            killed = sum(pool.map(lambda _n: self._killed(self._random.randint(1, share)), range(kills)))
            list(pool.map(lambda _n: self._work(), range(workers)))
        seconds = perf_counter() - begin
        arrived = self._arrived()
        later = datetime.now(UTC) + LEASE + timedelta(minutes=1)
        session = open_session(self._data, clock=lambda: later)
        unknown = outbox.sweep(session)
        listed = {one.id for one in outbox.own(session) if one.doc.get("status") == "unknown"}
        for number in unknown:
            outbox.settle(session, number, arrived=bool(arrived[number]))
        lost = [n for n in self._numbers if not arrived[n] and n not in unknown]
        session.close()
        self._send_again(later)
        return self._figures(killed, unknown, arrived, len(listed & set(unknown)), len(lost), seconds)

    def _killed(self, after: int) -> int:
        """Kill a worker a little after it has sent some; 1 where it was still at work, else 0."""
        with self._worker() as worker:
            assert worker.stderr is not None
            told = sum(1 for _n, _line in zip(range(after), worker.stderr, strict=False))
            sleep(self._random.uniform(0, _LONGEST))
            worker.kill()
        return int(told == after and worker.returncode == -SIGKILL)

    def _work(self) -> None:
        with self._worker() as worker:
            _out, err = worker.communicate()
        assert worker.returncode == 0, err

    def _worker(self) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "tuicrm", "channel", "run", "--once"]
        return subprocess.Popen(words, env=self._environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def _send_again(self, now: datetime) -> None:
        from tuicrm.services.messages.worker import Worker

        os.environ[_SECRET] = PASSWORD
        session = open_session(self._data, clock=lambda: now)
        with Worker(session) as worker:
            list(worker.send_due())
        session.close()

    def _arrived(self) -> Counter[int]:
        return Counter(self._ids[str(one["Message-ID"]).strip("<> ")] for one in self._server.mails())

    def _figures(
        self, killed: int, unknown: list[int], before: Counter[int], listed: int, lost: int, seconds: float
    ) -> SendingFigures:
        arrived = self._arrived()
        session = open_session(self._data)
        statuses = Counter(self._status(session, n) for n in self._numbers)
        session.close()
        return SendingFigures(
            messages=len(self._numbers),
            kills=killed,
            unknown=len(unknown),
            unknown_arrived=sum(bool(before[n]) for n in unknown),
            listed=listed,
            arrived=len(arrived),
            twice=sum(n > 1 for n in arrived.values()),
            lost=lost,
            statuses=dict(statuses),
            seconds=seconds,
        )

    def _status(self, session: Session, number: int) -> str:
        return records.by_id(session, number).record.status


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=20)
    said = parser.parse_args()
    if not is_here():
        sys.exit("needs Postfix, and to be root (scripts/mail_servers.sh)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
            os.environ[f"XDG_{kind}_HOME"] = str(folder / kind)
        (folder / "postfix").mkdir()
        server = Postfix(folder / "postfix")
        server.start()
        try:
            figures = SendingDrill(folder, server, said.messages).run(said.workers, said.kills)
        finally:
            server.stop()
    print(f"{said.workers} workers, {figures.messages} mails, {figures.kills} killed, {figures.seconds:.1f} s")
    print(
        f"unknown after the kills: {figures.unknown} (listed {figures.listed}, had arrived {figures.unknown_arrived})"
    )
    print(f"arrived: {figures.arrived}, twice: {figures.twice}, lost: {figures.lost}; {dict(figures.statuses)}")


if __name__ == "__main__":
    main()
