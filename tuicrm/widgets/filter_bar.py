"""The filter bar: one line to type a filter in, what may follow above it, what is wrong and where under it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from textual import events
from textual.app import ComposeResult

from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.render.compose import cut_line, on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LATE
from tuicrm.render.text import ELLIPSIS, clean, cut, width
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.editor import Editor
from tuicrm.widgets.inputs import PlainInput
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.question import Question
from tuicrm.widgets.some_lines import verdict
from tuicrm.widgets.surface import Surface


class Suggested(Protocol):
    """`text` may take the place of what stands between `start` and the cursor; `label` says what it is."""

    @property
    def text(self) -> str:
        """What takes the place of what was typed."""

    @property
    def label(self) -> str:
        """What it is, in words."""

    @property
    def start(self) -> int:
        """Where in the text its place begins, counted in characters."""


CompleteFilter: TypeAlias = Callable[[str, int], Sequence[Suggested]]
"""Suggestions for a text and the place of its cursor, best first."""


_START_CELLS = 2
_PATIENCE = 0.1
"""Seconds after which a text is looked for although more of it was on its way."""


class Recalling(Controller):
    """Puts what was typed before into an input, and back what is typed now."""

    def __init__(self, where: PlainInput, history: Sequence[str]) -> None:
        """`history` is newest first."""
        self._input = where
        self._history = history
        self._at = -1
        """Which of the history stands in the input; -1 for what was typed."""
        self._typed = where.value

    def do_filter_older(self) -> None:
        self._recall(self._at + 1)

    def do_filter_newer(self) -> None:
        self._recall(self._at - 1)

    def _recall(self, at: int) -> None:
        if not -1 <= at < len(self._history):
            return
        if self._at == -1:
            self._typed = self._input.value
        self._at = at
        self._input.set_text(self._typed if at == -1 else self._history[at])


class FilterBar(Editor):
    """Answers with the text of a filter. `check` says what it would show ("12 deals") or raises UsageError with the place.

    `history` is newest first.
    """

    DEFAULT_CSS = f"FilterBar PlainInput {{ margin-left: {_START_CELLS}; }}"

    scope = "filter"
    height_wanted = 3

    def __init__(
        self,
        surface: Surface,
        text: str,
        check: Callable[[str], str],
        complete: CompleteFilter,
        history: Sequence[str] = (),
        saved: Callable[[str], Awaitable[str]] | None = None,
    ) -> None:
        """`saved` lets one choose among kept filters, or keep the one that is typed; what was chosen, or ""."""
        super().__init__(surface, Question("filter", _("Filter"), text=text, check=check))
        self.input = PlainInput(text)
        self._complete = complete
        self.controllers = (Recalling(self.input, history),)
        self._saved = saved
        self._choosing = False
        self._stale = False
        self._position: int | None = None
        self._whole = False
        """Whether a mistake is told whole: once `enter` was pressed on it."""
        key = surface.keys.key("filter.complete")
        self._above = OneLine(surface.look, lambda cells: _suggestion_line(self.suggestions, key, cells))

    def compose(self) -> ComposeResult:
        yield self._above
        yield self.input
        yield self.status

    def on_mount(self) -> None:
        self.input.focus(scroll_visible=False)
        self.look_again()

    @property
    def value(self) -> str:
        return self.input.value

    # -- looking -------------------------------------------------------------------------------------------------------
    def look_again(self) -> None:
        self._stale = False
        self._refused, self._preview, self._position, self._whole = "", "", None, False
        try:
            if self.question.check is not None:
                self._preview = self.question.check(self.value)
        except UsageError as error:
            self._refused, self._position = error.message, error.position
        self._tell()
        self._above.update()

    def say_so_far(self, text: str) -> None:
        """How far counting is."""
        if self.is_attached and not self._refused:
            self._preview = text
            self._tell()

    @property
    def suggestions(self) -> Sequence[Suggested]:
        """What may follow where the cursor is, best first."""
        return self._complete(self.input.value, self.input.cursor_position)

    def _start_of(self, position: int | None) -> int | None:
        """The cell in which a place of the text is shown; None for no place."""
        return None if position is None else width(clean(self.value[:position])) + _START_CELLS

    def lines_wanted(self, cells: int) -> int:
        return self.height_wanted - 1 + len(self._status_lines(cells))

    def _say_whole(self) -> None:
        self._whole = True
        self._tell()

    def _status_lines(self, cells: int) -> list[Line]:
        """One line, so that the bar does not jump while a name is typed that is no filter yet; all of them after `enter`."""
        lines = [_status_line(self._refused, self._preview, self._start_of(self._position), cells)]
        if self._whole and any(ELLIPSIS in run.text for run in lines[0]):
            at = self._start_of(self._position)
            lines = [*([_mark(at, cells)] if at is not None else []), *verdict(self._refused, "", "", cells)]
        return [on(pad(line, cells), "on:panel") for line in lines]

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_filter_apply(self) -> None:
        self.submit()

    def do_filter_complete(self) -> None:
        """Put the first suggestion where it belongs."""
        first = next(iter(self.suggestions), None)
        if first is not None:
            text, cursor = self.input.value, self.input.cursor_position
            after = text[cursor:]
            before = f"{text[: first.start]}{first.text}{'' if after.startswith(' ') else ' '}"
            self.input.value = before + after
            self.input.cursor_position = len(before)

    async def do_filter_saved(self) -> None:
        if self._saved is None:
            return
        self._choosing = True
        try:
            chosen = await self._saved(self.value)
        finally:
            self._choosing = False
        if self.is_attached:
            self.input.focus(scroll_visible=False)
        if chosen:
            self.input.set_text(chosen)

    def _left(self) -> None:
        # While one chooses among kept filters, the bar waits.
        if not self._choosing:
            super()._left()

    # -- events --------------------------------------------------------------------------------------------------------
    def on_input_changed(self) -> None:
        # Of a word typed fast, or pasted letter by letter, only the whole is looked for.
        self._stale = True
        if isinstance(self.screen, Keyed) and self.screen.more_is_typed:
            self.set_timer(_PATIENCE, self._look_if_stale)
        else:
            self.look_again()

    def _look_if_stale(self) -> None:
        if self._stale:
            self.look_again()

    def on_key(self, event: events.Key) -> None:
        if event.key == "shift+tab":
            event.stop()
            event.prevent_default()


def _suggestion_line(suggestions: Sequence[Suggested], key: str, cells: int) -> Line:
    """The suggestions, the first one with the key that takes it."""
    runs: list[Run] = []
    for at, one in enumerate(suggestions):
        runs += [Run(f"{key} ", "key")] if at == 0 else [Run("   ")]
        runs.append(Run(clean(one.text), "accent" if at == 0 else "value"))
        if one.label and one.label != one.text:
            runs.append(Run(f" {clean(one.label)}", "faint"))
    return on(pad(cut_line((Run("  "), *runs), cells), cells), "on:bar")


def _mark(at: int, cells: int) -> Line:
    """The `^` under the place of a mistake."""
    return Run(" " * min(at, cells - 1)), Run("^ ", "late bold")


def _status_line(refused: str, preview: str, at: int | None, cells: int) -> Line:
    """What a filter would show, or what is wrong with it, and `at` which cell."""
    if not refused:
        return (Run("= ", "faint"), Run(clean(preview), "ok")) if preview else ()
    words = f"{LATE} {clean(refused)}"
    if at is None:
        return (Run(cut(words, cells), "late"),)
    blank, mark = _mark(at, cells)
    before, after = len(blank.text) - 1, cells - len(blank.text) - 2
    # The words stand where there is room for them, else where there is more.
    if width(words) <= after or before <= after:
        return blank, mark, Run(cut(words, max(after, 0)), "late")
    words = cut(words, before)
    return Run(words, "late"), Run(" " * (before + 1 - width(words))), mark
