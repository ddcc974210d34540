"""How many records have which of their fields filled: one pass over the undecoded members of all documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

import msgspec
from msgspec import Raw

from tuicrm.store.snapshot import Snapshot, filled_members
from tuicrm.store.table import Newer

_LOOK_EVERY = 2_000

_members = msgspec.json.Decoder(dict[str, Raw]).decode


def filled(
    base: Snapshot | None, over: Mapping[int, Newer], wanted: Collection[int] | None, stopped: Callable[[], bool]
) -> dict[str, int]:
    """Counts by top-level field over the records `wanted` (None: all). Ends early, with what was counted, once `stopped`."""
    counts: Counter[str] = Counter()
    for number, (record_id, members) in enumerate(_living(base, over)):
        if number % _LOOK_EVERY == 0 and stopped():
            break
        if wanted is None or record_id in wanted:
            counts.update(members.keys())
    return dict(counts)


def _living(base: Snapshot | None, over: Mapping[int, Newer]) -> Iterator[tuple[int, dict[str, Raw]]]:
    if base is not None:
        yield from ((record_id, members) for record_id, members in base.members() if record_id not in over)
    for record_id, newer in over.items():
        if newer.raw is not None:
            yield record_id, filled_members(newer.raw, _members(newer.raw))
