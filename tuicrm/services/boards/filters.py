"""Filters and sort orders as people type them, for one person: what they may not see does not exist in them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tuicrm.domain.conditions import Condition, Sort
from tuicrm.errors import UsageError
from tuicrm.limits import FILTER_TEXT, SORT_KEYS
from tuicrm.services.kernel.filter_scope import compile_text
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Asked

_KEPT = 50


def compile_for(session: Session, type_key: str, text: str, *, begins: bool = False) -> Condition | None:
    """The condition of a filter's text, or of a kept one (`@name`); None for one that leaves everything. Where items are only looked
    at (`begins`), a stage, person or option may be named by its beginning; what is changed or kept is named whole. Raises UsageError
    with its position."""
    if len(text) > FILTER_TEXT.most:
        raise UsageError(FILTER_TEXT.told, FILTER_TEXT.most)
    if not text.lstrip().startswith("@"):
        return compile_text(session, type_key, text, begins=begins)
    from tuicrm.services.boards.saved_filters import expanded

    whole = expanded(session, type_key, text)
    try:
        return compile_text(session, type_key, whole, begins=begins)
    except UsageError as error:
        # What was typed behind the name is the end of both.
        at = None if error.position is None else max(error.position - len(whole) + len(text), 0)
        raise UsageError(error.message, position=at) from error


def sorts_for(session: Session, type_key: str, text: str) -> tuple[Sort, ...]:
    """`-amount,title` as sort keys: fields by key or label, `-` for the largest first. Raises Refused."""
    from tuicrm.services.kernel.lookup import find_field

    sorts: list[Sort] = []
    names = [name for name in map(str.strip, text.split(",")) if name]
    if len(names) > SORT_KEYS.most:
        raise SORT_KEYS.refused("sort", names)
    for name in names:
        field = find_field(session, type_key, name.lstrip("-+"))
        rates = session.workspace.rates.table() if field.traits.has_currency else {}
        sorts.append(Sort(field.derived or field.key, field.kind, name.startswith("-"), rates))
    return tuple(sorts)


def get_ready(session: Session, type_key: str) -> None:
    """Read what the first word of a filter is looked for in, from any thread: while somebody begins to type one."""
    session.prepare(type_key, Asked(compile_for(session, type_key, "x")))


# -- what was asked before ---------------------------------------------------------------------------------------------
def history(session: Session, type_key: str, folder: Path) -> list[str]:
    """Filters this person used on this type, newest first, as `remember` kept them in `folder`."""
    return _read(folder).get(_place(session, type_key), [])


def remember(session: Session, type_key: str, text: str, folder: Path) -> None:
    """Put a filter at the top of the history. A folder that cannot be written only forgets."""
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
    try:
        return msgspec.json.decode((folder / "filters.json").read_bytes(), type=dict[str, list[str]])
    except (OSError, msgspec.MsgspecError):
        return {}
