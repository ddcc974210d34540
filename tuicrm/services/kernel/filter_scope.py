"""What a filter may speak of, for one person: what they may not see does not exist in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tuicrm.domain.conditions import ALWAYS, Condition, Search
from tuicrm.domain.matching import fold
from tuicrm.errors import UsageError
from tuicrm.services.kernel.reader import Reader

if TYPE_CHECKING:
    from tuicrm.domain.filters import Scope


SAVED_FILTERS = "filter"
"""The table of filters that are kept under a name (`saved_filters.py`)."""


def scope_for(session: Reader, type_key: str, *, begins: bool = False) -> Scope:
    """What a filter of this type may speak of; `begins` as in `compile_for`."""
    # 20 ms that a list without a filter need not pay.
    from tuicrm.domain.filters import Scope
    from tuicrm.domain.filters.of_plans import beside

    workspace = session.workspace
    return Scope(
        fields=beside(
            {field.key: field for field in workspace.fields(type_key).values() if session.access.sees(field)}
        ),
        pipelines=workspace.pipelines(type_key),
        rates=workspace.rates,
        context=session.context(canonical=True),
        find_items=lambda text, targets: _items_named(session, text, targets),
        begins=begins,
    )


def compile_text(session: Reader, type_key: str, text: str, *, begins: bool = False) -> Condition | None:
    """The same of a text alone."""
    if not text.strip():
        return None
    from tuicrm.domain.filters import compile_filter

    condition = compile_filter(text, scope_for(session, type_key, begins=begins))
    return None if condition == ALWAYS else condition


def why_not_read(session: Reader, type_key: str, text: str) -> str:
    """Why a filter's text cannot be read by this person (a field of it is gone, or not for them); "" where it can."""
    try:
        compile_text(session, type_key, text)
    except UsageError as error:
        return error.message
    return ""


def _items_named(session: Reader, text: str, targets: Sequence[str]) -> list[str]:
    """Stored refs of items of these types whose name contains the text."""
    wanted = " ".join(fold(text).split())
    found: list[str] = []
    for key in targets:
        item_type = session.workspace.types.get(key)
        if item_type is None or not wanted:
            continue
        # One word narrows on columns; names of several fields ("Maria" "Rossi") are compared on the few that are left.
        longest = max(wanted.split(), key=len)
        ids = session.ids(key, Search(longest, tuple(item_type.title)))
        if " " not in wanted:
            # As `Ref` writes itself, eight times as fast: one letter finds tens of thousands.
            found += [f"{key}:{item_id}" for item_id in ids]
            continue
        items = session.many(key, ids)
        found += [str(item.ref) for item in items if wanted in " ".join(fold(session.title_of(item)).split())]
    return found
