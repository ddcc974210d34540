"""Fields by words: everything that is wrong is told at once, nothing is made then; what is right is one change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, require_field
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.i18n import set_language
from tuicrm.services.definitions import field_words
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def add(
    session: Session, kind: str = "string", type_key: str = "deal", said: dict[str, Any] | None = None, **texts: str
) -> Field:
    return field_words.add(session, type_key, "Size", kind, texts, **(said or {}))


def edit(session: Session, key: str, type_key: str = "deal", pipeline: str = "", **texts: str) -> Field:
    return field_words.edit(session, type_key, key, texts, pipeline=pipeline)


def told(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.field for problem in refused.value.fields]


@pytest.fixture
def trade(seeded: Session) -> Session:
    """A second pipeline, Trade, with the stages Offer, "Won, paid" and Lost."""
    stages = [("offer", "Offer", "process"), ("won", "Won, paid", "success"), ("lost", "Lost", "failure")]
    with seeded.change("another pipeline") as change:
        made = [{"key": key, "label": label, "colour": "#fff", "semantics": what} for key, label, what in stages]
        change.put("pipeline", {"key": "trade", "type": "deal", "label": "Trade", "stages": made})
    return seeded


# -- added -------------------------------------------------------------------------------------------------------------
def test_a_field_is_made_with_all_that_is_said_of_it_in_one_step(seeded: Session) -> None:
    seq = seeded.store.seq()
    made = add(
        seeded,
        "number",
        min="0",
        max="100",
        unit="%",
        default="5",
        help="after costs",
        required="yes",
        visible_to="anna, Test company",
    )
    assert seeded.store.seq() == seq + 1
    assert (made.key, made.settings, made.default) == ("size", {"min": "0", "max": "100", "unit": "%"}, "5")
    assert (made.help, made.required, made.visible_to) == ("after costs", True, ["anna", "department:company"])
    undo(seeded)
    assert seeded.workspace.field("deal", "size") is None


@pytest.mark.parametrize(
    ("kind", "said", "default", "kept"),
    [
        ("date", {}, "now", {"now": 0}),
        ("datetime", {}, "+7d", {"now": 7}),
        ("money", {}, "10 USD", {"amount": "10.00", "currency": "USD"}),
        ("boolean", {}, "no", False),
        ("list", {"options": ["X y", "x_y"]}, "X y", "x_y"),
        ("list", {"options": ["X y", "x_y"]}, "x_y_2", "x_y_2"),
        ("list", {"options": ["a", "b"], "many": True}, "a; b", ["a", "b"]),
        ("dictionary", {"dictionary": "source"}, "Call", "call"),
        ("integer", {"many": True}, "1; 2", [1, 2]),
        ("string", {}, "", None),
    ],
)  # fmt: skip
def test_defaults_of_new_fields(seeded: Session, kind: str, said: dict[str, Any], default: str, kept: Any) -> None:
    made = add(seeded, kind, said=said, default=default)
    assert made.default == kept
    assert items.add(seeded, "deal", {"title": "x"}).get("size") is not None or kept is None


def test_all_that_is_wrong_is_told_and_nothing_made(seeded: Session) -> None:
    seq = seeded.store.seq()
    with pytest.raises(Refused) as refused:
        field_words.add(
            seeded, "deal", "Amount", "number",
            {"min": "much", "rows": "3", "colour": "red", "default": "x", "required": "Nowhere", "visible_to": "anna, nobody, none"},
            options=["a"], key="Größe",
        )  # fmt: skip
    assert sorted(told(refused)) == sorted(
        ["min", "rows", "colour", "default", "required", "visible_to", "label", "key", "options"]
    )
    by_field = {problem.field: problem.message for problem in refused.value.fields}
    assert by_field["colour"].endswith("label, help, required, visible_to, default, min, max, precision, unit")
    assert "nobody" in by_field["visible_to"]
    assert "none" in by_field["visible_to"]
    assert seeded.store.seq() == seq


def test_an_unknown_kind_and_a_yes_no_of_several(seeded: Session) -> None:
    with pytest.raises(Refused) as refused:
        add(seeded, "spaceship", min="0")
    assert "kind" in told(refused)
    with pytest.raises(Refused) as refused:
        add(seeded, "boolean", said={"many": True}, default="perhaps")
    assert told(refused) == ["default", "many"]


def test_an_empty_setting_of_a_new_field_is_none(seeded: Session) -> None:
    assert add(seeded, "number", min="", max="5", default="").settings == {"max": "5"}
    assert field_words.settings(seeded, "deal", "integer", {"minimum": "1", "max": ""}) == {"min": "1"}
    with pytest.raises(Refused) as refused:
        field_words.settings(seeded, "deal", "integer", {"min": "x", "rows": "1", "default": "5", "help": "x"})
    assert told(refused) == ["min", "rows", "default", "help"]


def test_settings_by_their_labels(seeded: Session) -> None:
    assert add(seeded, "integer", minimum="3", MAXIMUM="5").settings == {"min": "3", "max": "5"}
    set_language("it")
    assert edit(seeded, "size", minimo="4").settings == {"min": "4", "max": "5"}
    set_language("en")
    with pytest.raises(Refused) as refused:
        edit(seeded, "size", min="1", minimum="2")
    assert told(refused) == ["minimum"]


# -- changed -----------------------------------------------------------------------------------------------------------
def test_a_field_changes_in_one_step(seeded: Session) -> None:
    add(seeded, "number", min="0", default="5")
    seq = seeded.store.seq()
    changed = edit(
        seeded, "size", label="Margin", help="x", min="", max="90", default="", required="yes", visible_to="Luca Riva"
    )
    assert seeded.store.seq() == seq + 1
    assert (changed.label, changed.help, changed.settings, changed.default) == ("Margin", "x", {"max": "90"}, None)
    assert (changed.required, changed.visible_to) == (True, ["luca"])
    assert edit(seeded, "size", help="", visible_to="").visible_to == []
    undo(seeded)
    undo(seeded)
    assert seeded.workspace.fields("deal")["size"].label == "Size"


def test_a_default_is_read_with_the_settings_that_come_with_it(seeded: Session) -> None:
    add(seeded, "integer", max="10")
    assert edit(seeded, "size", max="100", default="50").default == 50
    with pytest.raises(Refused) as refused:
        edit(seeded, "size", max="20", default="30")
    assert told(refused) == ["default"]
    with pytest.raises(Refused) as refused:
        edit(seeded, "size", max="20")
    assert told(refused) == ["default"]


@pytest.mark.parametrize("word", ["key", "kind", "many", "options", "colour", "rows", "default", "visible_to"])
def test_what_never_changes_and_what_a_system_field_keeps(seeded: Session, word: str) -> None:
    with pytest.raises(Refused) as refused:
        field_words.edit(seeded, "deal", "amount", {word: "anna"})
    assert told(refused) == [word]


def test_a_system_field_takes_a_name_help_and_rules(seeded: Session) -> None:
    changed = edit(seeded, "amount", label="Value", help="without tax", required="In progress, won")
    assert (changed.label, changed.help, changed.required_at) == (
        "Value",
        "without tax",
        {"general": ["executing", "won"]},
    )


def test_it_needs_the_right_and_a_field(seeded: Session, open_as: OpenAs) -> None:
    add(seeded, visible_to="anna")
    luca = open_as("luca")
    with pytest.raises(AccessDenied, match="who may change settings"):
        field_words.add(luca, "deal", "", "spaceship", {"x": "y"})
    with pytest.raises(AccessDenied, match="who may change settings"):
        field_words.edit(luca, "deal", "amount", {"x": "y"})
    with pytest.raises(NotFound):
        edit(seeded, "nothing", label="x")


# -- where it is required ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("steps", "required", "at", "words"),
    [
        ([("yes", "")], True, {}, "always"),
        ([("Sì", "")], True, {}, "always"),
        ([("yes", ""), ("no", "")], False, {}, ""),
        ([("yes", ""), ("", "")], False, {}, ""),
        ([("Offer", "trade")], False, {"trade": ["offer"]}, "Trade: Offer"),
        ([('lost; "Won, paid"', "trade")], False, {"trade": ["won", "lost"]}, "Trade: Won, paid, Lost"),
        ([("yes", "trade")], False, {"trade": ["offer", "won", "lost"]}, "Trade: Offer, Won, paid, Lost"),
        ([("yes", "trade"), ("no", "trade")], False, {}, ""),
        ([("yes", ""), ("no", "trade")], True, {"trade": []}, "always; Trade: never"),
        ([("yes", ""), ("won", "trade")], True, {"trade": ["won"]}, "always; Trade: Won, paid"),
        ([("yes", ""), ("won", "trade"), ("", "trade")], True, {}, "always"),
        ([("won", "trade"), ("executing", "general")], False, {"trade": ["won"], "general": ["executing"]},
         "General: In progress; Trade: Won, paid"),
        ([("won", "trade"), ("yes", "")], True, {}, "always"),
        ([("won", "trade"), ("executing", "general"), ("", "")], False, {}, ""),
    ],
)  # fmt: skip
def test_required_everywhere_nowhere_or_at_stages(
    trade: Session, steps: list[tuple[str, str]], required: bool, at: dict[str, list[str]], words: str
) -> None:
    add(trade)
    for text, pipeline in steps:
        edit(trade, "size", pipeline=pipeline, required=text)
    kept = trade.workspace.fields("deal")["size"]
    assert (kept.required, kept.required_at) == (required, at)
    assert field_words.where_required(trade, "deal", kept) == words


def test_in_one_pipeline_alone(trade: Session) -> None:
    add(trade)
    edit(trade, "size", required="yes")
    edit(trade, "size", pipeline="trade", required="won")
    kept = edit(trade, "size", pipeline="trade", required="won")

    def told(pipeline: str) -> str:
        return field_words.where_required(trade, "deal", kept, pipeline)

    assert (told("general"), told("trade"), told("gone")) == ("always", "Won, paid", "always")
    kept = edit(trade, "size", pipeline="trade", required="no")
    assert (told("general"), told("trade")) == ("always", "never")
    kept = edit(trade, "size", required="no")
    assert (told("general"), told("trade")) == ("", "")


def test_stages_of_which_pipeline_must_be_clear(trade: Session) -> None:
    add(trade)
    with pytest.raises(Refused, match="General, Trade"):
        edit(trade, "size", required="Offer")
    with pytest.raises(Refused, match="no stage"):
        edit(trade, "size", pipeline="trade", required="Offer, Nowhere")
    add(trade, type_key="contact")
    with pytest.raises(Refused, match="no stages"):
        edit(trade, "size", "contact", required="Offer")
    assert edit(trade, "size", "contact", required="yes").required
    assert field_words.where_required(trade, "contact", trade.workspace.fields("contact")["size"]) == "always"


def test_where_there_is_one_pipeline_its_name_says_nothing(seeded: Session) -> None:
    add(seeded)
    kept = edit(seeded, "size", required="executing")
    assert field_words.where_required(seeded, "deal", kept) == "In progress"
    kept = edit(seeded, "size", required="yes")
    kept = require_field(seeded, "deal", "size", always=True, pipeline="general", stages=[])
    assert field_words.where_required(seeded, "deal", kept) == "never"


def test_what_nobody_can_fill_is_never_required(seeded: Session) -> None:
    for key in ("created", "stage", "currency"):
        with pytest.raises(Refused) as refused:
            edit(seeded, key, required="yes")
        assert told(refused) == ["required"]


def test_what_someone_made_meanwhile_is_seen(seeded: Session, open_as: OpenAs) -> None:
    add_field(open_as("anna"), "deal", "Size")
    with pytest.raises(Refused) as refused:
        add(seeded)
    assert told(refused) == ["label"]
