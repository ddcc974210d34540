"""What two people made of the same field: both values, by whom and when, for a question on screen and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from time import sleep
from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.errors import Clash, Conflict, FieldProblem
from tuicrm.i18n import _
from tuicrm.services.kernel.reader import Reader
from tuicrm.store.protocol import Key

_A_MOMENT = 0.02


def conflict_of(session: Reader, conflict: Conflict, wanted: Mapping[str, Any]) -> Conflict:
    """The conflict with the fields that were to be set otherwise than they are now, as far as the person may see them."""
    ref, now = Ref(conflict.table, conflict.record_id), conflict.current or {}
    hidden = session.access.hidden(ref.type) if ref.type in session.workspace.types else ()
    clashes = [
        Clash(name, now.get(name), value, *_last_change(session, ref, name))
        for name, value in wanted.items()
        if now.get(name) != value and name not in hidden
    ]
    problems = [FieldProblem(clash.field, told(session, ref, clash), clash.theirs) for clash in clashes]
    return Conflict(
        conflict.message,
        conflict.table,
        conflict.record_id,
        conflict.expected,
        conflict.actual,
        conflict.current,
        problems,
        clashes,
    )


def told(session: Reader, ref: Ref, clash: Clash) -> str:
    """`€ 2,000.00 now (Luca Verdi, 14:02), € 3,000.00 wanted`."""
    return _("now {theirs} ({who}), you wanted {mine}").format(
        theirs=shown(session, ref, clash.field, clash.theirs),
        who=who_and_when(session, clash),
        mine=shown(session, ref, clash.field, clash.mine),
    )


def shown(session: Reader, ref: Ref, name: str, value: object) -> str:
    """A value as people read it; a dash for none."""
    from tuicrm.domain.kinds.values import format_field, is_empty

    field = session.workspace.field(ref.type, name) if ref.type in session.workspace.types else None
    if is_empty(value):
        return "—"
    return format_field(value, field, session.context()) if field else str(value)


def who_and_when(session: Reader, clash: Clash) -> str:
    """`Luca Verdi, 14:02`."""
    from tuicrm.domain.kinds.dates import short_when

    name = session.names.person(clash.by) or clash.by or "?"
    return f"{name}, {short_when(clash.at, session.context())}" if clash.at else name


def _last_change(session: Reader, ref: Ref, name: str) -> tuple[str, str]:
    """Who set a field to what it is now, and when."""
    versions = session.whole.past.history(Key(ref.type, ref.id))
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        if before is None or (version.doc or {}).get(name) != (before.doc or {}).get(name):
            return version.by, version.at
    return "", ""


def step_aside() -> None:
    """Wait for a moment of no certain length before trying again: many who write one record are else too late by turns."""
    # 3 ms with what it needs: only for those who wait.
    from random import random

    sleep(random() * _A_MOMENT)  # noqa: S311 - nothing secret about it
