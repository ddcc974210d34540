"""What is late or due with items, counted by item: kept, and moved on with the clock, not counted anew (reference §6).

What was due before a moment of today, and what is before the end of the day, are kept answers of the store. As time goes on only what
became late since that moment is looked at, in an order that is kept as well. A session counts once for all its places: whatever shows
how much is due reads the same counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Set
from datetime import datetime, timedelta
from threading import Lock

from msgspec import Struct

from tuicrm.domain.conditions import Aggregate, And, Condition, Not, OneOf, Or, Sort, Test
from tuicrm.domain.due import Due
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import bound_to
from tuicrm.domain.stamps import stamp
from tuicrm.services.items.activities import end_of_today
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.reader import ACTIVITIES, MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.shared_settings import COUNTER_OF, ITEMS_COUNT, SOON_MINUTES, soon_minutes, value_of
from tuicrm.store.protocol import Asked, Ordered

__all__ = ["AllDue", "Due", "DueCounts", "all_due", "my_due", "next_turn"]

_OPEN = Test("done", "boolean", "=", False)
_BY_AT = (Sort("at", "datetime"),)
_UNANSWERED = Test("unanswered", "boolean", "=", True)
_NEWEST = (Sort("at", "datetime", descending=True),)
_COUNTED = (ACTIVITIES, MESSAGES)
_MOST_SINCE = 2_000
"""What became late since the kept answer, looked at one by one; of more another answer is kept. Messages without an answer, too."""

Tallies = dict[str, Counter[int]]
"""By type and item, how many."""


Waiting = dict[int, set[int]]
"""By item, the messages on it that nobody has answered."""


class _Tally(Struct):
    """How many activities hang on each item of a type: late, all that is due by the end of the day, soon, not answered; and the
    messages that nobody has answered."""

    late: Counter[int]
    all: Counter[int]
    soon: Counter[int]
    asked: Counter[int]
    messages: Waiting = {}

    @property
    def waiting(self) -> Set[int]:
        """The items with which something waits for an answer."""
        return self.asked.keys() | self.messages.keys() if self.messages else self.asked.keys()

    def unanswered(self, items: Iterable[int]) -> int:
        """How much waits for an answer with these items. A message counts once, on however many of them it is."""
        items = list(items)
        messages = set[int]().union(*(self.messages[one] for one in items if one in self.messages))
        return sum(self.asked[one] for one in items) + len(messages)


_EMPTY = _Tally(Counter(), Counter(), Counter(), Counter())


class AllDue:
    """The open activities that are late or due today, by item; those to which the person was asked and has not answered; and, of all
    that is due, the messages that came and nobody has answered."""

    def __init__(self, session: Session, where: Callable[[Session], Condition] | None = None) -> None:
        """`where` leaves only some activities."""
        self._session = session
        self._leaves = where
        self._tallies: dict[str, _Tally] = {}
        self._waiting: dict[str, Waiting] = {}
        self.version = 0
        """Grows whenever something was counted."""
        self._seq = -1
        self._minute = ""
        self._settings = ("", "")
        self._base = ""
        """The moment before which what is late is a kept answer."""
        self._day = ""
        self._counting = Lock()

    @property
    def is_new(self) -> bool:
        """Whether nothing was counted yet."""
        return not self.version

    @property
    def by_items(self) -> bool:
        """Whether items are counted, and not their activities."""
        return self._settings[0] == ITEMS_COUNT

    def follow(self) -> int:
        """Count what changed, and what time has brought, from any thread; returns the version."""
        with self._counting:
            return self._follow()

    def close(self) -> None:
        """Nothing is held that would have to be given back."""

    def _follow(self) -> int:
        session, minute = self._session, self._session.clock().isoformat()[:16]
        store, seq = session.store, session.store.seq()
        settings = (value_of(session, COUNTER_OF), value_of(session, SOON_MINUTES))
        same = (minute, settings) == (self._minute, self._settings)
        touched = {change.table for change in store.changes(self._seq)} if same and seq != self._seq else set()
        if same and touched.isdisjoint(_COUNTED):
            self._seq = seq
            return self.version
        if self._leaves is None and (not same or MESSAGES in touched):
            self._waiting = self._messages()
        self._seq, self._minute, self._settings = seq, minute, settings
        context = session.context()
        # Whole minutes, so that what is asked is the same until the next one.
        floor = context.now.replace(second=0, microsecond=0)
        now = floor if floor == context.now else floor + timedelta(minutes=1)
        self._count(now, end_of_today(context))
        self.version += 1
        return self.version

    def tally(self, type_key: str) -> _Tally:
        """What was counted last of a type's items."""
        return self._tallies.get(type_key, _EMPTY)

    def get_ready(self) -> None:
        """Read what counting needs, from a thread: nobody else waits meanwhile."""
        prepare = self._session.store.prepare
        prepare(ACTIVITIES, self._asked(self._before_moment("")), lambda _done, _of: None)
        prepare(ACTIVITIES, self._asked(self._unanswered), lambda _done, _of: None)
        prepare(ACTIVITIES, Asked(self._open, _BY_AT), lambda _done, _of: None)
        prepare(MESSAGES, Asked(_UNANSWERED, _NEWEST), lambda _done, _of: None)

    # -- counting ------------------------------------------------------------------------------------------------------
    def _count(self, now: datetime, end: str) -> None:
        moment = min(stamp(now), end)
        every = self._fold(self._before_moment(end))
        since: Tallies = {}
        if self._day == end and self._base <= moment:
            since, few = self._between(self._base, moment)
        else:
            few = False
        if not few:
            self._day, self._base, since = end, moment, {}
        late = self._fold(self._before_moment(self._base))
        for key, found in since.items():
            late[key] = late.get(key, Counter()) + found
        soon = self._between(moment, min(stamp(now + timedelta(minutes=soon_minutes(self._session))), end))[0]
        asked = self._fold(self._unanswered)
        none = Counter[int]()
        messages = self._waiting
        self._tallies = {
            key: _Tally(
                late.get(key, none),
                every.get(key, none),
                soon.get(key, none),
                asked.get(key, none),
                messages.get(key, {}),
            )
            for key in {**every, **late, **asked, **messages}
        }

    def _messages(self) -> dict[str, Waiting]:
        """The newest messages that nobody has answered and this person may read, by type and item."""
        session, found = self._session, dict[str, Waiting]()
        ids = session.store.window(Ordered(MESSAGES, _UNANSWERED, _NEWEST), _MOST_SINCE).ids
        for record in session.store.get(MESSAGES, ids):
            if message_sight.may_read(session, record.doc):
                for ref in bound_to(record.doc):
                    found.setdefault(ref.type, {}).setdefault(ref.id, set()).add(record.id)
        return found

    @property
    def _open(self) -> Condition:
        return _OPEN if self._leaves is None else And((_OPEN, self._leaves(self._session)))

    def _before_moment(self, moment: str) -> Condition:
        return And((self._open, Test("at", "datetime", "<", moment)))

    @property
    def _unanswered(self) -> Condition:
        return And((_OPEN, OneOf(f"people.{self._session.person_key}", "list", ("asked",))))

    @staticmethod
    def _asked(where: Condition) -> Asked:
        return Asked(where, by="owner", aggregates=(Aggregate("count"),))

    def _fold(self, where: Condition) -> Tallies:
        """How many such activities each item has."""
        asked, found = self._asked(where), defaultdict[str, Counter[int]](Counter)
        for group in self._session.store.fold(ACTIVITIES, asked.where, asked.by, asked.aggregates):
            owner = Ref.read(group.key)
            if owner is not None:
                found[owner.type][owner.id] = group.results[0]
        return found

    def _between(self, begin: str, end: str) -> tuple[Tallies, bool]:
        """The same from one moment to another, which are not far apart; False where these are too many to look at each."""
        counts = defaultdict[str, Counter[int]](Counter)
        if begin >= end:
            return counts, True
        asked = Ordered(ACTIVITIES, self._open, _BY_AT, least=begin, below=end)
        found = self._session.store.window(asked, _MOST_SINCE + 1)
        for record in self._session.store.get(ACTIVITIES, found.ids):
            owner = Ref.read(record.doc.get("owner"))
            if owner is not None:
                counts[owner.type][owner.id] += 1
        return counts, found.count <= _MOST_SINCE


