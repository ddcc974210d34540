"""Undo and redo from the journal itself, per person and across sessions.

What a person did last and has not taken back is found by walking the journal backwards; each undo is a transaction of its own that
names what it took back. It is refused, with the reason, where someone changed the same fields since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import partial
from typing import Any, NamedTuple

from msgspec import Struct

from tuicrm.domain.items import Ref
from tuicrm.domain.workspace import CONFIG_TABLES
from tuicrm.errors import AccessDenied, Conflict, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.history.step_names import naming
from tuicrm.services.history.undo_places import look
from tuicrm.services.kernel import bookings
from tuicrm.services.kernel.conflicts import step_aside
from tuicrm.services.kernel.item_rules import refuse_missing
from tuicrm.services.kernel.numbers import COUNTERS, numerator_of, twin
from tuicrm.services.kernel.permissions import require, require_definition
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.parts import Batch
from tuicrm.store.protocol import Doc, Key, Op, QueryAnswer, RecordStep, Transaction

_CHUNK = 200
_ATTEMPTS = 40
_FEW = 5
"""Items of a step that are named."""
_GONE = object()
_BOOKKEEPING = frozenset({"updated", "updated_by"})
"""Follows every edit: restored when untouched since, never a reason to refuse."""


class Undone(Struct, frozen=True):
    """What was taken back or done again: its label, its own seq, the items it touched (the first few), and how many records stayed
    as they are because others changed them in that very moment. `about` is the label with what those items are called."""

    label: str
    seq: int
    refs: tuple[Ref, ...] = ()
    left_out: int = 0
    about: str = ""


class UndoStep(Struct, frozen=True):
    """What would be taken back, or done again: its seq, what it is about in words, the items (the first few), when it was done (UTC);
    the seq at which it came to stand (where it was done again, that is a later one), and whether this session brought that about."""

    seq: int
    about: str
    refs: tuple[Ref, ...]
    at: str
    stood: int
    own: bool


def next_step(session: Session, *, again: bool = False) -> UndoStep | None:
    """What `undo` would take back, or with `again` what `redo` would do; None where there is nothing."""
    if again:
        target = last_undone(session)
        stood = target.seq if target is not None else 0
    else:
        target, stood = _last(session)
    if target is None:
        return None
    refs = _first_refs(session, target)
    about = naming(session, target.note, refs)
    return UndoStep(target.seq, about, refs, target.at, stood, stood in session.own_steps)


def undo(session: Session, seq: int = 0) -> Undone:
    """Take back the last thing this person did. Raises NotFound when there is nothing, Conflict when others built on it, or where
    `seq` is given and it is not the last thing by now."""
    target = last(session)
    if target is None:
        raise NotFound(_("There is nothing to undo."))
    _refuse_another(target, seq)
    return _revert(session, target, {"undo": target.seq})


def redo(session: Session, seq: int = 0) -> Undone:
    """Do again what was undone last. Raises NotFound when there is nothing, Conflict when others changed it since, or where `seq` is
    given and it is not what was undone last by now."""
    target = last_undone(session)
    if target is None:
        raise NotFound(_("There is nothing to redo."))
    _refuse_another(target, seq)
    return _revert(session, target, {"redo": target.seq})


def _refuse_another(target: Transaction, seq: int) -> None:
    if seq and target.seq != seq:
        raise Conflict(_("You did something else meanwhile, in another place: look again before you go back."))


def last(session: Session) -> Transaction | None:
    """The newest transaction of this person that stands: never undone, or done again."""
    return _last(session)[0]


def _last(session: Session) -> tuple[Transaction | None, int]:
    """The same, with the seq at which it came to stand: its own, or that of what did it again."""
    dead: set[int] = set()
    again: dict[int, int] = {}
    for transaction in session.past.log(by=session.person_key):
        meta, seq = transaction.meta, transaction.seq
        if seq in dead:
            if "undo" in meta:
                again.setdefault(meta["undo"], again.get(seq, seq))
            continue
        if "redo" in meta:
            # The undo it reverted no longer counts, so what that undo took back stands again.
            dead.add(meta["redo"])
            again[meta["redo"]] = seq
        elif "undo" in meta:
            dead.add(meta["undo"])
        elif not meta.get("fixed"):
            return transaction, again.get(seq, seq)
    return None, 0


def last_undone(session: Session) -> Transaction | None:
    """The newest undo of this person that stands, unless they did something else since."""
    dead: set[int] = set()
    for transaction in session.past.log(by=session.person_key):
        meta = transaction.meta
        if transaction.seq in dead:
            continue
        if "redo" in meta:
            dead.add(meta["redo"])
        elif "undo" in meta:
            return transaction
        elif not meta.get("fixed"):
            return None
    return None


def _revert(session: Session, target: Transaction, meta: dict[str, Any]) -> Undone:
    """Put back what stood before a transaction, as one transaction (or one batch for a batch)."""
    label = target.note
    refs = _first_refs(session, target)
    about = naming(session, label, refs)
    if merged := target.meta.get("merged"):
        meta = {**meta, "merged": merged}
    places = look(session, _steps(session, target))
    plan = partial(_plan, session, made=_Made(session, target), many=bool(target.batch), types=places.types)
    if target.batch:
        problems = [problem for step in _steps(session, target) for problem in plan(step, 0)[1]]
        _refuse(label, [*problems, *places.problems])
        with session.store.batch(by=session.person_key, note=label, meta=meta) as batch:
            chunk: list[tuple[Op, int]] = []
            for step in _steps(session, target):
                chunk += plan(step, target.seq)[0]
                if len(chunk) >= _CHUNK:
                    batch.add(*_operations(chunk))
                    chunk.clear()
            if chunk:
                batch.add(*_operations(chunk))
            again = _steps(session, target) if bookings.anything_follows(session.workspace) else ()
            booked = (op for step in again for op, _rev in plan(step, target.seq)[0])
            seq, left_out = _close(session, batch, label, booked, places.answers)
        session.own_steps.add(seq)
        return Undone(label, seq, refs, len(left_out), about)
    planned: list[tuple[Op, int]] = []
    clashes: list[FieldProblem] = []
    # Backwards: where one record was touched twice, the later step goes first.
    steps = list(reversed(list(_steps(session, target))))
    for step in steps:
        ops, found = plan(step, target.seq, merged=bool(merged))
        planned += ops
        clashes += found
    _refuse(label, [*clashes, *places.problems])
    dropped = [values for step in steps if (values := _dropped(session, step))]
    if dropped:
        seq = _bring_back(session, planned, dropped, label, meta)
    else:
        operations, expect = _operations(planned)
        seq = _commit(session, operations, expect, label, meta, places.answers)
    session.own_steps.add(seq)
    return Undone(label, seq, refs, about=about)


def _commit(
    session: Session,
    operations: list[Op],
    expect: dict[Key, int],
    label: str,
    meta: dict[str, Any],
    answers: Sequence[QueryAnswer],
) -> int:
    """Write it, with what follows of bookings; again where somebody booked one of the rooms in that very moment."""
    for attempt in range(_ATTEMPTS):
        more = _booked(session, operations, bookings.Ledger(), label)
        try:
            return session.store.commit(
                [*operations, *more.ops],
                {**expect, **more.expect},
                session.person_key,
                label,
                meta,
                [*answers, *more.answers],
            )
        except Conflict as stale:
            if stale.table not in bookings.DERIVED or attempt == _ATTEMPTS - 1:
                raise
            step_aside()
            session.store.refresh()
    raise AssertionError("unreachable: the last attempt raises or returns")


def _booked(session: Session, ops: Iterable[Op], ledger: bookings.Ledger, label: str) -> bookings.NewBookings:
    """The bookings that follow. Raises Conflict where somebody else has a room by now."""
    try:
        return bookings.following(session, ops, ledger)
    except Refused as taken:
        raise bookings.refusal_of(taken, label) from taken


def _close(
    session: Session, batch: Batch, label: str, ops: Iterable[Op], answers: Sequence[QueryAnswer] = ()
) -> tuple[int, list[Key]]:
    """Make a batch visible, with the bookings that follow from these operations of it."""
    ledger = bookings.Ledger(big=True)
    more = _booked(session, ops, ledger, label)
    if more.ops:
        batch.add(more.ops, more.expect)
    try:
        return bookings.close(session, batch, ledger, answers=answers)
    except Refused as taken:
        raise bookings.refusal_of(taken, label) from taken


class _Made:
    """The items that a transaction made; read when they are asked for."""

    def __init__(self, session: Session, transaction: Transaction) -> None:
        self._session, self._transaction = session, transaction

    def items(self, type_key: str) -> set[int]:
        """The ids of those of a type."""
        steps = self._session.store.past.steps(self._transaction.seq)
        return {step.id for step in steps if step.table == type_key and step.before() is None}


def _steps(session: Session, transaction: Transaction) -> Iterator[RecordStep]:
    """What is taken back. A number that was given stays given: its counter goes on, unless counting is what was changed.
    Bookings follow from the rest."""
    counts = bool(transaction.meta.get("counts"))
    derived = bookings.DERIVED if counts else {*bookings.DERIVED, COUNTERS}
    return (step for step in session.store.past.steps(transaction.seq) if step.table not in derived)


class _Dropped(NamedTuple):
    """Values of a deleted field that compaction dropped meanwhile, by the ids of their items."""

    table: str
    field: str
    values: dict[int, Any]


def _dropped(session: Session, step: RecordStep) -> _Dropped | None:
    """What undoing this step has to bring back of a field's values: only a field that lives again has any."""
    then = step.before()
    if step.table != "field" or not (step.doc or {}).get("deleted") or then is None or then.get("deleted"):
        return None
    table, field = str(then.get("type")), str(then.get("key"))
    values = dict(session.store.past.dropped(table, field))
    return _Dropped(table, field, values) if values else None


