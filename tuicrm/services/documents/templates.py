"""Document templates added, changed, replaced, put in order, retired and deleted (reference §9).

A file is kept as a blob, which the record names; documents name the template by its key, so that one which is deleted stays for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from tuicrm.domain import named
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.documents.templates import DocTemplate, counting, sharing
from tuicrm.domain.pipeline_steps import checked_name
from tuicrm.domain.schema import Numerator
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import TEMPLATE_NAME, TEMPLATE_SIZE, TEMPLATE_TYPES, TEMPLATES
from tuicrm.services.definitions import numbering
from tuicrm.services.documents.document_rights import may_use
from tuicrm.services.kernel.lookup import find_pipeline, find_type
from tuicrm.services.kernel.numbers import COUNTERS, NumberSeries, next_text, set_next
from tuicrm.services.kernel.numbers import next_of as next_number
from tuicrm.services.kernel.permissions import why_not_shape_templates
from tuicrm.services.kernel.reader import DOCUMENTS, Reader
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import check_members, find_member
from tuicrm.store.protocol import Key

TABLE = "template"
_GAP = 10
_COUNTERS_FROM = 1_000
"""Counters of templates have ids above this one, by their template's; that of items is the first."""


class TemplateDetails(NamedTuple):
    """What can be said of a template; None leaves it as it is (or as it is usual, for a new one).

    `types` are types and `type/pipeline`, `users` people and departments, as they are typed; `numbering` has the words of
    `numbering.WORDS`; `numbers` is another template that counts for this one, "" for none."""

    label: str | None = None
    types: Sequence[str] | None = None
    language: str | None = None
    numbering: Mapping[str, str] | None = None
    numbers: str | None = None
    users: Sequence[str] | None = None
    stamps: bool | None = None


# -- which there are ---------------------------------------------------------------------------------------------------
def templates(session: Session, *, retired: bool = False) -> list[DocTemplate]:
    """Those that this person may use or change, in their order; retired ones as well when asked for."""
    manages = why_not_change(session) is None
    return [
        one
        for one in session.workspace.doc_templates.values()
        if not one.deleted and (retired or not one.retired) and (manages or may_use(session, one))
    ]


def find_template(session: Session, text: str, *, begins: bool = False) -> DocTemplate:
    """A template by key or name, retired ones too; where it is only looked for (`begins`), by a beginning. Raises NotFound, listing
    those there are; Refused where it may be several."""
    known = [
        named.labelled(one, one.key, one.label, session.language, retired=one.retired)
        for one in templates(session, retired=True)
    ]
    nothing = _("There is no template “{name}”").format(name=text)
    try:
        return named.the(text, known, nothing, begins=begins)
    except named.NotNamed as missing:
        raise (Refused if missing.several else NotFound)(missing.message) from missing


def content(session: Session, template: DocTemplate) -> bytes:
    """The file of a template. Raises NotFound and Damaged for the content."""
    with session.store.blobs.open(template.blob) as file:
        return file.read()


def series(session: Reader, template: DocTemplate) -> NumberSeries:
    """The numbers of a template's documents."""
    known = session.workspace.doc_templates
    head = counting(known, template.key) or template
    counter = Key(COUNTERS, _COUNTERS_FROM + _entry(session, head.key).id)
    return NumberSeries(DOCUMENTS, head.numerator, "documents", counter, "template", tuple(sharing(known, head.key)))


def next_of(session: Reader, template: DocTemplate) -> str:
    """The number that its next document gets, as it would be written today."""
    return next_text(session, series(session, template))


def next_number_of(session: Reader, template: DocTemplate) -> int:
    """The same as the number that it counts."""
    return next_number(session, series(session, template))


# -- rights, records ---------------------------------------------------------------------------------------------------
def why_not_change(session: Session) -> str | None:
    """Why this person may not change templates; None when they may."""
    return why_not_shape_templates(session.access)


def _require_change(session: Session) -> None:
    reason = why_not_change(session)
    if reason is not None:
        raise AccessDenied(reason)


def _entry(session: Reader, key: str) -> ConfigRecord:
    entry = session.workspace.entry(TABLE, key)
    if entry is None:
        raise NotFound(_("This template was removed by someone. Choose another."))
    return entry


