"""What is offered, as each shell takes it: quoted where it must be, with what it means beside it, and never a control character."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tuicrm.cli.completing.line import ShellLine
from tuicrm.cli.completing.offers import Completion, Completions
from tuicrm.harmless import numbered
from tuicrm.regex import regex

_SAFE = regex(r"[\w@%+=:,./-]+", re.ASCII)
_SPECIAL = regex(r"([^\w@%+=:,./-])")
_GOES_ON = ("=", ",", "/", " ")
"""Behind these one goes on typing: no blank is put there."""
_LISTED = ("9", "33", "63", "64")
"""Kinds of completion (bash's COMP_TYPE) that list what there is, instead of putting one after the other into the line."""
_MEANING = 60
"""Characters of what a word means that are shown."""


def _ends(text: str) -> bool:
    return not text.endswith(_GOES_ON)


def _cleaned(text: str) -> str:
    """In one line, without what a terminal must not get."""
    from tuicrm.render.text import clean

    return " ".join(clean(text).split())


def _rows(offers: Sequence[Completion]) -> list[tuple[str, str]]:
    """What can be put into a line, and what it means. A text that a terminal must not get cannot be put there."""
    return [(one.text, _cleaned(one.told)[:_MEANING]) for one in offers if one.text and _can_be_put(one.text)]


def _can_be_put(text: str) -> bool:
    return numbered(text) == text and "\n" not in text and "\t" not in text


# -- bash --------------------------------------------------------------------------------------------------------------
def for_bash(typed: ShellLine, answer: Completions, kind: str) -> str:
    """`files` or `dirs` and the path so far where a path is typed; else `words`, then a line each, which bash only puts into the line.
    What a word means stands behind it where several are listed."""
    if answer.files:
        path = typed.word.removeprefix(answer.head)
        return f"{answer.files}\n{path}\n"
    rows = [(text.removeprefix(typed.kept), told) for text, told in _rows(answer.offers) if text.startswith(typed.kept)]
    if typed.quote:
        lines = [_in_quotes(text, typed.quote) for text, _told in rows]
        # Of a single one bash closes the quote, which is too early where one goes on: of two it puts in what they have in common.
        lines += [
            f"{line}…" for line, (text, _told) in zip(lines, rows, strict=True) if len(rows) == 1 and not _ends(text)
        ]
    elif len(rows) == 1 or kind not in _LISTED:
        lines = [_escaped(text) + (" " if _ends(text) else "") for text, _told in rows]
    else:
        lines = [f"{_escaped(text)}  ({told})" if told else _escaped(text) for text, told in rows]
    return "\n".join(("words", *lines)) + "\n"


def _in_quotes(text: str, quote: str) -> str:
    return text.replace("'", "'\\''") if quote == "'" else re.sub(r'(["\\$`])', r"\\\1", text)


def _escaped(text: str) -> str:
    return text if _SAFE.fullmatch(text) else _SPECIAL.sub(r"\\\1", text)


# -- zsh and fish ------------------------------------------------------------------------------------------------------
def for_zsh(answer: Completions) -> str:
    """`files`, `dirs` or `words`, what stands before the value (`stage=`), then three lines each: whether one goes on behind it, the
    value, and what is listed for it."""
    lines = [answer.files or "words", answer.head]
    head = answer.head if not answer.files else ""
    for text, told in _rows(answer.offers):
        word = text.removeprefix(head)
        lines += ["end" if _ends(text) else "on", word, f"{word}  -- {told}" if told else word]
    return "\n".join(lines) + "\n"


def for_fish(answer: Completions) -> str:
    """`files`, `dirs` or `words` and what stands before the value; then `word<tab>meaning`."""
    lines = [f"{answer.files or 'words'}\t{answer.head}"]
    return "\n".join([*lines, *(f"{text}\t{told}" for text, told in _rows(answer.offers))]) + "\n"
