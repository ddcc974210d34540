"""What the filter bar offers, place by place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.filters.scopes import make_scope
from tuicrm.domain.filters import Suggestion, complete

SCOPE = make_scope()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("", "title"),
        ("am", "amount"),
        ("impor", None),
        ("expected", "close_date"),
        ("amount ", ">="),
        ("title ", "~"),
        ("stage = ", "Proposal"),
        ("stage = pro", "Proposal"),
        ("source in (", "Website"),
        ("source in (web, tr", '"Trade fair"'),
        ("responsible = ", "me"),
        ('responsible = "an', '"Anna Bianchi"'),
        ("company = ros", "CO-7"),
        ("close_date < ", "today+7d"),
        ("amount > 5 ", "and"),
        ("amount > 5 and ti", "title"),
        ("company is ", "not empty"),
        ("not ", "title"),
        ("pipeline = w", "Wholesale"),
        ("colour = ", "Red"),
    ],
)
def test_offers(text: str, offered: str | None) -> None:
    texts = [suggestion.text for suggestion in complete(text, len(text), SCOPE)]
    assert (offered in texts) if offered else not texts


def test_a_suggestion_takes_the_place_of_what_was_typed() -> None:
    assert complete("amount > 5 and clos", 19, SCOPE) == [Suggestion("close_date", "Expected close", 15)]


def test_numbers_have_no_contains() -> None:
    assert "~" not in [suggestion.text for suggestion in complete("amount ", 7, SCOPE)]


@given(st.text(max_size=20), st.integers(0, 20))
def test_never_raises(text: str, cursor: int) -> None:
    complete(text, cursor, SCOPE)
