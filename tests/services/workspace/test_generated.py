"""Generated workspaces: as many deals as asked for, the same every time, as if people had made them."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from tests.conftest import NOW, Clock
from tuicrm.domain.items import Ref
from tuicrm.domain.products import rows_of, totals
from tuicrm.domain.stamps import stamp
from tuicrm.services.boards.board import Board
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.generated import make_items
from tuicrm.services.workspace.start import Maker, Settings, open_session

ANNA = Maker("anna", "Anna Bianchi")
COUNT = 120
TYPES = ("deal", "company", "contact", "product", "quote", "invoice")


def made(path: Path, clock: Clock) -> Session:
    make_items(path, COUNT, person=ANNA, settings=Settings("Big"), clock=clock)
    return open_session(path, login="anna", clock=clock, zone=UTC, language="en")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return made(tmp_path_factory.mktemp("generated") / "big", Clock())


def test_it_is_the_same_every_time(big: Session, tmp_path: Path, clock: Clock) -> None:
    again = made(tmp_path / "again", clock)
    for type_key in TYPES:
        assert [item.fields for item in again.find(type_key).items] == [
            item.fields for item in big.find(type_key).items
        ]
    one, other = (repr(timeline.view(session, Ref("deal", 7))) for session in (big, again))
    assert one == other
    again.close()


def test_deals_link_to_what_exists_and_lie_in_the_past(big: Session) -> None:
    deals = big.find("deal").items
    assert len(deals) == COUNT
    for deal in deals:
        for ref in [deal.fields["company"], *deal.fields["contacts"]]:
            assert big.peek(Ref.parse(ref)) is not None
        assert deal.fields["responsible"] in big.workspace.people
        assert deal.fields["created"] <= deal.fields["stage_since"] <= deal.fields["updated"] <= stamp(NOW)
        stage = big.workspace.stage_of("deal", deal.fields)
        assert stage is not None
        assert deal.fields["closed"] == (stage.semantics != "process")


def test_amounts_are_the_sums_of_product_rows_and_stay_so_when_edited(big: Session) -> None:
    sold = [item for key in ("deal", "quote", "invoice") for item in big.find(key).items if item.get("products")]
    assert {item.type for item in sold} == {"deal", "quote", "invoice"}
    for item in sold:
        summed = totals(rows_of(item.get("products")))
        assert summed is not None
        assert item.get("amount") == {"amount": f"{summed.total}", "currency": summed.currency}
        assert item.get("tax") == f"{summed.tax}"
        assert all(big.peek(Ref.parse(row["product"])) for row in item.get("products"))


def test_quotes_and_invoices_are_numbered_and_of_a_deal_with_the_same_rows(tmp_path: Path, clock: Clock) -> None:
    session = made(tmp_path / "own", clock)
    for key in ("quote", "invoice"):
        found = session.find(key).items
        numbers = [item.get("number") for item in found]
        assert len(set(numbers)) == len(numbers) > 1
        for item in found:
            deal = session.get(Ref.parse(item.get("deal")))
            assert (item.get("products"), item.get("amount")) == (deal.get("products"), deal.get("amount"))
        new = items.add(session, key, {"title": "Next"})
        this_year = sorted(number for number in numbers if number.startswith("2026"))
        assert new.get("number") == f"2026-{int(this_year[-1][-4:]) + 1:04}"
    session.close()


def test_timelines_have_about_ten_entries(big: Session) -> None:
    counts = [len(timeline.view(big, Ref("deal", number)).entries) for number in range(1, COUNT + 1)]
    assert 8 <= sum(counts) / COUNT <= 14


def test_every_value_is_one_that_the_door_lets_in(big: Session) -> None:
    from tuicrm.domain.kinds.values import read_field

    context = big.context(canonical=True)
    for type_key in TYPES:
        fields = big.workspace.fields(type_key)
        for item in big.find(type_key).items:
            for key, value in item.fields.items():
                if fields[key].kind not in ("stage", "pipeline"):
                    assert read_field(value, fields[key], context) == value


def test_the_board_holds_them_all(big: Session) -> None:
    assert Board(big, "deal").head.count == COUNT


def test_progress_is_told(tmp_path: Path, clock: Clock) -> None:
    told: list[int] = []
    make_items(tmp_path / "w", 5, person=ANNA, settings=Settings("w"), clock=clock, progress=told.append)
    assert told == [5]
