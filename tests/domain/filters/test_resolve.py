"""What names and values mean: conditions out of text, and errors that say where and what else there is."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.filters.scopes import FIELDS, make_scope
from tests.domain.filters.unparse import canonical
from tests.examples import examples
from tuicrm.domain.conditions import ALWAYS, And, Condition, Empty, Not, OneOf, Or, Search, Test
from tuicrm.domain.filters import compile_filter
from tuicrm.domain.matching import matcher
from tuicrm.errors import UsageError

RATES = {"USD": "0.5", "EUR": "1"}
SCOPE = make_scope()


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("", ALWAYS),
        ("title = 'ERP'", Test("title", "string", "=", "erp")),
        ("Titolo ~ ERP", Test("title", "string", "~", "erp")),
        ("amount > 1000", Test("amount", "money", ">", Decimal(1000), RATES)),
        ("amount > 1000 USD", Test("amount", "money", ">", Decimal(500), RATES)),
        ('amount in (1, "2 usd")', OneOf("amount", "money", (Decimal(1),), RATES)),
        ("currency = USD", Test("amount.currency", "string", "=", "usd")),
        ("amount.currency = USD", Test("amount.currency", "string", "=", "usd")),
        ("probability <= 50", Test("probability", "integer", "<=", 50)),
        ("rate != 7.5", Test("rate", "number", "!=", Decimal("7.5"))),
        ("open_to_all = yes", Test("open_to_all", "boolean", "=", True)),
        ("'Expected close' < 2026-12-18", Test("close_date", "date", "<", "2026-12-18")),
        ("close_date = today", Test("close_date", "date", "=", "2026-11-24")),
        ("close_date < today+14d", Test("close_date", "date", "<", "2026-12-08")),
        ("close_date > -1w", Test("close_date", "date", ">", "2026-11-17")),
        ("close_date = +3m", Test("close_date", "date", "=", "2027-02-24")),
        ("created < now", Test("created", "datetime", "<", "2026-11-23T23:30:00Z")),
        ("created >= now-2h", Test("created", "datetime", ">=", "2026-11-23T21:30:00Z")),
        ("created > 2026-11-23T09:30", Test("created", "datetime", ">", "2026-11-23T08:30:00Z")),
        ("created >= today", Test("created", "datetime", ">=", "2026-11-23T23:00:00Z")),
        ("created > today", Test("created", "datetime", ">=", "2026-11-24T23:00:00Z")),
        ("created <= today", Test("created", "datetime", "<", "2026-11-24T23:00:00Z")),
        ("created < 2026-07-01", Test("created", "datetime", "<", "2026-06-30T22:00:00Z")),
        ("stage = new", OneOf("stage", "stage", ("new",))),
        ("pipeline = wholesale", Test("pipeline", "pipeline", "=", "bulk")),
        ("responsible = me", Test("responsible", "person", "=", "anna")),
        ("responsible != 'anna bianchi'", Test("responsible", "person", "!=", "anna")),
        ("responsible ~ marco", OneOf("responsible", "person", ("mc", "mc2"))),
        ("company = CO-7", Test("company", "item", "=", "company:7")),
        ("company = 'rossi srl'", Test("company", "item", "=", "company:7")),
        ("not company ~ rossi", Not(OneOf("company", "item", ("company:7", "company:9")))),
        ("source in (sito, 'Trade Fair')", OneOf("source", "dictionary", ("web", "fair"))),
        ("colour = red", Test("colour", "list", "=", "r")),
        ("emails = Anna@X.it", Test("emails", "email", "=", "anna@x.it")),
        ("phones = '02 5555 0142'", Test("phones", "phone", "=", "+390255550142")),
        ("phones = 5555", Test("phones", "phone", "=", "5555")),
        ("phones ~ '5555 01'", Test("phones", "phone", "~", "5555 01")),
        ("site = Example.com", Test("site", "web", "=", "https://example.com")),
        ("phones.type = work", Test("phones.type", "string", "=", "work")),
        ("company is empty", Empty("company")),
        ("company is not empty", Not(Empty("company"))),
    ],
)
def test_conditions(text: str, condition: Condition) -> None:
    assert compile_filter(text, SCOPE) == condition


def test_a_day_in_a_field_of_times_is_the_persons_own_day() -> None:
    day = compile_filter("created = today", SCOPE)
    assert day == And(
        (
            Test("created", "datetime", ">=", "2026-11-23T23:00:00Z"),
            Test("created", "datetime", "<", "2026-11-24T23:00:00Z"),
        )
    )
    assert compile_filter("created != today", SCOPE) == Not(day)


def test_a_stage_whose_label_has_other_keys_elsewhere_is_told_by_pipeline() -> None:
    holds = matcher(compile_filter("stage = Proposal", SCOPE))
    deals = [("retail", "p"), ("retail", "new"), ("bulk", "q"), ("bulk", "p")]
    assert [holds({"pipeline": pipeline, "stage": stage}) for pipeline, stage in deals] == [True, False, True, False]


def test_a_bare_word_searches_everything_on_the_item() -> None:
    condition = compile_filter("Rossi", SCOPE)
    assert condition == Or(
        (
            Search("rossi", ("title", "phones", "emails", "site", "one", "two")),
            OneOf("company", "item", ("company:7", "company:9")),
        )
    )
    holds = matcher(compile_filter("380", SCOPE))
    assert holds({"amount": {"amount": "38000.00", "currency": "EUR"}})
    assert holds({"phones": [{"value": "+39380", "typed": "380", "type": "work"}]})


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("titel = 1", 0, "no field “titel”; choose one of: title,"),
        ("chiusura = 1", 0, "choose one of: close_date,"),
        ("a = 1 and xyzzy = 2", 0, "no field “a”"),
        ("twice = 1", 0, "one, two"),
        ("amount > much", 9, "38k or 38,000.50 EUR, not “much”"),
        ("amount > 1.000,50,1", 9, "an amount is expected"),
        ("amount in (1.000,50", 19, "“,” or “)”"),
        ("amount > 5 GBP", 9, "no rate for GBP"),
        ("amount ~ 5", 7, "holds no text"),
        ("probability = 1.5", 14, "whole number"),
        ("open_to_all = maybe", 14, "yes or no"),
        ("close_date < soon", 13, "today"),
        ("close_date < 31.11.2026", 13, "no such day: 31.11.2026"),
        ("close_date < 2026-W47-1", 13, "2026-12-18"),
        ("close_date < +99999y", 13, "no such day"),
        ("stage = Lost", 8, "choose one of: New, Proposal, Won, Paid"),
        ("stage < New", 6, "no order"),
        ("responsible = 'marco conti'", 14, "m2@x.it"),
        ("responsible = nobody", 14, "Anna Bianchi"),
        ("company = twin", 10, "CO-10"),
        ("company = C-7", 10, "nothing called"),
        ("source = Radio", 9, "choose one of: Website, Trade fair"),
        ("source in (web, Radio)", 16, "Website"),
    ],
)
def test_errors_name_place_and_choices(text: str, position: int, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        compile_filter(text, SCOPE)
    assert said in caught.value.message
    assert caught.value.position == position


SIGNS = "= != ~ < >= ( ) , and or not in is empty me today -7d now 9999-12-31 0001-01-01 1000 USD 'New' yes"
words = st.sampled_from([*(field.key for field in FIELDS if field.kind != "phone"), *SIGNS.split()])


@settings(max_examples=examples(500), deadline=None)
@given(st.lists(words, max_size=10).map(" ".join))
def test_any_text_compiles_or_says_where_it_does_not(text: str) -> None:
    position = 0
    try:
        first = compile_filter(text, SCOPE)
    except UsageError as error:
        position = -1 if error.position is None else error.position
    else:
        assert compile_filter(canonical(text), SCOPE) == first
        matcher(first)({"title": "x", "created": "2026-11-23T09:30:00Z"})
    assert 0 <= position <= len(text)
