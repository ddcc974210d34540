"""Screens that are driven by the action table: what a key does is found by the dispatcher, what is said and waited for kept beside."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from textual import events

from tuicrm.domain.items import Ref
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.dispatcher import Dispatcher
from tuicrm.widgets.footer import FooterLine
from tuicrm.widgets.keyboards import key_name
from tuicrm.widgets.messages import Messages
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.textual_inside import HeldScreen
from tuicrm.widgets.toast import Mood, ToastLine
from tuicrm.widgets.work import ScreenWork

Result = TypeVar("Result")
Given = TypeVar("Given")
Answer_co = TypeVar("Answer_co", covariant=True)


class Answers(Protocol[Answer_co]):
    """What can be asked: a dialog, which ends with an answer."""

    async def answer_on(self, screen: Keyed[Any], /) -> Answer_co | None:
        """Stand on a screen until there is an answer; None for `esc`."""


class Keyed(HeldScreen[Result]):
    """A screen with keys, a toast and a footer. Subclasses compose these two and hold `controllers`, which do what keys ask for."""

    DEFAULT_CSS = "Keyed { layers: base over toast; }"

    scope = ""
    """The scope while no widget with a scope of its own is focused."""

    moves_first = False
    """Whether a move is drawn before the footer asks what can be done: where that hardly ever changes from one item to the next, and
    takes time to find out."""

    controllers: Sequence[Controller] = ()
    """What does the actions of this screen, nearest first."""

    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self.surface = surface
        self.toast = ToastLine(surface.look)
        self.messages = Messages(self.toast, surface.keys)
        self.work = ScreenWork(self, self.messages.say_error, self.refresh_hints)
        self.dispatcher = Dispatcher(self)
        self.footer = FooterLine(
            surface,
            self.dispatcher.hints,
            self.dispatcher.help_key,
            self.dispatcher.footer_state,
            self.say,
            after_drawing=self.moves_first,
        )
        self.knows_of: Callable[[int, Sequence[Ref]], bool] = lambda _seq, _refs: False
        """Whether a step was done here, or one of the items that it is about is in sight: what is known is taken back at once."""
        self.more_is_typed = False
        """Whether more text follows the key that is handed on now: it was there before this one was dealt with."""

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Go on with something that waits (for a dialog, a thread); what it refuses is said."""
        self.work.start(work)

    async def ask(self, dialog: Answers[Given]) -> Given | None:
        """Open a dialog and wait for its answer; None for `esc`. Only in an async action."""
        return await dialog.answer_on(self)

    def say(self, text: str, mood: Mood = "note", hint: str = "") -> None:
        """Show a message above the footer until the next key."""
        self.messages.say(text, mood, hint)

    def leave(self, answer: Result | None = None) -> None:
        """Close this screen, with an answer. Not awaited: a screen cannot wait for its own end."""
        _closing = self.dismiss(answer)

    def refresh_hints(self) -> None:
        """Ask again what can be done: after the cursor moved, after data changed."""
        if self.footer.parent is not None:
            self.footer.update()

    # -- events --------------------------------------------------------------------------------------------------------
    def on_key(self, event: events.Key) -> None:
        # A key leaves what the mouse has under way where it was, and the one that cancels does no more than that.
        drag = getattr(self.app.mouse_captured, "drag", None)
        if drag is None or not drag.cancel() or key_name(event) not in self.surface.keys.keys("cancel"):
            self.dispatcher.take(event)

    def on_descendant_focus(self) -> None:
        self.refresh_hints()

    def on_line_pane_moved(self) -> None:
        self.refresh_hints()
