"""The ways into a stage that `test_required.py` tries: what each answers, and how it is told of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeAlias

from tests.driver import Crm
from tests.rules.world import KEY, THERE, Rule, World
from tuicrm.domain.items import Ref


class Tried(NamedTuple):
    """What came of a try: all that was told, whether it was done, and what the field holds now."""

    told: str
    done: bool
    value: Any = None


Way: TypeAlias = Callable[[World, Rule, str], Awaitable[Tried]]
"""Tries to bring an item to `THERE`, or to keep one there, without the value; what is asked for is answered, or left for ""."""


class Joined(NamedTuple):
    """A way of the matrix; whether there is somebody to ask, and the rules of which it can be told."""

    way: Way
    asks: bool
    tells_of: Callable[[Rule], bool]


WAYS: dict[str, Joined] = {}
"""By name. The ways that come later join here."""


def way(name: str, *, asks: bool = True, tells_of: Callable[[Rule], bool] = lambda rule: True) -> Callable[[Way], Way]:
    """Let a way join the matrix."""

    def join(function: Way) -> Way:
        WAYS[name] = Joined(function, asks, tells_of)
        return function

    return join


async def answer_it(crm: Crm, answer: str) -> str:
    """Answer what is asked for, if anything is; all that was said."""
    told = crm.screen_text()
    if crm.dialog is not None:
        if answer:
            await crm.type(answer)
            await crm.press_action("form.save")
            assert crm.dialog is None, crm.screen_text()
        else:
            await crm.press_action("form.save")
            told += crm.screen_text()
            await crm.press_action("cancel")
    return told + crm.said()


def came_there(world: World, ref: Ref, told: str) -> Tried:
    doc = world.get(ref)
    return Tried(told, doc["stage"] == THERE, doc.get(KEY))


def created(world: World, told: str, at: str = THERE) -> Tried:
    """What came of making a deal from a lead: with it the lead is converted, or nothing has happened."""
    world.look()
    made = world.anna.find("deal").items
    assert all(one.get("stage") == at for one in made)
    converted = world.anna.get(Ref("lead", 1)).get("stage") == "converted"
    assert converted == bool(made), "all of it or nothing"
    return Tried(told, bool(made), made[0].get(KEY) if made else None)
