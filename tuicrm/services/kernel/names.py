"""Names of what values point at, as one person may see them (`domain.context.Names` on a session)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
        return [Choice(p.key, p.name, p.email or p.key, tuple(p.logins)) for p in people if not p.retired]

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
        """Items whose whole name, else whose code is `text`, case-folded; else whose name it is without its accents."""
        if not text.strip():
            return []
        code = text.strip().casefold()
        found = self._called(text, targets, str.casefold) or [one for key in targets for one in self._coded(key, code)]
        if found:
            return found
        from tuicrm.domain.words import fold  # 10 ms, which opening a workspace need not pay

        return self._called(text, targets, fold, plain=True)

    def _called(
        self, text: str, targets: Sequence[str], folded: Callable[[str], str], *, plain: bool = False
    ) -> list[Choice]:
        wanted = " ".join(folded(text).split())
        # One word narrows on columns; the whole name is compared on the few that are left.
        longest = max(wanted.split(), key=len, default="")
        found: list[Choice] = []
        for key in targets if longest else ():
            item_type = self._session.workspace.types.get(key)
            if item_type is None:
                continue
            for item in self._session.find(key, Search(longest, tuple(item_type.title), plain)).items:
                name = self._session.title_of(item)
                if " ".join(folded(name).split()) == wanted:
                    found.append(Choice(str(item.ref), name, self.show_ref(item.ref)))
        return found

    def _coded(self, key: str, code: str) -> Iterator[Choice]:
        item_type = self._session.workspace.types.get(key)
        if item_type is not None and item_type.code:
            for item in self._session.find(key, Test(item_type.code, "string", "=", code)).items:
                yield Choice(str(item.ref), self._session.title_of(item), self.show_ref(item.ref))

    def dictionary(self, key: str) -> Dictionary | None:
        return (self._own or self._session.workspace).dictionaries.get(key)

    def room(self, key: str) -> str | None:
        room = (self._own or self._session.workspace).rooms.get(key)
        return room.label if room else None

    def rooms(self) -> Sequence[Choice]:
        rooms = (self._own or self._session.workspace).rooms.values()
        return [Choice(room.key, room.label, room.place) for room in rooms if not room.retired]
