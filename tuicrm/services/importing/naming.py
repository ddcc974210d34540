"""What an import's words name among the definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from tuicrm.domain import named
from tuicrm.domain.schema import Option, Pipeline, Stage, all_labels

_Named = TypeVar("_Named", Option, Stage, Pipeline)


def match(things: Sequence[_Named], text: str, *, accents: bool = False) -> _Named | None:
    """By key, then by the source's code, then by any label (`domain/named.py`). None for nothing and for several. `accents` count
    where another's definitions are compared with ours."""
    readings: tuple[Callable[[_Named], Iterable[str]], ...] = (
        lambda thing: [thing.key],
        lambda thing: [thing.source] if thing.source else [],
        lambda thing: all_labels(thing.label),
    )
    for names in readings:
        found = named.find(text, [_as_named(thing, tuple(names(thing))) for thing in things], accents=accents)
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _as_named(thing: _Named, names: tuple[str, ...]) -> named.Named[_Named]:
    return named.Named(thing, "", names, "", bool(getattr(thing, "retired", False)))


def match_stage(pipeline: Pipeline, text: str, *, accents: bool = False) -> Stage | None:
    """A stage; a code of another pipeline (`C1:NEW`) also means the stage of the same own code."""
    codes = [text, text.rpartition(":")[2]] if ":" in text else [text]
    return next((found for code in codes if (found := match(pipeline.stages, code, accents=accents))), None)
