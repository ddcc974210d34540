"""What an editor or a form is told about the value it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tuicrm.domain.context import Choice
from tuicrm.domain.kinds import traits_of
from tuicrm.domain.kinds.traits import EditorName

Answer: TypeAlias = str | tuple[str, ...]
"""What was typed, or the keys of what was chosen (nothing: the value is to be empty)."""

SearchChoices: TypeAlias = Callable[[str], Sequence[Choice]]
"""Choices for a typed text ("" for the first ones). Called in a thread, because it may read a hundred thousand items."""

Check: TypeAlias = Callable[[str], str]
"""What is understood of a typed text, for the preview ("" for nothing worth saying). Raises BadValue."""


NOTE = "note"
"""The kind of a question that asks nothing: how something is, which cannot be changed here, and why."""


MAKE = "make:"
"""Begins the key of a choice that is not there yet; the text to make it from follows."""

Make: TypeAlias = Callable[[str], Choice]
"""Makes what a text names, and gives the choice that it is from then on. Raises CrmError."""


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
    search: SearchChoices | None = None
    many: bool = False
    required: bool = False
    hint: str = ""
    make: Make | None = None

    def made(self, chosen: tuple[str, ...], labels: dict[str, str]) -> tuple[str, ...]:
        """The keys chosen once those that are not there yet are made; `labels` is told what people read for them."""
        return tuple(dict.fromkeys(self._made(key, labels) for key in chosen))

    def _made(self, key: str, labels: dict[str, str]) -> str:
        if self.make is None or not key.startswith(MAKE):
            return key
        choice = self.make(key.removeprefix(MAKE))
        labels[choice.key] = choice.label
        return choice.key

    @property
    def editor(self) -> EditorName:
        """What it is answered in."""
        return traits_of(self.kind).editor

    @property
    def is_chosen(self) -> bool:
        """Whether it is answered from a list."""
        return self.editor == "choice" and (bool(self.choices) or self.search is not None)
