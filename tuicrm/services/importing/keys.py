"""What makes a row known: the source and its stable id, else the row's own content. Kept in the table `import_key`.

A row is known to a person by what they may read, and by what they brought in themselves; what others brought in is not told. So one
key may be kept several times: for each of those who imported the same row without seeing the others' item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal, NamedTuple

from tuicrm.domain.conditions import OneOf
from tuicrm.domain.items import Ref
from tuicrm.services.kernel.reader import ENTRIES, IMPORT_KEYS
from tuicrm.store.protocol import Doc, Find, Key, Record

if TYPE_CHECKING:
    from tuicrm.services.kernel.session import Session

_AT_ONCE = 500


class Known(NamedTuple):
    """A kept key: its record, the item it names, the digest of the row's content when it came; `readable`: by the person."""

    id: int
    ref: Ref
    content: str
    readable: bool = True


def digest(*parts: str) -> str:
    """32 hex digits that stand for these texts."""
    whole = "\0".join(part.replace("\0", "") for part in parts)
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of_cells(cells: Mapping[str, str], leave: Iterable[str] = ()) -> str:
    """The digest of a row's filled cells, whatever their order, without some columns."""
    left = set(leave)
    filled = sorted((name, text.strip()) for name, text in cells.items() if text.strip() and name not in left)
    return digest(*(part for pair in filled for part in pair))


def id_key(source: str, type_key: str, external: str) -> str:
    """The key of a row with an id that is stable in its source."""
    return digest("id", source, type_key, external)


def content_key(type_key: str, content: str, number: int) -> str:
    """The key of a row known by its content; `number` tells rows apart that differ only in what means nothing later."""
    return digest("content", type_key, content, str(number))


def key_record(key: str, ref: Ref, content: str, source: str, by: str, external: str = "") -> Doc:
    """The record that keeps a key for the person `by`; source and id are there for people who look."""
    doc: Doc = {"key": key, "ref": str(ref), "content": content, "source": source, "by": by}
    return {**doc, "external_id": external} if external else doc


def awaited_key(way: Literal["id", "name"], source: str, type_key: str, text: str) -> str:
    """The key of an item that a row names and that is not here yet: by its id in a source, or by its title from any source."""
    return digest("awaited", way, source, type_key, text if way == "id" else " ".join(text.split()).casefold())


def awaited_record(key: str, ref: Ref, field: str, source: str, by: str) -> Doc:
    """The record of a link that waits for the item of this key: `ref` is the item that has the `field`."""
    return {"key": key, "ref": str(ref), "field": field, "source": source, "by": by}


def known_items(session: Session, keys: Iterable[str]) -> dict[str, Known]:
    """The keys whose items are there as far as this person knows of them. Of several items of a key, what they brought in themselves
    comes before what others did, then the one that came first."""
    kept = kept_records(session, keys)
    alive = _living(session, [ref for records in kept.values() for record in records if (ref := _ref(record))])
    found: dict[str, Known] = {}
    for key, records in kept.items():
        mine = [record for record in records if _is_mine(session, record)]
        for record in (*mine, *(one for one in records if one not in mine)):
            ref = _ref(record)
            doc = alive.get(ref) if ref is not None else None
            if ref is None or doc is None:
                continue
            readable = session.access.may("read", ref.type, doc)
            if readable or record in mine:
                found[key] = Known(record.id, ref, str(record.doc.get("content", "")), readable)
                break
    return found


def known_comments(session: Session, keys: Iterable[str]) -> set[str]:
    """The keys of comments that this person knows of: deleted ones too, that they do not come again."""
    kept = kept_records(session, keys)
    return {
        key
        for key, records in kept.items()
        if any(_is_mine(session, record) or _may_read_entry(session, _ref(record)) for record in records)
    }


def is_kept(session: Session, key: str) -> bool:
    """Whether a definition came in under this key; definitions are everybody's."""
    return bool(kept_records(session, [key]))


def kept_records(session: Session, keys: Iterable[str]) -> dict[str, list[Record]]:
    """The records of each key, the first one first."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, list[Record]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        where = OneOf("key", "string", tuple(wanted[start : start + _AT_ONCE]))
        for record in session.whole.find(Find(IMPORT_KEYS, where)).records:
            found.setdefault(record.doc["key"], []).append(record)
    return {key: sorted(records, key=lambda one: one.id) for key, records in found.items()}


def _ref(record: Record) -> Ref | None:
    return Ref.read(record.doc.get("ref"))


def _is_mine(session: Session, record: Record) -> bool:
    return record.doc.get("by") == session.person_key


def _living(session: Session, refs: Iterable[Ref]) -> dict[Ref, Doc]:
    """The documents of those of the items that are there now, whoever may read them."""
    by_type: dict[str, list[int]] = {}
    for ref in refs:
        by_type.setdefault(ref.type, []).append(ref.id)
    return {Ref(key, one.id): one.doc for key, ids in by_type.items() for one in session.whole.get(key, ids)}


def _may_read_entry(session: Session, ref: Ref | None) -> bool:
    """Whether an entry is, or when it was deleted was, on an item that this person may read."""
    if ref is None:
        return False
    found = session.whole.get(ENTRIES, [ref.id])
    versions = () if found else session.whole.past.backwards(Key(ENTRIES, ref.id))
    doc = found[0].doc if found else next((one.doc for one in versions if one.doc is not None), None)
    owner = Ref.read((doc or {}).get("owner"))
    return owner is not None and session.peek(owner) is not None
