"""How a template names what is to be filled in: `{Name}`, `{Name~modifier}`, and sections, `{#Name}…{/Name}` and `{^Name}…{/Name}`.

A section shows what is between when the name has a value (of a list: once a row), or with `^` when it has not. What does not match is
text, and stays: `{ }`, `{1}`, `{a}`. The form is the model product's; its sections are those of docxtemplater.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from tuicrm.i18n import N_
from tuicrm.regex import regex

UNCLOSED = N_("{mark} is never closed")
UNOPENED = N_("{mark} closes what was never opened")
"""What is said of a mark of a section that has no other end."""

SectionSign: TypeAlias = Literal["", "#", "^", "/"]
"""`#` and `^` begin a section, `/` ends it."""

_NAME = "[A-Z][A-Za-z0-9_]*"
_FORM = regex(rf"\{{(?:([#^/])({_NAME})|({_NAME})(?:~([^{{}}\n]*))?)\}}")


_SIGNS: dict[str, SectionSign] = {"": "", "#": "#", "^": "^", "/": "/"}


class Placeholder(Struct, frozen=True):
    """One placeholder: its name, what stands after `~`, and where in the text it begins and ends."""

    name: str
    modifier: str = ""
    sign: SectionSign = ""
    start: int = 0
    end: int = 0


def placeholders(text: str) -> list[Placeholder]:
    """The placeholders of a text, from left to right. A line end or another `{` is never inside one."""
    found = []
    for one in _FORM.finditer(text):
        tag, name, modifier = one.group(2, 3, 4)
        found.append(Placeholder(tag or name, modifier or "", _SIGNS[one[1] or ""], one.start(), one.end()))
    return found


def shown(one: Placeholder) -> str:
    """A placeholder as it is written, without its modifier: `{#Name}`."""
    return f"{{{one.sign}{one.name}}}"
