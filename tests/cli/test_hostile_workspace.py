"""Every reading command on workspaces that another program wrote: hostile texts everywhere, values of wrong kinds everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.cli.conftest import Crm
from tests.cli.reading import commands
from tests.cli.test_hostile import DANGEROUS
from tests.hostile_workspace import FORBIDDEN, TEXTS, WRONG, hostile_texts, wrong_kinds
from tests.terminal import Terminal
from tuicrm.cli.grammar.verbs import built_in
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session

IDS: dict[Callable[[Session], None], tuple[int, ...]] = {hostile_texts: (1001, 1009), wrong_kinds: (2015, 3007, 4001)}
BOTH = pytest.mark.parametrize("spoil", [hostile_texts, wrong_kinds])


@pytest.fixture(scope="module")
def spoiled_once(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Callable[[Session], None]], Path]:
    """The spoiled workspaces to copy: as they were written, and folded, so that a command need not read a journal of megabytes."""

    @cache
    def made(spoil: Callable[[Session], None]) -> Path:
        path = tmp_path_factory.mktemp("spoiled") / "workspace"
        shutil.copytree(template, path)
        session = open_session(path)
        spoil(session)
        session.store.files.compact()
        session.close()
        return path

    return made


Spoil: TypeAlias = Callable[[Callable[[Session], None]], None]


@pytest.fixture
def spoiled(spoiled_once: Callable[[Callable[[Session], None]], Path], data: Path) -> Spoil:
    """Makes the workspace a spoiled one."""

    def put(spoil: Callable[[Session], None]) -> None:
        shutil.rmtree(data)
        shutil.copytree(spoiled_once(spoil), data)

    return put


def fields_of(crm: Crm) -> dict[str, object]:
    """All deals' fields, by ref."""
    return {item["ref"]: item["fields"] for item in crm("deal", "list", "--json").json["items"]}


@BOTH
def test_every_command_copes(crm: Crm, spoiled: Spoil, spoil: Callable[[Session], None]) -> None:
    spoiled(spoil)
    for arguments in commands(IDS[spoil][:2]):
        for more in ((), ("--json",)):
            ran = crm(*arguments, *more)
            said = (*arguments, *more)
            # `fsck` tells that the files these records speak of are missing.
            assert ran.code in ((7,) if arguments == ("fsck",) else (0, 2, 3, 4)), (said, ran.err)
            assert ran.code != 3 or said[1] != "show" or said[0] in ("view", "layout", "field", "room", "activity"), (
                said,
                ran.err,
            )
            assert "Traceback" not in ran.out + ran.err, said
            # An export holds what the records hold, to the byte; a pipe takes it, a terminal is told by --output.
            if "export" not in arguments[:2] or more:
                assert DANGEROUS.findall(ran.out + ran.err) == [], said
                if more:
                    json.loads(ran.out)


@BOTH
def test_items_of_wrong_kinds_are_listed_and_shown(crm: Crm, spoiled: Spoil, spoil: Callable[[Session], None]) -> None:
    spoiled(spoil)
    for key, prefix in (("deal", "D"), ("contact", "C"), ("company", "CO")):
        count = len(TEXTS) if spoil is hostile_texts else 2 * len(WRONG) + 1
        assert len(crm(key, "list", "--json").json["items"]) >= count
        for item_id in IDS[spoil]:
            assert crm(key, "show", f"{prefix}-{item_id}", "--all").code == 0
            assert crm(key, "show", f"{prefix}-{item_id}", "--json").code == 0


@BOTH
def test_edited_moved_deleted_and_undone(crm: Crm, spoiled: Spoil, spoil: Callable[[Session], None]) -> None:
    """What can be edited is; what is refused is refused in words."""
    spoiled(spoil)
    first, faults = fields_of(crm), crm("fsck").out
    done = 0
    assert crm("deal", "add", "title=New").code == 0
    done += 1
    for item_id in IDS[spoil]:
        ref = f"D-{item_id}"
        for arguments in (
            ("deal", "edit", ref, "title=New"),
            ("deal", "edit", ref, "amount=5 EUR", "close_date=2026-12-01"),
            ("deal", "move", ref, "preparation", "--pipeline", "general"),
            ("comment", ref, "hello"),
            ("activity", "add", ref, "call", "--at", "tomorrow"),
            ("deal", "delete", ref),
        ):
            ran = crm(*arguments)
            assert ran.code in (0, 2, 4), (arguments, ran.err)
            assert "failed" not in ran.err, ran.err
            done += ran.code == 0
    assert done >= 3
    for _n in range(done):
        ran = crm("undo")
        assert ran.code == 0, ran.err
    assert fields_of(crm) == first
    assert crm("fsck").out == faults
    assert set(re.findall(r"\S+$", faults, re.M)) >= {"missing"}


