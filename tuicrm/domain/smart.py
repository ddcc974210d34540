"""Item types of one's own (smart processes): what is kept of one, and the type that is built from it and the shipped template.

Switching something off hides its fields and loses nothing: values stay in the items, places stay in layouts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.reserved import TABLES
from tuicrm.domain.schema import Field, ItemType, Label, Layout, Placed, Section, Tab, all_labels
from tuicrm.regex import regex

PARENT = "parent_"
"""Begins the key of the item field in which an item names its parent: `parent_deal`."""

KEY = regex(r"[a-z][a-z0-9_]{0,39}")
PREFIX = regex(r"[A-Z]{1,5}")

SYMBOLS = tuple("▷△▽◁◈◉◎◐◑▣▥▧▨▩■▲▼★☆✦✧❖")
"""Signs that a type may have: one cell wide, told apart at a glance, and no emoji."""

_NUMBERS = {"LEAD": "1", "DEAL": "2", "CONTACT": "3", "COMPANY": "4", "QUOTE": "7", "SMART_INVOICE": "31"}
_LAST_TABS = ("relations", "documents", "history")
_DEFAULTS = {field.name: field for field in msgspec.structs.fields(ItemType)}


class Relation(Struct, frozen=True):
    """Items of one type name items of another as their parents: one, or several (`many`). With `tab`, the parent's card lists them."""

    type: str
    many: bool = False
    tab: bool = True


class SmartType(Struct, frozen=True):
    """What is kept of an item type of one's own. `has` are keys of switches; `parents` and `children` name the other side;
    `source` is the model product's code (DYNAMIC_177)."""

    key: str
    label: Label
    plural: Label
    prefix: str
    symbol: str
    has: list[str] = []
    parents: list[Relation] = []
    children: list[Relation] = []
    sort: int = 0
    source: str = ""


class Bond(Struct, frozen=True):
    """A relation between two types that both exist."""

    parent: str
    child: str
    many: bool
    tab: bool


def why_none(record: SmartType) -> str:
    """Why a record can be no type's: its key names a table, its prefix begins refs. "" where it can."""
    if not KEY.fullmatch(record.key) or record.key in TABLES:
        return f"{record.key!r} is no key of an item type"
    return "" if PREFIX.fullmatch(record.prefix) else f"{record.prefix!r} is no prefix of refs"


# -- one type ----------------------------------------------------------------------------------------------------------
def build(record: SmartType, template: ItemType) -> ItemType:
    """The type without what is switched off; its parents and tabs come with `relate`."""
    off = [switch for switch in template.switches if switch.key not in record.has]
    fields = {key for switch in off for key in switch.fields}
    tabs = {key for switch in off for key in switch.tabs}
    kept = [field for field in template.fields if field.key not in fields]
    known = {field.key for field in kept}
    said: dict[str, Any] = {
        "key": record.key,
        "label": record.label,
        "plural": record.plural,
        "prefix": record.prefix,
        "symbol": record.symbol,
        "source": record.source,
        "auto_title": _auto_title(record.label),
        "fields": kept,
        "tabs": [tab for tab in template.tabs if tab.key not in tabs],
        "layout": _only(template.layout, known),
        "switches": [],
        "pipelines": [replace(pipeline, type=record.key) for pipeline in template.pipelines],
    }
    said |= {name: [key for key in getattr(template, name) if key in known] for name in ("card", "columns", "quick")}
    for name in (name for switch in off for name in switch.attributes if name in _DEFAULTS):
        said[name] = _nothing(name)
    return replace(template, **said)


def _nothing(name: str) -> object:
    """What an attribute of a type is where nobody said."""
    field = _DEFAULTS[name]
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()


def _auto_title(label: Label) -> Label:
    """`Visit V-7`: what people typed is no part of the pattern."""
    texts = label if isinstance(label, dict) else {"": label}
    made = {language: text.replace("{", "{{").replace("}", "}}") + " {ref}" for language, text in texts.items()}
    return made if isinstance(label, dict) else made[""]


def _only(layout: Layout, known: Set[str]) -> Layout:
    """The layout with only these fields, and no section that comes out empty."""
    sections = [
        replace(section, fields=[placed for placed in section.fields if placed.field in known])
        for section in layout.sections
    ]
    return replace(layout, sections=[section for section in sections if section.fields])


