"""Custom fields like the source's: kind, options, settings, default; and what of them is not kept, each with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchange.types import TYPES, item_type
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.field_settings import problems
from tuicrm.domain.schema import Field, Option
from tuicrm.errors import Refused
from tuicrm.exchange.bitrix.field_making import Made, differences, make_field
from tuicrm.exchange.bitrix.payloads import Fields, SourceField, SourceOption
from tuicrm.exchange.bitrix.recognise import read_payloads

CONTEXT = Context(NoNames(), datetime(2026, 11, 23, tzinfo=UTC), ZoneInfo("Europe/Rome"), canonical=True)
SMART = replace(item_type("project", ["title"]), source="DYNAMIC_177")


def fields_of(*rows: dict[str, Any]) -> tuple[SourceField, ...]:
    (payload,) = read_payloads(json.dumps({"result": rows}).encode(), "crm.deal.userfield.list.json")
    assert isinstance(payload, Fields)
    return payload.fields


def row(kind: str, *, many: bool = False, options: Any = None, **said: Any) -> dict[str, Any]:
    """A row of crm.deal.userfield.list; `said` are its settings."""
    return {
        "ENTITY_ID": "CRM_DEAL",
        "FIELD_NAME": "UF_CRM_1",
        "USER_TYPE_ID": kind,
        "MULTIPLE": "Y" if many else "N",
        "MANDATORY": "N",
        "EDIT_FORM_LABEL": "Thing",
        "SETTINGS": said,
        **({"LIST": options} if options else {}),
    }


def made_of(source: SourceField) -> Made:
    return make_field(
        source,
        "thing",
        dictionaries={"INDUSTRY": "industry"},
        types={**TYPES, "project": SMART},
        context=CONTEXT,
    )


def made(kind: str, **said: Any) -> Made:
    return made_of(fields_of(row(kind, **said))[0])


def left(found: Made) -> dict[str, str]:
    return {one.key: one.reason for one in found.left}


# -- settings ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "said", "ours", "kept"),
    [
        ("string", {"MIN_LENGTH": 2, "MAX_LENGTH": "10", "ROWS": 1}, "string", {"min_length": 2, "max_length": 10}),
        ("string", {"MIN_LENGTH": 0, "MAX_LENGTH": 0, "REGEXP": "", "ROWS": "1"}, "string", {}),
        ("string", {"REGEXP": r"[A-Z]{2}\d+"}, "string", {"pattern": r"[A-Z]{2}\d+"}),
        ("string", {"ROWS": 5, "MAX_LENGTH": 100}, "text", {"rows": 5, "max_length": 100}),
        ("url", {"MIN_LENGTH": 1, "MAX_LENGTH": 80}, "link", {"min_length": 1, "max_length": 80}),
        ("integer", {"MIN_VALUE": -5, "MAX_VALUE": "20"}, "integer", {"min": "-5", "max": "20"}),
        ("integer", {"MIN_VALUE": 0, "MAX_VALUE": 0}, "integer", {}),
        ("double", {"PRECISION": 0, "MIN_VALUE": 0.5, "MAX_VALUE": 9.5}, "number", {"precision": 0, "min": "0.5", "max": "9.5"}),
        ("file", {"EXTENSIONS": ["PDF", ".docx"], "MAX_ALLOWED_SIZE": "9"}, "file", {"extensions": ["pdf", "docx"], "max_size": 9}),
        ("file", {"EXTENSIONS": {"pdf": True, "exe": False}, "MAX_ALLOWED_SIZE": 0}, "file", {"extensions": ["pdf"]}),
        ("file", {"EXTENSIONS": "pdf, jpg"}, "file", {"extensions": ["pdf", "jpg"]}),
        ("employee", {}, "person", {}),
        ("address", {}, "address", {}),
    ],
)  # fmt: skip
def test_settings_with_a_counterpart(kind: str, said: dict[str, Any], ours: str, kept: dict[str, Any]) -> None:
    found = made(kind, **said)
    assert (found.field.kind, found.field.settings, found.left) == (ours, kept, ())
    assert list(problems(found.field, CONTEXT)) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("string", {"SIZE": 20}),
        ("url", {"POPUP": "Y", "SIZE": 20}),
        ("boolean", {"DISPLAY": "CHECKBOX", "LABEL": ["no", "yes"], "LABEL_CHECKBOX": "yes"}),
        ("enumeration", {"DISPLAY": "UI", "LIST_HEIGHT": 1, "CAPTION_NO_VALUE": "none", "SHOW_NO_VALUE": "Y"}),
        ("file", {"LIST_WIDTH": 0, "MAX_SHOW_SIZE": 0}),
        ("employee", {"ROWS": 5}),
        ("datetime", {"USE_SECOND": "Y"}),
    ],
)
def test_settings_without_a_counterpart_are_told(kind: str, said: dict[str, Any]) -> None:
    assert left(made(kind, **said)) == dict.fromkeys(said, "")


def test_empty_settings_say_nothing() -> None:
    assert made("enumeration", CAPTION_NO_VALUE="", ACTIVE_FILTER=None, X=[], Y={}).left == ()


@pytest.mark.parametrize(
    ("kind", "said", "key", "reason"),
    [
        ("string", {"REGEXP": r"/^\d{5}$/"}, "REGEXP", "PHP"),
        ("string", {"REGEXP": "#^a#iu"}, "REGEXP", "PHP"),
        ("string", {"REGEXP": "(("}, "REGEXP", "not a valid regular expression"),
        ("string", {"MIN_LENGTH": 9, "MAX_LENGTH": 3}, "MAX_LENGTH", "at least 9"),
        ("string", {"MAX_LENGTH": "lots"}, "MAX_LENGTH", "whole number"),
        ("string", {"MAX_LENGTH": -1}, "MAX_LENGTH", "whole number"),
        ("string", {"ROWS": 50}, "ROWS", "0 to 40"),
        ("double", {"PRECISION": 30}, "PRECISION", "0 to 12"),
        ("double", {"MIN_VALUE": "much"}, "MIN_VALUE", "number"),
        ("integer", {"MAX_VALUE": "1.5"}, "MAX_VALUE", "whole number"),
        ("file", {"EXTENSIONS": ["../x"]}, "EXTENSIONS", "pdf"),
        ("string", {"MAX_LENGTH": 2, "DEFAULT_VALUE": "long"}, "DEFAULT_VALUE", "at most 2"),
        ("integer", {"DEFAULT_VALUE": "x"}, "DEFAULT_VALUE", "number"),
        ("url", {"DEFAULT_VALUE": "javascript:alert(1)"}, "DEFAULT_VALUE", "web address"),
        ("money", {"DEFAULT_VALUE": "much|EUR"}, "DEFAULT_VALUE", ""),
        ("date", {"DEFAULT_VALUE": {"TYPE": "FIXED", "VALUE": "someday"}}, "DEFAULT_VALUE", ""),
        ("boolean", {"DEFAULT_VALUE": "maybe"}, "DEFAULT_VALUE", ""),
        ("employee", {"DEFAULT_VALUE": "5"}, "DEFAULT_VALUE", "no default"),
        ("string", {"DEFAULT_VALUE": {"x": 1}}, "DEFAULT_VALUE", "text"),
    ],
)
def test_what_our_checks_refuse_is_told_and_the_field_is_made(
    kind: str, said: dict[str, Any], key: str, reason: str
) -> None:
    found = made(kind, **said)
    assert list(left(found)) == [key]
    assert reason in left(found)[key]
    assert left(found)[key]
    assert found.left[0].value == said[key]
    assert list(problems(found.field, CONTEXT)) == []


# -- defaults ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "default", "kept"),
    [
        ("string", "Hello", "Hello"),
        ("string", "0", "0"),
        ("string", "", None),
        ("integer", "5", 5),
        ("double", 2.5, "2.5"),
        ("boolean", "1", True),
        ("boolean", 0, False),
        ("boolean", None, None),
        ("money", "5000|USD", {"amount": "5000.00", "currency": "USD"}),
        ("money", "5000", {"amount": "5000.00", "currency": "EUR"}),
        ("money", "|EUR", None),
        ("url", "https://example.com", "https://example.com"),
        ("date", {"TYPE": "NONE", "VALUE": ""}, None),
        ("date", {"TYPE": "NONE", "VALUE": "2026-01-01"}, None),
        ("date", {"TYPE": "NOW", "VALUE": ""}, {"now": 0}),
        ("date", {"TYPE": "FIXED", "VALUE": "2026-05-01"}, "2026-05-01"),
        ("date", {"TYPE": "FIXED", "VALUE": "01.05.2026"}, "2026-05-01"),
        ("date", {"TYPE": "FIXED", "VALUE": "2026-05-01T00:00:00+03:00"}, "2026-05-01"),
        ("datetime", {"TYPE": "NOW"}, {"now": 0}),
        ("datetime", {"TYPE": "FIXED", "VALUE": "2026-05-01T12:00:00+03:00"}, "2026-05-01T09:00:00Z"),
        ("datetime", {"TYPE": "FIXED", "VALUE": "01.05.2026 12:00:00"}, "2026-05-01T10:00:00Z"),
    ],
)
def test_defaults(kind: str, default: Any, kept: Any) -> None:
    found = made(kind, DEFAULT_VALUE=default)
    assert (found.field.default, found.left) == (kept, ())
    assert list(problems(found.field, CONTEXT)) == []


def test_a_field_of_several_values_has_a_default_of_several() -> None:
    assert made("string", many=True, DEFAULT_VALUE="a").field.default == ["a"]
    assert made("date", many=True, DEFAULT_VALUE={"TYPE": "NOW"}).field.default == {"now": 0}


OPTIONS = [
    {"ID": "2", "SORT": "20", "VALUE": "B", "DEF": "Y"},
    {"ID": "1", "SORT": "10", "VALUE": "A", "DEF": "N"},
    {"ID": "3", "SORT": "30", "VALUE": "C", "DEF": "Y"},
    {"ID": "4", "SORT": "5", "VALUE": "", "DEF": "Y"},
    {"ID": "5", "SORT": "5", "VALUE": "Gone", "DEL": "Y"},
]


def test_options_have_their_order_and_their_default() -> None:
    one, several = made("enumeration", options=OPTIONS).field, made("enumeration", many=True, options=OPTIONS).field
    assert one.options == [Option("o1", "A", source="1"), Option("o2", "B", source="2"), Option("o3", "C", source="3")]
    assert (one.default, several.default) == ("o2", ["o2", "o3"])


# -- what a field points at --------------------------------------------------------------------------------------------
def test_links_name_the_types_that_are_here() -> None:
    found = made("crm", COMPANY="Y", LEAD="N", DYNAMIC_177="Y", DYNAMIC_999="Y", ORDER="Y")
    assert (found.field.kind, found.field.targets) == ("item", ["company", "project"])
    assert set(left(found)) == {"DYNAMIC_999", "ORDER"}
    assert "no similar item type" in left(found)["ORDER"]
    # None given means leads (reference §2.1); these types have none.
    nothing = made("crm")
    assert (nothing.field.kind, nothing.field.targets) == ("string", [])
    assert "kept as text" in left(nothing)["USER_TYPE_ID"]


def test_dropdowns_that_are_here() -> None:
    assert made("crm_status", ENTITY_TYPE="INDUSTRY").field.dictionary == "industry"
    found = made("crm_status", ENTITY_TYPE="DEAL_TYPE")
    assert (found.field.kind, left(found)) == ("string", {"ENTITY_TYPE": "no similar dropdown here: kept as text"})


@pytest.mark.parametrize("kind", ["iblock_element", "iblock_section", "rest_app_thing", "", "new"])
def test_kinds_without_a_counterpart_are_kept_as_text_and_told(kind: str) -> None:
    found = made(kind, many=True, IBLOCK_ID="7")
    assert (found.field.kind, found.field.many) == ("string", True)
    assert left(found) == {"USER_TYPE_ID": "no similar type of field here: kept as text", "IBLOCK_ID": ""}


def test_a_resource_booking_books_here_too() -> None:
    found = made("resourcebooking", many=True)
    assert (found.field.kind, found.field.many, left(found)) == ("booking", True, {})


def test_a_yes_no_of_several_values_is_one() -> None:
    found = made("boolean", many=True)
    assert (found.field.many, list(left(found))) == (False, ["MULTIPLE"])


# -- the rest of a definition ------------------------------------------------------------------------------------------
def test_labels_and_help_in_several_languages() -> None:
    new = {
        "entityId": "CRM_DEAL",
        "fieldName": "UF_CRM_8",
        "userTypeId": "enumeration",
        "multiple": "N",
        "mandatory": "Y",
        "editFormLabel": {"en": "Size", "it": "Taglia", "de": ""},
        "listColumnLabel": {"en": "Size", "it": "Taglia"},
        "listFilterLabel": {"en": "S"},
        "helpMessage": {"en": "How big", "it": "Quanto grande"},
        "errorMessage": {"en": "Wrong!"},
        "xmlId": None,
        "settings": [],
        "enum": [{"id": "1", "value": "Big", "def": "Y", "sort": "10"}],
    }
    (source,) = fields_of(new)
    found = made_of(source)
    assert found.field == Field(
        "thing",
        "list",
        {"en": "Size", "it": "Taglia"},
        custom=True,
        required=True,
        options=[Option("o1", "Big", source="1")],
        default="o1",
        help={"en": "How big", "it": "Quanto grande"},
        source="UF_CRM_8",
    )
    assert left(found) == {"ERROR_MESSAGE": "", "LIST_FILTER_LABEL": ""}


def test_fields_come_in_their_order_and_switches_are_named_once() -> None:
    rows = [
        {**row("string"), "FIELD_NAME": "UF_CRM_2", "SORT": "200", "SHOW_FILTER": "N", "XML_ID": "x"},
        {**row("string"), "FIELD_NAME": "UF_CRM_1", "SORT": "30"},
    ]
    (payload,) = read_payloads(json.dumps({"result": rows}).encode(), "x")
    assert isinstance(payload, Fields)
    assert [field.code for field in payload.fields] == ["UF_CRM_1", "UF_CRM_2"]
    assert payload.switches == ("SHOW_FILTER",)
    assert payload.fields[1].others == {"XML_ID": "x"}


def test_described_fields_say_what_else_is_said_of_them() -> None:
    described = {
        "UF_CRM_1": {
            "type": "string",
            "isReadOnly": True,
            "isImmutable": True,
            "isDynamic": True,
            "isMultiple": True,
            "title": "UF_CRM_1",
            "formLabel": "Thing",
            "listLabel": "Thing",
            "filterLabel": "Other",
            "settings": {"SIZE": 20, "DEFAULT_VALUE": "x"},
        }
    }
    (payload,) = read_payloads(json.dumps({"result": described}).encode(), "crm.deal.fields.json")
    assert isinstance(payload, Fields)
    found = made_of(payload.fields[0])
    assert (found.field.label, found.field.default, found.field.read_only) == ("Thing", ["x"], False)
    assert set(left(found)) == {"SIZE", "filterLabel", "isReadOnly", "isImmutable"}


def test_what_differs_from_a_known_field() -> None:
    here = Field("x", "string", "Here", many=True)
    there = Field("x", "list", "There", required=True)
    assert list(differences(here, here)) == []
    assert list(differences(here, there)) == [
        "its type there: list; here: string",
        "one value there, several here",
        "its name there: There",
        "required there, not here",
    ]


# -- anything at all ---------------------------------------------------------------------------------------------------
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["0", "Y", "NOW", "FIXED", "5|EUR", "/x/", "((", "a" * 20, "01.05.2026"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["TYPE", "VALUE", "x"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
KEYS = st.sampled_from(
    ["DEFAULT_VALUE", "ROWS", "SIZE", "REGEXP", "MIN_LENGTH", "MAX_LENGTH", "MIN_VALUE", "MAX_VALUE", "PRECISION", "EXTENSIONS",
     "MAX_ALLOWED_SIZE", "ENTITY_TYPE", "LEAD", "COMPANY", "DYNAMIC_177", "DYNAMIC_9", "DISPLAY"]
)  # fmt: skip
KINDS = st.sampled_from(
    ["string", "integer", "double", "boolean", "date", "datetime", "money", "url", "address", "enumeration", "file",
     "employee", "crm", "crm_status", "iblock_element"]
)  # fmt: skip


@settings(deadline=None)
@given(KINDS, st.booleans(), st.dictionaries(KEYS, VALUES, max_size=6))
def test_whatever_is_set_the_field_is_sound_and_nothing_is_dropped_in_silence(
    kind: str, many: bool, said: dict[str, Any]
) -> None:
    try:
        (source,) = fields_of(row(kind, many=many, options=OPTIONS, **said))
    except Refused:
        return
    found = made_of(source)
    assert list(problems(found.field, CONTEXT)) == []
    told = set(left(found))
    for key in ("SIZE", "DISPLAY"):
        assert key in told or said.get(key) in (None, "", [], {})
    assert source.options[0] == SourceOption("1", "A")
