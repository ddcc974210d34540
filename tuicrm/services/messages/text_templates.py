"""Templates of texts: added, changed, put away, and filled with the values of an item as the writer may see them.

Who may change document templates changes these too; everybody has their own. What is not for the writer is left empty, and told by the
name that the template has for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from tuicrm.domain import named
from tuicrm.domain.access import nearness
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import is_line
from tuicrm.domain.messages.text_template import TEXT_CHANNELS, TextTemplate
from tuicrm.domain.pipeline_steps import checked_name
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import COMMENT, MESSAGE_SUBJECT, TEXT_TEMPLATE_NAME, TEXT_TEMPLATES
from tuicrm.services.documents.filling import client_language
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.documents.template_checks import TemplateFault, check_text
from tuicrm.services.documents.templates import read_language, read_types
from tuicrm.services.kernel.permissions import why_not_shape_texts
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import check_members, find_member

TABLE = "text_template"
_GAP = 10


class TextTemplateDetails(NamedTuple):
    """What can be said of a template; None leaves it as it is (or as it is usual, for a new one). `types` and `users` as they are
    typed; `channel` is one of TEXT_CHANNELS, "" for all."""

    label: str | None = None
    text: str | None = None
    subject: str | None = None
    channel: str | None = None
    types: Sequence[str] | None = None
    language: str | None = None
    users: Sequence[str] | None = None
    cloud_name: str | None = None


class FilledText(Struct, frozen=True):
    """What a template became for an item: `kept_back` are the names that are empty because they are not for the writer."""

    subject: str
    text: str
    language: str
    kept_back: Sequence[str] = ()


# -- which there are ---------------------------------------------------------------------------------------------------
def text_templates(session: Session, *, retired: bool = False) -> list[TextTemplate]:
    """Those that this person may use or change, in their order; retired ones as well when asked for."""
    return [
        one
        for one in session.workspace.text_templates.values()
        if (retired or not one.retired) and (may_use(session, one) or why_not_change(session, one) is None)
    ]


def fitting(session: Session, ref: Ref, channel: str = "") -> list[TextTemplate]:
    """Those that this person may use for an item and a channel ("": whichever). Raises NotFound."""
    pipeline = str(session.get(ref).get("pipeline") or "")
    return [
        one
        for one in text_templates(session)
        if may_use(session, one) and one.is_for(ref.type, pipeline) and one.is_for_channel(channel)
    ]


def find_text_template(session: Session, text: str, *, begins: bool = False) -> TextTemplate:
    """A template by key or name, retired ones too; where it is only looked for (`begins`), by a beginning. Raises NotFound, listing
    those there are; Refused where it may be several."""
    known = [
        named.labelled(one, one.key, one.label, session.language, retired=one.retired)
        for one in text_templates(session, retired=True)
    ]
    nothing = _("There is no template of texts “{name}”").format(name=text)
    try:
        return named.the(text, known, nothing, begins=begins)
    except named.NotNamed as missing:
        problem = [FieldProblem("template", missing.message, text)]
        raise (Refused if missing.several else NotFound)(missing.message, problem) from missing


def may_use(session: Session, template: TextTemplate) -> bool:
    """Whether a template is for this person."""
    return not template.users or nearness(session.workspace, session.person, template.users) is not None


def why_not_change(session: Session, template: TextTemplate) -> str | None:
    """Why this person may not change a template; None where they may."""
    return why_not_shape_texts(session.access, template.users)


def faults(session: Session, template: TextTemplate) -> list[TemplateFault]:
    """What is wrong with it: names that nothing answers to, and those that some do not see."""
    texts = {_("subject"): template.subject, _("text"): template.text}
    return check_text(session, texts, template.types or list(session.workspace.types))


# -- filling -----------------------------------------------------------------------------------------------------------
def fill(session: Session, template: TextTemplate, ref: Ref, *, channel: str = "", language: str = "") -> FilledText:
    """A template filled for an item, to be sent by a channel ("": whichever). Raises NotFound for an item that may not be read,
    AccessDenied for a template that is for others, Refused for what it is not for, and for a text that becomes too long."""
    item = session.get(ref)
    if not may_use(session, template):
        raise AccessDenied(_("{template} is for others.").format(template=template.label))
    if not template.is_for_channel(channel):
        raise _wrong(
            "template",
            _("{template} is for {channel}.").format(template=template.label, channel=template.channel),
            template.key,
        )
    if not template.is_for(ref.type, str(item.get("pipeline") or "")):
        shown = session.workspace.show_ref(ref)
        raise _wrong(
            "template", _("{template} is not for {item}.").format(template=template.label, item=shown), template.key
        )
    spoken = language or template.language or client_language(session, item) or session.language
    values = ItemValues(session, ref, language=spoken, item=item)
    from tuicrm.documents.plain_text import fill_text, read_template

    subject = fill_text(read_template(template.subject), values, MESSAGE_SUBJECT.most)
    text = fill_text(read_template(template.text), values, COMMENT.most)
    return FilledText(" ".join(subject.split()), text, spoken, tuple(values.kept_back))


def place_values(session: Session, template: TextTemplate, ref: Ref) -> list[str]:
    """What stands in the places of a template, in their order: the values of its placeholders, each as one line. Raises NotFound."""
    from tuicrm.documents.plain_text import fill_text, read_template
    from tuicrm.domain.documents.placeholders import placeholders

    item = session.get(ref)
    spoken = template.language or client_language(session, item) or session.language
    values = ItemValues(session, ref, language=spoken, item=item)
    places = [template.text[one.start : one.end] for one in placeholders(template.text) if not one.sign]
    return [" ".join(fill_text(read_template(place), values, COMMENT.most).split()) for place in places]


# -- adding, changing --------------------------------------------------------------------------------------------------
def add_text_template(session: Session, details: TextTemplateDetails, *, key: str = "") -> TextTemplate:
    """A new one, at the end of the list; for this person alone where they may make no others and say nothing of it. The key comes from
    the label unless given. Raises Refused, AccessDenied."""
    session.store.refresh()
    known = session.workspace.text_templates
    if details.users is None and why_not_shape_texts(session.access, ()) is not None:
        details = details._replace(users=[session.person_key])
    doc = _fields(session, details._replace(label=details.label or "", text=details.text or ""))
    TEXT_TEMPLATES.check_room("label", len(known), doc["label"])
    if key and key in known:
        raise _wrong("key", _("a template with this key already exists"), key)
    if key and key != slug(key, "template"):
        raise _wrong("key", _("use lower-case letters, digits and _ only"), key)
    doc["key"] = key or unused(slug(doc["label"], "template"), known)
    doc["sort"] = max((one.sort for one in known.values()), default=0) + _GAP
    with session.change(_("add a template of texts")) as change:
        change.put(TABLE, {name: value for name, value in doc.items() if value is not None})
    return session.workspace.text_templates[doc["key"]]


def edit_text_template(session: Session, key: str, details: TextTemplateDetails) -> TextTemplate:
    """Change what is given of a template; what was written by it stays. Raises Refused, NotFound, AccessDenied."""
    session.store.refresh()
    entry = _entry(session, key)
    fields = _fields(session, details, but=key)
    if any(entry.doc.get(name) != value for name, value in fields.items()):
        with session.change(_("change a template of texts")) as change:
            change.patch(TABLE, entry.id, fields, base={name: entry.doc.get(name) for name in fields})
    return session.workspace.text_templates[key]


def retire_text_template(session: Session, key: str, *, back: bool = False) -> TextTemplate:
    """Offer it no more, or again. Raises NotFound, AccessDenied."""
    entry = _entry(session, key)
    label = _("offer a template of texts again") if back else _("retire a template of texts")
    with session.change(label) as change:
        change.patch(TABLE, entry.id, {"retired": None if back else True})
    return session.workspace.text_templates[key]


def delete_text_template(session: Session, key: str) -> None:
    """Delete one; what was written by it stays. Raises NotFound, AccessDenied."""
    entry = _entry(session, key)
    with session.change(_("delete a template of texts")) as change:
        change.remove(TABLE, entry.id)


def _entry(session: Session, key: str) -> ConfigRecord:
    entry = session.workspace.entry(TABLE, key)
    if entry is None:
        raise NotFound(_("This template was removed by someone. Choose another."))
    return entry


# -- what is said of one -----------------------------------------------------------------------------------------------
def _fields(session: Session, details: TextTemplateDetails, but: str = "") -> dict[str, Any]:
    """As it is kept (None empties). Raises Refused, NotFound."""
    fields: dict[str, Any] = {}
    if details.label is not None:
        fields["label"] = _name(session, details.label, but)
    if details.text is not None:
        fields["text"] = _text(details.text)
    if details.subject is not None:
        fields["subject"] = _line("subject", details.subject)
        MESSAGE_SUBJECT.check("subject", details.subject)
    if details.channel is not None:
        fields["channel"] = _channel(details.channel)
    if details.types is not None:
        typed = [text for text in details.types if text.strip()]
        fields["types"] = (read_types(session, typed) if typed else None) or None
    if details.language is not None:
        fields["language"] = read_language(details.language)
    if details.users is not None:
        typed = [text for text in details.users if text.strip()]
        fields["users"] = check_members(session, [find_member(session, text) for text in typed]) or None
    if details.cloud_name is not None:
        fields["cloud_name"] = _line("cloud_name", details.cloud_name)
    from tuicrm.documents.plain_text import read_template

    for name in ("subject", "text"):
        lost = read_template(fields.get(name) or "").faults
        if lost:
            raise Refused(
                "; ".join(f"{name}: {one.message}" for one in lost), [FieldProblem(name, one.message) for one in lost]
            )
    return fields


def _text(text: str) -> str:
    kept = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if not kept.strip():
        raise _wrong("text", _("a text is expected"), text)
    COMMENT.check("text", kept)
    return kept


def _line(field: str, text: str) -> str | None:
    if not is_line(text.strip()):
        raise _wrong(field, _("one line of text is expected"), text)
    return text.strip() or None


def _channel(text: str) -> str | None:
    word = text.strip().casefold()
    if word and word not in TEXT_CHANNELS:
        raise _wrong("channel", _("choose one of: {known}").format(known=", ".join(TEXT_CHANNELS)), text)
    return word or None


def _name(session: Session, name: str, but: str) -> str:
    others = (one.label for one in session.workspace.text_templates.values() if one.key != but)
    label = checked_name(name, others, _("a template with this name already exists"))
    TEXT_TEMPLATE_NAME.check("label", label)
    return label


def _wrong(field: str, message: str, value: object) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])


def plain(template: TextTemplate) -> Mapping[str, object]:
    """A template as JSON tells it."""
    told: dict[str, object] = msgspec.to_builtins(template)
    return told
