"""The plain boundary on the command line: whatever records and arguments hold, no control or bidirectional code comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm
from tuicrm.services.workspace.start import open_session
from tuicrm.store.protocol import Op

HOSTILE = "\x1b]52;c;ZXZpbA==\x07[/][@click=app.quit]\x9b31mred\u202egnp.exe\u2066\U000e0041\u3164\x7f\r\nnext {0} %s \u2028end"
DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\U000e0000-\U000e0fff]"
)


@pytest.fixture
def hostile(data: Path) -> None:
    """The workspace with a hostile deal (D-4), company (CO-3), comment, activity and person.

    Written past the door, which refuses some of it: records may come from elsewhere (the TinyDB face, an older program)."""
    session = open_session(data)
    me, at = session.person_key, "2026-11-23T10:00:00Z"
    told = {"owner": "deal:4", "by": me, "at": at}
    records: list[tuple[str, int, dict[str, Any]]] = [
        ("company", 3, {"title": HOSTILE, "responsible": me}),
        (
            "deal",
            4,
            {"title": HOSTILE, "comment": HOSTILE, "company": "company:3", "responsible": "evil", "created": at},
        ),
        ("entry", 1001, {**told, "kind": "comment", "text": HOSTILE, "note": HOSTILE}),
        ("entry", 1002, {**told, "kind": HOSTILE, "data": {"field": HOSTILE}}),
        ("activity", 1001, {**told, "what": HOSTILE, "text": HOSTILE, "kind": HOSTILE, "responsible": "evil"}),
        ("person", 1001, {"key": "evil", "name": HOSTILE, "logins": [HOSTILE], "roles": []}),
        ("department", 1001, {"key": "evil", "name": HOSTILE}),
        ("field", 1001, {"type": "deal", "key": "evil", "kind": "string", "label": HOSTILE, "custom": True}),
        (
            "field",
            1002,
            {
                "type": "deal",
                "key": "choice",
                "kind": "list",
                "label": f"Choice {HOSTILE}",
                "custom": True,
                "help": HOSTILE,
                "options": [{"key": "o1", "label": HOSTILE}, {"key": "o2", "label": "Plain"}],
                "visible_to": [me, "evil", "department:evil"],
            },
        ),
        (
            "layout",
            1001,
            {
                "type": "deal",
                "variant": "general",
                "scope": "view",
                "key": "evil",
                "name": HOSTILE,
                "members": ["evil", "department:evil"],
                "sections": [{"key": "evil", "title": HOSTILE, "fields": [{"field": "evil"}, {"field": "choice"}]}],
            },
        ),
    ]
    session.store.commit([Op(*record) for record in records], by=me, note=HOSTILE)
    session.close()


COMMANDS = (
    ("deal", "list"),
    ("deal", "list", "--columns", "title,comment,company"),
    ("deal", "show", "D-4", "--all"),
    ("board", "deal", "--limit", "0"),
    ("timeline", "D-4"),
    ("activity", "list", "D-4"),
    ("log", "--limit", "0"),
    ("user", "list"),
    ("department", "list"),
    ("company", "show", "CO-3"),
    ("layout", "show", "deal"),
    ("layout", "show", "deal", "--layout", "evil"),
    ("layout", "move", "deal", "choice", "--up", "--layout", "evil"),
    ("layout", "section", "move", "deal", HOSTILE, "--down", "--layout", "evil"),
    ("view", "list", "deal"),
    ("view", "show", "deal", HOSTILE),
    ("view", "members", "deal", "evil", "--not", f"department:{HOSTILE}"),
    ("view", "move", "deal", "evil", "--up"),
    ("tab", "list", "deal", "--layout", "evil"),
    ("tab", "hide", "deal", "quotes", "--layout", "evil"),
    ("field", "list", "deal"),
    ("field", "show", "deal", HOSTILE),
    ("field", "options", "deal", "choice", "--retire", HOSTILE),
    ("field", "delete", "deal", HOSTILE, "--dry-run"),
    ("field", "convert", "deal", "comment", "--kind", "number", "--dry-run"),
    ("field", "edit", "deal", "choice", "visible_to="),
    ("undo",),
    ("doctor",),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: ascii(" ".join(words)))
def test_hostile_records_come_out_clean(crm: Crm, hostile: None, arguments: tuple[str, ...]) -> None:
    for more in ((), ("--json",)):
        ran = crm(*arguments, *more)
        if arguments == ("undo",) and more:
            continue  # there is nothing left to undo
        assert ran.code == 0, ran.err
        found = DANGEROUS.findall(ran.out + ran.err)
        assert found == []


def test_a_text_comes_back_from_json_as_it_was_typed(crm: Crm, hostile: None) -> None:
    kept = crm("deal", "show", "D-4", "--json").fields["comment"]
    assert "\x1b]52" in kept
    assert "\u202e" in kept


@pytest.mark.parametrize(
    "arguments",
    [
        ("\x1b[31mdeal", "list"),
        ("deal", "\x1b[31mlist"),
        ("deal", "list", "--\x1b[31m"),
        ("deal", "list", "--where", "\x1b[31m = 5"),
        ("deal", "list", "--sort", "\u202etitle"),
        ("deal", "show", "\x1b]0;x\x07"),
        ("deal", "edit", "D-1", "\x1b[31m=x"),
        ("deal", "edit", "D-1", "amount=\x1b[31m"),
        ("deal", "move", "D-1", "\x9b31m"),
        ("user", "edit", "\x1b[31m", "--name", "x"),
        ("log", "--since", "\x1b[31m"),
        ("field", "show", "deal", "\x1b[31m"),
        ("field", "add", "deal", "\x1b[31m", "--kind", "\x9b31m"),
        ("field", "add", "deal", "x", "\x1b[31m=5"),
        ("field", "edit", "deal", "amount", "required=\x1b[31m"),
        ("field", "edit", "deal", "amount", "visible_to=\u202e"),
        ("field", "options", "deal", "source", "--add", "\x1b[31m"),
        ("field", "convert", "deal", "comment", "--kind", "\x1b[31m"),
        ("layout", "show", "\x1b[31m"),
        ("layout", "show", "deal", "--pipeline", "\x1b[31m"),
        ("layout", "show", "deal", "--variant", "\x1b[31m"),
        ("layout", "show", "deal", "--layout", "\x1b[31m"),
        ("layout", "move", "deal", "\x1b[31m", "--up"),
        ("layout", "place", "deal", "title", "\x1b[31m"),
        ("layout", "section", "delete", "deal", "\u202e"),
        ("layout", "use", "deal", "\x1b[31m"),
        ("view", "show", "deal", "\x1b[31m"),
        ("view", "add", "deal", "\x1b[31m", "--for", "\x1b[31m"),
        ("tab", "hide", "deal", "\x1b[31m"),
        ("deal", "list", "--data", "/\x1b[31m"),
        ("deal", "list", "--as", "\x1b[31m"),
    ],
    ids=ascii,
)
def test_hostile_arguments_come_out_clean(crm: Crm, arguments: tuple[str, ...]) -> None:
    for more in ((), ("--json",)):
        ran = crm(*arguments, *more)
        assert ran.code in (2, 3, 4, 7)
        assert DANGEROUS.findall(ran.out + ran.err) == []
        assert "Traceback" not in ran.err


def test_bytes_that_are_no_text_are_refused(process: Crm) -> None:
    ran = process("comment", "D-1", "-", stdin="caf\udce9")
    assert ran.code == 4
    assert "Traceback" not in ran.err
