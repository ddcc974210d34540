"""Paths that no document holds and that questions may name all the same: what is soonest among the records that name a record as
their owner (`protocol.Soonest`). Read once when first asked for, then followed owner by owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from tuicrm.domain.conditions import Aggregate, And, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.store.columns import ColumnBase
from tuicrm.store.protocol import Asked, Doc, Soonest

if TYPE_CHECKING:
    from tuicrm.store.query import TableQuery
    from tuicrm.store.table import RecordTable

_REMEMBERED = 20_000
"""Owners that are remembered to have changed; who lags further behind reads anew."""

_VERSIONS = 64


class SoonestView:
    """What is soonest, of all owners. Asked under the store's lock."""

    def __init__(self, how: Soonest, query: Callable[[], TableQuery]) -> None:
        """`query` answers for the table whose records are looked at."""
        self._how, self._query = how, query
        self._of: dict[str, dict[int, Any]] = {}
        self._read = False
        self._changed: list[Ref] = []
        self._changed_from = 0

    @property
    def version(self) -> int:
        """Rises with every owner of whom it may be another."""
        return self._changed_from + len(self._changed)

    def of(self, table: str) -> Mapping[int, Any]:
        """By id of the owner; who has nothing is not in it."""
        return self._of.setdefault(table, {})

    def changed_since(self, version: int, table: str) -> Iterable[int] | None:
        """Owners in a table of whom it may be another since; None: any."""
        if version < self._changed_from:
            return None
        return [ref.id for ref in self._changed[version - self._changed_from :] if ref.type == table]

    @property
    def _asked(self) -> Asked:
        how = self._how
        return Asked(how.where, (), how.owner, (Aggregate("max" if how.latest else "min", how.at, how.kind),))

    def is_ready(self) -> bool:
        """Whether `follow` takes but a moment."""
        return self._read or self._query().is_ready(self._asked)

    def prepare(self, tell: Tell) -> None:
        """Read what `follow` needs. Raises what `tell` raises."""
        if not self._read:
            self._query().prepare(self._asked, tell)

    def follow(self) -> None:
        """Read what changed."""
        touched = self._query().touched(self._how.owner, f"{self._how.at} {self._how.latest}")
        if touched is None or not self._read:
            self._read_all()
        else:
            for value in touched:
                owner = Ref.read(value)
                if owner is not None:
                    self._read_one(owner)

    def _read_all(self) -> None:
        for found in self._of.values():
            found.clear()
        asked = self._asked
        for group in self._query().fold(asked.where, asked.by, asked.aggregates):
            owner = Ref.read(group.key)
            if owner is not None and group.results[0]:
                self._of.setdefault(owner.type, {})[owner.id] = group.results[0]
        self._read = True
        self._changed_from += len(self._changed) + 1
        self._changed.clear()

    def _read_one(self, owner: Ref) -> None:
        asked = self._asked
        where = And((Test(self._how.owner, "string", "=", str(owner)), self._how.where))
        (group,) = self._query().fold(where, "", asked.aggregates)
        of = self._of.setdefault(owner.type, {})
        if group.results[0]:
            of[owner.id] = group.results[0]
        else:
            of.pop(owner.id, None)
        self._changed.append(owner)
        if len(self._changed) > _REMEMBERED:
            dropped = _REMEMBERED // 2
            del self._changed[:dropped]
            self._changed_from += dropped


class WithSoonest:
    """A table as its queries read it (`columns.TableSource`), with such paths: each from when it is first asked for."""

    def __init__(self, table: RecordTable, paths: Mapping[str, SoonestView]) -> None:
        self._table, self._paths = table, paths
        self.lent: dict[str, Callable[[int], Any]] = {path: one.of(table.name).get for path, one in paths.items()}
        self._awake: dict[str, SoonestView] = {}
        self._version = 0
        self._states: dict[int, tuple[int, dict[str, int]]] = {}

    @property
    def name(self) -> str:
        return self._table.name

    @property
    def base(self) -> ColumnBase | None:
        return self._table.base

    @property
    def dead(self) -> Set[str]:
        return self._table.dead

    def live_ids(self) -> Sequence[int]:
        return self._table.live_ids()

    def newer_ids(self) -> Iterable[int]:
        return self._table.newer_ids()

    def posting(self, field: str, value: object) -> Sequence[int] | None:
        return self._table.posting(field, value)

    def doc(self, record_id: int) -> Doc:
        doc = self._table.doc(record_id)
        if not self._awake:
            return doc
        lent = {path: found for path in self._awake if (found := self.lent[path](record_id))}
        return {**doc, **lent} if lent else doc

    def wake(self, path: str) -> None:
        """From now on it is in what `doc` gives, and followed."""
        if path not in self._awake:
            self._awake[path] = self._paths[path]
            self._paths[path].follow()

    def is_ready(self, path: str) -> bool:
        """Whether `wake` takes but a moment."""
        return self._paths[path].is_ready()

    def prepare(self, path: str, tell: Tell) -> None:
        """Read what `wake` needs. Raises what `tell` raises."""
        self._paths[path].prepare(tell)

    def version(self) -> int:
        for one in self._awake.values():
            one.follow()
        state = self._table.version(), {path: one.version for path, one in self._awake.items()}
        if self._states.get(self._version) != state:
            self._version += 1
            self._states[self._version] = state
            self._states.pop(self._version - _VERSIONS, None)
        return self._version

    def changed_since(self, version: int) -> Iterable[int] | None:
        state = self._states.get(version)
        if state is None:
            return None
        found = [self._table.changed_since(state[0])]
        # A path that nobody had asked for then is in nothing that was read.
        found += [self._awake[path].changed_since(seen, self.name) for path, seen in state[1].items()]
        known = [some for some in found if some is not None]
        return {one for some in known for one in some} if len(known) == len(found) else None
