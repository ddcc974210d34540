"""A template filled with the values of an item as its maker may see them, by the engine that it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tuicrm.domain.documents.templates import DocTemplate, TemplateEngine
from tuicrm.domain.items import Item, Ref
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.kernel.session import Session

if TYPE_CHECKING:
    from tuicrm.documents.docx.resolver import Resolver


class DocumentFilling(Struct, frozen=True):
    """What a document is filled from: the item, the content of the template (sha256) and its engine, the language, the document's own
    number, title and time (UTC ISO), and what was said for it alone. `kept` are values as they were printed before, which stay; `item`
    is the item as it would be, where that is not what it is."""

    ref: Ref
    blob: str
    engine: TemplateEngine
    language: str
    number: str
    title: str
    created: str
    overrides: Mapping[str, str] = MappingProxyType({})
    kept: Mapping[str, Any] = MappingProxyType({})
    stamps: bool = False
    item: Item | None = None


class FilledDocument(Struct, frozen=True):
    """The file that came out, its values as printed, the fields (`deal.amount`) and other items (`company:3`) that stand in it, and
    the names that print empty because they are not for the maker."""

    content: bytes
    language: str
    values: Mapping[str, Any]
    printed: Sequence[str]
    items: Sequence[str]
    kept_back: Sequence[str]


def language_of(session: Session, item: Item, template: DocTemplate) -> str:
    """The document's language: what the template says, else the client's, else the maker's."""
    return template.language or client_language(session, item) or session.language


def client_language(session: Session, item: Item) -> str:
    """That of the first client who has one and may be read; "" where nobody has."""
    for key in session.workspace.type(item.type).client:
        value = item.get(key)
        for one in value if isinstance(value, list) else [value]:
            client = Ref.read(one)
            found = session.peek(client) if client is not None else None
            language = found.get("language") if found is not None else None
            if isinstance(language, str) and language:
                return language
    return ""


def fill(session: Session, filling: DocumentFilling) -> FilledDocument:
    """Fill it. Raises Refused, NotFound, Damaged."""
    with session.store.blobs.open(filling.blob) as file:
        template = file.read()
    values = ItemValues(
        session,
        filling.ref,
        language=filling.language,
        overrides=filling.overrides,
        number=filling.number,
        title=filling.title,
        created=datetime.fromisoformat(filling.created),
        stamps=filling.stamps,
        item=filling.item,
    )
    resolver: Resolver = KeptValues(values, filling.kept) if filling.kept else values
    content = _by_jinja(template, resolver) if filling.engine == "jinja" else _by_own(template, resolver)
    used = resolver.used if isinstance(resolver, KeptValues) else values.used
    return FilledDocument(
        content, filling.language, used, sorted(values.printed), sorted(values.items), list(values.kept_back)
    )


def _by_own(template: bytes, resolver: Resolver) -> bytes:
    from tuicrm.documents.docx.filling import fill as filled
    from tuicrm.documents.docx.template import open_template

    return filled(open_template(template), resolver)


def _by_jinja(template: bytes, resolver: Resolver) -> bytes:
    """Jinja says what it names, and is given that: `Client.Name` is `ClientName`; of a list, its rows."""
    from tuicrm.documents.jinja import JinjaValue, fill_jinja, names

    told: dict[str, JinjaValue] = {}
    for name, parts in names(template).items():
        if resolver.list_of(name) == name:
            rows = range(resolver.count(name))
            told[name] = [{part: resolver.text(name + part, "", row) for part in parts} for row in rows]
        elif parts:
            told[name] = {part: resolver.text(name + part, "", None) for part in parts}
        else:
            told[name] = resolver.text(name, "", None)
    return fill_jinja(template, told)


class KeptValues:
    """Values as they were printed before, but for those that are said now; what was not asked before is asked of the item as it is."""

    def __init__(self, values: ItemValues, kept: Mapping[str, Any]) -> None:
        self._values, self._kept = values, kept
        self.used: dict[str, Any] = {}

    def text(self, name: str, modifier: str, row: int | None) -> str:
        list_name = self.list_of(name) if row is None else None
        if list_name is not None:
            return ", ".join(filter(None, (self.text(name, modifier, at) for at in range(self.count(list_name)))))
        key = f"{name}~{modifier}" if modifier else name
        before = self._before(name, key, row)
        told = self._values.text(name, modifier, row) if before is None else before
        if row is None:
            self.used.setdefault(key, told)
        else:
            rows = self.used.setdefault(key, [])
            if isinstance(rows, list):
                rows += [""] * (row + 1 - len(rows))
                rows[row] = told
        return told

    def _before(self, name: str, key: str, row: int | None) -> str | None:
        found = None if self._values.is_said(name, key, row) else self._kept.get(key)
        if isinstance(found, list):
            return str(found[row]) if row is not None and row < len(found) else None
        return found if isinstance(found, str) and row is None else None

    def list_of(self, name: str) -> str | None:
        return self._values.list_of(name)

    def count(self, list_name: str) -> int:
        rows = [
            len(value)
            for key, value in self._kept.items()
            if isinstance(value, list) and self.list_of(key.partition("~")[0]) == list_name
        ]
        return max(rows, default=self._values.count(list_name))

    def holds(self, name: str, row: int | None) -> bool:
        before = self._before(name, name, row)
        return self._values.holds(name, row) if before is None else bool(before)

    def picture(self, name: str, row: int | None) -> bytes | None:
        return self._values.picture(name, row)
