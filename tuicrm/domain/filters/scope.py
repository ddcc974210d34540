"""What a filter's names may mean, for one person and one item type, handed in as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from tuicrm.domain.context import Context
from tuicrm.domain.money import Rates
from tuicrm.domain.schema import Field, Pipeline


class Scope(Struct, frozen=True):
    """`fields` are those the person may see, by key; `pipelines` all of the type.

    `begins`: what is filtered is only looked at, so that a beginning names what it is the beginning of.
    `find_items` gives the stored refs (`company:7`) of items of these types whose name contains a text (case-folded).
    """

    fields: Mapping[str, Field]
    pipelines: Sequence[Pipeline]
    rates: Rates
    context: Context
    find_items: Callable[[str, Sequence[str]], list[str]]
    begins: bool = False
