"""Every big change on a disk that fills at each tenth of what it needs: it never happened, it is told in one sentence, and the same
once more, when there is room, gives what it would have given.

`pytest -s tests/services/test_full_disks.py` prints the table: what each needs, and the bytes that stay taken in the journal at each
tenth.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from tests.conftest import Clock
from tests.disk import SmallDisk, small_disk
from tests.doors import add_field
from tuicrm.domain.importing import Report
from tuicrm.domain.items import Ref
from tuicrm.errors import StorageError, StorageFull
from tuicrm.services.conversion import several
from tuicrm.services.conversion.proposing import find_scenario
from tuicrm.services.definitions import field_conversion, pipelines
from tuicrm.services.duplicates import merging
from tuicrm.services.history import undo
from tuicrm.services.importing import writing
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import bulk_edit, item_moves, items
from tuicrm.services.kernel.saving import save_file
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.demo import make_demo
from tuicrm.services.workspace.generated import make_items
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session
from tuicrm.store import open_store

_MANY = 44
_REF = re.compile(r'"([a-z_]+):(\d+)"')
_SENTENCE = re.compile(
    r"[^\n]+: (No space left on device|File too large|database or disk is full|disk I/O error); nothing was written"
    r"(; [\d.]+ KB of unfinished changes stay in use until the journal is compacted)?"
)


class Big(NamedTuple):
    """A big change: what is done to the workspace before, and the change itself, in a session with the folder of the disk."""

    do: Callable[[Session, Path], object]
    before: Callable[[Session, Path], object] = lambda _session, _folder: None


# -- the workspace -----------------------------------------------------------------------------------------------------
def opened(folder: Path) -> Session:
    return open_session(folder, login="anna", clock=Clock(), zone=UTC, language="en", locale="en_GB")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some dozen companies, contacts, leads and deals in two pipelines, with comments on them."""
    folder = tmp_path_factory.mktemp("template") / "w"
    create_workspace(folder, person=Maker("anna", "Anna Bianchi"), settings=Settings("Test company"), clock=Clock())
    with closing(opened(folder)) as session:
        pipelines.add_pipeline(session, "deal", "Second")
        add_field(session, "deal", "Old", "string", key="old")
        second = session.workspace.pipelines("deal")[-1]
        with session.change("companies") as change:
            for n in range(2):
                change.add("company", {"title": f"Rossi {n}"})
        with session.change("several") as change:
            for n in range(_MANY):
                company = change.add("company", {"title": f"Company {n}"})
                values = {"title": f"Deal {n}", "company": str(company), "old": str(n)}
                if n % 2:
                    values |= {"pipeline": second.key, "stage": second.stages[n % 3].key}
                deal = change.add("deal", values)
                change.entry(deal, "comment", text=f"Called about {n}. " * 9)
                for owner in ("company:1", "company:2"):
                    change.entry(Ref.parse(owner), "comment", text=f"Note {n}. " * 9)
                change.add("contact", {"last_name": f"Rossi {n}", "company": "company:2", "position": "x" * 200})
                change.add("lead", {"title": f"Lead {n}", "last_name": f"Bruni {n}", "company_title": f"Bruni {n} Srl"})
        session.store.files.compact()
    return folder


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("disk") / "small") as found:
        yield found


