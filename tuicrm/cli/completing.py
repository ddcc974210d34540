"""What could come next on a command line, told to a shell that asks (`tuicrm completion` prints what makes it ask)."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tuicrm.cli.grammar import Command, CrmGroup
from tuicrm.cli.help import first_sentence
from tuicrm.cli.root import root
from tuicrm.cli.typed import Context
from tuicrm.cli.work import Work
from tuicrm.render.text import clean


class Candidate(NamedTuple):
    """A word that could stand there, and what it means."""

    word: str
    help: str = ""


def complete(work: Work) -> int:
    """Answer the shell in the words of its own protocol. Returns the exit code."""
    shell = os.environ.get("_TUICRM_COMPLETE", "").removeprefix("complete_")
    asked = _ASKED.get(shell)
    if asked is None:
        return 1
    words, incomplete = asked()
    found = candidates(work, words, incomplete)
    if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return 0 if found else 1
    shown = "".join(_SHOWN[shell](one) + "\n" for one in found)
    if shell == "zsh":
        shown = f"_arguments '*: :(({shown}))'\n" if found else "_files\n"
    sys.stdout.write(shown)
    return 0


def candidates(work: Work, words: list[str], incomplete: str) -> list[Candidate]:
    """Commands and options that could stand behind these words."""
    command: Command = root()
    ctx = Context(command, "tuicrm", obj=work, resilient_parsing=True)
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        options = {name: one for one in command.get_params(ctx) for name in one.opts}
        if word in options:
            if not options[word].is_flag and waiting:
                waiting.pop(0)
            continue
        found = command.get_command(ctx, word) if isinstance(command, CrmGroup) else None
        if found is not None:
            command, ctx = found, Context(found, word, ctx)
    return [one for one in _next(command, ctx, incomplete) if one.word.startswith(incomplete)]


def _next(command: Command, ctx: Context, incomplete: str) -> Iterator[Candidate]:
    if incomplete.startswith("-"):
        for parameter in command.get_params(ctx):
            yield from (Candidate(name, parameter.help) for name in parameter.opts if name.startswith("--"))
    elif isinstance(command, CrmGroup):
        for word in command.list_commands(ctx):
            yield Candidate(word, command.summary(ctx, word))


def _typed_bash() -> tuple[list[str], str]:
    words = _split(os.environ.get("COMP_WORDS", ""))
    at = int(os.environ.get("COMP_CWORD") or 0)
    return words[1:at], words[at] if at < len(words) else ""


def _typed_line() -> tuple[list[str], str]:
    """zsh and fish hand in the line up to the cursor."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = _split(line)[1:]
    if words and not line.endswith(" "):
        return words[:-1], words[-1]
    return words, ""


def _split(line: str) -> list[str]:
    """The words of a line, also of one whose last quotation mark is not closed yet."""
    reading = shlex.shlex(line, posix=True)
    reading.whitespace_split, reading.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(reading)
    except ValueError:
        words.append(reading.token or "")
    return words


def _zsh(one: Candidate) -> str:
    def escape(text: str) -> str:
        return text.replace('"', '""').replace("'", "''").replace("$", "\\$").replace("`", "\\`").replace(":", r"\\:")

    return f'"{escape(one.word)}":"{escape(first_sentence(clean(one.help)))}"'


_ASKED: dict[str, Callable[[], tuple[list[str], str]]] = {
    "bash": _typed_bash,
    "zsh": _typed_line,
    "fish": _typed_line,
}
_SHOWN: dict[str, Callable[[Candidate], str]] = {
    "bash": lambda one: one.word,
    "zsh": _zsh,
    "fish": lambda one: f"{one.word}\t{first_sentence(clean(one.help))}",
}
