"""Stages that other programs name: by key, code or label, else by what their names mean (Closed Won, 6 - Closed Lost, Vinta)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from tuicrm.domain.schema import Pipeline, Semantics, Stage
from tuicrm.exchange.presets import fold
from tuicrm.files import data_folder
from tuicrm.regex import regex

_BEHIND = regex(r"(.*\S)\s*\(([^()]*)\)")
_NUMBER = regex(r"^[\s\d.)\-–:]+(?=\D)")


class StageMatch(NamedTuple):
    """A stage of a pipeline; `by_meaning` where another name was given that means the same."""

    pipeline: Pipeline
    stage: Stage
    by_meaning: bool = False


def meaning(text: str) -> Semantics:
    """What a stage's name means: "success", "failure", or any other as "process"."""
    return next((_words()[name] for name in map(fold, _plainer(text)) if name in _words()), "process")


def place_of(pipelines: Sequence[Pipeline], text: str, ended: str = "") -> StageMatch | None:
    """The stage of this name, in the first of the pipelines that has it. Where none has, or what it means is not how the source says
    that the item has `ended`, the one that means this. None for what means nothing."""
    from tuicrm.services.importing.naming import match, match_stage

    if behind := _BEHIND.fullmatch(text.strip()):
        # `Closed won (Sales Pipeline)`
        pipelines = sorted(pipelines, key=lambda one: match([one], behind[2]) is None)
    wanted: Semantics = "success" if ended == "success" else "failure" if ended == "failure" else meaning(text)
    for name in _plainer(text):
        # Codes are the source's own: they go before keys and labels that are alike by chance.
        coded = [one for one in pipelines if any(stage.source == name for stage in one.stages)]
        for pipeline in (*coded, *pipelines):
            stage = match_stage(pipeline, name)
            if stage is not None and (not ended or stage.semantics == wanted):
                return StageMatch(pipeline, stage)
    if wanted != "process" and pipelines:
        stage = next((one for one in pipelines[0].stages if one.semantics == wanted), None)
        return StageMatch(pipelines[0], stage, by_meaning=True) if stage else None
    return None


def _plainer(text: str) -> list[str]:
    """The text, without what stands in brackets behind it (`Closed won (Sales Pipeline)`), and without a number before it."""
    text = text.strip()
    behind = _BEHIND.fullmatch(text)
    found = [text, *([behind[1]] if behind else [])]
    return [one for one in dict.fromkeys([*found, *(_NUMBER.sub("", one) for one in found)]) if one]


@lru_cache(maxsize=1)
def _words() -> dict[str, Semantics]:
    listed = msgspec.json.decode(
        (data_folder() / "exchange" / "stage_words.json").read_bytes(), type=dict[Semantics, list[str]]
    )
    return {fold(word): semantics for semantics, words in listed.items() for word in words}
