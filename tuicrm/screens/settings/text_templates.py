"""Templates of texts in the settings: for mails, SMS and first words by a messenger, with their names, tried on an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuicrm.domain.messages.text_template import TextTemplate
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging
from tuicrm.screens.settings.template_forms import place_name
from tuicrm.screens.settings.text_template_form import (
    TextTemplateForm,
    channel_label,
    details_of,
    text_questions,
    types_of,
)
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import text_templates
from tuicrm.services.workspace.members import member_choices
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.pages import Pages, paragraphs
from tuicrm.widgets.question import Answer
from tuicrm.widgets.surface import Surface

_LOOKS = ("texts.names", "texts.try", "texts.check")
"""What those may do too who may not change it."""


class TextTemplates(Arranging):
    """All that this person may use or change, retired ones too."""

    scope = "text templates"
    steps = ("texts.",)

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Text templates")
        self.empty = _("No text templates yet: {key} adds one, for mails, SMS or messengers.").format(
            key=surface.keys.key("texts.new")
        )

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(one.key, one.label, "", text_template_words(self.session, one), faint=one.retired)
            for one in text_templates.text_templates(self.session, retired=True)
        ]

    def told(self) -> str:
        """Its subject, or how its text begins, and who may use it."""
        one = self._template
        if one is None:
            return ""
        told = [one.subject or next(iter(one.text.splitlines()), "")]
        if one.users:
            labels = {each.key: each.label for each in member_choices(self.session, tuple(one.users))}
            told.append(_("only for {people}").format(people=", ".join(labels.get(key, key) for key in one.users)))
        return f" {DOT} ".join(filter(None, told))

    @property
    def _template(self) -> TextTemplate | None:
        return self.session.workspace.text_templates.get(self.current)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id == "texts.new":
            return None
        one = self._template
        if one is None:
            return self.empty
        return None if action_id in _LOOKS else text_templates.why_not_change(self.session, one)

    # -- adding, changing ----------------------------------------------------------------------------------------------
    async def do_texts_new(self) -> None:
        made: list[TextTemplate] = []

        def save(answers: Mapping[str, Answer]) -> None:
            made.append(text_templates.add_text_template(self.session, details_of(answers)))

        questions = text_questions(self.session)
        await self.host.ask(TextTemplateForm(self.surface, _("Add a text template"), questions, save, self.session))
        if made:
            self.again(made[0].key)
            await self._tell_faults(made[0])

    async def do_texts_change(self) -> None:
        one = self._template
        if one is None:
            return

        def save(answers: Mapping[str, Answer]) -> None:
            text_templates.edit_text_template(self.session, one.key, details_of(answers))

        title = _("Change {field}").format(field=one.label)
        form = TextTemplateForm(self.surface, title, text_questions(self.session, one), save, self.session)
        if await self.host.ask(form) is not None:
            self.again(one.key)
            await self._tell_faults(self.session.workspace.text_templates[one.key])

    def do_texts_retire(self) -> None:
        one = self._template
        if one is not None:
            self.step(lambda: text_templates.retire_text_template(self.session, one.key, back=one.retired))

    def do_texts_delete(self) -> None:
        one = self._template
        if one is not None:
            self.step(lambda: text_templates.delete_text_template(self.session, one.key))
            self.host.say(_("Deleted: {what}").format(what=one.label), "done")

    # -- looking -------------------------------------------------------------------------------------------------------
    async def do_texts_names(self) -> None:
        from tuicrm.screens.settings.template_names import choose_names

        one = self._template
        if one is not None:
            await choose_names(self.host, self.session, types_of(self.session, one.types), one.language)

    async def do_texts_try(self) -> None:
        """What it becomes for an item."""
        from tuicrm.screens.settings.template_names import ask_item

        one = self._template
        if one is None:
            return
        ref = await ask_item(self.host, self.session, types_of(self.session, one.types), _("For which item"))
        if ref is None:
            return
        filled = text_templates.fill(self.session, one, ref)
        texts = [f"{_('Subject')}: {filled.subject}", ""] if filled.subject else []
        texts += filled.text.splitlines() or [""]
        if filled.kept_back:
            texts += ["", _("Empty, because they are not for you: {names}").format(names=", ".join(filled.kept_back))]
        title = f"{one.label} {DOT} {self.session.names.related(ref)}"
        await self.host.ask(Pages(self.surface, title, lambda cells: paragraphs(texts, cells)))

    async def do_texts_check(self) -> None:
        one = self._template
        if one is not None and not await self._tell_faults(one):
            self.host.say(_("Nothing is wrong with {template}.").format(template=one.label), "done")

    async def _tell_faults(self, one: TextTemplate) -> bool:
        """Show the names that nothing answers to, each with where it stands; whether there are any."""
        found = text_templates.faults(self.session, one)
        if not found:
            return False
        texts = [f"{fault.where}: {fault.message}" for fault in found]
        title = _("{template}: what is wrong with it").format(template=one.label)
        await self.host.ask(Pages(self.surface, title, lambda cells: paragraphs(texts, cells)))
        return True


def text_template_words(session: Session, one: TextTemplate) -> str:
    """What stands beside its name: `Mail · Deals, Quotes · it`."""
    places = ", ".join(place_name(session, place) for place in one.types)
    told = (_("retired") if one.retired else "", channel_label(one.channel), places, one.language)
    return f" {DOT} ".join(filter(None, told))
