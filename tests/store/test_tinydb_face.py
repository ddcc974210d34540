"""The TinyDB face does what TinyDB's documentation says, and what it writes is journalled like anything else."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb.middlewares import CachingMiddleware, Middleware
from tinydb.operations import add, decrement, delete, increment, subtract
from tinydb.operations import set as set_to
from tinydb.table import Document, Table

from tuicrm.errors import AccessDenied, Conflict, CrmError, NotFound
from tuicrm.login import system_login
from tuicrm.store import create_store, open_store, open_tinydb
from tuicrm.store.protocol import Doc, Key, Op
from tuicrm.store.tinydb_face import JournalStorage


@pytest.fixture
def db(folder: Path) -> Iterator[TinyDB]:
    with open_tinydb(str(folder), "anna") as opened:
        yield opened


@pytest.fixture
def three(db: TinyDB) -> TinyDB:
    db.insert_multiple({"int": 1, "char": char} for char in "abc")
    return db


def caching() -> Any:
    """TinyDB's caching middleware, which has no hints, over the journal."""
    middleware: Any = CachingMiddleware
    return middleware(JournalStorage)


def log(folder: Path) -> list[tuple[str, str, int]]:
    """Who, note and how many records, newest first."""
    store = open_store(folder)
    try:
        return [(t.by, t.note, len(t.steps)) for t in store.past.log()]
    finally:
        store.close()


# -- inserting ---------------------------------------------------------------------------------------------------------
def test_insert(db: TinyDB) -> None:
    assert [db.insert({"n": n}) for n in range(3)] == [1, 2, 3]
    assert db.insert(Document({"n": 9}, doc_id=12)) == 12
    assert db.insert({"n": 10}) == 13
    assert [doc.doc_id for doc in db.all()] == [1, 2, 3, 12, 13]


def test_insert_multiple(db: TinyDB, folder: Path) -> None:
    assert db.insert_multiple([{"n": 1}, Document({"n": 2}, doc_id=2), {"n": 3}]) == [1, 2, 3]
    assert [doc["n"] for doc in db] == [1, 2, 3]
    assert db.insert_multiple([]) == []
    assert log(folder) == [("anna", "tinydb: _default: n", 3)]


def test_an_id_is_not_taken_twice(three: TinyDB) -> None:
    for insert in (three.insert, lambda doc: three.insert_multiple([doc])):
        with pytest.raises(ValueError, match="already exists"):
            insert(Document({}, doc_id=2))
    assert len(three) == 3


@pytest.mark.parametrize("document", [[1], "text", {1, 2}])
def test_what_is_no_mapping_is_refused(db: TinyDB, document: Any) -> None:
    with pytest.raises(ValueError, match="Mapping"):
        db.insert(document)
    with pytest.raises(ValueError, match="Mapping"):
        db.insert_multiple([{"fine": 1}, document])
    assert len(db) == 0


def test_what_is_no_json_is_refused(db: TinyDB) -> None:
    with pytest.raises((CrmError, TypeError)):
        db.insert({"bad": object()})
    assert len(db) == 0
    assert db.insert({"good": 1}) > 0


# -- searching ---------------------------------------------------------------------------------------------------------
def test_search_get_count_contains(three: TinyDB) -> None:
    assert [doc.doc_id for doc in three.search(where("char") != "b")] == [1, 3]
    assert three.search(where("char") == "x") == []
    assert three.count(where("int") == 1) == 3
    found = three.get(Query().char == "b")
    assert isinstance(found, Document)
    assert (found.doc_id, found) == (2, {"int": 1, "char": "b"})
    assert three.get(where("char") == "x") is None
    assert three.get(doc_id=3) == {"int": 1, "char": "c"}
    assert three.get(doc_id=99) is None
    assert [doc.doc_id for doc in three.get(None, doc_ids=[3, 1, 99])] == [1, 3]
    assert three.contains(where("char") == "a")
    assert not three.contains(where("char") == "x")
    assert three.contains(doc_id=1)
    assert not three.contains(doc_id=99)
    assert len(three) == 3


@pytest.mark.parametrize("ask", ["get", "contains"])
def test_a_question_needs_something_to_look_for(three: TinyDB, ask: str) -> None:
    with pytest.raises(RuntimeError):
        getattr(three, ask)()


def test_what_is_handed_out_is_the_callers_own(three: TinyDB) -> None:
    three.update({"deep": {"list": [1]}}, doc_ids=[1])
    found = three.get(doc_id=1)
    assert isinstance(found, Document)
    found["deep"]["list"].append(2)
    assert three.get(doc_id=1) == {"int": 1, "char": "a", "deep": {"list": [1]}}


