"""Counters of what is late or due: kept, moved on with the clock, and equal to a count from nothing."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Clock, OpenAs
from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.services.items.due_counts import Due, DueCounts
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.taking_in import MailTaking, TakingIn
from tuicrm.services.workspace import shared_settings
from tuicrm.store.protocol import Op


def from_nothing(session: Session, kept: dict[int, dict[str, Any]], type_key: str) -> dict[str, int]:
    """Late, today and soon by looking at every activity."""
    now = session.clock()
    end = stamp((now + timedelta(days=1)).replace(hour=0, minute=0, second=0))
    soon = min(stamp(now + timedelta(minutes=15)), end)
    found = Counter[str]()
    for doc in kept.values():
        if doc["owner"].startswith(f"{type_key}:") and not doc["done"] and doc["at"] < end:
            found["late" if doc["at"] < stamp(now) else "today"] += 1
            found["soon"] += stamp(now) <= doc["at"] < soon
    return {name: found[name] for name in ("late", "today", "soon")}


def test_after_ten_thousand_random_changes_they_are_as_counted_from_nothing(seeded: Session, clock: Clock) -> None:
    chance, kept = random.Random(16), dict[int, dict[str, Any]]()
    counts = {key: DueCounts(seeded, key) for key in ("deal", "lead")}
    clock.now = clock.now.replace(second=0)
    for _round in range(100):
        ops = dict[int, Op]()
        for _change in range(100):
            number = chance.randrange(1, 1500)
            if number in kept and chance.random() < 0.15:
                del kept[number]
                ops[number] = Op(ACTIVITIES, number, None)
                continue
            if number in ops and ops[number].doc is None:
                continue
            at = stamp(clock.now + timedelta(minutes=chance.randrange(-3000, 3000)))
            owner = f"{chance.choice(('deal', 'lead'))}:{chance.randrange(1, 40)}"
            doc = {"owner": owner, "what": "x", "at": at, "kind": "todo", "done": chance.random() < 0.3}
            kept[number] = doc
            ops[number] = Op(ACTIVITIES, number, doc)
        seeded.store.commit(list(ops.values()), by="anna")
        clock.tick(minutes=chance.choice((0, 1, 7, 60, 400, -30)))
        for key, one in counts.items():
            one.follow()
            due = one.among()
            assert {"late": due.late, "today": due.today, "soon": due.soon} == from_nothing(seeded, kept, key)


@pytest.mark.parametrize(("counted", "told"), [("activities", Due(3, 2, 1)), ("items", Due(2, 1, 1))])
def test_activities_are_counted_or_items_as_the_workspace_has_it(
    seeded: Session, clock: Clock, counted: str, told: Due
) -> None:
    shared_settings.change(seeded, {"counter_of": counted})
    minutes = {1: (-10, -5, 60), 2: (-60,), 3: (10,)}
    docs = [
        {"owner": f"deal:{n}", "what": "x", "at": stamp(clock.now + timedelta(minutes=away)), "done": False}
        for n, spans in minutes.items()
        for away in spans
    ]
    seeded.store.commit([Op(ACTIVITIES, n, doc) for n, doc in enumerate(docs, 1)], by="anna")
    counts = DueCounts(seeded, "deal")
    assert counts.follow()
    assert counts.among() == told
    assert not counts.follow()
    shared_settings.change(seeded, {"soon_minutes": "5"})
    assert counts.follow()
    assert counts.among().soon == 0


def test_as_time_goes_on_what_was_today_is_late(seeded: Session, clock: Clock) -> None:
    doc = {"owner": "deal:1", "what": "x", "at": stamp(clock.now + timedelta(minutes=20)), "done": False}
    seeded.store.commit([Op(ACTIVITIES, 1, doc)], by="anna")
    counts = DueCounts(seeded, "deal")
    seen = []
    for _step in range(3):
        counts.follow()
        seen.append(counts.among())
        clock.tick(minutes=11)
    assert seen == [Due(0, 1, 0), Due(0, 1, 1), Due(1, 0, 0)]


def test_a_message_that_nobody_answered_counts_once_on_however_many_items(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    refs = (Ref("deal", 1), Ref("deal", 2), Ref("contact", 1))
    content = mail(number="1@ours").replace(b"Tue, 03 Nov 2026 10:00:00 +0100", b"Mon, 23 Nov 2026 09:00:00 +0000")
    taken = TakingIn(seeded, MailTaking(on=refs, everything=True)).one(content)
    counts = DueCounts(seeded, "deal")

    def unanswered(session: Session, type_key: str, ids: set[int] | None = None) -> int:
        session.store.refresh()
        one = DueCounts(session, type_key)
        one.follow()
        return one.among(ids).asked

    assert counts.follow()
    assert counts.among().asked == 1, "one count a message, not one an item"
    assert [counts.of(number, own=True).asked for number in (1, 2, 3)] == [1, 1, 0]
    assert counts.items >= {1, 2}
    assert unanswered(seeded, "contact") == 1
    assert unanswered(luca, "deal") == 0, "it is private"
    records.share(seeded, records.by_id(seeded, taken.id))
    assert unanswered(luca, "deal") == 1
    answer = mail(sender="Anna <anna@ours.example>", to="maria@example.com", number="2@ours", In_Reply_To="<1@ours>")
    TakingIn(seeded, MailTaking(on=refs, way="out")).one(answer)
    assert unanswered(seeded, "deal") == unanswered(luca, "deal") == 0
    records.settle_answer(seeded, records.by_id(seeded, taken.id), waits=True)
    assert [one.record.id for one in records.unanswered(seeded)] == [taken.id]
    assert unanswered(seeded, "deal", {2}) == 1
    records.settle_answer(seeded, records.by_id(seeded, taken.id))
    assert unanswered(seeded, "deal") == 0


def test_what_nobody_waits_for_is_no_counter(seeded: Session) -> None:
    now = b"Mon, 23 Nov 2026 09:00:00 +0000"
    for n, content in enumerate((
        mail(number="old@x"),  # three weeks ago
        mail(number="auto@x", Auto_Submitted="auto-replied").replace(b"Tue, 03 Nov 2026 10:00:00 +0100", now),
        mail(number="out@x", sender="anna@ours.example").replace(b"Tue, 03 Nov 2026 10:00:00 +0100", now),
    )):  # fmt: skip
        taking = MailTaking(on=(Ref("deal", 1),), addresses=("anna@ours.example",))
        assert TakingIn(seeded, taking).one(content).how == "new", n
    assert records.unanswered(seeded) == []
