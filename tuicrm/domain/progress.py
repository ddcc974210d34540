"""How far a long piece of work is: one way of telling it, from the store up to the screens and the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Tell: TypeAlias = Callable[[int, int], None]
"""Called now and then while something takes long, with how much is done and how much there is in all (0: not known).

What is counted (records, bytes, questions) and what stays when the call raises, which ends the work, is said where it is taken."""
