"""What the journal says of a script's write: in which tables, which fields, how many records went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tuicrm.i18n import _, ngettext
from tuicrm.store.protocol import Doc, Op
from tuicrm.store.records import same

MARK = "tinydb: "
"""How every such note begins."""

_MOST, _LONGEST = 12, 40
"""Names of fields in a note, and characters of each: a script may write any."""


def note(ops: Sequence[Op], before: Iterable[Doc | None]) -> str:
    """`tinydb: deal: amount, title; person: 2 deleted`; `before` are the records as they were, in the order of `ops`."""
    fields: dict[str, dict[str, None]] = {}
    gone: dict[str, int] = {}
    for op, old in zip(ops, before, strict=True):
        told = fields.setdefault(op.table, {})
        if op.doc is None:
            gone[op.table] = gone.get(op.table, 0) + 1
        else:
            told.update(dict.fromkeys(_changed(old or {}, op.doc)))
    return MARK + "; ".join(_of_table(table, sorted(told), gone.get(table, 0)) for table, told in fields.items())


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> Iterable[str]:
    yield from (str(key) for key, value in new.items() if key not in old or not same(old[key], value))
    yield from (str(key) for key in old if key not in new)


def _of_table(table: str, names: Sequence[str], gone: int) -> str:
    told = [name[:_LONGEST] for name in names[:_MOST]]
    if len(names) > _MOST:
        told.append(_("and {n} more").format(n=len(names) - _MOST))
    if gone:
        told.append(ngettext("{n} deleted", "{n} deleted", gone))
    return f"{table}: {', '.join(told)}" if told else table
