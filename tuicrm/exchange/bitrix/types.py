"""Which item type an answer is about: by its own number, by its keys, by the method in the file's name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from tuicrm.regex import regex

ENTITY_TYPES = {1: "lead", 2: "deal", 3: "contact", 4: "company", 7: "quote", 31: "invoice"}
ID_LETTERS = {"L": "lead", "D": "deal", "C": "contact", "CO": "company", "Q": "quote"}
"""Before ids in custom fields that point at several types (reference §2.1)."""
SMART = "smart"
"""A smart process of unknown number; `smart:177` where the number (entityTypeId) is told, `smart#16` where the id of the type is."""

_WORDS = regex(r"(?<![a-z])(lead|deal|contact|compan(?=y|ies)|quote|invoice)(?:s|y|ies)?(?![a-z])", re.IGNORECASE)
_OLD_METHOD = regex(r"crm\.(lead|deal|contact|company|quote)\.", re.IGNORECASE)
_NUMBERED = regex(r"crm\.item\.[a-z.]+[._-](\d+)\.", re.IGNORECASE)
_SPA = regex(r"(?<![a-z])(?:spa|smart)(?![a-z])", re.IGNORECASE)
_STAGE_PREFIX = regex(r"DT(\d+)_")
# The first set of codes with one that occurs decides. Order matters: what only one type has comes first.
_MARKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("quote", frozenset({"QUOTE_NUMBER", "ACTUAL_DATE"})),
    ("invoice", frozenset({"ACCOUNT_NUMBER"})),
    ("product", frozenset({"VAT_INCLUDED", "VAT_ID", "CATALOG_ID"})),
    (
        "company",
        frozenset(
            {
                "COMPANY_TYPE",
                "BANKING_DETAILS",
                "IS_MY_COMPANY",
                "INDUSTRY",
                "EMPLOYEES",
                "REVENUE",
                "REVENUE_WITH_CURRENCY",
            }
        ),
    ),
    ("lead", frozenset({"COMPANY_TITLE", "STATUS_DESCRIPTION", "STATUS_ID"})),
    ("deal", frozenset({"PROBABILITY", "IS_RECURRING", "IS_REPEATED_APPROACH", "RECURRING"})),
)


def by_number(number: object) -> str:
    """Our key for an entityTypeId, a number or its text; "" for anything else."""
    text = str(number)
    return (ENTITY_TYPES.get(int(text)) or f"{SMART}:{text}") if text.isdigit() else ""


def by_directory(entity: str) -> tuple[str, str]:
    """The type and the pipeline's id of a directory of stages (DEAL_STAGE_1 → deal, "1"); "" and "" for a dropdown."""
    if entity in ("STATUS", "QUOTE_STATUS", "DEAL_STAGE"):
        return {"STATUS": "lead", "QUOTE_STATUS": "quote", "DEAL_STAGE": "deal"}[entity], "0"
    found = re.fullmatch(r"(DEAL|SMART_INVOICE|DYNAMIC_(\d+))_STAGE_(\d+)", entity)
    if not found:
        return "", ""
    return (by_number(found[2]) if found[2] else {"DEAL": "deal", "SMART_INVOICE": "invoice"}[found[1]]), found[3]


def by_entity(entity: str) -> str:
    """The type that custom fields belong to: CRM_DEAL → deal; CRM_7 is a smart process by the id of its type: `smart#7`."""
    name = entity.removeprefix("CRM_").lower()
    if name == "smart_invoice":
        return "invoice"
    return f"{SMART}#{name}" if name.isdigit() else name if name in ENTITY_TYPES.values() else ""


def guess_type(codes: Collection[str], name: str, values: Mapping[str, Any] | None = None) -> str:
    """The type of records (or definitions) with these codes from a file of this name; "" when nothing tells."""
    values = values or {}
    if told := by_number(values.get("ENTITY_TYPE_ID")):
        return told
    if method := _OLD_METHOD.search(name):
        return method[1].lower()
    if numbered := _NUMBERED.search(name):
        return by_number(numbered[1])
    if prefix := _STAGE_PREFIX.match(str(values.get("STAGE_ID") or "")):
        return by_number(prefix[1])
    for item_type, marks in _MARKS:
        if marks.intersection(codes):
            return item_type
    if _SPA.search(name):
        return SMART
    if word := _WORDS.search(name):
        return next(known for known in ENTITY_TYPES.values() if known.startswith(word[1].lower()))
    return _by_names(codes)


def _by_names(codes: Collection[str]) -> str:
    person = "LAST_NAME" in codes or "NAME" in codes
    if person:
        return "lead" if "TITLE" in codes else "contact"
    if "STAGE_ID" in codes or "CATEGORY_ID" in codes:
        return SMART if "XML_ID" in codes else "deal"
    return "deal" if {"CLIENT", "OPPORTUNITY_WITH_CURRENCY"} & set(codes) else ""