# -- updating ----------------------------------------------------------------------------------------------------------
def test_update(three: TinyDB, folder: Path) -> None:
    assert three.update({"int": 2}) == [1, 2, 3]
    assert three.update({"int": 3}, where("char") == "a") == [1]
    assert three.update({"int": 4}, doc_ids=[2, 99]) == [2]
    assert [doc["int"] for doc in three] == [3, 4, 2]
    assert [records for _, _, records in log(folder)] == [1, 1, 3, 3]


def test_update_with_operations(three: TinyDB) -> None:
    is_a = where("char") == "a"
    three.update(increment("int"), is_a)
    three.update(add("int", 5), is_a)
    three.update(subtract("int", 2), is_a)
    three.update(decrement("int"), is_a)
    three.update(set_to("new", "x"), is_a)
    assert three.get(doc_id=1) == {"int": 4, "char": "a", "new": "x"}
    three.update(delete("new"), is_a)
    assert three.get(doc_id=1) == {"int": 4, "char": "a"}

    def swap(document: Any) -> None:
        document["char"] = document["char"].upper()

    three.update(swap, where("int") == 1)
    assert [doc["char"] for doc in three] == ["a", "B", "C"]


def test_update_multiple(three: TinyDB) -> None:
    updated = three.update_multiple([({"int": 2}, where("char") == "a"), (delete("int"), where("char") == "b")])
    assert updated == [1, 2]
    assert three.all() == [{"int": 2, "char": "a"}, {"char": "b"}, {"int": 1, "char": "c"}]


def test_upsert(three: TinyDB, folder: Path) -> None:
    assert three.upsert({"int": 5}, where("char") == "a") == [1]
    assert three.upsert({"char": "z"}, where("char") == "z") == [4]
    assert three.upsert(Document({"char": "q"}, doc_id=2)) == [2]
    assert three.upsert(Document({"char": "r"}, doc_id=20)) == [20]
    with pytest.raises(ValueError, match="doc_id"):
        three.upsert({"char": "s"})
    assert three.get(doc_id=2) == {"int": 1, "char": "q"}
    assert [records for _, _, records in log(folder)] == [1, 1, 1, 1, 3]


def test_an_update_that_fails_changes_nothing(three: TinyDB) -> None:
    with pytest.raises(KeyError):
        three.update(increment("missing"))
    assert [doc["int"] for doc in three] == [1, 1, 1]


# -- removing ----------------------------------------------------------------------------------------------------------
def test_remove(three: TinyDB) -> None:
    assert three.remove(where("char") == "b") == [2]
    assert three.remove(doc_ids=[1, 99]) == [1]
    assert [doc.doc_id for doc in three] == [3]
    with pytest.raises(RuntimeError):
        three.remove()


def test_an_id_is_not_used_again_after_a_removal(three: TinyDB) -> None:
    three.remove(doc_ids=[3])
    assert three.insert({}) == 4


def test_truncate_starts_ids_anew(three: TinyDB) -> None:
    three.truncate()
    assert len(three) == 0
    assert three.tables() == {"_default"}
    assert [three.insert({}), three.insert({})] == [1, 2]
    three.truncate()
    assert three.insert_multiple([{}, Document({}, doc_id=2), {}]) == [1, 2, 3]


def test_truncate_spares_ids_that_a_session_holds(three: TinyDB, folder: Path) -> None:
    session = open_store(folder)
    held = session.new_ids("_default")[0]
    three.truncate()
    assert three.insert({}) > held
    session.close()


def test_tables(db: TinyDB) -> None:
    people = db.table("people")
    people.insert({"name": "Anna"})
    db.insert({"n": 1})
    assert db.tables() == {"people", "_default"}
    assert people.name == "people"
    assert db.table("people") is people
    db.drop_table("people")
    db.drop_table("never was")
    assert db.tables() == {"_default"}
    assert db.table("people").insert({}) == 1
    db.drop_tables()
    assert db.tables() == set()
    assert db.all() == []
    assert db.insert({}) == 1


def test_a_table_may_be_there_without_records(db: TinyDB) -> None:
    db.table("later", persist_empty=True)
    assert db.tables() == {"later"}


# -- beside others -----------------------------------------------------------------------------------------------------
def test_what_others_write_is_seen_and_searched_anew(three: TinyDB, folder: Path) -> None:
    query = where("char") == "a"
    assert three.count(query) == 1
    store = open_store(folder)
    store.commit([Op("_default", 50, {"char": "a"})], by="marco")
    assert three.count(query) == 2
    assert three.contains(doc_id=50)
    three.clear_cache()
    assert three.count(query) == 2
    store.close()


