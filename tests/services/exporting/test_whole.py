"""A workspace taken along whole: every table and file is there again, by its id; what is no such file is refused, nothing left."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import AccessDenied, Refused
from tuicrm.services.boards import saved_filters
from tuicrm.services.definitions import field_changes, item_types
from tuicrm.services.documents.demo import make_demo_with_documents
from tuicrm.services.exporting.whole import create_from, write_whole
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.workspace import people, roles
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.people import Details
from tuicrm.services.workspace.start import open_session


def whole_of(session: Session) -> dict[str, dict[int, Any]]:
    """Every living record of every table."""
    store = session.store
    found = {name: {one.id: one.doc for one in store.get(name, store.ids(name))} for name in store.past.tables()}
    return {name: records for name, records in found.items() if records}


def written(session: Session) -> bytes:
    file = io.BytesIO()
    write_whole(session, file)
    return file.getvalue()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, with what it lacks: a deleted field, a type of its own, a role, an item that is gone."""
    path = tmp_path_factory.mktemp("demo") / "workspace"
    make_demo_with_documents(path, login=system_login())
    session = open_session(path)
    key = add_field(session, "deal", "Odds", "number").key
    items.edit(session, Ref("deal", 1), {key: 7})
    field_changes.delete_field(session, "deal", key)
    item_types.add(session, item_types.TypeChanges(label="Boat", plural="Boats"))
    roles.add_role(session, roles.RoleDetails("Back office"))
    saved_filters.save(session, "deal", "Large", "amount > 1000")
    layouts.begin_personal(session, LayoutPlace("deal"))
    with session.change("gone") as change:
        gone = change.add("deal", {"title": "Gone"}, enforce=False)
    with session.change("gone") as change:
        change.delete(gone)
    session.close()
    return path


def test_a_workspace_made_from_it_is_equal_table_by_table(demo: Path, tmp_path: Path) -> None:
    session = open_session(demo)
    file = written(session)
    done, person = create_from(tmp_path / "copy", io.BytesIO(file), system_login())
    copy = open_session(tmp_path / "copy")
    try:
        wanted, found = whole_of(session), whole_of(copy)
        assert set(found) == set(wanted)
        assert {
            "entry",
            "activity",
            "message",
            "document",
            "template",
            "person",
            "role",
            "filter",
            "counter",
            "layout",
        } <= set(wanted)
        for table, records in wanted.items():
            assert found[table] == records, table
        assert set(copy.store.blobs.digests()) == set(session.store.blobs.digests())
        assert done.records == sum(map(len, wanted.values()))
        assert person == session.person_key
        for table in wanted:
            assert copy.store.new_ids(table, 1)[0] >= session.store.past.tables()[table], "no ref is given twice"
        assert copy.store.files.verify() == []
        # What it says of itself is the same again, but when that was.
        ours, theirs = (
            json.loads(zipfile.ZipFile(io.BytesIO(one)).read("manifest.json"))["tables"]
            for one in (file, written(copy))
        )
        assert {name: one["sha256"] for name, one in ours.items()} == {
            name: one["sha256"] for name, one in theirs.items()
        }
    finally:
        copy.close()
        session.close()


def test_who_makes_it_elsewhere_comes_in_as_who_wrote_it(demo: Path, tmp_path: Path) -> None:
    session = open_session(demo)
    file = written(session)
    _done, person = create_from(tmp_path / "copy", io.BytesIO(file), "elsewhere")
    copy = open_session(tmp_path / "copy", login="elsewhere")
    assert (copy.person_key, person) == (session.person_key, session.person_key)
    copy.close()
    session.close()


def test_only_administrators_take_it_along(seeded: Session, open_as: OpenAs) -> None:
    people.edit_person(seeded, "luca", Details(roles=["manager"]))
    with pytest.raises(AccessDenied, match="Only administrators"):
        written(open_as("luca"))


# -- what is no such file ------------------------------------------------------------------------------------------------
Change = Callable[[dict[str, bytes]], None]


def _manifest(entries: dict[str, bytes], **said: object) -> None:
    entries["manifest.json"] = json.dumps({**json.loads(entries["manifest.json"]), **said}).encode()


def _cut(entries: dict[str, bytes]) -> None:
    entries["tables/deal.jsonl"] = entries["tables/deal.jsonl"][:-9]


def _line(text: bytes) -> Change:
    def change(entries: dict[str, bytes]) -> None:
        entries["tables/deal.jsonl"] = text

    return change


def _blob(entries: dict[str, bytes]) -> None:
    entries["blobs/" + "0" * 64] = b"x"
    _manifest(entries, blobs=1)


HOSTILE: dict[str, Change] = {
    "no manifest": lambda entries: entries.__delitem__("manifest.json"),
    "another kind": lambda entries: _manifest(entries, kind="else"),
    "a later format": lambda entries: _manifest(entries, format=99),
    "more said": lambda entries: _manifest(entries, more=1),
    "a table that is not there": lambda entries: _manifest(entries, tables={}),
    "a way out": lambda entries: entries.__setitem__("../evil", b"x"),
    "an absolute path": lambda entries: entries.__setitem__("/etc/evil", b"x"),
    "a strange name": lambda entries: entries.__setitem__("tables/X y.jsonl", b""),
    "cut off": _cut,
    "no JSON": _line(b"x\n"),
    "an id of zero": _line(b'{"id":0,"doc":{}}\n'),
    "no document": _line(b'{"id":1,"doc":3}\n'),
    "deep": _line(b'{"id":1,"doc":' + b'{"a":' * 5000 + b"1" + b"}" * 5001 + b"\n"),
    "another content": _blob,
}


def repacked(file: bytes, change: Change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("change", HOSTILE.values(), ids=list(HOSTILE))
def test_what_says_something_else_is_refused_and_leaves_nothing(
    seeded: Session, tmp_path: Path, change: Change
) -> None:
    file = repacked(written(seeded), change)
    with pytest.raises(Refused, match="not a workspace that can be read"):
        create_from(tmp_path / "copy", io.BytesIO(file), "anna")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 1000])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Refused, match="not a zip"):
        create_from(tmp_path / "copy", io.BytesIO(content), "anna")
    assert not (tmp_path / "copy").exists()


def test_stopped_on_the_way_nothing_is_left(seeded: Session, tmp_path: Path) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    file = written(seeded)
    with seeded.store.blobs.open(seeded.store.blobs.put(b"content")):
        pass
    with pytest.raises(KeyboardInterrupt):
        create_from(tmp_path / "copy", io.BytesIO(written(seeded)), "anna", stop)
    assert not (tmp_path / "copy").exists()
    assert file


def test_definitions_of_which_nothing_can_be_made_are_refused(seeded: Session, tmp_path: Path) -> None:
    def spoil(entries: dict[str, bytes]) -> None:
        import hashlib

        lines = [json.loads(line) for line in entries["tables/role.jsonl"].splitlines()]
        for one in lines:
            one["doc"]["admin"] = False
        text = "".join(f"{json.dumps(one)}\n" for one in lines).encode()
        entries["tables/role.jsonl"] = text
        tables = json.loads(entries["manifest.json"])["tables"]
        tables["role"]["sha256"] = hashlib.sha256(text).hexdigest()
        _manifest(entries, tables=tables)

    with pytest.raises(Refused, match="nobody could manage it"):
        create_from(tmp_path / "copy", io.BytesIO(repacked(written(seeded), spoil)), "anna")
    assert not (tmp_path / "copy").exists()
