"""What is late or due with items, counted by item: kept, and moved on with the clock, not counted anew (reference §6).

What was due before a moment of today, and what is before the end of the day, are kept answers of the store. As time goes on only what
became late since that moment is looked at, in an order that is kept as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import KeysView
from datetime import datetime, timedelta

from msgspec import Struct

from tuicrm.domain.conditions import Aggregate, And, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.services.items.activities import end_of_today
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.shared_settings import COUNTER_OF, ITEMS_COUNT, SOON_MINUTES, soon_minutes, value_of
from tuicrm.store.protocol import Asked, Ordered

_OPEN = Test("done", "boolean", "=", False)
_BY_AT = (Sort("at", "datetime"),)
_MOST_SINCE = 2_000
"""What became late since the kept answer, looked at one by one; of more another answer is kept."""


class Due(Struct, frozen=True):
    """How much that is open is late, and still to do today; of the latter, `soon` in a moment. Activities, or the items that they hang
    on, as the workspace has it."""

    late: int
    today: int
    soon: int = 0


class DueCounts:
    """The open activities of a type's items that are late or due today, by item: followed when activities changed, or a minute has
    passed."""

    def __init__(self, session: Session, type_key: str) -> None:
        self._session = session
        self._type = type_key
        self._late: Counter[int] = Counter()
        self._all: Counter[int] = Counter()
        self._soon: Counter[int] = Counter()
        self._seq = -1
        self._minute = ""
        self._settings = ("", "")
        self._base = ""
        """The moment before which what is late is a kept answer."""
        self._day = ""

    @property
    def is_new(self) -> bool:
        """Whether nothing was counted yet."""
        return self._seq < 0

    def follow(self) -> bool:
        """Whether anything may be other than when this was asked last."""
        session, minute = self._session, self._session.clock().isoformat()[:16]
        store, seq = session.store, session.store.seq()
        settings = (value_of(session, COUNTER_OF), value_of(session, SOON_MINUTES))
        if (minute, settings) == (self._minute, self._settings) and (
            seq == self._seq or all(change.table != ACTIVITIES for change in store.changes(self._seq))
        ):
            self._seq = seq
            return False
        self._seq, self._minute, self._settings = seq, minute, settings
        context = session.context()
        # Whole minutes, so that what is asked is the same until the next one.
        floor = context.now.replace(second=0, microsecond=0)
        now = floor if floor == context.now else floor + timedelta(minutes=1)
        self._count(now, end_of_today(context))
        return True

    def _count(self, now: datetime, end: str) -> None:
        moment = min(stamp(now), end)
        self._all = self._before(end)
        since = Counter[int]()
        if self._day == end and self._base <= moment:
            since, few = self._between(self._base, moment)
        else:
            few = False
        if not few:
            self._day, self._base, since = end, moment, Counter()
        self._late = self._before(self._base) + since
        self._soon = self._between(moment, min(stamp(now + timedelta(minutes=soon_minutes(self._session))), end))[0]

    @property
    def items(self) -> KeysView[int]:
        """The items with which something is late or due today."""
        return self._all.keys()

    def get_ready(self) -> None:
        """Read what counting needs, from a thread: nobody else waits meanwhile."""
        self._session.store.prepare(ACTIVITIES, self._asked(""), lambda _done, _of: None)
        self._session.store.prepare(ACTIVITIES, Asked(_OPEN, _BY_AT), lambda _done, _of: None)

    @staticmethod
    def _asked(moment: str) -> Asked:
        where = And((_OPEN, Test("at", "datetime", "<", moment)))
        return Asked(where, by="owner", aggregates=(Aggregate("count"),))

    def _before(self, moment: str) -> Counter[int]:
        """How many open activities of each item are due before a moment."""
        asked, counts = self._asked(moment), Counter[int]()
        for group in self._session.store.fold(ACTIVITIES, asked.where, asked.by, asked.aggregates):
            owner = Ref.read(group.key)
            if owner is not None and owner.type == self._type:
                counts[owner.id] = group.results[0]
        return counts

    def _between(self, begin: str, end: str) -> tuple[Counter[int], bool]:
        """The same from one moment to another, which are not far apart; False where these are too many to look at each."""
        counts = Counter[int]()
        if begin >= end:
            return counts, True
        asked = Ordered(ACTIVITIES, _OPEN, _BY_AT, least=begin, below=end)
        found = self._session.store.window(asked, _MOST_SINCE + 1)
        for record in self._session.store.get(ACTIVITIES, found.ids):
            owner = Ref.read(record.doc.get("owner"))
            if owner is not None and owner.type == self._type:
                counts[owner.id] += 1
        return counts, found.count <= _MOST_SINCE

    def among(self, ids: set[int] | None = None) -> Due:
        """The counts of these items, as followed last; None: of all."""
        chosen = self._all.keys() if ids is None else self._all.keys() & ids
        if self._settings[0] == ITEMS_COUNT:
            late = {one for one in chosen if self._late[one]}
            return Due(
                len(late), len(chosen) - len(late), sum(one not in late and self._soon[one] > 0 for one in chosen)
            )
        late_ones = sum(self._late[one] for one in chosen)
        return Due(late_ones, sum(self._all[one] for one in chosen) - late_ones, sum(self._soon[one] for one in chosen))
