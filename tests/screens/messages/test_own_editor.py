"""The person's own editor: a real program gets the text, and what it leaves is taken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.driver import SMALL
from tests.screens.messages.writing import D1, client_of, with_channel
from tests.screens.opening import card
from tuicrm.errors import Refused
from tuicrm.limits import IN_LINES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.own_editors import editor_command, written_in


def program(folder: Path, script: str) -> list[str]:
    path = folder / "my editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return [str(path)]


def test_what_the_editor_leaves_is_taken(tmp_path: Path) -> None:
    appends = program(tmp_path, 'test "$(stat -c %a "$(dirname "$1")")" = 700 && printf "more\\n" >> "$1"')
    assert written_in(appends, "Hello\n") == "Hello\nmore"
    assert written_in(program(tmp_path, "exit 3"), "Hello") is None
    assert written_in(program(tmp_path, 'printf "\\377bad" > "$1"'), "x") == "\ufffdbad"
    with pytest.raises(Refused):
        written_in(program(tmp_path, f'head -c {IN_LINES.most + 2} /dev/zero | tr "\\0" x > "$1"'), "x")


def test_which_program_is_taken(tmp_path: Path) -> None:
    command = program(tmp_path, "true")[0]
    said = f"'{command}' -w"
    assert editor_command({"EDITOR": said}) == [command, "-w"]
    assert editor_command({"EDITOR": "nothing-such", "VISUAL": said}) == [command, "-w"]
    for wrong in ("nothing-such", "'"):
        with pytest.raises(Refused, match="which is not here"):
            editor_command({"EDITOR": wrong})


async def test_where_no_terminal_can_be_handed_over_the_text_stays(
    seeded: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(os.environ, "EDITOR", f"'{program(tmp_path, 'true')[0]}'")
    monkeypatch.delenv("VISUAL", raising=False)
    with_channel(seeded)
    client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("m", "tab")
        await crm.type("Hello")
        await crm.press_action("mail.editor")
        assert "cannot be handed to an editor" in crm.said()
        assert "Hello" in crm.screen_text()
