"""Making a document: what it would say is worked out and shown as a plan; number, record and timeline entry are one commit.

The number stands in the file, so the file is made for the number that comes next, and kept before any record names it; where somebody
else took that number meanwhile, it is made again with the one after. Who is late again and again has one reserved. What is killed in
between leaves a content that nothing names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.documents.document import DocumentRecord, DocVersion, show_ref, written
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.stamps import stamp
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refusal, Refused
from tuicrm.i18n import _
from tuicrm.limits import DOCUMENT_TITLE
from tuicrm.services.documents import reading
from tuicrm.services.documents.document_rights import may_use, why_not_make
from tuicrm.services.documents.filling import DocumentFilling, FilledDocument, fill, language_of
from tuicrm.services.documents.into_item import as_filled, drafted, read_into
from tuicrm.services.documents.templates import TABLE, next_of, series
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.numbers import ReservedNumber, take
from tuicrm.services.kernel.reader import DOCUMENTS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Key

if TYPE_CHECKING:
    from tuicrm.services.kernel.changes import Change

ENTRY = "document"
"""The kind of timeline entries that tell of documents."""
_OFTEN = 4
"""So many times somebody else is quicker; then a number is reserved."""


class ShownDocument(Struct, frozen=True):
    """What a plan was read from: how far the store was (`seq`), what was filled from what."""

    seq: int
    filling: DocumentFilling
    filled: FilledDocument


class DocumentPlan(Struct, frozen=True):
    """A document as it would be made: its number (shown, not given yet), language and values; what has no value, and what is kept
    back from this person, by the labels of the fields. `overrides` were said for this document alone; `into_item` are values in JSON
    form that its item gets, which was `base` when they were said."""

    owner: Ref
    template: DocTemplate
    title: str
    number: str
    language: str
    values: Mapping[str, Any]
    missing: Sequence[str]
    kept_back: Sequence[str]
    overrides: Mapping[str, str] = MappingProxyType({})
    own_title: str = ""
    into_item: Mapping[str, Any] = MappingProxyType({})
    base: Item | None = None
    shown: ShownDocument | None = None


# -- which template ----------------------------------------------------------------------------------------------------
def fitting(session: Session, ref: Ref) -> list[DocTemplate]:
    """The templates that this person may use on an item, the newest used first, then in their order. Raises NotFound."""
    item = session.get(ref)
    found = [one for one in session.workspace.doc_templates.values() if _fits(session, one, item)]
    used = _last_used(session)
    return sorted(found, key=lambda one: -used.get(one.key, 0))


def _fits(session: Session, template: DocTemplate, item: Item) -> bool:
    if template.deleted or template.retired or not may_use(session, template):
        return False
    pipeline = session.workspace.pipeline_of(item.type, item.fields)
    return template.is_for(item.type, pipeline.key if pipeline is not None else "")


def _last_used(session: Session) -> dict[str, int]:
    """The newest document of each template, by its id."""
    from tuicrm.domain.conditions import Test
    from tuicrm.store.protocol import Ordered

    found = {}
    for key in session.workspace.doc_templates:
        asked = Ordered(DOCUMENTS, Test("template", "string", "=", key))
        found[key] = next(iter(session.whole.window(asked, 1, -1).ids), 0)
    return found


def find_fitting(session: Session, ref: Ref, text: str) -> DocTemplate:
    """The template that is meant, of those that fit an item. Raises NotFound with those there are, Refused for several, and for one
    that does not fit."""
    from tuicrm.domain import named
    from tuicrm.services.documents.templates import find_template

    known = [named.labelled(one, one.key, one.label, session.language) for one in fitting(session, ref)]
    nothing = _("There is no template “{name}” for {ref}").format(name=text, ref=session.workspace.show_ref(ref))
    try:
        return named.the(text, known, nothing)
    except named.NotNamed as missing:
        if missing.several:
            raise Refused(missing.message) from missing
        try:
            other = find_template(session, text)
        except Refusal:
            raise NotFound(missing.message) from missing
        raise Refused(
            _("The template “{name}” is not for {ref}").format(name=other.label, ref=session.workspace.show_ref(ref))
            + named.there_are(text, known)
        ) from missing


# -- what it would say -------------------------------------------------------------------------------------------------
def plan(
    session: Session,
    ref: Ref,
    template: DocTemplate,
    overrides: Mapping[str, str] | None = None,
    into_item: Mapping[str, str] | None = None,
    *,
    title: str = "",
    canonical: bool = True,
    given: Mapping[str, Any] | None = None,
) -> DocumentPlan:
    """What a document would say; nothing is written. `into_item` are texts for fields of the item itself, by field or placeholder
    (`canonical` as `items.values` has it), `given` such values in JSON form, by field. Raises NotFound, AccessDenied, Refused,
    RequiredFields."""
    seq, item = session.store.seq(), require_fitting(session, ref, template)
    said = dict(overrides or {})
    given = {**(given or {}), **read_into(session, item, into_item or {}, canonical=canonical)}
    number = next_of(session, template)
    called = _title(title, template, number)
    filling = _filling(session, as_filled(session, item, given), template, said, number, called)
    filled = fill(session, filling)
    _refuse_unknown(said, filled)
    back = set(filled.kept_back)
    missing = [name for name, text in filled.values.items() if _is_empty(text) and name not in back]
    return DocumentPlan(
        ref,
        template,
        called,
        number,
        filled.language,
        filled.values,
        missing,
        filled.kept_back,
        said,
        title.strip(),
        given,
        item,
        ShownDocument(seq, filling, filled),
    )


def require_fitting(session: Session, ref: Ref, template: DocTemplate) -> Item:
    """An item that this person may make a document of with a template. Raises NotFound, AccessDenied, Refused."""
    item = session.get(ref)
    if reason := why_not_make(session, item):
        raise AccessDenied(reason)
    if not _fits(session, template, item):
        shown = session.workspace.show_ref(ref)
        raise Refused(_("The template “{name}” is not for {ref}").format(name=template.label, ref=shown))
    return item


def _is_empty(text: object) -> bool:
    return not any(text) if isinstance(text, list) else not text


def _refuse_unknown(said: Mapping[str, str], filled: FilledDocument) -> None:
    """What was said for this document alone must stand in it."""
    asked = {key.partition("~")[0].partition("/")[0] for key in filled.values}
    unknown = [name for name in said if name.partition("~")[0].partition("/")[0] not in asked]
    if unknown:
        from tuicrm.services.documents.names import nearest

        near = nearest(unknown[0], sorted(asked))
        message = _("the template does not contain {name}").format(name=f"{{{unknown[0]}}}")
        if near:
            message = _("{what}; did you mean {near}?").format(what=message, near=near)
        raise Refused(message, [FieldProblem(unknown[0], message, said[unknown[0]])])


def _title(said: str, template: DocTemplate, number: str) -> str:
    title = " ".join(said.split()) or f"{template.label} {number}"
    DOCUMENT_TITLE.check("title", title)
    return title


def _filling(
    session: Session, item: Item, template: DocTemplate, said: Mapping[str, str], number: str, title: str
) -> DocumentFilling:
    return DocumentFilling(
        item.ref,
        template.blob,
        template.engine,
        language_of(session, item, template),
        number,
        title,
        stamp(session.moment()),
        said,
        stamps=template.stamps,
        item=item,
    )


# -- making ------------------------------------------------------------------------------------------------------------
def make(session: Session, planned: DocumentPlan) -> reading.Document:
    """Make a document as it was planned, with the number that comes next by now; what is filled into the item is written with it.
    Raises NotFound, AccessDenied, Refused, Conflict, StorageError; nothing of it is there then."""
    ref, template = planned.owner, planned.template
    require_fitting(session, ref, template)
    name = session.workspace.show_ref(ref)
    numbers = series(session, template)
    reserved, tries = ReservedNumber(session, numbers), 0

    def number(draft: Draft) -> str:
        nonlocal tries
        tries += 1
        return reserved.text if tries > _OFTEN else take(draft, numbers)

    label = _("create the document “{name}” for {ref}").format(name=template.label, ref=name)
    is_made = False
    try:
        with session.change(label) as change:
            made = intend(change, session, planned, number)
        is_made = True
    finally:
        if not is_made:
            reserved.give_back()
    return reading.by_id(session, made)


def make_unseen(session: Session, ref: Ref, template: DocTemplate) -> reading.Document:
    """Make a document that nobody looks at before. Raises as `make` does."""
    return make(session, unseen(ref, template))


def unseen(ref: Ref, template: DocTemplate) -> DocumentPlan:
    """A plan that nobody was shown."""
    return DocumentPlan(ref, template, "", "", "", {}, (), ())


def intend(change: Change, session: Session, planned: DocumentPlan, number: Callable[[Draft], str]) -> int:
    """Have a change make a document as it was planned, of its item as it is when that is committed; returns its id."""
    ref, template = planned.owner, planned.template

    def step(draft: Draft, made_id: int) -> Doc:
        draft.rest_on(TABLE, draft.workspace.entry(TABLE, template.key))
        draft.hold(Key(*ref))
        given = number(draft)
        title = _title(planned.own_title, template, given)
        record = _record(session, planned, drafted(draft, ref), given, title)
        draft.entry(ref, ENTRY, {"title": title, "number": given, "how": "made", "document": show_ref(made_id)})
        return written(record)

    if planned.into_item:
        change.edit(ref, planned.into_item, base=planned.base)
    return change.make(DOCUMENTS, step)


def _record(session: Session, planned: DocumentPlan, item: Item, number: str, title: str) -> DocumentRecord:
    """The record, of which the file is kept already."""
    filling = _filling(session, item, planned.template, planned.overrides, number, title)
    filled = _as_shown(session, planned.shown, filling) or fill(session, filling)
    first = version(session, filled, 1, "made")
    return DocumentRecord(
        0,
        planned.owner,
        planned.template.key,
        title,
        number,
        filling.created,
        session.person_key,
        filled.language,
        planned.template.stamps,
        dict(filled.values),
        dict(planned.overrides),
        (first,),
    )


def _as_shown(session: Session, shown: ShownDocument | None, filling: DocumentFilling) -> FilledDocument | None:
    """What was shown, where it would come out the same: nobody has written anything since, in the same minute, with that number."""
    if shown is None or shown.seq != session.store.seq():
        return None
    was = shown.filling
    if was.item is None or filling.item is None or was.item.fields != filling.item.fields:
        return None
    same = replace(filling, item=was.item, created=was.created) == was and filling.created[:16] == was.created[:16]
    return shown.filled if same else None


def version(session: Session, filled: FilledDocument, n: int, how: Any) -> DocVersion:  # noqa: ANN401 - a VersionHow
    """A version of what was filled, whose file is kept."""
    blob = session.store.blobs.put(filled.content)
    at, by = stamp(session.moment()), session.person_key
    return DocVersion(n, at, by, blob, len(filled.content), how, tuple(filled.printed), tuple(filled.items))
