"""A field of another kind with the values converted: told before, made as one change, nothing guessed, nothing lost."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.limits import OPTIONS
from tuicrm.services.definitions import field_conversion
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


def source(session: Session, kind: str, *values: Any, **said: Any) -> Field:
    """A field "Old" of that kind whose values the first deals have, as they are kept."""
    made = add_field(session, "deal", "Old", kind, **said)
    for n, value in enumerate(values, start=1):
        items.edit(session, Ref("deal", n), {"old": value})
    return made


def converted(session: Session, kind: str, **said: Any) -> list[Any]:
    """What the values come to, by deal; the preview and the conversion count the same, and undo takes all of it back."""
    made = field_conversion.other_field(session, "deal", "old", "New", kind, **said)
    before = [session.get(ref).fields for ref in (D1, D2, D3)]
    seq = session.store.seq()
    told = field_conversion.preview(session, "deal", "old", made)
    assert session.store.seq() == seq
    assert field_conversion.convert(session, "deal", "old", made) == told
    values = [session.get(ref).get("new") for ref in (D1, D2, D3)]
    assert told.taken == sum(value is not None for value in values)
    assert [session.get(ref).get("old") for ref in (D1, D2, D3)] == [doc.get("old") for doc in before]
    undo(session)
    assert session.workspace.field("deal", "new") is None
    assert [session.get(ref).fields for ref in (D1, D2, D3)] == before
    redo(session)
    assert [session.get(ref).get("new") for ref in (D1, D2, D3)] == values
    return values


@pytest.mark.parametrize(
    ("kind", "values", "to", "said", "expected"),
    [
        ("string", ("12.5", "abc", "7"), "number", {}, ["12.5", None, "7"]),
        ("string", ("12.5", "7.0", "7"), "integer", {}, [None, 7, 7]),
        ("string", ("12.5 USD", "7", "x"), "money", {},
         [{"amount": "12.50", "currency": "USD"}, {"amount": "7.00", "currency": "EUR"}, None]),
        ("string", ("yes", "no", "maybe"), "boolean", {}, [True, False, None]),
        ("string", ("2026-12-18", "fri", "tomorrow"), "date", {}, ["2026-12-18", None, None]),
        ("string", ("2026-12-18 15:00", "+3d", "now"), "datetime", {}, ["2026-12-18T15:00:00Z", None, None]),
        ("string", ("Luca Riva", "luca", "nobody"), "person", {}, ["luca", "luca", None]),
        ("string", ("CO-1", "Ferrari Legnami", "CO-99"), "item", {"targets": ["company"]}, ["company:1", "company:2", None]),
        ("string", ("Red", "red", "Blue"), "list", {}, ["red", "red", "blue"]),
        ("string", ("Red", "Re", "red"), "list", {"options": ["Red", "Blue"]}, ["red", None, "red"]),
        ("string", ("Call", "call", "Adv"), "dictionary", {"dictionary": "source"}, ["call", "call", None]),
        ("string", ("a", "b", "c"), "string", {"many": True}, [["a"], ["b"], ["c"]]),
        ("text", ("one\ntwo", "one two", "three"), "list", {}, ["one_two", "one_two", "three"]),
        ("text", ("one\ntwo", "x", "y"), "string", {}, [None, "x", "y"]),
        ("integer", (5, 0, -3), "string", {}, ["5", "0", "-3"]),
        ("integer", (5, 0, -3), "number", {"settings": {"min": "0"}}, ["5", "0", None]),
        ("boolean", (True, False), "string", {}, ["yes", "no", None]),
        ("number", ("12.50", "3", "0.001"), "integer", {}, [None, 3, None]),
        ("money", ({"amount": "5.50", "currency": "USD"}, {"amount": "7.00", "currency": "EUR"}), "number", {},
         ["5.50", "7.00", None]),
        ("money", ({"amount": "5.50", "currency": "USD"}, {"amount": "7.00", "currency": "EUR"}), "string", {},
         ["5.50 USD", "7.00 EUR", None]),
        ("duration", (90, 120, 20), "number", {}, ["1.5", "2", "0.33"]),
        ("duration", (90, 120, 0), "integer", {}, [None, 2, 0]),
        ("duration", (90,), "string", {}, ["1:30", None, None]),
        ("number", ("1.5", "2", "-1"), "duration", {}, [90, 120, None]),
        ("integer", (2, 0), "duration", {"settings": {"max": "1"}}, [None, 0, None]),
        ("string", ("1h 30m", "90 min", "soon"), "duration", {}, [90, 90, None]),
        ("date", ("2026-12-18",), "datetime", {}, ["2026-12-18T00:00:00Z", None, None]),
        ("person", ("luca",), "string", {}, ["Luca Riva", None, None]),
        ("phone", ({"value": "+39025550142", "typed": "02 555 0142", "type": "work"},), "string", {}, ["+39025550142", None, None]),
    ],
)  # fmt: skip
def test_values_are_read_as_if_they_had_been_typed(
    seeded: Session, kind: str, values: tuple[Any, ...], to: str, said: dict[str, Any], expected: list[Any]
) -> None:
    source(seeded, kind, *values)
    assert converted(seeded, to, **said) == expected


def test_several_values(seeded: Session) -> None:
    source(seeded, "string", ["a", "b, c"], ["7"], ["A", "a", "7"], many=True)
    assert converted(seeded, "string") == ["a, b, c", "7", "A, a, 7"]
    undo(seeded)
    assert converted(seeded, "text") == ["a\nb, c", "7", "A\na\n7"]
    undo(seeded)
    assert converted(seeded, "number") == [None, "7", None]
    undo(seeded)
    assert converted(seeded, "list", many=True) == [["a", "b_c"], ["option_7"], ["a", "option_7"]]


def test_a_moment_becomes_the_persons_own_day(seeded: Session) -> None:
    source(seeded, "datetime", "2026-12-18T23:30:00Z", "2026-12-18T12:00:00Z")
    assert converted(seeded, "date") == ["2026-12-18", "2026-12-18", None]
    undo(seeded)
    seeded.zone = timezone(timedelta(hours=1))
    assert converted(seeded, "date") == ["2026-12-19", "2026-12-18", None]
    undo(seeded)
    seeded.zone = UTC


def test_what_cannot_be_converted_is_told_with_its_item_and_the_reason(seeded: Session) -> None:
    source(seeded, "string", "abc", "7", "x\u202ey")
    made = field_conversion.other_field(seeded, "deal", "old", "New", "number")
    told = field_conversion.preview(seeded, "deal", "old", made)
    assert (told.taken, told.failed, told.left_out) == (1, 2, 0)
    assert [(one.ref, one.text) for one in told.first] == [(D1, "abc"), (D3, "x\u202ey")]
    assert all(one.reason for one in told.first)


def test_the_first_failures_stand_for_all(seeded: Session) -> None:
    source(seeded, "string")
    docs = [Op("deal", 100 + n, {"title": "x", "old": "no number", "responsible": "anna"}) for n in range(450)]
    seeded.store.commit(docs, by="anna", note="many")
    made = field_conversion.other_field(seeded, "deal", "old", "New", "number")
    told = field_conversion.preview(seeded, "deal", "old", made)
    assert (told.failed, len(told.first)) == (450, 20)


def test_what_is_refused(seeded: Session) -> None:
    source(seeded, "string", "a")
    add_field(seeded, "deal", "Papers", "file")
    for key, label, kind, told in (
        ("old", "Old", "number", "label"),
        ("old", "New", "string", "already of this type"),
        ("old", "New", "stage", "no such type of field"),
        ("old", "New", "item", "types"),
        ("papers", "New", "string", "cannot be converted"),
        ("stage", "New", "string", "cannot be converted"),
        ("currency", "New", "string", "cannot be converted"),
    ):
        with pytest.raises(Refused, match=told):
            field_conversion.other_field(seeded, "deal", key, label, kind)
    with pytest.raises(NotFound):
        field_conversion.other_field(seeded, "deal", "nothing", "New", "number")


def test_too_many_different_values_make_no_list(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OPTIONS, "most", 2)
    source(seeded, "string", "a", "b", "c")
    with pytest.raises(Refused, match="more than 2"):
        field_conversion.other_field(seeded, "deal", "old", "New", "list")
    items.edit(seeded, D3, {"old": "x" * 201})
    monkeypatch.undo()
    with pytest.raises(Refused, match="at most 200"):
        field_conversion.other_field(seeded, "deal", "old", "New", "list")


def test_who_may_see_the_old_one_may_see_the_new_one(seeded: Session, open_as: OpenAs) -> None:
    source(seeded, "string", "5")
    restrict_field(seeded, "deal", "old", ["anna"])
    made = field_conversion.other_field(seeded, "deal", "old", "New", "number")
    field_conversion.convert(seeded, "deal", "old", made)
    assert seeded.workspace.fields("deal")["new"].visible_to == ["anna"]
    assert "new" not in open_as("luca").get(D1).fields


def test_it_needs_the_right_before_anything_is_told(seeded: Session, open_as: OpenAs) -> None:
    source(seeded, "string", "secret")
    made = field_conversion.other_field(seeded, "deal", "old", "New", "number")
    luca = open_as("luca")
    with pytest.raises(AccessDenied):
        field_conversion.other_field(luca, "deal", "old", "New", "number")
    with pytest.raises(AccessDenied):
        field_conversion.preview(luca, "deal", "old", made)
    with pytest.raises(AccessDenied):
        field_conversion.convert(luca, "deal", "old", made)


def test_who_may_not_read_an_item_is_not_told_its_value(seeded: Session, open_as: OpenAs) -> None:
    source(seeded, "string", "of Anna", "of Luca")
    with seeded.change("role") as change:
        change.put(
            "role", {"key": "s", "label": "S", "specials": ["settings"], "rules": {"*": {"read": "own", "edit": "own"}}}
        )
        entry = seeded.workspace.entry("person", "luca")
        assert entry is not None
        change.patch("person", entry.id, {"roles": ["s"]})
    luca = open_as("luca")
    told = field_conversion.preview(
        luca, "deal", "old", field_conversion.other_field(luca, "deal", "old", "New", "number")
    )
    assert (told.failed, [one.text for one in told.first]) == (2, ["of Luca"])


# -- while others work, and stopped ------------------------------------------------------------------------------------
def many(session: Session, count: int) -> None:
    source(session, "string")
    docs = [Op("deal", 100 + n, {"title": f"x{n}", "old": str(n), "responsible": "anna"}) for n in range(count)]
    session.store.commit(docs, by="anna", note="many")


def test_progress_is_told_and_what_it_raises_leaves_nothing(seeded: Session) -> None:
    many(seeded, 450)
    made = field_conversion.other_field(seeded, "deal", "old", "New", "number")
    told: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        field_conversion.convert(seeded, "deal", "old", made, stop)
    assert told == [(0, 450), (200, 450)]
    assert seeded.workspace.field("deal", "new") is None
    assert "new" not in seeded.get(Ref("deal", 100)).fields
    assert field_conversion.convert(seeded, "deal", "old", made).taken == 450
    assert seeded.get(Ref("deal", 549)).get("new") == "449"


def test_what_others_change_meanwhile_is_converted_as_it_is_then_or_left_out(seeded: Session, open_as: OpenAs) -> None:
    many(seeded, 450)
    made = field_conversion.other_field(seeded, "deal", "old", "New", "number")
    again = open_as("anna")

    def meanwhile(done: int, _of: int) -> None:
        if done == 200:
            # One whose line is written already, and two of the line that comes next.
            items.edit(again, Ref("deal", 100), {"old": "1000"})
            items.edit(again, Ref("deal", 305), {"old": "2000"})
            items.edit(again, Ref("deal", 306), {"title": "still here"})

    told = field_conversion.convert(seeded, "deal", "old", made, meanwhile)
    assert (told.taken, told.left_out) == (449, 1)
    assert (seeded.get(Ref("deal", 100)).get("new"), seeded.get(Ref("deal", 100)).get("old")) == (None, "1000")
    assert seeded.get(Ref("deal", 305)).get("new") == "2000"
    assert (seeded.get(Ref("deal", 306)).get("new"), seeded.get(Ref("deal", 306)).get("title")) == ("206", "still here")
