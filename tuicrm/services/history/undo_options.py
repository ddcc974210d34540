"""What undo asks of options: no option of a list and no entry of a dictionary goes while items hold it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tuicrm.domain.conditions import Test
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem
from tuicrm.i18n import _, ngettext
from tuicrm.services.definitions.dictionaries import uses
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import RecordStep

TABLES = {"field": "options", "dictionary": "entries"}
"""Where options stand in the records that have them."""


def problems(session: Session, steps: Iterable[RecordStep], touched: Mapping[str, set[int]]) -> Iterator[FieldProblem]:
    """The options that would go and are held, by others than the items that the transaction itself `touched` (ids by type)."""
    for step in steps:
        going = _going(step)
        for type_key, field in _chosen_by(session, step) if going else ():
            mine = touched.get(type_key, set())
            for value in going:
                held = Test(field.key, field.kind, "=", value)
                count = session.whole.count(type_key, held) - len(session.whole.among(type_key, mine, held))
                if count:
                    items = ngettext("{n} item", "{n} items", count)
                    name = session.label(going[value])
                    yield FieldProblem(
                        field.key, _("{option} is in use by now ({items})").format(items=items, option=name)
                    )


def _going(step: RecordStep) -> dict[str, Any]:
    """The labels of the options that a record got with this step, by key."""
    then, name = step.before(), TABLES[step.table]
    if step.doc is None or then is None:
        return {}
    before = _labels(then.get(name))
    return {key: label for key, label in _labels(step.doc.get(name)).items() if key not in before}


def _labels(options: object) -> dict[str, Any]:
    """The labels of options as they are kept, by key; what a script wrote there that is no option is passed over."""
    found = [one for one in options if isinstance(one, dict)] if isinstance(options, list) else []
    return {str(one.get("key")): one.get("label") or "" for one in found}


def _chosen_by(session: Session, step: RecordStep) -> list[tuple[str, Field]]:
    """The fields that choose from them, with their types."""
    doc = step.doc or {}
    if step.table == "dictionary":
        return [(use.type, use.field) for use in uses(session, str(doc.get("key")))]
    type_key = str(doc.get("type"))
    field = session.workspace.field(type_key, str(doc.get("key"))) if type_key in session.workspace.types else None
    return [(type_key, field)] if field is not None else []
