"""Definitions in the model product's answers: stages and dropdowns, pipelines, card layouts. Fields are in `source_fields.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.schema import Semantics
from tuicrm.exchange.bitrix.layout_form import read_form
from tuicrm.exchange.bitrix.payloads import (
    CardLayout,
    Directories,
    Directory,
    PayloadPipelines,
    SourceEntry,
    SourcePipeline,
)
from tuicrm.exchange.bitrix.types import by_directory, by_number, guess_type
from tuicrm.exchange.bitrix.values import whole_number


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
        sort=whole_number(row.get("SORT")),
        system=row.get("SYSTEM") == "Y",
    )


def _semantics(told: str) -> Semantics:
    if told in ("success", "S"):
        return "success"
    return "failure" if told in ("failure", "apology", "F") else "process"


def pipelines(rows: Sequence[Mapping[str, Any]]) -> PayloadPipelines:
    """`crm.category.list`."""
    listed = [
        SourcePipeline(str(row["id"]), str(row["name"]), whole_number(row.get("sort")), row.get("isDefault") == "Y")
        for row in rows
    ]
    return PayloadPipelines(
        by_number(rows[0].get("entityTypeId")) if rows else "", tuple(sorted(listed, key=lambda one: one.sort))
    )


def card_layout(sections: object, name: str) -> CardLayout:
    """`…details.configuration.get`. Raises Refused for what is none."""
    read, unread = read_form(sections)
    return CardLayout(guess_type({e.code for section in read for e in section.elements}, name), read, unread)
