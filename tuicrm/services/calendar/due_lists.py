"""What is late, due today and due in a moment: of a person, of several, of everybody; for a prompt, a status line, cron."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from tuicrm.domain.activities.planned import read
from tuicrm.domain.conditions import And, Condition, OneOf, Or, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.services.items.activities import end_of_today
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.shared_settings import soon_minutes
from tuicrm.store.protocol import Find

DueWhen: TypeAlias = Literal["late", "soon", "today"]
_TAKES_PART = ("asked", "accepted", "maybe")


class DueLine(Struct, frozen=True):
    """One that is due: `at` is the moment that counts (UTC ISO), `asked` whether the person has not answered an invitation yet."""

    id: int
    when: DueWhen
    at: str
    what: str
    kind: str
    owner: Ref
    title: str
    responsible: str
    whole_day: bool
    asked: bool


def due_lines(session: Session, people: Sequence[str] | None) -> list[DueLine]:
    """What is open and due by the end of the person's own day, or within the minutes that count as soon; soonest first.

    `people` (keys): what they have to do, and in which they take part; None: everybody's."""
    context = session.context()
    now, soon = stamp(context.now), stamp(context.now + timedelta(minutes=soon_minutes(session)))
    below = max(end_of_today(context), soon)
    where: list[Condition] = [Test("done", "boolean", "=", False), Test("at", "datetime", "<", below)]
    if people is not None:
        parts: list[Condition] = [OneOf("responsible", "person", tuple(people))]
        parts += [OneOf(f"people.{key}", "list", _TAKES_PART) for key in people]
        where.append(Or(tuple(parts)))
    records = session.store.find(Find(ACTIVITIES, And(tuple(where)), (Sort("at", "datetime"),))).records
    known = [read(record.id, record.rev, session.seen(record).doc) for record in records]
    titles = _titles(session, dict.fromkeys(one.owner for one in known))
    return [
        DueLine(
            id=one.id,
            when="late" if one.at < now else "soon" if one.at < soon else "today",
            at=one.at,
            what=one.what,
            kind=one.kind,
            owner=one.owner,
            title=titles[one.owner],
            responsible=one.responsible,
            whole_day=one.whole_day,
            asked=one.people.get(session.person_key) == "asked",
        )
        for one in known
        if one.owner in titles and not _declined(one.people, one.responsible, people)
    ]


def _declined(answers: dict[str, str], responsible: str, people: Sequence[str] | None) -> bool:
    """Whether all of these people for whom it is said that they cannot come."""
    if people is None:
        return False
    concerned = [key for key in people if key in answers or key == responsible]
    return bool(concerned) and all(answers.get(key) == "declined" for key in concerned)


def _titles(session: Session, owners: dict[Ref, None]) -> dict[Ref, str]:
    by_type: dict[str, list[int]] = {}
    for owner in owners:
        if owner.type in session.workspace.types:
            by_type.setdefault(owner.type, []).append(owner.id)
    return {item.ref: session.title_of(item) for key, ids in by_type.items() for item in session.many(key, ids)}
