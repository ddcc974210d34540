"""`tuicrm import` at a terminal asks whose each of several card layouts is; the files themselves do not say it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tuicrm.domain.named import Named, NotNamed, the
from tuicrm.i18n import _
from tuicrm.render.text import clean

if TYPE_CHECKING:
    from tuicrm.cli.running.work import CommandRun
    from tuicrm.services.importing.definitions.layout_definitions import Ask, LayoutQuestion

_LEFT_OUT = "0"
_TITLES = 5


def asker(work: CommandRun) -> Ask | None:
    """Who asks; None where nobody could read the question and answer it."""
    there = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    return _ask if there and not work.out.json else None


def _ask(question: LayoutQuestion) -> dict[str, str]:
    """Answers, layout by layout; those of ctrl+d and after it are not there."""
    _write(
        _("{type}: several card layouts in one run. Which pipeline is each one for?").format(type=question.type_label)
    )
    answers: dict[str, str] = {}
    for name, titles in question.layouts.items():
        free = [one for one in question.variants if one.key not in answers.values()]
        if not free:
            break
        key = _one(name, titles, free)
        if key is None:
            break
        answers[name] = key
    return answers


def _one(name: str, titles: Sequence[str], free: Sequence[Named[str]]) -> str | None:
    """The key of a variant, "" to leave the layout out; None for the end of what is typed."""
    shown = [*titles[:_TITLES], *(["…"] if len(titles) > _TITLES else [])]
    _write(f"{name} ({', '.join(shown)})")
    numbers = {str(number): one for number, one in enumerate(free, start=1)}
    for number, one in numbers.items():
        _write(f"  {number}  {one.shown}")
    _write(f"  {_LEFT_OUT}  {_('skip it')}")
    while True:
        sys.stderr.write(_("Number or name:") + " ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        said = line.strip()
        if not line:
            _write("")
            return None
        if said == _LEFT_OUT:
            return ""
        if said in numbers:
            return numbers[said].key
        if said and (key := _named(said, free)):
            return key


def _named(said: str, free: Sequence[Named[str]]) -> str:
    """A variant by its name; "" where there is no such one, which is told."""
    try:
        return the(said, free, _("there is no pipeline {name}").format(name=said))
    except NotNamed as missing:
        _write(missing.message)
        return ""


def _write(text: str) -> None:
    sys.stderr.write(f"{clean(text)}\n")
