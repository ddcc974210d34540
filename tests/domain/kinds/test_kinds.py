"""What people type, what is kept of it, what they see: for every kind, in English, in Italian, and in canonical form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.cost import at_most
from tests.examples import examples
from tests.hostile import HOSTILE
from tuicrm.domain.context import Choice, Context, NoNames
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds import CUSTOM_KINDS, kind_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.kinds.values import edit_field, format_field, parse_field, read_field
from tuicrm.domain.matching import reader
from tuicrm.domain.schema import Dictionary, Field, Option
from tuicrm.errors import NotFound
from tuicrm.i18n import set_language


class Names(NoNames):
    """A workspace of three people, two companies and a dictionary."""

    def person(self, key: str) -> str | None:
        return {choice.key: choice.label for choice in self.people()}.get(key)

    def people(self) -> Sequence[Choice]:
        return (Choice("anna", "Anna Bianchi"), Choice("luca", "Luca Riva"), Choice("luca2", "Luca Verdi"))

    def item(self, ref: Ref) -> str | None:
        return {Ref("company", 7): "Rossi Srl", Ref("company", 8): "Rossi Srl", Ref("company", 9): "Ferrari"}.get(ref)

    def show_ref(self, ref: Ref) -> str:
        return f"CO-{ref.id}" if ref.type == "company" else f"D-{ref.id}"

    def read_ref(self, text: str) -> Ref | None:
        letters, _dash, number = text.upper().partition("-")
        types = {"CO": "company", "D": "deal"}
        return Ref(types[letters], int(number)) if letters in types and number.isascii() and number.isdigit() else None

    def items(self, text: str, targets: Sequence[str]) -> Sequence[Choice]:
        known = {"rossi srl": ("company:7", "company:8"), "ferrari": ("company:9",)}
        keys = known.get(text.casefold(), ()) if "company" in targets else ()
        return [Choice(key, text, key) for key in keys]

    def room(self, key: str) -> str | None:
        return {"blue": "Blue", "car": "Red car"}.get(key)

    def rooms(self) -> Sequence[Choice]:
        return [Choice("blue", "Blue"), Choice("car", "Red car")]

    def dictionary(self, key: str) -> Dictionary | None:
        return Dictionary(
            "source", "Source", [Option("fair", "Trade fair"), Option("web", {"en": "Web", "it": "Sito"})]
        )


NOW = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
"""Monday late in UTC; in Rome it is Monday 23:30, in Tokyo already Tuesday."""
EN = Context(Names(), NOW, ZoneInfo("Europe/Rome"), "en", "en_GB", country="IT", me="anna")
IT = Context(Names(), NOW, ZoneInfo("Europe/Rome"), "it", "it_IT", country="IT", me="anna")
US = Context(Names(), NOW, ZoneInfo("America/New_York"), "en", "en_US", country="US", currency="USD", me="anna")
EXACT = Context(Names(), NOW, UTC, country="IT", canonical=True, me="anna")

OPTIONS = [
    Option("hot", "Hot"),
    Option("cold", "Cold"),
    Option("colder", "Colder still"),
    Option("old", "Old", retired=True),
]


def field(kind: str, *, many: bool = False, **settings: Any) -> Field:
    options = OPTIONS if kind == "list" else []
    targets = ["company"] if kind == "item" else []
    return Field(
        "f", kind, "Field", many=many, options=options, targets=targets, dictionary="source", settings=settings
    )


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


TYPED: list[tuple[str, Context, str, Any, str]] = [
    # numbers
    ("number", EN, "38k", "38000", "38,000"),
    ("number", IT, "38k", "38000", "38.000"),
    ("number", EN, "38,000.50", "38000.50", "38,000.50"),
    ("number", IT, "38.000,50", "38000.50", "38.000,50"),
    ("number", EN, "38.000,50", "38000.50", "38,000.50"),
    ("number", EN, "1.234", "1.234", "1.234"),
    ("number", IT, "1.234", "1234", "1.234"),
    ("number", IT, "1,234", "1.234", "1,234"),
    ("number", EN, "1,234", "1234", "1,234"),
    ("number", EXACT, "1.234", "1.234", "1.234"),
    ("number", EN, "1.5", "1.5", "1.5"),
    ("number", IT, "1.5", "1.5", "1,5"),
    ("number", IT, "1,5M", "1500000", "1.500.000"),
    ("number", EN, "1.2mln", "1200000", "1,200,000"),
    ("number", EN, "-3", "-3", "-3"),
    ("number", EN, "\u22123", "-3", "-3"),
    ("number", EN, "-0", "0", "0"),
    ("number", EN, "1 234 567", "1234567", "1,234,567"),
    ("number", EN, "1'234'567.8", "1234567.8", "1,234,567.8"),
    ("integer", EN, "60", 60, "60"),
    ("integer", EN, "60%", 60, "60"),
    ("integer", IT, "1.000", 1000, "1.000"),
    ("boolean", EN, "Yes", True, "yes"),
    ("boolean", IT, "sì", True, "yes"),
    ("boolean", EN, "0", False, "no"),
    # money
    ("money", EN, "38k", eur("38000.00"), "€ 38,000.00"),
    ("money", IT, "38.000,50", eur("38000.50"), "€ 38.000,50"),
    ("money", IT, "€ 1.234", eur("1234.00"), "€ 1.234,00"),
    ("money", EN, "1200 usd", {"amount": "1200.00", "currency": "USD"}, "US$ 1,200.00"),
    ("money", EN, "USD 1200", {"amount": "1200.00", "currency": "USD"}, "US$ 1,200.00"),
    ("money", EN, "£5", {"amount": "5.00", "currency": "GBP"}, "£ 5.00"),
    ("money", EN, "1500 JPY", {"amount": "1500", "currency": "JPY"}, "JP¥ 1,500"),
    ("money", EN, "-12.5", eur("-12.50"), "-€ 12.50"),
    ("money", EXACT, "38000 EUR", eur("38000.00"), "38000.00 EUR"),
    ("money", EXACT, "38000.5", eur("38000.50"), "38000.50 EUR"),
    # days
    ("date", EN, "2026-12-18", "2026-12-18", "18 Dec 2026"),
    ("date", EN, "18/12", "2026-12-18", "18 Dec 2026"),
    ("date", US, "12/18", "2026-12-18", "18 Dec 2026"),
    ("date", IT, "18.12.26", "2026-12-18", "18 dic 2026"),
    ("date", EN, "18 dec", "2026-12-18", "18 Dec 2026"),
    ("date", EN, "dec 18", "2026-12-18", "18 Dec 2026"),
    ("date", EN, "December 18th, 2027", "2027-12-18", "18 Dec 2027"),
    ("date", EN, "Fri 18 Dec 2026", "2026-12-18", "18 Dec 2026"),
    ("date", IT, "18 dicembre", "2026-12-18", "18 dic 2026"),
    ("date", EN, "2/1", "2027-01-02", "2 Jan 2027"),
    ("date", EN, "+3d", "2026-11-26", "26 Nov 2026"),
    ("date", EN, "-1w", "2026-11-16", "16 Nov 2026"),
    ("date", EN, "+1m", "2026-12-23", "23 Dec 2026"),
    ("date", EN, "today+14d", "2026-12-07", "7 Dec 2026"),
    ("date", EXACT, "today+14d", "2026-12-07", "2026-12-07"),
    ("date", EN, "fri", "2026-11-27", "27 Nov 2026"),
    ("date", EN, "mon", "2026-11-30", "30 Nov 2026"),
    ("date", IT, "ven", "2026-11-27", "27 nov 2026"),
    ("date", IT, "domani", "2026-11-24", "24 nov 2026"),
    ("date", EN, "tomorrow", "2026-11-24", "24 Nov 2026"),
    ("date", EN, "29/2/2028", "2028-02-29", "29 Feb 2028"),
    # moments
    ("datetime", EN, "2026-12-18 15:00", "2026-12-18T14:00:00Z", "Fri 18 Dec 15:00"),
    ("datetime", US, "2026-12-18 3:00pm", "2026-12-18T20:00:00Z", "Fri 18 Dec 15:00"),
    ("datetime", EN, "Fri 18 Dec 15:00", "2026-12-18T14:00:00Z", "Fri 18 Dec 15:00"),
    ("datetime", EN, "tomorrow 9:30", "2026-11-24T08:30:00Z", "Tue 24 Nov 09:30"),
    ("datetime", IT, "ven 15:00", "2026-11-27T14:00:00Z", "ven 27 nov 15:00"),
    ("datetime", EN, "+2h", "2026-11-24T00:30:00Z", "Tue 24 Nov 01:30"),
    ("datetime", EN, "15:00", "2026-11-23T14:00:00Z", "Mon 23 Nov 15:00"),
    ("datetime", EXACT, "2026-12-18T15:00:00+01:00", "2026-12-18T14:00:00Z", "2026-12-18T14:00:00Z"),
    # texts and links
    ("string", EN, "  a line ", "a line", "a line"),
    ("text", EN, "two\r\nlines", "two\nlines", "two\nlines"),
    ("link", EN, "example.com/x", "https://example.com/x", "https://example.com/x"),
    ("link", EN, "mailto:a@b.example", "mailto:a@b.example", "mailto:a@b.example"),
    # ways to reach someone
    ("phone", EN, "02 5555 0142", {"value": "+390255550142", "typed": "02 5555 0142", "type": "work"},
     "+39 02 5555 0142"),
    ("phone", EN, "mobile: +39 335 555 0142", {"value": "+393355550142", "typed": "+39 335 555 0142", "type": "mobile"},
     "+39 335 555 0142  mobile"),
    ("email", EN, "Anna@Example.com", {"value": "Anna@example.com", "type": "work"}, "Anna@example.com"),
    ("email", EN, "home: anna@example.com", {"value": "anna@example.com", "type": "home"}, "anna@example.com  home"),
    ("web", EN, "example.com", {"value": "https://example.com", "type": "work"}, "https://example.com"),
    ("messenger", EN, "telegram: @anna", {"value": "@anna", "type": "telegram"}, "@anna  telegram"),
    # what is chosen
    ("list", EN, "hot", "hot", "Hot"),
    ("list", EN, "Cold", "cold", "Cold"),
    ("list", EN, "colder", "colder", "Colder still"),
    ("dictionary", EN, "trade fair", "fair", "Trade fair"),
    ("dictionary", IT, "sito", "web", "Sito"),
    ("person", EN, "me", "anna", "Anna Bianchi"),
    ("person", EN, "anna  BIANCHI", "anna", "Anna Bianchi"),
    ("person", EN, "luca", "luca", "Luca Riva"),
    ("item", EN, "co-7", "company:7", "Rossi Srl"),
    ("item", EN, "ferrari", "company:9", "Ferrari"),
    ("item", EXACT, "CO-7", "company:7", "CO-7"),
    ("address", EN, "Via Roma 12, 20900 Monza, Italy", {"line1": "Via Roma 12", "city": "Monza", "postcode": "20900", "country": "IT"},
     "Via Roma 12, 20900 Monza, Italy"),
    ("address", EN, "Hauptstr. 1, 10115 Berlin, Deutschland",
     {"line1": "Hauptstr. 1", "city": "Berlin", "postcode": "10115", "country": "DE"}, "Hauptstr. 1, 10115 Berlin, Germany"),
    ("address", IT, "1 High St, London, UK", {"line1": "1 High St", "city": "London", "country": "GB"},
     "1 High St, London, Regno Unito"),
    ("address", EXACT, "country: GH", {"country": "GH"}, "country: GH"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "context", "typed", "kept", "shown"), TYPED, ids=lambda part: str(part)[:30])
def test_typed_kept_and_shown(kind: str, context: Context, typed: str, kept: Any, shown: str) -> None:
    f = field(kind)
    value = parse_field(typed, f, context)
    assert value == kept
    assert type(value) is type(kept)
    assert format_field(value, f, context) == shown
    assert read_field(value, f, EXACT) == value
    assert parse_field(edit_field(value, f, context), f, context) == value


REFUSED = [
    ("number", EN, "lots", "a number"),
    ("number", EXACT, "38k", "a number"),
    ("number", EXACT, "1,5", "a number"),
    ("number", EN, "1,2,3", "a number"),
    ("number", EN, "1e5", "a number"),
    ("number", EN, "NaN", "a number"),
    ("number", EN, "9" * 19, "18 digits"),
    ("number", EN, "0." + "1" * 13, "12 digits"),
    ("integer", EN, "1.5", "whole number"),
    ("boolean", EN, "maybe", "yes or no"),
    ("money", EN, "many", "an amount"),
    ("money", EXACT, "38k", "an amount"),
    ("money", EN, "5 ERU", "there is no currency ERU"),
    ("money", EXACT, "5 XXX", "there is no currency XXX"),
    ("money", EXACT, "€ 5", "an amount"),
    ("money", EN, "1.0000001", "decimals"),
    ("date", EN, "31/2", "no such day"),
    ("date", EN, "someday", "a date"),
    ("date", EXACT, "18/12", "a date"),
    ("date", EXACT, "fri", "a date"),
    ("date", EN, "+99999y", "no such day"),
    ("datetime", EN, "fri 25:00", "a day and time|a date"),
    ("string", EN, "a\nb", "one line"),
    ("string", EN, "a\0b", "NUL"),
    ("text", EN, "\ud800", "surrogate"),
    ("text", EN, "x" * 100_001, "100000"),
    ("link", EN, "javascript:alert(1)", "web address"),
    ("link", EN, "no link", "web address"),
    ("phone", EN, "call me", "phone"),
    ("email", EN, "anna@", "e-mail"),
    ("email", EN, "a b@example.com", "e-mail"),
    ("list", EN, "warm", "Hot, Cold"),
    ("list", EN, "co", "one of these is expected: Cold, Colder still, Hot"),
    ("list", EN, "old", "one of these"),
    ("person", EN, "nobody", "a person is expected"),
    ("person", EN, "lu", "a person is expected: Luca Riva, Luca Verdi, Anna Bianchi"),
    ("item", EN, "Rossi Srl", "may be"),
    ("item", EN, "D-7", "a ref such as CO-7"),
    ("item", EN, "CO-99", "there is no CO-99"),
    ("item", EN, "nothing", "there is no"),
    ("file", EN, "offer.pdf", "attach a file"),
]


@pytest.mark.parametrize(("kind", "context", "typed", "said"), REFUSED, ids=lambda part: str(part)[:30])
def test_what_is_refused_says_what_is_expected(kind: str, context: Context, typed: str, said: str) -> None:
    with pytest.raises(BadValue, match=said):
        parse_field(typed, field(kind), context)


def test_a_currency_of_ones_own_is_one() -> None:
    own = replace(EN, currencies=frozenset({"BTC"}))
    assert parse_field("2 btc", field("money"), own) == {"amount": "2.00", "currency": "BTC"}
    with pytest.raises(BadValue, match="no currency BTC"):
        parse_field("2 btc", field("money"), EN)


def test_settings_of_a_field_are_kept_to() -> None:
    for kind, settings_, good, bad, said in (
        ("integer", {"min": 0, "max": 100}, "100", "101", "at most 100"),
        ("number", {"precision": 2}, "1.25", "1.255", "2 digits"),
        ("money", {"min": 1}, "1", "0.5", "at least 1"),
        ("string", {"min_length": 2, "max_length": 3}, "ab", "abcd", "at most 3"),
        ("string", {"pattern": "[A-Z]{2}\\d+"}, "IT12", "12IT", "a text like"),
    ):
        f = field(kind, **settings_)
        assert parse_field(good, f, EN) is not None
        with pytest.raises(BadValue, match=said):
            parse_field(bad, f, EN)


def test_a_unit_is_shown_and_may_be_typed() -> None:
    f = field("integer", unit="%")
    assert (parse_field("60 %", f, EN), parse_field("60%", f, EN), parse_field("60", f, EN)) == (60, 60, 60)
    assert (format_field(60, f, EN), format_field(60, f, EXACT), edit_field(60, f, EN)) == ("60 %", "60", "60")
    weight = field("number", unit="kg")
    assert (parse_field("1,5 kg", weight, IT), format_field("1.5", weight, IT)) == ("1.5", "1,5 kg")


def test_several_values() -> None:
    assert parse_field("hot; cold, hot", field("list", many=True), EN) == ["hot", "cold"]
    assert parse_field("CO-7\nCO-8", field("item", many=True), EN) == ["company:7", "company:8"]
    assert format_field(["company:7", "company:9"], field("item", many=True), EN) == "Rossi Srl, Ferrari"
    assert parse_field("1,5; 2", field("number", many=True), IT) == ["1.5", "2"]
    assert parse_field("1,000; 2", field("integer", many=True), EN) == [1000, 2]
    with pytest.raises(BadValue, match="one value"):
        read_field(["a", "b"], field("string"), EN)
    phones = parse_field("02 5555 0142\nmobile: 335 555 0142", field("phone", many=True), EN)
    assert [phone["type"] for phone in phones] == ["work", "mobile"]


def test_what_was_understood_is_said_where_one_may_wonder() -> None:
    assert preview("1234", field("number"), IT) == "1.234"
    assert preview("2026-11-27", field("date"), EN) == "Fri 27 Nov 2026"
    assert preview("a line", field("string"), EN) == ""
    assert preview(None, field("number"), EN) == ""


def test_words_of_the_language_are_understood() -> None:
    set_language("it")
    assert parse_field("sì", field("boolean"), IT) is True


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(NotFound, match=r"no field type nonsense.*money"):
        kind_of("nonsense")


def says_what_is_expected(bad: BadValue) -> None:
    assert 0 < len(bad.message) < 1000


# -- any text at all ---------------------------------------------------------------------------------------------------
_TEXT = st.text(max_size=40) | st.from_regex(r"[-+]?[\d.,' ]{1,12}[kMb%€$]?", fullmatch=True) | st.from_regex(
    r"(today|fri|mar|oggi)?[-+ ]?\d{0,5}[dwmyhg/.: -]?\d{0,4}", fullmatch=True
)  # fmt: skip
_CONTEXT = st.sampled_from([EN, IT, US, EXACT])
_KIND = st.sampled_from(CUSTOM_KINDS)


@settings(deadline=None, max_examples=examples(400))
@given(_KIND, st.booleans(), _CONTEXT, _TEXT | st.sampled_from(HOSTILE))
def test_any_text_is_a_value_or_refused(kind: str, many: bool, context: Context, text: str) -> None:
    f = field(kind, many=many)
    try:
        value = parse_field(text, f, context)
    except BadValue as bad:
        says_what_is_expected(bad)
        return
    if value is None:
        return
    assert read_field(value, f, context) == value
    shown = format_field(value, f, context)
    assert isinstance(shown, str)
    # What an editor offers is read back as the very same value.
    assert parse_field(edit_field(value, f, context), f, context) == value


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=examples(400))
@given(_KIND, st.booleans(), _CONTEXT, _JSON)
def test_any_json_is_read_or_refused_and_showing_never_fails(
    kind: str, many: bool, context: Context, value: Any
) -> None:
    f = field(kind, many=many)
    assert isinstance(format_field(value, f, context), str)
    assert isinstance(edit_field(value, f, context), str)
    try:
        kept = read_field(value, f, context)
    except BadValue as bad:
        says_what_is_expected(bad)
        return
    if kept is not None:
        assert read_field(kept, f, context) == kept


@settings(deadline=None, max_examples=examples(200))
@given(_KIND, st.lists(_TEXT, min_size=2, max_size=5))
def test_values_of_one_kind_can_be_put_in_order(kind: str, texts: list[str]) -> None:
    f = field(kind)
    found = []
    for text in texts:
        try:
            value = parse_field(text, f, EN)
        except BadValue:
            continue
        if value is not None and (one := kind_of(kind).comparable(value)) is not None:
            assert one == reader(kind)(value)
            found.append(one)
    assume(found)
    backwards = found[::-1]
    assert sorted(found) == sorted(backwards)


@pytest.mark.parametrize("kind", CUSTOM_KINDS)
def test_monsters_are_dealt_with_at_once(kind: str) -> None:
    for text in (
        "9" * 1_000_000,
        "1e999999999",
        " " * 1_000_000,
        "a." * 200_000,
        "(" * 100_000,
        "+1d" * 100_000,
        "\u202e" * 1000,
    ):
        with at_most(4):
            try:
                parse_field(text, field(kind), EN)
            except BadValue as bad:
                says_what_is_expected(bad)
