"""The recording of the first minute: its keys are those of the table, and the film shows what the terminal showed."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from scripts.film import Screen, Terminal, film, pictures
from scripts.recording import FOLDER, SIZE, STEPS
from tuicrm.actions import ACTIONS

CAST = (FOLDER / "first-minute.cast").read_text(encoding="utf-8")
_NAMES = {"\r": "enter", "\x1b": "esc", "\x13": "ctrl+s"}


def text(screen: Screen) -> str:
    return "\n".join("".join(cell for cell, _look in row).rstrip() for row in screen)


def test_the_keys_are_those_of_their_actions() -> None:
    keys = {action.id: action.keys for action in ACTIONS}
    acting = [step for step in STEPS if step.action]
    assert len(acting) > 10
    for step in acting:
        assert _NAMES.get(step.keys, step.keys) in keys[step.action]


def test_it_is_the_recording_of_these_steps() -> None:
    header, *events = (json.loads(line) for line in CAST.splitlines())
    assert (header["version"], header["width"], header["height"]) == (2, *SIZE)
    assert "".join(data for _at, kind, data in events if kind == "i") == "".join(step.keys for step in STEPS)
    moments = [at for at, _kind, _data in events]
    assert moments == sorted(moments)
    assert 20 < moments[-1] < 70


def test_the_film_is_made_of_it() -> None:
    drawn = film(CAST)
    assert (FOLDER / "first-minute.svg").read_text(encoding="utf-8") == drawn, "run: python -m scripts.recording"
    assert ET.fromstring(drawn).tag.endswith("svg")
    assert "<script" not in drawn
    shown = [text(screen) for _at, screen in pictures(CAST)]
    for seen in ("$ tuicrm demo", "Website redesign", "TIMELINE", "They want the offer by Friday", "amount > 20000"):
        assert any(seen in one for one in shown), seen
    # Back in the shell, with what stood there before.
    assert "tuicrm demo" in shown[-1]
    assert "Website redesign" not in shown[-1]


def test_the_terminal_obeys() -> None:
    terminal = Terminal(6, 2)
    terminal.write("\x1b[1;31mab\x1b[0m\x1b[2;3H\x1b[38;2;1;2;3;48;5;196mc日\x1b[7md\r\nx")
    first, last = terminal.screen()
    assert text((first, last)) == "  c日d\nx"
    assert first[2][1].ink == "#010203"
    assert first[2][1].ground == "#ff0000"
    assert (first[5][1].ink, first[5][1].ground) == ("#ff0000", "#010203")
    terminal.write("\x1b[?1049hscreen\x1b[?1049l")
    assert "screen" not in text(terminal.screen())
    terminal.write("\x1b[2J<&>")
    assert "&lt;&amp;&gt;" in film('{"version":2,"width":6,"height":2}\n[0.1,"o","<&>"]')
