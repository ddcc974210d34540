"""A card's layout as the model product keeps it: a list of sections with elements (reference §4.1), read strictly.

What its own program takes is taken: `optionFlags` as number or text or not at all, no `type`, no `elements`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import count
from typing import Any, NoReturn

import msgspec

from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.text import checked_text
from tuicrm.errors import FieldProblem, Refused
from tuicrm.exchange.bitrix.payloads import Element, SourceSection
from tuicrm.i18n import _
from tuicrm.limits import LAYOUT_DEPTH, SECTIONS

COMPOSITES: dict[str, tuple[str, ...]] = {
    "CLIENT": ("COMPANY_ID", "CONTACT_IDS"),
    "CONTACT": ("CONTACT_IDS",),
    "OPPORTUNITY_WITH_CURRENCY": ("OPPORTUNITY",),
    "REVENUE_WITH_CURRENCY": ("REVENUE",),
    "OBSERVER": ("OBSERVERS",),
    "RECURRING": ("IS_RECURRING",),
    "UTM": ("UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM"),
}
"""Names on the card that stand for several fields or for another one (reference §1.3)."""

TITLES = "titles"
"""A key of ours beside `title`: a section's name by language. The model product lays it aside."""

_SECTION_KEYS = frozenset({"name", "title", "type", "elements", TITLES})
_ELEMENT_KEYS = frozenset({"name", "optionFlags", "options"})
_SHOWN = 60


def read_form(raw: object) -> tuple[tuple[SourceSection, ...], tuple[str, ...]]:
    """The sections, and what else stands there and is not read (`main.TITLE: color`).

    Raises Refused naming section, element, and what is expected."""
    if not isinstance(raw, list) or not raw:
        _refuse("layout", _("a list of sections is expected"), raw)
    if len(raw) > SECTIONS.most:
        _refuse("layout", SECTIONS.told, len(raw))
    unread: list[str] = []
    sections = tuple(_section(one, _("section {n}").format(n=n), unread) for n, one in enumerate(raw, 1))
    for key, times in Counter(section.key for section in sections).items():
        if times > 1:
            _refuse(key, _("each section needs a name of its own"), key)
    return sections, tuple(unread)


def _section(raw: object, at: str, unread: list[str]) -> SourceSection:
    if not isinstance(raw, dict):
        _refuse(at, _("a section is expected: name, title, type and elements"), raw)
    key = _name(raw.get("name"), f"{at}.name")
    if raw.get("type") not in (None, "", "section"):
        _refuse(f"{key}.type", _("“section” is expected"), raw["type"])
    title = _text(raw.get("title"), f"{key}.title")
    elements = raw.get("elements")
    if elements is None:
        elements = []
    if not isinstance(elements, list):
        _refuse(f"{key}.elements", _("a list of elements is expected"), elements)
    unread += _unread(raw, _SECTION_KEYS, key)
    places = (f"{key}, {_('element {n}').format(n=n)}" for n in count(1))
    read = tuple(_element(one, place, key, unread) for one, place in zip(elements, places, strict=False))
    return SourceSection(key, title, read, _titles(raw.get(TITLES), title, key, unread))


def _titles(raw: object, title: str, key: str, unread: list[str]) -> dict[str, str]:
    """The name by language; {} where the title was changed since, which then holds in all of them."""
    if raw is None:
        return {}
    if not isinstance(raw, dict) or not all(isinstance(text, str) and text.strip() for text in raw.values()):
        _refuse(f"{key}.{TITLES}", _("a name by language is expected"), raw)
    titles = {language: _text(text, f"{key}.{TITLES}.{language}") for language, text in raw.items()}
    if title in titles.values():
        return titles
    unread.append(f"{key}: {TITLES}")
    return {}


def _element(raw: object, at: str, section: str, unread: list[str]) -> Element:
    if not isinstance(raw, dict):
        _refuse(at, _("an element is expected: name, optionFlags and options"), raw)
    name = _name(raw.get("name"), f"{at}.name")
    place = f"{section}.{name}"
    flags = raw.get("optionFlags")
    if isinstance(flags, bool) or str(flags) not in ("None", "", "0", "1"):
        _refuse(f"{place}.optionFlags", _("0 or 1 is expected"), flags)
    options = raw.get("options")
    # PHP has one kind of array: an empty object comes as [].
    if options in (None, [], ""):
        options = {}
    if not isinstance(options, dict):
        _refuse(f"{place}.options", _("an object is expected"), options)
    unread += _unread(raw, _ELEMENT_KEYS, place)
    kept = {key: _plain(one, f"{place}.options", 1) for key, one in options.items()}
    return Element(name, COMPOSITES.get(name, (name,)), str(flags) == "1", kept)


def _unread(raw: Mapping[str, Any], known: frozenset[str], place: str) -> Iterator[str]:
    return (f"{place}: {key}" for key in raw if key not in known)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        _refuse(place, _("a text is expected"), value)
    try:
        return checked_text(value)
    except BadValue as bad:
        _refuse(place, bad.message, value)


def _name(value: object, place: str) -> str:
    """A name is a key: it is shown as it is, and people type it."""
    name = _text(value, place)
    if not name.isprintable():
        _refuse(place, _("a name without control characters is expected"), value)
    return name


def _plain(value: object, place: str, depth: int = 0) -> object:
    """JSON as the store keeps it: numbers were read as Decimal."""
    if depth > LAYOUT_DEPTH.most:
        told = _("not a card layout: {place}: {message}").format(place=place, message=LAYOUT_DEPTH.told)
        raise Refused(told, [FieldProblem(place, LAYOUT_DEPTH.told)])
    if isinstance(value, dict):
        return {key: _plain(one, place, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, place, depth + 1) for one in value]
    if isinstance(value, Decimal):
        return float(value) if math.isfinite(float(value)) else str(value)
    return value


def _refuse(place: str, message: str, value: object) -> NoReturn:
    told = _("not a card layout: {place}: {message}, not {value}").format(
        place=place, message=message, value=_shown(value)
    )
    raise Refused(told, [FieldProblem(place, message, value)])


def _shown(value: object) -> str:
    """What stands there instead, in short."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
