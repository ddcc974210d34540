"""Undo and redo from the journal itself, per person and across sessions.

What a person did last and has not taken back is found by walking the journal backwards; each undo is a transaction of its own that
names what it took back. It is refused, with the reason, where someone changed the same fields since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from msgspec import Struct

from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import bound_to
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Conflict, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.history.step_names import naming
from tuicrm.services.history.undo_places import look
from tuicrm.services.history.undo_steps import OWNED, MadeItems, plan_step
from tuicrm.services.kernel import bookings
from tuicrm.services.kernel.conflicts import step_aside
from tuicrm.services.kernel.numbers import COUNTERS
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.store.parts import Batch
from tuicrm.store.protocol import Key, Op, QueryAnswer, RecordStep, Transaction

_CHUNK = 200
_ATTEMPTS = 40
_FEW = 5
"""Items of a step that are named."""
_TOO_LATE = timedelta(minutes=1)
"""How long after a message went out undo still means that one."""


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
        elif not meta.get("fixed") and not _is_out(session, meta):
            return transaction, again.get(seq, seq)
    return None, 0


def _is_out(session: Session, meta: Mapping[str, Any]) -> bool:
    """Whether a transaction queued a message that has been out for a while: what is sent is sent, and what was done before is taken
    back. Who wants to take it back and is just too late is told so, and loses nothing else."""
    number = meta.get("sends")
    found = session.whole.get(MESSAGES, [number]) if isinstance(number, int) else ()
    long_ago = stamp(session.clock() - _TOO_LATE)
    return any(one.doc.get("status") != "queued" and str(one.doc.get("at") or "") < long_ago for one in found)


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
    plan = partial(plan_step, session, made=MadeItems(session, target), many=bool(target.batch), types=places.types)
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
        elif step.table == MESSAGES:
            yield from (ref for ref in bound_to(step.doc or step.old or {}) if ref.type in types)
        elif step.table in OWNED:
            owner = Ref.read((step.doc or step.old or {}).get("owner"))
            if owner is not None and owner.type in types:
                yield owner


def _refuse(label: str, problems: Sequence[FieldProblem]) -> None:
    if problems:
        what = "; ".join(dict.fromkeys(problem.message for problem in problems))
        raise Conflict(_("Cannot undo “{label}”: {reason}").format(label=label, reason=what), fields=problems)
