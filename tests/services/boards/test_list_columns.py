"""Columns, widths, order and sums of lists."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.services.boards import list_columns
from tuicrm.services.boards.list_columns import (
    CLIENT,
    NAME,
    REF,
    Arrangement,
    ListColumn,
    SortKey,
    arrangement,
    keep,
    ordered,
)
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.reader import NEXT
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences

TITLE = (ListColumn("title"),)


def test_what_one_chose_is_kept_for_oneself(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    chosen = Arrangement((ListColumn(REF), ListColumn("title", 30), ListColumn(NEXT)), (SortKey("amount", True),))
    keep(seeded, "deal", chosen)
    luca.store.refresh()
    assert arrangement(seeded, "deal") == chosen
    assert arrangement(luca, "deal") == list_columns.usual(luca, "deal")
    keep(seeded, "deal", list_columns.usual(seeded, "deal"))
    assert arrangement(seeded, "deal") == list_columns.usual(seeded, "deal")


def test_a_column_that_one_may_not_see_is_not_there(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    key = add_field(seeded, "deal", "Secret", "number").key
    luca.store.refresh()
    keep(luca, "deal", Arrangement((ListColumn("title"), ListColumn(key)), (SortKey(key),)))
    assert arrangement(luca, "deal").order == (SortKey(key),)
    restrict_field(seeded, "deal", key, ["anna"])
    luca.store.refresh()
    assert arrangement(luca, "deal") == Arrangement(TITLE)
    assert key not in [field.key for field in list_columns.every_column(luca, "deal")]
    assert ItemList(luca, "deal").headings() == ["Title"]


@pytest.mark.parametrize(
    "kept",
    [
        {"columns": "x"},
        {"columns": [["title"], 5, ["nowhere", 0], ["title", 9_999]]},
        {"order": [5, "nowhere", "-@ref"]},
        {"x": 1},
    ],
    ids=str,
)
def test_what_another_program_wrote_there_does_no_harm(seeded: Session, kept: dict[str, object]) -> None:
    preferences.choose_list(seeded, LayoutPlace("deal"), kept)
    shown = ItemList(seeded, "deal")
    assert shown.columns
    assert len(shown.row(1)) == len(shown.widths()) == len(shown.columns)


def test_steps(seeded: Session) -> None:
    first = Arrangement((ListColumn("title"), ListColumn("amount")))
    assert list_columns.toggled(first, "stage").columns[-1] == ListColumn("stage")
    assert list_columns.toggled(list_columns.toggled(first, "title"), "amount").columns == (ListColumn("amount"),)
    assert list_columns.moved(first, "title", 1).columns[0].key == "amount"
    assert list_columns.moved(first, "title", -1) == first
    assert list_columns.sized(first, "title", 500).columns[0].cells == 80
    up = ordered(ordered(first, "amount"), "title")
    assert up.order == (SortKey("amount"), SortKey("title"))
    assert list_columns.reordered(up, "title", -1).order[0].key == "title"
    down = ordered(up, "amount")
    assert down.order[0].descending
    assert ordered(down, "amount").order == (SortKey("title"),)


def test_sorted_by_several(seeded: Session) -> None:
    for n, (title, amount) in enumerate((("B", "5"), ("A", "5"), ("C", "7")), start=1):
        items.edit(seeded, Ref("deal", n), {"title": title, "amount": {"amount": amount, "currency": "EUR"}})
    keep(seeded, "deal", Arrangement(TITLE, (SortKey("amount", True), SortKey("title"))))
    shown = ItemList(seeded, "deal")
    assert [shown.row(one)[0] for one in shown.ids] == ["C", "A", "B"]
    assert shown.ranks() == [2]
    keep(seeded, "deal", Arrangement(TITLE, ()))
    assert [shown.row(one)[0] for one in ItemList(seeded, "deal").ids] == ["A", "B", "C"]


def test_sorted_by_the_next_activity_what_has_none_comes_last(seeded: Session) -> None:
    activities.add(seeded, Ref("deal", 1), "later", "2026-12-05T09:00:00Z")
    activities.add(seeded, Ref("deal", 3), "soon", "2026-11-24T09:00:00Z")
    keep(seeded, "deal", Arrangement((ListColumn(REF), ListColumn(NEXT)), (SortKey(NEXT),)))
    shown = ItemList(seeded, "deal")
    assert shown.ids == [3, 1, 2]
    assert shown.row(3)[0] == "D-3"
    assert "09:00" in shown.row(3)[1]
    assert shown.row(2)[1] == ""
    keep(seeded, "deal", Arrangement((ListColumn(REF),), (SortKey(NEXT, True),)))
    assert ItemList(seeded, "deal").ids == [1, 3, 2]


@pytest.mark.parametrize("down", [False, True])
def test_sorted_by_something_else_first_the_next_activity_orders_only_what_is_equal(
    seeded: Session, down: bool
) -> None:
    for number, source in enumerate(("web", "web", "call", None, None), start=1):
        if number > 3:
            items.add(seeded, "deal", {"title": f"More {number}"})
        items.edit(seeded, Ref("deal", number), {"source": source})
    for number, day in ((1, 27), (3, 28), (2, 26), (5, 24)):
        activities.add(seeded, Ref("deal", number), "call", f"2026-11-{day}T09:00:00Z")
    keep(seeded, "deal", Arrangement((ListColumn(REF),), (SortKey("source", down), SortKey(NEXT), SortKey("title"))))
    assert ItemList(seeded, "deal").ids == ([2, 1, 3, 5, 4] if down else [3, 2, 1, 5, 4])
    keep(seeded, "deal", Arrangement((ListColumn(REF),), (SortKey("source", down), SortKey(NEXT, True))))
    assert ItemList(seeded, "deal").ids == ([1, 2, 3, 5, 4] if down else [3, 1, 2, 5, 4])
    keep(seeded, "deal", Arrangement((ListColumn(REF),), (SortKey(NEXT), SortKey("source", down))))
    assert ItemList(seeded, "deal").ids == [5, 2, 1, 3, 4]


def test_sums_in_the_base_currency_and_what_has_no_rate_apart(seeded: Session) -> None:
    key = add_field(seeded, "deal", "Pieces", "integer").key
    items.edit(seeded, Ref("deal", 1), {key: 3})
    items.edit(seeded, Ref("deal", 2), {key: 4})
    items.edit(seeded, Ref("deal", 3), {"amount": {"amount": "900", "currency": "JPY"}})
    keep(seeded, "deal", Arrangement((*TITLE, ListColumn("amount"), ListColumn(key))))
    shown = ItemList(seeded, "deal")
    texts, unrated = shown.sums()
    assert texts[0] == ""
    assert texts[1].startswith("€ 50,500")
    assert texts[2] == "7"
    assert "no rate" in unrated
    assert ItemList(seeded, "deal", ids=[1]).sums() == (["", "", ""], "")


def test_prices_of_a_catalogue_are_not_summed(seeded: Session) -> None:
    for price in ("100", "250"):
        items.add(seeded, "product", {"title": "Board", "price": {"amount": price, "currency": "EUR"}})
    texts, unrated = ItemList(seeded, "product").sums()
    assert (set(texts), unrated) == ({""}, "")


def test_everybody_sees_first_what_people_look_for(seeded: Session) -> None:
    def usual(type_key: str) -> list[str]:
        return [column.key for column in list_columns.usual(seeded, type_key).columns]

    assert usual("contact")[:4] == [NAME, "phone", "email", "company"]
    assert usual("deal")[:5] == ["title", CLIENT, "stage", "amount", NEXT]
    assert usual("company")[:4] == ["title", "phone", "email", "responsible"]
    assert usual("lead")[:4] == ["title", "stage", "amount", NEXT]
    assert CLIENT in usual("quote")
    assert NEXT not in usual("quote")
    # A name of one field is that field, and so is a client of one: neither is offered twice.
    offered = [field.key for field in list_columns.every_column(seeded, "company")]
    assert NAME not in offered
    assert CLIENT not in offered


def test_a_name_and_a_client_are_one_column_each(seeded: Session) -> None:
    items.add(seeded, "contact", {"first_name": "Ada", "last_name": "Byron"})
    shown = ItemList(seeded, "contact")
    assert shown.headings()[0] == "Name"
    assert shown.row(1)[0] == "Maria Rossi"
    assert shown.name_column() == 0
    assert [field.key for field in shown.fields][:2] == ["first_name", "last_name"], "a file has them apart"
    assert [field.key for field in list_columns.shown_fields(seeded, "contact")][:2] == ["first_name", "last_name"]
    for descending in (False, True):
        keep(seeded, "contact", Arrangement((ListColumn(NAME),), (SortKey(NAME, descending),)))
        assert list(ItemList(seeded, "contact").ids) == ([1, 2] if descending else [2, 1])
    # The client is the company, else a person.
    items.edit(seeded, Ref("deal", 3), {"contacts": ["contact:2"]})
    deals = ItemList(seeded, "deal")
    assert [deals.row(number)[1] for number in (1, 2, 3)] == ["Rossi Srl", "Ferrari Legnami", "Ada Byron"]
    assert not list_columns.can_sort(deals.columns[1])
    assert {"company", "contacts"} <= {field.key for field in deals.fields}
