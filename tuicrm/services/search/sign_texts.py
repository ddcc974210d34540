"""The signs by which records are known (`domain/alike.py`), as a store is told of them: it finds which records share some."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tuicrm.digests import blake2b
from tuicrm.domain.alike import Sign, signs
from tuicrm.domain.schema import ItemType
from tuicrm.services.kernel.session import Session
from tuicrm.store.indexes import SignIndex


class AlikeSigning:
    """By which signs records are known (`store/indexes.py`)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def shapes(self) -> dict[str, str]:
        """What the signs of each type rest on: where that changes, all are made anew."""
        types = self._session.workspace.types.values()
        return {one.key: _shape(one, self._session) for one in types if one.alike}

    def signs(self, type_key: str, ids: Sequence[int]) -> Iterable[tuple[int, Iterable[Sign]]]:
        """The signs of each of these items, by id."""
        workspace = self._session.workspace
        item_type, fields = workspace.type(type_key), workspace.fields(type_key)
        for record in self._session.whole.get(type_key, ids):
            yield record.id, signs(item_type, fields, record.doc)


def alike_index(session: Session) -> SignIndex:
    """The session's. Raises IndexTrouble."""
    return session.store.signs(AlikeSigning(session))


def _shape(item_type: ItemType, session: Session) -> str:
    """What of a type's definition the signs of its records depend on."""
    fields = session.workspace.fields(item_type.key).values()
    parts = [f"{kind}={','.join(keys)}" for kind, keys in item_type.alike.items()]
    parts += [field.key for field in fields if field.traits.is_identity]
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
