"""The demo's files hang together: links, words, the order of time, what its stages require. (Writing it is `test_demo.py`.)"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
import pytest

from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.values import parse_field
from tuicrm.domain.products import rows_of, totals
from tuicrm.domain.schema import Field, Pipeline
from tuicrm.domain.workspace import Workspace
from tuicrm.limits import PINNED
from tuicrm.services.kernel.builtin_definitions import load_dictionaries, load_json, load_types
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import inbox_counts, records, text_templates
from tuicrm.services.workspace import demo_rows
from tuicrm.services.workspace.demo import make_demo
from tuicrm.services.workspace.start import open_session

Row = dict[str, Any]

COMPANIES: list[Row] = load_json("demo", "companies.json")
CONTACTS: list[Row] = load_json("demo", "contacts.json")
DEALS: list[Row] = load_json("demo", "deals.json")
LEADS: list[Row] = load_json("demo", "leads.json")
QUOTES: list[Row] = load_json("demo", "quotes.json")
INVOICES: list[Row] = load_json("demo", "invoices.json")
PRODUCTS: list[Row] = load_json("demo", "products.json")
PEOPLE: list[Row] = load_json("demo", "people.json")
MESSAGES: list[Row] = load_json("demo", "messages.json")
ROWS = [("company", row) for row in COMPANIES] + [("contact", row) for row in CONTACTS]
ROWS += [("deal", row) for row in DEALS] + [("lead", row) for row in LEADS] + [("product", row) for row in PRODUCTS]
ROWS += [("quote", row) for row in QUOTES] + [("invoice", row) for row in INVOICES]
SALES = [("deal", row) for row in DEALS] + [("quote", row) for row in QUOTES] + [("invoice", row) for row in INVOICES]
NO_FIELDS = {"id", "close", "valid", "pay", "skips", "activities", "done", "timeline"}
MOMENT = re.compile(r"(?:today|([+-]\d+)d) (\d\d):(\d\d)")


@pytest.fixture(scope="module")
def demo_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Anna's session in the demo."""
    place = tmp_path_factory.mktemp("demo") / "workspace"
    make_demo(place, login="me")
    session = open_session(place, login="me", zone=UTC, locale="en_GB")
    yield session
    session.close()


def config(table: str) -> list[ConfigRecord]:
    return [ConfigRecord(number, 0, doc) for number, doc in enumerate(load_json("demo", f"{table}.json"), 1)]


WORKSPACE = Workspace(
    load_types(),
    {
        "field": config("fields"),
        "pipeline": config("pipelines"),
        "layout": config("layouts"),
        "department": config("departments"),
        "person": config("people"),
    },
)


def minutes(moment: str) -> int:
    """Minutes from the last midnight, negative before it."""
    found = MOMENT.fullmatch(moment)
    assert found, moment
    return int(found[1] or 0) * 24 * 60 + int(found[2]) * 60 + int(found[3])


def pipeline_of(deal: Row) -> Pipeline:
    pipeline = WORKSPACE.pipeline("deal", deal["pipeline"])
    assert pipeline
    return pipeline


def known(field: Field, value: Any) -> bool:
    """Whether a chosen value is among the choices."""
    if field.kind == "dictionary":
        return value in {entry.key for entry in load_dictionaries()[field.dictionary].entries}
    if field.kind == "list":
        return value in {option.key for option in field.options}
    return value in WORKSPACE.people if field.kind == "person" else True


def test_a_company_of_that_size() -> None:
    assert len(COMPANIES) == 30
    assert len(CONTACTS) == 45
    assert 60 <= len(DEALS) <= 65
    assert len(LEADS) == 12
    assert Counter(deal["pipeline"] for deal in DEALS)["wholesale"] > 45


def test_the_pictured_deal_is_d_42() -> None:
    deal = DEALS[41]
    assert (deal["title"], deal["amount"], deal["stage"]) == ("ERP connector", "38000 EUR", "qualified")
    assert deal["comment"] == "Wants the connector live before the January stocktaking."
    assert "order_number" not in deal


