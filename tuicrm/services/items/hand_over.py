"""Items and open activities handed over from one person to another: looked at first, then one change, which one undo takes back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from tuicrm.domain.conditions import And, Condition, Test
from tuicrm.domain.config_records import Person
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.permissions import why_not_change_many
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

_LINE = 200
"""Items a line of the batch."""
_FIELD = "responsible"


class HandOverStopped(Exception):
    """Somebody stopped it: nothing was handed over."""


class HandOver(Struct, frozen=True):
    """What handing over comes to: by type, the items that go and how many stay because this person may not change them; the open
    activities that go."""

    giver: Person
    taker: Person
    items: Mapping[str, Sequence[int]]
    staying: Mapping[str, int]
    activities: Sequence[int]

    @property
    def total(self) -> int:
        """How many items go."""
        return sum(map(len, self.items.values()))


def look(
    session: Session, giver: Person, taker: Person, types: Collection[str] = (), *, closed: bool = True
) -> HandOver:
    """What would go from one to the other: of these types (empty: all), and with `closed` what is won or lost too. Raises Refused for
    somebody who no longer works here, and for one and the same."""
    if giver.key == taker.key:
        raise _wrong("to", _("this is the same person"), taker.key)
    if taker.retired:
        raise _wrong("to", _("{name} no longer works here").format(name=taker.name), taker.key)
    items: dict[str, Sequence[int]] = {}
    staying: dict[str, int] = {}
    for type_key in types or session.workspace.types:
        if _FIELD not in session.workspace.fields(type_key):
            continue
        found = session.many(type_key, session.ids(type_key, _of(session, type_key, giver, closed=closed)))
        going = [item.id for item in found if session.access.may("edit", type_key, item.fields)]
        if going:
            items[type_key] = going
        if len(going) < len(found):
            staying[type_key] = len(found) - len(going)
    return HandOver(giver, taker, items, staying, _activities(session, giver, types))


def _of(session: Session, type_key: str, giver: Person, *, closed: bool) -> Condition:
    mine = Test(_FIELD, "person", "=", giver.key)
    pipelines = session.workspace.pipelines(type_key)
    if closed or not pipelines:
        return mine
    from tuicrm.services.kernel import repeats

    return And((mine, repeats.in_stages(session.workspace, type_key, "process")))


def _activities(session: Session, giver: Person, types: Collection[str]) -> list[int]:
    """The open activities of somebody, on items that this person may change."""
    where = And((Test(_FIELD, "person", "=", giver.key), Test("done", "boolean", "=", False)))
    found = []
    for record in session.whole.find(Find(ACTIVITIES, where)).records:
        owner = Ref.read(record.doc.get("owner"))
        item = session.peek(owner) if owner is not None else None
        if item is None or (types and item.type not in types):
            continue
        if session.access.may("edit", item.type, item.fields) and not record.doc.get("private"):
            found.append(record.id)
    return found


def hand_over(
    session: Session,
    plan: HandOver,
    *,
    tell: Tell = lambda _done, _of: None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Hand over what was looked at, as one change; how many items went. Raises AccessDenied where many may not be changed at once,
    HandOverStopped where it is to stop; nothing has changed then."""
    if plan.total + len(plan.activities) > 1 and (reason := why_not_change_many(session.access)):
        raise AccessDenied(reason)
    label = _("hand over from {giver} to {taker}").format(giver=plan.giver.name, taker=plan.taker.name)
    done = 0
    with session.bulk(label) as bulk:
        for type_key, ids in plan.items.items():
            for at in range(0, len(ids), _LINE):
                tell(done, plan.total)
                if stopped():
                    raise HandOverStopped
                with bulk.change({ENTRIES: _LINE}) as line:
                    for item in session.many(type_key, ids[at : at + _LINE]):
                        if item.get(_FIELD) == plan.giver.key:
                            line.edit(item.ref, {_FIELD: plan.taker.key}, base=item)
                            done += 1
        for at in range(0, len(plan.activities), _LINE):
            with bulk.change() as line:
                for number in plan.activities[at : at + _LINE]:
                    line.patch(ACTIVITIES, number, {_FIELD: plan.taker.key})
    return done - sum(key.table in plan.items for key in bulk.left_out)


def _wrong(field: str, message: str, value: object) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])
