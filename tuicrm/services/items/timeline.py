"""The timeline of an item: comments, automatic entries, activities; pins and notes (reference §7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuicrm.domain.card import EntryGroup, EntryView, TimelineView
from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.schema import label_text
from tuicrm.domain.stamps import stamp
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import N_, _, ngettext
from tuicrm.limits import COMMENT, PINNED
from tuicrm.services.items import message_lines
from tuicrm.services.kernel.masking import names_unseen
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES, MESSAGES, Reader
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Record

GROUPS: dict[str, tuple[str, ...]] = {
    N_("comments"): ("comment",),
    N_("activities"): ("activity",),
    N_("changes"): (
        "created",
        "imported",
        "stage",
        "responsible",
        "amount",
        "made",
        "taken",
        "linked",
        "unlinked",
        "merged",
    ),
    N_("documents"): ("document",),
    N_("mail"): ("mail",),
    N_("calls"): ("call",),
    N_("sms"): ("sms", "whatsapp", "telegram"),
}
"""The timeline's filter: a word for people and the kinds it shows."""

RELATING = frozenset({"made", "taken", "linked", "unlinked"})
"""Kinds that tell of another item, and nothing where that is not for the person who looks."""


def view(session: Session, ref: Ref, groups: Sequence[str] = ()) -> TimelineView:
    """Everything on an item's timeline in the order shown; only these groups when given."""
    kinds = {kind for group in groups for kind in GROUPS[group]}
    context = session.context()
    records = [(entry.doc["at"], entry) for entry in [*_entries(session, ref), *session.owned(MESSAGES, ref)]]
    planned = []
    for activity in _activities(session, ref):
        if activity.doc.get("done"):
            records.append((activity.doc.get("done_at") or activity.doc["at"], activity))
        else:
            planned.append(activity)
    records.sort(key=lambda pair: (pair[0], pair[1].table, pair[1].id), reverse=True)
    shown = [(at, record) for at, record in records if not kinds or _kind(record) in kinds]
    entries: list[EntryView] = []
    if not kinds or "activity" in kinds:
        planned.sort(key=lambda record: (record.doc["at"], record.id))
        entries += [_entry(session, context, record, record.doc["at"], "planned", ref) for record in planned]
    entries += [_entry(session, context, record, at, "pinned", ref) for at, record in shown if record.doc.get("pinned")]
    entries += [_entry(session, context, record, at, "day", ref) for at, record in shown]
    return TimelineView(tuple(entries), tuple(groups), len(records) + len(planned))


