"""From a key to what is done: key → action → why not, or the method `do_…` that does it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

from textual import events
from textual.widget import Widget

from tuicrm.action import Action
from tuicrm.actions import ACTIONS
from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.keymap import Keymap
from tuicrm.scopes import CARD, EVERYWHERE, GROUPS, LIST, PLACES
from tuicrm.widgets.controller import Controller, Way
from tuicrm.widgets.footer import Hint, hints
from tuicrm.widgets.keyboards import PlacedKey, command_key, script_of, usual_place
from tuicrm.widgets.messages import Messages
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.work import ScreenWork


def told_layout(event: events.Key, keys: Keymap, scope: str) -> str:
    """That a key does nothing because of the keyboard's layout, and what it would do on a Latin one; "" where that is not why."""
    script = "" if isinstance(event, PlacedKey) else script_of(event.character)
    if not script:
        return ""
    told = _("Keyboard layout: {script}. Keys are Latin letters: switch the layout.").format(script=script)
    place = usual_place(event.character or "")
    action = keys.find(scope, place) if place else None
    return f"{told} ({place}: {_(action.label)})" if action is not None else told


class Acting(Protocol):
    """The screen, as far as finding and doing actions needs it."""

    @property
    def surface(self) -> Surface:
        """The keys as they are bound, and the look."""

    @property
    def focused(self) -> Widget | None: ...
    @property
    def controllers(self) -> Sequence[Controller]:
        """What does the actions of the screen itself, nearest first."""

    @property
    def messages(self) -> Messages:
        """Where the reason is said when something cannot be done."""

    @property
    def work(self) -> ScreenWork:
        """The actions that are under way."""

    def refresh_hints(self) -> None:
        """Ask again what can be done."""


