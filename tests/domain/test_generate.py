"""Generated workspaces: the same every time, shaped like life, and only with links and stages that exist."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import msgspec
import phonenumbers
import pytest

from tuicrm.domain.generate import (
    STAGES,
    GeneratedDeal,
    companies,
    company_count,
    contact_count,
    contacts,
    deals,
)
from tuicrm.domain.generate_sales import CATALOGUE
from tuicrm.domain.generate_words import COUNTRIES, PLANS, SOURCES
from tuicrm.domain.schema import Dictionary, ItemType
from tuicrm.files import data_folder

N = 3_000
PEOPLE = 3
CLOSED = ("won", "lost", "apology")


@pytest.fixture(scope="module")
def made() -> list[GeneratedDeal]:
    return list(deals(N, people=PEOPLE))


def test_the_same_every_time(made: list[GeneratedDeal]) -> None:
    assert list(deals(N, people=PEOPLE)) == made
    assert list(companies(50)) == list(companies(50))
    assert list(contacts(50)) == list(contacts(50))


def test_the_same_on_every_machine(made: list[GeneratedDeal]) -> None:
    assert [(deal.title, deal.amount, deal.stage) for deal in made[:3]] == [
        ("Data migration, new office", "1464.00", "won"),
        ("Group licence", "59000.00", "preparation"),
        ("Training day, trial", "15250.00", "new"),
    ]
    assert [company.title for company in companies(15)] == [
        "Fromagerie Lumière & Fils",
        "Růžička Nářadí s.r.o.",
        "Barolo Conserve Srl",
    ]
    assert [contact.email for contact in contacts(15)] == [
        "francois.0@mail.example",
        "jirina.1@mail.example",
        "enrico.2@mail.example",
        "amelie.3@mail.example",
    ]


def test_another_seed_makes_others(made: list[GeneratedDeal]) -> None:
    assert list(deals(20, seed=2, people=PEOPLE)) != made[:20]


@pytest.mark.parametrize("n", [0, 1, 4, 17])
def test_any_number(n: int) -> None:
    assert len(list(deals(n))) == n
    assert len(list(companies(n))) == company_count(n) >= 1
    assert len(list(contacts(n))) == contact_count(n) >= 1


def test_stages_are_those_of_the_shipped_pipeline_in_their_shares(made: list[GeneratedDeal]) -> None:
    shipped = msgspec.json.decode((data_folder() / "types" / "deal.json").read_bytes(), type=ItemType)
    assert list(STAGES) == [stage.key for stage in shipped.pipelines[0].stages]
    assert sum(STAGES.values()) == 100
    counted = Counter(deal.stage for deal in made)
    assert all(abs(counted[stage] / N - share / 100) < 0.03 for stage, share in STAGES.items())


def test_links_lead_somewhere(made: list[GeneratedDeal]) -> None:
    people = list(contacts(N))
    assert all(0 <= deal.company < company_count(N) for deal in made)
    assert all(people[deal.contact].company == deal.company for deal in made)
    assert {deal.responsible for deal in made} == set(range(PEOPLE))
    assert {entry.by for deal in made for entry in deal.entries} == set(range(PEOPLE))


def test_sources_and_activities_are_known_words() -> None:
    known = {
        words.key: words
        for words in msgspec.json.decode((data_folder() / "dictionaries.json").read_bytes(), type=list[Dictionary])
    }
    assert set(SOURCES) <= {entry.key for entry in known["source"].entries}
    assert {kind for kind, _what in PLANS} == {"call", "meeting", "todo"}


def test_a_timeline_tells_the_way_to_the_stage(made: list[GeneratedDeal]) -> None:
    for deal in made:
        assert deal.entries[0].kind == "created"
        assert deal.entries[0].at == deal.created
        moves = [entry for entry in deal.entries if entry.kind == "stage"]
        assert all(before.after == after.before for before, after in pairwise(moves))
        assert [move.before for move in moves[:1]] in ([], ["new"])
        assert (moves[-1].after if moves else "new") == deal.stage
        assert (moves[-1].at if moves else deal.created) == deal.stage_since
        if deal.stage in CLOSED:
            assert deal.entries[-1].kind == "stage"


def test_a_timeline_is_in_the_order_of_time_and_past(made: list[GeneratedDeal]) -> None:
    for deal in made:
        times = [entry.at for entry in deal.entries]
        assert times == sorted(times)
        assert times[-1] < 0
        assert all(activity.at < 0 for activity in deal.activities if activity.done)


def test_about_ten_entries_a_deal(made: list[GeneratedDeal]) -> None:
    assert 9 < sum(len(deal.entries) for deal in made) / N < 11


def test_only_open_deals_have_plans_and_few_are_late(made: list[GeneratedDeal]) -> None:
    planned = [activity for deal in made for activity in deal.activities if not activity.done]
    assert not any(not activity.done for deal in made if deal.stage in CLOSED for activity in deal.activities)
    assert 0.05 < sum(activity.at < 0 for activity in planned) / len(planned) < 0.25


def test_amounts_are_money(made: list[GeneratedDeal]) -> None:
    amounts = [Decimal(deal.amount) for deal in made]
    assert min(amounts) >= 500
    assert max(amounts) <= 100_000
    assert all(amount.as_tuple().exponent == -2 for amount in amounts)
    assert {deal.currency for deal in made} == {"EUR", "CHF", "GBP", "USD"}


def test_names_come_from_many_countries_and_numbers_can_be_called() -> None:
    assert sum(country.share for country in COUNTRIES) == 100
    everyone = list(companies(N))
    assert {company.country for company in everyone} == {country.code for country in COUNTRIES}
    typed = [company.phone for company in everyone] + [contact.phone for contact in contacts(N)]
    numbers = [phonenumbers.parse(phone) for phone in typed]
    assert [number for number in numbers if not phonenumbers.is_valid_number(number)] == []
    emails = [contact.email for contact in contacts(N)]
    assert len(set(emails)) == len(emails)
    assert all(email.isascii() for email in emails)


def test_a_fifth_sells_what_it_is_called_after_and_more(made: list[GeneratedDeal]) -> None:
    sold = [deal for deal in made if deal.rows]
    assert abs(len(sold) / N - 1 / 5) < 0.03
    assert all(deal.title.startswith(CATALOGUE[deal.rows[0].product].title) for deal in sold)
    assert {len(deal.rows) for deal in sold} == {1, 2, 3, 4}
    assert any(row.percent for deal in sold for row in deal.rows)


def test_quotes_and_invoices_are_of_deals_that_came_that_far(made: list[GeneratedDeal]) -> None:
    kinds = Counter(paper.kind for deal in made for paper in deal.papers)
    assert kinds["quote"] > kinds["invoice"] > N / 100
    assert all(deal.rows and deal.stage != "new" for deal in made if deal.papers)
    assert {deal.stage for deal in made for paper in deal.papers if paper.stage == "paid"} == {"won"}
