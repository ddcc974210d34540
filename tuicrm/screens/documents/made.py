"""What is done with a document that was made: viewed, opened, saved, made again, changed, edited by hand, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from tuicrm.domain.context import Choice
from tuicrm.domain.documents.document import DocVersion
from tuicrm.domain.kinds.dates import short_when
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import N_, _
from tuicrm.limits import TEMPLATE_SIZE
from tuicrm.login import at_home
from tuicrm.screens.documents.handing_over import hand_over, lay_down, save_asked
from tuicrm.screens.documents.making import pdf_of
from tuicrm.screens.documents.plan_lines import label_of, language_name, text_of
from tuicrm.screens.documents.value_forms import value_form
from tuicrm.screens.host import Host
from tuicrm.services.documents import document_rights, reading, versions
from tuicrm.services.documents.reading import Document
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.form import Form
from tuicrm.widgets.pages import Pages, paragraphs
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.progress import with_progress
from tuicrm.widgets.question import Answer, Question

HOW: dict[str, str] = {
    "made": N_("created"),
    "again": N_("created again"),
    "changed": N_("values changed"),
    "uploaded": N_("edited by hand"),
}
"""How a version came about, in a word."""

_READS = ("documents.open", "documents.pdf", "documents.save", "copy.value")
_CHANGES = ("documents.again", "documents.change", "documents.upload")
_DOCX, _PDF = "docx", "pdf"


def why_not(session: Session, found: Document, action_id: str) -> str | None:
    """Why something cannot be done with a document, as a sentence; None when it can."""
    if action_id in (*_READS, *_CHANGES) and found.closed:
        return found.closed
    if action_id in (*_CHANGES, "documents.delete"):
        owner = session.peek(found.record.owner) if found.record.owner is not None else None
        return document_rights.why_not_make(session, owner) if owner is not None else None
    return None


async def content_of(host: Host, found: Document, n: int = 0, *, pdf: bool = False) -> bytes:
    """The file of a version, as it is or as a PDF. Raises as `pdf_of`."""
    if not pdf:
        return await asyncio.to_thread(reading.content, host.session, found, n)
    return await pdf_of(host, found, n)


async def open_document(host: Host, found: Document, n: int = 0, *, pdf: bool = False) -> Path | None:
    """Hand the file over; returns where it lies, None where it lies nowhere."""
    content = await content_of(host, found, n, pdf=pdf)
    return await hand_over(host, reading.file_name(found, _PDF if pdf else _DOCX), content)


def path_of(session: Session, found: Document) -> Path:
    """Where the newest version lies as a file of the person's own; it is laid down there. Raises StorageError, AccessDenied."""
    return lay_down(reading.file_name(found), reading.content(session, found))


async def save_document(host: Host, found: Document, n: int = 0) -> None:
    """Ask for a path and write the file there; a name that ends in .pdf asks for that."""
    title = _("Save {title}").format(title=found.record.title)

    async def content(path: Path) -> bytes:
        return await content_of(host, found, n, pdf=path.suffix.lower() == ".pdf")

    await save_asked(host, title, reading.file_name(found), content, hint=_("ending in .pdf: as a PDF"))


async def view_document(host: Host, found: Document) -> None:
    """What it is, what it says, and its versions."""
    session, record = host.session, found.record
    context = session.context()
    template = reading.template_of(session, found)
    texts = [
        f"{_('Number')}: {record.number}",
        f"{_('Template')}: {template.label if template is not None else '?'}",
        f"{_('Language')}: {language_name(record.language or session.language, session.language)}",
        *(version_told(session, one) for one in reversed(record.versions)),
    ]
    if found.closed:
        texts += ["", found.closed]
    elif record.owner is not None and record.owner.type in session.workspace.types:
        words = Vocabulary(session, record.owner.type)
        texts += ["", *(f"{label_of(words, name)}: {text_of(value) or '—'}" for name, value in record.values.items())]
    title = f"{found.ref} {record.title} · {short_when(record.at, context)}"
    await host.ask(Pages(host.surface, title, lambda cells: paragraphs(texts, cells)))


