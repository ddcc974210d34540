"""Which rows of lists a place of a template stands in, and what a section makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tuicrm.documents.docx.resolver import Resolver
from tuicrm.domain.documents.placeholders import Placeholder

RowsAt: TypeAlias = Mapping[str, int]
"""The row that each list stands at."""


class RowScopes:
    """Asks a resolver about lists, each name once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._lists: dict[str, str | None] = {}

    def list_of(self, name: str) -> str | None:
        """The list that a name belongs to."""
        if name not in self._lists:
            self._lists[name] = self._resolver.list_of(name)
        return self._lists[name]

    def row_of(self, name: str, scope: RowsAt) -> int | None:
        """The row that a name is asked for: None outside its list, -1 where the list has fewer rows."""
        owner = self.list_of(name)
        row = scope.get(owner) if owner is not None else None
        return row if row is None or owner is None or row < self._resolver.count(owner) else -1

    def of_section(self, begin: Placeholder, scope: RowsAt) -> list[RowsAt]:
        """Where the content of a section stands: once a row of a list, once or not at all for anything else."""
        name = begin.name
        if self.list_of(name) == name and name not in scope:
            count = self._resolver.count(name)
            return [{**scope, name: at} for at in range(count)] if begin.sign == "#" else [scope] * (not count)
        row = self.row_of(name, scope)
        # A list at one of its rows has some.
        holds = row != -1 and (name in scope or self._resolver.holds(name, row))
        return [scope] * (holds == (begin.sign == "#"))

    def text(self, one: Placeholder, scope: RowsAt) -> str:
        """What a placeholder prints there."""
        row = self.row_of(one.name, scope)
        return "" if row == -1 else self._resolver.text(one.name, one.modifier, row)
