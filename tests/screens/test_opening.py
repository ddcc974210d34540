"""What opens screens by name finds them, with the parameters that it gives."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from typing import Any

import pytest

import tuicrm.screens
from tuicrm.scopes import EVERYWHERE, FIND
from tuicrm.screens import opening
from tuicrm.screens.base import CrmScreen
from tuicrm.services.boards.item_views import VIEWS


def made(place: str) -> Any:
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)


def parameters(function: Any) -> list[tuple[str, Any, Any]]:
    """Name, type and default of each, whatever a parameter that is passed by place is called."""
    return [
        (one.name.lstrip("_"), one.annotation, one.default) for one in inspect.signature(function).parameters.values()
    ]


@pytest.mark.parametrize("name", opening.MADE)
def test_what_is_carried_out_elsewhere_takes_what_is_given(name: str) -> None:
    asked, done = parameters(getattr(opening, name)), parameters(made(opening.MADE[name]))
    assert asked == done


def screens() -> list[type[CrmScreen]]:
    """All classes of screens, wherever their module lies."""
    for module in pkgutil.walk_packages(tuicrm.screens.__path__, "tuicrm.screens."):
        import_module(module.name)
    found, left = list[type[CrmScreen]](), [CrmScreen]
    while left:
        below = left.pop().__subclasses__()
        found += [one for one in below if one.__module__.startswith("tuicrm.")]
        left += below
    return found


def test_every_screen_has_a_scope_in_which_help_and_the_palette_are() -> None:
    """A screen's scope is a constant of `actions.py`, and among those of EVERYWHERE; in the search letters are text."""
    assert [one.__name__ for one in screens() if one.scope and one.scope not in (*EVERYWHERE, FIND)] == []


def test_every_view_has_a_screen() -> None:
    assert set(opening.VIEWS) == set(VIEWS)
    for place in opening.VIEWS.values():
        assert [name for name, _type, _default in parameters(made(place))] == ["whence", "shown", "view"]


def test_what_is_loaded_after_the_first_picture_is_there() -> None:
    for name in opening.LATER:
        assert import_module(name).__name__ == name
