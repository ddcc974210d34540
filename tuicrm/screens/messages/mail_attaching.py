"""What goes along with a mail that is being written: files by their path, documents made here, as they are or as a PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import MessageFile
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.screens.documents import made
from tuicrm.screens.host import Host
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.services.documents import reading
from tuicrm.services.documents.reading import Document
from tuicrm.services.messages import writing
from tuicrm.services.messages.mail_files import kept_file, with_files
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.form import Form
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.question import Answer, Question


class MailAttaching(Controller):
    """Attaches to one mail, which is on some items."""

    def __init__(self, host: Host, form: MailForm, on: Sequence[Ref]) -> None:
        self._host, self._form, self._on = host, form, on

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("mail.document", "mail.document_as_is") and not self._documents():
            return _("No document was made of this yet.")
        return None

    async def do_mail_attach(self) -> None:
        """Ask for a path; the file is taken in."""
        taken: list[MessageFile] = []

        def take(answers: Mapping[str, Answer]) -> None:
            try:
                taken.extend(writing.attached(self._host.session, [Path(str(answers["path"]).strip())]))
            except Refused as refused:
                told = refused.fields[0].message if refused.fields else refused.message
                raise Refused(told, [FieldProblem("path", told)]) from refused

        asked = Question("path", _("File"), required=True, hint=_("the path of a file"))
        await self._host.ask(Form(self._host.surface, _("Attach a file"), [asked], take))
        self._add(taken)

    async def do_mail_document(self) -> None:
        await self._attach_document(pdf=True)

    async def do_mail_document_as_is(self) -> None:
        await self._attach_document(pdf=False)

    def _add(self, files: Sequence[MessageFile]) -> None:
        """Have files go along. Raises Refused where they are too much."""
        self._form.show_files(with_files(self._form.files, files))

    async def _attach_document(self, *, pdf: bool) -> None:
        found = self._documents()
        document = next(iter(found.values()), None)
        if len(found) > 1:
            choices = [Choice(one.ref, one.record.title, f"{one.on} {one.record.number}") for one in found.values()]
            chosen = await self._host.ask(Picker(self._host.surface, _("Which document"), choices))
            document = found[chosen[0]] if chosen else None
        if document is not None:
            content = await made.content_of(self._host, document, pdf=pdf)
            name = reading.file_name(document, "pdf" if pdf else "docx")
            self._add([kept_file(self._host.session, name, content)])

    def _documents(self) -> dict[str, Document]:
        """Those made of the items that this person may read, newest first, by ref."""
        session = self._host.session
        found = (one for ref in self._on for one in reading.documents(session, ref))
        return {one.ref: one for one in found if not one.closed}
