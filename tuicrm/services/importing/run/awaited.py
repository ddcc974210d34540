"""Links that led nowhere when their row came in, kept among the import keys: who comes later by that id or title is linked.

A record has `key` (of the item that is waited for), `ref` (the item that waits) and `field`. It goes when it has served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.errors import Refusal
from tuicrm.services.importing.entries import EntryTable, WantedLink
from tuicrm.services.importing.keys import awaited_key, awaited_record, kept_records
from tuicrm.services.importing.run.linking import Links, id_meant
from tuicrm.services.importing.writing import Writer
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc

_AT_ONCE = 500
_LONGEST = 300
"""Characters of a text that may be a title; what is longer names nothing."""


class _Came(NamedTuple):
    """Somebody waits for an item that is here now: `record` says who; `wanted` is how it was found, for the one resolver."""

    record: int
    doc: Doc
    ref: Ref
    wanted: WantedLink
    source: str


class AwaitedLinks:
    """The links of a run that earlier runs wait for. Memory: the keys of some hundred rows, and an entry a link that is found."""

    def __init__(self, session: Session, writer: Writer, links: Links) -> None:
        self._session, self._writer, self._links = session, writer, links
        self._asked: dict[str, tuple[Ref, WantedLink, str]] = {}
        self._came: list[_Came] = []
        self._pointed_at = {
            target
            for key in session.workspace.types
            for field in session.workspace.fields(key).values()
            if field.traits.names_items
            for target in field.targets
        }

    def keep(self, ref: Ref, links: Iterable[WantedLink], table: EntryTable) -> None:
        """Keep links of an item that lead nowhere yet: by an id that is stable in its source, or by a title."""
        for link in links:
            for key in _keys_of(link, table):
                self._writer.keep(awaited_record(key, ref, link.field, table.source, self._session.person_key))

    def here(self, ref: Ref, table: EntryTable, external: str, title: str) -> None:
        """An item by which earlier rows may be linked."""
        if ref.type not in self._pointed_at:
            return
        if external and table.id_scope == "source":
            key = awaited_key("id", table.source, ref.type, external)
            self._asked[key] = (ref, WantedLink("", (ref.type,), external, "id"), table.source)
        if 0 < len(title) <= _LONGEST:
            key = awaited_key("name", "", ref.type, title)
            self._asked[key] = (ref, WantedLink("", (ref.type,), title, "name"), table.source)
        if len(self._asked) >= _AT_ONCE:
            self._look()

    def link(self, changed: set[Ref]) -> int:
        """Link all who waited; how many. Those that the run has `changed` already are as their rows say."""
        self._look()
        waiting: dict[Ref, list[_Came]] = {}
        for came in self._came:
            ref = Ref.read(came.doc.get("ref"))
            if ref is not None and ref not in changed and ref.type in self._session.workspace.types:
                waiting.setdefault(ref, []).append(came)
        return sum(self._link(ref, found) for ref, found in waiting.items())

    def _look(self) -> None:
        for key, records in kept_records(self._session, self._asked).items():
            ref, wanted, source = self._asked[key]
            self._came += [_Came(record.id, record.doc, ref, wanted, source) for record in records]
        self._asked.clear()

    def _link(self, ref: Ref, found: list[_Came]) -> bool:
        item = self._session.peek(ref)
        if item is None:
            return False
        values: dict[str, Any] = {}
        fields = self._session.workspace.fields(ref.type)
        served = [came for came in found if self._is_one(came)]
        for came in served:
            field = fields.get(str(came.doc.get("field")))
            if field is None or came.ref.type not in field.targets:
                continue
            value = values.get(field.key, item.get(field.key))
            if (linked := _with(field, value, str(came.ref))) is not None:
                values[field.key] = linked
        try:
            changed = bool(values) and self._writer.edit(ref, lambda _before: values)
        except Refusal:
            return False
        for came in served:
            self._writer.drop(came.record)
        return changed

    def _is_one(self, came: _Came) -> bool:
        """Whether the way to it still leads to it alone: a title may be that of several."""
        return self._links.resolve(came.wanted, came.source, refs=False) == came.ref


def _keys_of(link: WantedLink, table: EntryTable) -> Iterator[str]:
    text = link.text.strip()
    if not 0 < len(text) <= _LONGEST:
        return
    types, external = id_meant(link)
    for type_key in types:
        if link.by == "id" or (link.by == "any" and table.id_scope == "source"):
            yield awaited_key("id", table.source, type_key, external)
    for type_key in link.types:
        if link.by in ("name", "any"):
            yield awaited_key("name", "", type_key, text)


def _with(field: Field, value: object, ref: str) -> str | list[str] | None:
    """The field's value with a link; None where there is nothing to do."""
    if not field.many:
        return None if value else ref
    before = list(value) if isinstance(value, list) else []
    return None if ref in before else [*before, ref]
