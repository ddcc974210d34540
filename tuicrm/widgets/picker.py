"""Choosing one or several values: from a list, or from what a search finds."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from textual.widget import Widget
from textual.worker import Worker

from tuicrm.domain.context import Choice
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import line_width, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import EMPTY, MARKED
from tuicrm.render.text import clean, cut
from tuicrm.widgets.chooser import Chooser
from tuicrm.widgets.fuzzy import find
from tuicrm.widgets.pane_moves import ListMoves
from tuicrm.widgets.question import Question, SearchChoices
from tuicrm.widgets.surface import Surface, TerminalLook
from tuicrm.widgets.work import SEARCH_GROUP

_NONE = Choice("", "")


class PickerLook:
    """How choices are told where that is more than their label and detail."""

    def draw(self, choice: Choice, cells: int, marked: bool) -> Line:
        """One of them, in a line of at most `cells`."""
        return _draw(choice, cells, marked)

    def told(self) -> str:
        """What stands under the list; "" for how many there are."""
        return ""

    def under(self, look: TerminalLook) -> Iterable[Widget]:
        """More lines under that."""
        return ()


class Picker(Chooser[Choice, tuple[str, ...]]):
    """Ends with the keys chosen: one, several with `many`, nothing where the value is emptied; None for `esc`.

    With `search`, that is asked (in a thread) for what is typed, and `choices` are those shown first: the ones chosen now.
    `optional` offers to choose nothing. `look` tells them in another way. The cursor begins on the choice `begin`, else on what is
    chosen.
    """

    def __init__(  # noqa: PLR0913 - what is asked, and how it may be answered
        self,
        surface: Surface,
        title: str,
        choices: Sequence[Choice] = (),
        *,
        search: SearchChoices | None = None,
        chosen: Collection[str] = (),
        many: bool = False,
        optional: bool = False,
        typed: str = "",
        look: PickerLook | None = None,
        begin: str = "",
    ) -> None:
        passing = surface.keys.keys("list.mark") if many else ()
        super().__init__(surface, title, typed=typed, passing=passing)
        self._choices = choices
        self._texts: list[str] = []
        """What is searched of them, once something is."""
        self._look = look
        self._search = search
        self._had_some = bool(chosen)
        self._begin = begin
        self._many = many
        self._optional = optional
        self.marked: dict[str, None] = dict.fromkeys(chosen)
        """The keys marked, in the order in which they were."""
        if many:
            self.do_list_mark = self._mark

        def walked() -> None:
            # In the middle of a search, space begins its next word; once one walked down the list, it marks again.
            self.input.passes = True

        self.controllers = (ListMoves(self.list.moves, walked),)
        self.labels = {choice.key: choice.label for choice in choices if choice.key in self.marked}
        """What people read for the keys that are or were chosen."""
        self._begun = False
        self._found = False
        """Whether what stands under the cursor was searched for, and not marked or let go since."""

    def lines_wanted(self) -> int:
        if self._search is not None:
            return super().lines_wanted()
        return len(self._choices) + (self._optional and not self._many)

    # -- finding -------------------------------------------------------------------------------------------------------
    def look_for(self, typed: str) -> None:
        if self._search is not None:
            search = self._search

            # Not a coroutine that is made here: one that is overtaken before it began would never be awaited.
            asked = partial(self._ask, search, typed)
            _asking: Worker[None] = self.run_worker(asked, exclusive=True, group=SEARCH_GROUP)
        elif typed.strip():
            if not self._texts:
                self._texts = [f"{choice.label} {choice.detail}".casefold() for choice in self._choices]
            self.offer([self._choices[at] for at in find(typed, self._texts)])
        else:
            self._offer_all(self._choices)

    async def _ask(self, search: SearchChoices, typed: str) -> None:
        try:
            found = await asyncio.to_thread(search, typed)
        except UsageError as too_much:
            self.offer([])
            self.host.say(too_much.message, "refused")
            return
        if typed.strip():
            self.offer(found)
        else:
            first = {choice.key for choice in self._choices}
            self._offer_all([*self._choices, *(choice for choice in found if choice.key not in first)])

    def _offer_all(self, choices: Sequence[Choice]) -> None:
        """Everything, the cursor where the value is."""
        none = [_NONE] if self._optional and not self._many else []
        things = [*none, *choices] if none else choices
        cursor = 0
        if not self._begun:
            first = (self._begin,) if self._begin else self.marked
            cursor = next((at for at, choice in enumerate(things) if choice.key in first), len(none))
        self._begun = True
        self.offer(things, min(cursor, max(len(things) - 1, 0)))

    # -- drawing -------------------------------------------------------------------------------------------------------
    def draw(self, thing: Choice, cells: int) -> Line:
        if thing is _NONE:
            return Run("  "), Run(f"{EMPTY} {_('nothing')}", "faint")
        draw = _draw if self._look is None else self._look.draw
        return draw(thing, cells, thing.key in self.marked)

    def contents(self) -> Iterable[Widget]:
        return *super().contents(), *(() if self._look is None else self._look.under(self.surface.look))

    def counted(self) -> str:
        if self._look is not None and (told := self._look.told()):
            return told
        if self._many and self.marked:
            marked = ngettext("{n} marked", "{n} marked", len(self.marked))
            return f"{marked} · {super().counted()}"
        return super().counted()

    # -- choosing ------------------------------------------------------------------------------------------------------
    def _mark(self) -> None:
        thing = self.current
        if thing is None:
            return
        self._found = False
        if thing.key in self.marked:
            del self.marked[thing.key]
        else:
            self.marked[thing.key] = None
            self.labels[thing.key] = thing.label
        if self.list.cursor is not None:
            self.list.refresh_rows(self.list.cursor)
        self._count.update()
        self.list.moves.do_move_down()

    def on_input_changed(self) -> None:
        self._found = bool(self.input.value.strip())
        self.input.passes = not self.input.value.strip()
        super().on_input_changed()

    def choose(self, thing: Choice | None) -> None:
        if thing is None and (self._found or not self._many):
            self.host.say(_("No match for “{typed}”.").format(typed=clean(self.input.value)), "refused")
        elif self._many and (self.marked or self._had_some):
            # Whoever searches for one more and presses enter means that one too.
            if thing is not None and self._found and thing.key not in self.marked:
                self.marked[thing.key] = None
                self.labels[thing.key] = thing.label
            self.leave(tuple(self.marked))
        elif thing is not None:
            self.labels[thing.key] = thing.label
            self.leave(() if thing is _NONE else (thing.key,))


def _draw(choice: Choice, cells: int, marked: bool) -> Line:
    sign = Run(f"{MARKED} " if marked else "  ", "accent bold")
    detail = (Run(cut(choice.detail, cells // 2), "faint"),) if choice.detail else ()
    room = cells - line_width(detail) - 4
    return spread((sign, Run(cut(choice.label, max(room, 4)), "value")), detail, cells - 1)


def picker_for(surface: Surface, question: Question, typed: str = "") -> Picker:
    """The picker for a question that is answered from a list."""
    chosen = question.chosen
    return Picker(
        surface,
        question.label,
        question.choices,
        search=question.search,
        chosen=chosen,
        many=question.many,
        optional=not question.required,
        typed=typed,
    )
