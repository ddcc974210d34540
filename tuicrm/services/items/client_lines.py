"""What stands under a client on the cards of its items: its phones and e-mails, and when it was last spoken with.

All of it is the client's own, read anew whenever the card is, as the person who looks may see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tuicrm.domain.card import FieldView
from tuicrm.domain.conditions import OneOf, Or, Test
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.services.items import clients, known_clients
from tuicrm.services.kernel.field_texts import show
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

_MOST = 3
"""Clients of one field whose lines stand on the card; the others are a key away."""
_MOST_ITEMS = 30
"""Items of a client among whose activities the last contact is looked for, the newest first."""
_LONGEST = 60


class ClientLines:
    """Those of one item, by the field that names the client."""

    def __init__(self, session: Session, item: Item, context: Context) -> None:
        self._session, self._item, self._context = session, item, context
        self._keys = session.workspace.type(item.type).client
        self._told = False

    def under(self, field: Field) -> list[FieldView]:
        """The lines under a field; [] under one that names no client."""
        if field.key not in self._keys:
            return []
        found = self._clients(field.key)
        if field.key == self._keys[0]:
            offered = [self._offer(field, one) for one in known_clients.known(self._session, self._item)]
            if offered:
                return offered
        lines = [line for client in found for line in self._reach(field, client, several=len(found) > 1)]
        if found and not self._told:
            self._told = True
            lines += self._last(field, found)
        return lines

    def _offer(self, named: Field, client: Item) -> FieldView:
        """One who is recognised by phone or e-mail."""
        ref, name = self._session.workspace.show_ref(client.ref), self._session.title_of(client)
        return FieldView(
            f"{named.key}/known/{client.ref}",
            _("Known"),
            "string",
            f"{name}  {ref}",
            empty=False,
            told=(_("by phone or e-mail; not taken as the client yet"), _("not taken yet")),
            of=ref,
            offered=True,
        )

    def _clients(self, key: str) -> list[Item]:
        """The first few clients that a field names and that may be read."""
        refs = _refs(self._item.get(key))[:_MOST]
        return [client for ref in refs if (client := self._session.peek(ref)) is not None]

    def _reach(self, named: Field, client: Item, *, several: bool) -> Iterator[FieldView]:
        """Its phones and e-mails; of several clients, with the name."""
        session = self._session
        for field in session.workspace.fields(client.type).values():
            if not field.traits.is_identity or not session.access.sees(field):
                continue
            text = show(session, client, field, client.get(field.key), self._context)
            if text:
                yield FieldView(
                    f"{named.key}/{client.ref}/{field.key}",
                    session.label(field.label),
                    field.kind,
                    text,
                    empty=False,
                    told=(session.title_of(client),) if several else (),
                    of=session.workspace.show_ref(client.ref),
                )

    def _last(self, named: Field, found: Sequence[Item]) -> Iterator[FieldView]:
        from tuicrm.domain.kinds.dates import short_when

        everyone = [client for key in self._keys for client in self._clients(key)]
        last = last_contact(self._session, [*everyone, self._item])
        if last is not None:
            at, what = last
            words = " ".join(what.split())
            words = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
            yield FieldView(
                f"{named.key}/last",
                _("Last contact"),
                "string",
                f"{short_when(at, self._context)} · {words}",
                empty=False,
                of=self._session.workspace.show_ref(found[0].ref),
            )


def last_contact(session: Session, items: Sequence[Item]) -> tuple[str, str] | None:
    """When (UTC ISO) something was last done or written with these, and what: a done activity or a comment, on them or on the items
    whose client they are. None where nothing was."""
    owners = tuple(dict.fromkeys(str(ref) for item in items for ref in (item.ref, *_theirs(session, item))))
    found = []
    for table in (ACTIVITIES, ENTRIES):
        # By owner alone, and looked through here: a store would read whole columns for the few that match.
        for record in session.store.find(Find(table, OneOf("owner", "string", owners))).records:
            doc = session.seen(record).doc
            if table == ACTIVITIES and doc.get("done") is True:
                found.append((doc.get("done_at"), str(doc.get("what") or "")))
            elif table == ENTRIES and doc.get("kind") == "comment":
                found.append((doc.get("at"), str(doc.get("text") or "")))
    return max(((at, what) for at, what in found if isinstance(at, str)), default=None)


def _theirs(session: Session, client: Item) -> Iterator[Ref]:
    """The items whose client it is and that may be read, of each type the newest."""
    for item_type in clients.sold_types(session, client.type):
        keys = clients.client_keys(session, item_type, client.type)
        ids = session.ids(item_type.key, Or(tuple(Test(key, "item", "=", str(client.ref)) for key in keys)))
        yield from (Ref(item_type.key, item_id) for item_id in sorted(ids)[-_MOST_ITEMS:])


def _refs(value: object) -> list[Ref]:
    return [ref for one in (value if isinstance(value, list) else [value]) if (ref := Ref.read(one)) is not None]
