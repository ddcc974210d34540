"""A hostile neighbour: every name of a workspace folder replaced in turn by a link, a pipe, a folder, somebody else's file. Nothing
outside is read into, written, truncated or taken away; what is refused is refused by name, and at once."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tuicrm.errors import ForeignFile
from tuicrm.store import create_store, open_store
from tuicrm.store.files import NotOurs
from tuicrm.store.folder import Folder
from tuicrm.store.protocol import Op

ROOT = Path(__file__).resolve().parents[2]
ANNA, MALLORY, GROUP = 4301, 4302, 4242
KINDS = ("a link to a file", "a link to a folder", "a link that leads nowhere", "a pipe", "a folder", "another's file")

_OPENING = re.compile(
    r"open|fdopen|(read|write)_(bytes|text)|unlink|rmdir|mkdir|makedirs|r?glob|iterdir|listdir|scandir|link|symlink|chmod|chown|utime"
    r"|mkstemp|connect|copy2|copytree|rmtree|copyfile|exists|is_dir|is_file|access|truncate"
)
_OF_A_FOLDER = ("folder", "_folder", "history", "cache", "kept", "place", "held", "target", "past")
"""What `Folder`s are called; those have an `open` of their own."""


def test_one_module_does_all_opening() -> None:
    """Whatever else of the store touches a file does so through a `Folder`; what is open already is another matter."""
    found = [
        f"{path.name}:{call.lineno} {ast.unparse(call.func)}"
        for path in sorted((ROOT / "tuicrm" / "store").glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and path.name != "folder.py" and opens(ast.unparse(call.func))
    ]
    assert found == []


def opens(called: str) -> bool:
    on, _dot, name = called.rpartition(".")
    is_folder = on.split(".")[-1].strip("()") in _OF_A_FOLDER
    # tarfile reads and writes streams that it is given; a blob is opened by its digest.
    return _OPENING.fullmatch(name) is not None and not is_folder and on not in ("tarfile", "blobs", "super()")


# -- the folder itself -------------------------------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    (tmp_path / "w").mkdir()
    with closing(Folder.at(tmp_path / "w")) as found:
        yield found


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    (path / "precious").write_text("do not touch")
    return path


def test_what_is_no_file_of_ours_is_refused_by_name(folder: Folder, outside: Path) -> None:
    (folder.path / "lock").symlink_to(outside / "precious")
    (folder.path / "ids").symlink_to(outside / "nowhere")
    os.mkfifo(folder.path / "CURRENT")
    for name, reason in (("lock", "link"), ("ids", "link"), ("CURRENT", "pipe")):
        for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR):
            with pytest.raises(NotOurs, match=reason) as refused:
                folder.opened(name, flags)
            assert refused.value.filename == str(folder.path / name)
    assert sorted(path.name for path in outside.iterdir()) == ["precious"]


def test_what_is_new_is_new(folder: Folder, outside: Path) -> None:
    """A link in the place of a file that is to be made is taken away, not followed."""
    for target in (outside / "precious", outside / "nowhere"):
        (folder.path / "ids").symlink_to(target)
        os.close(folder.new("ids"))
        assert stat.S_ISREG((folder.path / "ids").lstat().st_mode)
        (folder.path / "ids").unlink()
    (folder.path / "ids").symlink_to(outside / "precious")
    folder.replace("ids", [b"ours"])
    assert (folder.path / "ids").read_bytes() == b"ours"
    assert (outside / "precious").read_text() == "do not touch"


def test_a_file_with_a_second_name_is_not_written(folder: Folder, outside: Path) -> None:
    os.link(outside / "precious", folder.path / "lock")
    with pytest.raises(NotOurs, match="hard link"):
        folder.open("lock", os.O_RDWR)
    os.close(folder.open("lock"))


@pytest.mark.parametrize("name", ["../home/precious", "..", ".", "", "a/b", "nul\0"])
def test_no_name_leads_out_of_the_folder(folder: Folder, name: str) -> None:
    for use in (folder.open, folder.new, folder.remove, folder.sub, folder.read):
        with pytest.raises(ValueError, match=r".*"):
            use(name)


@pytest.mark.parametrize("name", [".bashrc", "notes.txt", "report.docx", "journal.jsonl", "deal.1.jsonl", "x.db"])
def test_only_names_of_our_own_form_are_taken_away(folder: Folder, name: str) -> None:
    (folder.path / name).write_text("somebody's")
    with pytest.raises(ValueError, match=r".*"):
        folder.remove(name)
    assert (folder.path / name).exists()


def test_a_folder_that_is_a_link_is_refused(folder: Folder, outside: Path) -> None:
    (folder.path / "present").symlink_to(outside)
    with pytest.raises(NotOurs, match="link"):
        folder.sub("present")
    with pytest.raises(NotOurs, match="link"):
        folder.made("present")


# -- a whole workspace, two users --------------------------------------------------------------------------------------
_VICTIM = """
import json, os, signal, sys, traceback
from contextlib import closing
from pathlib import Path
from tuicrm.errors import CrmError
from tuicrm.services.items import items
from tuicrm.services.checks.checking import faults
from tuicrm.services.search.engine import Finder
from tuicrm.services.workspace.start import open_session
from tuicrm.services.workspace.environment import cache_folder
from tuicrm.domain.items import Ref

