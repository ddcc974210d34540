"""Templates as they are kept: what is one, whose numbers it has, what it is for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.hostile_workspace import WRONG
from tuicrm.domain.documents.templates import DocTemplate, counting, sharing, why_misshapen
from tuicrm.domain.workspace import ConfigRecord, Workspace

BLOB = "0123456789abcdef" * 4


def template(key: str, /, **said: Any) -> DocTemplate:
    return DocTemplate(**{"key": key, "label": key, "types": ["deal"], "blob": BLOB, "file": "a.docx", **said})


def workspace(*docs: dict[str, Any]) -> Workspace:
    return Workspace({}, {"template": [ConfigRecord(n, 1, doc) for n, doc in enumerate(docs, start=1)]})


def test_it_is_for_a_type_or_for_one_pipeline_of_it() -> None:
    assert template("offer").is_for("deal", "general")
    assert template("offer", types=["deal/big"]).is_for("deal", "big")
    assert not template("offer", types=["deal/big"]).is_for("deal", "general")
    assert not template("offer", types=["lead"]).is_for("deal", "")


def test_templates_that_share_numbers_are_counted_by_one() -> None:
    known = {
        one.key: one for one in (template("a"), template("b", numbers="a"), template("c", numbers="b"), template("d"))
    }

    assert [found.key for key in known if (found := counting(known, key))] == ["a", "a", "a", "d"]
    assert list(sharing(known, "a")) == ["a", "b", "c"]
    assert counting(known, "nothing") is None


def test_templates_that_name_each_other_come_to_an_end() -> None:
    known = {one.key: one for one in (template("a", numbers="b"), template("b", numbers="a"))}
    assert counting(known, "a") is not None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, ""),
        ({"blob": "../../etc/passwd"}, "not the content"),
        ({"blob": BLOB.upper()}, "not the content"),
        ({"label": "  "}, "a key and a name"),
        ({"key": ""}, "a key and a name"),
        ({"pattern": "all the same"}, "pattern: it must contain {NUMBER}"),
        ({"pattern": ""}, "pattern"),
        ({"step": 0}, "step"),
        ({"start": -1}, "start"),
        ({"pattern": "{NUMBER}", "reset": "year"}, "pattern"),
    ],
)
def test_what_a_script_wrote_is_a_template_or_left_out(said: dict[str, Any], wrong: str) -> None:
    doc = msgspec.to_builtins(template("offer", **said))

    assert wrong in why_misshapen(template("offer", **said))
    assert bool(workspace(doc).doc_templates) is not bool(wrong)


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_values_of_wrong_kinds_in_any_part_leave_the_others(wrong: object) -> None:
    sound = msgspec.to_builtins(template("offer"))
    made = workspace(*({**sound, "key": f"k{n}", name: wrong} for n, name in enumerate(sound) if name != "key"), sound)

    assert "offer" in made.doc_templates
    assert len(made.doc_templates) + len(made.misshapen) == len(sound)


def test_they_stand_in_their_order() -> None:
    docs = [msgspec.to_builtins(template(key, sort=sort)) for key, sort in (("a", 20), ("b", 10), ("c", 10))]
    assert list(workspace(*docs).doc_templates) == ["b", "c", "a"]
