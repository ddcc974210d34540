"""Screens that are driven by the action table: key → action → why not, or the method `do_…` that does it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual import events
from textual.dom import DOMNode
from textual.screen import Screen

from tuicrm.actions import ACTIONS, CARD, EVERYWHERE, GROUPS, LIST, PLACES, Action
from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.widgets.footer import FooterLine, Hint, hints
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.toast import Mood, ToastLine

if TYPE_CHECKING:
    from tuicrm.widgets.dialog import Dialog

Result = TypeVar("Result")
Given = TypeVar("Given")

ACTIONS_GROUP = "actions"
"""The group of the workers that go on with an action which waits for something."""

SEARCH_GROUP = "search"
"""The group of the workers that look for what was typed: the next key acts on what they find."""

# Textual's names of keys that people call otherwise.
_NAMES = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "delete": "del"}


def key_name(event: events.Key) -> str:
    """A pressed key as the action table writes it: the character itself, or `enter`, `pgup`, `shift+tab`, `F1`."""
    if event.character is not None and event.is_printable and event.character != " " and "+" not in event.key:
        return event.character
    *modifiers, name = event.key.split("+")
    name = _NAMES.get(name, name)
    if name[:1] == "f" and name[1:].isdigit():
        name = name.upper()
    return "+".join((*modifiers, name))


class Keyed(Screen[Result]):
    """Finds what a key does where the cursor is, says why it cannot be done, or has it done.

    A node of the screen (the focused widget, its ancestors, the screen) takes part by `scope`, a scope of the action table,
    by methods `do_…`, plain or async, and by `why_not(action_id) -> str | None`. The nearest to the cursor wins.
    """

    DEFAULT_CSS = "Keyed { layers: base over toast; }"

    scope = ""
    """The scope while no widget with a scope of its own is focused."""

    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self.surface = surface
        self.pressed = ""
        """The key of the action that is being done; "" when it was called by name."""
        self._under_way = 0
        self.at_rest = asyncio.Event()
        """Set while no action is under way, or each waits for somebody's answer."""
        self.at_rest.set()
        self.more_is_typed = False
        """Whether more text follows the key that is handed on now: it was there before this one was dealt with."""

    # -- what can be done ----------------------------------------------------------------------------------------------
    @property
    def scope_here(self) -> str:
        """The scope of where the cursor is."""
        for node in self._nodes_here():
            if found := getattr(node, "scope", ""):
                return str(found)
        return ""

    def _nodes_here(self) -> list[DOMNode]:
        """The focused widget and what it lies in, up to this screen."""
        if self.focused is None:
            return [self]
        nodes = self.focused.ancestors_with_self
        return nodes[: nodes.index(self) + 1]

    def why_not(self, action_id: str) -> str | None:
        """Why an action cannot be done now, as a sentence for people; None when it can."""
        return None

    def reason(self, action: Action) -> str | None:
        """Why an action cannot be done where the cursor is: the nearest reason there is. What lies under the one that does it is
        not asked: an editor can always be left, whatever became of what it stands on."""
        for node in self._nodes_here():
            ask = getattr(node, "why_not", None)
            reason = ask(action.id) if ask is not None else None
            if reason is not None:
                return str(reason)
            if hasattr(node, action.method):
                return None
        return None

    def doable(self) -> list[Action]:
        """The actions of the scope that somebody here can do, now or at another time."""
        scope = self.scope_here
        return [action for action in ACTIONS if scope in action.scopes and self._method(action) is not None]

    def _method(self, action: Action) -> Any:
        return next(
            (method for node in self._nodes_here() if (method := getattr(node, action.method, None)) is not None), None
        )

    # -- doing it ------------------------------------------------------------------------------------------------------
    def on_key(self, event: events.Key) -> None:
        self.hush()
        key = key_name(event)
        scope = self.scope_here
        action = self.surface.keys.find(scope, key) if scope else None
        if action is None or self._method(action) is None:
            if scope in EVERYWHERE and (event.is_printable or key[0] == "F"):
                self.say(self._does_nothing(key, scope))
            return
        event.stop()
        event.prevent_default()
        self.perform(action, key)

    def _does_nothing(self, key: str, scope: str) -> str:
        """A key that does nothing where the cursor is: what it does elsewhere (on this screen first), and where all are told."""
        keys = self.surface.keys
        others = sorted(EVERYWHERE, key=lambda other: (other in CARD) != (scope in CARD))
        found = ((other, action) for other in others if (action := keys.find(other, key)) is not None)
        where, elsewhere = next(((_place(other, action), _(action.label)) for other, action in found), ("", ""))
        words = _("{key} does nothing here; {help} shows all keys.")
        if elsewhere:
            words = _("{key} does nothing here (but in {where}: {what}); {help} shows all keys.")
        return words.format(key=key, where=where, what=elsewhere, help=keys.key("help"))

    def perform(self, action: Action, key: str = "") -> None:
        """Do it, or say why not. What an action refuses (CrmError) is said too; anything else is a bug and goes on up."""
        reason = self.reason(action)
        if reason is not None:
            self.say(reason, "refused")
            return
        self.pressed = key
        try:
            outcome = self._method(action)()
        except CrmError as error:
            self.say_error(error)
        else:
            if inspect.iscoroutine(outcome):
                self.start(outcome)
        self.refresh_hints()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Go on with something that waits (for a dialog, a thread); what it refuses is said."""
        self.goes_on()
        self.run_worker(self._watched(work), group=ACTIONS_GROUP, exit_on_error=True)

    async def _watched(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except CrmError as error:
            self.say_error(error)
        finally:
            self.waits()
        if self.is_attached:
            self.refresh_hints()

    def goes_on(self) -> None:
        """An action has begun, or has its answer and goes on."""
        self._under_way += 1
        self.at_rest.clear()

    def waits(self) -> None:
        """An action is over, or waits for an answer from now on."""
        self._under_way -= 1
        if self._under_way <= 0:
            self.at_rest.set()

    def leave(self, answer: Result | None = None) -> None:
        """Close this screen, with an answer. Not awaited: a screen cannot wait for its own end."""
        _closing = self.dismiss(answer)

    async def ask(self, dialog: Dialog[Given]) -> Given | None:
        """Open a dialog and wait for its answer; None for `esc`. Only in an async action."""
        return await dialog.answer_on(self)

    def do_suspend(self) -> None:
        self.app.action_suspend_process()

    # -- saying it -----------------------------------------------------------------------------------------------------
    def say(self, text: str, mood: Mood = "note", hint: str = "") -> None:
        """Show a message above the footer until the next key."""
        for toast in self.query(ToastLine):
            toast.say(text, mood, hint)

    def say_whole(self, text: str, mood: Mood = "note") -> bool:
        """Show a message if all of it can be seen above the footer; whether it was shown."""
        toasts = [toast for toast in self.query(ToastLine) if toast.fits(text)]
        for toast in toasts:
            toast.say(text, mood)
        return bool(toasts)

    def say_error(self, error: CrmError) -> None:
        """Say what was refused, with the fields concerned."""
        lines = [error.message, *(problem.message for problem in error.fields)]
        if error.advice:
            lines.append(_(error.advice))
        self.say("\n".join(lines), "refused")

    def hush(self) -> None:
        """Take the message away."""
        for toast in self.query(ToastLine):
            toast.clear()

    # -- the footer ----------------------------------------------------------------------------------------------------
    def footer_hints(self) -> Iterable[Hint]:
        """What the footer says."""
        return hints(self.surface.keys, self.doable(), lambda action: self.reason(action) is None)

    def help_key(self) -> str:
        """The key that shows all keys; "" where it is typed like any other."""
        keys = self.surface.keys
        helps = (key for key in keys.keys("help") if (found := keys.find(self.scope_here, key)) and found.id == "help")
        return next(helps, "")

    def refresh_hints(self) -> None:
        """Ask again what can be done: after the cursor moved, after data changed."""
        for footer in self.query(FooterLine):
            footer.update()

    def on_descendant_focus(self) -> None:
        self.refresh_hints()


def _place(scope: str, action: Action) -> str:
    """Where an action acts, as people call it. A list is a screen and a tab of cards: what only cards do is not done in "Lists"."""
    return _(GROUPS["card"] if scope == LIST and action.group == "card" else PLACES[scope])


class Reply(Generic[Result]):
    """What somebody will answer. While a screen's action waits for it, the screen is at rest and keys go on."""

    def __init__(self, host: Keyed[Any]) -> None:
        self._host = host
        self._given: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._awaited = False

    @property
    def is_given(self) -> bool:
        """Whether there is an answer, or nobody waits for one any more."""
        return self._given.done()

    def give(self, answer: Result) -> None:
        """Answer; the first answer counts."""
        if not self._given.done():
            self._given.set_result(answer)
            self._go_on()

    async def wait(self) -> Result:
        """The answer once it is given."""
        if not self._given.done():
            self._awaited = True
            self._host.waits()
        try:
            return await self._given
        finally:
            self._go_on()

    def _go_on(self) -> None:
        if self._awaited:
            self._awaited = False
            self._host.goes_on()
