"""The cards of a board: read and formatted when they are drawn, and kept until their records or the day change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from tuicrm.domain.board import Card
from tuicrm.domain.context import Context
from tuicrm.domain.due import Due
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.money import whole_money
from tuicrm.domain.money import money_of as read_money
from tuicrm.domain.required import missing_fields
from tuicrm.i18n import _
from tuicrm.services.items import activities
from tuicrm.services.items.cards import day_in_stage
from tuicrm.services.items.known_clients import is_repeat
from tuicrm.services.kernel.session import Session

Next: TypeAlias = Callable[[Item, Context], tuple[Any, str]]
"""What is to be done with an item next: its timing, and words."""
DueOf: TypeAlias = Callable[[Item], Due]
"""What is late or due with an item, counted."""


class Cards:
    """Those of one type, by id."""

    def __init__(self, session: Session, type_key: str, next_of: Next, due_of: DueOf, *, staged: bool) -> None:
        """`staged`: a card tells its stage."""
        self._session, self._type = session, type_key
        self._next_of, self._due_of, self._staged = next_of, due_of, staged
        self._kept: dict[int, Card] = {}

    def forget(self, ids: Iterable[int] | None) -> None:
        """Read those of these items anew; None: of all."""
        if ids is None:
            self._kept.clear()
            return
        for item_id in ids:
            self._kept.pop(item_id, None)

    def card(self, item_id: int) -> Card | None:
        """The card of an item; None when it is gone, or may not be read."""
        kept = self._kept.get(item_id)
        if kept is not None:
            return kept
        item = self._session.peek(Ref(self._type, item_id))
        if item is None:
            return None
        card = self._kept[item_id] = self._made(item, self._session.context())
        return card

    def _made(self, item: Item, context: Context) -> Card:
        session, workspace = self._session, self._session.workspace
        item_type = workspace.type(item.type)
        person = workspace.people.get(str(item.get("responsible") or ""))
        timing, words = self._next_of(item, context)
        fields = workspace.fields(item.type).values()
        pipeline = workspace.pipeline_of(item.type, item.fields)
        key = pipeline.key if pipeline else ""
        stage = workspace.stage_of(item.type, item.fields) if self._staged else None
        return Card(
            ref=workspace.show_ref(item.ref),
            title=session.title_of(item),
            client=client_name(session, item),
            amount=money_of(item.get(item_type.amount) if item_type.amount else None, context),
            initials=person.initials if person else "",
            timing=timing,
            next=words,
            days=str(day_in_stage(item.fields["stage_since"], context)) if item.get("stage_since") else "",
            missing=bool(missing_fields(fields, item.fields, key, item.get("stage") or "", session.access.sees)),
            stage=session.label(stage.label) if stage else "",
            repeat=is_repeat(session, item),
            due=self._due_of(item),
        )


def next_activity(session: Session, item: Item, context: Context) -> tuple[Any, str]:
    """The next activity as timing and words; nothing is asked of a closed item."""
    timing, words = activities.next_of(session, item.ref, context)
    if timing != "none":
        return timing, words
    stage = session.workspace.stage_of(item.type, item.fields)
    return timing, _("+ plan") if stage and stage.semantics == "process" else ""


def client_name(session: Session, item: Item) -> str:
    """The first client named on an item: its company, else a contact; of a lead, who is not known yet, the name it came with."""
    for key in session.workspace.type(item.type).client:
        value = item.get(key)
        for stored in value if isinstance(value, list) else [value]:
            if stored:
                try:
                    return session.names.item(Ref.parse(str(stored))) or ""
                except ValueError:
                    return ""
    return _name_it_came_with(item)


def _name_it_came_with(item: Item) -> str:
    person = " ".join(str(item.get(key)) for key in ("first_name", "last_name") if item.get(key))
    return str(item.get("company_title") or person)


def money_of(value: object, context: Context) -> str:
    """A stored amount without cents: "€ 38,000"."""
    money = read_money(value)
    return whole_money(money.amount, money.currency, context) if money else ""
