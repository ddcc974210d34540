"""Field definitions in the model product's answers, of both dialects (reference §2.1, §14.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tuicrm.domain.kinds import KINDS, traits_of
from tuicrm.domain.schema import Label
from tuicrm.exchange.bitrix.payloads import Fields, SourceField, SourceOption
from tuicrm.exchange.bitrix.types import ENTITY_TYPES, by_entity, by_number, guess_type
from tuicrm.exchange.bitrix.values import upper_snake, whole_number
from tuicrm.regex import regex

_KINDS = {code: kind for kind, traits in KINDS.items() for code in traits.source if code.islower()}
"""What is not here (iblock_element, rest_…) is kept as text."""
_MULTIFIELD_KINDS = {code: kind for kind, traits in KINDS.items() for code in traits.source if code.isupper()}
_TARGET = regex(r"LEAD|CONTACT|COMPANY|DEAL|QUOTE|ORDER|(?:SMART_)?INVOICE|SMART_DOCUMENT|DYNAMIC_(\d+)")
_SWITCHES = ("SHOW_FILTER", "SHOW_IN_LIST", "EDIT_IN_LIST", "IS_SEARCHABLE")
_LABELS = ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL")
_READ = frozenset(
    {"ID", "ENTITY_ID", "FIELD_NAME", "USER_TYPE_ID", "USER_TYPE", "SORT", "MULTIPLE", "MANDATORY", "LANGUAGE_ID", "HELP_MESSAGE",
     "LIST", "ENUM", "SETTINGS", *_LABELS, *_SWITCHES}
)  # fmt: skip


def known_kind(source_kind: str) -> bool:
    """Whether fields of this type have a kind of their own here; the others are kept as text."""
    return source_kind in _KINDS or source_kind == "crm_multifield"


# -- crm.*.fields ------------------------------------------------------------------------------------------------------
def described_fields(described: Mapping[str, Mapping[str, Any]], name: str) -> Fields:
    """`crm.*.fields` and `crm.item.fields`: descriptions by key."""
    fields = tuple(_described(upper_snake(str(d.get("upperName") or key)), d) for key, d in described.items())
    return Fields(guess_type({field.code for field in fields}, name), fields)


def _described(code: str, described: Mapping[str, Any]) -> SourceField:
    source_kind = str(described.get("type", ""))
    settings = dict(described.get("settings") or {})
    kind = _MULTIFIELD_KINDS.get(code, "string") if source_kind == "crm_multifield" else _kind(source_kind, settings)
    label = next((text for key in ("formLabel", "listLabel", "title") if (text := _label(described.get(key)))), code)
    others = {key: described.get(key) for key in ("listLabel", "filterLabel")}
    custom = described.get("isDynamic") is True
    return SourceField(
        code=code,
        kind=kind,
        source_kind=source_kind,
        label=label,
        many=described.get("isMultiple") is True,
        required=described.get("isRequired") is True,
        read_only=described.get("isReadOnly") is True,
        custom=custom,
        options=_options(described.get("items") or ()),
        dictionary=str(described.get("statusType") or settings.get("ENTITY_TYPE") or ""),
        targets=_targets(source_kind, settings),
        settings=settings,
        others={
            **{key: value for key, value in others.items() if _label(value) not in ("", label)},
            **{key: True for key in ("isReadOnly", "isImmutable") if custom and described.get(key) is True},
        },
    )


# -- userfield.list ----------------------------------------------------------------------------------------------------
def custom_fields(rows: Sequence[Mapping[str, Any]], name: str) -> Fields:
    """`crm.*.userfield.list` (UPPER_SNAKE) and `userfieldconfig.list` (camelCase): rows of custom fields, in their order there."""
    upper = [{upper_snake(key): value for key, value in row.items()} for row in rows]
    entity = str(upper[0].get("ENTITY_ID", "")) if upper else ""
    upper.sort(key=lambda row: whole_number(row.get("SORT")))
    switches = tuple(key for key in _SWITCHES if any(key in row for row in upper))
    return Fields(by_entity(entity) or guess_type((), name), tuple(_custom(row) for row in upper), switches)


def _custom(row: Mapping[str, Any]) -> SourceField:
    source_kind = str(row.get("USER_TYPE_ID", ""))
    settings = dict(row.get("SETTINGS") or {})
    code = str(row["FIELD_NAME"])
    label = next((text for key in _LABELS if (text := _label(row.get(key)))), code)
    others = {key: value for key, value in row.items() if key not in _READ and not says_nothing(value)}
    others |= {key: row[key] for key in _LABELS[1:] if _label(row.get(key)) not in ("", label)}
    return SourceField(
        code=code,
        kind=_kind(source_kind, settings),
        source_kind=source_kind,
        label=label,
        many=row.get("MULTIPLE") == "Y",
        required=row.get("MANDATORY") == "Y",
        custom=True,
        options=_options(row.get("LIST") or row.get("ENUM") or ()),
        dictionary=str(settings.get("ENTITY_TYPE") or "") if source_kind == "crm_status" else "",
        targets=_targets(source_kind, settings),
        settings=settings,
        help=_label(row.get("HELP_MESSAGE")),
        others=others,
    )


# -- parts of both -----------------------------------------------------------------------------------------------------
def says_nothing(value: object) -> bool:
    """Whether a setting is as good as none: empty, null."""
    return value is None or value in ("", [], {})


def _kind(source_kind: str, settings: Mapping[str, Any]) -> str:
    """A text of several lines is a string with more than one row."""
    kind = _KINDS.get(source_kind, "string")
    return "text" if traits_of(kind).is_text and whole_number(settings.get("ROWS")) > 1 else kind


def _options(items: Iterable[Mapping[str, Any]]) -> tuple[SourceOption, ...]:
    """Options in their order; those without a text and those marked as deleted are ignored, as the source does."""
    upper = [{key.upper(): value for key, value in item.items()} for item in items]
    upper.sort(key=lambda item: whole_number(item.get("SORT")))
    return tuple(
        SourceOption(str(item["ID"]), str(item["VALUE"]), item.get("DEF") == "Y")
        for item in upper
        if item.get("VALUE") and item.get("DEL") != "Y"
    )


def is_target(source_kind: str, key: str) -> bool:
    """Whether a setting says what a field points at: {"COMPANY": "Y", "DYNAMIC_177": "Y"}, {"ENTITY_TYPE": "SOURCE"}."""
    if source_kind == "crm":
        return _TARGET.fullmatch(key) is not None
    return key == {"crm_status": "ENTITY_TYPE", "crm_entity": "parentEntityTypeId"}.get(source_kind)


def _targets(source_kind: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The types that a link may point to: crm_company → company; {"COMPANY": "Y", "DYNAMIC_177": "Y"} → company, smart:177. What is no
    type of ours (ORDER) comes as it is."""
    named = source_kind.removeprefix("crm_")
    if named in ENTITY_TYPES.values():
        return (named,)
    if source_kind == "crm_entity":
        return tuple(filter(None, [by_number(settings.get("parentEntityTypeId"))]))
    if source_kind != "crm":
        return ()
    return tuple(_target(key) for key, on in settings.items() if on == "Y" and _TARGET.fullmatch(key)) or ("lead",)


def _target(key: str) -> str:
    if key.startswith("DYNAMIC_"):
        return by_number(key.removeprefix("DYNAMIC_"))
    return "invoice" if key == "SMART_INVOICE" else key.lower()


def _label(value: object) -> Label:
    """A text, or texts by language: one where they all say the same, "" where they say nothing."""
    if not isinstance(value, Mapping):
        return str(value or "")
    texts = {str(language).lower(): str(text) for language, text in value.items() if text and str(text).strip()}
    return texts if len(set(texts.values())) > 1 else next(iter(texts.values()), "")
