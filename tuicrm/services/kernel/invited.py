"""Who has been invited to an activity by mail, and who is still to be told: written in the very commit that gives them reason to be.

One record an activity, of the activity's own id, where the workspace says that people are invited by themselves:
`{"told": ["luca"], "due": {"mario": "REQUEST", "contact:3": "CANCEL"}, "waits": true, "by": "anna", "was": {…}, "rev": 4}`.
`"off": {"luca": ["2027-01-25T10:00"]}` are times of a series that they take part in no longer, "" being the series itself of which
single times are left to them. `was` is the activity before it went, for those who are told so. What is due is sent by a worker
(`services/calendar/inviting.py`); `"taken": {"at": "2027-01-11T10:00:00Z", "who": ["luca"]}` stands there while it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tuicrm.domain.activities.inviting import guests, is_others, is_over, told
from tuicrm.domain.activities.planned import read
from tuicrm.domain.conditions import And, Empty, Not, OneOf, Or, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.store.protocol import Doc, Find, Key

if TYPE_CHECKING:
    from tuicrm.services.kernel.drafts import Draft

INVITED = "invited"
"""The table of it."""
Method: TypeAlias = Literal["REQUEST", "CANCEL"]
Off: TypeAlias = dict[str, tuple[str, ...]]
StandIns: TypeAlias = list[tuple[Doc, Doc | None]]
"""What stands in for occurrences of a series and is touched, before and after."""
REQUEST: Method = "REQUEST"
CANCEL: Method = "CANCEL"


def follow(draft: Draft) -> None:
    """Write who is to be told of what a draft makes of activities."""
    touched = draft.touched()
    heads: dict[int, StandIns] = {number: [] for number in _of_items(draft, touched)}
    for key in touched:
        if key.table == ACTIVITIES:
            _under_head(draft, key, heads)
    for number, stand_ins in heads.items():
        _follow(draft, number, stand_ins)


def noted(
    state: Mapping[str, Any],
    due: Mapping[str, str],
    off: Mapping[str, Iterable[str]],
    known: Iterable[str],
    **more: object,
) -> Doc | None:
    """A record of it as it is to be kept; None where there is nothing to keep. `more` goes before what `state` holds."""
    kept: Doc = {name: value for name, value in {**state, **more}.items() if value is not None}
    for name in ("due", "off", "told", "waits"):
        kept.pop(name, None)
    if due:
        kept["due"] = dict(sorted(due.items()))
    if less := {name: sorted(walls) for name, walls in sorted(off.items()) if walls}:
        kept["off"] = less
    if due or less:
        kept["waits"] = True
    if names := sorted(set(known)):
        kept["told"] = names
    return kept if due or less or names or "taken" in kept else None


def due_of(state: Mapping[str, Any]) -> dict[str, Method]:
    """Who is to be told, and what."""
    due = state.get("due")
    found: dict[str, Method] = {}
    for name, method in due.items() if isinstance(due, dict) else ():
        if method in (REQUEST, CANCEL):
            found[str(name)] = CANCEL if method == CANCEL else REQUEST
    return found


def off_of(state: Mapping[str, Any]) -> Off:
    """Who is still to be told that they take part in some times of a series no longer."""
    off = state.get("off")
    return {
        str(name): tuple(sorted({wall for wall in walls if isinstance(wall, str)}))
        for name, walls in (off.items() if isinstance(off, dict) else ())
        if isinstance(walls, list)
    }


def told_of(state: Mapping[str, Any]) -> set[str]:
    """Who was told that they are invited."""
    known = state.get("told")
    return {name for name in known if isinstance(name, str)} if isinstance(known, list) else set()


# -- which activities --------------------------------------------------------------------------------------------------
def _under_head(draft: Draft, key: Key, heads: dict[int, StandIns]) -> None:
    """Put an activity that is touched among those of which somebody is told: what stands in for an occurrence under its series."""
    record, after = draft.record(key), draft.get(key)
    before = record.doc if record is not None else {}
    series = read(0, 0, after or before).of
    under = heads.setdefault(series or key.id, [])
    if series:
        under.append((before, after))


def _of_items(draft: Draft, touched: Iterable[Key]) -> Iterator[int]:
    """The activities with guests of items that go or come back."""
    items = [key for key in touched if key.table in draft.workspace.types]
    owners = [str(Ref(*key)) for key in items if draft.get(key) is None or draft.comes_back(key)]
    if owners:
        has_guests = Or((Not(Empty("people")), Not(Empty("contacts"))))
        yield from draft.session.whole.ids(
            ACTIVITIES, And((OneOf("owner", "string", tuple(map(fold, owners))), has_guests))
        )


# -- who is to be told -------------------------------------------------------------------------------------------------
def _follow(draft: Draft, number: int, stand_ins: StandIns) -> None:
    record, after = draft.record(Key(ACTIVITIES, number)), draft.get(Key(ACTIVITIES, number))
    before = record.doc if record is not None and _was_there(draft, record.doc) else {}
    now = after if after is not None and _is_there(draft, after) else {}
    key = Key(INVITED, number)
    state = draft.get(key) or {}
    single = _of_single_times(draft, number, now, stand_ins)
    if is_others(now or before) or not (guests(before) or guests(now) or single or state):
        return
    due, off, known = _due(draft, state, before, now, stand_ins, single)
    gone = not now and CANCEL in due.values()
    was = {"was": state.get("was") or before, "rev": (record.rev if record is not None else 0) + 1} if gone else {}
    kept = noted(state, due, off, known, **{"by": draft.session.person_key, "was": None, "rev": None, **was})
    # Who changed something last is no reason to write it down.
    parts = ("due", "off", "told")
    if gone != ("was" in state) or any((kept or {}).get(part) != state.get(part) for part in parts):
        draft.put(key, kept)


def _of_single_times(draft: Draft, number: int, now: Doc, stand_ins: StandIns) -> frozenset[str]:
    """Who takes part in times of a series that stand for themselves."""
    if not now.get("rule"):
        return frozenset()
    touched = {key.id for key in draft.touched() if key.table == ACTIVITIES}
    found = draft.session.whole.find(Find(ACTIVITIES, Test("of", "integer", "=", number))).records
    docs = [one.doc for one in found if one.id not in touched] + [doc for _was, doc in stand_ins if doc]
    return frozenset[str]().union(*map(guests, docs))


def _due(
    draft: Draft, state: Mapping[str, Any], before: Doc, now: Doc, stand_ins: StandIns, single: frozenset[str]
) -> tuple[dict[str, str], Off, set[str]]:
    """Who is to be told what from now on, of which times they are to hear that these are off, and who knows of it."""
    due, known, here = dict[str, str](due_of(state)), told_of(state), guests(now)
    if now.get("done"):
        return {name: method for name, method in due.items() if method == CANCEL}, off_of(state), set()
    apart = frozenset(str(doc.get("occurrence")) for _was, doc in stand_ins if doc)
    changed = told(before, apart) != told(now, apart)
    asked, off = _of_times(draft, before, stand_ins, off_of(state), known)
    was = state.get("was")
    comes_back = isinstance(was, dict) and told(was) == told(now)
    if now and not is_over(now, draft.now):
        for name in (here | asked) - {draft.session.person_key}:
            if comes_back and name in known and due.get(name) == CANCEL:
                # Nobody has been told yet that it went.
                del due[name]
            elif name in asked or name not in guests(before) or changed or due.get(name) == CANCEL:
                due[name] = REQUEST
    for name in (known & guests(before) & single) - here:
        off[name], due[name] = ("",), REQUEST
    for name in (known | due.keys()) - here - single:
        if name == now.get("responsible") or name not in known or is_over(now or before, draft.now):
            due.pop(name, None)
            known.discard(name)
        elif now and name not in guests(before) and name in off:
            # That single time was all they knew of.
            due.pop(name, None)
            known.discard(name)
        else:
            due[name] = CANCEL
            off.pop(name, None)
    return due, {name: walls for name, walls in off.items() if name not in here or walls != ("",)}, known


def _of_times(draft: Draft, before: Doc, stand_ins: StandIns, off: Off, known: set[str]) -> tuple[frozenset[str], Off]:
    """Who is to be told of times of a series that stand for themselves, and of which ones who is to hear that they are off; that one
    is done is no matter of guests."""
    asked = frozenset[str]()
    for stood, doc in stand_ins:
        known_as = doc or stood
        if known_as.get("done"):
            continue
        wall = str(known_as.get("occurrence"))
        was = stood or _of_series(before, wall)
        were, are = guests(was), guests(doc or {})
        asked |= are if told(was) != told(doc or {}) else are - were
        for name in are:
            off[name] = tuple(one for one in off.get(name, ()) if one != wall)
        if not is_over(doc or was, draft.now):
            for name in (were - are) & known - {draft.session.person_key}:
                off[name] = tuple(sorted({*off.get(name, ()), wall}))
    return asked, {name: walls for name, walls in off.items() if walls}


def _of_series(series: Doc, wall: str) -> Doc:
    """A time of a series as a record of its own would have it; empty where it is none of its own any more."""
    from tuicrm.domain.activities import steps

    known = steps.standing(0, series)
    one = steps.occurrence_of(known, wall) if known is not None else None
    return steps.apart(known, one) if known is not None and one is not None else {}


def _was_there(draft: Draft, doc: Doc) -> bool:
    owner = Ref.read(doc.get("owner"))
    return owner is not None and owner.type in draft.workspace.types and draft.record(Key(*owner)) is not None


def _is_there(draft: Draft, doc: Doc) -> bool:
    owner = Ref.read(doc.get("owner"))
    return owner is not None and owner.type in draft.workspace.types and draft.get(Key(*owner)) is not None
