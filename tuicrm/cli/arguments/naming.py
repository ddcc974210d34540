"""Fields as the options `--sort` and `--columns` name them. An unknown name is wrong usage, as it is in a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Refused, UsageError

if TYPE_CHECKING:
    from tuicrm.domain.conditions import Sort
    from tuicrm.domain.schema import Field
    from tuicrm.services.kernel.session import Session


def fields_of(session: Session, type_key: str, columns: str) -> list[Field]:
    """The fields of `title,amount`. Raises UsageError for an unknown name, and for one that several fields have."""
    from tuicrm.services.kernel.lookup import find_field

    try:
        return [find_field(session, type_key, name.strip()) for name in columns.split(",") if name.strip()]
    except Refused as refused:
        raise UsageError(f"--columns: {refused.message}") from refused


def sorts_of(session: Session, type_key: str, sort: str) -> tuple[Sort, ...]:
    """The order of `-amount,title`. Raises UsageError likewise."""
    from tuicrm.services.boards.filters import sorts_for

    try:
        return tuple(sorts_for(session, type_key, sort))
    except Refused as refused:
        raise UsageError(f"--sort: {refused.message}") from refused
