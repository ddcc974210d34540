"""The audit trail for people: who changed what and when, from the journal, without what the reader may not see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from tuicrm.domain.activities.seen import as_seen
from tuicrm.domain.context import Context
from tuicrm.domain.documents import document
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.values import format_change
from tuicrm.domain.messages import message
from tuicrm.domain.relations import LINKS
from tuicrm.domain.schema import Field
from tuicrm.domain.workspace import CONFIG_TABLES
from tuicrm.i18n import _, ngettext
from tuicrm.services.items.timeline import RELATING
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.computed_fields import FOLLOWS
from tuicrm.services.kernel.masking import Unseen
from tuicrm.services.kernel.reader import ACTIVITIES, DOCUMENTS, ENTRIES, MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.store.clock import stamp as line_time
from tuicrm.store.protocol import Doc, RecordStep, Transaction

MOST_RECORDS = 50
"""Records shown of one transaction; the rest of an import is counted."""


class LogField(Struct, frozen=True):
    """One field that changed: its label, and what stood there and stands there now ("" for nothing)."""

    key: str
    label: str
    old: str
    new: str


class LogRecord(Struct, frozen=True):
    """One record's part: `what` is added, changed or deleted; `name` a ref (`D-42`) or the name of a definition."""

    table: str
    what: str
    name: str
    fields: tuple[LogField, ...] = ()
    ref: str = ""


class LogLine(Struct, frozen=True):
    """One transaction. `more` counts records beyond those listed; `undoes` and `redoes` are seqs of what it took back, 0 for none.
    `clock` is what the clock said where it was set back ("" else): `at` is never before that of the line before."""

    seq: int
    at: str
    by: str
    name: str
    label: str
    records: tuple[LogRecord, ...]
    more: int = 0
    undoes: int = 0
    redoes: int = 0
    clock: str = ""


def read_log(
    session: Session,
    *,
    since: datetime | None = None,
    by: str = "",
    limit: int = 0,
    refs: Collection[Ref] = (),
) -> Iterator[LogLine]:
    """Transactions, newest first: since a moment, of one person (a key), of these items; at most `limit` (0: all)."""
    reader, shown = _Reader(session, frozenset(refs)), 0
    earliest = line_time(since, "").at if since else ""
    for transaction in session.past.log(by=by):
        if transaction.at < earliest:
            return
        line = reader.line(transaction)
        if line is not None:
            yield line
            shown += 1
            if shown == limit:
                return


def _seq(value: object) -> int:
    return value if isinstance(value, int) else 0


