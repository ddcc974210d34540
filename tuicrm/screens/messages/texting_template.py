"""A text template put into an SMS or a messenger's text, filled with the values of its item; WhatsApp is told which one it was."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.text_template import TextTemplate
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.screens.messages.texting_way import TextingWay
from tuicrm.services.messages import text_templates
from tuicrm.services.messages.texting import WhatsappTemplate
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.picker import Picker


class TextingTemplates(Controller):
    """Fills templates for the first of the text's items that they are for."""

    def __init__(self, host: Host, form: TextingForm, way: TextingWay, on: Sequence[Ref]) -> None:
        self._host, self._form, self._way = host, form, way
        self._on = tuple(dict.fromkeys(on))

    def why_not(self, action_id: str) -> str | None:
        if action_id != "texting.template" or self._fitting():
            return None
        if self._only_known:
            return _("No text template here has a name with WhatsApp: it is told in the settings.")
        return _("No text template is for this: they are made in the settings.")

    @property
    def _only_known(self) -> bool:
        """Whether only templates will do that WhatsApp knows."""
        form = self._form
        by_channel = self._way.sends == "whatsapp" and form.channel != ""
        return by_channel and not self._way.is_open(form.channel, form.target)

    def _fitting(self) -> dict[str, tuple[TextTemplate, Ref]]:
        """Those that can be used here, by key, each with the item that it is filled for."""
        session, found = self._host.session, dict[str, tuple[TextTemplate, Ref]]()
        for ref in self._on:
            if session.peek(ref) is not None:
                for one in text_templates.fitting(session, ref, self._way.sends):
                    if one.cloud_name or not self._only_known:
                        found.setdefault(one.key, (one, ref))
        return found

    async def do_texting_template(self) -> None:
        """Choose one; its text stands above what is written already. What WhatsApp knows stands alone: it takes it as it is."""
        found, session = self._fitting(), self._host.session
        choices = [Choice(key, one.label, one.cloud_name) for key, (one, _ref) in found.items()]
        chosen = await self._host.ask(Picker(self._host.surface, _("Which text template"), choices))
        if not chosen:
            return
        template, ref = found[chosen[0]]
        filled = text_templates.fill(session, template, ref, channel=self._way.sends)
        letter = self._form.letter
        below = letter.answer.strip("\n")
        if template.cloud_name and self._way.sends == "whatsapp" and self._form.channel:
            values = tuple(text_templates.place_values(session, template, ref))
            cloud = WhatsappTemplate(template.cloud_name, template.language or filled.language, values)
            self._way.template = cloud, filled.text
            letter.put(filled.text)
        else:
            letter.put(f"{filled.text}\n\n{below}" if below.strip() else filled.text)
        letter.enter()
        self._form.tell_again()
        if filled.kept_back:
            names = ", ".join(filled.kept_back)
            self._host.say(_("Empty, because they are not for you: {names}").format(names=names))
