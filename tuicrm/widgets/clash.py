"""Two people changed the same field: what it is now, who made it so and when, and what was typed here. Neither is lost unseen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from textual.widget import Widget

from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Run
from tuicrm.render.symbols import EMPTY
from tuicrm.render.text import wrap
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.surface import Surface

_MOST_LINES = 4


class Sides(NamedTuple):
    """Both values of a field as people read them; by whom and when the other one was set."""

    field: str
    theirs: str
    who: str
    mine: str


class ClashWords(NamedTuple):
    """What the keys do: one's own value holds, the other one does, neither yet."""

    mine: str
    theirs: str
    neither: str


class ClashQuestion(Dialog[bool], can_focus=True):
    """Ends with True to replace the others' value, False to leave it, None to go on editing."""

    scope = "clash"
    cells = 66

    def __init__(self, surface: Surface, sides: Sides, words: ClashWords | None = None) -> None:
        """Without `words` it is about a field that is being edited."""
        super().__init__(
            surface, sides.field if words else _("{field} was changed meanwhile").format(field=sides.field)
        )
        self._sides, self._said = sides, words
        self._words = words or ClashWords(_("replace it with yours"), _("keep the current value"), _("go on editing"))

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        """The footer says of the keys what the question says of them."""
        if self._said is None:
            return found
        keys = self.surface.keys
        labels = dict(zip(map(keys.key, ("clash.mine", "clash.theirs", "cancel")), self._said, strict=True))
        return [hint._replace(label=labels.get(hint.keys, hint.label)) for hint in found]

    def contents(self) -> Iterable[Widget]:
        look, key = self.surface.look, self.surface.keys.key
        for head, text in ((self._sides.who, self._sides.theirs), (_("yours"), self._sides.mine)):
            yield OneLine(look, _line(head, "dim"))
            for line in wrap(text or EMPTY, self.cells - 6, _MOST_LINES):
                yield OneLine(look, _line(f"  {line}", "value"))
        yield OneLine(look, _line("", ""))
        for action, what in (
            ("clash.mine", self._words.mine),
            ("clash.theirs", self._words.theirs),
            ("cancel", self._words.neither),
        ):
            yield OneLine(look, _choice(key(action), what))

    def on_mount(self) -> None:
        self.focus()

    def do_clash_mine(self) -> None:
        self.leave(True)

    def do_clash_theirs(self) -> None:
        self.leave(False)


def _line(text: str, style: str) -> LineSource:
    return lambda cells: pad((Run(text, style),), cells)


def _choice(key: str, what: str) -> LineSource:
    return lambda cells: pad((Run(f" {key:<4}", "key"), Run(what, "value")), cells)