def _bring_back(
    session: Session, planned: Sequence[tuple[Op, int]], dropped: Sequence[_Dropped], label: str, meta: dict[str, Any]
) -> int:
    """The field and its values, as one batch. Items that were deleted since stay so."""
    with session.store.batch(by=session.person_key, note=label, meta=meta) as batch:
        batch.add(*_operations(planned))
        for table, field, values in dropped:
            ids = list(values)
            for start in range(0, len(ids), _CHUNK):
                records = session.whole.get(table, ids[start : start + _CHUNK])
                ops = [Op(table, one.id, {**one.doc, field: values[one.id]}) for one in records]
                batch.add(ops, {Key(table, one.id): one.rev for one in records})
        seq, _left_out = _close(session, batch, label, [op for op, _rev in planned])
    return seq


def _operations(planned: Sequence[tuple[Op, int]]) -> tuple[list[Op], dict[Key, int]]:
    return [op for op, _rev in planned], {Key(op.table, op.id): rev for op, rev in planned}


def _first_refs(session: Session, transaction: Transaction) -> tuple[Ref, ...]:
    """The first few items that a transaction is about, each once."""
    seen: dict[Ref, None] = {}
    for ref in _refs(session, transaction):
        seen[ref] = None
        if len(seen) == _FEW:
            break
    return tuple(seen)


