"""One thing that a key does: what it is called, where it acts, what the footer says of it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from tuicrm.scopes import CALENDAR_MOVING


class Action(NamedTuple):
    """One thing that can be done. `label`, `help` and `hint` are English sources: `_()` them where they are shown.

    `footer` orders the footer's hints behind those of FIRST, lowest first; 0 is not in the footer. Neighbours with the same `hint`
    share one: `< > stage`. `words` are others by which people look for it.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scopes: tuple[str, ...]
    group: str
    footer: int = 0
    hint: str = ""
    words: str = ""

    @property
    def method(self) -> str:
        """The method of a widget or screen that does it: `do_stage_next` for `stage.next`."""
        return f"do_{self.id.replace('.', '_')}"

    @property
    def in_palette(self) -> bool:
        """Whether it can be called by name: what moves the cursor or means its key (a tab's number) cannot."""
        return (
            self.group not in ("arranging", "choosing", "typing")
            and self.scopes != (CALENDAR_MOVING,)
            and self.id not in _BY_KEY_ONLY
            and self.id[:5] != "move."
        )


_BY_KEY_ONLY = (
    "back",
    "commands",
    "card.tab",
    "merge.number",
    "card.left",
    "card.right",
    "products.left",
    "products.right",
)


def do(id: str, keys: str, scopes: tuple[str, ...], label: str, help: str, footer: int = 0, hint: str = "") -> Action:
    """A line of the table: `keys` as one text, parted by spaces."""
    return Action(id, tuple(keys.split()), label, help, scopes, "", footer, hint)


ActionGroup: TypeAlias = tuple[str, tuple[Action, ...]]
"""A heading of the help, and what stands under it."""
