"""All the items of a pipeline, or of one stage, moved elsewhere: by the rules that hold for one, as one change that is one undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tuicrm.domain.conditions import Aggregate, And, Condition, Empty, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.domain.required import missing_fields
from tuicrm.domain.schema import Pipeline, Stage
from tuicrm.errors import Conflict, FieldProblem, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.items.stages import Lacking, why
from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import QueryAnswer, Record

if TYPE_CHECKING:
    from tuicrm.services.kernel.bulk import Bulk
    from tuicrm.services.kernel.changes import Change

_CHUNK = 200
_AT_ONCE = 500
"""Items that are moved as a plain change; more are a big one."""
_LISTED = 20
_ATTEMPTS = 20

Finish: TypeAlias = Callable[["Change"], None]
"""Adds to a change what is to follow when all have moved."""

StagePlaces: TypeAlias = Mapping[str, "StagePlace"]
"""By the key of the stage where items are: where they go. "" stands for stages that are gone."""


class StagePlace(NamedTuple):
    """A stage of a pipeline."""

    pipeline: Pipeline
    stage: Stage


_UNSEEN = Lacking(Ref("", 0), "", barred=True)
"""An item that stays and that the person may not read: it is counted, and not named."""

_Moves: TypeAlias = Sequence[tuple[int, StagePlace]]
_Judged: TypeAlias = tuple[list[tuple[int, StagePlace]], list[Lacking]]
"""Those of some moves that the rules let be, and those that stay."""


class Outcome(NamedTuple):
    """How many items moved or would, how many stay, the first of these with what each lacks (of those that the person may read), and
    how many were left out because others changed them in that very moment."""

    moved: int
    stayed: int
    first: tuple[Lacking, ...]
    left_out: int = 0


def held(session: Session, type_key: str, pipeline: str, stage: str = "") -> int:
    """How many items are in a pipeline, or in one stage of it, whoever may see them."""
    return session.whole.count(type_key, _in(pipeline, stage))


def held_by_stage(session: Session, type_key: str, pipeline: str) -> dict[str, int]:
    """The same, stage by stage (by key)."""
    groups = session.whole.fold(type_key, _in(pipeline), "stage", [Aggregate("count")])
    return {str(group.key or ""): group.results[0] for group in groups}


def _by_stage(session: Session, type_key: str, pipeline: str, stage: str = "") -> dict[str, list[int]]:
    """The items of a pipeline, or of one stage of it, by the stage that they say (by key)."""
    where = _in(pipeline, stage)
    groups = session.whole.fold(type_key, where, "stage", [Aggregate("count")])
    return {str(group.key or ""): session.whole.ids(type_key, And((where, at_stage(group.key)))) for group in groups}


def at_stage(stage: str | None) -> Condition:
    """In a stage by its key; None: in none."""
    return Empty("stage") if stage is None else Test("stage", "stage", "=", stage)


def held_ids(session: Session, type_key: str, pipeline: str, stage: str) -> QueryAnswer:
    """The items of a stage, as an answer that a commit can rest on."""
    where = _in(pipeline, stage)
    return QueryAnswer(type_key, where, frozenset(session.whole.ids(type_key, where)))


def _in(pipeline: str, stage: str = "") -> Condition:
    """In a pipeline, or in one stage of it."""
    where = Test("pipeline", "pipeline", "=", pipeline)
    return And((where, Test("stage", "stage", "=", stage))) if stage else where


def until_settled(session: Session, work: Callable[[], Outcome]) -> Outcome:
    """Do what a question about items decides; anew, from the question on, where others moved some in that very moment. Raises Conflict
    where that never ends, and what the work raises."""
    for attempt in range(_ATTEMPTS):
        try:
            return work()
        except Conflict:
            if attempt == _ATTEMPTS - 1:
                raise
            session.store.refresh()
    raise AssertionError("unreachable: the last attempt raises or returns")


def move_all(  # noqa: PLR0913 - what is moved, where to, and how it is told
    session: Session,
    type_key: str,
    source: Pipeline,
    places: StagePlaces,
    label: str,
    *,
    stage: str = "",
    finish: Finish | None = None,
    progress: Tell | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Move the items of a pipeline (of one `stage` of it) as `places` say.

    With `finish`, which adds what is to follow in the same change (a stage that goes), all must be able to move: Refused says which
    are not, and nothing is done; Conflict where others came meanwhile. Raises AccessDenied, Conflict, what `progress` raises."""
    by_stage = _by_stage(session, type_key, source.key, stage)
    gone = {key for key in by_stage if source.stage(key) is None}
    wanted = {key: places.get("" if key in gone else key) for key in by_stage}
    moves = [(item_id, place) for key, ids in by_stage.items() if (place := wanted[key]) for item_id in ids]
    total = len(moves)
    last: Finish | None = None
    if finish is not None:
        last = _finishing(
            finish, type_key, [item_id for ids in by_stage.values() for item_id in ids], _in(source.key, stage)
        )
        stay = [one for chunk in _chunks(moves, progress, total) for one in _looked_at(session, type_key, chunk)[1]]
        if stay:
            raise _refuse_stay(session, stay)
    if dry_run:
        return _counted(_looked_at(session, type_key, chunk) for chunk in _chunks(moves, progress, total))
    if total <= _AT_ONCE:
        return _at_once(session, type_key, moves, label, last)
    outcomes: list[_Judged] = []
    with session.bulk(label) as bulk:
        for chunk in _chunks(moves, progress, total):
            outcomes.append(_written(session, bulk, type_key, chunk))
        if last is not None:
            with bulk.change() as change:
                last(change)
    return _counted(outcomes)._replace(left_out=sum(key.table == type_key for key in bulk.left_out))