def work(folder):
    with closing(open_session(folder, login="anna")) as session:
        session.here(Ref("deal", 1))
        session.store.presence.look()
        items.add(session, "deal", items.values(session, "deal", {"title": "one more"}))
        session.fold("deal", None, "stage", ())
        finder = Finder(session)
        finder.index.catch_up()
        finder.find("one")
        session.store.blobs.put(b"an attachment")
        list(session.store.past.log())
        session.store.files.compact()
        items.add(session, "deal", items.values(session, "deal", {"title": "and another"}))
        session.store.files.compact()
        session.store.refresh()
    faults(folder)

def tried(folder):
    signal.alarm(20)
    try:
        work(folder)
        return "done"
    except CrmError as error:
        return f"{type(error).__name__}: {error.message}"
    except BaseException as error:
        return "CRASH " + "".join(traceback.format_exception(error))[-1500:]
    finally:
        signal.alarm(0)

def waited(*_):
    raise RuntimeError("it waited")
signal.signal(signal.SIGALRM, waited)
first = tried(Path(sys.argv[1]))
assert first == "done", first
cache_folder()  # what is imported late is imported now: Anna may not read root's Python
os.setgroups([4242]); os.setgid(4301); os.setuid(4301)
os.environ["HOME"] = sys.argv[3]
print(json.dumps({name: tried(Path(sys.argv[2], name)) for name in sorted(os.listdir(sys.argv[2]))}))
"""


def made(folder: Path) -> None:
    """A workspace with everything in it, the group's."""
    from tuicrm.services.items import items
    from tuicrm.services.search.engine import Finder
    from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

    create_workspace(folder, person=Maker("anna", "Anna"), settings=Settings("Test"))
    with closing(open_session(folder, login="anna")) as session:
        items.add(session, "deal", items.values(session, "deal", {"title": "Website"}))
        session.store.blobs.put(b"an older attachment")
        session.store.files.compact()
        session.fold("deal", None, "stage", ())
        Finder(session).index.catch_up()
        items.add(session, "deal", items.values(session, "deal", {"title": "ERP"}))


def give(path: Path, user: int, group: int) -> None:
    for each in (path, *path.rglob("*")):
        os.chown(each, user, group, follow_symlinks=False)


def names(folder: Path) -> list[str]:
    """Every file and folder, and the names that the next compaction and a session would make."""
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob("*"))] + [
        "compact.lock",
        "present/1-00000000",
    ]


