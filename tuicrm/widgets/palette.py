"""The palette: all that can be done here and all places to go to, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from tuicrm.actions import Action
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
        self._commands: list[PaletteEntry] = [*able, *ways, *unable]
        self._texts = [self._called(command).casefold() for command in self._commands]
        names = [width(_(action.label)) for action, _reason in actions]
        self._name_cells = min(max(names, default=0), _MOST_NAME_CELLS)

    def _called(self, command: PaletteEntry) -> str:
        if isinstance(command, Way):
            return command.label
        return f"{_(command.label)} {_(command.help)}"

    def lines_wanted(self) -> int:
        return len(self._commands)

    def look_for(self, typed: str) -> None:
        self.offer([self._commands[at] for at in find(typed, self._texts)])

    def draw(self, thing: PaletteEntry, cells: int) -> Line:
        if isinstance(thing, Way):
            name, why, keys = thing.label, "", thing.keys
        else:
            name, why = _(thing.label), self._reasons.get(thing.id, "")
            keys = self.surface.keys.keys(thing.id)
        right = (Run(" ".join(keys), "key"),)
        room = cells - line_width(right) - 4
        named = cut(name, room) if isinstance(thing, Way) else fit(name, min(self._name_cells, room))
        label = Run(named, "faint" if why else "value")
        text = why or ("" if isinstance(thing, Way) else _(thing.help))
        space = room - line_width((label,)) - 2
        more = (Run(f"  {cut(text, space)}", "late" if why else "faint"),) if text != name and space > 8 else ()
        return spread((Run(" "), label, *more), right, cells - 1)

    def choose(self, thing: PaletteEntry | None) -> None:
        if thing is None:
            self.host.say(_("No command matches."), "refused")
        elif isinstance(thing, Action) and thing.id in self._reasons:
            self.host.say(self._reasons[thing.id], "refused")
        else:
            self.leave(thing)
