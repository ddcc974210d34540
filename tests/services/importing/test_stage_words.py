"""Stages are found by name and, where there is no such name, by what it means."""

from __future__ import annotations

import pytest

from tests.hostile import HOSTILE
from tuicrm.domain.schema import Pipeline, Semantics, Stage
from tuicrm.services.importing.stage_words import meaning, place_of


def stage(key: str, semantics: Semantics = "process", source: str = "") -> Stage:
    return Stage(key, key.title(), "#a8adb4", semantics, source=source)


GENERAL = Pipeline("general", "deal", "General", [stage("new"), stage("done", "success"), stage("no", "failure")])
SALES = Pipeline(
    "sales", "deal", "Sales", [stage("new", source="NEW"), stage("won", "success"), stage("lost", "failure")]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Closed Won", "success"),
        ("closedwon", "success"),
        ("Closed won (Sales Pipeline)", "success"),
        ("6 - Closed/Won", "success"),
        ("VINTA", "success"),
        ("Успешно реализовано", "success"),
        ("Closed Lost", "failure"),
        ("Gewonnen", "success"),
        ("Perdu", "failure"),
        ("Negotiation/Review", "process"),
        ("Won't decide", "process"),
        ("", "process"),
        *((text, "process") for text in HOSTILE),
    ],
)
def test_what_a_name_means(text: str, expected: Semantics) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    ("text", "ended", "pipeline", "key", "by_meaning"),
    [
        ("Done", "", "general", "done", False),
        ("Closed Won", "", "general", "done", True),
        ("Closed Lost", "", "general", "no", True),
        ("Lost", "", "sales", "lost", False),
        ("NEW", "", "sales", "new", False),
        ("New (Sales)", "", "sales", "new", False),
        ("Gegenstandslos", "failure", "general", "no", True),
        ("", "success", "general", "done", True),
        ("New", "success", "general", "done", True),
    ],
)
def test_the_stage(text: str, ended: str, pipeline: str, key: str, by_meaning: bool) -> None:
    place = place_of([GENERAL, SALES], text, ended)
    assert place is not None
    assert (place.pipeline.key, place.stage.key, place.by_meaning) == (pipeline, key, by_meaning)


def test_what_means_nothing_is_nowhere() -> None:
    assert place_of([GENERAL], "Proposal") is None
    assert place_of([], "Closed Won") is None
    assert place_of([Pipeline("x", "deal", "X", [stage("new"), stage("w", "success")])], "Closed Lost") is None
