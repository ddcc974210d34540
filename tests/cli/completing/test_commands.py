"""data/commands.json says what the command line takes, and completion knows every value of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.commands import COMMANDS, written
from tuicrm.cli.completing.offers import CommandLine
from tuicrm.cli.completing.place import eligible
from tuicrm.cli.completing.sources import SOURCES
from tuicrm.cli.completing.values import FILES
from tuicrm.cli.completing.words import WORDS

FREE = frozenset(
    [
        "TEXT",
        "FINGERPRINT",
        "TITLE",
        "LABEL",
        "NAME",
        "KEY",
        "CODE",
        "WHAT",
        "WORD",
        "N",
        "REV",
        "RATE",
        "PERCENT",
        "LOGIN",
        "ADDRESS",
        "WORDS",
        "COMMAND",
        "PLACE",
        "NUMBER",
        "ROW",
        "VALUE",
        "COUNTRY",
        "SIGN",
        "-",
    ]
)
"""What only a person knows: nothing is offered, but where `sources.py` or `words.py` says so of a command or option."""


def test_the_file_is_as_the_commands_are() -> None:
    assert COMMANDS.read_text(encoding="utf-8") == written(), "python -m scripts.commands writes it anew"


def test_every_value_is_offered_or_known_to_be_free() -> None:
    """A new metavar must say what it is: add it to `sources.py` or `words.py`, or to FREE above where only a person knows it. What is
    said of one command or option holds there alone."""
    told = json.loads(COMMANDS.read_text(encoding="utf-8"))
    known = {*SOURCES, *WORDS, *FILES, *FREE}
    assert [value for value, places in _values(told) if known.isdisjoint((value, *places))] == []


def test_every_place_that_is_named_is_there() -> None:
    """What is said of one command or option (`("--kind", "KIND")`) goes when that goes."""
    told = json.loads(COMMANDS.read_text(encoding="utf-8"))
    places = set(_places(told, ()))
    for name in (*SOURCES, *WORDS):
        if isinstance(name, tuple):
            assert name in places, name


def test_which_argument_may_stand_where() -> None:
    move = ["REF... STAGE [FIELD=VALUE...]"]
    said = CommandLine(("@", "deal", "move"))
    assert eligible(move, 0, said) == ("REF",)
    assert eligible(move, 1, said) == ("STAGE", "REF")
    assert eligible(move, 4, said) == ("FIELD=VALUE", "STAGE", "REF")
    edit = ["[REF...] FIELD=VALUE..."]
    assert eligible(edit, 0, said) == ("REF",)
    assert eligible(edit, 0, said._replace(options={"--where": "x"})) == ("FIELD=VALUE",)
    assert eligible(edit, 1, said) == ("FIELD=VALUE", "REF")
    assert eligible(["TYPE", "FIELD... SECTION"], 1, said) == ("FIELD",)
    assert eligible(["[TYPE | REF...]"], 0, said) == ("REF", "TYPE")
    assert eligible(["REF", "[FIELD...]"], 3, said) == ("FIELD",)
    assert eligible(["REF"], 1, said) == ()
    assert set(eligible(["DIR|FILE|-", "NEWDIR"], 0, said)) == {"DIR", "FILE", "-"}
    assert eligible(["DIR|FILE|-", "NEWDIR"], 1, said) == ("NEWDIR",)


def _nodes(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    yield path, node
    inner = {**node.get("commands", {}), **({"@": node["item"]} if "item" in node else {})}
    for word, one in inner.items():
        yield from _nodes(one, (*path, word))


def _values(told: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each value wherever it stands, with the names by which something can be said of it there alone."""
    for path, node in _nodes(told, ()):
        for argument in node.get("arguments", ()):
            for name in argument["value"].replace("|", " ").split():
                bare = name.strip("[].")
                yield bare, [(place, bare) for place in (" ".join(path[-2:]), *path[-1:])]
        for option in node.get("options", ()):
            if value := option["value"]:
                yield value, [(place, value) for place in (" ".join(path[-2:]), *path[-1:], *option["names"])]


def _places(told: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for here, node in _nodes(told, path):
        for argument in node.get("arguments", ()):
            for name in argument["value"].replace("|", " ").split():
                bare = name.strip("[].")
                yield " ".join(here[-2:]), bare
                yield here[-1], bare
        for option in node.get("options", ()):
            for name in option["names"]:
                yield name, option["value"]
            yield (here or ("",))[-1], option["value"]
            yield " ".join(here[-2:]), option["value"]