# -- adding, changing --------------------------------------------------------------------------------------------------
def add_template(
    session: Session, file: bytes, details: TemplateDetails, *, key: str = "", name: str = ""
) -> DocTemplate:
    """A new one, at the end of the list; `name` is that of the file. The key comes from the label unless given; it never changes.

    Raises Refused (a file that is no sound template among it), AccessDenied, StorageError."""
    _require_change(session)
    session.store.refresh()
    known = session.workspace.doc_templates
    doc, following = _fields(session, details._replace(label=details.label or ""))
    if not doc.get("types"):
        raise _wrong("types", _("say what it is for: a type, or TYPE/PIPELINE"), "")
    TEMPLATES.check_room("label", len(known), doc["label"])
    if key and key in known:
        raise _wrong("key", _("a template with this key already exists"), key)
    if key and key != slug(key, "template"):
        raise _wrong("key", _("use lower-case letters, digits and _ only"), key)
    doc["key"] = key or unused(slug(doc["label"], "template"), known)
    doc["sort"] = max((one.sort for one in known.values()), default=0) + _GAP
    doc |= _kept(session, file, name or f"{doc['key']}.docx")
    with session.change(_("add the template {name}").format(name=doc["label"]), counts=following is not None) as change:
        record = change.put(TABLE, {name: value for name, value in doc.items() if value is not None})
        if following is not None:
            numerator = msgspec.convert(doc, DocTemplate).numerator
            counter = NumberSeries(DOCUMENTS, numerator, "documents", Key(COUNTERS, _COUNTERS_FROM + record))
            change.follow(lambda draft: set_next(draft, counter, following))
    return session.workspace.doc_templates[doc["key"]]


def edit_template(session: Session, key: str, details: TemplateDetails) -> DocTemplate:
    """Change what is given of a template; its documents stay as they are. Raises Refused, NotFound, AccessDenied."""
    _require_change(session)
    session.store.refresh()
    fields, following = _fields(session, details, but=key)
    return _save(session, key, fields, _("change the template {name}"), following)


def replace_template(session: Session, key: str, file: bytes, *, name: str = "") -> DocTemplate:
    """Have documents made of a newer file from now on; those that were made stay as they are. Raises as `add_template`."""
    _require_change(session)
    session.store.refresh()
    entry = _entry(session, key)
    kept = _kept(session, file, name or str(entry.doc.get("file") or ""))
    fields = {**kept, "revision": session.workspace.doc_templates[key].revision + 1}
    if kept["blob"] == entry.doc.get("blob"):
        return session.workspace.doc_templates[key]
    return _save(session, key, fields, _("replace the file of the template {name}"))


def retire_template(session: Session, key: str, *, back: bool = False) -> DocTemplate:
    """Offer it no more, or again; its documents stay. Raises NotFound, AccessDenied."""
    _require_change(session)
    label = _("offer the template {name} again") if back else _("retire the template {name}")
    return _save(session, key, {"retired": None if back else True}, label)


def delete_template(session: Session, key: str) -> None:
    """Delete a template; its documents stay, and keep its name. Raises NotFound, AccessDenied."""
    _require_change(session)
    _save(session, key, {"deleted": True}, _("delete the template {name}"))


def restore_template(session: Session, key: str) -> DocTemplate:
    """Have a deleted one again. Raises NotFound, AccessDenied, Refused where another has its name by now."""
    _require_change(session)
    _name(session, str(_entry(session, key).doc.get("label")), key)
    return _save(session, key, {"deleted": None}, _("restore the template {name}"))


def move_template(session: Session, key: str, step: int) -> DocTemplate:
    """One place down (1) or up (-1) in the list; nothing at its ends."""
    _require_change(session)
    session.store.refresh()
    order = [one.key for one in session.workspace.doc_templates.values() if not one.deleted]
    at = order.index(str(_entry(session, key).doc["key"]))
    if 0 <= at + step < len(order):
        order.insert(at + step, order.pop(at))
        label = _("move the template {name}").format(name=session.workspace.doc_templates[key].label)
        with session.change(label) as change:
            for place, each in enumerate(order, start=1):
                entry = _entry(session, each)
                if entry.doc.get("sort") != place * _GAP:
                    change.patch(TABLE, entry.id, {"sort": place * _GAP})
    return session.workspace.doc_templates[key]


def _save(
    session: Session, key: str, fields: Mapping[str, Any], label: str, following: int | None = None
) -> DocTemplate:
    entry = _entry(session, key)
    name = fields.get("label") or session.workspace.doc_templates[key].label
    changes = any(entry.doc.get(each) != value for each, value in fields.items())
    if changes or following is not None:
        with session.change(label.format(name=name), counts=following is not None) as change:
            if changes:
                change.patch(TABLE, entry.id, fields)
            if following is not None:
                change.follow(lambda draft: set_next(draft, _changed_series(session, key, fields), following))
    return session.workspace.doc_templates[key]


