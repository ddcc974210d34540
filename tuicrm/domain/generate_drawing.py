"""What generated workspaces are drawn from: numbers that are the same every time, on every machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

Random: TypeAlias = Callable[[], float]
Thing = TypeVar("Thing")

_PRIME = 2**31 - 1


def stream(seed: int, of: str) -> Random:
    """Numbers from 0 up to 1. Each kind of thing has its own, so that a change of one leaves the others as they are."""
    state = 1 + int.from_bytes(f"{of} {seed}".encode()) % (_PRIME - 1)

    def drawn() -> float:
        nonlocal state
        # Park and Miller's minimal standard: small numbers are fast, and a period of two thousand million is enough.
        state = state * 48271 % _PRIME
        return state / _PRIME

    # The first numbers still tell how alike two seeds are.
    for _number in range(8):
        drawn()
    return drawn


def pick(drawn: Random, things: Sequence[Thing]) -> Thing:
    """One of some things."""
    return things[int(drawn() * len(things))]
