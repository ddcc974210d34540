"""The views of a type's items: board, list, deadlines, activities, calendar. Which there are, and which one a person left last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tuicrm.domain.conditions import And
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.progress import Tell
from tuicrm.i18n import N_
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences
from tuicrm.store.protocol import Asked, Ordered

__all__ = ["VIEWS", "ViewSpec", "choose_view", "is_ready", "last_view", "prepare", "views_of"]

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "board": N_("Board"),
        "list": N_("List"),
        "deadlines": N_("Deadlines"),
        "activities": N_("Activities"),
        "calendar": N_("Calendar"),
    }
)
"""By key, what people call them."""


def views_of(session: Session, type_key: str) -> list[str]:
    """The keys of the views that a type can have for this person."""
    from tuicrm.services.boards.dated_boards import due_field

    has = {
        "board": bool(session.workspace.pipelines(type_key)),
        "deadlines": due_field(session, type_key) is not None,
    }
    return [key for key in VIEWS if has.get(key, True)]


def last_view(session: Session, type_key: str) -> str:
    """The view that the person chose last; the first that there is where they chose none, or one that is no more."""
    there, chosen = views_of(session, type_key), preferences.view_choice(session, LayoutPlace(type_key))
    return chosen if chosen in there else there[0]


def choose_view(session: Session, type_key: str, view: str) -> None:
    """Remember which view a person chose."""
    if view != last_view(session, type_key):
        preferences.choose_view(session, LayoutPlace(type_key), view)


# -- what takes its time, before a view is shown ------------------------------------------------------------------------
def is_ready(session: Session, view: str, shown: ViewSpec) -> bool:
    """Whether a view would be shown in a moment. A list always is: it sorts when it is there."""
    return all(session.is_ready(table, asked) for table, asked in _asked(session, view, shown))


def prepare(session: Session, view: str, shown: ViewSpec, tell: Tell) -> None:
    """Find what a view asks for, from a thread. Raises what `tell` raises; nothing is kept then."""
    every = [(table, asked) for table, asked in _asked(session, view, shown) if not session.is_ready(table, asked)]
    if len(every) > 1:
        # What all of it is read from, in one pass: two would take twice as long.
        session.prepare(shown.type, _together([asked for _table, asked in every]), tell)
    for table, asked in every:
        session.prepare(table, asked, tell)
        # Asked here, so that the answer is known, and kept, when the view asks.
        if asked.aggregates:
            session.fold(table, asked.where, asked.by, asked.aggregates)
        else:
            session.top(Ordered(table, asked.where, tuple(asked.sort), asked.by), 0)


def _together(every: Sequence[Asked]) -> Asked:
    """One question that stands on what several stand on."""
    by = next((asked.by for asked in every if asked.aggregates), "")
    parts = tuple(asked.where for asked in every if asked.where is not None)
    sort = next((asked.sort for asked in every if asked.sort), ())
    return Asked(And(parts) if parts else None, sort, by, tuple(one for asked in every for one in asked.aggregates))


def _asked(session: Session, view: str, shown: ViewSpec) -> list[tuple[str, Asked]]:
    from tuicrm.services.boards.board import Board
    from tuicrm.services.boards.board_base import CardBoard
    from tuicrm.services.boards.dated_boards import Activities, Deadlines

    boards: dict[str, type[CardBoard]] = {"board": Board, "deadlines": Deadlines, "activities": Activities}
    return boards[view].asked(session, shown) if view in boards else []
