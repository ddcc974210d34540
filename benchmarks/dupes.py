"""Duplicates among very many contacts: `python -m benchmarks.dupes [--contacts 100000] [--folder DIR]`.

The workspace is written straight to the store and kept in the folder. Of twenty contacts one is there twice, written in another
way: names the other way round in capitals, a title of courtesy and the phone with other signs, or the e-mail in capitals. There are
few names, so that most contacts are called as some other: the hard case. Figures are milliseconds by the clock, and of the processor,
which is nearly the same when others work on the machine too; those of the program as people run it are by the clock.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from benchmarks.probe import Probe
from tuicrm.domain import generate
from tuicrm.domain.generate import GeneratedContact
from tuicrm.domain.stamps import stamp
from tuicrm.services.duplicates import duplicates
from tuicrm.services.kernel.session import Session, utc_now
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, indexes, open_session
from tuicrm.store import JournalStore
from tuicrm.store.protocol import Doc, Op

_LINE, _TWICE, _ASKED = 2_000, 20, 50
_CRM = [sys.executable, "-m", "tuicrm"]


def docs(count: int) -> Iterator[Doc]:
    """So many contacts."""
    made = stamp(utc_now())
    number = 0
    for contact in generate.contacts(4 * count):
        for doc in (_plain(contact), *([_again(contact, number)] if number % _TWICE == 0 else [])):
            if number == count:
                return
            number += 1
            yield {**doc, "responsible": "anna", "created": made, "updated": made}


def _plain(contact: GeneratedContact) -> Doc:
    return _doc(contact.first_name, contact.last_name, contact.phone, contact.email)


def _again(contact: GeneratedContact, number: int) -> Doc:
    first, last, phone, email = contact.first_name, contact.last_name, contact.phone, contact.email
    other = f"+3902{number:08}"
    return (
        _doc(last.upper(), first.upper(), phone, f"office{number}@example.com"),
        _doc(f"Dott. {first}", last, f"{phone[:6]} {phone[6:9]}-{phone[9:]}", f"dott{number}@example.com"),
        _doc(first[:1], last, other, email.upper()),
    )[number // _TWICE % 3]


def _doc(first: str, last: str, phone: str, email: str) -> Doc:
    return {
        "first_name": first,
        "last_name": last,
        "phone": [{"value": phone, "typed": phone, "type": "work"}],
        "email": [{"value": email, "type": "work"}],
    }


def make(path: Path, count: int) -> None:
    """Write a workspace of so many contacts."""
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    store = JournalStore(path, indexes=indexes(), compact_at=0)
    found = (Op("contact", number, doc) for number, doc in enumerate(docs(count), 1))
    while line := list(islice(found, _LINE)):
        store.commit(line, by="anna", note="generate", meta={"fixed": True})
    store.files.compact()
    store.close()


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Do it, and tell what it took."""
    began, used = perf_counter(), process_time()
    outcome = work()
    tell(name, (perf_counter() - began) * 1_000, (process_time() - used) * 1_000)
    return outcome


def tell(name: str, clock: float, processor: float | None = None) -> None:
    """A line of the table."""
    print(f"{name:52}{clock:>10.1f}" + (f"{processor:>10.1f}" if processor is not None else ""), flush=True)


def services(session: Session) -> None:
    """What the screens and the command line ask for."""
    timed("the index, read whole", partial(duplicates.catch_up, session))
    found = timed("all groups, the first time", partial(duplicates.groups, session, "contact"))
    print(f"{'groups':52}{len(found):>10,}")
    timed("all groups again", partial(duplicates.groups, session, "contact"))
    some = session.find("contact", None, (), _ASKED).items
    spans = []
    for one in some:
        began = perf_counter()
        duplicates.like(session, "contact", one.fields, one.ref)
        spans.append((perf_counter() - began) * 1_000)
    tell("the hint while one is made: median", median(spans))
    tell("the hint while one is made: worst", max(spans))


def commands(path: Path) -> None:
    """As people run it."""
    for words in (["dupes"], ["dupes", "contacts", "--limit", "0", "--json"], ["dupes", "C-1"]):
        began = perf_counter()
        subprocess.run([*_CRM, *words, "--data", str(path)], capture_output=True, check=True)
        tell(f"tuicrm {' '.join(words)}", (perf_counter() - began) * 1_000)


def screen(path: Path, size: tuple[int, int]) -> None:
    """From the board, `g u`, and on to contacts."""
    probe = Probe([*_CRM, "--data", str(path)], size)
    try:
        probe.first("Deals")
        probe.press(b"g", quiet=0.4)
        probe.press(b"u", quiet=0.4)
        for moment, keys in (("the first time", b"\t"), ("again", b"\t\t\t")):
            sign = probe.until(keys, "Looking|Comparing|[0-9]%")
            whole = probe.until(b"", "[0-9]%")
            tell(f"{size[0]}×{size[1]}: a sign on the screen, {moment}", sign or float("nan"))
            tell(f"{size[0]}×{size[1]}: groups after that", whole or float("nan"))
    finally:
        probe.close()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the workspace is kept for the next time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (asked.folder or Path(temporary)) / f"contacts-{asked.contacts}"
        if not path.exists():
            make(path, asked.contacts)
        for file in (path / ".cache").glob("alike.*"):
            file.unlink()
        session = open_session(path)
        services(session)
        session.close()
        commands(path)
        for size in ((140, 40), (80, 24)):
            screen(path, size)


if __name__ == "__main__":
    main()