def _refs(session: Session, transaction: Transaction) -> Iterator[Ref]:
    """The items that a transaction changed, and those whose timeline or plans it changed."""
    types = session.workspace.types
    for step in session.store.past.steps(transaction.seq):
        if step.table in types:
            yield Ref(step.table, step.id)
        elif step.table in (ENTRIES, ACTIVITIES):
            owner = Ref.read((step.doc or step.old or {}).get("owner"))
            if owner is not None and owner.type in types:
                yield owner


def _refuse(label: str, problems: Sequence[FieldProblem]) -> None:
    if problems:
        what = "; ".join(dict.fromkeys(problem.message for problem in problems))
        raise Conflict(_("Cannot undo “{label}”: {reason}").format(label=label, reason=what), fields=problems)


def _plan(
    session: Session,
    step: RecordStep,
    seq: int,
    *,
    made: _Made,
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


def _why_stays(session: Session, table: str, current: Doc, made: _Made) -> str | None:
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
    of = Ref.read((step.doc or step.old or {}).get("owner")) if step.table in (ENTRIES, ACTIVITIES) else None
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


def _name(session: Session, step: RecordStep) -> str:
    workspace = session.workspace
    if step.table in workspace.types:
        return workspace.show_ref(Ref(step.table, step.id))
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