def replaced(path: Path, kind: str, outside: Path) -> None:
    """What Mallory puts in a name's place."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    if kind == "a link to a file":
        path.symlink_to(outside / ".bashrc")
    elif kind == "a link to a folder":
        path.symlink_to(outside)
    elif kind == "a link that leads nowhere":
        path.symlink_to(outside / "not-there")
    elif kind == "a pipe":
        os.mkfifo(path, 0o660)
    elif kind == "a folder":
        path.mkdir(0o2770)
        (path / "precious").write_text("mine")
    else:
        path.write_text("mine")
        path.chmod(0o666)
        os.chown(path, MALLORY, MALLORY, follow_symlinks=False)
        return
    os.chown(path, MALLORY, GROUP, follow_symlinks=False)


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in (folder, *sorted(folder.rglob("*")))
        if path != folder or not path.is_dir()
    } | {".": (folder.stat().st_mtime_ns, b"")}


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="needs to become others")
def test_nothing_outside_is_touched_whatever_stands_in_a_names_place(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = (
        Path("/tmp") / f"tuicrm-neighbours-{os.getpid()}"
    )  # not below pytest's own folder, which only its owner may enter
    try:
        base.mkdir(mode=0o755)
        whole, copies, outside = base / "whole", base / "copies", base / "home"
        copies.mkdir()
        (base / "cache").mkdir(mode=0o777)
        (base / "cache").chmod(0o777)
        outside.mkdir()
        for name in (".bashrc", "precious", "1-00000000", "journal.00000009.jsonl"):
            (outside / name).write_text("echo hello\n")
        give(outside, ANNA, ANNA)
        made(whole)
        shutil.copytree(whole, base / "first")
        cases = {}
        for number, (name, kind) in enumerate((name, kind) for name in names(whole) for kind in KINDS):
            copy = copies / f"{number:04d}"
            shutil.copytree(whole, copy)
            give(copy, ANNA, GROUP)
            for each in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
                each.chmod(0o2770)
            replaced(copy / name, kind, outside)
            cases[copy.name] = (name, kind)
        before = contents(outside)
        ran = subprocess.run(
            [sys.executable, "-c", _VICTIM, str(base / "first"), str(copies), str(outside)],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "XDG_CACHE_HOME": str(base / "cache"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert contents(outside) == before, "something outside was touched"
        results = json.loads(ran.stdout)
        assert {key: cases[key] for key, told in results.items() if told.startswith("CRASH")} == {}, next(
            told for told in results.values() if told.startswith("CRASH")
        )
        refused = {cases[key]: told for key, told in results.items() if told != "done"}
        for (name, kind), told in refused.items():
            assert name in told, (name, kind, told)
        for needed in ("CURRENT", "lock", "present", "history", ".cache", "blobs"):
            for kind in KINDS[:4]:
                assert (needed, kind) in refused, (needed, kind)
    finally:
        shutil.rmtree(base, ignore_errors=True)


@pytest.mark.parametrize("name", ["present", ".cache", "history", "blobs"])
def test_a_folder_of_ours_that_is_a_link_is_named_when_opening(tmp_path: Path, name: str) -> None:
    create_store(tmp_path / "w").close()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "precious").write_text("mine")
    (tmp_path / "w" / name).rmdir()
    (tmp_path / "w" / name).symlink_to(tmp_path / "home")
    with pytest.raises(ForeignFile, match=f"{name}.*link"):
        open_store(tmp_path / "w")
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["precious"]


@pytest.mark.parametrize("table", ["../../outside", "journal", "a b", "ä/ö", ".", "..", "x" * 150, "lock", "CURRENT"])
def test_a_table_of_any_name_is_a_file_of_the_folder(tmp_path: Path, table: str) -> None:
    """Scripts name tables as they like: none of them gets out of the folder, or into another's file."""
    with closing(create_store(tmp_path / "w")) as store:
        store.commit([Op(table, 1, {"n": 1}), Op("deal", 1, {"n": 2})])
        assert store.files.compact()
        store.commit([Op(table, 2, {"n": 3})])
        assert store.files.compact()
    with closing(open_store(tmp_path / "w")) as store:
        assert [record.doc for record in store.get(table, [1, 2])] == [{"n": 1}, {"n": 3}]
        assert store.files.verify() == []
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("w", "home")] == []


@pytest.mark.parametrize("name", ["present", ".cache", "history", "blobs"])
def test_a_folder_swapped_for_a_link_under_a_session_leads_nowhere(tmp_path: Path, name: str) -> None:
    """What a session reached once it holds by its handle; what it has not reached yet it refuses."""
    home = tmp_path / "home"
    home.mkdir()
    for file in ("1-00000000", "journal.00000001.jsonl", "precious"):
        (home / file).write_text("mine")
    with closing(create_store(tmp_path / "w")) as store:
        store.commit([Op("deal", 1, {"n": 1})])
        store.presence.tell({"person": "anna"})
        (tmp_path / "w" / name).rename(tmp_path / "w" / f"old{name}")
        (tmp_path / "w" / name).symlink_to(home)
        store.presence.tell({"person": "anna", "ref": "deal:1"})
        store.presence.look()
        store.blobs.put(b"an attachment")
        store.commit([Op("deal", 1, {"n": 2})])
        assert store.files.compact()
        store.fold("deal", None, "n", ())
    assert {path.name: path.read_text() for path in home.iterdir()} == {
        "1-00000000": "mine",
        "journal.00000001.jsonl": "mine",
        "precious": "mine",
    }
