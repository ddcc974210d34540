"""Keys under a Cyrillic, Greek or Hebrew layout: by their place where the terminal tells it, else told that the layout is why."""

from __future__ import annotations

import pytest
from textual.events import Key

from tests.driver import SMALL, running
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.keyboards import PlacedKey, command_key, key_name, script_of, usual_place
from tuicrm.widgets.menu import Menu
from tuicrm.widgets.textual_inside import places_parser

TOLD = "Keyboard layout: {}. Keys are Latin letters: switch the layout."


def parsed(data: str) -> list[Key]:
    return [event for event in places_parser()().feed(data) if isinstance(event, Key)]


@pytest.mark.parametrize(
    ("data", "character", "command"),
    [
        ("\x1b[1089::99;1;1089u", "с", "c"),  # the key c under ЙЦУКЕН
        ("\x1b[1089::99;;1089u", "с", "c"),
        ("\x1b[1074:1042:100;2;1042u", "В", "D"),
        ("\x1b[1073:1041:44;2;1041u", "Б", "<"),
        ("\x1b[955::107;1;955u", "λ", "k"),
        ("\x1b[1513::97;1;1513u", "ש", "a"),
        ("\x1b[97;1;97u", "a", "a"),  # as terminals say it without more
        ("\x1b[97:65;2;65u", "A", "A"),
        ("\x1b[122::121;1;122u", "z", "z"),  # QWERTZ: Latin letters are what they say
        ("\x1b[46::47;1;46u", ".", "."),  # so are signs
        ("\x1b[233::50;1;233u", "é", "é"),
        ("\x1b[1089;1;1089u", "с", "с"),  # a terminal that does not know of places
        ("с", "с", "с"),
        ("\x1b[1089::4;1;1089u", "с", "с"),  # no character has that place
    ],
)
def test_a_key_is_read_with_its_place(data: str, character: str, command: str) -> None:
    (key,) = parsed(data)
    assert key.character == character
    assert command_key(key) == command
    assert key_name(key) == character, "what is typed stays what was typed"
    assert command_key(key.copy()) == command


def test_commands_with_ctrl_and_keys_with_names() -> None:
    assert [command_key(key) for key in parsed("\x1b[1088::112;5u")] == ["ctrl+p"]
    assert [command_key(key) for key in parsed("\x1b[13u")] == ["enter"]
    assert [command_key(key) for key in parsed("\x1b[27u\x1b[1;1A\x1b[3~")] == ["esc", "up", "del"]


@pytest.mark.parametrize(
    "data", ["\x1b[::;;u", "\x1b[1089:::99;1;1089u", "\x1b[1089::99999999999;1;1089u", "\x1b[9:9:9:9;9;9u"]
)
def test_nonsense_of_a_terminal_is_no_crash(data: str) -> None:
    try:
        parsed(data)
    except ValueError:
        pytest.fail(f"{data!r} ends the program")


def test_scripts_and_usual_places() -> None:
    assert [script_of(letter) for letter in ("й", "λ", "ש", "ع", "漢")] == [
        "Cyrillic",
        "Greek",
        "Hebrew",
        "Arabic",
        "another script",
    ]
    assert [script_of(one) for one in ("a", "é", "ß", "ø", "1", "€", "♥", "", None, "ab")] == [""] * 10
    assert [usual_place(letter) for letter in "сСκשю漢"] == ["c", "C", "k", "a", ".", ""]


async def test_on_a_board(seeded: Session) -> None:
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal", "general"), SMALL) as crm:
        screen = crm.screen
        assert isinstance(screen, BoardScreen)
        seq, here = seeded.store.seq(), screen.view.row
        for letter, script in (("о", "Cyrillic"), ("В", "Cyrillic"), ("ξ", "Greek"), ("ח", "Hebrew")):
            crm.app.post_message(Key(letter, letter))
            await crm.settle()
            assert crm.said().startswith(TOLD.format(script)), letter
        assert seeded.store.seq() == seq, "nothing is deleted by a guess"
        crm.app.post_message(Key("В", "В"))
        await crm.settle()
        assert crm.said().endswith("(D: Delete)")
        assert screen.view.row == here
        crm.app.post_message(PlacedKey("о", "о", "j"))
        await crm.settle()
        assert screen.view.row == here + 1
        crm.app.post_message(Key("ö", "ö"))
        await crm.settle()
        assert "does nothing here" in crm.said()
        await crm.press_action("goto")
        crm.app.post_message(Key("с", "с"))
        await crm.settle()
        assert isinstance(crm.dialog, Menu)
        assert TOLD.format("Cyrillic") in crm.said()
        crm.app.post_message(PlacedKey("с", "с", "c"))
        await crm.settle()
        assert crm.dialog is None
        await crm.press_action("filter")
        for letter in "сделка":
            crm.app.post_message(PlacedKey(letter, letter, "c"))
        await crm.settle()
        assert "сделка" in crm.screen_text(), "what is typed is what was typed"
