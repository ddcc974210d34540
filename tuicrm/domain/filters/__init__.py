"""The filter language: text → condition, and what can be typed next (UI.md, "Filters")."""

from __future__ import annotations

from tuicrm.domain.conditions import Condition
from tuicrm.domain.filters.parse import in_english, parse
from tuicrm.domain.filters.resolve import resolve
from tuicrm.domain.filters.scope import Scope
from tuicrm.domain.filters.suggest import Suggestion, complete

__all__ = [
    "Scope",
    "Suggestion",
    "compile_filter",
    "complete",
    "in_english",
    "parse",
    "resolve",
]


def compile_filter(text: str, scope: Scope) -> Condition:
    """The condition that a filter's text stands for; ALWAYS for the empty one. Raises UsageError with its position."""
    return resolve(parse(text, scope.context.language), scope)
