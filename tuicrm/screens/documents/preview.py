"""A document before it is made: what will stand in it, what is missing, what prints empty. Values are said here, for the item or for
this document alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace
from textual.widget import Widget

from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.screens.asking import question, value_of
from tuicrm.screens.documents.plan_lines import (
    PDF,
    TITLE,
    groups_of,
    is_placeholder,
    label_of,
    meant_by,
)
from tuicrm.screens.documents.value_forms import value_form
from tuicrm.services.documents import making, versions
from tuicrm.services.documents.into_item import as_filled
from tuicrm.services.documents.making import DocumentPlan
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.form import Form
from tuicrm.widgets.menu import Menu, MenuEntry
from tuicrm.widgets.progress import ShowsProgress, with_progress
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import PaneColumn, TablePane

_COLUMNS = (PaneColumn("", 30, least=16), PaneColumn("", 60, least=20))


class DocumentPreview(Dialog[DocumentPlan]):
    """Ends with the plan that is to be carried out, in which the values for the item are; `pdf` says whether a PDF is wanted as
    well."""

    DEFAULT_CSS = "DocumentPreview TablePane { height: 1fr; }"

    scope = "document preview"
    cells = 100
    tall = True

    def __init__(self, session: Session, surface: Surface, planned: DocumentPlan, *, pdf: bool = False) -> None:
        ref = session.workspace.show_ref(planned.owner)
        super().__init__(surface, _("{template} for {item}").format(template=planned.template.label, item=ref))
        self._session = session
        self.planned = planned
        self.pdf = pdf
        self._words = Vocabulary(session, planned.owner.type)
        self.pane = TablePane(surface.look)

    def contents(self) -> Iterable[Widget]:
        return (self.pane,)

    def on_mount(self) -> None:
        self._show(next(iter(self.planned.missing), TITLE))
        self.pane.focus()

    def _show(self, cursor: str | None = None) -> None:
        groups = groups_of(self.planned, self._words, self._session.language, pdf=self.pdf)
        self.pane.show_table(_COLUMNS, groups, cursor)

    def on_line_pane_moved(self) -> None:
        self.host.refresh_hints()

    # -- leaving it -----------------------------------------------------------------------------------------------------
    def do_cancel(self) -> None:
        """What was said here is lost with it, and so is asked about."""
        said = self.planned.overrides or self.planned.into_item or self.planned.own_title
        if said:
            self.host.start(self._leave_if_agreed())
        else:
            self.leave()

    async def _leave_if_agreed(self) -> None:
        title, text = _("Leave without creating it?"), _("What you filled in here is kept nowhere.")
        if await self.host.ask(Confirm(self.surface, title, text)):
            self.leave()

    # -- what can be done ----------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        """Why an action cannot be done on the row under the cursor."""
        if action_id == "plan.value" and self._here not in (TITLE, PDF) and not is_placeholder(self._here):
            return _("This cannot be changed here.")
        return None

    @property
    def _here(self) -> str:
        return self.pane.cursor or ""

    def do_plan_make(self) -> None:
        self.leave(self.planned)

    def do_plan_pdf(self) -> None:
        """A PDF besides, or not; where none can be made, what to install is said."""
        if not self.pdf:
            versions.require_pdf()
        self.pdf = not self.pdf
        self._show(self._here)

    async def do_plan_title(self) -> None:
        asked = Question("title", _("Title"), text=self.planned.title, required=True)
        answers = await self.host.ask(Form(self.surface, _("Title of the document"), [asked]))
        if answers is not None and answers["title"] != self.planned.title:
            await self._again(title=str(answers["title"]))

    async def do_plan_value(self) -> None:
        """Say the value under the cursor: in the item, or for this document alone."""
        name = self._here
        if name == PDF:
            self.do_plan_pdf()
        elif name == TITLE:
            await self.do_plan_title()
        elif is_placeholder(name):
            field = self._field(name)
            where = await self._where(name, field) if field is not None else "here"
            if where == "item" and field is not None:
                await self._into_item(field)
            elif where:
                await self._here_alone(name)

    # -- values --------------------------------------------------------------------------------------------------------
    def _field(self, name: str) -> Field | None:
        """The item's own field that a placeholder prints, where this person may change it by hand."""
        session, ref = self._session, self.planned.owner
        meant = meant_by(self._words, name)
        if meant is None or meant.route != "item" or len(meant.sources) != 1:
            return None
        type_key, _dot, key = meant.source.partition(".")
        field = session.workspace.field(type_key, key) if type_key == ref.type else None
        if field is None or field.read_only or field.traits.holds_rows or field.traits.is_stage:
            return None
        return field if session.access.may("edit", ref.type, session.get(ref).fields) else None

    async def _where(self, name: str, field: Field) -> str:
        """Where a value is to go: "item", "here", or "" when left."""
        shown = self._session.workspace.show_ref(self.planned.owner)
        label = self._session.label(field.label)
        into = _("into {field} of {item}, once it is created").format(field=label, item=shown)
        entries = {
            "item": MenuEntry("i", into, _nothing),
            "here": MenuEntry("d", _("into this document only"), _nothing),
        }
        menu = Menu(self.surface, label_of(self._words, name), list(entries.values()))
        menu.cells = 60
        chosen = await self.host.ask(menu)
        return next((where for where, entry in entries.items() if entry is chosen), "")

    async def _into_item(self, field: Field) -> None:
        """Ask for the item's value; it is written with the document, so that one undo takes both."""
        session, item = self._session, self._session.get(self.planned.owner)
        before = self.planned.into_item
        present = before[field.key] if field.key in before else item.get(field.key)
        given: dict[str, Any] = {}

        def take(answers: Mapping[str, Answer]) -> None:
            given[field.key] = value_of(session, field, answers[field.key], present)
            as_filled(session, item, {**before, **given})

        title = _("{item}: {field}").format(item=session.workspace.show_ref(item.ref), field=session.label(field.label))
        if await self.host.ask(Form(self.surface, title, [question(session, field, present)], take)) is not None:
            await self._again(given={**before, **given})

    async def _here_alone(self, name: str) -> None:
        """Ask for a text for this very placeholder: others of that name, with another modifier, stay."""
        said = await value_form(self.host, label_of(self._words, name), name, self.planned.values.get(name, ""))
        if said:
            await self._again({**self.planned.overrides, **said})

    async def _again(
        self, overrides: Mapping[str, str] | None = None, title: str = "", given: Mapping[str, Any] | None = None
    ) -> None:
        """Work out once more what it would say."""
        here, before = self._here, self.planned
        wanted = replace(
            before,
            overrides=before.overrides if overrides is None else overrides,
            own_title=title or before.own_title,
            into_item=before.into_item if given is None else given,
        )
        try:
            found = await plan_again(self.host, self._session, wanted)
        except CrmError as error:
            self.host.messages.say_error(error)
            return
        if found is not None and self.is_attached:
            self.planned = found
            self._show(here if self.pane.has(here) else None)
            self.host.refresh_hints()


async def plan(host: ShowsProgress, session: Session, ref: Ref, template: DocTemplate) -> DocumentPlan | None:
    """What a document would say, worked out on a thread; None when that was stopped."""
    return await with_progress(host, _filling(), lambda _tell: making.plan(session, ref, template))


async def plan_again(host: ShowsProgress, session: Session, was: DocumentPlan) -> DocumentPlan | None:
    """The same with all that was said of it, of its item as it is by now."""

    def work(_tell: object) -> DocumentPlan:
        return making.plan(session, was.owner, was.template, was.overrides, title=was.own_title, given=was.into_item)

    return await with_progress(host, _filling(), work)


def _filling() -> str:
    return _("Filling the template")


def _nothing() -> None:
    """What is chosen is done by who asked."""