# -- between types -----------------------------------------------------------------------------------------------------
def bonds(records: Iterable[SmartType], types: Mapping[str, ItemType]) -> list[Bond]:
    """Who is a child of whom, each pair once; what names a type that is gone is left out."""
    found: dict[tuple[str, str], Bond] = {}
    for record in records:
        pairs = [(relation.type, record.key, relation) for relation in record.parents]
        pairs += [(record.key, relation.type, relation) for relation in record.children]
        for parent, child, relation in pairs:
            if parent in types and child in types:
                found.setdefault((parent, child), Bond(parent, child, relation.many, relation.tab))
    return list(found.values())


def relate(types: Mapping[str, ItemType], records: Sequence[SmartType]) -> dict[str, ItemType]:
    """The types with the fields in which children name their parents, and the tabs in which parents list their children.

    A type with a client is a child of contacts and companies by that: the client is no second field."""
    related = dict(types)
    by_key = {record.key: record for record in records}
    for bond in bonds(records, types):
        child = related[bond.child]
        if bond.parent not in _clients(child):
            field = parent_field(bond.parent, types, many=bond.many)
            placed = _placed(child.layout, field.key, first=bond.child in by_key)
            related[bond.child] = replace(child, fields=[*child.fields, field], layout=placed)
    told = {(bond.parent, bond.child): bond.tab for bond in bonds(records, types)}
    for record in records:
        for client in sorted(_clients(related[record.key])):
            told.setdefault((client, record.key), True)
    for (above, beneath), tab in told.items():
        if tab and above in related:
            related[above] = _with_tab(related[above], types[beneath])
    return related


def parent_field(parent: str, types: Mapping[str, ItemType], *, many: bool = False) -> Field:
    """The item field in which items name their parents of a type."""
    item_type = types.get(parent)
    number = number_of(item_type) if item_type else ""
    return Field(
        PARENT + parent,
        "item",
        item_type.label if item_type else parent,
        many=many,
        targets=[parent],
        source=f"PARENT_ID_{number}" if number else "",
        settings={"aliases": [f"parentId{number}"]} if number else {},
    )


def number_of(item_type: ItemType) -> str:
    """A type's number in the model product (entityTypeId); "" where it has none."""
    number = item_type.source.removeprefix("DYNAMIC_") if item_type.smart else _NUMBERS.get(item_type.source, "")
    return number if number.isascii() and number.isdigit() else ""


def _clients(item_type: ItemType) -> set[str]:
    """The types that the client's fields name."""
    return {target for field in item_type.fields if field.key in item_type.client for target in field.targets}


def _placed(layout: Layout, key: str, *, first: bool) -> Layout:
    """The layout with a field at the end of its first or last section."""
    sections = list(layout.sections) or [Section("main", "", [])]
    at = 0 if first else len(sections) - 1
    sections[at] = replace(sections[at], fields=[*sections[at].fields, Placed(key)])
    return replace(layout, sections=sections)


def _with_tab(parent: ItemType, child: ItemType) -> ItemType:
    if any(tab.kind == child.key for tab in parent.tabs):
        return parent
    at = next((at for at, tab in enumerate(parent.tabs) if tab.key in _LAST_TABS), len(parent.tabs))
    key = child.key if all(tab.key != child.key for tab in parent.tabs) else f"{child.key}_items"
    return replace(parent, tabs=[*parent.tabs[:at], Tab(key, child.plural, child.key), *parent.tabs[at:]])


# -- what is hidden ----------------------------------------------------------------------------------------------------
def known_field(template: ItemType | None, types: Mapping[str, ItemType], key: str) -> Field | None:
    """A field that types of one's own have or could have, shown or not; None for a field that they cannot have."""
    found = next((field for field in (template.fields if template else ()) if field.key == key), None)
    return found or (parent_field(key.removeprefix(PARENT), types) if key.startswith(PARENT) else None)


def names(item_type: ItemType) -> set[str]:
    """What people may call a type by, case-folded."""
    return {name.casefold() for name in (item_type.key, *all_labels(item_type.label), *all_labels(item_type.plural))}
