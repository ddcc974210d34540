"""What an editor or a form is told about the value it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tuicrm.domain.context import Choice

Answer: TypeAlias = str | tuple[str, ...]
"""What was typed, or the keys of what was chosen (none: the value is to be empty)."""

Search: TypeAlias = Callable[[str], Sequence[Choice]]
"""Choices for a typed text ("" for the first ones). Called in a thread, because it may read a hundred thousand items."""

Check: TypeAlias = Callable[[str], str]
"""What is understood of a typed text, for the preview ("" for nothing worth saying). Raises BadValue."""

CHOSEN = ("boolean", "list", "dictionary", "person", "item")
"""Kinds whose values are chosen, not typed."""


NOTE = "note"
"""The kind of a question that is none: how something is, which cannot be changed here, and why."""


class Question(NamedTuple):
    """A value to ask for. `text` is what a typed value begins with, `chosen` the keys that are chosen now.

    Beside a `search`, `choices` are those shown before anything is typed: the ones chosen now, with their labels.
    """

    key: str
    label: str
    kind: str = "string"
    text: str = ""
    chosen: tuple[str, ...] = ()
    check: Check | None = None
    choices: Sequence[Choice] = ()
    search: Search | None = None
    many: bool = False
    required: bool = False
    hint: str = ""

    @property
    def is_chosen(self) -> bool:
        """Whether it is answered from a list."""
        return self.kind in CHOSEN and (bool(self.choices) or self.search is not None)
