"""The timeline of a card, as people use it: comments, pins, notes, activities, kinds, what is written by itself."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tests.driver import LARGE, SMALL, Crm
from tests.screens.opening import BOTH, D1, D2, card, go_to
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.items import activities, items, stages, timeline
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.editors import TextEditor


def texts(session: Session) -> list[str]:
    return [entry.text or entry.title for entry in timeline.view(session, D1).entries]


async def write(crm: Crm, text: str) -> None:
    await crm.type(text)
    await crm.press_action("text.save")


async def to_entry(crm: Crm, screen: CardScreen, text: str) -> None:
    """Put the cursor on the entry with this text or title."""
    if not screen.timeline.has_focus:
        await crm.press_action("card.other_pane")
    await crm.press_action("move.first")
    for _step in range(40):
        entry = screen.timeline.entry
        if entry is not None and text in (entry.text, entry.title):
            return
        await crm.press_action("move.down")
    raise AssertionError(f"{text} is not on the timeline")


# -- comments ----------------------------------------------------------------------------------------------------------
@BOTH
async def test_a_comment_is_written_changed_and_deleted(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("comment")
        await crm.type("first line")
        await crm.press("enter")
        await write(crm, "second [/]")
        assert "first line\nsecond [/]" in texts(seeded)
        await to_entry(crm, screen, "first line\nsecond [/]")
        assert "second [/]" in crm.screen_text()
        await crm.press_action("timeline.edit")
        await write(crm, " more")
        assert "first line\nsecond [/] more" in texts(seeded)
        assert "edited" in crm.screen_text()
        await crm.press_action("timeline.delete")
        assert crm.said() == "Deleted: first line second [/] more"
        assert "second" not in "".join(crm.screen_lines()[:-2])
        await crm.press_action("undo")
        assert "second [/] more" in crm.screen_text()


async def test_ctrl_s_saves_too_and_an_empty_comment_is_refused(seeded: Session) -> None:
    async with card(seeded) as (crm, screen):
        await crm.press_action("comment")
        await crm.press("ctrl+s")
        assert "needs some text" in crm.screen_text()
        await crm.type("x")
        await crm.press("ctrl+s")
        assert not screen.query(TextEditor)
        assert "x" in texts(seeded)


@BOTH
async def test_a_written_comment_is_not_lost_by_one_esc(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.other_pane", "comment")
        await crm.type("long thoughts")
        await crm.press_action("cancel")
        assert "long thoughts" in crm.screen_text()
        await crm.press_action("cancel")
        assert "long thoughts" not in crm.screen_text()
        assert screen.timeline.has_focus
        assert "TIMELINE" in crm.screen_text()


# -- pins and notes ----------------------------------------------------------------------------------------------------
@BOTH
async def test_pins_stand_on_top_up_to_seven(seeded: Session, size: tuple[int, int], clock: Clock) -> None:
    for number in range(8):
        clock.tick(minutes=1)
        timeline.comment(seeded, D1, f"comment {number}")
    async with card(seeded, D1, size) as (crm, screen):
        for number in range(8):
            await to_entry(crm, screen, f"comment {number}")
            await crm.press_action("timeline.pin")
            assert ("At most 7" in crm.said()) == (number == 7)
        await crm.press_action("move.first")
        assert "PINNED" in crm.screen_text()
        assert screen.timeline.entry is not None
        assert screen.timeline.entry.group == "pinned"
        first = screen.timeline.entry.text
        await crm.press_action("timeline.pin")
        assert sum(entry.group == "pinned" for entry in screen.timeline.view.entries) == 6
        await crm.press_action("undo")
        assert sum(entry.group == "pinned" for entry in screen.timeline.view.entries) == 7
        assert first in crm.screen_text()


@BOTH
async def test_a_note_on_what_happened(seeded: Session, size: tuple[int, int]) -> None:
    stages.move(seeded, D1, "executing")
    async with card(seeded, D1, size) as (crm, screen):
        await to_entry(crm, screen, "New → In progress")
        await crm.press_action("timeline.edit")
        assert "Past events cannot be changed" in crm.said()
        await crm.press_action("timeline.delete")
        assert "Past events cannot be changed" in crm.said()
        await crm.press_action("timeline.done")
        assert "Only activities" in crm.said()
        await crm.press_action("timeline.note")
        await write(crm, "because they asked [/]")
        assert "because they asked [/]" in crm.screen_text()
        await crm.press_action("timeline.note")
        await crm.press("F7", "backspace")
        await crm.press_action("text.save")
        assert "because they asked" not in crm.screen_text()


@BOTH
async def test_a_long_entry_is_read_whole(seeded: Session, size: tuple[int, int]) -> None:
    timeline.comment(seeded, D1, "\n".join(f"line {n}" for n in range(60)))
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.other_pane")
        assert "line 30" not in crm.screen_text()
        assert "enter shows all" in crm.screen_text()
        await crm.press_action("timeline.read")
        assert "line 1" in crm.screen_text()
        await crm.press_action("move.last")
        assert "line 59" in crm.screen_text()
        assert "Anna Bianchi" in crm.screen_text()
        await crm.press_action("back")
        assert crm.dialog is None
        assert screen.timeline.has_focus


# -- what is written by itself -----------------------------------------------------------------------------------------
@BOTH
async def test_what_happens_is_written_down(seeded: Session, size: tuple[int, int], clock: Clock) -> None:
    async with card(seeded, D1, size) as (crm, _screen):
        clock.tick(minutes=1)
        await crm.press_action("stage.next")
        clock.tick(minutes=1)
        await go_to(crm, "amount")
        await crm.press_action("field.edit")
        await crm.type("38k")
        await crm.press_action("editor.save")
        clock.tick(minutes=1)
        await go_to(crm, "responsible")
        await crm.press_action("field.edit")
        await crm.type("luca")
        await crm.press_action("list.choose")
        if size == SMALL:
            await crm.press_action("card.other_pane")
        text = crm.screen_text()
        for line in (
            "Responsible: Anna Bianchi → Luca Riva",
            "Amount: € 12,500.00 → € 38,000.00",
            "New → Document preparation",
            "Created",
        ):
            assert line in text


@BOTH
async def test_which_kinds_are_shown(seeded: Session, size: tuple[int, int]) -> None:
    timeline.comment(seeded, D1, "a comment")
    activities.add(seeded, D1, "Call them", "2026-11-25T09:00:00Z")
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.other_pane", "timeline.kinds")
        await crm.type("comm")
        await crm.press_action("list.choose")
        assert {entry.kind for entry in screen.timeline.view.entries} == {"comment"}
        assert "Call them" not in crm.screen_text()
        await crm.press_action("timeline.kinds", "cancel")
        assert {entry.kind for entry in screen.timeline.view.entries} == {"comment"}
        await crm.press_action("timeline.kinds", "list.mark", "list.choose")
        assert {entry.kind for entry in screen.timeline.view.entries} == {"comment", "activity", "created"}


# -- activities --------------------------------------------------------------------------------------------------------
@BOTH
async def test_an_activity_is_planned_changed_done_and_reopened(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("activity.new")
        await crm.type("Call Marta [/] wed 9:30")
        assert "= Call · Call Marta [/] · Wed 09:30" in crm.screen_text()
        await crm.press_action("form.save")
        (planned,) = activities.open_of(seeded, D1)
        assert (planned.doc["what"], planned.doc["at"]) == ("Call Marta [/]", "2026-11-25T09:30:00Z")
        await to_entry(crm, screen, "Call Marta [/]")
        assert "PLANNED" in crm.screen_text()
        assert "x done" in crm.screen_text()
        await crm.press_action("timeline.edit")
        await crm.type("Call Marta twice")
        await crm.press_action("form.save")
        assert activities.open_of(seeded, D1)[0].doc["what"] == "Call Marta twice"
        await crm.press_action("timeline.pin")
        assert "cannot be pinned" in crm.said()
        await crm.press_action("timeline.done")
        assert "Done: Call Marta twice" in crm.screen_text()
        await crm.press_action("cancel")
        assert activities.open_of(seeded, D1) == []
        assert "PLANNED" not in crm.screen_text()
        await to_entry(crm, screen, "Call Marta twice")
        await crm.press_action("timeline.done")
        assert len(activities.open_of(seeded, D1)) == 1
        await to_entry(crm, screen, "Call Marta twice")
        await crm.press_action("timeline.delete")
        assert crm.said() == "Deleted: Call Marta twice"
        assert activities.open_of(seeded, D1) == []
        await crm.press_action("undo")
        assert len(activities.open_of(seeded, D1)) == 1


async def test_a_day_alone_keeps_the_time_of_the_activity(seeded: Session) -> None:
    activity = activities.add(seeded, D1, "Call", "2026-11-25T09:30:00Z")
    async with card(seeded, D1, LARGE) as (crm, screen):
        await to_entry(crm, screen, "Call")
        await crm.press_action("timeline.edit", "form.next")
        await crm.type("fri")
        assert "= Fri 27 Nov 09:30" in crm.screen_text()
        await crm.press_action("form.save")
        assert seeded.record(ACTIVITIES, activity).doc["at"] == "2026-11-27T09:30:00Z"


@pytest.mark.parametrize("wrong", ["", "25:99", "yesterdayish"])
async def test_a_wrong_time_is_said_and_nothing_planned(seeded: Session, wrong: str) -> None:
    async with card(seeded) as (crm, _screen):
        await crm.press_action("activity.new")
        await crm.type("Call")
        await crm.press_action("form.other", "form.next")
        await crm.press("home", "ctrl+k")
        await crm.type(wrong)
        await crm.press_action("form.save")
        assert "!" in crm.screen_text()
        assert crm.dialog is not None
        await crm.press_action("cancel")
        assert activities.open_of(seeded, D1) == []


async def test_late_ones_say_so(seeded: Session) -> None:
    activities.add(seeded, D1, "Call them", "2026-11-20T09:00:00Z")
    async with card(seeded, D1, LARGE) as (crm, _screen):
        line = next(text for text in crm.screen_lines() if "Call them" in text)
        assert "! " in line


# -- others ------------------------------------------------------------------------------------------------------------
async def test_the_cursor_stays_on_its_entry_when_others_write(seeded: Session, open_as: OpenAs, clock: Clock) -> None:
    other = open_as("anna")
    timeline.comment(seeded, D1, "mine")
    async with card(seeded, D1, LARGE) as (crm, screen):
        await to_entry(crm, screen, "mine")
        clock.tick(minutes=5)
        timeline.comment(other, D1, "theirs")
        timeline.comment(other, D2, "elsewhere")
        seeded.store.refresh()
        await crm.settle()
        assert "theirs" in crm.screen_text()
        assert "elsewhere" not in crm.screen_text()
        assert screen.timeline.entry is not None
        assert screen.timeline.entry.text == "mine"


async def test_an_empty_timeline_says_how_to_begin(seeded: Session) -> None:
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action("card.other_pane", "timeline.kinds")
        await crm.type("comments")
        await crm.press_action("list.choose")
        assert "f shows other kinds" in crm.screen_text()
        for action in ("timeline.edit", "timeline.read", "timeline.pin"):
            await crm.press_action(action)
            assert "no entry" in crm.said()
        assert screen.timeline.view.entries == ()


async def test_very_many_entries_are_drawn_only_where_seen(seeded: Session) -> None:
    with seeded.change("many") as change:
        for number in range(500):
            change.put(
                "entry",
                {
                    "owner": str(D1),
                    "kind": "comment",
                    "at": f"2026-11-{1 + number // 25:02}T10:00:00Z",
                    "by": "anna",
                    "text": f"comment {number}",
                },
            )
    async with card(seeded, D1, LARGE) as (crm, screen):
        await crm.press_action("card.other_pane", "move.last")
        assert "Created" in crm.screen_text() or "comment 0" in crm.screen_text()
        assert screen.timeline.rows is not None
        items.edit(seeded, D1, {"title": "Another"})
        await crm.settle()
        assert "Another" in crm.screen_lines()[0]


# -- others ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", ["comment", "note"])
async def test_a_text_that_another_changed_meanwhile_is_a_question(seeded: Session, open_as: OpenAs, what: str) -> None:
    entry = timeline.comment(seeded, D1, "first")
    other = open_as("anna")
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action(
            "card.other_pane", "move.first", "timeline.edit" if what == "comment" else "timeline.note"
        )
        await crm.type(" mine")
        if what == "comment":
            timeline.edit_comment(other, entry, "their text")
        else:
            timeline.note(other, "entry", entry, "their text")
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("text.save")
        shown = " ".join(crm.screen_text().split())
        assert "their text" in shown
        assert "Anna Bianchi, " in shown
        assert "mine" in shown
        await crm.press_action("cancel")
        assert "Not saved: now their text" in " ".join(crm.screen_text().split())
        await crm.press_action("text.save", "clash.theirs")
        assert "The current value was kept." in crm.screen_text()
        assert not screen.query("Editor")
        field = "text" if what == "comment" else "note"
        assert seeded.record("entry", entry).doc[field] == "their text"
        await crm.press_action("timeline.edit" if what == "comment" else "timeline.note")
        await crm.type(" and mine")
        await crm.press_action("text.save")
        assert seeded.record("entry", entry).doc[field] == "their text and mine"


async def test_an_activity_that_another_changed_meanwhile(seeded: Session, open_as: OpenAs) -> None:
    number = activities.add(seeded, D1, "call them", "2026-11-25T09:00:00Z")
    other = open_as("anna")
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.other_pane", "move.first", "timeline.edit")
        await crm.type("write them")
        activities.edit(other, number, {"at": "2026-11-27T09:00:00Z"})
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("form.save")
        kept = seeded.record("activity", number).doc
        assert (kept["what"], kept["at"]) == ("write them", "2026-11-27T09:00:00Z"), "different fields merge"
        await crm.press_action("timeline.edit")
        await crm.type("visit them")
        activities.edit(other, number, {"what": "forget it"})
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("form.save")
        assert "now forget it (Anna Bianchi" in " ".join(crm.screen_text().split())
        assert seeded.record("activity", number).doc["what"] == "forget it"
        await crm.press_action("form.save")
        assert seeded.record("activity", number).doc["what"] == "visit them"
        assert seeded.record("activity", number).doc["at"] == "2026-11-27T09:00:00Z"


async def test_who_was_asked_answers_on_the_card(seeded: Session, open_as: OpenAs) -> None:
    from tuicrm.services.calendar import planning

    number = planning.plan(seeded, D2, "Meet", at="2026-11-24T10:00:00Z", people={"luca": "asked"})
    luca = open_as("luca")
    async with card(luca, D2) as (crm, screen):
        await to_entry(crm, screen, "Meet")
        await crm.press_action("timeline.answer")
        await crm.press("m")
        assert crm.said().startswith("You may take part.")
        assert luca.record(ACTIVITIES, number).doc["people"] == {"luca": "maybe"}
    async with card(seeded, D2) as (crm, screen):
        await to_entry(crm, screen, "Meet")
        await crm.press_action("timeline.answer")
        assert crm.said().startswith("Nobody asked you to take part in this.")
