"""A text template put into a mail that is being written, filled with the values of its item."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.text_template import TextTemplate
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.messages.mail_fields import SUBJECT
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.services.messages import text_templates
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.form_field import TypedField
from tuicrm.widgets.inputs import PlainInput
from tuicrm.widgets.picker import Picker


class MailTemplates(Controller):
    """Fills templates for the first of the mail's items that they are for."""

    def __init__(self, host: Host, form: MailForm, on: Sequence[Ref]) -> None:
        self._host, self._form, self._on = host, form, on

    def why_not(self, action_id: str) -> str | None:
        if action_id == "mail.template" and not self._fitting():
            return _("No text template is for this: they are made in the settings.")
        return None

    def _fitting(self) -> dict[str, tuple[TextTemplate, Ref]]:
        """Those that can be used here, by key, each with the item that it is filled for."""
        session, found = self._host.session, dict[str, tuple[TextTemplate, Ref]]()
        for ref in self._on:
            if session.peek(ref) is not None:
                for one in text_templates.fitting(session, ref, "mail"):
                    found.setdefault(one.key, (one, ref))
        return found

    async def do_mail_template(self) -> None:
        """Choose one; its text stands above what is written already, its subject where there is none yet."""
        found = self._fitting()
        choices = [Choice(key, one.label, one.subject) for key, (one, _ref) in found.items()]
        chosen = await self._host.ask(Picker(self._host.surface, _("Which text template"), choices))
        if not chosen:
            return
        template, ref = found[chosen[0]]
        filled = text_templates.fill(self._host.session, template, ref, channel="mail")
        letter = self._form.letter
        self._put_subject(filled.subject)
        below = letter.answer.strip("\n")
        letter.put(f"{filled.text}\n\n{below}" if below.strip() else filled.text)
        letter.enter()
        if filled.kept_back:
            names = ", ".join(filled.kept_back)
            self._host.say(_("Empty, because they are not for you: {names}").format(names=names))

    def _put_subject(self, text: str) -> None:
        field = self._form.field(SUBJECT)
        if text and isinstance(field, TypedField) and isinstance(field.input, PlainInput) and not field.answer.strip():
            field.input.set_text(text)
