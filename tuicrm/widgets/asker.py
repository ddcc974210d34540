"""Asking for a value in its place on a screen, and saving it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from textual.geometry import Region, Size

from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import CrmError, Refused
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.editor import Editor, Where
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.question import Answer, Question


def body_region(size: Size) -> Region:
    """A screen of this size without its top line and footer."""
    return Region(0, 1, size.width, max(size.height - 2, 1))


class Asker:
    """Asks in an editor over what is edited, or from a list; what is answered is saved."""

    def __init__(self, screen: Keyed[Any]) -> None:
        self._screen = screen

    @property
    def room(self) -> Region:
        """Where editors can stand."""
        return body_region(self._screen.size)

    def place(self) -> None:
        """Open editors go where that went which they stand over."""
        for editor in self._screen.query(Editor):
            editor.place(self.room)

    def follow(self) -> None:
        """Somebody changed something: editors go along, dialogs show what there is now."""
        self.place()
        for dialog in self._screen.query(Dialog):
            dialog.follow()

    def resize(self) -> None:
        """The screen has another size."""
        for dialog in self._screen.query(Dialog):
            dialog.place(self._screen.size)
        # What an editor stands over knows its new place only once it is laid out.
        self._screen.call_after_refresh(self.place)

    async def edit(self, editor: Editor, where: Where, save: Callable[[str], Any]) -> bool:
        """Edit in place, over what stands `where`, until `save` (plain or async) takes the text; whether it was saved.

        What `save` refuses (BadValue, CrmError) is shown in the editor, which keeps what was typed.
        """
        screen = self._screen
        before = screen.focused
        editor.stand_over(where, self.room)
        await screen.mount(editor)
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
            if screen.is_attached:
                clicked = screen.focused is not None and editor not in screen.focused.ancestors_with_self
                await editor.remove()
                if before is not None and before.is_attached and not clicked:
                    before.focus(scroll_visible=False)

    async def ask_value(self, question: Question, where: Where, save: Callable[[Answer], Any]) -> bool:
        """Ask for one value in the way that fits it, over what stands `where`, and save it; whether it was saved."""
        surface = self._screen.surface
        if not question.is_chosen:
            from tuicrm.widgets.editors import editor_for

            return await self.edit(editor_for(surface, question), where, save)
        from tuicrm.widgets.picker import picker_for

        picker = picker_for(surface, question)
        chosen = await self._screen.ask(picker)
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
