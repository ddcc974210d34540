"""Deleting items on screen: at once, and said by name."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.items import Ref
from tuicrm.i18n import _, ngettext
from tuicrm.services.history.step_names import item_name
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

_NAMED = 3


def delete(session: Session, refs: Sequence[Ref]) -> str:
    """Delete items; what is to be said of it. Raises what deleting raises, and nothing is deleted then."""
    names = [item_name(session, ref) for ref in refs[:_NAMED]]
    items.delete(session, list(refs))
    if len(refs) == 1:
        return _("{ref} is deleted").format(ref=names[0])
    told = ", ".join([*names, "…"] if len(refs) > _NAMED else names)
    return f"{ngettext('{n} deleted', '{n} deleted', len(refs))}: {told}"
