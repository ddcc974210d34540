"""How often Python looks for what nobody holds any more."""

from __future__ import annotations

import gc

_USUAL = gc.get_threshold()
_MOST_OF_A_COMMAND = 200_000
"""Objects made before it is first looked: more than any everyday command makes, some ten megabytes."""


def seldom() -> None:
    """For a command, which ends before anything is worth freeing: 47 looks while one starts find nothing and take 25 ms."""
    gc.set_threshold(_MOST_OF_A_COMMAND)


def as_usual() -> None:
    """For what stays: many objects at once would be a pause that is felt."""
    gc.set_threshold(*_USUAL)
