"""What was done in a workspace, as the person of a session may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.services.kernel.reader import Reader
from tuicrm.store.protocol import Key, Transaction, Version


class SessionPast:
    """The past behind the one door."""

    def __init__(self, session: Reader) -> None:
        self._session = session

    def history(self, ref: Ref) -> list[Version]:
        """Every state of an item that may be read, newest first, masked; those that differ in hidden fields alone are left out. Raises
        NotFound."""
        from tuicrm.services.kernel.masking import masked_history

        self._session.get(ref)
        return masked_history(self._session, ref.type, self._session.store.past.history(Key(*ref)))

    def log(self, *, before: int = 0, since: int = 0, by: str = "") -> Iterator[Transaction]:
        """Transactions newest first. Readers of it mask what the person may not see (`services/history/log.py`)."""
        return self._session.store.past.log(before=before, since=since, by=by)

    def last_known(self, ref: Ref) -> dict[str, Any] | None:
        """The fields of an item that was deleted, as they were last, to those who could read it then; None for any other."""
        session = self._session
        if ref.type not in session.workspace.types or session.whole.get(ref.type, [ref.id]):
            return None
        versions = session.whole.past.history(Key(ref.type, ref.id))
        doc = versions[1].doc if len(versions) > 1 and versions[0].doc is None else None
        if doc is None or not session.access.may("read", ref.type, doc):
            return None
        hidden = session.access.hidden(ref.type)
        return {key: value for key, value in doc.items() if key not in hidden}

    def why_gone(self, ref: Ref) -> str:
        """That there is no such item; that it was deleted, by whom and when, to those who could read it."""
        from tuicrm.domain.kinds.dates import short_when

        session = self._session
        versions = session.whole.past.history(Key(ref.type, ref.id)) if ref.type in session.workspace.types else []
        if (
            len(versions) > 1
            and versions[0].doc is None
            and session.access.may("read", ref.type, versions[1].doc or {})
        ):
            who = session.names.person(versions[0].by) or versions[0].by or "?"
            when = short_when(versions[0].at, session.context())
            shown = session.workspace.show_ref(ref)
            return _("{ref} was deleted by {who}, {when}.").format(ref=shown, who=who, when=when)
        return session.no_such(ref)
