"""What taking in an mbox costs, beside reading it with `mailbox` alone: `python -m benchmarks.mail [MAILS]`."""

from __future__ import annotations

import mailbox
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from tests.services.messages.mails import mail
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.importing import import_mails
from tuicrm.services.messages.taking_in import MailTaking
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

CLIENTS = 500
"""Contacts, of each of whom every tenth mail but two answers one before it."""


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mails.mbox"
        path.write_bytes(b"".join(_mails(count)))
        begin = perf_counter()
        read = sum(len(one.as_bytes()) for one in mailbox.mbox(path))
        alone = perf_counter() - begin
        print(f"{count:,} mails, {read / 1e6:.1f} MB; mailbox alone: {alone / count * 1e3:.2f} ms a mail")
        session = _workspace(Path(folder) / "workspace")
        before = _memory()
        for run in ("first", "second"):
            begin = perf_counter()
            done = import_mails(session, path, MailTaking(everything=True))
            each = (perf_counter() - begin) / count * 1e3
            print(f"{run} run: {done.new:,} new, {done.known:,} known, {done.waiting:,} waiting; {each:.2f} ms a mail")
        print(f"memory: {before:.0f} MB before, {_memory():.0f} MB at most")
        _check(session, count)
        session.close()


def _mails(count: int) -> Iterator[bytes]:
    for n in range(count):
        sender = f"client{n % CLIENTS}@example.com" if n % 10 else f"stranger{n}@nowhere.example"
        text = f"This is mail {n}.\n" + "It says as much as mails say.\n" * 30
        content = mail(f"Matter {n}", text, sender=sender, number=f"{n}@bench.example")
        yield b"From x Tue Nov  3 10:00:00 2026\n" + content.replace(b"\nFrom ", b"\n>From ") + b"\n"


def _workspace(path: Path) -> Session:
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    session = open_session(path)
    with session.change("contacts") as change:
        for n in range(CLIENTS):
            change.add(
                "contact", {"last_name": f"Client {n}", "email": [{"value": f"client{n}@example.com", "type": "work"}]}
            )
    return session


def _check(session: Session, count: int) -> None:
    """Each mail stands on its client alone."""
    wrong = total = 0
    for found in records.newest(session, 0):
        n = int(found.record.subject.removeprefix("Matter "))
        total += 1
        wrong += found.on != ((f"C-{n % CLIENTS + 1}",) if n % 10 else ())
    print(f"bound wrongly: {wrong} of {total:,}; missing: {count - total}")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
