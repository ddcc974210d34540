"""A question to the search index: what each thing typed may be, as data."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.asked import Alternatives, SearchQuery
from tuicrm.domain.words import holds

__all__ = ["Alternatives", "SearchQuery", "holds_any"]


def holds_any(either: Sequence[tuple[str, ...]], folded: str) -> bool:
    """Whether a folded text holds one of some phrases."""
    return any(holds(words, folded) for words in either)
