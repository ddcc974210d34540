"""What puts one record back as it was before a transaction, or the reason why it cannot be: others changed it since, the right is
gone, its number is another's by now."""

from __future__ import annotations

from collections.abc import Set

from tuicrm.domain.config_records import CONFIG_TABLES
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.errors import AccessDenied, FieldProblem
from tuicrm.i18n import _
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.item_rules import refuse_missing
from tuicrm.services.kernel.numbers import numerator_of, twin
from tuicrm.services.kernel.permissions import require, require_definition, why_not_make_documents
from tuicrm.services.kernel.reader import ACTIVITIES, DOCUMENTS, ENTRIES, MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Op, RecordStep, Transaction

_GONE = object()
OWNED = (ENTRIES, ACTIVITIES, DOCUMENTS)
"""Tables of what hangs on an item."""
_BOOKKEEPING = frozenset({"updated", "updated_by", "pdfs"})
"""Follows by itself (every edit; a document that somebody read as a PDF): restored when untouched since, never a reason to refuse."""


class MadeItems:
    """The items that a transaction made; read when they are asked for."""

    def __init__(self, session: Session, transaction: Transaction) -> None:
        self._session, self._transaction = session, transaction

    def items(self, type_key: str) -> set[int]:
        """The ids of those of a type."""
        steps = self._session.store.past.steps(self._transaction.seq)
        return {step.id for step in steps if step.table == type_key and step.before() is None}


def plan_step(
    session: Session,
    step: RecordStep,
    seq: int,
    *,
    made: MadeItems,
    merged: bool = False,
    many: bool = False,
    types: Set[str] = frozenset(),
) -> tuple[list[tuple[Op, int]], list[FieldProblem]]:
    """The operation that puts a record back after the transaction `seq`, with the revision it stands on, or why it cannot be.

    `types` are shaped by the same transaction: fields that are switched off there come back, or went, with it. What only named the
    items of a merge followed them, whoever may change it, and follows them back."""
    now, then = step.doc, step.before()
    record = next(iter(session.whole.get(step.table, [step.id])), None)
    current = record.doc if record else None
    rev = record.rev if record else 0
    name = _name(session, step)
    followed = merged and _only_names(session, step)
    if not merged and (ref := _out_of_sight(session, step, current, many=many)) is not None:
        return [], [FieldProblem("", session.no_such(ref))]
    if not followed:
        _check_right(session, step, current)
    if now is None:
        if current is not None:
            return [], [FieldProblem("", _("{name} exists again").format(name=name))]
        twins = _twins(session, step, then or {}, {})
        return ([], twins) if twins else ([(Op(step.table, step.id, then, seq), rev)], [])
    if current is None:
        return [], [FieldProblem("", _("{name} was deleted since").format(name=name))] if then is not None else []
    if step.table == MESSAGES and now.get("status") == "queued" and current.get("status") != "queued":
        return [], [FieldProblem("", _("it is too late: {name} is out, or on its way").format(name=name))]
    fields = set(now) | set(then or {})
    # A field that holds null and one that is not there are two: the first state comes back to the letter.
    touched = {key for key in fields if now.get(key, _GONE) != (then or {}).get(key, _GONE)}
    clashes = [
        FieldProblem(key, _changed_since(session, step.table, key, current, name), current.get(key))
        for key in sorted(touched - _BOOKKEEPING)
        if current.get(key) != now.get(key)
    ]
    if clashes:
        return [], clashes
    if then is None:
        reason = _why_stays(session, step.table, current, made)
        return ([], [FieldProblem("", reason)]) if reason else ([(Op(step.table, step.id, None), rev)], [])
    if not followed:
        off = session.workspace.off_fields(step.table) if step.table in types else set()
        _check_seen(session, step.table, touched - off)
    back = _put_back(current, now, then, touched)
    if step.table in session.workspace.types:
        # Putting back is an edit like any other (reference §3.1), but what is missing today already was not taken by this undo. What
        # comes back from deletion is as it was.
        refuse_missing(session, session.workspace, step.table, back, current)
        if twins := _twins(session, step, back, current):
            return [], twins
    return [(Op(step.table, step.id, back), rev)], []


def _why_stays(session: Session, table: str, current: Doc, made: MadeItems) -> str | None:
    """Why what was made is not taken away again; None when it can be. An item type goes with the items that came with it."""
    if table != "type":
        return None
    from tuicrm.services.definitions.item_types import why_not_remove

    key = str(current.get("key"))
    return why_not_remove(session, key, made.items(key))


