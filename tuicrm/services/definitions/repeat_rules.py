"""Whether repeat leads and deals are marked, and whose never are (reference §13, "repeat sales mode" and its exclusion list).

One setting of the workspace. What is marked already stays so: the mark tells what was known when the item came.
"""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.items import Ref
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import NOT_REPEATED
from tuicrm.services.kernel.repeats import SETTING, Rules, rules
from tuicrm.services.kernel.session import Session


def clients(workspace: Workspace) -> list[str]:
    """The types of those who can be left out: whom items name as their client."""
    types = workspace.types.values()
    named = {target for one in types for key in one.client for target in workspace.fields(one.key)[key].targets}
    return [key for key in workspace.types if key in named]


def why_not_change(session: Session) -> str | None:
    """Why this person may not change them; None when they may."""
    return (
        None if session.access.has("settings") else _("You may not change this: ask someone who may change settings.")
    )


def excluded(session: Session) -> list[Ref]:
    """Those who are left out, as far as they are there and this person may read them."""
    found = (Ref.read(one) for one in rules(session.workspace).excluded)
    return [ref for ref in found if ref is not None and session.peek(ref) is not None]


def change(session: Session, *, on: bool | None = None, leave_out: Sequence[Ref] | None = None) -> Rules:
    """Switch it on or off, and say who is left out of those that this person sees: others stay. Raises Refused, NotFound,
    AccessDenied."""
    reason = why_not_change(session)
    if reason is not None:
        raise AccessDenied(reason)
    session.store.refresh()
    before = rules(session.workspace)
    named = before.excluded if leave_out is None else _named(session, before, leave_out)
    after = Rules(before.on if on is None else on, named)
    if after != before:
        entry = session.workspace.entry("setting", SETTING)
        doc = {"key": SETTING, "value": {"on": after.on, "excluded": list(after.excluded)}}
        with session.change(_("change how repeat leads and deals are marked")) as written:
            if entry is None:
                written.put("setting", doc)
            else:
                written.put("setting", doc, entry.id, expect=entry.rev)
    return after


def _named(session: Session, before: Rules, wanted: Sequence[Ref]) -> tuple[str, ...]:
    seen = {str(ref) for ref in excluded(session)}
    named = [one for one in before.excluded if one not in seen]
    for ref in wanted:
        if ref.type not in clients(session.workspace):
            message = _("contacts and companies are expected")
            raise Refused(message, [FieldProblem("excluded", message, session.workspace.show_ref(ref))])
        named.append(str(session.get(ref).ref))
    NOT_REPEATED.check("excluded", named)
    return tuple(dict.fromkeys(named))
