"""The source's codes find our fields by what each field says of its source."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.types import item_type
from tuicrm.domain.schema import Field, Stage
from tuicrm.exchange.bitrix.payloads import SourceEntry, SourceItem
from tuicrm.exchange.bitrix.taking import kind_of, stage, take

DEAL = item_type(
    "deal",
    ["title"],
    Field("title", "string", "Title", source="TITLE"),
    Field("amount", "money", "Amount", source="OPPORTUNITY"),
    Field("currency", "string", "Currency", derived="amount.currency", source="CURRENCY_ID"),
    Field("company", "item", "Company", source="COMPANY_ID"),
    Field("contacts", "item", "Contacts", many=True, source="CONTACT_IDS"),
    Field("size", "list", "Size", many=True, custom=True, source="UF_CRM_1"),
    Field("fee", "money", "Fee", custom=True, source="UF_CRM_2"),
    Field("probability", "integer", "Probability", source="PROBABILITY"),
    Field("created", "datetime", "Created", read_only=True, source="DATE_CREATE"),
    Field("lead", "item", "Lead", read_only=True, source="LEAD_ID"),
    Field("observers", "person", "Observers", many=True, source="OBSERVER"),
    Field("gone", "string", "Gone", custom=True, source="UF_CRM_3", deleted=True),
)
CONTACT = item_type("contact", ["name"], Field("companies", "item", "Companies", many=True, source="COMPANY_IDS"))


def test_a_record_in_our_fields_and_what_has_no_place() -> None:
    values = {
        "TITLE": "x",
        "PROBABILITY": "99",
        "OPPORTUNITY": {"amount": "5", "currency": "EUR"},
        "COMPANY_ID": "9",
        "CONTACT_IDS": ["84"],
        "UF_CRM_1": ["267", "0"],
        "UF_CRM_2": "5000|EUR",
        "UF_CRM_3": "y",
        "DATE_CREATE": "2024-08-30T12:29:00Z",
        "IS_NEW": False,
        "LEAD_ID": "5",
        "QUOTE_ID": None,
        "OBSERVERS": ["1", "6"],
    }
    taken = take(SourceItem("1", values), DEAL)
    assert taken.values == {
        "title": "x",
        "probability": 99,
        "amount": {"amount": "5", "currency": "EUR"},
        "company": "9",
        "contacts": ["84"],
        "size": ["267"],
        "fee": {"amount": "5000", "currency": "EUR"},
        "observers": ["1", "6"],
    }
    assert taken.left == {
        "UF_CRM_3": "there is no similar field",
        "DATE_CREATE": "each program keeps its own",
        "IS_NEW": "calculated from other fields",
        "LEAD_ID": "it cannot be set by an import",
    }


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["Y", "N", None], "boolean"),
        (["1", "20"], "integer"),
        (["007"], "string"),
        (["1", "1.50"], "string"),
        (["0.10", "1.50"], "number"),
        (["2024-08-30"], "date"),
        (["2024-08-30T14:29:00+02:00"], "datetime"),
        (["https://example.com"], "link"),
        ([["a", "b"], None], "string"),
        (["one\ntwo"], "text"),
        ([None, "", []], ""),
        ([{"id": 1}], "string"),
    ],
)
def test_a_kind_that_holds_whatever_is_in_a_code(values: list[Any], kind: str) -> None:
    assert kind_of(values) == kind


def test_one_link_goes_into_a_field_for_several() -> None:
    assert take(SourceItem("1", {"COMPANY_ID": "12"}), CONTACT).values == {"companies": ["12"]}


def test_a_stage_like_the_sources() -> None:
    entry = SourceEntry("C1:PREPAYMENT_INVOICE", "Prepayment", "#55d0e0", "process", 30, False)
    assert stage(entry) == Stage(
        "prepayment_invoice", "Prepayment", "#55d0e0", "process", source="C1:PREPAYMENT_INVOICE"
    )
