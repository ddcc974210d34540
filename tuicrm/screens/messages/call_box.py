"""A call that is on: whom it is with, how long it lasts, the code for the phone in the hand; its outcome is one key."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from tuicrm.domain.messages.message import CallOutcome
from tuicrm.i18n import _
from tuicrm.render import qr
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.qr import CodeRoom, Modules
from tuicrm.render.symbols import DOT
from tuicrm.render.text import cut
from tuicrm.services.messages import dialling
from tuicrm.services.messages.reaching import Reached
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_LABELS = {
    "tel": lambda: _("dial here"),
    "command": lambda: _("your program"),
    "code": lambda: _("code for your phone"),
    "copy": lambda: _("copy the number"),
}


def code_lines(surface: Surface, code: Modules, room: CodeRoom) -> list[Line]:
    """A code in what the terminal can show; [] where there is no room for it."""
    ground: qr.Ground = "painted" if surface.look.palette.depth != "none" else "dark"
    return qr.lines(code, ground, room, only_ascii=surface.look.ascii_only)


class CallBox(Dialog[CallOutcome], can_focus=True):
    """Ends with the outcome; None where nothing is to be kept. `seconds` is how long it was open then."""

    scope = "call"
    cells = 60

    def __init__(
        self, surface: Surface, to: Reached, ways: Sequence[tuple[str, str]], begin: Callable[[str], str], way: str
    ) -> None:
        """`ways` are those in which the number can be handed over, each with the action that does it; `begin` hands it over in one
        and says what was done, or why it was not."""
        super().__init__(surface, f"{_('Call')} {DOT} {to.name or to.number}")
        self.to, self.way = to, way
        self._ways, self._begin = ways, begin
        self._told = ""
        self._code: Modules | None = None
        self._began = time.monotonic()
        self._top = OneLine(surface.look, self._top_line)
        self._drawn = SomeLines(surface.look, self._code_lines)
        self._said = OneLine(surface.look, lambda cells: pad((Run(cut(self._told, cells), "dim"),), cells))

    @property
    def seconds(self) -> int:
        """How long it has lasted."""
        return int(time.monotonic() - self._began)

    def contents(self) -> Iterable[Widget]:
        yield self._top
        yield self._drawn
        yield self._said
        yield OneLine(self.surface.look, self._others)

    def on_mount(self) -> None:
        self.focus()
        self._timer = self.set_interval(1, self._top.update)
        self.hand_over(self.way)

    # -- handing the number over ---------------------------------------------------------------------------------------
    def hand_over(self, way: str) -> None:
        """Hand it over in this way, and say what was done."""
        self.way = way
        self._code = None
        self._told = self._begin(way)
        if way == "code":
            self._code = qr.modules(dialling.call_code(self.to.number))
            if not self._code_lines(self.cells):
                self._told = _("The window is too small for the code: {number}").format(number=self.to.number)
        self._drawn.update()
        self._said.update()

    def why_not(self, action_id: str) -> str | None:
        """Why it cannot be handed over in a way, as a sentence."""
        offered = {action for _way, action in self._ways}
        if action_id == "call.open" and action_id not in offered:
            return _("No desktop is here that could dial.")
        if action_id == "call.program" and action_id not in offered:
            return _("config.toml names no call_command.")
        return None

    def do_call_open(self) -> None:
        self.hand_over("tel")

    def do_call_program(self) -> None:
        self.hand_over("command")

    def do_call_code(self) -> None:
        self.hand_over("code")

    def do_copy_value(self) -> None:
        self.hand_over("copy")

    # -- how it went ---------------------------------------------------------------------------------------------------
    def do_call_reached(self) -> None:
        self.leave("reached")

    def do_call_no_answer(self) -> None:
        self.leave("no_answer")

    def do_call_busy(self) -> None:
        self.leave("busy")

    def do_call_voicemail(self) -> None:
        self.leave("voicemail")

    def do_call_wrong(self) -> None:
        self.leave("wrong_number")

    # -- lines ---------------------------------------------------------------------------------------------------------
    def _top_line(self, cells: int) -> Line:
        minutes, seconds = divmod(self.seconds, 60)
        lasted = f"{minutes:02}:{seconds:02}"
        number = cut(self.to.number, max(cells - len(lasted) - 1, 1))
        gap = " " * max(cells - len(number) - len(lasted), 1)
        return pad((Run(number, "accent"), Run(gap), Run(lasted, "dim")), cells)

    def _code_lines(self, cells: int) -> list[Line]:
        if self._code is None:
            return []
        found = code_lines(self.surface, self._code, CodeRoom(cells, max(room_inside(self.host.size) - 3, 1)))
        return [pad((*line,), cells) for line in found]

    def _others(self, cells: int) -> Line:
        """The ways in which the number can be handed over instead."""
        keys, runs = self.surface.keys, list[Run]()
        for way, action in self._ways:
            runs += [Run(keys.key(action), "key"), Run(f" {_LABELS[way]()}  ")]
        return pad(tuple(runs), cells)