@pytest.fixture(autouse=True)
def _short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few records make many lines of a batch."""
    for module, name, value in (
        (bulk_edit, "_LINE", 7),
        (items, "_LINE", 7),
        (item_moves, "_AT_ONCE", 5),
        (item_moves, "_CHUNK", 7),
        (field_conversion, "_CHUNK", 9),
        (several, "_AT_ONCE", 5),
        (several, "_LINE", 6),
        (undo, "_CHUNK", 20),
        (writing, "_LINE", 30),
    ):
        monkeypatch.setattr(module, name, value)


# -- the changes -------------------------------------------------------------------------------------------------------
def csv_of(head: str, *rows: str) -> Callable[[object, Path], None]:
    def write(_session: object, folder: Path) -> None:
        (folder / "rows.csv").write_text("\n".join([head, *rows]) + "\n")

    return write


def import_of(type_key: str, **said: Any) -> Callable[[Session, Path], object]:
    return lambda session, folder: run_import(session, [folder / "rows.csv"], ImportOptions(type=type_key, **said))


PEOPLE = csv_of(
    "First Name,Last Name,Email,Position", *(f"Maria,Verdi {n},maria{n}@verdi.example,{'x' * 300}" for n in range(64))
)
INVOICES = csv_of("Title,Comment", *(f"Invoice for {n},{'x' * 300}" for n in range(64)))
WRONG = csv_of(
    "Last Name,Birth date,Position",
    *(f"Neri {n},{'1990-01-01' if n % 9 == 0 else 'long ago'},{'x' * 900}" for n in range(64)),
)


def edited(session: Session, _folder: Path) -> object:
    steps = bulk_edit.read_steps(session, "deal", {"old": "y" * 300, "responsible": "anna"})
    return bulk_edit.apply(session, "deal", bulk_edit.look(session, "deal", session.ids("deal"), steps).changing, steps)


def undone(session: Session, _folder: Path) -> object:
    return undo.undo(session)


def converted(session: Session, _folder: Path) -> object:
    refs = [Ref("lead", lead) for lead in session.ids("lead")[:25]]
    return several.carry_out_all(session, several.plan_all(session, refs, find_scenario(session, "lead", "deal")))


def merged(session: Session, _folder: Path) -> object:
    plan = merging.plan(session, [Ref("company", 1), Ref("company", 2)])
    return merging.merge(session, plan, {row.field.key: plan.main.ref for row in merging.undecided(plan, {})})


def second(session: Session) -> str:
    return session.workspace.pipelines("deal")[-1].key


def stage_gone(session: Session, _folder: Path) -> object:
    _first, gone, other = [stage.key for stage in session.workspace.pipelines("deal")[-1].stages][:3]
    return pipelines.delete_stage(session, "deal", second(session), gone, other)


def pipeline_moved(session: Session, _folder: Path) -> object:
    return pipelines.move_items(session, "deal", second(session), session.workspace.pipelines("deal")[0].key)


def pipeline_gone(session: Session, _folder: Path) -> object:
    return pipelines.delete_pipeline(session, "deal", second(session), session.workspace.pipelines("deal")[0].key)


def field_converted(session: Session, _folder: Path) -> object:
    made = field_conversion.other_field(session, "deal", "old", "New", "number")
    return field_conversion.convert(session, "deal", "old", made)


def deleted(session: Session, _folder: Path) -> None:
    items.delete(session, [Ref("contact", one) for one in session.ids("contact")])


def deleted_and_undone(session: Session, folder: Path) -> object:
    deleted(session, folder)
    return undo.undo(session)


NOTHING = Big(lambda _session, _folder: None)
AS_CONTACTS = ImportOptions(type="contact")

CHANGES = {
    "import of contacts": Big(import_of("contact"), PEOPLE),
    "import of invoices, numbered": Big(import_of("invoice"), INVOICES),
    "import with many rejected": Big(import_of("contact", enforce=True), WRONG),
    "import, duplicates looked for": Big(import_of("contact", duplicates="skip"), PEOPLE),
    "undo of an import": Big(
        undone, lambda session, folder: (PEOPLE(session, folder), import_of("contact")(session, folder))
    ),
    "bulk edit": Big(edited),
    "undo of a bulk edit": Big(undone, edited),
    "conversion of many": Big(converted),
    "merge": Big(merged),
    "delete a stage, moving": Big(stage_gone),
    "move a pipeline's items": Big(pipeline_moved),
    "delete a pipeline, moving": Big(pipeline_gone),
    "field conversion": Big(field_converted),
    "delete many": Big(deleted),
    "undo of deleting many": Big(undone, deleted),
}


# -- the table ---------------------------------------------------------------------------------------------------------
def prepared(disk: SmallDisk, template: Path, big: Big) -> Path:
    """A fresh copy on the disk, with what has to be there before."""
    emptied(disk)
    folder = disk.place / "w"
    shutil.copytree(template, folder)
    with closing(opened(folder)) as session:
        big.before(session, disk.place)
    return folder


def emptied(disk: SmallDisk) -> None:
    for path in disk.place.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def contents(folder: Path, known: dict[str, set[int]] | None = None) -> dict[str, list[str]]:
    """All records by table, as somebody who opens the folder finds them. With the ids that were `known` before, new ones are named by
    their order."""
    with closing(open_store(folder)) as store:
        assert store.files.verify() == []
        found: dict[str, list[str]] = {}
        for table in sorted(store.opened.image.tables):
            ids = store.ids(table)
            new = sorted(set(ids) - known.get(table, set())) if known is not None else []
            for record in store.get(table, ids):
                name = f"new {new.index(record.id)}" if record.id in new else str(record.id)
                if table != "counter" or any(counted.get("last") for counted in record.doc.values()):
                    found.setdefault(table, []).append(f"{name} {told(record.doc, known)}")
        return found


def told(doc: Any, known: dict[str, set[int]] | None) -> str:
    """A document; what it names that is new, by its type only."""

    def named(match: re.Match[str]) -> str:
        is_new = known is not None and int(match[2]) not in known.get(match[1], ())
        return f'"{match[1]}:new"' if is_new else match[0]

    return _REF.sub(named, msgspec.json.encode(doc, order="sorted").decode())


def ids_of(folder: Path) -> dict[str, set[int]]:
    with closing(open_store(folder)) as store:
        return {table: set(store.ids(table)) for table in store.opened.image.tables}


@pytest.mark.parametrize("name", CHANGES)
def test_all_or_nothing_at_every_tenth(
    name: str, disk: SmallDisk, template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    big = CHANGES[name]
    folder = prepared(disk, template, big)
    shutil.copytree(disk.place, tmp_path / "ready")
    known, before = ids_of(folder), contents(folder)
    with closing(opened(folder)) as session:
        used = disk.used()
        big.do(session, disk.place)
        needs = disk.used() - used
    after = contents(folder, known)
    left_there = {path.name for path in disk.place.iterdir()}
    outcomes = []
    for tenth in range(10):
        emptied(disk)
        shutil.copytree(tmp_path / "ready", disk.place, dirs_exist_ok=True)
        there = {path.name for path in disk.place.iterdir()}
        with closing(opened(folder)) as session:
            size = session.store.opened.growing.size  # type: ignore[attr-defined]
            with disk.filled_but(needs * tenth // 10), pytest.raises(StorageFull) as full:
                big.do(session, disk.place)
            assert _SENTENCE.fullmatch(full.value.message)
            assert contents(folder) == before
            assert {path.name for path in disk.place.iterdir()} == there
            taken = session.store.opened.growing.size - size  # type: ignore[attr-defined]
            # Numbers are reserved in transactions of their own: what stands before one of them stays, and that is said.
            assert (taken > 0) == ("stay taken" in full.value.message) or "numbered" in name
            assert not taken or "numbered" in name
            big.do(session, disk.place)
        assert contents(folder, known) == after
        assert {path.name for path in disk.place.iterdir()} == left_there
        outcomes.append(f"{taken:>4}")
    with capsys.disabled():
        sys.stdout.write(f"\n{name:32}{needs / 1024:6.1f} KB  {' '.join(outcomes)}  ")


def test_no_number_is_lost_wherever_the_disk_fills(disk: SmallDisk, template: Path) -> None:
    """What was reserved is given back also where there is no room for that any more: some was held back."""
    folder = prepared(disk, template, CHANGES["import of invoices, numbered"])
    with closing(opened(folder)) as session:
        for room in range(0, 56_000, 4096):
            with disk.filled_but(room), pytest.raises(StorageFull):
                import_of("invoice")(session, disk.place)
            with session.change("look") as change:
                ref = change.add("invoice", {"title": "the next"})
                assert change.outcome(ref).get("number") == "2026-0001", room
                change._intents.clear()


def test_an_import_on_a_disk_that_stays_full_ends_before_its_first_row(
    disk: SmallDisk, template: Path, tmp_path: Path
) -> None:
    """The rows lie elsewhere, where there is room for those that are rejected: nothing else would end it."""
    rows = [f"Maria,Verdi {n},maria{n}@verdi.example,{'x' * 300}" for n in range(2_000)]
    csv_of("First Name,Last Name,Email,Position", *rows)(None, tmp_path)
    folder, told = prepared(disk, template, NOTHING), list[int]()
    with closing(opened(folder)) as session:

        def told_of(name: str, rows: int) -> None:
            if name == "rows.csv":
                told.append(rows)

        def run() -> Report:
            return run_import(session, [tmp_path / "rows.csv"], AS_CONTACTS, told_of)

        with disk.filled_but(60_000), pytest.raises(StorageFull):
            run()
        assert told == []
        assert len(session.ids("contact")) == _MANY
        report = run()
        assert (report.files[0].tables[0].made, report.files[0].tables[0].rejected) == (2_000, 0)
        assert len(session.ids("contact")) == _MANY + 2_000
    assert not list(tmp_path.glob("*rejects*"))


# -- new workspaces, files that leave ----------------------------------------------------------------------------------
MADE: dict[str, Callable[[Path], None]] = {
    "init": lambda path: create_workspace(path, person=Maker("anna", "Anna"), settings=Settings("Test"), clock=Clock()),
    "init --demo": lambda path: make_demo(path, login="anna", clock=Clock()),
    "init --items": lambda path: make_items(
        path, 60, person=Maker("anna", "Anna"), settings=Settings("Test"), clock=Clock()
    ),
}


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("name", MADE)
def test_a_new_workspace_is_there_whole_or_not_at_all(name: str, there: bool, disk: SmallDisk, template: Path) -> None:
    prepared(disk, template, NOTHING)
    shutil.rmtree(disk.place / "w")
    folder = disk.place / "new"
    used = disk.used()
    MADE[name](folder)
    needs, after = disk.used() - used, {table: len(docs) for table, docs in contents(folder).items()}
    shutil.rmtree(folder)
    for tenth in range(10):
        if there:
            folder.mkdir()
        with disk.filled_but(needs * tenth // 10), pytest.raises(StorageFull) as full:
            MADE[name](folder)
        assert "\n" not in full.value.message
        assert folder.exists() == there
        assert not there or not list(folder.iterdir())
        MADE[name](folder)
        assert {table: len(docs) for table, docs in contents(folder).items()} == after
        shutil.rmtree(folder)


def test_what_stands_in_the_folder_already_stays(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "thesis.doc").write_text("years of work")
    for make in MADE.values():
        with pytest.raises(StorageError, match="not empty"):
            make(tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["thesis.doc"]


def test_an_export_leaves_the_former_file_and_nothing_else(disk: SmallDisk, template: Path) -> None:
    prepared(disk, template, NOTHING)
    path, content = disk.place / "deals.csv", b"x" * 90_000
    path.write_bytes(b"the former one")
    there = sorted(each.name for each in disk.place.iterdir())
    for tenth in range(10):
        with (
            disk.filled_but(len(content) * tenth // 10),
            pytest.raises(StorageFull, match=r"deals\.csv: No space left on device"),
        ):
            save_file(path, content, replace=True)
        assert path.read_bytes() == b"the former one"
        assert sorted(each.name for each in disk.place.iterdir()) == there
    save_file(path, content, replace=True)
    assert path.read_bytes() == content
