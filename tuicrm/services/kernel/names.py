"""Names of what values point at, as one person may see them (`domain.context.Names` on a session)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.domain.conditions import Search, Test
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Dictionary
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.kernel.reader import Reader


class SessionNames:
    """Lookups never raise: what is unknown or may not be seen is None or []."""

    def __init__(self, session: Reader, workspace: Workspace | None = None) -> None:
        """`workspace` holds definitions that a change itself adds; without it, those of the session."""
        self._session = session
        self._own = workspace

    def person(self, key: str) -> str | None:
        person = self._session.workspace.people.get(key)
        return person.name if person else None

    def people(self) -> Sequence[Choice]:
        people = self._session.workspace.people.values()
        return [Choice(p.key, p.name, p.email or p.key) for p in people if not p.retired]

    def item(self, ref: Ref) -> str | None:
        item = self._session.peek(ref)
        return self._session.title_of(item) if item else None

    def fields(self, ref: Ref) -> Mapping[str, Any] | None:
        item = self._session.peek(ref)
        return item.fields if item else None

    def related(self, ref: Ref) -> str | None:
        """`D-42 ERP connector`, as another item's timeline or relations name it; that it is deleted, to those who could read it. None
        for what the person may know nothing of."""
        session = self._session
        shown = session.workspace.show_ref(ref)
        item = session.peek(ref)
        if item is not None:
            return f"{shown} {session.title_of(item)}"
        doc = session.past.last_known(ref)
        if doc is None:
            return None
        title = session.title(session.workspace.type(ref.type), ref.id, doc)
        return _("{item} (deleted)").format(item=f"{shown} {title}")

    def show_ref(self, ref: Ref) -> str:
        return self._session.workspace.show_ref(ref)

    def read_ref(self, text: str) -> Ref | None:
        return self._session.workspace.read_ref(text)

    def items(self, text: str, targets: Sequence[str]) -> Sequence[Choice]:
        """Items whose whole name, or else whose code, is `text`, case-folded."""
        wanted = " ".join(text.split()).casefold()
        found: list[Choice] = []
        if not wanted:
            return found
        for key in targets:
            item_type = self._session.workspace.types.get(key)
            if item_type is None:
                continue
            # One word narrows on columns; the whole name is compared on the few that are left.
            longest = max(wanted.split(), key=len)
            for item in self._session.find(key, Search(longest, tuple(item_type.title))).items:
                name = self._session.title_of(item)
                if " ".join(name.split()).casefold() == wanted:
                    found.append(Choice(str(item.ref), name, self.show_ref(item.ref)))
        return found or [choice for key in targets for choice in self._coded(key, text.strip().casefold())]

    def _coded(self, key: str, code: str) -> Iterator[Choice]:
        item_type = self._session.workspace.types.get(key)
        if item_type is not None and item_type.code:
            for item in self._session.find(key, Test(item_type.code, "string", "=", code)).items:
                yield Choice(str(item.ref), self._session.title_of(item), self.show_ref(item.ref))

    def dictionary(self, key: str) -> Dictionary | None:
        return (self._own or self._session.workspace).dictionaries.get(key)
