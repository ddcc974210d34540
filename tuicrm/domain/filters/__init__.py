"""The filter language: text → condition, canonical text, and what can be typed next (UI.md, "Filters")."""

from __future__ import annotations

from tuicrm.domain.conditions import Condition
from tuicrm.domain.filters.parse import in_english, parse
from tuicrm.domain.filters.resolve import resolve
from tuicrm.domain.filters.scope import Scope
from tuicrm.domain.filters.suggest import Suggestion, complete
from tuicrm.domain.filters.syntax import unparse

__all__ = [
    "Scope",
    "Suggestion",
    "canonical",
    "compile_filter",
    "complete",
    "in_english",
    "parse",
    "resolve",
    "unparse",
]


def compile_filter(text: str, scope: Scope) -> Condition:
    """The condition that a filter's text stands for; ALWAYS for the empty one. Raises UsageError with its position."""
    return resolve(parse(text, scope.context.language), scope)


def canonical(text: str, language: str = "en") -> str:
    """The same filter, written as everybody writes it. Raises UsageError."""
    return unparse(parse(text, language))