class DueCounts:
    """What of it is with the items of a type."""

    def __init__(self, session: Session, type_key: str, due: AllDue | None = None) -> None:
        self._due = due or all_due(session)
        self._type = type_key
        self._version = -1

    @property
    def is_new(self) -> bool:
        """Whether nothing was counted yet."""
        return self._due.is_new

    def follow(self) -> bool:
        """Whether anything may be other than when this was asked last."""
        version = self._due.follow()
        was, self._version = self._version, version
        return was != version

    def get_ready(self) -> None:
        """Read what counting needs, from a thread: nobody else waits meanwhile."""
        self._due.get_ready()

    @property
    def items(self) -> Set[int]:
        """The items with which something is late or due today, or an invitation waits for an answer."""
        tally = self._due.tally(self._type)
        return tally.all.keys() | tally.waiting if tally.waiting else tally.all.keys()

    def among(self, ids: Set[int] | None = None, own: Collection[int] | None = None) -> Due:
        """The counts of these items (None: of all), as followed last; `own`: which items are the person's own (None: all)."""
        tally = self._due.tally(self._type)
        chosen = tally.all.keys() if ids is None else tally.all.keys() & ids
        waiting = tally.waiting if ids is None else tally.waiting & ids
        is_own = own is None or any(one in own for one in chosen) or bool(waiting)
        if self._due.by_items:
            late = {one for one in chosen if tally.late[one]}
            soon = sum(one not in late and tally.soon[one] > 0 for one in chosen)
            return Due(len(late), len(chosen) - len(late), soon, len(waiting), is_own)
        late_ones = sum(tally.late[one] for one in chosen)
        today = sum(tally.all[one] for one in chosen) - late_ones
        return Due(
            late_ones,
            today,
            sum(tally.soon[one] for one in chosen),
            tally.unanswered(waiting),
            is_own,
        )

    def of(self, item_id: int, *, own: bool) -> Due:
        """The counts of one item."""
        return self.among({item_id}, {item_id} if own else ())


