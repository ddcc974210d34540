"""Filters and sort orders as people type them, for one person: what they may not see does not exist in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.domain.conditions import ALWAYS, Condition, Search, Sort
from tuicrm.domain.matching import fold
from tuicrm.errors import UsageError
from tuicrm.limits import FILTER_TEXT, SORT_KEYS
from tuicrm.services.session import Session
from tuicrm.store.protocol import Asked

if TYPE_CHECKING:
    from tuicrm.domain.filters import Scope

_KEPT = 50


def scope_for(session: Session, type_key: str, *, begins: bool = False) -> Scope:
    """What a filter of this type may speak of; `begins` as in `compile_for`."""
    # 20 ms that a list without a filter need not pay.
    from tuicrm.domain.filters import Scope

    workspace = session.workspace
    return Scope(
        fields={field.key: field for field in workspace.fields(type_key).values() if session.access.sees(field)},
        pipelines=workspace.pipelines(type_key),
        rates=workspace.rates,
        context=session.context(canonical=True),
        find_items=lambda text, targets: _items_named(session, text, targets),
        begins=begins,
    )


def compile_for(session: Session, type_key: str, text: str, *, begins: bool = False) -> Condition | None:
    """The condition of a filter's text, or of a kept one (`@name`); None for one that leaves everything. Where items are only looked
    at (`begins`), a stage, person or option may be named by its beginning; what is changed or kept is named whole. Raises UsageError
    with its position."""
    if len(text) > FILTER_TEXT.most:
        raise UsageError(FILTER_TEXT.told, FILTER_TEXT.most)
    if not text.lstrip().startswith("@"):
        return compile_text(session, type_key, text, begins=begins)
    from tuicrm.services.saved_filters import expanded

    whole = expanded(session, type_key, text)
    try:
        return compile_text(session, type_key, whole, begins=begins)
    except UsageError as error:
        # What was typed behind the name is the end of both.
        at = None if error.position is None else max(error.position - len(whole) + len(text), 0)
        raise UsageError(error.message, position=at) from error


def compile_text(session: Session, type_key: str, text: str, *, begins: bool = False) -> Condition | None:
    """The same of a text alone."""
    if not text.strip():
        return None
    from tuicrm.domain.filters import compile_filter

    condition = compile_filter(text, scope_for(session, type_key, begins=begins))
    return None if condition == ALWAYS else condition


def sorts_for(session: Session, type_key: str, text: str) -> tuple[Sort, ...]:
    """`-amount,title` as sort keys: fields by key or label, `-` for the largest first. Raises Refused."""
    from tuicrm.services.items import find_field

    sorts: list[Sort] = []
    names = [name for name in map(str.strip, text.split(",")) if name]
    if len(names) > SORT_KEYS.most:
        raise SORT_KEYS.refused("sort", names)
    for name in names:
        field = find_field(session, type_key, name.lstrip("-+"))
        rates = session.workspace.rates.table() if field.kind == "money" else {}
        sorts.append(Sort(field.derived or field.key, field.kind, name.startswith("-"), rates))
    return tuple(sorts)


def _items_named(session: Session, text: str, targets: Sequence[str]) -> list[str]:
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


def get_ready(session: Session, type_key: str) -> None:
    """Read what the first word of a filter is looked for in, from any thread: while somebody begins to type one."""
    session.prepare(type_key, Asked(compile_for(session, type_key, "x")))


# -- what was asked before ---------------------------------------------------------------------------------------------
def history(session: Session, type_key: str, folder: Path) -> list[str]:
    """Filters this person used on this type, newest first, as `remember` kept them in `folder`."""
    return _read(folder).get(_place(session, type_key), [])


def remember(session: Session, type_key: str, text: str, folder: Path) -> None:
    """Put a filter at the top of the history. A folder that cannot be written only forgets."""
    import msgspec

    text = text.strip()
    if not text:
        return
    kept = _read(folder)
    place = _place(session, type_key)
    kept[place] = [text, *(other for other in kept.get(place, []) if other != text)][:_KEPT]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "filters.json.new"
        fresh.write_bytes(msgspec.json.encode(kept))
        fresh.replace(folder / "filters.json")
    except OSError:
        return


def _place(session: Session, type_key: str) -> str:
    """One history for each workspace (known by when it was made), person and type."""
    return f"{session.workspace.settings.get('made', '')} {session.person_key} {type_key}"


def _read(folder: Path) -> dict[str, list[str]]:
    import msgspec

    try:
        return msgspec.json.decode((folder / "filters.json").read_bytes(), type=dict[str, list[str]])
    except (OSError, msgspec.MsgspecError):
        return {}