# -- who may -----------------------------------------------------------------------------------------------------------
ME = system_login()


def people(folder: Path, *more: Doc, roles: tuple[str, ...] = ("boss",), **me: Any) -> None:
    """People: Anna (login "anna", a clerk), the system's user with these roles, and more."""
    store = open_store(folder)
    docs: list[tuple[str, Doc]] = [
        ("role", {"key": "boss", "label": "Boss", "admin": True}),
        ("role", {"key": "clerk", "label": "Clerk", "rules": {"*": {"read": "all", "edit": "all"}}}),
        ("person", {"key": "ab", "name": "Anna", "logins": ["anna"], "roles": ["clerk"]}),
        ("person", {"key": "me", "name": "Ich Selbst", "logins": [ME], "roles": list(roles), **me}),
        *(("person", doc) for doc in more),
    ]
    store.commit([Op(table, number, doc) for number, (table, doc) in enumerate(docs, start=1)])
    store.close()


def test_an_administrator_writes_under_their_own_key(folder: Path) -> None:
    people(folder)
    for user in (None, ME, "me", ""):
        with open_tinydb(folder, user) as db:
            db.table("deal").insert({"title": "x"})
    assert {by for by, _note, _n in log(folder)[:-1]} == {"me"}


def test_what_is_written_is_journalled_under_the_persons_name(folder: Path) -> None:
    people(folder)
    with open_tinydb(folder, "anna") as db:
        number = db.table("deal").insert({"title": "x"})
        db.table("deal").update({"title": "y"}, doc_ids=[number])
    store = open_store(folder)
    versions = store.past.history(Key("deal", number))
    assert [(version.by, version.doc) for version in versions] == [("ab", {"title": "y"}), ("ab", {"title": "x"})]
    store.close()


@pytest.mark.parametrize("user", [None, "anna", "ab", "boss"])
def test_who_is_no_administrator_is_refused_whatever_name_they_give(folder: Path, user: str | None) -> None:
    people(folder, roles=("clerk",))
    with pytest.raises(AccessDenied, match="Only administrators"):
        open_tinydb(folder, user)
    with pytest.raises(AccessDenied, match="Only administrators"):
        TinyDB(folder, user=user, storage=caching())


def test_the_environment_makes_nobody_an_administrator(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people(folder, {"key": "root_of_all", "name": "Root", "logins": ["chief"], "roles": ["boss"]}, roles=("clerk",))
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "chief")
    with pytest.raises(AccessDenied):
        open_tinydb(folder)


def test_strangers_and_the_retired_hear_what_the_door_says(folder: Path, tmp_path: Path) -> None:
    people(folder, logins=["somebody else"])
    with pytest.raises(AccessDenied, match=f"tuicrm user add NAME --login {re.escape(ME)}"):
        open_tinydb(folder)
    retired = tmp_path / "retired"
    create_store(retired).close()
    people(retired, retired=True)
    with pytest.raises(AccessDenied, match="Ich Selbst no longer has access to this workspace"):
        open_tinydb(retired)


def test_nobody_writes_as_who_is_nobody_or_retired(folder: Path) -> None:
    people(folder, {"key": "gone", "name": "Gone Girl", "logins": ["gone"], "retired": True})
    with pytest.raises(NotFound, match="mallory"):
        open_tinydb(folder, "mallory")
    with pytest.raises(AccessDenied, match="Gone Girl"):
        open_tinydb(folder, "gone")


@pytest.mark.parametrize("doc", [{}, {"key": 5}, {"logins": None, "key": "x", "name": "X"}])
def test_people_that_are_none_let_nobody_in(folder: Path, doc: Doc) -> None:
    store = open_store(folder)
    store.commit([Op("person", 1, doc)])
    store.close()
    with pytest.raises(AccessDenied):
        open_tinydb(folder)


def test_what_is_refused_holds_nothing_open(folder: Path) -> None:
    people(folder, roles=())
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _round in range(5):
        with pytest.raises(AccessDenied):
            open_tinydb(folder)
    # Fewer, where what other tests left is collected meanwhile.
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


# -- what the journal says ---------------------------------------------------------------------------------------------
def test_the_journal_says_which_fields_were_changed(folder: Path) -> None:
    with open_tinydb(folder, "anna") as db:
        deal = db.table("deal")
        deal.insert_multiple([{"title": "a", "amount": 1}, {"title": "b"}])
        deal.update({"amount": 2, "title": "a"}, where("title") == "a")
        deal.update(delete("amount"), where("title") == "a")
        deal.upsert(Document({"stage": "won"}, doc_id=2))
        deal.remove(doc_ids=[1])
        db.drop_table("deal")
    assert [note for _by, note, _n in reversed(log(folder))] == [
        "tinydb: deal: amount, title",
        "tinydb: deal: amount",
        "tinydb: deal: amount",
        "tinydb: deal: stage",
        "tinydb: deal: 1 deleted",
        "tinydb: deal: 1 deleted",
    ]