def records(session: Session, ref: Ref, groups: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Entries and activities as plain data, newest first, for programs; what this person may not see of them is left out."""
    kinds = {kind for group in groups for kind in GROUPS[group]}
    hidden = session.access.hidden(ref.type)
    found = []
    for record in [*_entries(session, ref), *_activities(session, ref), *session.owned(MESSAGES, ref)]:
        if kinds and _kind(record) not in kinds:
            continue
        doc = _plain(record)
        if (doc.get("data") or {}).get("field") in hidden:
            del doc["data"]
        elif doc["kind"] == "created" and (other := related(record)) and session.names.related(other) is None:
            doc["data"] = {name: value for name, value in doc["data"].items() if name != "from"}
        elif doc["kind"] == "merged" and not _merged(session, doc.get("data") or {}):
            doc["data"] = {}
        found.append({"table": record.table, "id": record.id, "rev": record.rev, **doc})
    return sorted(found, key=lambda entry: (entry["at"], entry["table"], entry["id"]), reverse=True)


def _plain(record: Record) -> dict[str, Any]:
    if record.table == MESSAGES:
        return message_lines.plain(record)
    return {"kind": "activity", **record.doc} if record.table == ACTIVITIES else dict(record.doc)


def _activities(session: Session, ref: Ref) -> list[Record]:
    """The activities that hang on an item, and those of others that are bound to it as well."""
    return [*session.owned(ACTIVITIES, ref), *session.bound(ref)]


def _entries(session: Session, ref: Ref) -> list[Record]:
    """The entries of an item but those that tell of another one which is not for this person."""
    return [one for one in session.owned(ENTRIES, ref) if not _keeps_back(session, one)]


def _keeps_back(session: Session, record: Record) -> bool:
    if record.doc["kind"] not in RELATING:
        return False
    other = related(record)
    return other is None or session.names.related(other) is None


def related(record: Record) -> Ref | None:
    """The item that an entry tells of besides its own."""
    data = record.doc.get("data") or {}
    if record.table != ENTRIES or record.doc["kind"] not in (*RELATING, "created"):
        return None
    return Ref.read(data.get("to")) or Ref.read(data.get("from"))


def comment(session: Session, ref: Ref, text: str) -> int:
    """Write a comment; returns the entry's id. Anyone who may read the item may."""
    text = _text(text)
    label = _("comment on {ref}").format(ref=session.workspace.show_ref(ref))
    doc = {
        "owner": str(ref),
        "kind": "comment",
        "at": stamp(session.moment()),
        "by": session.person_key,
        "text": text,
    }
    with session.change(label) as change:
        return change.put(ENTRIES, doc)


def edit_comment(session: Session, entry: int, text: str, *, was: str | None = None) -> None:
    """Change a comment's text. Its author may, and who may change the item. `was` is the text as it was seen: Conflict where
    somebody else has changed it since."""
    record = session.record(ENTRIES, entry)
    if record.doc["kind"] != "comment":
        raise Refused(_("Only comments can be changed; past events cannot."))
    with session.change(_("change a comment")) as change:
        base = {"text": was} if was is not None else None
        change.patch(ENTRIES, entry, {"text": _text(text)}, base=base)
        change.patch(ENTRIES, entry, {"edited": stamp(session.moment())})


def delete_entry(session: Session, *entries: int) -> None:
    """Delete comments, as one change. Automatic entries cannot be deleted: they are the item's history."""
    for entry in entries:
        if session.record(ENTRIES, entry).doc["kind"] != "comment":
            raise Refused(_("Only comments can be deleted; past events cannot."))
    with session.change(ngettext("delete a comment", "delete {n} comments", len(entries))) as change:
        for entry in entries:
            change.remove(ENTRIES, entry)


def pin(session: Session, entry: int, *, pinned: bool = True) -> None:
    """Pin an entry above the history, or let it go. At most seven an item; needs the right to change the item."""
    record = session.record(ENTRIES, entry)
    owner = Ref.parse(record.doc["owner"])
    if not session.access.may("edit", owner.type, session.get(owner).fields):
        raise AccessDenied(_("To pin an entry you must be allowed to change this item."))
    if pinned and sum(1 for other in session.owned(ENTRIES, owner) if other.doc.get("pinned")) >= PINNED.most:
        raise Refused(PINNED.told)
    label = _("pin an entry") if pinned else _("unpin an entry")
    with session.change(label) as change:
        change.patch(ENTRIES, entry, {"pinned": True if pinned else None})


def note(session: Session, table: str, entry: int, text: str, *, was: str | None = None) -> None:
    """Put a short note on an entry or activity; "" takes it away. One a record. `was` as with comments."""
    text = text.strip()
    COMMENT.check("note", text)
    session.record(table, entry)
    with session.change(_("add a note to an entry")) as change:
        base = {"note": was or None} if was is not None else None
        change.patch(table, entry, {"note": text or None}, base=base)


def _text(text: str) -> str:
    if not text.strip():
        raise Refused(_("A comment needs some text."), [FieldProblem("text", _("is required"), text)])
    COMMENT.check("text", text)
    return text.strip("\n")


def _kind(record: Record) -> str:
    if record.table == MESSAGES:
        return message.read(record.id, record.doc).channel
    return "activity" if record.table == ACTIVITIES else str(record.doc["kind"])


def _entry(session: Session, context: Context, record: Record, at: str, group: EntryGroup, on: Ref) -> EntryView:
    from tuicrm.domain.kinds.dates import day_heading, short_when
    from tuicrm.services.items.activities import timing

    doc, kind = record.doc, _kind(record)
    if record.table == MESSAGES:
        title, texts = message_lines.title(record), list[Any](message_lines.texts(session, record, on))
    else:
        title, texts = _title(session, context, record, kind), [doc.get("text")]
    sign = message_lines.sign(record) if record.table == MESSAGES else ""
    colour = ""
    if kind == "activity":
        texts = [_more(session, context, doc), *texts, doc.get("result")]
        own = session.workspace.activity_kinds.get(str(doc.get("kind")))
        sign, colour = (own.symbol, own.colour) if own is not None else ("", "")
        colour = str(doc.get("colour") or colour)
        # Of another item, that is bound to this one as well.
        owner = Ref.read(doc.get("owner"))
        title = title if owner in (None, on) else f"{title} · {session.workspace.show_ref(owner or on)}"
    person = doc.get("responsible") if kind == "activity" else doc.get("by")
    if record.table == MESSAGES and doc.get("way") == "in":
        # Whose account took it in says nothing of who wrote it.
        person = None
    return EntryView(
        table=record.table,
        id=record.id,
        kind=kind,
        group=group,
        day=day_heading(at, context),
        title=title,
        when=short_when(at, context),
        text="\n".join(str(text) for text in texts if text),
        by=session.names.person(str(person)) or str(person or ""),
        note=str(doc.get("note") or ""),
        pinned=bool(doc.get("pinned")),
        late=message_lines.is_lacking(record)
        if record.table == MESSAGES
        else group == "planned" and timing(at, context) == "late",
        done=bool(doc.get("done")),
        edited=bool(doc.get("edited")),
        own=record.table == ENTRIES and doc.get("by") == session.person_key,
        sign=sign,
        colour=colour,
    )


def _more(session: Session, context: Context, doc: dict[str, Any]) -> str:
    """What is said of an activity beside what it is: `10:00–11:00 · Via Roma 1 · with Luca Riva (asked)`."""
    from tuicrm.services.items.activity_words import details

    return " · ".join(details(session, doc, context))


def _title(session: Reader, context: Context, record: Record, entry_kind: str) -> str:
    doc = record.doc
    data: dict[str, Any] = doc.get("data") or {}
    if entry_kind == "activity":
        return str(doc["what"])
    if entry_kind == "comment":
        return _("Comment")
    if entry_kind == "created":
        other = related(record)
        if other is not None and (name := session.names.related(other)):
            return _("Created from {item}").format(item=name)
        origin = data.get("source")
        return _("Imported from {source}").format(source=origin) if origin else _("Created")
    if entry_kind == "merged":
        return _("Merged into this item: {items}").format(items=_merged(session, data) or "?")
    if entry_kind in RELATING:
        return _related_title(session, record, data)
    if entry_kind == "document":
        return _document_title(data)
    owner_type = Ref.parse(doc["owner"]).type
    if entry_kind == "stage":
        return _stage_title(session, owner_type, data)
    return _field_title(session, context, owner_type, data)


def _merged(session: Reader, data: dict[str, Any]) -> str:
    """What was merged into an item, as it was called; "" where some of it is not for this person."""
    what = str(data.get("what") or "")
    return "" if names_unseen(session, what) else what


def _document_title(data: dict[str, Any]) -> str:
    """`Document created: Offer 2026-0042`."""
    text = {
        "again": _("Document created again: {title}"),
        "changed": _("Document changed: {title}"),
        "uploaded": _("Document edited by hand: {title}"),
    }.get(str(data.get("how")), _("Document created: {title}"))
    return text.format(title=data.get("title") or data.get("number") or "?")


def _related_title(session: Reader, record: Record, data: dict[str, Any]) -> str:
    """`Deal made from this: D-42 ERP connector`."""
    other = related(record)
    name = session.names.related(other) if other is not None else None
    if other is None or name is None:
        return _("Changed")
    noun = session.label(session.workspace.type(other.type).label)
    text = {
        "made": _("{type} created from this: {item}"),
        "taken": _("{type} used for this: {item}") if "to" in data else _("Used for {item}"),
        "linked": _("Linked: {item}"),
        "unlinked": _("Link removed: {item}"),
    }[record.doc["kind"]]
    return text.format(type=noun, item=name)


def _stage_title(session: Reader, owner_type: str, data: dict[str, Any]) -> str:
    """`New → Qualified`; with the pipelines where they differ. A stage that is gone keeps the name it had."""
    sides = []
    other_pipeline = data.get("from_pipeline") != data.get("to_pipeline")
    for side in ("from", "to"):
        place = {"pipeline": data.get(f"{side}_pipeline"), "stage": data.get(side)}
        pipeline = session.workspace.pipeline_known(owner_type, place["pipeline"] or "")
        stage = session.workspace.stage_known(owner_type, place) if pipeline else None
        label = session.label(stage.label if stage else data.get(f"{side}_label") or "?")
        sides.append(f"{session.label(pipeline.label)}: {label}" if other_pipeline and pipeline else label)
    return " → ".join(sides)


def _field_title(session: Reader, context: Context, owner_type: str, data: dict[str, Any]) -> str:
    """`Amount: € 1,000.00 → € 2,000.00`."""
    from tuicrm.domain.kinds.values import format_field

    field = session.workspace.field(owner_type, data.get("field") or "")
    if field is None or not session.access.sees(field):
        return _("Changed")
    old, new = (format_field(data.get(side), field, context) or "—" for side in ("from", "to"))
    return f"{label_text(field.label, session.language)}: {old} → {new}"
