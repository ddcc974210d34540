"""Many items made as one change: all of them, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from tuicrm.domain.items import Item, Ref
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.session import Session

_LINE = 200
"""Items that are made in one transaction; more are a batch."""
_TOLD = 20


class ItemToAdd(NamedTuple):
    """One item to be made: the line that it stands on, and its values in JSON form."""

    line: int
    fields: Mapping[str, Any]


def add_many(session: Session, type_key: str, rows: Sequence[ItemToAdd], *, dry_run: bool = False) -> list[Item]:
    """Make the items, which one undo takes back; a dry run only says what would be wrong, and makes none.

    Every rule is tried on every row before anything is written. Raises Refused with all that is wrong, each problem with its line;
    AccessDenied likewise."""
    changes: list[Change] = []
    refs: list[Ref] = []
    problems: list[FieldProblem] = []
    for row in rows:
        change = Change(session, "")
        refs.append(change.add(type_key, row.fields))
        try:
            change.try_out()
        except AccessDenied as denied:
            raise AccessDenied(_line(row.line, denied.message)) from denied
        except Refused as refused:
            found = refused.fields or (FieldProblem("", refused.message),)
            problems += [at_line(row.line, problem) for problem in found]
        changes.append(change)
    if problems:
        raise all_refused(problems)
    if dry_run or not rows:
        return []
    _write(session, changes, ngettext("add {n} item", "add {n} items", len(rows)))
    return session.many(type_key, [ref.id for ref in refs])


def _write(session: Session, changes: Sequence[Change], label: str) -> None:
    if len(changes) <= _LINE:
        with session.change(label) as whole:
            for one in changes:
                whole.take_over(one)
        return
    with session.bulk(label) as bulk:
        for at in range(0, len(changes), _LINE):
            with bulk.change() as line:
                for one in changes[at : at + _LINE]:
                    line.take_over(one)


def at_line(line: int, problem: FieldProblem) -> FieldProblem:
    """A problem of a row, told with the row's line."""
    return replace(problem, message=_line(line, problem.message))


def _line(line: int, message: str) -> str:
    return _("line {n}: {message}").format(n=line, message=message)


def all_refused(problems: Sequence[FieldProblem]) -> Refused:
    """All that is wrong, the first of it in words."""
    told = [f"{one.field}: {one.message}" if one.field else one.message for one in problems[:_TOLD]]
    if len(problems) > _TOLD:
        told.append(_("and {n} more").format(n=len(problems) - _TOLD))
    return Refused("; ".join(told), problems)