class _Reader:
    """Reads transactions for one person; remembers which items they may see."""

    def __init__(self, session: Session, refs: frozenset[Ref]) -> None:
        self._session = session
        self._refs = refs
        self._context = session.context()
        self._readable: dict[Ref, bool] = {}
        self._unseen = Unseen(session)
        self._hid = False

    def line(self, transaction: Transaction) -> LogLine | None:
        """The transaction as this person may see it; None when nothing of it is for them, or of the items asked for."""
        records: list[LogRecord] = []
        count, self._hid = 0, False
        for step in self._session.store.past.steps(transaction.seq):
            record = self._record(step)
            if record is not None:
                count += 1
                if len(records) < MOST_RECORDS:
                    records.append(record)
        if not records:
            return None
        # A label may name what is hidden; it stands only where nothing is.
        label = transaction.note
        if self._hid or self._unseen.named_in(label):
            label = ngettext("change of {n} record", "change of {n} records", count)
        undoes, redoes = (_seq(transaction.meta.get(key)) for key in ("undo", "redo"))
        if undoes or redoes:
            label = (_("undone: {label}") if undoes else _("done again: {label}")).format(label=label)
        return LogLine(
            transaction.seq,
            transaction.at,
            transaction.by,
            self._session.names.person(transaction.by) or transaction.by,
            label,
            tuple(records),
            count - len(records),
            undoes,
            redoes,
            transaction.clock,
        )

    def _record(self, step: RecordStep) -> LogRecord | None:
        before, after = step.before(), step.doc
        doc = after if after is not None else before or {}
        what = "added" if before is None else "deleted" if after is None else "changed"
        workspace = self._session.workspace
        if step.table in workspace.types:
            ref = Ref(step.table, step.id)
            if not self._wanted(ref) or not self._may_read(ref, doc):
                return None
            return self._item(ref, what, before, after)
        if step.table in CONFIG_TABLES:
            if self._unseen.theirs(step.table, before, after):
                self._hid = True
                return None
            self._hid |= self._unseen.touched(step.table, before, after)
            if self._unseen.all_of(step.table, before, after):
                self._hid = True
                return None
            name = str(doc.get("key") or doc.get("code") or step.id)
            return None if self._refs else LogRecord(step.table, what, f"{_(step.table)} {name}")
        return self._owned(step, what, doc)

    def _owned(self, step: RecordStep, what: str, doc: Doc) -> LogRecord | None:
        """An entry or activity: seen with its item; a link, and what one item's timeline tells of another: with both."""
        if step.table == LINKS:
            return self._link(step, what, doc)
        if step.table == DOCUMENTS:
            return self._document(step, what, doc)
        if step.table == MESSAGES:
            return self._message(step, what, doc)
        if step.table not in (ENTRIES, ACTIVITIES):
            return None
        owner = Ref.read(doc.get("owner"))
        kind, data = doc.get("kind"), doc.get("data")
        if step.table == ENTRIES and isinstance(kind, str) and kind in RELATING:
            sides = data if isinstance(data, dict) else {}
            self._may_read_all(doc.get("owner"), *(sides.get(side) for side in ("from", "to")))
            return None
        automatic = step.table == ENTRIES and doc.get("kind") != "comment"
        if owner is None or automatic or not self._wanted(owner) or not self._may_read(owner, None):
            return None
        shown = self._session.workspace.show_ref(owner)
        key = "text" if step.table == ENTRIES else "what"
        old, new = (self._said(step.table, key, side or {}) for side in (step.before(), step.doc))
        label = _("comment") if step.table == ENTRIES else _("activity")
        return LogRecord(step.table, what, shown, (LogField(key, label, str(old), str(new)),), shown)

    def _document(self, step: RecordStep, what: str, doc: Doc) -> LogRecord | None:
        """A document: by its title, seen with its item; what stands in it is told by nobody but itself."""
        owner = Ref.read(doc.get("owner"))
        if owner is None or not self._wanted(owner) or not self._may_read(owner, None):
            return None
        shown = self._session.workspace.show_ref(owner)
        old, new = (document.read(step.id, side or {}) for side in (step.before(), step.doc))
        fields = [LogField("title", _("title"), old.title, new.title)] if old.title != new.title else []
        if what == "changed" and old.newest.n != new.newest.n:
            fields.append(LogField("versions", _("version"), str(old.newest.n), str(new.newest.n)))
        return LogRecord(step.table, what, f"{document.show_ref(step.id)} ({shown})", tuple(fields), shown)

    def _message(self, step: RecordStep, what: str, doc: Doc) -> LogRecord | None:
        """A message by its subject, to who may read it as it was and as it is."""
        sides = [side for side in (step.before(), step.doc) if side]
        current = next((one.doc for one in self._session.whole.get(step.table, [step.id])), doc)
        readable = all(message_sight.may_read(self._session, side) for side in (*sides, current))
        refs = list(message_sight.seen_refs(self._session, doc))
        if not readable or (self._refs and not any(map(self._wanted, refs))):
            self._hid |= not readable
            return None
        old, new = (message.read(step.id, side or {}) for side in (step.before(), step.doc))
        fields = [LogField("subject", _("subject"), old.subject, new.subject)] if old.subject != new.subject else []
        shown = ", ".join(map(self._session.workspace.show_ref, refs))
        name = message.show_ref(step.id)
        return LogRecord(step.table, what, f"{name} ({shown})" if shown else name, tuple(fields), shown)

    def _said(self, table: str, key: str, doc: Doc) -> object:
        """What an entry says, or an activity is about; of others' private ones, that somebody was busy."""
        seen = as_seen(doc, self._session.person_key, _("busy")) if table == ACTIVITIES and doc else doc
        return seen.get(key) or ""

    def _link(self, step: RecordStep, what: str, doc: Doc) -> LogRecord | None:
        refs = self._may_read_all(doc.get("owner"), doc.get("other"))
        if len(refs) < 2 or not any(map(self._wanted, refs)):
            return None
        names = [self._session.workspace.show_ref(ref) for ref in refs]
        return LogRecord(step.table, what, _("link {a} and {b}").format(a=names[0], b=names[1]))

    def _may_read_all(self, *texts: object) -> list[Ref]:
        """Those of the items named that may be read; where one may not, the label may not name it either."""
        return [ref for text in texts if (ref := Ref.read(text)) is not None and self._may_read(ref, None)]

    def _item(self, ref: Ref, what: str, before: Doc | None, after: Doc | None) -> LogRecord | None:
        old, new = before or {}, after or {}
        shown = self._session.workspace.show_ref(ref)
        hidden = self._session.access.hidden(ref.type)
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        changed = [key for key in keys if key not in FOLLOWS]
        seen = [key for key in changed if key not in hidden]
        self._hid |= len(seen) < len(changed)
        if changed and not seen:
            return None
        fields = tuple(self._field(ref.type, key, old, new) for key in seen) if what == "changed" else ()
        title = self._session.title(self._session.workspace.type(ref.type), ref.id, new or old)
        return LogRecord(ref.type, what, f"{shown} {title}", fields, shown)

    def _field(self, type_key: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> LogField:
        field = self._session.workspace.field(type_key, key)
        if field is None:
            return LogField(key, key, str(old.get(key) or ""), str(new.get(key) or ""))
        if field.traits.holds_rows:
            sides: Iterable[str] = format_change(old.get(key), new.get(key), field, self._context)
        else:
            sides = (self._text(type_key, field, side, self._context) for side in (old, new))
        return LogField(key, self._session.label(field.label), *sides)

    def _text(self, type_key: str, field: Field, doc: Mapping[str, Any], context: Context) -> str:
        from tuicrm.services.kernel.field_texts import show

        value = doc.get(field.key)
        return "" if value is None else show(self._session, Item(type_key, 0, 0, dict(doc)), field, value, context)

    def _wanted(self, ref: Ref) -> bool:
        return not self._refs or ref in self._refs

    def _may_read(self, ref: Ref, doc: Doc | None) -> bool:
        """Judged by the item as it is now; where it is gone, as it was then (`doc`), else for administrators only."""
        if ref not in self._readable:
            access, store = self._session.access, self._session.store
            living = store.get(ref.type, [ref.id]) if ref.type in self._session.workspace.types else []
            if not living and doc is None:
                self._hid |= not access.admin
                return access.admin
            self._readable[ref] = access.may("read", ref.type, living[0].doc if living else doc or {})
            if self._readable[ref]:
                self._unseen.is_known(self._session.workspace.show_ref(ref))
        self._hid |= not self._readable[ref]
        return self._readable[ref]