def test_a_note_stays_short_and_is_told_apart_by_kind(folder: Path) -> None:
    with open_tinydb(folder, "anna") as db:
        db.insert({f"{n:03}{'x' * 5_000}": n for n in range(50)} | {"\x1b[2J": 1})
        db.table("t").insert({"yes": 1})
        db.table("t").update({"yes": True})
    newest, _inserted, first = [note for _by, note, _n in log(folder)]
    assert newest == "tinydb: t: yes"
    assert len(first) < 700
    assert first.endswith("and 39 more")


WRITER = """
import sys
from pathlib import Path
from tinydb import where
from tinydb.operations import increment
from tuicrm.store import open_tinydb
with open_tinydb(Path(sys.argv[1]), sys.argv[2]) as db:
    for n in range(40):
        db.insert({"who": sys.argv[2], "n": n})
        db.table("counter").update(increment("n"), where("name") == "hits")
"""


def test_two_processes_writing_at_once_lose_nothing(folder: Path) -> None:
    with open_tinydb(folder, "anna") as db:
        db.table("counter").insert({"name": "hits", "n": 0})
        writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder), who]) for who in ("one", "two")]
        assert [writer.wait(60) for writer in writers] == [0, 0]
        assert db.table("counter").all() == [{"name": "hits", "n": 80}]
        assert len(db) == 80
        for who in ("one", "two"):
            assert [doc["n"] for doc in db.search(where("who") == who)] == list(range(40))


# -- middlewares and other table classes -------------------------------------------------------------------------------
def test_caching_middleware(folder: Path) -> None:
    with TinyDB(folder, user="anna", storage=caching()) as db:
        db.insert_multiple([{"n": 1}, {"n": 2}])
        db.table("other").insert({"m": 1})
        db.update({"n": 5}, doc_ids=[1])
        assert db.all() == [{"n": 5}, {"n": 2}]
    with open_tinydb(folder) as db:
        assert db.all() == [{"n": 5}, {"n": 2}]
        assert db.tables() == {"_default", "other"}
    assert log(folder) == [("anna", "tinydb: _default: n; other: m", 3)]


def test_a_middleware_is_asked(folder: Path) -> None:
    calls: list[str] = []

    class Loud(Middleware):
        def read(self) -> Any:
            calls.append("read")
            return self.storage.read()

        def write(self, data: Any) -> None:
            calls.append("write")
            self.storage.write(data)

    from tuicrm.store.tinydb_face import JournalDB

    with JournalDB(folder, storage=Loud(JournalStorage)) as db:
        db.insert({"n": 1})
        assert db.search(where("n") == 1) == [{"n": 1}]
    assert {"read", "write"} == set(calls)


def test_a_late_flush_overwrites_nobody(folder: Path) -> None:
    store = open_store(folder)
    store.commit([Op("_default", n, {"n": n}) for n in (1, 2, 3)])
    cache = caching()
    db = TinyDB(folder, user="anna", storage=cache)
    db.update({"n": 10}, doc_ids=[1])
    store.commit([Op("_default", 2, {"n": 20}), Op("_default", 4, {"n": 4}), Op("new", 1, {})], by="marco")
    cache.flush()
    store.refresh()
    assert [record.doc["n"] for record in store.get("_default", range(5))] == [10, 20, 3, 4]
    assert store.ids("new") == [1]
    db.update({"n": 11}, doc_ids=[2])
    with pytest.raises(Conflict):
        cache.flush()
    store.refresh()
    assert [record.doc["n"] for record in store.get("_default", range(5))] == [10, 20, 3, 4]
    store.close()


def test_tinydbs_own_table_class(folder: Path) -> None:
    with TinyDB(folder, user="anna", storage=JournalStorage) as db:
        assert type(db.table("x")) is Table
        assert db.table("x").insert({"n": 1}) == 1
        db.table("x").insert({"n": 2})
        db.table("x").remove(where("n") == 1)
        assert db.table("x").all() == [{"n": 2}]
        db.drop_tables()
        assert db.tables() == set()


def test_tinydb_is_imported_only_when_asked_for() -> None:
    code = "import sys, tuicrm.store; sys.exit('tinydb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