# -- one count for all places ------------------------------------------------------------------------------------------
def all_due(session: Session) -> AllDue:
    """What is due with all items, whoever is to do it: one count for all places of a session."""
    return _kept(session, "due", None)


def my_due(session: Session) -> AllDue:
    """What the person has to do, or takes part in: what their calendar counts."""
    return _kept(session, "due.mine", _is_mine)


def _kept(session: Session, name: str, where: Callable[[Session], Condition] | None) -> AllDue:
    found = session.followers.get(name)
    if not isinstance(found, AllDue):
        found = session.followers[name] = AllDue(session, where)
    return found


def _is_mine(session: Session) -> Condition:
    me = session.person_key
    takes_part = OneOf(f"people.{me}", "list", ("asked", "accepted", "maybe"))
    declined = OneOf(f"people.{me}", "list", ("declined",))
    return And((Or((Test("responsible", "person", "=", me), takes_part)), Not(declined)))


def next_turn(session: Session) -> datetime:
    """The next moment at which the counts are others without anybody changing anything: something becomes late, or the day ends."""
    context = session.context()
    end = end_of_today(context)
    session.store.prepare(ACTIVITIES, Asked(_OPEN, _BY_AT), lambda _done, _of: None)
    found = session.store.window(
        Ordered(ACTIVITIES, _OPEN, _BY_AT, least=stamp(context.now + timedelta(seconds=1)), below=end), 1
    )
    first = [str(record.doc["at"]) for record in session.store.get(ACTIVITIES, found.ids)]
    return datetime.fromisoformat(min([end, *first]))