def version_told(session: Session, one: DocVersion) -> str:
    """`Version 2: values changed · Mon 10:00 · Anna Bianchi`."""
    who = session.names.person(one.by) or one.by
    parts = (_(HOW.get(one.how, one.how)), short_when(one.at, session.context()) if one.at else "", who)
    return _("Version {n}: {told}").format(n=one.n, told=" · ".join(filter(None, parts)))


async def choose_version(host: Host, found: Document) -> None:
    """Open or save one of its versions."""
    session = host.session
    choices = [Choice(str(one.n), version_told(session, one)) for one in reversed(found.record.versions)]
    chosen = await host.ask(Picker(host.surface, _("Versions of {title}").format(title=found.record.title), choices))
    if chosen:
        if reason := document_rights.why_closed(session, reading.version_of(session, found, int(chosen[0]))):
            raise AccessDenied(reason)
        await save_document(host, found, int(chosen[0]))


# -- newer versions ----------------------------------------------------------------------------------------------------
async def make_again(host: Host, found: Document) -> None:
    """A new version from the item as it is today."""
    session = host.session
    made = await with_progress(host, _("Creating it again"), lambda _tell: versions.again(session, found))
    if made is not None:
        _told(host, made)


async def change_document(host: Host, found: Document) -> None:
    """Ask which value, then what it is to be; a new version has it."""
    session, record = host.session, found.record
    words = Vocabulary(session, record.owner.type) if record.owner is not None else None
    title = Choice("", _("Title"), record.title)
    choices = [title]
    for name, value in record.values.items() if words is not None else ():
        choices.append(Choice(name, label_of(words, name) if words is not None else name, text_of(value)))
    chosen = await host.ask(Picker(host.surface, _("Which value"), choices))
    if chosen is None:
        return
    if not chosen or not chosen[0]:
        asked = Question("title", _("Title"), text=record.title, required=True)
        answers = await host.ask(Form(host.surface, _("Title of the document"), [asked]))
        if answers is not None:
            _told(host, versions.change(session, found, {}, title=str(answers["title"])))
        return
    name = chosen[0]
    value = record.values[name]
    label = next(choice.label for choice in choices if choice.key == name)
    said = await value_form(host, label, name, value)
    if said:
        made = await with_progress(host, _("Changing"), lambda _tell: versions.change(session, found, said))
        if made is not None:
            _told(host, made)


async def upload_version(host: Host, found: Document) -> None:
    """Ask for a file that was edited by hand; it becomes the newest version."""
    made: list[Document] = []

    def take(answers: Mapping[str, Answer]) -> None:
        made.append(versions.upload(host.session, found, read_file(str(answers["path"]))))

    question = Question("path", _("File"), required=True, hint=_("the path of a Word file (.docx)"))
    title = _("Edited version of {title}").format(title=found.record.title)
    await host.ask(Form(host.surface, title, [question], take))
    if made:
        _told(host, made[0])


def read_file(typed: str) -> bytes:
    """What a file holds, as a form asks for it. Raises Refused with the field `path` for what is no such file (a named pipe would be
    waited for), and for a large one."""
    path = at_home(typed.strip())
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            told = _("{path} is not a file.").format(path=path)
            raise Refused(told, [FieldProblem("path", told)])
        with path.open("rb") as file:
            content = file.read(TEMPLATE_SIZE.most + 1)
    except (OSError, ValueError) as error:
        told = _("There is no file {path}.").format(path=path)
        if isinstance(error, OSError) and not isinstance(error, (FileNotFoundError, IsADirectoryError)):
            told = f"{path}: {error.strerror}"
        raise Refused(told, [FieldProblem("path", told)]) from error
    if len(content) > TEMPLATE_SIZE.most:
        raise TEMPLATE_SIZE.refused("path", typed)
    return content


def delete_document(host: Host, found: Document) -> None:
    """Delete it; undo brings it back."""
    versions.delete(host.session, found)
    host.reload()
    host.say_done(_("Deleted: {what}").format(what=found.record.title))


def _told(host: Host, made: Document) -> None:
    host.session.store.refresh()
    host.reload()
    host.say_done(_("{title}: version {n}").format(title=made.record.title, n=made.record.newest.n))
