"""Of a series, done, change and delete ask which is meant, with a key each."""

from __future__ import annotations

import pytest

from tests.driver import LARGE
from tests.screens.card.test_timeline import to_entry
from tests.screens.items.test_planning import fill
from tests.screens.opening import BOTH, D1, card
from tuicrm.services.calendar import planning
from tuicrm.services.items import activities
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.form import Form


def weekly(session: Session) -> int:
    return planning.plan(
        session, D1, "Meet", at="2027-01-04T09:00:00Z", end="2027-01-04T10:00:00Z", rule="FREQ=WEEKLY;BYDAY=MO;COUNT=9"
    )


def open_ones(session: Session) -> list[tuple[str, str]]:
    return [(one.doc["what"], one.doc["at"][:10]) for one in activities.open_of(session, D1)]


@BOTH
async def test_each_has_its_key_and_escape_leaves_all_as_it_was(seeded: Session, size: tuple[int, int]) -> None:
    number = weekly(seeded)
    async with card(seeded, D1, size) as (crm, screen):
        await to_entry(crm, screen, "Meet")
        assert "every week on Monday, 9 times" in " ".join(crm.screen_text().split())
        seq = seeded.store.seq()
        for action in ("timeline.delete", "timeline.done", "timeline.edit"):
            await crm.press_action(action)
            text = crm.screen_text()
            for line in ("t  only this one", "f  this one and all that follow", "a  all of them"):
                assert line in text
            await crm.press("escape")
        assert seeded.store.seq() == seq
        await crm.press_action("timeline.delete")
        await crm.press("t")
        assert open_ones(seeded) == [("Meet", "2027-01-11")]
        await crm.press_action("undo")
        await to_entry(crm, screen, "Meet")
        await crm.press_action("timeline.delete")
        await crm.press("a")
        assert open_ones(seeded) == []
        await crm.press_action("undo")
        assert open_ones(seeded) == [("Meet", "2027-01-04")]
        assert activities.known(seeded, number).doc["rule"]


async def test_done_is_the_one_that_is_chosen_and_its_result_is_kept_with_it(seeded: Session) -> None:
    number = weekly(seeded)
    async with card(seeded, D1, LARGE) as (crm, screen):
        await to_entry(crm, screen, "Meet")
        await crm.press_action("timeline.done")
        await crm.press("t")
        await crm.type("They agree")
        await crm.press_action("form.save")
        assert open_ones(seeded) == [("Meet", "2027-01-11")]
        done = [one.doc for one in seeded.owned("activity", D1) if one.doc.get("of") == number]
        assert [(one["done"], one["result"]) for one in done] == [(True, "They agree")]
        await to_entry(crm, screen, "Meet")
        await crm.press_action("timeline.done")
        await crm.press("a")
        await crm.press("escape")
        assert open_ones(seeded) == []


@pytest.mark.parametrize("leave", [False, True])
async def test_done_with_its_result_and_the_next_step_is_one_undo(seeded: Session, leave: bool) -> None:
    number = activities.add(seeded, D1, "Ring", "2027-01-04T09:00:00Z")
    weekly(seeded)
    before = open_ones(seeded)
    async with card(seeded, D1, LARGE) as (crm, screen):
        for entry, chosen in (("Ring", ""), ("Meet", "t"), ("Meet", "f")):
            seq = seeded.store.seq()
            await to_entry(crm, screen, entry)
            await crm.press_action("timeline.done")
            if chosen:
                await crm.press(chosen)
            if leave:
                await crm.press("escape")
            else:
                await crm.type("They agree")
                await crm.press("enter")
                await crm.type("Send the offer tomorrow 10:00")
                await crm.press("enter")
                assert ("Send the offer", "2026-11-24") in open_ones(seeded)
            assert seeded.store.seq() == seq + 1
            assert open_ones(seeded) != before
            await crm.press_action("undo")
            assert open_ones(seeded) == before, (entry, chosen)
    assert not activities.known(seeded, number).doc["done"]


async def test_this_one_is_changed_in_the_form_and_the_rule_of_all(seeded: Session) -> None:
    number = weekly(seeded)
    async with card(seeded, D1, LARGE) as (crm, screen):
        await to_entry(crm, screen, "Meet")
        await crm.press_action("timeline.edit")
        await crm.press("t")
        await crm.press("home", "ctrl+k")
        await crm.type("Lunch")
        await crm.press_action("form.save")
        assert open_ones(seeded) == [("Lunch", "2027-01-04"), ("Meet", "2027-01-11")]
        await to_entry(crm, screen, "Meet")
        await crm.press_action("timeline.edit")
        await crm.press("a")
        form = crm.dialog
        assert isinstance(form, Form)
        keys = [field.question.key for field in form.fields]
        assert form.fields[keys.index("rule")].answer == "every week on Monday, 9 times"
        await fill(crm, keys.index("rule"), "every 2 weeks on monday")
        await crm.press_action("form.save")
        assert activities.known(seeded, number).doc["rule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
