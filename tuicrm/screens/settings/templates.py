"""Templates of documents: which there are, what they are for, their files, the names that can stand in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging
from tuicrm.screens.documents.handing_over import write_file
from tuicrm.screens.documents.made import read_file
from tuicrm.screens.settings.template_forms import (
    details_of,
    edit_questions,
    new_questions,
    numbering_of,
    place_name,
)
from tuicrm.services.documents import template_checks, templates
from tuicrm.services.documents.template_checks import TemplateFault
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import member_choices
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.pages import Pages, paragraphs
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface

_SAVES = ("templates.names", "templates.check", "templates.save")
"""What those may do too who may not change templates."""


class Templates(Arranging):
    """All templates but deleted ones."""

    scope = "templates"
    steps = ("templates.", "customise.")

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Document templates")
        self.empty = _("No templates yet: {key} adds one from a Word file.").format(
            key=surface.keys.key("templates.new")
        )

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(one.key, one.label, "", template_words(self.session, one), faint=one.retired)
            for one in templates.templates(self.session, retired=True)
        ]

    def told(self) -> str:
        """Its file, the number that comes next, who may use it."""
        one = self._template
        if one is None:
            return ""
        told = [one.file, _("next number {number}").format(number=templates.next_of(self.session, one))]
        if one.users:
            labels = {each.key: each.label for each in member_choices(self.session, tuple(one.users))}
            people = ", ".join(labels.get(key, key) for key in one.users)
            told.append(_("only for {people}").format(people=people))
        return f" {DOT} ".join(told)

    @property
    def _template(self) -> DocTemplate | None:
        return self.session.workspace.doc_templates.get(self.current)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id != "templates.new" and not self.current:
            return self.empty
        return None if action_id in _SAVES else templates.why_not_change(self.session)

    # -- adding, changing ----------------------------------------------------------------------------------------------
    async def do_templates_new(self) -> None:
        from tuicrm.widgets.form import Form

        made: list[DocTemplate] = []

        def save(answers: Mapping[str, Answer]) -> None:
            path = Path(str(answers["path"]).strip())
            content = read_file(str(answers["path"]))
            details = details_of(answers, numbering_of(self.session))
            details = details._replace(label=details.label or path.stem)
            with _of_file():
                made.append(templates.add_template(self.session, content, details, name=path.name))

        await self.host.ask(Form(self.surface, _("Add a template"), new_questions(self.session), save))
        if made:
            self.again(made[0].key)
            await self._tell_faults(made[0])

    async def do_templates_change(self) -> None:
        from tuicrm.widgets.form import Form

        one = self._template
        if one is None:
            return

        before = numbering_of(self.session, one)

        def save(answers: Mapping[str, Answer]) -> None:
            templates.edit_template(self.session, one.key, details_of(answers, before))

        title = _("Change {field}").format(field=one.label)
        if await self.host.ask(Form(self.surface, title, edit_questions(self.session, one), save)) is not None:
            self.again(one.key)

    async def do_templates_replace(self) -> None:
        from tuicrm.widgets.form import Form

        one = self._template
        if one is None:
            return

        def save(answers: Mapping[str, Answer]) -> None:
            path = Path(str(answers["path"]).strip())
            content = read_file(str(answers["path"]))
            with _of_file():
                templates.replace_template(self.session, one.key, content, name=path.name)

        asked = Question("path", _("File"), required=True, hint=_("the path of a Word file (.docx)"))
        title = _("Newer file of {template}").format(template=one.label)
        if await self.host.ask(Form(self.surface, title, [asked], save)) is not None:
            self.again(one.key)
            await self._tell_faults(self.session.workspace.doc_templates[one.key])

    def do_templates_retire(self) -> None:
        one = self._template
        if one is not None:
            self.step(lambda: templates.retire_template(self.session, one.key, back=one.retired))

    def do_templates_delete(self) -> None:
        one = self._template
        if one is not None:
            self.step(lambda: templates.delete_template(self.session, one.key))
            self.host.say(_("Deleted: {what}").format(what=one.label), "done")

    def do_customise_down(self) -> None:
        self.step(lambda: templates.move_template(self.session, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: templates.move_template(self.session, self.current, -1))

    # -- its file ------------------------------------------------------------------------------------------------------
    async def do_templates_check(self) -> None:
        one = self._template
        if one is not None and not await self._tell_faults(one):
            self.host.say(_("Nothing is wrong with the file of {template}.").format(template=one.label), "done")

    async def _tell_faults(self, one: DocTemplate) -> bool:
        """Show what is wrong with a template's file, each with where it stands; whether anything is."""
        found = template_checks.check_template(self.session, one)
        if not found:
            return False
        texts = [line for fault in found for line in fault_lines(fault)]
        title = _("{template}: what is wrong with its file").format(template=one.label)
        await self.host.ask(Pages(self.surface, title, lambda cells: paragraphs(texts, cells)))
        return True

    async def do_templates_save(self) -> None:
        from tuicrm.widgets.form import Form

        one, saved = self._template, list[Path]()
        if one is None:
            return
        refused: list[Path] = []

        def save(answers: Mapping[str, Answer]) -> None:
            path = at_home(str(answers["path"]).strip())
            path = path / one.file if path.is_dir() else path
            if path.exists() and path not in refused:
                refused.append(path)
                key = self.surface.keys.key("form.save")
                told = _("This file exists; press {key} again to replace it").format(key=key)
                raise Refused(told, [FieldProblem("path", told)])
            write_file(path, templates.content(self.session, one), replace=path in refused)
            saved.append(path)

        asked = Question("path", _("File"), text=f"~/{Path(one.file).name}", required=True)
        await self.host.ask(Form(self.surface, _("Save {title}").format(title=one.label), [asked], save))
        if saved:
            self.host.say(_("Saved: {path}").format(path=saved[-1]), "done")

    async def do_templates_names(self) -> None:
        from tuicrm.screens.settings.template_names import choose_names

        one = self._template
        if one is not None:
            await choose_names(self.host, self.session, one)


class _of_file:  # noqa: N801 - reads as a word: with _of_file()
    """What is refused of the file is told beside the question for its path."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused) and all(one.field == "file" for one in error.fields):
            raise Refused(error.message, [FieldProblem("path", error.message)]) from error


def template_words(session: Session, one: DocTemplate) -> str:
    """What stands beside a template's name: `Deals, Quotes · Italian`."""
    told = [_("retired") if one.retired else "", ", ".join(place_name(session, place) for place in one.types)]
    return f" {DOT} ".join(filter(None, [*told, one.language, "Jinja" if one.engine == "jinja" else ""]))


def fault_lines(fault: TemplateFault) -> list[str]:
    """`table 1, row 2: there is nothing called {Amout}; did you mean {Amount}?`, and the paragraph under it."""
    lines = [f"{fault.where}: {fault.message}"]
    return [*lines, f"    {fault.text}"] if fault.text else lines
