"""Item types of the model product (`crm.type.list`, `.get`): smart processes with their switches and relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tuicrm.exchange.bitrix.payloads import PayloadTypes, SourceRelation, SourceType
from tuicrm.exchange.bitrix.types import ENTITY_TYPES, SMART, by_number
from tuicrm.exchange.bitrix.values import upper_snake

# Their switches and ours (`data/types/smart.json`).
_SWITCHES = {
    "IS_STAGES_ENABLED": "stages",
    "IS_CATEGORIES_ENABLED": "pipelines",
    "IS_CLIENT_ENABLED": "client",
    "IS_LINK_WITH_PRODUCTS_ENABLED": "products",
    "IS_BEGIN_CLOSE_DATES_ENABLED": "dates",
    "IS_SOURCE_ENABLED": "source",
    "IS_OBSERVERS_ENABLED": "observers",
    "IS_MYCOMPANY_ENABLED": "own_company",
    "IS_DOCUMENTS_ENABLED": "documents",
}
_OTHERS = (
    "IS_USE_IN_USERFIELD_ENABLED",
    "IS_RECYCLEBIN_ENABLED",
    "IS_AUTOMATION_ENABLED",
    "IS_BIZ_PROC_ENABLED",
    "IS_PAYMENTS_ENABLED",
    "IS_COUNTERS_ENABLED",
)


def source_types(rows: Sequence[Mapping[str, Any]]) -> PayloadTypes:
    """The types of an answer; those that every portal has are no smart processes, and left out."""
    read = [_type({upper_snake(key): value for key, value in row.items()}) for row in rows]
    return PayloadTypes(tuple(one for one in read if one.type.startswith(SMART)))


def _type(row: Mapping[str, Any]) -> SourceType:
    number = str(row["ENTITY_TYPE_ID"])
    has = [ours for theirs, ours in _SWITCHES.items() if row.get(theirs) == "Y"]
    if "pipelines" in has and "stages" not in has:
        has.remove("pipelines")
    relations = row.get("RELATIONS")
    told = relations if isinstance(relations, Mapping) else {}
    return SourceType(
        type=by_number(number) if number.isdigit() else "",
        id=str(row.get("ID") or ""),
        label=str(row.get("TITLE") or "").strip(),
        has=tuple(has),
        parents=tuple(_relations(told.get("parent"), client="client" in has)),
        children=tuple(_relations(told.get("child"), client=False)),
        left=tuple(code for code in _OTHERS if row.get(code) == "Y"),
    )


def _relations(listed: object, *, client: bool) -> Iterator[SourceRelation]:
    """The relations of one side, without those to contacts and companies that a type with a client has anyhow."""
    for one in listed if isinstance(listed, list) else ():
        number = str(one.get("entityTypeId") or "")
        key = by_number(number)
        if key and not (client and number in _CLIENTS):
            yield SourceRelation(key, one.get("isChildrenListEnabled") == "Y")


_CLIENTS = tuple(str(number) for number, key in ENTITY_TYPES.items() if key in ("contact", "company"))
