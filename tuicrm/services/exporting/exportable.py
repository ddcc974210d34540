"""What may be exported, and an item as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tuicrm.domain.conditions import Condition, Sort
from tuicrm.domain.items import Item
from tuicrm.domain.matching import values_at
from tuicrm.domain.progress import Tell
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.session import Session

PAGE = 500


def withheld_text(n: int) -> str:
    """What is told of `n` items, at least one, that were asked for and not written."""
    return ngettext("{n} item skipped: you may not export it", "{n} items skipped: you may not export them", n)


class Matching:
    """The items that match and may be exported, page by page; counts them, and those withheld."""

    def __init__(
        self,
        session: Session,
        type_key: str,
        where: Condition | None = None,
        sort: Sequence[Sort] = (),
        tell: Tell | None = None,
        limit: int = 0,
    ) -> None:
        self._session, self._type, self._where, self._sort = session, type_key, where, tuple(sort)
        self._tell, self._limit = tell, limit
        self.written = self.withheld = 0

    def __iter__(self) -> Iterator[Item]:
        session, after = self._session, None
        while True:
            page = session.find(self._type, self._where, self._sort, PAGE, after)
            if self._tell is not None:
                self._tell(self.written + self.withheld, min(page.total, self._limit or page.total))
            for item in page.items:
                if self._limit and self.written == self._limit:
                    return
                if session.access.may("export", self._type, item.fields):
                    self.written += 1
                    yield item
                else:
                    self.withheld += 1
            after = page.next
            if after is None:
                return


def plain_item(session: Session, item: Item, keys: Sequence[str] = ()) -> dict[str, Any]:
    """An item as programs read it; only these fields when given. Derived ones (`currency`) stand beside the others."""
    fields = dict(item.fields)
    for field in session.workspace.fields(item.type).values():
        if field.derived and session.access.sees(field):
            for value in values_at(field.derived)(item.fields):
                fields[field.key] = value
    if keys:
        fields = {key: fields.get(key) for key in keys}
    ref = session.workspace.show_ref(item.ref)
    return {"ref": ref, "type": item.type, "id": item.id, "rev": item.rev, "fields": fields}


def require_export(session: Session, type_key: str) -> None:
    """Raise AccessDenied for someone who may export nothing of this type."""
    item_type = session.workspace.type(type_key)
    places = [("", "")] + [(p.key, s.key) for p in session.workspace.pipelines(type_key) for s in p.stages]
    if all(session.access.scope("export", type_key, *place) == "none" for place in places):
        raise AccessDenied(_("You may not export {type}.").format(type=session.label(item_type.plural).lower()))


def why_not_export(session: Session, type_key: str) -> str | None:
    """Why this person may export nothing of a type; None where they may."""
    try:
        require_export(session, type_key)
    except AccessDenied as denied:
        return denied.message
    return None
