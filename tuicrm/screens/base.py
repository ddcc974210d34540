"""What all screens have in common: top line, body, messages, footer; undo, commands, help, quit; dialogs and editors."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

from textual.app import ComposeResult
from textual.geometry import Region
from textual.widget import Widget

from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import CrmError, Refused
from tuicrm.i18n import _
from tuicrm.render.compose import line_width
from tuicrm.render.heads import warning_sign
from tuicrm.render.line import Line
from tuicrm.services import presence, upkeep
from tuicrm.services.presence import Other
from tuicrm.services.session import Session
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.editor import Editor, Where
from tuicrm.widgets.footer import FooterLine
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.menu import Entry, Way
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.textual_inside import Held, draw_soon
from tuicrm.widgets.toast import ToastLine
from tuicrm.widgets.top_line import TopLine

A_MOMENT = 0.02
"""Seconds for the terminal's thread to write out what was drawn, before another one computes beside it."""

_LATER = (
    "tuicrm.widgets.editors",
    "tuicrm.widgets.picker",
    "tuicrm.screens.filtering",
    "tuicrm.screens.card",
    "textual.scrollbar",
)
"""What every first key may need and no first picture does: loaded once that is there."""


class CrmScreen(Held, Keyed[None]):
    """Base of the screens. Subclasses give `top_line` and `body`, `reload` what changed, and add the `do_…` of their actions."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(surface)
        self.session = session
        self._trouble = ""
        self._seen = session.store.seq()
        self._others: list[Other] = []
        self._settled = False

    # -- settling ------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        # The first layout gives sizes, which give classes and lines, which give the second: only that one is worth drawing.
        if not self._settled:
            self.call_after_refresh(self.call_after_refresh, self._settle)

    def _settle(self) -> None:
        self._settled = True
        # Not `refresh`, which would ask for a second drawing where a layout draws just before the next moment to.
        draw_soon(self)
        self.call_after_refresh(self.shown)

    def shown(self) -> None:
        """Drawn for the first time: the moment for what can wait until then. Call this one too."""
        if not all(name in sys.modules for name in _LATER):
            self.run_worker(self._load_the_rest())

    async def _load_the_rest(self) -> None:
        await asyncio.sleep(A_MOMENT)
        await asyncio.to_thread(lambda: [import_module(name) for name in _LATER])

    def may_be_drawn(self) -> bool:
        """Textual draws four times while a screen opens; people should see it once, whole."""
        return self._settled

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        """The first line of the screen, `cells` wide."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """What stands between the top line and the footer."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield TopLine(self.surface.look, self._whole_top_line)
        yield from self.body()
        yield ToastLine(self.surface.look)
        yield FooterLine(self.surface, self.footer_hints, self.help_key, self.footer_state)

    def _whole_top_line(self, cells: int) -> Line:
        """The same, with what an administrator has to see to before it."""
        if not upkeep.trouble(self.session):
            return self.top_line(cells)
        sign = warning_sign(_("see tuicrm doctor"), cells)
        return (*sign, *self.top_line(cells - line_width(sign)))

    def footer_state(self) -> tuple[str, str]:
        """What the footer tells at its end: a key and what it is about; empty for nothing."""
        return "", ""

    @property
    def body_region(self) -> Region:
        """The screen without its top line and footer."""
        return Region(0, 1, self.size.width, max(self.size.height - 2, 1))

    def refresh_top(self) -> None:
        """Ask again what the top line says."""
        self.query_one(TopLine).update()

    def reload(self) -> None:
        """Data changed (here, or in another session): read it again and draw what is different. Call this one too."""
        self._seen = self.session.store.seq()

    def _follow(self) -> None:
        """Open editors go where that went which they stand over."""
        for editor in self.query(Editor):
            editor.place(self.body_region)

    def catch_up(self) -> None:
        """Reload unless what is shown is the newest; say who else is here now."""
        others = presence.others(self.session)
        trouble = upkeep.trouble(self.session)
        if others != self._others or trouble != self._trouble:
            self._others = others
            if trouble != self._trouble and trouble:
                self.say(trouble, "refused")
            self._trouble = trouble
            self.refresh_top()
        if self.session.store.seq() != self._seen:
            self._seen = self.session.store.seq()
            if reason := self.why_gone():
                self._go_elsewhere(reason)
                return
            self.reload()
            self.refresh_top()
            self.refresh_hints()
            self._follow()
            for dialog in self.query(Dialog):
                dialog.follow()

    def why_gone(self) -> str:
        """Why there is nothing left that this screen could show, as a sentence; "" where there is."""
        return ""

    def why_type_gone(self, type_key: str) -> str:
        """The same for a screen that shows items of a type: somebody may have removed it."""
        return "" if type_key in self.session.workspace.types else _("This item type is gone: somebody removed it.")

    def _go_elsewhere(self, reason: str) -> None:
        """Leave what cannot be shown any more: to what is under it, or to the first board."""
        from tuicrm.screens.board import BoardScreen

        stack = self.app.screen_stack
        if len(stack) > 2 and isinstance(below := stack[-2], CrmScreen):
            self.leave()
        else:
            below = BoardScreen(self.session, self.surface)
            _shown = self.app.switch_screen(below)
        below.call_after_refresh(below.say, reason, "refused")

    def on_screen_resume(self) -> None:
        self.tell_where()
        self.catch_up()

    def tell_where(self) -> None:
        """Tell the other sessions what this screen shows."""
        self.session.here()

    def on_resize(self) -> None:
        for dialog in self.query(Dialog):
            dialog.place(self.size)
        # What it stands over knows its new place only once it is laid out.
        self.call_after_refresh(self._follow)

    # -- asking --------------------------------------------------------------------------------------------------------
    async def edit(self, editor: Editor, where: Where, save: Callable[[str], Any]) -> bool:
        """Edit in place, over what stands `where`, until `save` (plain or async) takes the text; whether it was saved.

        What `save` refuses (BadValue, CrmError) is shown in the editor, which keeps what was typed.
        """
        before = self.focused
        editor.stand_over(where, self.body_region)
        await self.mount(editor)
        try:
            while (text := await editor.answer()) is not None:
                try:
                    outcome = save(text)
                    if inspect.isawaitable(outcome):
                        await outcome
                except (BadValue, CrmError) as error:
                    editor.refuse(error.message)
                else:
                    return True
            return False
        finally:
            if self.is_attached:
                clicked = self.focused is not None and editor not in self.focused.ancestors_with_self
                await editor.remove()
                if before is not None and before.is_attached and not clicked:
                    before.focus(scroll_visible=False)

    async def ask_value(self, question: Question, where: Where, save: Callable[[Answer], Any]) -> bool:
        """Ask for one value in the way that fits it, over what stands `where`, and save it; whether it was saved."""
        if not question.is_chosen:
            from tuicrm.widgets.editors import editor_for

            return await self.edit(editor_for(self.surface, question), where, save)
        from tuicrm.widgets.picker import picker_for

        picker = picker_for(self.surface, question)
        chosen = await self.ask(picker)
        if chosen is None:
            return False
        chosen = question.made(chosen, picker.labels)
        try:
            outcome = save(chosen)
            if inspect.isawaitable(outcome):
                await outcome
        except BadValue as error:
            raise Refused(error.message) from error
        return True

    # -- actions of every screen ---------------------------------------------------------------------------------------
    @property
    def type_here(self) -> str:
        """The item type that is looked at; empty where it is none."""
        return ""

    def places(self) -> Sequence[Entry]:
        """Where `g` and the palette can go from here; each entry's `go` takes one there."""
        return ()

    def ways(self) -> list[Way]:
        """What the palette offers beside the actions: the places."""
        goto = self.surface.keys.keys("goto")[:1]
        return [Way(_("Go to {place}").format(place=one.label), (*goto, one.key), one.go) for one in self.places()]

    async def do_goto(self) -> None:
        from tuicrm.widgets.menu import Menu

        if (entry := await self.ask(Menu(self.surface, _("Go to"), self.places()))) is not None:
            entry.go()

    def do_find(self) -> None:
        from tuicrm.screens.find import show_find

        show_find(self)

    async def do_commands(self) -> None:
        from tuicrm.widgets.palette import Palette

        doable = [(action, self.reason(action)) for action in self.doable() if action.in_palette]
        chosen = await self.ask(Palette(self.surface, doable, self.ways()))
        if isinstance(chosen, Way):
            chosen.go()
        elif chosen is not None:
            self.perform(chosen)

    async def do_help(self) -> None:
        from tuicrm.widgets.help import Help

        await self.ask(Help(self.surface, self.doable()))

    def do_undo(self) -> None:
        from tuicrm.services.undo import undo

        undone = undo(self.session)
        self.catch_up()
        self.say(_("Undone: {what}").format(what=undone.label), "done", self._hint("redo"))

    def do_redo(self) -> None:
        from tuicrm.services.undo import redo

        redone = redo(self.session)
        self.catch_up()
        self.say(_("Done again: {what}").format(what=redone.label), "done", self._hint("undo"))

    def say_done(self, text: str) -> None:
        """Say what was done, and with which key it is taken back."""
        self.say(text, "done", self._hint("undo"))

    def _hint(self, action_id: str) -> str:
        return f"{self.surface.keys.key(action_id)} {_('undo') if action_id == 'undo' else _('redo')}"

    def do_back(self) -> None:
        self.leave()

    def do_quit(self) -> None:
        self.app.exit()
