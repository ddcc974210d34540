"""What is typed so far, and what is offered for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tuicrm.cli.grammar.verbs import USUAL


class Completion(NamedTuple):
    """A word that can be typed, whole, and what it means."""

    text: str
    told: str = ""


class Completions(NamedTuple):
    """What is offered. `files` ("files", "dirs"): paths, which the shell knows best; `head` of the word stands before the value."""

    offers: Sequence[Completion] = ()
    files: str = ""
    head: str = ""


class CommandLine(NamedTuple):
    """What stands before the cursor: the command's words, its arguments, its options with their values."""

    path: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    options: Mapping[str, str] = {}

    @property
    def type(self) -> str:
        """The word for the item type that is spoken of."""
        if self.path and self.path[0] == "@":
            return self.path[1]
        return self.options.get("--type") or (self.arguments[0] if self.arguments else USUAL)


class Slot(NamedTuple):
    """What may stand there: the names of values (`REF`, `STAGE`, `FIELD=VALUE`), of an option where it has one."""

    values: tuple[str, ...]
    option: str = ""
