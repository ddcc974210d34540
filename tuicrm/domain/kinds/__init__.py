"""Field types: one registry. What each is, is told at once (`traits_of`); its code is loaded when it is first used (`kind_of`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from tuicrm.domain.kinds.declared import DECLARED
from tuicrm.domain.kinds.traits import Traits

if TYPE_CHECKING:
    from tuicrm.domain.kinds.base import Kind

__all__ = ["CUSTOM_KINDS", "KINDS", "UNKNOWN", "ByKind", "Traits", "kind_of", "traits_of"]

_T = TypeVar("_T")

KINDS: Mapping[str, Traits] = DECLARED
"""Every kind there is, with what it is."""

CUSTOM_KINDS = tuple(name for name, traits in KINDS.items() if traits.custom)
"""Kinds that a field of one's own may have; stages, pipelines and product rows are an item's own."""

UNKNOWN = Traits(
    made_by=("", ""), label="", editor="line", cells=16, breaks="\n;,", custom=False, has_default=False, settings=(),
    has_words=False, is_ordered=False, sorts=True, is_searched=True,
)  # fmt: skip
"""A kind that this program does not know, which a newer one or a script wrote: its values are kept, and nothing is done with them."""


def traits_of(name: str) -> Traits:
    """What the kind of that name is; `UNKNOWN` for one that is not there."""
    return KINDS.get(name, UNKNOWN)


@cache
def kind_of(name: str) -> Kind:
    """The kind of that name. Raises NotFound naming all there are."""
    from importlib import import_module

    if name not in KINDS:
        raise _no_kind(name)
    module, kind = KINDS[name].made_by
    make: Callable[[], Kind] = getattr(import_module(f"tuicrm.domain.kinds.{module}"), kind)
    return make()


def _no_kind(name: str) -> Exception:
    from tuicrm.errors import NotFound
    from tuicrm.i18n import _

    known = ", ".join(CUSTOM_KINDS)
    return NotFound(_("There is no field type {name}; choose one of: {known}").format(name=name, known=known))


class ByKind(dict[str, _T]):
    """What a part of the program has for every kind, or for those that it is `only` for.

    A test walks all of these tables there are (`tests/test_kind_tables.py`) and names each kind that one forgot. Asking for a kind
    that is not there raises NotFound."""

    def __init__(self, table: Mapping[str, _T], only: Callable[[Traits], bool] = lambda _traits: True) -> None:
        super().__init__(table)
        self.only = only

    def __missing__(self, name: str) -> _T:
        raise _no_kind(name)