def _finishing(finish: Finish, type_key: str, ids: Sequence[int], where: Condition) -> Finish:
    """What is to follow, as long as it holds these items and no others."""

    def last(change: Change) -> None:
        change.still(type_key, ids, where)
        finish(change)

    return last


def _at_once(
    session: Session,
    type_key: str,
    moves: _Moves,
    label: str,
    finish: Finish | None,
) -> Outcome:
    go, stay = _looked_at(session, type_key, moves)
    with session.change(label) as change:
        _edits(change, type_key, go)
        if finish is not None:
            finish(change)
    return _counted([(go, stay)])


def _written(session: Session, bulk: Bulk, type_key: str, moves: _Moves) -> _Judged:
    """Some of the moves as a line of the big change; looked at again where others changed one in that very moment."""
    for attempt in range(_ATTEMPTS):
        go, stay = _looked_at(session, type_key, moves)
        try:
            with bulk.change({ENTRIES: len(go)}) as change:
                _edits(change, type_key, go)
            return go, stay
        except Conflict:
            session.store.refresh()
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable: the last attempt raises or returns")


def _edits(change: Change, type_key: str, moves: _Moves) -> None:
    for item_id, place in moves:
        change.edit(Ref(type_key, item_id), {"pipeline": place.pipeline.key, "stage": place.stage.key})


def _chunks(moves: _Moves, progress: Tell | None, total: int) -> Iterator[_Moves]:
    for start in range(0, len(moves), _CHUNK):
        if progress is not None:
            progress(start, total)
        yield moves[start : start + _CHUNK]


def _looked_at(session: Session, type_key: str, moves: _Moves) -> _Judged:
    """Those of the moves that the rules let be, and those that stay with the reason."""
    places = dict(moves)
    go: list[tuple[int, StagePlace]] = []
    stay: list[Lacking] = []
    for record in session.whole.get(type_key, places):
        lacking = _lacking(session, record, places[record.id])
        if lacking is None:
            go.append((record.id, places[record.id]))
        else:
            stay.append(lacking)
    return go, stay


def _lacking(session: Session, record: Record, place: StagePlace) -> Lacking | None:
    """What keeps an item from going there; of one that the person may not read nothing is told, not even which it is."""
    ref = Ref(record.table, record.id)
    doc = {**record.doc, "pipeline": place.pipeline.key, "stage": place.stage.key}
    may = session.access.may
    if not may("read", record.table, record.doc):
        return _UNSEEN
    title = session.title(session.workspace.type(record.table), record.id, session.mask(record).fields)
    if not (may("edit", record.table, record.doc) and may("edit", record.table, doc)):
        return Lacking(ref, title, reason=_("You may not change it."), barred=True)
    fields = session.workspace.fields(record.table).values()
    lacking = missing_fields(fields, doc, place.pipeline.key, place.stage.key, session.access.sees)
    return Lacking(ref, title, tuple(lacking)) if lacking else None


def _counted(outcomes: Iterable[_Judged]) -> Outcome:
    moved, stayed, first = 0, 0, list[Lacking]()
    for go, stay in outcomes:
        moved += len(go)
        stayed += len(stay)
        first += [one for one in stay if one is not _UNSEEN][: _LISTED - len(first)]
    return Outcome(moved, stayed, tuple(first))


def _refuse_stay(session: Session, stay: Sequence[Lacking]) -> Refused:
    """That nothing was done, because these cannot move: each with why."""
    show_ref = session.workspace.show_ref
    seen = [one for one in stay if one is not _UNSEEN]
    problems = [FieldProblem(show_ref(one.ref), why(session, one)) for one in seen[:_LISTED]]
    unseen, more = len(stay) - len(seen), len(seen) - len(problems)
    if more:
        problems.append(FieldProblem("…", _("and {n} more").format(n=more)))
    if unseen:
        told = ngettext("{n} that you may not see", "{n} that you may not see", unseen)
        problems.append(FieldProblem("…", told))
    return Refused(ngettext("{n} item cannot move there.", "{n} items cannot move there.", len(stay)), problems)
