"""The palette: all that can be done here and all places to go to, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tuicrm.action import Action
from tuicrm.i18n import _
from tuicrm.render.compose import line_width, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.text import cut, fit, width
from tuicrm.widgets.chooser import Chooser
from tuicrm.widgets.controller import Way
from tuicrm.widgets.fuzzy import find
from tuicrm.widgets.surface import Surface

PaletteEntry: TypeAlias = Action | Way

_MOST_NAME_CELLS = 25


class ActionPalette(Chooser[PaletteEntry, PaletteEntry]):
    """Ends with the action or the way chosen. What cannot be done now stands last, faint, with the reason."""

    cells = 90

    def __init__(
        self, surface: Surface, actions: Sequence[tuple[Action, str | None]], ways: Sequence[Way] = ()
    ) -> None:
        super().__init__(surface, _("Commands"))
        self._reasons = {action.id: reason for action, reason in actions if reason is not None}
        able = [action for action, reason in actions if reason is None]
        unable = [action for action, reason in actions if reason is not None]
        shut = [way for way in ways if way.why]
        self._commands: list[PaletteEntry] = [*able, *(way for way in ways if not way.why), *unable, *shut]
        self._texts = [self._called(command).casefold() for command in self._commands]
        names = [width(_(action.label)) for action, _reason in actions]
        self._name_cells = min(max(names, default=0), _MOST_NAME_CELLS)

    def _called(self, command: PaletteEntry) -> str:
        if isinstance(command, Way):
            return f"{command.words} {command.label}".strip()
        # By its own name first, then by other words; people who know other programs know the English ones.
        known = (
            _(command.label),
            _(command.help),
            _(command.words) if command.words else "",
            command.label,
            command.words,
        )
        return " ".join(known)

    def lines_wanted(self) -> int:
        return len(self._commands)

    def look_for(self, typed: str) -> None:
        found = [self._commands[at] for at in find(typed, self._texts)]
        if text := " ".join(typed.casefold().split()):
            found.sort(key=lambda command: _nearness(command, text))
        self.offer(found)

    def draw(self, thing: PaletteEntry, cells: int) -> Line:
        if isinstance(thing, Way):
            name, why, keys = thing.label, thing.why, thing.keys
        else:
            name, why = _(thing.label), self._reasons.get(thing.id, "")
            keys = self.surface.keys.keys(thing.id)
        right = (Run(" ".join(keys), "key"),)
        room = cells - line_width(right) - 4
        named = cut(name, room) if isinstance(thing, Way) and not why else fit(name, min(self._name_cells, room))
        label = Run(named, "faint" if why else "value")
        text = why or ("" if isinstance(thing, Way) else _(thing.help))
        space = room - line_width((label,)) - 2
        more = (Run(f"  {cut(text, space)}", "late" if why else "faint"),) if text != name and space > 8 else ()
        return spread((Run(" "), label, *more), right, cells - 1)

    def choose(self, thing: PaletteEntry | None) -> None:
        if thing is None:
            self.host.say(_("No command matches."), "refused")
        elif why := thing.why if isinstance(thing, Way) else self._reasons.get(thing.id):
            self.host.say(why, "refused")
        else:
            self.leave(thing)


def _nearness(command: PaletteEntry, typed: str) -> int:
    """What is called so stands first, then the cases of an action that the word is about, then what has it somewhere."""
    names = (command.label,) if isinstance(command, Way) else (_(command.label), command.label)
    if any(name.casefold().startswith(typed) for name in names):
        return 0
    is_case = isinstance(command, Way) and command.of
    return 1 if is_case and any(one.startswith(typed) for one in command.words.casefold().split()) else 2
