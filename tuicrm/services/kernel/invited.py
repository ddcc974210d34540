"""Who has been invited to an activity by mail, and who is still to be told: written in the very commit that gives them reason to be.

One record an activity, of the activity's own id, where the workspace says that people are invited by themselves:
`{"told": ["luca"], "due": {"mario": "REQUEST", "contact:3": "CANCEL"}, "waits": true, "by": "anna", "was": {…}, "rev": 4}`.
`was` is the activity before it went, for those who are told so. What is due is sent by a worker (`services/calendar/inviting.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tuicrm.domain.activities.inviting import guests, is_others, is_over, told
from tuicrm.domain.activities.planned import read
from tuicrm.domain.conditions import And, Empty, Not, OneOf, Or
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.store.protocol import Doc, Key

if TYPE_CHECKING:
    from tuicrm.services.kernel.drafts import Draft

INVITED = "invited"
"""The table of it."""
Method: TypeAlias = Literal["REQUEST", "CANCEL"]
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


def noted(state: Mapping[str, Any], due: Mapping[str, str], known: Iterable[str], **more: object) -> Doc | None:
    """A record of it as it is to be kept; None where there is nothing to keep. `more` goes before what `state` holds."""
    kept: Doc = {name: value for name, value in {**state, **more}.items() if value is not None}
    for name in ("due", "told", "waits"):
        kept.pop(name, None)
    if due:
        kept |= {"due": dict(sorted(due.items())), "waits": True}
    if names := sorted(set(known)):
        kept["told"] = names
    return kept if due or names else None


def due_of(state: Mapping[str, Any]) -> dict[str, Method]:
    """Who is to be told, and what."""
    due = state.get("due")
    found: dict[str, Method] = {}
    for name, method in due.items() if isinstance(due, dict) else ():
        if method in (REQUEST, CANCEL):
            found[str(name)] = CANCEL if method == CANCEL else REQUEST
    return found


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
    if is_others(now or before) or not (guests(before) or guests(now) or state):
        return
    due, known = _due(draft, state, before, now, stand_ins)
    gone = not now and CANCEL in due.values()
    was = {"was": state.get("was") or before, "rev": (record.rev if record is not None else 0) + 1} if gone else {}
    if not _same(state, due, known, gone=gone):
        more = {"by": draft.session.person_key, "was": None, "rev": None, **was}
        draft.put(key, noted(state, due, known, **more))


def _due(
    draft: Draft, state: Mapping[str, Any], before: Doc, now: Doc, stand_ins: StandIns
) -> tuple[dict[str, str], set[str]]:
    """Who is to be told what from now on, and who knows of it."""
    due, known, here = dict[str, str](due_of(state)), told_of(state), guests(now)
    if now.get("done"):
        return {name: method for name, method in due.items() if method == CANCEL}, set()
    done = frozenset(str(doc.get("occurrence")) for _was, doc in stand_ins if doc and doc.get("done"))
    changed = told(before) != told(now, done) or any(_is_other(was, doc) for was, doc in stand_ins)
    was = state.get("was")
    comes_back = isinstance(was, dict) and told(was) == told(now)
    if now and not is_over(now, draft.now):
        for name in here - {draft.session.person_key}:
            if comes_back and name in known and due.get(name) == CANCEL:
                # Nobody has been told yet that it went.
                del due[name]
            elif name not in guests(before) or changed or due.get(name) == CANCEL:
                due[name] = REQUEST
    for name in (known | due.keys()) - here:
        if name == now.get("responsible") or name not in known or is_over(now or before, draft.now):
            due.pop(name, None)
            known.discard(name)
        else:
            due[name] = CANCEL
    return due, known


def _is_other(before: Doc, after: Doc | None) -> bool:
    """Whether guests see that an occurrence is other than it was; that it is done is no matter of theirs."""
    if after is None:
        return not before.get("done")
    return not after.get("done") and told(before) != told(after)


def _same(state: Mapping[str, Any], due: Mapping[str, str], known: set[str], *, gone: bool) -> bool:
    """Whether nobody is told anything else than before: who changed something last is no reason to write it down."""
    return dict(due) == due_of(state) and known == told_of(state) and gone == ("was" in state)


def _was_there(draft: Draft, doc: Doc) -> bool:
    owner = Ref.read(doc.get("owner"))
    return owner is not None and owner.type in draft.workspace.types and draft.record(Key(*owner)) is not None


def _is_there(draft: Draft, doc: Doc) -> bool:
    owner = Ref.read(doc.get("owner"))
    return owner is not None and owner.type in draft.workspace.types and draft.get(Key(*owner)) is not None
