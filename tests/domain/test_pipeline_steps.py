"""Steps of a pipeline: the order by semantics holds, and the stages that stay (reference §5.3)."""

from __future__ import annotations

import pytest

from tuicrm.domain import pipeline_steps as steps
from tuicrm.domain.schema import Pipeline, Semantics, Stage
from tuicrm.domain.stage_colours import COLOURS, colour_name, colour_of
from tuicrm.errors import NotFound, Refused


def stage(key: str, semantics: Semantics, label: str = "", probability: int = 0) -> Stage:
    return Stage(key, label or key.title(), "#39A8EF", semantics, probability=probability)


@pytest.fixture
def pipeline() -> Pipeline:
    stages = [
        stage("new", "process", probability=10),
        stage("offer", "process", probability=50),
        stage("won", "success", probability=100),
        stage("lost", "failure"),
        stage("junk", "failure"),
    ]
    return Pipeline("main", "deal", "Main", stages)


def keys(pipeline: Pipeline) -> list[str]:
    return [one.key for one in pipeline.stages]


def is_in_order(pipeline: Pipeline) -> bool:
    """Stages of work first, then the one of success, then those of failure."""
    kinds = [stage.semantics for stage in pipeline.stages]
    in_order = kinds == sorted(kinds, key=("process", "success", "failure").index)
    return in_order and kinds[0] == "process" and kinds.count("success") == 1 and "failure" in kinds


def test_a_stage_comes_as_the_last_of_its_kind_or_behind_another(pipeline: Pipeline) -> None:
    assert keys(steps.added(pipeline, "Trial")) == ["new", "offer", "trial", "won", "lost", "junk"]
    assert keys(steps.added(pipeline, "Trial", after="new")) == ["new", "trial", "offer", "won", "lost", "junk"]
    assert keys(steps.added(pipeline, "Trial", after="junk")) == ["new", "offer", "trial", "won", "lost", "junk"]
    failed = steps.added(pipeline, "No answer", semantics="failure", after="lost")
    assert keys(failed) == ["new", "offer", "won", "lost", "no_answer", "junk"]
    for changed in (failed, steps.added(pipeline, "Trial")):
        assert is_in_order(changed)


def test_a_stage_gets_a_colour_and_a_probability_of_its_own(pipeline: Pipeline) -> None:
    made = steps.stage_at(steps.added(pipeline, "Trial", after="new"), "trial")
    assert (made.probability, made.colour) == (10, COLOURS["sky blue"])
    assert steps.stage_at(steps.added(pipeline, "Bad", semantics="failure"), "bad").probability == 0
    with pytest.raises(Refused, match="from 0 to 100"):
        steps.added(pipeline, "Trial", probability=101)
    with pytest.raises(Refused, match="exactly one success stage"):
        steps.added(pipeline, "Trial", semantics="success")


@pytest.mark.parametrize(
    ("name", "told"),
    [("", "required"), ("  ", "required"), ("OFFER", "already"), ("x" * 256, "255"), ("a\nb", "one line")],
)
def test_names_are_in_one_line_and_differ(pipeline: Pipeline, name: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        steps.added(pipeline, name)
    with pytest.raises(Refused, match=told):
        steps.renamed(pipeline, "new", name)
    assert steps.renamed(pipeline, "offer", "OFFER").stages[1].label == "OFFER"


def test_start_success_and_first_failure_stay(pipeline: Pipeline) -> None:
    for key in ("new", "won", "lost"):
        with pytest.raises(Refused, match="cannot be deleted"):
            steps.dropped(pipeline, key)
        for step in (-1, 1):
            with pytest.raises(Refused):
                steps.moved(pipeline, key, step)
    for key, step in (("offer", -1), ("offer", 1), ("junk", -1), ("junk", 1)):
        with pytest.raises(Refused):
            steps.moved(pipeline, key, step)
    with pytest.raises(NotFound):
        steps.dropped(pipeline, "nothing")


def test_a_stage_that_is_gone_keeps_its_name_and_its_key(pipeline: Pipeline) -> None:
    without = steps.dropped(pipeline, "offer")
    assert keys(without) == ["new", "won", "lost", "junk"]
    assert [one.label for one in without.gone] == ["Offer"]
    assert keys(steps.added(without, "Offer"))[1] == "offer_2"


def test_stages_move_among_those_of_their_kind(pipeline: Pipeline) -> None:
    more = steps.added(steps.added(pipeline, "Trial"), "Old", semantics="failure")
    assert keys(steps.moved(more, "trial", -1)) == ["new", "trial", "offer", "won", "lost", "junk", "old"]
    assert keys(steps.moved(more, "old", -1))[-3:] == ["lost", "old", "junk"]


def test_what_is_proposed_goes_by_name_then_by_kind_and_place(pipeline: Pipeline) -> None:
    target = Pipeline(
        "other",
        "deal",
        "Other",
        [stage("a", "process", "Start"), stage("b", "process", "OFFER"), stage("c", "process", "Contract"),
         stage("yes", "success"), stage("no", "failure")],
    )  # fmt: skip
    assert steps.proposed(pipeline, target) == {"new": "a", "offer": "b", "won": "yes", "lost": "no", "junk": "no"}


def test_colours_are_told_by_name() -> None:
    assert colour_of("Green") == COLOURS["green"]
    assert colour_of("#abc") == "#AABBCC"
    assert colour_name("#7BD400") == "green"
    assert colour_name("nothing") == ""
    with pytest.raises(Refused, match="orange"):
        colour_of("ultramarine")
