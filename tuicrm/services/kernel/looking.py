"""The workspace as somebody else sees it, looked at by an administrator: every write is refused, nobody is told that they are here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, cast

from tuicrm.domain.config_records import Person
from tuicrm.errors import AccessDenied, ReadOnlyStore
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Store


class LookedAt:
    """A store (`Store`) that takes nothing. What it is asked, another one answers, which others go on using."""

    read_only = True

    def __init__(self, inner: Store, name: str) -> None:
        self._inner, self._name = inner, name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._inner, name)

    def _refuse(self, *_given: object, **_named: object) -> NoReturn:
        raise ReadOnlyStore(_("You are looking as {name}: nothing is changed here.").format(name=self._name))

    commit = batch = new_ids = _refuse

    def whole(self) -> Store:
        """All of it, as little to be written."""
        return cast("Store", LookedAt(self._inner.whole(), self._name))

    @property
    def presence(self) -> UnseenPresence:
        """Who is here, but for who looks."""
        return UnseenPresence(self._inner)

    def close(self) -> None:
        """Whose it is closes it."""


class UnseenPresence:
    """Who else is here; that somebody looks is not told."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner

    def tell(self, doc: Mapping[str, Any]) -> None:
        """Nothing."""

    def others(self) -> list[dict[str, Any]]:
        """What the other sessions told last."""
        return self._inner.presence.others()


def looking(session: Session, person: Person) -> Session:
    """A session that sees what somebody sees, and writes nothing. Raises AccessDenied for who is no administrator."""
    if not session.access.admin:
        raise AccessDenied(_("Only administrators may see the program as somebody else."))
    store = cast("Store", LookedAt(session.store, person.name))
    seen = Session(
        store,
        person.key,
        clock=session.clock,
        zone=session.zone,
        language=session.language,
        locale=session.locale,
        country=session.country,
    )
    seen.looks = True
    return seen
