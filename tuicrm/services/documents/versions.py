"""What becomes of a document that was made: newer versions, each beside the older ones; deleted, restored; as a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from tuicrm.domain.documents import document
from tuicrm.domain.documents.document import DocumentRecord, DocVersion, VersionHow, written
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.errors import AccessDenied, NotFound, Refused, Unreachable
from tuicrm.i18n import _
from tuicrm.limits import DOCUMENT_TITLE, DOCUMENT_VERSIONS, TEMPLATE_SIZE
from tuicrm.services.documents import reading
from tuicrm.services.documents.document_rights import why_not_make
from tuicrm.services.documents.filling import DocumentFilling, FilledDocument, fill, language_of
from tuicrm.services.documents.making import ENTRY, version
from tuicrm.services.documents.reading import Document
from tuicrm.services.documents.template_checks import opened
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import DOCUMENTS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Key


def again(session: Session, found: Document) -> Document:
    """A newer version from the item as it is today and the template as it is by now; number and title stay, and so does what was said
    for this document alone. Raises NotFound, AccessDenied, Refused."""
    owner, template = _owner(session, found), reading.template_of(session, found)
    if template is None:
        raise NotFound(_("The template of {ref} no longer exists.").format(ref=found.ref))
    _require_open(found)
    language = language_of(session, session.get(owner), template)
    filled = fill(session, _filling(session, found, template, language, found.record.overrides))
    return _add(session, found, filled, "again", found.record.overrides)


def change(session: Session, found: Document, said: Mapping[str, str], *, title: str = "") -> Document:
    """A newer version in which some values are otherwise ("" empties one); all others stay as they were printed. A title alone makes
    no version. Raises NotFound, AccessDenied, Refused."""
    _owner(session, found)
    _require_open(found)
    if title.strip():
        found = _rename(session, found, " ".join(title.split()))
    if not said:
        return found
    template, record = reading.template_of(session, found), found.record
    if template is None:
        raise NotFound(_("The template of {ref} no longer exists.").format(ref=found.ref))
    overrides = {**record.overrides, **said}
    filling = _filling(session, found, template, record.language, overrides)
    if record.values:
        filling = replace(filling, kept=record.values)
    filled = fill(session, filling)
    known = {name.partition("~")[0] for name in filled.values}
    unknown = [name for name in said if name.partition("~")[0].partition("/")[0] not in known]
    if unknown:
        raise Refused(_("the document does not contain {name}").format(name=f"{{{unknown[0]}}}"))
    filled = replace(filled, printed=_joined(record, filled.printed), items=_joined(record, filled.items, "items"))
    return _add(session, found, filled, "changed", overrides)


def _joined(record: DocumentRecord, more: object, name: str = "printed") -> list[str]:
    """What stood in the newest version may stand in the next one."""
    before = getattr(record.newest, name)
    return sorted({*before, *(more if isinstance(more, list) else [])})


def upload(session: Session, found: Document, content: bytes) -> Document:
    """A version that was edited by hand (.docx). Raises NotFound, AccessDenied, Refused for what is no sound document."""
    _owner(session, found)
    _require_open(found)
    if len(content) > TEMPLATE_SIZE.most:
        raise TEMPLATE_SIZE.refused("file", content)
    opened(content)
    blob, newest = session.store.blobs.put(content), found.record.newest
    at, by = stamp(session.moment()), session.person_key
    made = DocVersion(0, at, by, blob, len(content), "uploaded", newest.printed, newest.items)
    return _append(session, found, made, lambda record: record)


def delete(session: Session, found: Document) -> None:
    """Delete a document; its number stays given, `restore` and undo bring it back. Raises NotFound, AccessDenied."""
    with session.change(_("delete the document “{title}”").format(title=found.record.title)) as change:
        change.remove(DOCUMENTS, found.record.id)


def restore(session: Session, number: int) -> Document:
    """Have a deleted document again, as it was last. Raises NotFound, AccessDenied, Refused."""
    shown = document.show_ref(number)
    if session.whole.get(DOCUMENTS, [number]):
        raise Refused(_("{ref} has not been deleted.").format(ref=reading.by_id(session, number).ref))
    versions = session.whole.past.history(Key(DOCUMENTS, number))
    doc = versions[1].doc if len(versions) > 1 and versions[0].doc is None else None
    owner = Ref.read(doc.get("owner")) if doc is not None else None
    if doc is None or owner is None or session.peek(owner) is None:
        raise NotFound(_("There is no document {ref}.").format(ref=shown))
    title = document.read(number, doc).title
    with session.change(_("restore the document “{title}”").format(title=title)) as change:
        change.recover(DOCUMENTS, number, doc, versions[0].seq)
    return reading.by_id(session, number)


def require_pdf() -> None:
    """Raise Unreachable, with what to install, where no PDF can be made here."""
    from tuicrm.documents.pdf import find_soffice, how_to_install

    if find_soffice() is None:
        raise Unreachable(how_to_install())


def pdf(session: Session, found: Document, n: int = 0, *, stopped: Callable[[], bool] = lambda: False) -> bytes:
    """A version as a PDF (the newest for 0): converted once, then kept. Blocks for some seconds: for a worker.

    Raises AccessDenied, NotFound, and as `tuicrm.documents.pdf.convert` does."""
    from tuicrm.documents.pdf import convert

    wanted = reading.version_of(session, found, n)
    known = found.record.pdfs.get(wanted.blob)
    if known:
        with session.store.blobs.open(known) as file:
            return file.read()
    made = convert(reading.content(session, found, wanted.n), stopped=stopped)
    if not session.store.read_only:
        _keep_pdf(session, found.record.id, wanted.blob, session.store.blobs.put(made))
    return made


def _keep_pdf(session: Session, number: int, blob: str, made: str) -> None:
    """Note a PDF beside its version: it follows from that, whoever asked for it first, and is no step of anyone's undo."""

    def note(draft: Draft) -> None:
        doc = draft.get(Key(DOCUMENTS, number))
        if doc is not None:
            pdfs = doc.get("pdfs")
            draft.put(Key(DOCUMENTS, number), {**doc, "pdfs": {**(pdfs if isinstance(pdfs, dict) else {}), blob: made}})

    with session.change(_("keep a PDF"), fixed=True) as change:
        change.follow(note)


