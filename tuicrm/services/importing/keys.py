"""What makes a row known: the source and its stable id, else the row's own content. Kept in the table `import_key`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import NamedTuple

from tuicrm.domain.conditions import OneOf
from tuicrm.domain.items import Ref
from tuicrm.services.session import IMPORT_KEYS
from tuicrm.store.protocol import Doc, Find, Store

_AT_ONCE = 500


class Known(NamedTuple):
    """A kept key: its record, the item it names, the digest of the row's content when it came."""

    id: int
    ref: Ref
    content: str


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


def key_record(key: str, ref: Ref, content: str, source: str, external: str = "") -> Doc:
    """The record that keeps a key; source and id are there for people who look."""
    doc: Doc = {"key": key, "ref": str(ref), "content": content, "source": source}
    return {**doc, "external_id": external} if external else doc


def look_up(store: Store, keys: Iterable[str]) -> dict[str, Known]:
    """Which keys are known. Items that were deleted since are not asked for here."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, Known] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        where = OneOf("key", "string", tuple(wanted[start : start + _AT_ONCE]))
        for record in store.find(Find(IMPORT_KEYS, where)).records:
            doc = record.doc
            found[doc["key"]] = Known(record.id, Ref.parse(doc["ref"]), doc.get("content", ""))
    return found


def living(store: Store, refs: Iterable[Ref]) -> set[Ref]:
    """Those of the items that are there now."""
    by_type: dict[str, list[int]] = {}
    for ref in refs:
        by_type.setdefault(ref.type, []).append(ref.id)
    return {Ref(key, record.id) for key, ids in by_type.items() for record in store.get(key, ids)}