def _changed_series(session: Session, key: str, fields: Mapping[str, Any]) -> NumberSeries:
    """A template's numbers as they are counted with these fields."""
    found = series(session, session.workspace.doc_templates[key])
    words = {name: value for name, value in fields.items() if name in ("pattern", "start", "step", "reset") and value}
    return msgspec.structs.replace(found, numerator=msgspec.structs.replace(found.numerator, **words))


# -- what is said of one -----------------------------------------------------------------------------------------------
def _kept(session: Session, file: bytes, name: str) -> dict[str, Any]:
    """The file as the record names it; its content is kept. Raises Refused."""
    from tuicrm.services.documents.template_checks import opened

    if len(file) > TEMPLATE_SIZE.most:
        raise TEMPLATE_SIZE.refused("file", file)
    found = opened(file)
    if lost := [f"{where}: {what}" for where, what in found.faults()]:
        raise Refused("; ".join(lost), [FieldProblem("file", each) for each in lost])
    engine = "jinja" if found.is_jinja else "plain"
    if found.is_jinja:
        from tuicrm.documents.jinja import names

        names(file)
    return {"blob": session.store.blobs.put(file), "file": _line(name), "size": len(file), "engine": engine}


def _line(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:255] or "template.docx"


def _fields(session: Session, details: TemplateDetails, but: str = "") -> tuple[dict[str, Any], int | None]:
    """As it is kept (None empties), and the number that is to come next (None: as it counts). Raises Refused."""
    fields: dict[str, Any] = {}
    following = None
    if details.label is not None:
        fields["label"] = _name(session, details.label, but)
    if details.types is not None:
        fields["types"] = read_types(session, details.types)
    if details.language is not None:
        fields["language"] = read_language(details.language)
    if details.users is not None:
        typed = [text for text in details.users if text.strip()]
        fields["users"] = check_members(session, [find_member(session, text) for text in typed]) or None
    if details.stamps is not None:
        fields["stamps"] = details.stamps or None
    if details.numbers is not None:
        fields["numbers"] = _numbers(session, details.numbers, but)
    if details.numbering:
        known = session.workspace.doc_templates.get(but)
        before = known.numerator if known is not None else Numerator()
        after, following = numbering.read(before, details.numbering)
        fields |= {name: getattr(after, name) for name in ("pattern", "start", "step", "reset")}
    return fields, following


def _name(session: Session, name: str, but: str) -> str:
    known = session.workspace.doc_templates.values()
    others = (one.label for one in known if one.key != but and not one.deleted)
    label = checked_name(name, others, _("a template with this name already exists"))
    TEMPLATE_NAME.check("label", label)
    return label


def read_types(session: Session, typed: Sequence[str]) -> list[str]:
    """Types and `type/pipeline` as they are kept, from what was typed. Raises NotFound, Refused."""
    found: dict[str, None] = {}
    for text in typed:
        for each in filter(None, (part.strip() for part in text.split(","))):
            name, slash, place = each.partition("/")
            key = find_type(session, name).key
            found[f"{key}/{find_pipeline(session, key, place).key}" if slash else key] = None
    if not found:
        raise _wrong("types", _("say what it is for: a type, or TYPE/PIPELINE"), ", ".join(typed))
    TEMPLATE_TYPES.check("types", list(found))
    return list(found)


def read_language(text: str) -> str | None:
    """A language by its code (`it`, `pt_BR`); None for the client's own."""
    code = text.strip().replace("-", "_")
    if not code:
        return None
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(code))
    except (UnknownLocaleError, ValueError):
        raise _wrong("language", _("a language is expected, such as en or it"), text) from None


def _numbers(session: Session, text: str, but: str) -> str | None:
    if not text.strip():
        return None
    found = counting(session.workspace.doc_templates, find_template(session, text).key)
    if found is None or found.key == but:
        raise _wrong("numbers", _("another template is expected"), text)
    return found.key


def _wrong(field: str, message: str, value: object) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])


def plain(template: DocTemplate) -> dict[str, object]:
    """A template as JSON tells it."""
    told: dict[str, object] = msgspec.to_builtins(template)
    return told
