"""What a person sets for themselves alone: folded sections, the layout they chose, how the program looks. Kept in the workspace,
so that it follows them.

No part of the history that `u` goes back through: folding is no work that anyone would want undone before their last edit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from tuicrm.domain.conditions import Test
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import Conflict, StorageError
from tuicrm.i18n import _
from tuicrm.services.kernel.permissions import PREFERENCES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Find, Record, Store

_PEOPLE = "people"
_FOLDED, _LAYOUTS, _SCENARIOS, _VIEWS, _LISTS, _ORDERS = "folded", "layouts", "scenarios", "views", "lists", "orders"
_OWN, _TABLES = "own", "tables"
SYSTEM = "system"
"""The language of those who want none other than the system's, whatever their entry says."""


def folded(session: Session, place: LayoutPlace) -> frozenset[str]:
    """Keys of the sections that the person folded."""
    found = _read(session, _FOLDED, place)
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def fold(session: Session, place: LayoutPlace, sections: Collection[str]) -> None:
    """Remember which sections are folded: exactly these."""
    _write(session, _FOLDED, place, sorted(sections) or None)


def layout_choice(session: Session, place: LayoutPlace) -> str:
    """The layout that the person chose (`domain.layout_use.LayoutUse.choice`); "" for whichever comes first."""
    return str(_read(session, _LAYOUTS, place) or "")


def choose_layout(session: Session, place: LayoutPlace, choice: str) -> None:
    """Remember a choice; "" forgets it."""
    _write(session, _LAYOUTS, place, choice or None)


def view_choice(session: Session, place: LayoutPlace) -> str:
    """The view of a type's items that the person chose last (`services/boards/item_views.py`); "" for none."""
    return str(_read(session, _VIEWS, place) or "")


def choose_view(session: Session, place: LayoutPlace, view: str) -> None:
    """Remember a view."""
    _write(session, _VIEWS, place, view or None)


def scenario(session: Session, type_key: str) -> str:
    """What the person made last from an item of a type (`Scenario.key`); "" for nothing yet."""
    return str(_read(session, _SCENARIOS, LayoutPlace(type_key)) or "")


def choose_scenario(session: Session, type_key: str, scenario: str) -> None:
    """Remember what was made last: it is offered first. Where that cannot be kept, it is made all the same."""
    if _read(session, _SCENARIOS, LayoutPlace(type_key)) != scenario:
        with suppress(StorageError, Conflict):
            _write(session, _SCENARIOS, LayoutPlace(type_key), scenario)


def order_choice(session: Session, place: LayoutPlace) -> str:
    """How the person put the columns of a type's board in order (`services/boards/board.py`); "" for the usual one."""
    return str(_read(session, _ORDERS, place) or "")


def choose_order(session: Session, place: LayoutPlace, order: str) -> None:
    """Remember an order."""
    _write(session, _ORDERS, place, order or None)


def list_choice(session: Session, place: LayoutPlace) -> dict[str, Any]:
    """The columns and order of a type's list (`services/boards/list_columns.py`); {} for the usual ones."""
    found = _read(session, _LISTS, place)
    return found if isinstance(found, dict) else {}


def choose_list(session: Session, place: LayoutPlace, chosen: Mapping[str, Any] | None) -> None:
    """Remember columns and order; None forgets them."""
    if (dict(chosen) if chosen else {}) != list_choice(session, place):
        _write(session, _LISTS, place, chosen)


def left_out(session: Session, company: str) -> frozenset[str]:
    """The people of a company (stored refs) whom the person took off the last item of it."""
    found = _read(session, _PEOPLE, LayoutPlace(company))
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def leave_out(session: Session, company: str, people: Collection[str]) -> None:
    """Remember them: exactly these."""
    if left_out(session, company) != frozenset(people):
        _write(session, _PEOPLE, LayoutPlace(company), sorted(people) or None)


def table_choice(session: Session, place: LayoutPlace) -> dict[str, Any]:
    """How wide the person made the columns of a table (`column_widths.py`); {} for what they need."""
    found = _read(session, _TABLES, place)
    return found if isinstance(found, dict) else {}


def choose_table(session: Session, place: LayoutPlace, widths: Mapping[str, int]) -> None:
    """Remember widths; {} forgets them."""
    if dict(widths) != table_choice(session, place):
        _write(session, _TABLES, place, dict(widths) or None)


def own_choice(session: Session, key: str) -> str:
    """What the person chose of how the program looks and speaks (`own_settings.py`); "" for nothing."""
    return str(_read(session, _OWN, LayoutPlace(key)) or "")


def choose_own(session: Session, key: str, value: str) -> None:
    """Remember it; "" forgets it."""
    _write(session, _OWN, LayoutPlace(key), value or None)


def own_choice_of(store: Store, person: str, key: str) -> str:
    """The same of a person, before there is a session of theirs."""
    record = _record_of(store, person)
    kept = record.doc.get(_OWN) if record else None
    return str(kept.get(key) or "") if isinstance(kept, dict) else ""


def _record(session: Session) -> Record | None:
    return _record_of(session.store, session.person_key)


def _record_of(store: Store, person: str) -> Record | None:
    mine = Test("person", "string", "=", person)
    return next(iter(store.find(Find(PREFERENCES, mine)).records), None)


def _read(session: Session, what: str, place: LayoutPlace) -> object:
    record = _record(session)
    kept = record.doc.get(what) if record else None
    return kept.get(str(place)) if isinstance(kept, dict) else None


def _write(session: Session, what: str, place: LayoutPlace, value: object) -> None:
    record = _record(session)
    doc: Doc = dict(record.doc) if record else {"person": session.person_key}
    kept = doc.get(what)
    values = {key: one for key, one in kept.items() if key != str(place)} if isinstance(kept, dict) else {}
    if value is not None:
        values[str(place)] = value
    doc[what] = values
    with session.change(_("preferences"), fixed=True) as change:
        if record is None:
            change.put(PREFERENCES, doc)
        else:
            change.put(PREFERENCES, doc, record.id)
