"""Card layouts of a workspace: the common one of each (type, pipeline), shaped step by step; every step is one undoable change."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable

import msgspec

from tuicrm.domain import layouts
from tuicrm.domain.schema import Field, Layout
from tuicrm.errors import Conflict, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.session import Session

_ATTEMPTS = 20


def current(session: Session, type_key: str, pipeline: str = "") -> Layout:
    """The layout in use, with only the fields that exist and that this person may see."""
    seen = (field.key for field in session.workspace.fields(type_key).values() if session.access.sees(field))
    return layouts.without_unknown(session.workspace.layout(type_key, pipeline), seen)


def may_edit(session: Session) -> bool:
    """Whether this person may shape the common layout."""
    return session.access.has("edit_common_layout") or session.access.has("settings")


def edit(session: Session, type_key: str, pipeline: str, label: str, step: Callable[[Layout], Layout]) -> Layout:
    """Apply one step to the common layout and keep it. Fields this person may not see stay where they are. Where others change the
    layout at the same moment, the step is applied to what they made of it.

    Raises AccessDenied, and NotFound when someone took away what the step speaks of."""
    if session.workspace.layout_entry(type_key, pipeline) is None:
        # Of two who make the first one nothing would conflict: have a last look.
        session.store.refresh()
    for attempt in range(_ATTEMPTS):
        before = session.workspace.layout(type_key, pipeline)
        try:
            after = step(before)
        except layouts.NoSuchPlace as gone:
            raise NotFound(_("This is no longer on the card: someone changed the layout.")) from gone
        try:
            if after != before:
                set_layout(session, type_key, pipeline, after, label)
            break
        except Conflict:
            session.store.refresh()
            if attempt == _ATTEMPTS - 1:
                raise
    return current(session, type_key, pipeline)


def set_layout(session: Session, type_key: str, pipeline: str, layout: Layout, label: str) -> None:
    """Keep a whole layout as the common one."""
    _check(layout)
    kept = session.workspace.layout_entry(type_key, pipeline)
    doc = {
        "type": type_key,
        "pipeline": pipeline,
        "scope": "common",
        "sections": msgspec.to_builtins(layout.sections),
    }
    with session.change(label) as change:
        if kept is None:
            change.put("layout", doc)
        else:
            change.put("layout", doc, kept.id, expect=kept.rev)


def reset(session: Session, type_key: str, pipeline: str) -> None:
    """Back to the built-in layout."""
    kept = session.workspace.layout_entry(type_key, pipeline)
    if kept is not None:
        with session.change(_("reset the card layout")) as change:
            change.remove("layout", kept.id)


def hidden_fields(session: Session, type_key: str, pipeline: str = "") -> list[Field]:
    """Fields in no section, that this person may see."""
    fields = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
    return layouts.hidden(session.workspace.layout(type_key, pipeline), fields)


def new_section_key() -> str:
    """`user_` and 8 characters, as the model product names them (reference §4.1)."""
    return "user_" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _i in range(8))


def _check(layout: Layout) -> None:
    shown = [placed.field for section in layout.sections for placed in section.fields]
    twice = {field for field in shown if shown.count(field) > 1}
    if twice:
        raise Refused(_("A field can stand in one section only: {fields}").format(fields=", ".join(sorted(twice))))
    if any(not section.title for section in layout.sections):
        raise Refused(_("A section needs a name."))
