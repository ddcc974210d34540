"""Definitions in the model product's answers: fields, stages and dropdowns, pipelines, card layouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tuicrm.domain.schema import Semantics
from tuicrm.exchange.bitrix.layout_form import read_form
from tuicrm.exchange.bitrix.payloads import (
    CardLayout,
    Directories,
    Directory,
    Fields,
    Pipelines,
    SourceEntry,
    SourceField,
    SourceOption,
    SourcePipeline,
)
from tuicrm.exchange.bitrix.types import ENTITY_TYPES, by_directory, by_entity, by_number, guess_type
from tuicrm.exchange.bitrix.values import upper_snake

# reference §2.1; what is not here (iblock_element, rest_…) is kept as text
_KINDS = {
    "string": "string",
    "integer": "integer",
    "double": "number",
    "boolean": "boolean",
    "char": "boolean",
    "date": "date",
    "datetime": "datetime",
    "money": "money",
    "url": "link",
    "address": "address",
    "enumeration": "list",
    "file": "file",
    "employee": "person",
    "user": "person",
    "crm": "item",
    "crm_entity": "item",
    "crm_lead": "item",
    "crm_deal": "item",
    "crm_contact": "item",
    "crm_company": "item",
    "crm_quote": "item",
    "crm_status": "dictionary",
}
_MULTIFIELD_KINDS = {"PHONE": "phone", "EMAIL": "email", "WEB": "web", "IM": "messenger", "LINK": "web"}


def described_fields(described: Mapping[str, Mapping[str, Any]], name: str) -> Fields:
    """`crm.*.fields` and `crm.item.fields`: descriptions by key."""
    fields = tuple(_described(upper_snake(str(d.get("upperName") or key)), d) for key, d in described.items())
    return Fields(guess_type({field.code for field in fields}, name), fields)


def _described(code: str, described: Mapping[str, Any]) -> SourceField:
    source_kind = str(described.get("type", ""))
    settings = dict(described.get("settings") or {})
    kind = _MULTIFIELD_KINDS.get(code, "string") if source_kind == "crm_multifield" else _kind(source_kind, settings)
    return SourceField(
        code=code,
        kind=kind,
        source_kind=source_kind,
        label=str(described.get("formLabel") or described.get("listLabel") or described.get("title") or code),
        many=described.get("isMultiple") is True,
        required=described.get("isRequired") is True,
        read_only=described.get("isReadOnly") is True,
        custom=described.get("isDynamic") is True,
        options=_options(described.get("items") or ()),
        dictionary=str(described.get("statusType") or settings.get("ENTITY_TYPE") or ""),
        targets=_targets(source_kind, settings),
        settings=settings,
    )


def custom_fields(rows: Sequence[Mapping[str, Any]], name: str) -> Fields:
    """`crm.*.userfield.list` (UPPER_SNAKE) and `userfieldconfig.list` (camelCase): rows of custom fields."""
    upper = [{upper_snake(key): value for key, value in row.items()} for row in rows]
    entity = str(upper[0].get("ENTITY_ID", "")) if upper else ""
    return Fields(by_entity(entity) or guess_type((), name), tuple(_custom(row) for row in upper))


def _custom(row: Mapping[str, Any]) -> SourceField:
    source_kind = str(row.get("USER_TYPE_ID", ""))
    settings = dict(row.get("SETTINGS") or {})
    code = str(row["FIELD_NAME"])
    return SourceField(
        code=code,
        kind=_kind(source_kind, settings),
        source_kind=source_kind,
        label=_text(row.get("EDIT_FORM_LABEL")) or _text(row.get("LIST_COLUMN_LABEL")) or code,
        many=row.get("MULTIPLE") == "Y",
        required=row.get("MANDATORY") == "Y",
        custom=True,
        options=_options(row.get("LIST") or row.get("ENUM") or ()),
        dictionary=str(settings.get("ENTITY_TYPE") or "") if source_kind == "crm_status" else "",
        targets=_targets(source_kind, settings),
        settings=settings,
        help=_text(row.get("HELP_MESSAGE")),
    )


def _kind(source_kind: str, settings: Mapping[str, Any]) -> str:
    """A text of several lines is a string with more than one row."""
    kind = _KINDS.get(source_kind, "string")
    rows = str(settings.get("ROWS") or "1")
    return "text" if kind == "string" and rows.isdigit() and int(rows) > 1 else kind


def _options(items: Iterable[Mapping[str, Any]]) -> tuple[SourceOption, ...]:
    """Options in their order; those without a text are ignored, as the source does."""
    upper = [{key.upper(): value for key, value in item.items()} for item in items]
    upper.sort(key=lambda item: _int(item.get("SORT")))
    return tuple(SourceOption(str(item["ID"]), str(item["VALUE"])) for item in upper if item.get("VALUE"))


def _targets(source_kind: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The types that a link may point to: crm_company → company; {"COMPANY": "Y", "DYNAMIC_177": "Y"} → company, smart:177."""
    named = source_kind.removeprefix("crm_")
    if named in ENTITY_TYPES.values():
        return (named,)
    if source_kind == "crm_entity":
        return tuple(filter(None, [by_number(settings.get("parentEntityTypeId"))]))
    if source_kind != "crm":
        return ()
    chosen = [key for key, on in settings.items() if on == "Y"]
    targets = [by_number(key.removeprefix("DYNAMIC_")) if key.startswith("DYNAMIC_") else key.lower() for key in chosen]
    return tuple(target for target in targets if target in ENTITY_TYPES.values() or target.startswith("smart:")) or (
        "lead",
    )


