"""What placeholders can name: the document, the item with all of its fields, its client, its people, our own company, the item it came
from, its product rows with their taxes and sums (reference §9)."""

from __future__ import annotations

from collections.abc import Iterable

from tuicrm.domain import named
from tuicrm.services.documents.nameable import Nameable
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.services.kernel.session import Session

__all__ = ["Nameable", "Vocabulary", "catalogue", "is_seen", "nearest"]


def catalogue(session: Session, type_key: str) -> list[Nameable]:
    """All that this person can name of a type's items, by groups: what tells of fields that they may not see is not among it."""
    found = Vocabulary(session, type_key)
    return [one for several in found.names.values() for one in several[:1] if is_seen(session, one)]


def is_seen(session: Session, nameable: Nameable) -> bool:
    """Whether the person may see the fields that something tells of, and one by which the item names it: of a client's field that of
    one type at least; of what follows from several, all."""
    access = session.access

    def sees(source: str) -> bool:
        table, _dot, key = source.partition(".")
        return key not in access.hidden(table)

    of_all = all if nameable.route in ("totals", "rows", "taxes", "catalogue") else any
    return (not nameable.sources or of_all(map(sees, nameable.sources))) and (
        not nameable.through or any(map(sees, nameable.through))
    )


def nearest(name: str, names: Iterable[str]) -> str:
    """The known name that is likest to an unknown one; "" where nothing is like it."""
    known = [named.Named(one, one, (one,), one) for one in names]
    near = named.nearest(name, known, only_near=True)
    return near[0].key if near else ""