class Dispatcher:
    """Finds what can be done where the cursor is, says why something cannot be done, or has it done.

    Those asked are the focused widget and what it lies in, up to the screen, each followed by its `controllers`. Each takes
    part by `scope`, a scope of the action table, by methods `do_…`, plain or async, and by `why_not(action_id) -> str | None`.
    """

    def __init__(self, screen: Acting) -> None:
        self._screen = screen
        self.pressed = ""
        """The key of the action that is being done; "" when it was called by name."""

    # -- what can be done ----------------------------------------------------------------------------------------------
    @property
    def scope(self) -> str:
        """The scope of where the cursor is."""
        return _scope(self._nodes())

    def _nodes(self) -> list[object]:
        """Who is asked, nearest first."""
        screen = self._screen
        nodes: list[object] = [screen] if screen.focused is None else list(screen.focused.ancestors_with_self)
        found: list[object] = []
        for node in nodes:
            found += [node, *getattr(node, "controllers", ())]
            if node is screen:
                break
        return found

    def reason(self, action: Action) -> str | None:
        """Why an action cannot be done where the cursor is: the nearest reason there is. What lies under the one that does it is
        not asked: an editor can always be left, whatever became of what it stands on."""
        return _reason(self._nodes(), action)

    def doable(self) -> list[Action]:
        """The actions of the scope that somebody here can do, now or at another time."""
        nodes = self._nodes()
        return self._doable(nodes, _of_scope(_scope(nodes)))

    def _doable(self, nodes: Sequence[object], actions: Sequence[Action]) -> list[Action]:
        controllers = self._screen.controllers
        return [
            action
            for action in actions
            if _method(nodes, action) is not None and not any(one.hides(action.id) for one in controllers)
        ]

    # -- doing it ------------------------------------------------------------------------------------------------------
    def take(self, event: events.Key) -> None:
        """Do what a key does, or say that it does nothing."""
        screen = self._screen
        screen.messages.hush()
        key = command_key(event)
        nodes = self._nodes()
        scope = _scope(nodes)
        action = screen.surface.keys.find(scope, key) if scope else None
        if action is None or _method(nodes, action) is None:
            if reason := told_layout(event, screen.surface.keys, scope):
                screen.messages.say(reason, "refused")
                return
            if scope in EVERYWHERE and (event.is_printable or key[0] == "F"):
                screen.messages.say(self._does_nothing(key, scope))
            return
        event.stop()
        event.prevent_default()
        self.perform(action, key)

    def _does_nothing(self, key: str, scope: str) -> str:
        """A key that does nothing where the cursor is: what it does elsewhere (on this screen first), and where all are told."""
        keys = self._screen.surface.keys
        others = sorted(EVERYWHERE, key=lambda other: (other in CARD) != (scope in CARD))
        found = ((other, action) for other in others if (action := keys.find(other, key)) is not None)
        where, elsewhere = next(((_place(other, action), _(action.label)) for other, action in found), ("", ""))
        words = _("{key} does nothing here; {help} shows all keys.")
        if elsewhere:
            words = _("{key} does nothing here (but in {where}: {what}); {help} shows all keys.")
        return words.format(key=key, where=where, what=elsewhere, help=keys.key("help"))

    def perform(self, action: Action, key: str = "") -> None:
        """Do it, or say why not. What an action refuses (CrmError) is said too; anything else is a bug and goes on up."""
        screen, nodes = self._screen, self._nodes()
        reason = _reason(nodes, action)
        if reason is not None:
            screen.messages.say(reason, "refused")
            return
        self.pressed = key
        try:
            outcome = _method(nodes, action)()
        except CrmError as error:
            screen.messages.say_error(error)
        else:
            if inspect.iscoroutine(outcome):
                screen.work.start(outcome)
        screen.refresh_hints()

    # -- telling of it -------------------------------------------------------------------------------------------------
    def hints(self) -> list[Hint]:
        """What the footer says."""
        nodes = self._nodes()
        # Asked with every move: a tenth of the scope's actions stand there.
        can = self._doable(nodes, _in_footer(_scope(nodes)))
        found = hints(self._screen.surface.keys, can, lambda action: _reason(nodes, action) is None, _scope(nodes))
        for node in nodes:
            shape: Callable[[list[Hint]], list[Hint]] | None = getattr(node, "shape_hints", None)
            found = found if shape is None else shape(found)
        return found

    def help_key(self) -> str:
        """The key that shows all keys; "" where it is typed like any other."""
        keys = self._screen.surface.keys
        helps = (key for key in keys.keys("help") if (found := keys.find(self.scope, key)) and found.id == "help")
        return next(helps, "")

    def footer_state(self) -> tuple[str, str]:
        """What the footer tells at its end."""
        told = (controller.footer_state() for controller in self._screen.controllers)
        return next((state for state in told if state != ("", "")), ("", ""))

    def ways(self) -> list[Way]:
        """What the palette offers beside the actions."""
        nodes, keys = self._nodes(), self._screen.surface.keys
        found: list[Way] = []
        for way in (way for controller in self._screen.controllers for way in controller.ways()):
            if not way.of:
                found.append(way)
            elif action := next((action for action in self.doable() if action.id == way.of), None):
                found.append(way._replace(keys=keys.keys(action.id)[:1], why=_reason(nodes, action) or way.why))
        return found


@cache
def _of_scope(scope: str) -> tuple[Action, ...]:
    return tuple(action for action in ACTIONS if scope in action.scopes)


@cache
def _in_footer(scope: str) -> tuple[Action, ...]:
    return tuple(action for action in _of_scope(scope) if action.footer)


def _scope(nodes: Sequence[object]) -> str:
    """The nearest scope."""
    return next((str(found) for node in nodes if (found := getattr(node, "scope", ""))), "")


def _method(nodes: Sequence[object], action: Action) -> Any:  # noqa: ANN401 - found by its name
    """What does an action; None where nobody does."""
    name = action.method
    return next((method for node in nodes if (method := getattr(node, name, None)) is not None), None)


def _reason(nodes: Sequence[object], action: Action) -> str | None:
    name = action.method
    for node in nodes:
        ask = getattr(node, "why_not", None)
        reason = ask(action.id) if ask is not None else None
        if reason is not None:
            return str(reason)
        if hasattr(node, name):
            return None
    return None


def _place(scope: str, action: Action) -> str:
    """Where an action acts, as people call it. A list is a screen and a tab of cards: what only cards do is not done in "Lists"."""
    return _(GROUPS["card"] if scope == LIST and action.group == "card" else PLACES[scope])
