"""Changing many items at once: looked at first, one undo, every rule for each."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, require_field
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused
from tuicrm.services.history.undo import undo
from tuicrm.services.items import bulk_edit, items
from tuicrm.services.items.bulk_edit import apply, look, read_steps
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.progress import WorkStopped


def deals(session: Session, count: int) -> list[int]:
    with session.change("many") as change:
        return [change.add("deal", {"title": f"Deal {n}"}).id for n in range(count)]


def test_what_would_change_is_told_and_nothing_is_written(seeded: Session) -> None:
    ids = deals(seeded, 3)
    items.edit(seeded, Ref("deal", ids[0]), {"comment": "so already"})
    seq = seeded.store.seq()
    preview = look(seeded, "deal", ids, read_steps(seeded, "deal", {"comment": "so already"}))
    assert (preview.changing, preview.same, preview.stayed) == (ids[1:], 1, [])
    assert preview.examples[0].changes == (("Comment", "", "so already"),)
    assert seeded.store.seq() == seq
    assert bulk_edit.tally(preview) == ["2 change", "1 is unchanged"]


@pytest.mark.parametrize("count", [3, 450], ids=["one transaction", "a batch"])
def test_one_undo_takes_all_back(seeded: Session, count: int) -> None:
    ids = deals(seeded, count)
    steps = read_steps(seeded, "deal", {"comment": "for all", "stage": "Document preparation"})
    assert apply(seeded, "deal", ids, steps) == []
    assert {(one.get("comment"), one.get("stage")) for one in seeded.many("deal", ids)} == {("for all", "preparation")}
    assert f"{count} deals" in undo(seeded).label
    assert {(one.get("comment"), one.get("stage")) for one in seeded.many("deal", ids)} == {(None, "new")}


def test_stopped_in_the_middle_nothing_of_it_stays(seeded: Session) -> None:
    ids, told = deals(seeded, 450), []

    def tell(done: int, of: int) -> None:
        told.append((done, of))
        if done >= 200:
            raise WorkStopped

    with pytest.raises(WorkStopped):
        apply(seeded, "deal", ids, read_steps(seeded, "deal", {"comment": "x"}), tell)
    assert told == [(0, 450), (200, 450)]
    assert all(one.get("comment") is None for one in seeded.many("deal", ids))


def test_those_that_lack_something_stay_and_say_what(seeded: Session) -> None:
    ids = deals(seeded, 2)
    require_field(seeded, "deal", "comment", always=False, pipeline="general", stages=["preparation"])
    items.edit(seeded, Ref("deal", ids[0]), {"comment": "has one"})
    preview = look(seeded, "deal", ids, read_steps(seeded, "deal", {"stage": "Document preparation"}))
    assert preview.changing == ids[:1]
    assert bulk_edit.reasons(seeded, preview.stayed) == [("requires Comment", 1)]
    both = read_steps(seeded, "deal", {"stage": "Document preparation", "comment": "now"})
    assert look(seeded, "deal", ids, both).changing == ids


def test_several_values_are_added_and_taken_away(seeded: Session) -> None:
    key = add_field(seeded, "deal", "Tags", "string", many=True).key
    ids = deals(seeded, 2)
    items.edit(seeded, Ref("deal", ids[0]), {key: ["a", "b"]})
    apply(seeded, "deal", ids, read_steps(seeded, "deal", {"Tags+": "b; c"}))
    assert [one.get(key) for one in seeded.many("deal", ids)] == [["a", "b", "c"], ["b", "c"]]
    apply(seeded, "deal", ids, read_steps(seeded, "deal", {"Tags-": "b"}))
    assert [one.get(key) for one in seeded.many("deal", ids)] == [["a", "c"], ["c"]]
    apply(seeded, "deal", ids, read_steps(seeded, "deal", {key: ""}))
    assert [one.get(key) for one in seeded.many("deal", ids)] == [None, None]


def test_a_phone_is_taken_away_whatever_its_kind(seeded: Session) -> None:
    contact = items.add(
        seeded, "contact", items.values(seeded, "contact", {"last_name": "X", "phone": "+39 02 1234567"})
    )
    steps = read_steps(seeded, "contact", {"phone-": "02 1234567"})
    apply(seeded, "contact", [contact.id], steps)
    assert seeded.get(contact.ref).get("phone") is None


def test_a_bare_amount_is_in_each_ones_currency(seeded: Session) -> None:
    ids = deals(seeded, 2)
    items.edit(seeded, Ref("deal", ids[0]), {"amount": {"amount": "5", "currency": "USD"}})
    apply(seeded, "deal", ids, read_steps(seeded, "deal", {"amount": "700"}))
    assert [one.fields["amount"]["currency"] for one in seeded.many("deal", ids)] == ["USD", "EUR"]


@pytest.mark.parametrize(
    "words", [{"nowhere": "x"}, {"amount": "x y"}, {"title+": "x"}, {"title": "a", "Deal name": "b"}], ids=str
)
def test_what_cannot_be_is_refused_before_anything_is_looked_at(seeded: Session, words: dict[str, str]) -> None:
    with pytest.raises(Refused):
        read_steps(seeded, "deal", words)


def test_those_that_one_may_not_change_stay(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    mine = items.add(luca, "deal", {"title": "Mine"})
    others = deals(seeded, 1)
    luca.store.refresh()
    preview = look(luca, "deal", [mine.id, *others], read_steps(luca, "deal", {"comment": "x"}))
    assert (preview.changing, [one.ref.id for one in preview.stayed if one.barred]) == ([mine.id], others)
