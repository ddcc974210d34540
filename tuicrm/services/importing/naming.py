"""What an import's words name among the definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from tuicrm.domain.schema import Option, Pipeline, Stage, all_labels

_Named = TypeVar("_Named", Option, Stage, Pipeline)


def match(things: Sequence[_Named], text: str) -> _Named | None:
    """By key, then by the source's code, then by any label; case aside. None for nothing and for several."""
    wanted = text.strip().casefold()
    readings: tuple[Callable[[_Named], Iterable[str]], ...] = (
        lambda thing: [thing.key],
        lambda thing: [thing.source] if thing.source else [],
        lambda thing: all_labels(thing.label),
    )
    for names in readings:
        found = [thing for thing in things if wanted in (name.casefold() for name in names(thing))]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def match_stage(pipeline: Pipeline, text: str) -> Stage | None:
    """A stage; a code of another pipeline (`C1:NEW`) also means the stage of the same own code."""
    return match(pipeline.stages, text) or (match(pipeline.stages, text.rpartition(":")[2]) if ":" in text else None)
