"""What a line about a related item says: symbol and name, what relates it, its stage and amount."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.items import Item
from tuicrm.domain.relations import Relative
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.services.kernel import field_texts
from tuicrm.services.kernel.session import Session

_BRANCH = "└ "
_STEP = "  "
_DEEPEST = 8
"""Levels that are still shown further in; a longer chain would leave no room for names."""


def texts(session: Session, relative: Relative) -> tuple[str, str, str, str]:
    """The texts of a line, by column: the item at its place in the tree, how it is related, stage, amount."""
    item = None if relative.gone else session.peek(relative.ref)
    money = amount(session, item)
    shown = field_texts.show(session, item, money[0], money[1], session.context()) if item and money else ""
    how = _("this one") if relative.itself else relative.how
    return name(session, relative), how, stage(session, item) or "", ", ".join(shown.splitlines())


def name(session: Session, relative: Relative) -> str:
    """`  └ ◆ D-42 ERP connector`."""
    depth = min(relative.depth, _DEEPEST)
    start = _STEP * (depth - 1) + _BRANCH if depth else ""
    symbol = session.workspace.type(relative.ref.type).symbol
    text = f"{start}{symbol} {session.workspace.show_ref(relative.ref)} {relative.title}"
    return _("{item} (deleted)").format(item=text) if relative.gone else text


def stage(session: Session, item: Item | None) -> str | None:
    """The stage's name; None where there is none."""
    found = session.workspace.stage_of(item.type, item.fields) if item is not None else None
    return session.label(found.label) if found else None


def amount(session: Session, item: Item | None) -> tuple[Field, Any] | None:
    """The money that boards sum, with its field; None where there is none, or it is not for this person."""
    key = session.workspace.type(item.type).amount if item is not None else ""
    field = session.workspace.field(item.type, key) if item is not None and key else None
    value = item.get(key) if item is not None else None
    return (field, value) if field is not None and value and session.access.sees(field) else None
