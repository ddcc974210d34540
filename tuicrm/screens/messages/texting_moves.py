"""From field to field of a text's form, and those answered from lists."""

from __future__ import annotations

from tuicrm.i18n import _
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.screens.messages.texting_way import TextingWay
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.form_field import ChosenField
from tuicrm.widgets.picker import Picker, picker_for


class TextingMoves(Controller):
    """Goes from field to field, and has them answered from lists."""

    def __init__(self, form: TextingForm, way: TextingWay) -> None:
        self._form, self._way = form, way

    def why_not(self, action_id: str) -> str | None:
        if action_id == "form.choose" and not isinstance(self._form.steps.here, ChosenField):
            return _("Type a value here; there is no list.")
        return None

    def do_form_next(self) -> None:
        steps = self._form.steps
        if self._form.host.dispatcher.pressed == "tab":
            steps.do_form_on()
        elif steps.here is None or steps.here.look_again(leaving=True):
            steps.step(1)

    async def do_form_choose(self) -> None:
        if isinstance(here := self._form.steps.here, ChosenField):
            await self.choose(here)

    async def choose(self, field: ChosenField, typed: str = "") -> None:
        """Have a field answered from its list; whom a text can go to depends on the channel."""
        form, way = self._form, self._way
        if field is form.to:
            by = form.channel
            picker = Picker(
                form.surface,
                field.question.label,
                way.to_choices(by),
                search=lambda text: way.search(by, text),
                chosen=field.chosen,
                typed=typed,
            )
        else:
            picker = picker_for(form.surface, field.asked, typed)
        chosen = await form.host.ask(picker)
        if not chosen:
            return
        field.take(chosen, picker.labels)
        if field is form.by:
            self._choose_target()
        form.tell_again()

    def _choose_target(self) -> None:
        """By another channel: the same number where it does, else the likeliest."""
        form = self._form
        offered = {one.key: one.label for one in self._way.to_choices(form.channel)}
        kept = form.target if form.target in offered else next(iter(offered), "")
        form.to.take((kept,) if kept else (), offered)
