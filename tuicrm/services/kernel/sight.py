"""What may change without taking a right away from the person to see what they saw."""

from __future__ import annotations

from tuicrm.domain.conditions import ALWAYS
from tuicrm.services.kernel.reader import ACTIVITIES, DOCUMENTS, ENTRIES, MESSAGES, Reader


def tables_free_to_change(session: Reader) -> set[str]:
    """The tables of which a change takes no right away from the person to see what they saw: items of types of which they may read
    all, and what is noted and planned."""
    access = session.access
    whole = {key for key in session.workspace.types if access.readable(key) == ALWAYS}
    return whole | {ENTRIES, ACTIVITIES, DOCUMENTS, MESSAGES}