def test_local_names_are_unique() -> None:
    names = [row["id"] for _type, row in ROWS if "id" in row]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("type_key", "row"), ROWS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_key_is_a_field_and_every_choice_exists(type_key: str, row: Row) -> None:
    for key in row.keys() - NO_FIELDS:
        field = WORKSPACE.field(type_key, key)
        assert field is not None, key
        assert not field.derived, key
        assert isinstance(row[key], list) == (field.many or field.traits.holds_rows), key
        values = row[key] if field.many else [row[key]]
        assert [value for value in values if not known(field, value)] == [], key


def test_links_name_rows_above() -> None:
    companies = {row["id"] for row in COMPANIES}
    employer = {row["id"]: row.get("company", "") for row in CONTACTS}
    assert {row["company"] for row in [*CONTACTS, *DEALS] if "company" in row} <= companies
    for deal in DEALS:
        assert deal["contacts"], deal["title"]
        assert {employer[contact] for contact in deal["contacts"]} == {deal.get("company", "")}, deal["title"]


def test_stages_exist_and_have_what_they_require() -> None:
    needs = {field.key: field.required_at for field in WORKSPACE.fields("deal").values() if field.required_at}
    assert set(needs) == {"amount", "close_date", "order_number", "lost_reason"}
    for deal in DEALS:
        assert pipeline_of(deal).stage(deal["stage"]), deal["title"]
        has = set(deal) | ({"close_date"} if "close" in deal else set())
        wanted = {key for key, at in needs.items() if deal["stage"] in at.get(deal["pipeline"], [])}
        assert wanted <= has, deal["title"]


def test_every_stage_holds_a_deal() -> None:
    full = {(deal["pipeline"], deal["stage"]) for deal in DEALS}
    stages = {(pipeline.key, stage.key) for pipeline in WORKSPACE.pipelines("deal") for stage in pipeline.stages}
    assert full == stages
    assert {lead["stage"] for lead in LEADS} == {"new", "in_process", "processed", "junk"}


@pytest.mark.parametrize("row", [*DEALS, *LEADS, *QUOTES, *INVOICES], ids=lambda row: row["title"])
def test_what_happened_lies_between_creation_and_today(row: Row) -> None:
    assert row["created"] <= row["stage_since"] <= 0
    begin = row["created"] * 24 * 60 + 9 * 60
    past = [minutes(told["at"]) for told in [*row.get("timeline", ()), *row.get("done", ())]]
    # Before today: at whatever hour the demo is made, it has happened.
    assert all(begin <= at < 0 for at in past)
    told = [minutes(entry["at"]) for entry in row.get("timeline", ())]
    assert told == sorted(told)
    assert {entry["kind"] for entry in row.get("timeline", ())} <= {"comment", "amount"}
    assert sum(bool(entry.get("pinned")) for entry in row.get("timeline", ())) <= PINNED.most
    assert {entry["by"] for entry in row.get("timeline", ())} <= WORKSPACE.people.keys()


def test_amounts_changed_into_what_they_are() -> None:
    for deal in DEALS:
        changes = [told for told in deal.get("timeline", ()) if told["kind"] == "amount"]
        assert [change["to"] for change in changes[-1:]] in ([], [deal.get("amount")])