def _twins(session: Session, step: RecordStep, back: Doc, current: Doc) -> list[FieldProblem]:
    """That the number which comes back is another item's by now."""
    numerator = numerator_of(session.workspace, step.table) if step.table in session.workspace.types else None
    number = back.get(numerator.field) if numerator is not None else None
    if numerator is None or not number or number == current.get(numerator.field):
        return []
    if not twin(session, step.table, numerator.field, str(number), step.id):
        return []
    return [FieldProblem(numerator.field, _("the number {number} was given to another since").format(number=number))]


def _put_back(current: Doc, now: Doc, then: Doc, touched: Set[str]) -> Doc:
    """The record as it is, with what was touched as it was."""
    back: Doc = dict(current)
    for key in touched:
        if key in _BOOKKEEPING and current.get(key) != now.get(key):
            continue
        if key in then:
            back[key] = then[key]
        else:
            back.pop(key, None)
    return back


def _only_names(session: Session, step: RecordStep) -> bool:
    """Whether nothing changed in an item but what it names in its item fields."""
    now, then = step.doc, step.before()
    if step.table not in session.workspace.types or now is None or then is None:
        return False
    fields = session.workspace.fields(step.table)
    touched = (key for key in {**now, **then} if now.get(key, _GONE) != then.get(key, _GONE))
    return all(key in fields and fields[key].traits.names_items for key in touched)


def _check_seen(session: Session, table: str, touched: Set[str]) -> None:
    """Nobody changes what they may not see, and is not told what it is."""
    if table in session.workspace.types and not session.access.hidden(table).isdisjoint(touched):
        raise AccessDenied(_("This changed something you may no longer change."))


def _out_of_sight(session: Session, step: RecordStep, current: Doc | None, *, many: bool) -> Ref | None:
    """The item that a step is of where the person may not read it: what became of it is not told, not even that it is gone."""
    if step.table == MESSAGES:
        seen = current if current is not None else step.before() or step.doc or {}
        return None if message_sight.may_read(session, seen) else Ref(step.table, step.id)
    of = Ref.read((step.doc or step.old or {}).get("owner")) if step.table in OWNED else None
    ref = of or Ref(step.table, step.id)
    if ref.type not in session.workspace.types:
        return None
    item = next((one.doc for one in session.whole.get(ref.type, [ref.id])), None) if of else current
    if item is not None:
        return None if session.access.may("read", ref.type, item) else ref
    if step.doc is None:
        return None  # it comes back
    if many:
        # Its history is not looked for: as many times as there are lines in a batch, that takes hours.
        return None if of or session.access.may("read", ref.type, step.doc) else ref
    return None if session.past.last_known(ref) is not None else ref


def _check_right(session: Session, step: RecordStep, current: Doc | None) -> None:
    """Undo needs the right that the change itself needed, held today."""
    if step.table in session.workspace.types:
        require(session, "edit", step.table, current or step.before() or step.doc or {})
    elif step.table in CONFIG_TABLES:
        require_definition(session.access, step.table, step.doc, step.before())
    elif step.table == DOCUMENTS and (reason := why_not_make_documents(session.access)):
        raise AccessDenied(reason)
    elif step.table == MESSAGES and not message_sight.may_change(session, current or step.before() or step.doc or {}):
        raise AccessDenied(_("Changing this message needs the right to change an item that it is on."))


def _name(session: Session, step: RecordStep) -> str:
    workspace = session.workspace
    if step.table in workspace.types:
        return workspace.show_ref(Ref(step.table, step.id))
    if step.table == MESSAGES:
        return message.show_ref(step.id)
    owner = Ref.read((step.doc or step.old or {}).get("owner"))
    if owner is not None:
        return _("an entry of {ref}").format(ref=workspace.show_ref(owner))
    doc = step.doc or step.old or {}
    return str(doc.get("key") or doc.get("title") or step.table)


def _changed_since(session: Session, table: str, key: str, current: Doc, name: str) -> str:
    is_item = table in session.workspace.types
    if is_item and key in session.workspace.deleted_fields(table):
        return _("a field of {name} was deleted since").format(name=name)
    field = session.workspace.field(table, key) if is_item else None
    who = session.names.person(str(current.get("updated_by") or current.get("by") or "")) or _("someone")
    if field is not None and not session.access.sees(field):
        return _("{who} changed {name} since").format(who=who, name=name)
    what = session.label(field.label) if field else key
    return _("{who} changed {field} of {name} since").format(who=who, field=what, name=name)