def _text(label: Any) -> str:
    """A label is a text or texts by language: English if there is one, else the first."""
    if isinstance(label, Mapping):
        label = label.get("en") or next((text for text in label.values() if text), "")
    return str(label or "")


def _int(value: Any) -> int:
    text = str(value or "0")
    return int(text) if text.lstrip("-").isdigit() else 0


def directories(rows: Sequence[Mapping[str, Any]]) -> Directories:
    """`crm.status.list`: rows of one or of all directories."""
    by_code: dict[str, list[SourceEntry]] = {}
    for row in rows:
        by_code.setdefault(str(row["ENTITY_ID"]), []).append(_entry(row))
    return Directories(
        tuple(
            Directory(code, *by_directory(code), tuple(sorted(entries, key=lambda entry: entry.sort)))
            for code, entries in by_code.items()
        )
    )


def _entry(row: Mapping[str, Any]) -> SourceEntry:
    extra = row.get("EXTRA") or {}
    colour = str(row.get("COLOR") or extra.get("COLOR") or "")
    return SourceEntry(
        code=str(row["STATUS_ID"]),
        label=str(row.get("NAME") or row.get("NAME_INIT") or row["STATUS_ID"]),
        colour=colour.lower() if colour.startswith("#") and len(colour) == 7 else "",
        semantics=_semantics(str(extra.get("SEMANTICS") or row.get("SEMANTICS") or "")),
        sort=_int(row.get("SORT")),
        system=row.get("SYSTEM") == "Y",
    )


def _semantics(told: str) -> Semantics:
    if told in ("success", "S"):
        return "success"
    return "failure" if told in ("failure", "apology", "F") else "process"


def pipelines(rows: Sequence[Mapping[str, Any]]) -> Pipelines:
    """`crm.category.list`."""
    listed = [
        SourcePipeline(str(row["id"]), str(row["name"]), _int(row.get("sort")), row.get("isDefault") == "Y")
        for row in rows
    ]
    return Pipelines(
        by_number(rows[0].get("entityTypeId")) if rows else "", tuple(sorted(listed, key=lambda one: one.sort))
    )


def card_layout(sections: Any, name: str) -> CardLayout:
    """`…details.configuration.get`. Raises Refused for what is none."""
    read, unread = read_form(sections)
    return CardLayout(guess_type({e.code for section in read for e in section.elements}, name), read, unread)
