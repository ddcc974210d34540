"""Answers of the model product, recognised by their shape and read into our words. Small answers of the documented forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tuicrm.errors import Refused
from tuicrm.exchange.bitrix.payloads import (
    CardLayout,
    Comments,
    Directories,
    Directory,
    Fields,
    Items,
    NotTaken,
    Payload,
    PayloadPipelines,
    SourceEntry,
    SourceOption,
    SourcePipeline,
)
from tuicrm.exchange.bitrix.recognise import read_payloads

SAMPLES = Path("/work/shared/samples/bitrix24")
P = TypeVar("P")


def read(kind: type[P], result: Any, name: str = "answer.json") -> P:
    (payload,) = read_payloads(json.dumps({"result": result}).encode(), name)
    assert isinstance(payload, kind)
    return payload


def item(raw: dict[str, Any], name: str = "answer.json") -> tuple[str, dict[str, Any]]:
    """The type and the values of one record."""
    items = read(Items, raw, name)
    return items.type, items.items[0].values


DEAL: dict[str, Any] = {
    "ID": "410",
    "TITLE": "[A] Deal",
    "STAGE_ID": "C1:NEW",
    "CATEGORY_ID": "1",
    "PROBABILITY": "99",
    "CURRENCY_ID": "EUR",
    "OPPORTUNITY": "1000000.00",
    "COMPANY_ID": "0",
    "CONTACT_ID": "84",
    "LEAD_ID": None,
    "BEGINDATE": "2024-08-30T00:00:00+02:00",
    "DATE_CREATE": "2024-08-30T00:29:00+02:00",
    "OPENED": "Y",
    "CLOSED": "N",
    "COMMENTS": "[B]Example[/B] comment",
    "UF_CRM_1": [],
    "UF_CRM_2": False,
    "UF_CRM_3": "0",
}


def test_a_deal_of_the_old_dialect() -> None:
    kind, values = item(DEAL)
    assert kind == "deal"
    assert values == {
        "TITLE": "[A] Deal",
        "STAGE_ID": "C1:NEW",
        "CATEGORY_ID": "1",
        "PROBABILITY": "99",
        "OPPORTUNITY": {"amount": "1000000.00", "currency": "EUR"},
        "COMPANY_ID": None,
        "CONTACT_IDS": ["84"],
        "LEAD_ID": None,
        "BEGINDATE": "2024-08-30",
        "DATE_CREATE": "2024-08-29T22:29:00Z",
        "OPENED": True,
        "CLOSED": False,
        "COMMENTS": "Example comment",
        "UF_CRM_1": None,
        "UF_CRM_2": None,
        "UF_CRM_3": "0",
    }


def test_a_lead_of_the_new_dialect_reads_like_one_of_the_old() -> None:
    raw = {
        "item": {
            "id": 250,
            "entityTypeId": 1,
            "createdTime": "2024-07-22T18:00:08+02:00",
            "assignedById": 1,
            "companyId": 0,
            "stageId": "IN_PROCESS",
            "opportunity": 999.9,
            "currencyId": "USD",
            "name": "Admin",
            "birthdate": "2000-01-01T02:00:00+02:00",
            "phoneWork": "+6111",
            "phone": "+6111",
            "searchContent": "250 Lead",
            "fm": [
                {"id": 1, "valueType": "WORK", "value": "+6111", "typeId": "PHONE"},
                {"id": 2, "valueType": "MOBILE", "value": "+6222", "typeId": "PHONE"},
                {"id": 3, "valueType": "WORK", "value": "a@example.com", "typeId": "EMAIL"},
            ],
            "ufCrm_1720019876534": "321",
            "parentId1222": None,
            "contactIds": [7, 8],
        }
    }
    kind, values = item(raw)
    assert kind == "lead"
    assert values == {
        "DATE_CREATE": "2024-07-22T16:00:08Z",
        "ASSIGNED_BY_ID": "1",
        "COMPANY_ID": None,
        "STATUS_ID": "IN_PROCESS",
        "OPPORTUNITY": {"amount": "999.9", "currency": "USD"},
        "NAME": "Admin",
        "BIRTHDATE": "2000-01-01",
        "PHONE": [
            {"value": "+6111", "typed": "+6111", "type": "work"},
            {"value": "+6222", "typed": "+6222", "type": "mobile"},
        ],
        "EMAIL": [{"value": "a@example.com", "type": "work"}],
        "UF_CRM_1720019876534": "321",
        "PARENT_ID_1222": None,
        "CONTACT_IDS": ["7", "8"],
    }


def test_a_contact_has_phones_and_a_companys_address_is_one_value() -> None:
    phone = {"ID": "1", "VALUE_TYPE": "WORK", "VALUE": "+1333", "TYPE_ID": "PHONE"}
    kind, values = item({"ID": "43", "NAME": "John", "LAST_NAME": "Smith", "PHONE": [phone], "EMAIL": []})
    assert kind == "contact"
    assert values["PHONE"] == [{"value": "+1333", "typed": "+1333", "type": "work"}]
    assert values["EMAIL"] is None
    kind, values = item(
        {
            "ID": "2",
            "TITLE": "X",
            "COMPANY_TYPE": "CUSTOMER",
            "ADDRESS": "1 Road",
            "ADDRESS_CITY": "Rome",
            "ADDRESS_2": None,
        }
    )
    assert kind == "company"
    assert values == {"TITLE": "X", "COMPANY_TYPE": "CUSTOMER", "ADDRESS": {"line1": "1 Road", "city": "Rome"}}


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        ({"ID": "1", "TITLE": "x"}, "crm.company.list.json", "company"),
        ({"ID": "1", "TITLE": "x", "ACTUAL_DATE": None}, "x", "quote"),
        ({"id": 1, "title": "x", "stageId": "DT31_5:N"}, "x", "invoice"),
        ({"id": 1, "title": "x", "stageId": "DT177_7:NEW"}, "x", "smart:177"),
        ({"id": 1, "title": "x", "name": "y", "stageId": "NEW"}, "crm.item.list.json", "lead"),
        ({"id": 1, "title": "x", "stageId": "NEW"}, "crm.item.list.json", "deal"),
        ({"id": 1, "title": "x"}, "my companies.json", "company"),
        ({"id": 1, "title": "x"}, "x", ""),
    ],
)
def test_the_type_is_told_by_keys_and_else_by_the_name(raw: dict[str, Any], name: str, expected: str) -> None:
    assert read(Items, raw, name).type == expected


def test_a_list_says_how_many_there_are_and_bare_rows_and_several_answers_are_read() -> None:
    (page,) = read_payloads(json.dumps({"result": [DEAL], "next": 50, "total": 63}).encode(), "x")
    assert isinstance(page, Items)
    assert (len(page.items), page.total) == (1, 63)
    (bare,) = read_payloads(json.dumps([DEAL]).encode(), "x")
    assert isinstance(bare, Items)
    assert len(read_payloads(json.dumps([{"result": [DEAL]}, {"result": []}]).encode(), "x")) == 2


def test_described_fields() -> None:
    fields = read(
        Fields,
        {
            "PROBABILITY": {"type": "integer", "isReadOnly": False, "title": "Probability"},
            "PHONE": {"type": "crm_multifield", "isReadOnly": False, "isMultiple": True, "title": "Phone"},
            "SOURCE_ID": {"type": "crm_status", "isReadOnly": False, "statusType": "SOURCE", "title": "Source"},
            "UF_CRM_1": {
                "type": "enumeration",
                "isReadOnly": False,
                "isDynamic": True,
                "isRequired": True,
                "title": "UF_CRM_1",
                "formLabel": "Size",
                "items": [{"ID": "5", "VALUE": "Big"}, {"ID": "6", "VALUE": ""}],
            },
            "UF_CRM_2": {
                "type": "crm",
                "isReadOnly": False,
                "isDynamic": True,
                "title": "UF_CRM_2",
                "settings": {"COMPANY": "Y", "LEAD": None, "DYNAMIC_177": "Y"},
            },
        },
    )
    assert fields.type == "deal"
    by_code = {field.code: field for field in fields.fields}
    assert (by_code["PHONE"].kind, by_code["PHONE"].many) == ("phone", True)
    assert (by_code["SOURCE_ID"].kind, by_code["SOURCE_ID"].dictionary) == ("dictionary", "SOURCE")
    size = by_code["UF_CRM_1"]
    assert (size.kind, size.label, size.custom, size.required) == ("list", "Size", True, True)
    assert size.options == (SourceOption("5", "Big"),)
    assert by_code["UF_CRM_2"].targets == ("company", "smart:177")


def test_fields_of_the_new_dialect_have_their_upper_names() -> None:
    described = {
        "fields": {"ufCrm_2": {"type": "string", "isReadOnly": False, "upperName": "UF_CRM_2", "settings": {"ROWS": 3}}}
    }
    (field,) = read(Fields, described).fields
    assert (field.code, field.kind) == ("UF_CRM_2", "text")


def test_custom_fields_of_both_dialects() -> None:
    old = {
        "ID": "1",
        "ENTITY_ID": "CRM_DEAL",
        "FIELD_NAME": "UF_CRM_9",
        "USER_TYPE_ID": "enumeration",
        "MULTIPLE": "Y",
        "MANDATORY": "N",
        "EDIT_FORM_LABEL": {"de": "Radio", "en": "Wireless"},
        "LIST": [{"ID": "2", "SORT": "20", "VALUE": "B"}, {"ID": "1", "SORT": "10", "VALUE": "A"}],
    }
    fields = read(Fields, [old])
    assert fields.type == "deal"
    assert (fields.fields[0].label, fields.fields[0].many) == ({"de": "Radio", "en": "Wireless"}, True)
    assert [option.label for option in fields.fields[0].options] == ["A", "B"]
    new = {
        "id": "7",
        "entityId": "CRM_LEAD",
        "fieldName": "UF_CRM_8",
        "userTypeId": "money",
        "multiple": "N",
        "editFormLabel": "Fee",
    }
    fields = read(Fields, {"fields": [new]})
    assert (fields.type, fields.fields[0].kind, fields.fields[0].label) == ("lead", "money", "Fee")


def status(entity: str, code: str, sort: str, extra: Any = None, semantics: str | None = None) -> dict[str, Any]:
    return {
        "ID": "1",
        "ENTITY_ID": entity,
        "STATUS_ID": code,
        "NAME": code.title(),
        "SORT": sort,
        "SYSTEM": "Y",
        "COLOR": "#7BD500",
        "SEMANTICS": semantics,
        "EXTRA": extra or [],
    }


def test_stages_and_dropdowns() -> None:
    rows = [
        status("DEAL_STAGE_1", "C1:WON", "60", {"SEMANTICS": "success"}),
        status("DEAL_STAGE_1", "C1:APOLOGY", "80", {"SEMANTICS": "apology"}),
        status("DEAL_STAGE_1", "C1:NEW", "10", {"SEMANTICS": "process"}),
        status("STATUS", "JUNK", "10", semantics="F"),
        status("SOURCE", "WEB", "10"),
        status("DYNAMIC_177_STAGE_7", "DT177_7:NEW", "10"),
    ]
    deals, leads, sources, smart = read(Directories, rows).directories
    assert (deals.type, deals.pipeline) == ("deal", "1")
    assert [(entry.code, entry.semantics) for entry in deals.entries] == [
        ("C1:NEW", "process"),
        ("C1:WON", "success"),
        ("C1:APOLOGY", "failure"),
    ]
    assert leads == Directory("STATUS", "lead", "0", (SourceEntry("JUNK", "Junk", "#7bd500", "failure", 10, True),))
    assert (sources.code, sources.type) == ("SOURCE", "")
    assert (smart.type, smart.pipeline) == ("smart:177", "7")


def test_pipelines() -> None:
    rows = [
        {"id": 9, "name": "Wholesale", "sort": 300, "entityTypeId": 2, "isDefault": "N"},
        {"id": 0, "name": "General", "sort": 200, "entityTypeId": 2, "isDefault": "Y"},
    ]
    found = read(PayloadPipelines, {"categories": rows})
    assert found.type == "deal"
    assert found.pipelines == (SourcePipeline("0", "General", 200, True), SourcePipeline("9", "Wholesale", 300, False))


def test_a_card_layout() -> None:
    section = {
        "name": "main",
        "title": "About the deal",
        "type": "section",
        "elements": [
            {"name": "OPPORTUNITY_WITH_CURRENCY", "optionFlags": "0"},
            {"name": "CLIENT", "optionFlags": "1", "options": {"defaultCountry": "IT"}},
        ],
    }
    layout = read(CardLayout, [section], "crm.item.details.configuration.get_deal.json")
    assert layout.type == "deal"
    amount, client = layout.sections[0].elements
    assert (amount.codes, amount.always) == (("OPPORTUNITY",), False)
    assert (client.codes, client.always, client.options) == (
        ("COMPANY_ID", "CONTACT_IDS"),
        True,
        {"defaultCountry": "IT"},
    )


def test_nothing_stored_is_a_layout_without_sections() -> None:
    assert read(CardLayout, None, "crm.lead.details.configuration.get.json") == CardLayout("lead", ())


def test_comments() -> None:
    row = {
        "ID": "999",
        "ENTITY_ID": "2",
        "ENTITY_TYPE": "deal",
        "CREATED": "2020-03-02T12:00:00+03:00",
        "COMMENT": "[B]New[/B] comment",
        "AUTHOR_ID": "1",
        "FILES": {"1": {"name": "1.gif"}},
    }
    (comment,) = read(Comments, [row]).comments
    assert (comment.type, comment.item, comment.created) == ("deal", "2", "2020-03-02T09:00:00Z")
    assert (comment.text, comment.files) == ("New comment", ("1.gif",))


@pytest.mark.parametrize(
    "result",
    [
        {"ID": "9", "OWNER_TYPE_ID": "3", "PROVIDER_ID": "CALL"},
        {"productRows": [{"id": 1, "productName": "x", "ownerType": "D"}]},
        {"items": [{"ID": 1, "OWNER_ID": 2, "STAGE_ID": "NEW", "CREATED_TIME": "x"}]},
        [{"ID": "1", "ENTITY_TYPE_ID": "4", "ENTITY_ID": "2", "NAME": "Details"}],
        [{"ID": "SOURCE", "NAME": "Sources"}],
        {"templateFields": {"x": {}}},
    ],
)
def test_what_is_known_and_not_taken_says_why(result: Any) -> None:
    assert read(NotTaken, result).reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ('{"error": "x", "error_description": "Access denied"}', "Access denied"),
        ('{"a": 1}', "not a known Bitrix24 response"),
        ('"text"', "not a known Bitrix24 response"),
        ("[[1]]", "not a known Bitrix24 response"),
    ],
)
def test_what_is_no_answer_is_refused(content: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_payloads(content.encode(), "x.json")


def test_every_sample_that_is_there_is_recognised() -> None:
    read_of: dict[str, Payload] = {}
    for path in SAMPLES.glob("*.json"):
        (read_of[path.name],) = read_payloads(path.read_bytes(), path.name)
    for name, payload in read_of.items():
        words = name.split(".")
        if words[1] in ("deal", "lead", "contact", "company", "quote"):
            assert getattr(payload, "type", None) == words[1], name
        if words[-2] in ("fields", "fields_spa"):
            assert isinstance(payload, Fields), name
        if words[1] == "item" and words[2] in ("get", "list"):
            assert isinstance(payload, Items), name
            assert payload.type == "lead", name
