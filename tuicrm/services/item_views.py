"""The views of a type's items: board, list, deadlines, activities. Which there are, and which one a person left last."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tuicrm.domain.conditions import Condition
from tuicrm.domain.layout_use import Place
from tuicrm.i18n import N_
from tuicrm.services import preferences
from tuicrm.services.session import Session

VIEWS: Mapping[str, str] = MappingProxyType(
    {"board": N_("Board"), "list": N_("List"), "deadlines": N_("Deadlines"), "activities": N_("Activities")}
)
"""By key, what people call them."""


class Shown(NamedTuple):
    """What a view shows: the items of a type, in a pipeline ("" for all), that a filter leaves."""

    type: str
    pipeline: str = ""
    where: Condition | None = None
    text: str = ""


def views_of(session: Session, type_key: str) -> list[str]:
    """The keys of the views that a type can have for this person."""
    from tuicrm.services.dated_boards import due_field

    has = {
        "board": bool(session.workspace.pipelines(type_key)),
        "deadlines": due_field(session, type_key) is not None,
    }
    return [key for key in VIEWS if has.get(key, True)]


def last_view(session: Session, type_key: str) -> str:
    """The view that the person chose last; the first that there is where they chose none, or one that is no more."""
    there, chosen = views_of(session, type_key), preferences.view_choice(session, Place(type_key))
    return chosen if chosen in there else there[0]


def choose_view(session: Session, type_key: str, view: str) -> None:
    """Remember which view a person chose."""
    if view != last_view(session, type_key):
        preferences.choose_view(session, Place(type_key), view)
