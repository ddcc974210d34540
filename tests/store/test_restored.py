"""A workspace put back from a copy: what was derived from another past is not taken for this one's, and a session that is open on what
was there before writes nothing more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.store.folders import apart, filled, journal_of, numbers
from tuicrm.domain.conditions import Aggregate, Sort, Test
from tuicrm.errors import Replaced
from tuicrm.store import JournalStore, create_store, open_store
from tuicrm.store.protocol import Op, Store

SUM = [Aggregate("count"), Aggregate("sum", "amount", "money")]


def deal(n: int, amount: int, stage: str) -> Op:
    return Op(
        "deal", n, {"title": f"Deal {n}", "stage": stage, "amount": {"amount": f"{amount}.00", "currency": "EUR"}}
    )


def answers(store: Store) -> list[Any]:
    return [
        store.fold("deal", None, "stage", SUM),
        store.ids("deal", None, [Sort("amount", "money", True, {"EUR": "1"})]),
        store.ids("deal", Test("stage", "stage", "=", "won")),
        apart(store, "deal", "stage", None, [Sort("title", "string")]),
    ]


def truth(folder: Path) -> list[Any]:
    """The same from the records alone."""
    with closing(JournalStore(folder, kept=False)) as store:
        return answers(store)


def put_back(copy: Path, folder: Path) -> None:
    """As a person does it: what is there goes, but for what the copy has not."""
    for path in folder.iterdir():
        if path.name != ".cache":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(copy, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".cache"))


def grown(folder: Path, stage: str) -> list[Any]:
    """Change, fold, and ask, so that answers are kept; each past as long as the other, byte for byte."""
    with closing(open_store(folder)) as store:
        store.commit([deal(n, n * (7 if stage == "won" else 9), stage) for n in range(10, 60)], by="anna")
        assert store.files.compact()
        return answers(store)


def test_sums_order_and_filters_are_those_of_the_past_that_was_put_back(tmp_path: Path) -> None:
    folder, copy = tmp_path / "w", tmp_path / "copy"
    with closing(create_store(folder)) as store:
        store.commit([deal(n, n * 11, "new") for n in range(10, 60)])
        assert store.files.compact()
        answers(store)
    shutil.copytree(folder, copy)
    lost = grown(folder, "won")
    assert grown(folder, "won") == lost == truth(folder)
    put_back(copy, folder)
    with closing(open_store(folder)) as store:
        assert answers(store) == truth(folder) != lost
    assert grown(folder, "bad") == truth(folder) != lost


def test_what_was_kept_of_a_workspace_of_the_former_format_is_told_apart_too(tmp_path: Path) -> None:
    """Its snapshots have no identity in their names: they are told apart by what the file system says of them."""
    from tuicrm.store import manifest
    from tuicrm.store.folder import Folder

    folder = filled(tmp_path / "w")
    (snapshot,) = (path for path in folder.glob("deal.*.jsonl"))
    former = snapshot.with_name("deal.00000002.jsonl")
    snapshot.rename(former)
    with closing(Folder.at(folder)) as place:
        first = manifest.kept_name(former.name, former.stat())
        assert manifest.has_identity(first)
        shutil.copy2(former, tmp_path / "again")
        (tmp_path / "again").replace(former)
        assert manifest.kept_name(former.name, former.stat()) != first
        assert place.stat(former.name) is not None


# -- under a running session -------------------------------------------------------------------------------------------
def moved_away(folder: Path, copy: Path) -> None:
    folder.rename(folder.with_name("old"))
    shutil.copytree(copy, folder)


def renamed_into_place(folder: Path, copy: Path) -> None:
    """As rsync does it: every file is replaced by another one."""
    for path in sorted(copy.rglob("*")):
        if path.is_file() and ".cache" not in path.parts:
            fresh = folder / path.relative_to(copy).parent / f"~{path.name}"
            shutil.copy2(path, fresh)
            fresh.replace(folder / path.relative_to(copy))


def written_over(folder: Path, copy: Path) -> None:
    """As cp does it: every file stays and gets other bytes."""
    for path in copy.rglob("*"):
        if path.is_file():
            (folder / path.relative_to(copy)).write_bytes(path.read_bytes())


def journal_put_back(folder: Path, copy: Path) -> None:
    journal = journal_of(folder)
    journal.write_bytes((copy / journal.name).read_bytes())


def lock_removed(folder: Path, _copy: Path) -> None:
    (folder / "lock").unlink()


def removed(folder: Path, _copy: Path) -> None:
    shutil.rmtree(folder)


WAYS: list[Callable[[Path, Path], None]] = [
    moved_away,
    renamed_into_place,
    written_over,
    journal_put_back,
    lock_removed,
    removed,
]


@pytest.mark.parametrize(
    ("way", "folded"),
    [(way, folded) for way in WAYS for folded in (False, True) if not (folded and way is journal_put_back)],
)
def test_a_session_on_a_folder_that_was_replaced_writes_nothing_more(
    tmp_path: Path, way: Callable[[Path, Path], None], folded: bool
) -> None:
    folder, copy = filled(tmp_path / "w"), tmp_path / "copy"
    shutil.copytree(folder, copy)
    store = open_store(folder)
    store.commit([Op("deal", 1, {"n": 11})])
    if folded:
        assert store.files.compact()
    way(folder, copy)
    left = {path: path.read_bytes() for path in tmp_path.rglob("journal.*") if path.is_file()}
    for _attempt in range(2):
        with pytest.raises(Replaced, match="open the workspace"):
            store.commit([Op("deal", 2, {"n": 22})])
        with pytest.raises(Replaced):
            store.new_ids("deal")
    assert {path: path.read_bytes() for path in tmp_path.rglob("journal.*") if path.is_file()} == left
    store.close()
    if way is not removed:
        with closing(open_store(folder)) as again:
            assert numbers(again)[2] == 20
            again.commit([Op("deal", 2, {"n": 22})])
            assert again.files.verify() == []


def test_who_only_reads_is_told_too(tmp_path: Path) -> None:
    folder, copy = filled(tmp_path / "w"), tmp_path / "copy"
    shutil.copytree(folder, copy)
    with closing(open_store(folder)) as store:
        store.commit([Op("deal", 1, {"n": 11})])
        renamed_into_place(folder, copy)
        with pytest.raises(Replaced):
            store.refresh()


def test_two_never_hold_the_lock_at_once_unnoticed(tmp_path: Path) -> None:
    """The lock is removed while somebody holds it: what the other writes then is not written over, nor acknowledged twice."""
    folder = filled(tmp_path / "w")
    one = open_store(folder)
    with one.opened.exclusive():
        (folder / "lock").unlink()
        with closing(open_store(folder)) as two:
            two.commit([Op("deal", 1, {"n": 111})], by="two")
        with pytest.raises(Replaced):
            one.commit([Op("deal", 1, {"n": 222})], by="one")
    one.close()
    with closing(open_store(folder)) as after:
        assert numbers(after)[1] == 111
        after.commit([Op("deal", 3, {"n": 33})])
        assert numbers(after)[3] == 33
        assert after.files.verify() == []


def test_a_compaction_of_others_is_no_replacement(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    with closing(open_store(folder)) as one, closing(open_store(folder)) as two:
        for n in range(5):
            two.commit([Op("deal", 1, {"n": n})])
            assert two.files.compact()
            one.commit([Op("deal", 2, {"n": n})])
        assert numbers(one)[1] == numbers(two)[1] == 4


def test_a_folder_reached_by_a_link_that_a_person_made_is_the_same_folder(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    (tmp_path / "link").symlink_to(folder)
    with closing(open_store(tmp_path / "link")) as store:
        store.commit([Op("deal", 1, {"n": 11})])
        assert store.files.compact()
        store.commit([Op("deal", 1, {"n": 12})])
    with closing(open_store(folder)) as store:
        assert numbers(store)[1] == 12