# -- adding a version --------------------------------------------------------------------------------------------------
def _owner(session: Session, found: Document) -> Ref:
    """The item of a document that this person may change. Raises NotFound, AccessDenied."""
    owner = found.record.owner
    if owner is None:
        raise NotFound(_("There is no document {ref}.").format(ref=found.ref))
    if reason := why_not_make(session, session.get(owner)):
        raise AccessDenied(reason)
    return owner


def _require_open(found: Document) -> None:
    """Nobody changes what they may not see."""
    if found.closed:
        raise AccessDenied(f"{found.ref}: {found.closed}")


def _filling(
    session: Session, found: Document, template: DocTemplate, language: str, overrides: Mapping[str, str]
) -> DocumentFilling:
    record = found.record
    return DocumentFilling(
        _owner(session, found),
        template.blob,
        template.engine,
        language,
        record.number,
        record.title,
        record.at or stamp(session.moment()),
        overrides,
        stamps=record.stamps,
    )


def _add(
    session: Session, found: Document, filled: FilledDocument, how: VersionHow, overrides: Mapping[str, str]
) -> Document:
    made = version(session, filled, 0, how)
    values, said, language = dict(filled.values), dict(overrides), filled.language
    return _append(
        session, found, made, lambda record: replace(record, values=values, overrides=said, language=language)
    )


def _append(
    session: Session, found: Document, made: DocVersion, take: Callable[[DocumentRecord], DocumentRecord]
) -> Document:
    """Put a version behind those that there are by then."""

    def step(doc: Doc) -> Doc:
        record = document.read(found.record.id, doc)
        if len(record.versions) >= DOCUMENT_VERSIONS.most:
            raise DOCUMENT_VERSIONS.refused("versions", record.title)
        numbered = replace(made, n=record.newest.n + 1)
        return {**doc, **written(replace(take(record), versions=(*record.versions, numbered)))}

    owner = _owner(session, found)
    label = _("change the document “{title}”").format(title=found.record.title)
    with session.change(label) as change:
        change.reshape(DOCUMENTS, found.record.id, step)
        told = {"title": found.record.title, "number": found.record.number, "how": made.how, "document": found.ref}
        change.entry(owner, ENTRY, told)
    return reading.by_id(session, found.record.id)


def _rename(session: Session, found: Document, title: str) -> Document:
    DOCUMENT_TITLE.check("title", title)
    if title != found.record.title:
        with session.change(_("rename the document “{title}”").format(title=title)) as change:
            change.patch(DOCUMENTS, found.record.id, {"title": title}, base={"title": found.record.title})
    return reading.by_id(session, found.record.id)
