"""The required rule, on plain data."""

from __future__ import annotations

from tuicrm.domain.required import first_stage_needing, missing_fields
from tuicrm.domain.schema import Field, Pipeline, Stage

FIELDS = [
    Field("title", "string", "Title", required=True),
    Field("amount", "money", "Amount", required_at={"shop": ["offer", "won"]}),
    Field("done", "boolean", "Done", required_at={"shop": ["won"]}),
    Field("phone", "phone", "Phone", required=True, required_at={"shop": ["offer"]}),
    Field("reason", "list", "Reason", required_at={"shop": ["lost"]}, visible_to=["anna"]),
]
SHOP = Pipeline(
    "shop",
    "deal",
    "Shop",
    [
        Stage("new", "New", "#fff"),
        Stage("offer", "Offer", "#fff"),
        Stage("won", "Won", "#fff", "success"),
        Stage("lost", "Lost", "#fff", "failure"),
    ],
)


def keys(doc: dict[str, object], stage: str, *, sees_all: bool = True) -> list[str]:
    found = missing_fields(FIELDS, doc, "shop", stage, lambda field: sees_all or not field.visible_to)
    return [field.key for field in found]


def test_always_required_and_required_at_a_stage() -> None:
    assert keys({}, "new") == ["title"]
    assert keys({"title": "x", "phone": "1"}, "offer") == ["amount"]
    assert keys({"title": "x", "amount": {"amount": "1", "currency": "EUR"}}, "won") == ["done"]


def test_chosen_stages_of_a_pipeline_stand_there_for_required_everywhere() -> None:
    assert [field.key for field in missing_fields(FIELDS, {"title": "x"}, "trade", "any")] == ["phone"]
    assert "phone" not in keys({}, "new")
    assert "phone" in keys({}, "offer")


def test_false_and_zero_are_values() -> None:
    assert keys({"title": "x", "amount": {"amount": "0", "currency": "EUR"}, "done": False}, "won") == []


def test_a_field_one_cannot_see_does_not_bind() -> None:
    assert keys({"title": "x"}, "lost") == ["reason"]
    assert keys({"title": "x"}, "lost", sees_all=False) == []


def test_the_next_stage_that_needs_a_field() -> None:
    title, amount, done, _phone, reason = FIELDS
    assert first_stage_needing(amount, SHOP, "new") == "offer"
    assert first_stage_needing(done, SHOP, "offer") == "won"
    assert first_stage_needing(reason, SHOP, "new") == ""
    assert first_stage_needing(title, SHOP, "new") == "offer"
