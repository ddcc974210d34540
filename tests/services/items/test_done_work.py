"""What was done, its result and the next step: one change, undone as one."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.hostile import HOSTILE_FEW
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Refused
from tuicrm.limits import COMMENT
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import activities, timeline
from tuicrm.services.items.activities import NextStep
from tuicrm.services.items.done_work import likeliest, log_done, read_step
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)
LATE, SOON, TODAY, LATER = (f"2026-11-{at}:00Z" for at in ("20T09:00", "23T10:30", "23T15:00", "30T09:00"))


def shown(session: Session) -> list[tuple[str, str, bool]]:
    """The activities of the deal: what, with which text, done."""
    found = session.owned(ACTIVITIES, D1)
    return [(one.doc["what"], str(one.doc.get("result") or ""), bool(one.doc["done"])) for one in found]


def test_a_call_and_the_next_step_are_one_change(seeded: Session) -> None:
    before = shown(seeded)
    logged, planned = log_done(seeded, D1, " They take it ", following=NextStep("Send it", LATER))
    call, step = (seeded.record(ACTIVITIES, one).doc for one in (logged, planned))
    assert (call["what"], call["kind"], call["result"], call["done"]) == ("Call", "call", "They take it", True)
    assert call["done_at"] == call["at"] == "2026-11-23T10:00:00Z"
    assert (step["what"], step["at"], step["done"], step["responsible"]) == ("Send it", LATER, False, seeded.person_key)
    assert undo(seeded).label == "done: “Call”; plan “Send it”"
    assert shown(seeded) == before
    redo(seeded)
    assert len(shown(seeded)) == len(before) + 2


def test_what_was_planned_is_done_and_keeps_its_text(seeded: Session) -> None:
    number = activities.add(seeded, D1, "Ring", LATE, kind="call", text="Ask for Bo")
    assert log_done(seeded, D1, "Bo agrees", finishing=number) == (number, 0)
    assert ("Ring", "Bo agrees", True) in shown(seeded)
    entry = next(one for one in timeline.view(seeded, D1).entries if one.table == ACTIVITIES and one.id == number)
    assert entry.text == "Ask for Bo\nBo agrees"
    undo(seeded)
    assert ("Ring", "", False) in shown(seeded)


def test_what_was_planned_may_have_no_result(seeded: Session) -> None:
    number = activities.add(seeded, D1, "Ring", LATE)
    log_done(seeded, D1, "", finishing=number)
    assert ("Ring", "", True) in shown(seeded)


def test_what_is_refused_leaves_all_as_it_was(seeded: Session) -> None:
    other = activities.add(seeded, Ref("deal", 2), "Elsewhere", LATE)
    done = activities.add(seeded, D1, "Ring", LATE)
    activities.done(seeded, done)
    seq = seeded.store.seq()
    for result, more, field in (
        (" ", {}, "result"),
        ("x" * (COMMENT.most + 1), {}, "result"),
        ("yes", {"finishing": other}, "finishing"),
        ("yes", {"finishing": done}, "finishing"),
        ("yes", {"following": NextStep(" ")}, "what"),
    ):
        with pytest.raises(Refused) as refused:
            log_done(seeded, D1, result, **more)
        assert [problem.field for problem in refused.value.fields] == [field]
    assert seeded.store.seq() == seq


def test_who_may_not_change_the_item_logs_nothing(seeded: Session, open_as: OpenAs) -> None:
    luca, seq = open_as("luca"), seeded.store.seq()
    with pytest.raises(AccessDenied):
        log_done(luca, Ref("lead", 1), "yes", following=NextStep("Send it", LATER))
    seeded.store.refresh()
    assert seeded.store.seq() == seq


@pytest.mark.parametrize("text", HOSTILE_FEW)
def test_hostile_texts_stay_as_they_are(seeded: Session, text: str) -> None:
    text = text.replace("\0", "").encode("utf-8", "ignore").decode()
    logged, planned = log_done(seeded, D1, f"a{text}b", following=NextStep(f"a{text}b", LATER))
    assert seeded.record(ACTIVITIES, logged).doc["result"] == f"a{text}b"
    assert seeded.record(ACTIVITIES, planned).doc["what"] == f"a{text}b"


@pytest.mark.parametrize(
    ("at", "kind", "meant"),
    [
        (LATE, "todo", True),
        (SOON, "meeting", True),
        (TODAY, "meeting", False),
        (TODAY, "call", True),
        (LATER, "call", False),
    ],
)
def test_which_planned_one_is_meant(seeded: Session, at: str, kind: str, meant: bool) -> None:
    activities.delete(seeded, *(one.id for one in activities.open_of(seeded, D1)))
    number = activities.add(seeded, D1, "Ring", at, kind=kind)
    found = likeliest(seeded, D1)
    assert (found.id if found else 0) == (number if meant else 0)


def test_a_step_as_it_is_typed(seeded: Session) -> None:
    context = seeded.context()
    assert read_step("  ", context) is None
    assert read_step("Send it 2026-11-30T09:00", context) == NextStep("Send it", LATER)
    assert read_step("Send it", context) == NextStep("Send it", activities.default_time(context))
    with pytest.raises(Refused):
        read_step("tomorrow", context)
