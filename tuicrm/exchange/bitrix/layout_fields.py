"""Card layouts between the model product's elements and our fields, both ways: what is taken and given again is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tuicrm.domain.layout_keeping import in_order
from tuicrm.domain.schema import Field, Foreign, ItemType, Layout, Placed, Section, label_text
from tuicrm.exchange.bitrix.layout_form import COMPOSITES, TITLES
from tuicrm.exchange.bitrix.payloads import CardLayout, Element, SourceSection
from tuicrm.exchange.bitrix.taking import fields_by_code


class TakenLayout(NamedTuple):
    """Sections with our fields. `left` are the elements without a field, kept as `Section.foreign`; `twice` those that stood in the
    file before, whole or in part."""

    sections: list[Section]
    left: tuple[str, ...]
    twice: tuple[str, ...]


class _ElementNames:
    """What elements are called, and which fields they are."""

    def __init__(self, item_type: ItemType) -> None:
        self._by_code = fields_by_code(item_type)
        self._by_key = {field.key: field for field in item_type.fields}

    def fields(self, name: str) -> list[Field]:
        """The fields that an element stands for: by the source's code, else by our key."""
        codes = COMPOSITES.get(name, (name,))
        found = [self._by_code[code] for code in codes if code in self._by_code]
        if not found and name in self._by_key:
            found = [self._by_key[name]]
        return list({field.key: field for field in found}.values())

    def keys(self, name: str) -> list[str]:
        return [field.key for field in self.fields(name)]

    def known(self, key: str) -> bool:
        return key in self._by_key

    def own(self, key: str) -> str:
        """A field's own name: its code in the source, its key where it has none that means it alone."""
        source = self._by_key[key].source
        return source if source and self.keys(source) == [key] else key


# -- taking ------------------------------------------------------------------------------------------------------------
def take_layout(layout: CardLayout, item_type: ItemType) -> TakenLayout:
    """Sections with our fields. A field stands once, where it came first; sections left empty stay, for people to fill."""
    taking = _TakenElements(_ElementNames(item_type))
    sections = [taking.section(section) for section in layout.sections]
    return TakenLayout(sections, tuple(taking.left), tuple(dict.fromkeys(taking.twice)))


class _TakenElements:
    """What was taken so far."""

    def __init__(self, names: _ElementNames) -> None:
        self._names = names
        self._placed: set[str] = set()
        self.left: list[str] = []
        self.twice: list[str] = []

    def section(self, source: SourceSection) -> Section:
        section = Section(source.key, source.titles or source.title, [])
        for element in source.elements:
            fields = self._names.fields(element.code)
            if fields:
                section.fields.extend(self._places(element, fields))
            elif element.code in self.left:
                self.twice.append(element.code)
            else:
                self.left.append(element.code)
                after = section.fields[-1].field if section.fields else ""
                section.foreign.append(Foreign(element.code, after, element.always, element.options))
        return section

    def _places(self, element: Element, fields: Sequence[Field]) -> list[Placed]:
        source = "" if [element.code] == [self._names.own(field.key) for field in fields] else element.code
        fresh = [field.key for field in fields if field.key not in self._placed]
        if len(fresh) < len(fields):
            self.twice.append(element.code)
        self._placed.update(fresh)
        return [Placed(key, element.always, element.options, source) for key in fresh]


# -- giving ------------------------------------------------------------------------------------------------------------
def give_layout(layout: Layout, item_type: ItemType, language: str) -> list[dict[str, Any]]:
    """The layout in the model product's form, with the fields of `item_type` only. `title` is in `language`; a name in several
    languages stands beside it (`titles`)."""
    names = _ElementNames(item_type)
    return [_section(section, names, language) for section in layout.sections]


def _section(section: Section, names: _ElementNames, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {"name": section.key, "title": label_text(section.title, language), "type": "section"}
    if isinstance(section.title, dict):
        told[TITLES] = {language: text for language, text in section.title.items() if text.strip()}
    return {**told, "elements": _elements(section, names)}


def _elements(section: Section, names: _ElementNames) -> list[dict[str, Any]]:
    standing = [one for one in in_order(section) if _is_given(one, names)]
    elements: list[dict[str, Any]] = []
    at = 0
    while at < len(standing):
        one = standing[at]
        if isinstance(one, Foreign):
            elements.append(_told(one.name, one))
            at += 1
            continue
        together = len(names.keys(one.source)) if _is_whole(standing[at:], names) else 0
        elements.append(_told(one.source if together else names.own(one.field), one))
        at += together or 1
    return elements


def _is_given(one: Placed | Foreign, names: _ElementNames) -> bool:
    """Fields that may be seen; of the elements without a field, those that have none now either."""
    return names.known(one.field) if isinstance(one, Placed) else not names.keys(one.name)


def _is_whole(standing: Sequence[Placed | Foreign], names: _ElementNames) -> bool:
    """Whether the element that the first one came under still stands there as it came: all its fields together and alike."""
    first = standing[0]
    if not isinstance(first, Placed) or not first.source:
        return False
    keys = names.keys(first.source)
    wanted = [Placed(key, first.always, first.options, first.source) for key in keys]
    return bool(wanted) and list(standing[: len(wanted)]) == wanted


def _told(name: str, one: Placed | Foreign) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "optionFlags": "1" if one.always else "0"}
    return {**told, "options": one.options} if one.options else told
