"""What screens and the command line do in two calls or three, in one: tests go through the same doors."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tuicrm.domain.card import CardView
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.services.definitions import field_changes, field_placing, fields
from tuicrm.services.items import cards
from tuicrm.services.kernel.session import Session


def add_field(session: Session, type_key: str, label: str, kind: str = "string", **said: Any) -> Field:
    """Make a field as “New field” does; `said` is as in `new_field`."""
    field = fields.new_field(session, type_key, label, kind, **said)
    fields.keep_new(session, type_key, field)
    return session.workspace.fields(type_key)[field.key]


def require_field(
    session: Session,
    type_key: str,
    key: str,
    *,
    always: bool,
    pipeline: str = "",
    stages: Collection[str] | None = None,
) -> Field:
    """Say where a field must be filled, as “Configure” does: `stages` (keys) for one pipeline alone; None: like the others."""
    field = field_changes.living(session, type_key, key)
    required = field_changes.narrowed(session, type_key, field, always=always, pipeline=pipeline, stages=stages)
    field_placing.configure(session, type_key, key, required=required)
    return field_changes.living(session, type_key, key)


def restrict_field(session: Session, type_key: str, key: str, members: Collection[str]) -> None:
    """Say who alone may see a field, as “Configure” does: people's keys and `department:key`; [] for everyone."""
    field_placing.configure(session, type_key, key, members=members)


def card_of(session: Session, ref: Ref) -> CardView:
    """The card of an item, as it is shown when it is opened."""
    return cards.view(session, session.get(ref))
