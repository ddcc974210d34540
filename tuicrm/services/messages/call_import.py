"""Registers of exchanges taken in: each call once, on whom its number reaches; those of nobody's number wait in the inbox."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import BinaryIO

from msgspec import Struct, field

from tuicrm.domain import reach
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.contact_points import phone_in
from tuicrm.domain.kinds.moments import month_first
from tuicrm.domain.messages import message, threads
from tuicrm.domain.messages.message import OUTCOMES, Message, MessageWay
from tuicrm.exchange.call_register import RegisterCall, RegisterReading, read_calls
from tuicrm.exchange.sheet import Rejected
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES, MESSAGES_KNOWN
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.calls import CallMade, call_message, minutes_of, on_of
from tuicrm.services.messages.reaching import reached_by
from tuicrm.store.protocol import Key

_AT_ONCE = 200
"""Calls that are written in one commit."""
_INNER = 5
"""Digits of the longest number of a telephone of one's own."""
_FIRST_NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]*")


class CallsTaken(Struct):
    """What became of a register: calls that are new, of them those of `nobody` known; known from before; within the house, which are
    left; of nobody known and left; lines that say no call, each with its number and why."""

    new: int = 0
    nobody: int = 0
    known: int = 0
    inner: int = 0
    left: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)


class _Call(Struct, frozen=True):
    """A call of a register as it is taken in, by the name under which it is known."""

    name: str
    made: Message


def import_calls(
    session: Session,
    stream: BinaryIO,
    name: str,
    *,
    own: Sequence[str] = (),
    known_only: bool = False,
    dry_run: bool = False,
) -> CallsTaken:
    """Take a register in. `own` are our numbers, which tell who called whom where a register does not; `known_only` leaves calls of
    nobody's number. The calls of one commit are one undo. Raises Refused for what is no register."""
    context = session.context()
    reading = RegisterReading(session.zone, context.now.astimezone(session.zone).date(), month_first(context.locale))
    ours = {form for one in own if (form := _form(one, context.country))}
    taken = CallsTaken()
    found: list[_Call] = []
    names: set[str] = set()
    on: dict[str, list[Ref]] = {}
    for row in read_calls(stream, name, reading):
        call = _read(session, row, ours, on, taken)
        if call is None:
            continue
        if known_only and not call.made.on:
            taken.left += 1
        elif call.name in names:
            taken.known += 1
        else:
            names.add(call.name)
            found.append(call)
    for at in range(0, len(found), _AT_ONCE):
        _write(session, found[at : at + _AT_ONCE], taken, dry_run=dry_run)
    return taken


def _read(
    session: Session, row: RegisterCall | Rejected, ours: set[str], on: dict[str, list[Ref]], taken: CallsTaken
) -> _Call | None:
    if isinstance(row, Rejected):
        taken.rejected.append((row.number, row.reason))
        return None
    country = session.context().country
    way, far = _far_end(row, ours, country)
    if way == "internal":
        taken.inner += 1
        return None
    if not way:
        told = _("who called whom cannot be told from {one} and {other}: name your numbers with --own")
        taken.rejected.append((row.line, told.format(one=row.caller[:40] or "?", other=row.called[:40] or "?")))
        return None
    number = _number(far, country)
    if number not in on:
        on[number] = on_of(session, reached_by(session, number)) if number else []
    outcome = row.outcome or ("reached" if row.seconds else "no_answer")
    known = next((one for one in OUTCOMES if one == outcome), "")
    made = CallMade("in" if way == "in" else "out", minutes_of(row.seconds), known or "reached", at=row.at)  # type: ignore[arg-type]
    kept = call_message(session, number, made, on[number])
    return _Call(_name_of(row), kept)


def _far_end(row: RegisterCall, ours: set[str], country: str) -> tuple[str, str]:
    """Which way a call went ("" where that cannot be told), and the number at the far end."""
    # Who calls without a number hides it; what is called without one is a place in the exchange.
    caller_in = bool(_bare(row.caller)) and _is_inner(row.caller, ours, country)
    called_in = _is_inner(row.called, ours, country)
    if row.way == "internal" or (not row.other and not row.way and caller_in and called_in):
        return "internal", ""
    way: MessageWay | str = row.way
    if not way and not row.other and caller_in != called_in:
        way = "out" if caller_in else "in"
    return way, row.other or (row.caller if way == "in" else row.called)


def _is_inner(text: str, ours: set[str], country: str) -> bool:
    """Whether a number is of our own house: a short one, or one of ours."""
    digits = re.sub(r"\D", "", _bare(text))
    return len(digits) <= _INNER or _form(text, country) in ours


def _bare(text: str) -> str:
    """The number that a cell tells, `"Rossi" <+39 333 1234567>`, `Rossi (+393331234567)`: its longest."""
    return max(_FIRST_NUMBER.findall(text), key=len, default="").strip()


def _number(text: str, country: str) -> str:
    """A number in its stored form; "" where the cell tells no number (a call that hides it)."""
    try:
        return phone_in(_bare(text), country)["value"] if _bare(text) else ""
    except BadValue:
        return ""


def _form(text: str, country: str) -> str:
    return reach.form_of(_number(text, country))


def _name_of(row: RegisterCall) -> str:
    """What makes a call itself: the same however often its register is taken in, and in whichever other one it stands again."""
    parts = (row.id, row.at, row.caller, row.called, row.other, row.way, str(row.seconds))
    return "call:" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


# -- writing -----------------------------------------------------------------------------------------------------------
def _write(session: Session, found: Sequence[_Call], taken: CallsTaken, *, dry_run: bool) -> None:
    """Take some in, in one commit. Of two that take the same register in at once, the later is drafted again and finds them."""
    ids = session.store.new_ids(MESSAGES, len(found))
    made: list[_Call] = []

    def intent(draft: Draft) -> None:
        made.clear()
        for number, call in zip(ids, found, strict=True):
            key = Key(MESSAGES_KNOWN, threads.slot(call.name))
            there = draft.get(key) or {}
            if call.name in there:
                continue
            doc = message.written(call.made)
            message.check(None, doc)
            draft.put(Key(MESSAGES, number), doc)
            draft.put(key, {**there, call.name: {call.name: number}})
            made.append(call)

    label = ngettext("import a call", "import {n} calls", len(found))
    if dry_run:
        from tuicrm.services.kernel.changes import Change

        trial = Change(session, label)
        trial.follow(intent)
        trial.try_out()
    else:
        with session.change(label) as change:
            change.follow(intent)
    taken.new += len(made)
    taken.known += len(found) - len(made)
    taken.nobody += sum(not one.made.on for one in made)
