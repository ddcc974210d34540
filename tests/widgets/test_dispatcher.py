"""Who is asked what a key does, in which order, and what controllers have a say in."""

from __future__ import annotations

from functools import partial

from tests.driver import running
from tests.screens.stage import ListPane, StageScreen
from tuicrm.errors import Refused
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.controller import Controller, Way
from tuicrm.widgets.footer import Hint


class Says(Controller):
    """Notes what it was asked to do."""

    def __init__(self, name: str, done: list[str], why: str | None = None) -> None:
        self.name, self.done, self.why = name, done, why

    def why_not(self, action_id: str) -> str | None:
        return self.why if action_id == "comment" else None

    def do_comment(self) -> None:
        self.done.append(self.name)


async def test_the_first_controller_that_can_does_it(workspace: Session) -> None:
    done: list[str] = []
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        crm.screen.controllers = (
            Controller(),
            Says("near", done),
            Says("far", done, "not asked"),
            *crm.screen.controllers,
        )
        await crm.press_action("comment")
        assert done == ["near"]
        assert crm.said() == ""


async def test_the_nearest_reason_is_said_and_nothing_done(workspace: Session) -> None:
    done: list[str] = []
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        crm.screen.controllers = (Says("near", done, "Not [/] now"), Says("far", done), *crm.screen.controllers)
        await crm.press_action("comment")
        assert (crm.said(), done) == ("Not [/] now", [])


async def test_one_that_does_not_do_it_can_still_forbid_it(workspace: Session) -> None:
    class Forbids(Controller):
        def why_not(self, action_id: str) -> str | None:
            return "It is gone." if action_id == "comment" else None

    done: list[str] = []
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        crm.screen.controllers = (Forbids(), Says("far", done), *crm.screen.controllers)
        await crm.press_action("comment")
        assert (crm.said(), done) == ("It is gone.", [])


async def test_what_a_widget_holds_comes_before_what_it_lies_in(workspace: Session) -> None:
    done: list[str] = []
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        pane = crm.screen.query_one(ListPane)
        crm.screen.controllers = (Says("screen", done), *crm.screen.controllers)
        pane.controllers = (Says("pane", done), *pane.controllers)
        await crm.press_action("comment")
        assert done == ["pane"]
        crm.screen.set_focus(None)
        crm.screen.scope = "fields"
        await crm.press_action("comment")
        assert done == ["pane", "screen"]


async def test_what_is_refused_is_said(workspace: Session) -> None:
    class Refuses(Controller):
        def do_comment(self) -> None:
            raise Refused("Not like this")

    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        crm.screen.controllers = (Refuses(), *crm.screen.controllers)
        await crm.press_action("comment")
        assert crm.said() == "Not like this"


async def test_what_is_hidden_is_not_spoken_of_but_says_why(workspace: Session) -> None:
    class Hides(Says):
        def hides(self, action_id: str) -> bool:
            return action_id == "comment"

    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        ids = [action.id for action in crm.screen.dispatcher.doable()]
        crm.screen.controllers = (Hides("it", [], "There is nothing [/] to it."), *crm.screen.controllers)
        assert [action.id for action in crm.screen.dispatcher.doable()] == ids
        await crm.press_action("comment")
        assert crm.said() == "There is nothing [/] to it."


async def test_controllers_shape_the_footer_and_the_palette(workspace: Session) -> None:
    went: list[str] = []

    class Shapes(Controller):
        def shape_hints(self, found: list[Hint]) -> list[Hint]:
            return [Hint("x", "first [/]", True), *found]

        def footer_state(self) -> tuple[str, str]:
            return "L", "a layout"

        def ways(self) -> list[Way]:
            return [Way("A way [/]", (), lambda: went.append("there"))]

    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        crm.screen.controllers = (Shapes(), *crm.screen.controllers)
        crm.screen.refresh_hints()
        await crm.settle()
        footer = crm.screen_lines()[-1]
        assert "x first [/]" in footer
        assert "a layout" in footer
        await crm.press_action("commands")
        await crm.type("A way")
        await crm.press_action("list.choose")
        assert went == ["there"]
