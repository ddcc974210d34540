"""What an attack on a workspace folder comes to: `python -m benchmarks.attacks`. A line each.

Run with another version's code before it, it shows what came of them there:
`PYTHONPATH=/path/to/other python /path/to/benchmarks/attacks.py`."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tuicrm.domain.conditions import Aggregate
from tuicrm.store import compaction, create_store, open_store
from tuicrm.store.protocol import Op

_PRECIOUS = "echo hello\n" * 50
_WAITED = 60.0


def deal(n: int, amount: int, text: str = "") -> Op:
    money = {"amount": f"{amount}.00", "currency": "EUR"}
    return Op("deal", n, {"n": n, "stage": "new", "amount": money, **({"comment": text} if text else {})})


def made(folder: Path) -> Path:
    """A workspace with a snapshot and a journal."""
    with closing(create_store(folder)) as store:
        for n in range(1, 7):
            store.commit([deal(n, n)])
        store.files.compact()
        store.commit([deal(1, 1)])
    return folder


def told(work: Callable[[], str]) -> str:
    """What it says, or how it was refused."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        return f"refused ({type(error).__name__})"


def folder_of_others(place: Path) -> str:
    """present/ is a link to somebody's folder, and a session starts."""
    folder, home = made(place / "w"), place / "home"
    home.mkdir()
    for n in range(3):
        (home / f"file{n}").write_text("mine")
    (folder / "present").rmdir()
    (folder / "present").symlink_to(home)

    def start() -> str:
        with closing(open_store(folder)) as store:
            store.presence.look()
            return "opened"

    return f"{told(start)}; {len(list(home.iterdir()))} of 3 files left"


def file_of_others(place: Path) -> str:
    """The next journal's name is a link to .bashrc, and the journal is folded."""
    folder, victim = made(place / "w"), place / ".bashrc"
    victim.write_text(_PRECIOUS)
    newest = max(int(path.name.split(".")[1]) for path in folder.glob("journal.*"))
    (folder / f"journal.{newest + 1:08d}.jsonl").symlink_to(victim)

    def fold() -> str:
        with closing(open_store(folder)) as store:
            store.files.compact()
            return "folded"

    return f"{told(fold)}; .bashrc is {'as it was' if victim.read_text() == _PRECIOUS else 'OVERWRITTEN'}"


def pipe(place: Path) -> str:
    """A pipe stands in the place of CURRENT."""
    folder = made(place / "w")
    (folder / "CURRENT").unlink()
    os.mkfifo(folder / "CURRENT")
    code = "import sys; from pathlib import Path; from tuicrm.store import open_store; open_store(Path(sys.argv[1]))"
    try:
        subprocess.run(
            [sys.executable, "-c", code, folder], timeout=_WAITED, cwd=place, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return "waits for ever"
    return "refused at once"


def restored(place: Path) -> str:
    """An older copy is put back over a folder that keeps .cache: the sum of a board's column."""
    folder, copy = made(place / "w"), place / "copy"
    sums = [Aggregate("count"), Aggregate("sum", "amount", "money")]

    def grown(by: int) -> str:
        with closing(open_store(folder)) as store:
            store.commit([deal(n, by * 100 + n) for n in range(10, 60)])
            store.files.compact()
            return str(store.fold("deal", None, "stage", sums)[0].results[1]["EUR"])

    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".cache"))
    grown(1)
    for path in folder.iterdir():
        if path.name != ".cache":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(copy, folder, dirs_exist_ok=True)
    right = 21 + sum(200 + n for n in range(10, 60))
    return f"{grown(2)} (right: {right}.00)"


def replaced(place: Path) -> str:
    """The folder is replaced by a copy under a session, which then saves."""
    folder = made(place / "w")
    with closing(open_store(folder)) as store:
        folder.rename(place / "old")
        shutil.copytree(place / "old", folder)
        said = told(lambda: f"acknowledged as {store.commit([deal(1, 99)])}")
    with closing(open_store(folder)) as after:
        kept = after.get("deal", [1])[0].doc["amount"]["amount"] == "99.00"
    return f"{said}; {'it is' if kept else 'it is not'} in the folder"


def unlocked(place: Path) -> str:
    """The lock is removed, another session makes its own, and the first one saves."""
    folder = made(place / "w")
    with closing(open_store(folder)) as one:
        (folder / "lock").unlink()
        with closing(open_store(folder)) as two:
            two.commit([deal(2, 5)])
            return told(lambda: f"acknowledged as {one.commit([deal(1, 99)])}, beside the other's lock")


def killed(place: Path) -> str:
    """Three foldings are killed, a fourth ends well: the snapshots of the table that lie there."""
    folder = made(place / "w")

    def die(*_given: object) -> None:
        os._exit(9)

    for n in range(3):
        child = os.fork()
        if not child:
            compaction._publish = die  # type: ignore[assignment]
            with closing(open_store(folder)) as store:
                store.commit([deal(1, n)])
                store.files.compact()
        os.waitpid(child, 0)
    with closing(open_store(folder)) as store:
        store.commit([deal(1, 7)])
        store.files.compact()
    return f"{len(list(folder.glob('deal.*.jsonl')))} of them"


def history(place: Path) -> str:
    """48 edits of each of 300 deals: what the past takes."""
    folder, words = place / "w", random.Random(1)
    texts = [" ".join(f"word{words.randrange(5000)}" for _ in range(90)) for _deal in range(300)]
    with closing(create_store(folder)) as store:
        for turn in range(49):
            store.commit([deal(n + 1, turn, text) for n, text in enumerate(texts)], by="anna", note="edit")
        store.files.compact()
    past = sum(path.stat().st_size for path in (folder / "history").iterdir())
    now = sum(path.stat().st_size for path in folder.glob("deal.*.jsonl"))
    return f"{past:,} bytes, for {now:,} of deals"


ATTACKS = (folder_of_others, file_of_others, pipe, restored, replaced, unlocked, killed, history)


def main() -> None:
    """Print a table."""
    for attack in ATTACKS:
        with tempfile.TemporaryDirectory() as place:
            sys.stdout.write(f"{str(attack.__doc__).splitlines()[0]:96} {attack(Path(place))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
