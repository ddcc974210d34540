"""From one field of a form to another, and what is wrong shown beside each."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.errors import CrmError
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.form_field import FormField


class FormSteps(Controller):
    """Knows the fields in their order, and which one is being filled in."""

    def __init__(self, fields: Sequence[FormField]) -> None:
        self._fields = fields

    @property
    def here(self) -> FormField | None:
        """The field that is being filled in."""
        return next((field for field in self._fields if field.has_focus_within), None)

    def step(self, by: int) -> bool:
        """Go on by so many fields, past those in which there is nothing to do; whether there is one."""
        here = self.here
        at = (self._fields.index(here) if here is not None else -1) + by
        while 0 <= at < len(self._fields):
            if not self._fields[at].is_passed_over:
                self._fields[at].enter()
                return True
            at += by
        return False

    def show_refused(self, error: CrmError) -> bool:
        """Show each problem beside its field, and go to the first; whether all of them have one here."""
        by_key = {field.question.key: field for field in self._fields}
        wrong = {problem.field: problem.message for problem in error.fields}
        for key, field in reversed(by_key.items()):
            if key in wrong:
                field.refuse(wrong[key])
                field.enter()
        return bool(wrong) and wrong.keys() <= by_key.keys()

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_form_on(self) -> None:
        """On to the next field, from the last one to the first."""
        if not self.step(1) and self._fields:
            self._fields[0].enter()

    def do_form_back(self) -> None:
        self.step(-1)

    def do_form_previous(self) -> None:
        self.step(-1)

    def do_form_down(self) -> None:
        self.step(1)
