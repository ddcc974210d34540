"""Files of every wrong kind: a clear word about each, rejected rows set aside, and nothing else touched."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cost import at_most
from tuicrm.errors import CrmError
from tuicrm.limits import IMPORT_ROWS
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.kernel.session import Session

ROOT = Path(__file__).resolve().parents[3]
OWN = "title,amount\r\n"


def digest(folder: Path) -> dict[str, str]:
    """What the records are made of: all of a workspace but caches and locks."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not {".cache", "present"} & set(path.parts)
        and path.name not in ("ids", "lock", "compact.lock")
    }


NOTHING_TO_TAKE: dict[str, bytes] = {
    "empty.csv": b"",
    "blank.csv": b"\r\n \r\n\t\r\n",
    "header only.csv": OWN.encode(),
    "mark only.csv": b"\xef\xbb\xbf",
    "binary.csv": bytes(range(256)) * 40,
    "nul.csv": b"title,amount\r\n\x00\x00,\x00\r\n",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "zip.csv": b"PK\x03\x04" + os.urandom(2_000),
    "a million columns.csv": b"a," * 1_000_000 + b"b\r\n" + b"1," * 1_000_000 + b"2\r\n",
    "empty.json": b"",
    "not.json": b"{",
    "null.json": b"null",
    "a number.json": b"1" + b"0" * 5_000,
    "infinite.json": b'{"result": [{"TYPE_ID": 1e999}], "total": 1}',
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "deep objects.json": b'{"result":' * 50_000 + b"1" + b"}" * 50_000,
    "wrong shape.json": b'{"result": {"a": [1, {"b": null}]}, "total": "x"}',
    "rows of nothing.json": b'{"result": [null, 1, "x", [], {}], "total": 5}',
    "bad utf-8.json": b'{"result": [{"TITLE": "\xff\xfe"}]}',
    "half characters.json": b'{"result": [{"ID": "1", "TITLE": "\\ud800", "STAGE_ID": "NEW"}], "total": 1}',
    "doubled.json": b'{"result": 1, "result": 2, "result": null}',
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejected rows go to the present folder, which is not to be the repository's."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", NOTHING_TO_TAKE)
def test_what_cannot_be_taken_is_told_and_nothing_is_touched(
    workspace: Session, workspace_path: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(NOTHING_TO_TAKE[name])
    before = digest(workspace_path)
    report = run_import(workspace, [path], ImportOptions(type="deal") if name.endswith(".csv") else ImportOptions())
    assert (report.made, report.seq) == (0, 0)
    (file,) = report.files
    assert file.problem or file.notes or file.rejected or not sum(table.rows for table in file.tables)
    assert digest(workspace_path) == before


TAKEN: dict[str, tuple[bytes, list[str]]] = {
    "utf-16 with a mark.csv": ((OWN + "Città,1 EUR\r\n").encode("utf-16"), ["Città"]),
    "utf-16, no mark.csv": ((OWN + "Plain,1 EUR\r\n").encode("utf-16-le"), ["Plain"]),
    "utf-8 with a mark.csv": ((OWN + "Città,1 EUR\r\n").encode("utf-8-sig"), ["Città"]),
    "windows-1252.csv": ((OWN + "Città,1 EUR\r\n").encode("cp1252"), ["Città"]),
    "mixed line ends.csv": (b"title,amount\rA,1 EUR\nB,2 EUR\r\nC,3 EUR", ["A", "B", "C"]),
    "semicolons.csv": (b"title;amount\r\nA;1 EUR\r\n", ["A"]),
    "tabs.csv": (b"title\tamount\r\nA\t1 EUR\r\n", ["A"]),
    "one column.csv": (b"title\r\nA\r\nB\r\n", ["A", "B"]),
    "long rows.csv": (b"title,amount\r\nA,1 EUR\r\nB,2 EUR,,,\r\n", ["A", "B"]),
    "a quoted line end.csv": (b'title,comment\r\nA,"one\r\ntwo"\r\n', ["A"]),
}


@pytest.mark.parametrize("name", TAKEN)
def test_odd_files_are_read(workspace: Session, tmp_path: Path, name: str) -> None:
    content, titles = TAKEN[name]
    path = tmp_path / name
    path.write_bytes(content)
    report = run_import(workspace, [path], ImportOptions(type="deal"))
    found = sorted(str(item.get("title")) for item in workspace.find("deal").items)
    assert (found, report.rejected) == (titles, 0), [file.problem for file in report.files]


def test_an_unclosed_quote_swallows_no_rows_silently(workspace: Session, tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_bytes(b'title,amount\r\nA,1 EUR\r\n"B,2 EUR\r\nC,3 EUR\r\n')
    report = run_import(workspace, [path], ImportOptions(type="deal"))
    (file,) = report.files
    assert file.problem or file.rejected


def test_json_cut_anywhere_is_told_or_taken_as_far_as_it_is_whole(workspace: Session, tmp_path: Path) -> None:
    whole = json.dumps(
        {
            "result": [{"ID": "1", "TITLE": "ERP", "STAGE_ID": "NEW", "OPPORTUNITY": "1.00", "CURRENCY_ID": "EUR"}],
            "total": 1,
        }
    ).encode()
    before = workspace.store.seq()
    for length in range(len(whole)):
        path = tmp_path / f"cut{length}.json"
        path.write_bytes(whole[:length])
        report = run_import(workspace, [path])
        assert [bool(file.problem) for file in report.files] == [True], length
    assert workspace.store.seq() == before


@pytest.mark.skipif(os.name == "nt", reason="files of Unix")
def test_what_is_no_file_is_told_at_once(workspace: Session, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path, tmp_path / "pipe.csv", Path("/dev/zero")):
        with at_most(2), pytest.raises(CrmError, match=re.escape(str(path))):
            run_import(workspace, [path], ImportOptions(type="deal"))


_MEASURED = (
    "import os, re, sys; os._exit = sys.exit; from tuicrm.__main__ import main; sys.argv = ['tuicrm', *sys.argv[1:]]\n"
    # Not `ru_maxrss`: that one begins with what the process that started this one took.
    "try:\n    main()\nfinally:\n    print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1], file=sys.stderr)"
)
HUGE = 100_000_000


def imported(folder: Path, file: Path, *more: str) -> tuple[int, str, int]:
    """Exit code, what was said, and the most memory (MB) of an import into a new workspace."""
    new = [sys.executable, "-m", "tuicrm", "init", str(folder), "-q"]
    subprocess.run(new, cwd=ROOT, check=True, capture_output=True)
    command = [sys.executable, "-c", _MEASURED, "import", str(file), "--type", "deal", "--data", str(folder), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr, int(done.stderr.split()[-1]) // 1024


@pytest.mark.parametrize(("more", "most"), [(("--dry-run",), 120), ((), 400)], ids=["dry", "real"])
def test_memory_stays_bounded(tmp_path: Path, more: tuple[str, ...], most: int) -> None:
    """30 MB of rows, measured by the kernel. What is written is in memory until it is folded away, a dry run is not."""
    big = tmp_path / "big.csv"
    with big.open("w") as file:
        file.write(OWN.replace("amount", "comment"))
        for n in range(6_000):
            file.write(f"Deal {n},{'x' * 4_980}\r\n")
    code, said, memory = imported(tmp_path / "w", big, *more)
    assert code == 0, said
    assert memory < most
    if not more:
        # It was folded away at once: nobody who opens the workspace has to read it all.
        assert sum(path.stat().st_size for path in (tmp_path / "w").glob("journal.*")) < 1_000_000


@pytest.mark.parametrize(
    ("begin", "piece", "told"),
    [
        ("title,comment\r\n", "x", "a record of more than 4,194,304 characters"),
        ("", "a,", "a record of more than 4,194,304 characters"),
        ("title,comment\r\n", "a,", "a record of more than 4,194,304 characters"),
        ("title,comment\r\n", '"a\n",', "line 2: a record of more than 4,194,304 characters"),
        ('title,comment\r\nA,"', "abc def\r\n", "a quote may be left unclosed"),
        ("title,comment\r\n", "b," * 1_900_000 + "\r\n", "cells in this row: 1900001, columns: 2"),
    ],
    ids=["no line end", "columns", "cells", "all line ends in quotes", "unclosed quote", "rows of a million cells"],
)
def test_a_huge_file_of_no_shape_is_told_in_little_memory(tmp_path: Path, begin: str, piece: str, told: str) -> None:
    huge = tmp_path / "huge.csv"
    block = piece * max(1_000_000 // len(piece), 1)
    with huge.open("w", newline="") as file:
        file.write(begin)
        for _n in range(HUGE // len(block)):
            file.write(block)
    _code, said, memory = imported(tmp_path / "w", huge, "--dry-run")
    assert told in " ".join(said.split())
    assert memory < 150


@pytest.mark.parametrize(("name", "begin"), [("huge.csv", b"title,amount\r\n"), ("huge.json", b'{"result": [')])
def test_a_gigabyte_is_refused_in_words(workspace: Session, tmp_path: Path, name: str, begin: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(begin)
    os.truncate(path, 1 << 30)
    report = run_import(workspace, [path], ImportOptions(type="deal"))
    assert "is 1024 MB" in report.files[0].problem
    assert "smaller files" in report.files[0].problem
    assert report.seq == 0


def test_more_rows_than_a_run_can_have_are_refused_whole(
    workspace: Session, workspace_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of two bytes: a file that is not large may have millions."""
    monkeypatch.setattr(IMPORT_ROWS, "most", 500)
    path = tmp_path / "many.csv"
    path.write_text("title\n" + "".join(f"{n}\n" for n in range(900)))
    for dry in (True, False):
        with pytest.raises(CrmError, match="at most 500 rows"):
            run_import(workspace, [path], ImportOptions(type="deal", dry_run=dry))
    assert workspace.ids("deal") == []
    path.write_text("title\n" + "".join(f"{n}\n" for n in range(500)))
    assert run_import(workspace, [path], ImportOptions(type="deal")).made == 500
