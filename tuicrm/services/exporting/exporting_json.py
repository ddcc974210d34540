"""Items written out as JSON that `import` reads back, here or in another workspace: with the links between them, and where several
types are exported, with the definitions that their values need.

What is not in it: timelines, activities, documents and their templates, the content of files, people, roles, layouts and filters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from tuicrm.domain.conditions import Condition, Sort
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.progress import Tell
from tuicrm.domain.relations import LINKS
from tuicrm.domain.schema import Field
from tuicrm.domain.workspace import ConfigRecord
from tuicrm.exchange.own_json import SCHEMA
from tuicrm.i18n import _, ngettext
from tuicrm.services.exporting.exportable import Matching, plain_item, require_export, why_not_export, withheld_text
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

DEFINITIONS = ("type", "dictionary", "room", "pipeline", "field")
"""The tables of definitions that go along, each before those that rest on it."""


_BY_ID = (Sort("id", "integer"),)
_LINK_PARTS = ("owner", "other", "word", "by", "at")


class Whole(NamedTuple):
    """How many items and links were written; how many items this person may not export, and types; and links of which one item is
    not in the file."""

    written: int
    withheld: int
    links: int
    outside: int
    left_types: tuple[str, ...] = ()


def export_json(  # noqa: PLR0913 - what `tuicrm export` can be told
    session: Session,
    types: Sequence[str],
    stream: BinaryIO,
    *,
    where: Condition | None = None,
    sort: Sequence[Sort] = (),
    fields: Sequence[Field] = (),
    definitions: bool = False,
    limit: int = 0,
    tell: Tell | None = None,
) -> Whole:
    """One object: the workspace's id, `definitions` where they are asked for, `items` of these types with ref, type, id, rev and
    fields in JSON form, and the `links` of which one item at least is among them.

    `limit` is the most of each type. Of several types, those that the person may not export are left out; of one, AccessDenied is
    raised."""
    if len(types) == 1:
        require_export(session, types[0])
    left = tuple(key for key in types if why_not_export(session, key) is not None)
    chosen = [key for key in types if key not in left]
    matching = [Matching(session, key, where, sort or _BY_ID, tell, limit) for key in chosen]
    items = (item for one in matching for item in one)
    known = _definitions(session, chosen) if definitions else {}
    written, links = write_items(session, items, stream, fields, known)
    withheld = sum(one.withheld for one in matching)
    return Whole(written, withheld, links.written, links.outside, left)


def write_items(
    session: Session,
    items: Iterable[Item],
    stream: BinaryIO,
    fields: Sequence[Field] = (),
    definitions: Mapping[str, Sequence[Any]] = MappingProxyType({}),
) -> tuple[int, LinksOf]:
    """Write items that may be exported, with these fields (all without), and their links; how many items, and which links."""
    from tuicrm.exchange.json_writer import write_json

    links = LinksOf(session)
    keys = [field.key for field in fields]

    def plain() -> Iterator[dict[str, Any]]:
        for item in items:
            links.exported.add(item.ref)
            yield plain_item(session, item, keys)

    head: dict[str, Any] = {"schema": SCHEMA, "status": "ok", "workspace": session.workspace.settings.get("id") or ""}
    if definitions:
        head["definitions"] = definitions
    return write_json(stream, head, "items", plain(), lambda: {"links": links.found()}), links


class LinksOf:
    """The free links of what was exported, as far as the person may read both items."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.exported: set[Ref] = set()
        self.written = self.outside = 0

    def found(self) -> list[dict[str, Any]]:
        """Those of which one item at least was exported."""
        found: list[dict[str, Any]] = []
        for record in self._session.store.find(Find(LINKS)).records:
            owner, other = Ref.read(record.doc.get("owner")), Ref.read(record.doc.get("other"))
            if owner is None or other is None or self.exported.isdisjoint((owner, other)):
                continue
            if any(ref not in self.exported and self._session.peek(ref) is None for ref in (owner, other)):
                continue
            self.outside += not self.exported.issuperset((owner, other))
            found.append({name: value for name, value in record.doc.items() if name in _LINK_PARTS})
        self.written = len(found)
        return found


def _definitions(session: Session, types: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    """The records of the definitions of these types, as far as the person sees them."""
    return {
        table: [
            entry.doc
            for entry in session.workspace.records[table].values()
            if _goes_along(session, table, entry, types)
        ]
        for table in DEFINITIONS
    }


def _goes_along(session: Session, table: str, entry: ConfigRecord, types: Sequence[str]) -> bool:
    doc = entry.doc
    if doc.get("deleted"):
        return False
    if table == "type":
        return doc["key"] in types
    if table == "field":
        field = session.workspace.field(doc["type"], doc["key"]) if doc["type"] in types else None
        return field is not None and session.access.sees(field)
    if table == "room":
        fields = (field for key in types for field in session.workspace.fields(key).values())
        return any(field.traits.books and session.access.sees(field) for field in fields)
    return table != "pipeline" or doc["type"] in types


def told(session: Session, done: Whole) -> list[str]:
    """What a person is to know besides: what is not in the file."""
    lines = []
    if done.withheld:
        lines.append(withheld_text(done.withheld))
    if done.left_types:
        names = ", ".join(session.label(session.workspace.type(key).plural) for key in done.left_types)
        lines.append(_("skipped, because you may not export them: {types}").format(types=names))
    if done.outside:
        lines.append(
            ngettext(
                "{n} link leads to an item that is not in this export",
                "{n} links lead to items that are not in this export",
                done.outside,
            )
        )
    return lines
