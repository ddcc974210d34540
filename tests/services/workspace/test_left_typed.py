"""What was typed when a session was cut off: kept for the person alone, each once, bounded, until taken up or discarded."""

from __future__ import annotations

from tests.conftest import OpenAs
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.left_typed import LeftText, discard, keep, left, take
from tuicrm.services.workspace.preferences import choose_own


def test_texts_wait_for_their_person_until_taken_up(seeded: Session, open_as: OpenAs) -> None:
    first, other = LeftText("D-1 Title", "Half \x1b[31m typed", "deal:1"), LeftText("Comment", "x" * 30_000)
    keep(seeded, [first, other])
    keep(seeded, [first, LeftText("Empty", "  ")])
    assert [(one.what, len(one.text)) for one in left(seeded)] == [("D-1 Title", len(first.text)), ("Comment", 20_000)]
    assert left(open_as("luca")) == []
    take(seeded, first)
    assert [one.what for one in left(seeded)] == ["Comment"]
    keep(seeded, [LeftText("n", str(number)) for number in range(40)])
    assert len(left(seeded)) == 10
    discard(seeded)
    assert left(seeded) == []
    choose_own(seeded, "left_typed", "{broken")
    assert left(seeded) == []


def test_it_is_no_step_of_theirs(seeded: Session) -> None:
    made = items.add(seeded, "deal", {"title": "New"})
    keep(seeded, [LeftText("Comment", "x")])
    undo(seeded)
    assert seeded.peek(made.ref) is None