def test_only_open_deals_are_planned_for_and_some_are_late() -> None:
    closed = [deal for deal in DEALS if deal["stage"] in ("won", "lost", "sold", "no_sale")]
    assert [deal["title"] for deal in closed if "activities" in deal] == []
    planned = [activity for deal in DEALS for activity in deal.get("activities", ())]
    assert {activity["kind"] for activity in planned} == {"call", "meeting", "todo"}
    days = Counter(minutes(activity["at"]) // (24 * 60) for activity in planned)
    assert 3 <= sum(count for day, count in days.items() if day < 0) <= 7
    assert days[0] >= 2
    assert sum(count for day, count in days.items() if day > 0) > 15


def test_several_currencies_one_without_a_rate() -> None:
    rates = {row["code"]: row.get("rate") for row in load_json("demo", "currencies.json")}
    used = {deal["amount"].split()[1] for deal in DEALS if "amount" in deal}
    assert used <= rates.keys()
    assert {code for code in used if rates[code] is None} == {"JPY"}
    assert rates["EUR"] == "1"
    assert all(Decimal(rate) > 0 for rate in rates.values() if rate)


def test_sums_fall_into_a_credible_funnel() -> None:
    rates = {row["code"]: Decimal(row.get("rate", 0)) for row in load_json("demo", "currencies.json")}
    sums: dict[str, Decimal] = {}
    for deal in DEALS:
        if deal["pipeline"] == "wholesale" and "amount" in deal:
            amount, currency = deal["amount"].split()
            sums[deal["stage"]] = sums.get(deal["stage"], Decimal(0)) + Decimal(amount) * rates[currency]
    assert 80_000 < sums["proposal"] < sums["new"] < sums["qualified"] < sums["negotiation"] < 350_000


def test_numbers_can_be_called_and_addresses_reach_nobody() -> None:
    rows = [*COMPANIES, *CONTACTS, *LEADS]
    numbers = [number for row in rows for number in row.get("phone", ())]
    assert [typed for typed in numbers if not phonenumbers.is_valid_number(phonenumbers.parse(typed, "IT"))] == []
    assert all(re.fullmatch(r"[a-z.]+@[a-z0-9-]+\.example", mail) for row in rows for mail in row.get("email", ()))
    assert all(re.fullmatch(r"https://[a-z-]+\.example", page) for row in rows for page in row.get("web", ()))


def test_layouts_place_known_fields_once() -> None:
    for pipeline in WORKSPACE.pipelines("deal"):
        (kept,) = WORKSPACE.kept_layouts("deal", pipeline.key)
        sections = kept.record.sections
        placed = [place.field for section in sections for place in section.fields]
        assert len(set(placed)) == len(placed)
        assert set(placed) <= WORKSPACE.fields("deal").keys()
    (wholesale,) = WORKSPACE.kept_layouts("deal", "wholesale")
    titles = [section.title for section in wholesale.record.sections]
    assert [title["en"] for title in titles if isinstance(title, dict)] == [
        "About the deal",
        "Client",
        "Delivery",
        "More",
    ]


def test_people_belong_to_departments_and_one_is_administrator() -> None:
    assert {row["department"] for row in PEOPLE} == {"sales", "wholesale", "retail"} == set(WORKSPACE.departments)
    assert [row["key"] for row in PEOPLE if "administrator" in row["roles"]] == ["anna"]
    assert [WORKSPACE.people[key].initials for key in ("anna", "mario", "luca")] == ["AB", "MC", "LR"]
    assert all(part.head in WORKSPACE.people for part in WORKSPACE.departments.values())


def test_product_rows_come_to_the_amount_but_for_one_that_was_agreed() -> None:
    context = Context(NoNames(), datetime(2026, 11, 23, tzinfo=UTC), country="IT", canonical=True)
    price = Field("price", "money", "")
    catalogue = {row["id"]: {**row, "price": parse_field(row["price"], price, context)} for row in PRODUCTS}
    by_ref = {f"product:{number}": doc for number, doc in enumerate(catalogue.values(), 1)}
    refs = dict(zip(catalogue, by_ref, strict=True))
    differ = []
    for type_key, item in SALES:
        told = [
            {**row, "product": refs[row["product"]]} if "product" in row else row for row in item.get("products", ())
        ]
        summed = totals(rows_of(demo_rows.rows(WORKSPACE.fields(type_key)["products"], told, by_ref, context)))
        if summed and f"{summed.total:.0f} {summed.currency}" != item["amount"]:
            differ.append((type_key, item["title"]))
    assert sum("products" in deal for deal in DEALS) > 10
    assert all(item["products"] for item in [*QUOTES, *INVOICES])
    assert differ == [("deal", "ERP connector"), ("quote", "ERP connector")]


def test_quotes_and_invoices_are_of_a_deal_that_had_come_that_far() -> None:
    deals = {deal["id"]: deal for deal in DEALS if "id" in deal}
    quotes = {quote["id"]: quote for quote in QUOTES if "id" in quote}
    for paper in [*QUOTES, *INVOICES]:
        deal = deals[paper["deal"]]
        assert (paper.get("company"), paper["contacts"]) == (deal.get("company"), deal["contacts"])
        assert deal["created"] < paper["created"]
        assert paper["amount"].split()[1] == deal["amount"].split()[1]
    assert all(quotes[invoice["quote"]]["deal"] == invoice["deal"] for invoice in INVOICES if "quote" in invoice)
    assert {deals[quote["deal"]]["stage"] for quote in QUOTES if quote["stage"] == "approved"} == {"won"}
    assert all(
        deals[invoice["deal"]]["stage"] in ("won", "sold") for invoice in INVOICES if invoice["stage"] != "unpaid"
    )


def test_quotes_and_invoices_are_in_every_stage_and_in_the_order_of_their_numbers() -> None:
    for type_key, rows in (("quote", QUOTES), ("invoice", INVOICES)):
        (pipeline,) = load_types()[type_key].pipelines
        assert {row["stage"] for row in rows} >= {stage.key for stage in pipeline.stages} - {"apology"}
        assert [row["created"] for row in rows] == sorted(row["created"] for row in rows)


def test_messages_are_of_their_clients_and_of_the_past() -> None:
    named = {row["id"]: (kind, row) for kind, row in ROWS if "id" in row}
    people = {one["key"]: one["email"] for one in PEOPLE}
    context = Context(NoNames(), datetime(2026, 11, 23, 10, tzinfo=UTC), UTC, country="IT", canonical=True)
    known = set()
    for kind, row in [*ROWS]:
        for key in {"phone", "email"} & row.keys():
            field = WORKSPACE.field(kind, key)
            assert field is not None
            known |= {one["value"] for one in parse_field("\n".join(row[key]), field, context)}
    begun: set[str] = set()
    for one in MESSAGES:
        assert minutes(one["at"]) < 0, "before today: at whatever hour the demo is made, it has happened"
        far = one["from"] if one["way"] == "in" else one["to"][0].replace(" ", "" if one["channel"] != "mail" else " ")
        assert (far in known) == bool(one.get("on")), f"{far}: whom nobody knows waits in the inbox"
        if one["channel"] == "mail":
            ours = one["to"][0] if one["way"] == "in" else one["from"]
            assert ours == people[one["by"]]
        kinds = [named[name][0] for name in one.get("on", ())]
        assert kinds in ([], ["deal", "contact", "company"], ["deal", "contact"])
        for name in one.get("on", ())[:1]:
            deal = named[name][1]
            assert deal["created"] * 24 * 60 + 9 * 60 <= minutes(one["at"])
            assert one["on"][1] in deal["contacts"]
            assert one["on"][2:] == ([deal["company"]] if "company" in deal else [])
        assert one.get("answers", "") in {"", *begun}
        begun |= {one["id"]} if "id" in one else set()
    assert {one["channel"] for one in MESSAGES} == {"mail", "call", "sms", "whatsapp"}
    assert [one["subject"] for one in MESSAGES if not one.get("on")] == ["Tills for three shops"]
    moments = [minutes(one["at"]) for one in MESSAGES]
    assert moments == sorted(moments)


def test_the_text_templates_name_what_there_is(demo_session: Session) -> None:
    template, short = text_templates.text_templates(demo_session)
    assert [text_templates.faults(demo_session, one) for one in (template, short)] == [[], []]
    assert text_templates.fill(demo_session, short, Ref("deal", 42)).text.startswith("Hello Marta, see you tomorrow")
    filled = text_templates.fill(demo_session, template, Ref("deal", 42))
    assert filled.subject == "ERP connector"
    assert filled.text.startswith("Dear Marta,\n\nplease find our offer attached: €38,000.00 in all.")
    assert (records.newest(demo_session, 1)[0].record.subject, inbox_counts.count(demo_session)) == (
        "Tills for three shops",
        1,
    )
    assert demo_session.workspace.channels == {}, "nothing goes out by it, and nothing seems to"