SHAPING = (
    ("field", "edit", "deal", "own1", "label=New", "help=New", "visible_to="),
    ("field", "edit", "deal", "ruled", "min_length=1", "pattern=", "default=x", "visible_to="),
    ("field", "edit", "deal", "wrong0", "default=", "label=New"),
    ("field", "options", "deal", "choice", "--add", "New", "--rename", "o1=Newer", "--retire", "o2", "--delete", "o3"),
    ("field", "convert", "deal", "own2", "--kind", "text"),
    ("field", "delete", "deal", "own3"),
    ("layout", "move", "deal", "own1", "--down"),
    ("layout", "place", "deal", "own1", "own5", "sec2", "--at", "1"),
    ("layout", "always", "deal", "own5", "--off"),
    ("layout", "hide", "deal", "own5"),
    ("layout", "section", "rename", "deal", "sec1", "New"),
    ("layout", "section", "move", "deal", "sec1", "--down"),
    ("layout", "section", "delete", "deal", "sec2"),
    ("layout", "move", "deal", "own1", "--up", "--layout", "view:evil1"),
    ("layout", "use", "deal", "common"),
    ("layout", "mine", "deal"),
    ("layout", "everyone", "deal"),
    ("layout", "reset", "deal"),
    ("view", "edit", "deal", "evil1", "--name", "New", "--from", "common"),
    ("view", "members", "deal", "evil1", "--also", "department:evil3", "--not", "evil2"),
    ("view", "members", "deal", "evil1", "--nobody"),
    ("view", "move", "deal", "evil1", "--down"),
    ("view", "delete", "deal", "evil2"),
    ("tab", "hide", "deal", "quotes"),
    ("tab", "move", "deal", "invoices", "--left"),
    ("tab", "reset", "deal"),
)  # fmt: skip


@BOTH
def test_shaped_and_undone(crm: Crm, spoiled: Spoil, spoil: Callable[[Session], None]) -> None:
    """What another program wrote into definitions can be shaped or is refused in words, comes out clean, and comes back."""
    spoiled(spoil)
    if spoil is hostile_texts:
        crm("layout", "use", "deal", "common", "--pipeline", "evil")

    def kept() -> list[object]:
        return [
            crm("layout", "show", "deal", *place, "--json").json["sections"]
            for place in ((), ("--pipeline", "evil"))
            if spoil is hostile_texts or not place
        ] + [crm("field", "list", "deal", "--json").json["fields"], crm("view", "list", "deal", "--json").json]

    def transactions() -> int:
        return len(crm("log", "--limit", "0", "--json").json["transactions"])

    first, done, before = kept(), 0, transactions()
    for arguments in SHAPING:
        place = ("--pipeline", "evil") if spoil is hostile_texts and arguments[0] != "field" else ()
        ran = crm(*arguments, *place)
        assert ran.code in (0, 3, 4), (arguments, ran.err)
        assert "failed" not in ran.err, (arguments, ran.err)
        assert DANGEROUS.findall(ran.out + ran.err) == [], arguments
        done += ran.code == 0
    undoable = transactions() - before
    assert done >= (len(SHAPING) - 1 if spoil is hostile_texts else 6)
    crm("layout", "use", "deal", *(("common", "--pipeline", "evil") if spoil is hostile_texts else ()))
    for _n in range(undoable):
        ran = crm("undo")
        assert ran.code == 0, ran.err
        assert DANGEROUS.findall(ran.out + ran.err) == []
    assert kept() == first


@pytest.mark.parametrize("type_key", built_in())
def test_every_text_comes_back_from_every_export(crm: Crm, spoiled: Spoil, data: Path, type_key: str) -> None:
    spoiled(hostile_texts)
    session = open_session(data)
    keys = [
        f.key for f in session.workspace.fields(type_key).values() if f.traits.is_text and not f.many and not f.derived
    ]
    kept = {
        session.workspace.show_ref(item.ref): {key: item.fields.get(key) for key in keys}
        for item in session.find(type_key).items
    }
    session.close()
    assert len(kept) >= len(TEXTS)
    rows = list(csv.DictReader(io.StringIO(crm("export", type_key).out, newline="")))
    assert {row["ref"]: {key: row[key] for key in keys} for row in rows} == {
        ref: {key: text or "" for key, text in fields.items()} for ref, fields in kept.items()
    }
    exported = crm("export", type_key, "--format", "json").json["items"]
    assert {item["ref"]: {key: item["fields"].get(key) for key in keys} for item in exported} == kept


def test_formulas_are_made_harmless_on_request_and_said_so(crm: Crm, spoiled: Spoil) -> None:
    spoiled(hostile_texts)
    ran = crm("export", "deal", "--spreadsheet")
    rows = list(csv.reader(io.StringIO(ran.out.lstrip("\ufeff"), newline="")))
    assert re.search(r"\d+ cells were made safe for spreadsheets", ran.err)
    assert not [cell for row in rows for cell in row if cell[:1] in "=@\t\r" and cell]
    assert "made harmless" not in crm("export", "deal").err


@pytest.mark.parametrize(
    "arguments",
    [("deal", "list"), ("deal", "show", "D-1001", "--all"), ("board", "deal", "--limit", "0"), ("timeline", "D-1001"), ("log",)],
    ids=" ".join,
)  # fmt: skip
def test_on_a_real_terminal(spoiled: Spoil, data: Path, arguments: tuple[str, ...]) -> None:
    """With colours, as they are written where stdout is a terminal."""
    spoiled(hostile_texts)
    terminal = Terminal([sys.executable, "-m", "tuicrm", *arguments, "--data", str(data)])
    try:
        assert terminal.wait() == 0
        assert [code for code in FORBIDDEN if code in terminal.raw()] == []
    finally:
        terminal.close()
