"""Layouts and views on the card: which and why, one's own, for everyone, for some; tabs; folding; what others change."""

from __future__ import annotations

import pytest
from textual.strip import Strip

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL
from tests.hostile import HOSTILE_FEW
from tests.render.hostile import assert_harmless
from tests.screens.opening import BOTH, D1, D2, card, choose, go_to
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import hide_field, where
from tuicrm.render.fields import FieldTarget
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, tabs, views
from tuicrm.services.workspace import people, preferences

GENERAL = LayoutPlace("deal", "general")


def shown(session: Session) -> list[str]:
    return [placed.field for section in layouts.current(session, GENERAL).sections for placed in section.fields]


# -- one's own, and everyone's -----------------------------------------------------------------------------------------
@BOTH
async def test_ones_own_layout_is_begun_shaped_and_reset(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    luca = open_as("luca")
    async with card(luca, D1, size) as (crm, _screen):
        assert "L built-in layout" in crm.screen_lines()[-1] or size == SMALL
        await crm.press_action("card.customise")
        assert "your personal layout" in crm.said()
        await crm.press_action("customise.everyone")
        assert "ask an administrator" in crm.said()
        await go_to(crm, "amount")
        await crm.press_action("customise.hide")
        assert "L personal layout" in crm.screen_lines()[-1]
        assert "amount" not in shown(luca)
        assert "amount" in shown(seeded)
        await crm.press_action("customise.personal")
        assert "already use your personal layout" in crm.said()
        await crm.press_action("customise.reset")
        assert "built-in layout" in crm.said()
        assert "amount" in shown(luca)
        await crm.press_action("undo")
        assert "amount" not in shown(luca)


async def test_set_for_everyone_says_whose_layouts_go_and_is_one_undo(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    layouts.edit(luca, GENERAL, "mine", lambda layout: hide_field(layout, "source"))
    seeded.store.refresh()
    async with card(seeded, D1, LARGE) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "amount")
        await crm.press_action("customise.hide", "customise.everyone")
        assert "1 personal layout was removed: Luca Riva" in crm.said()
        luca.store.refresh()
        assert shown(luca) == shown(seeded)
        await crm.press_action("undo")
        luca.store.refresh()
        assert "source" not in shown(luca)
        assert "amount" in shown(luca)


async def test_one_key_says_why_and_switches(seeded: Session, open_as: OpenAs) -> None:
    people.edit_person(seeded, "luca", people.Details(department="company"))
    view = views.add_view(seeded, GENERAL, "Sales", ["department:company"])
    luca = open_as("luca")
    async with card(luca, D1, LARGE) as (crm, screen):
        assert "L view Sales" in crm.screen_lines()[-1]
        await crm.press_action("card.layout")
        text = " ".join(crm.screen_text().split())
        assert "A view made for Test company, your nearest department" in text
        await choose(crm, "built-in")
        assert screen.card.layout == "built-in layout"
        await crm.press_action("card.layout")
        assert "You chose it" in crm.screen_text()
        await choose(crm, "personal")
        assert screen.card.layout == "personal layout"
        await crm.press_action("card.layout")
        await choose(crm, "whichever")
        assert screen.card.layout == "view Sales"
    assert preferences.layout_choice(luca, GENERAL) == ""
    assert view.record.key == "sales"


async def test_who_has_a_view_and_no_right_to_it_may_begin_their_own(seeded: Session, open_as: OpenAs) -> None:
    views.add_view(seeded, GENERAL, "Sales", ["luca"])
    luca = open_as("luca")
    async with card(luca, D1) as (crm, screen):
        await crm.press_action("card.customise")
        assert "You may not create or change views" in crm.said()
        assert not screen.shaping.on
        await crm.press_action("card.layout")
        await choose(crm, "personal")
        await crm.press_action("card.customise")
        assert "your personal layout" in crm.said()


# -- views -------------------------------------------------------------------------------------------------------------
@BOTH
async def test_views_are_made_shaped_given_and_deleted(seeded: Session, open_as: OpenAs, size: tuple[int, int]) -> None:
    luca = open_as("luca")
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise", "customise.views", "views.new")
        await crm.type("Sales")
        await crm.press_action("form.save")
        assert "nobody uses it yet" in crm.screen_text()
        await crm.press_action("views.members")
        await crm.type("luca")
        await crm.press_action("list.choose")
        assert "Luca Riva" in crm.screen_text()
        await crm.press_action("views.shape")
        assert "people with the view Sales see" in crm.said()
        await go_to(crm, "amount")
        await crm.press_action("customise.hide")
        luca.store.refresh()
        assert "amount" not in shown(luca)
        assert "amount" in shown(seeded)
        await crm.press_action("customise.reset")
        luca.store.refresh()
        assert "amount" in shown(luca)
        await crm.press_action("customise.views", "views.rename")
        await crm.press("ctrl+u")
        await crm.type("Trade")
        await crm.press_action("form.save")
        assert [kept.record.name for kept in views.views(seeded, GENERAL)] == ["Trade"]
        await crm.press_action("views.delete")
        assert views.views(seeded, GENERAL) == []
        await crm.press_action("undo")
        assert [kept.record.name for kept in views.views(seeded, GENERAL)] == ["Trade"]
        await crm.press_action("arrange.finish", "back")
        assert not screen.shaping.on
        assert "amount" in [field.key for section in screen.card.sections for field in section.fields]


async def test_views_stand_in_an_order_of_their_own(seeded: Session) -> None:
    for name in ("One", "Two", "Three"):
        views.add_view(seeded, GENERAL, name, ["luca"])
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise", "customise.views", "customise.down", "customise.down")
        assert [kept.record.name for kept in views.views(seeded, GENERAL)] == ["Two", "Three", "One"]
        await crm.press_action("undo")
        assert [kept.record.name for kept in views.views(seeded, GENERAL)] == ["Two", "One", "Three"]


async def test_a_view_deleted_while_it_is_shaped(seeded: Session, open_as: OpenAs) -> None:
    kept = views.add_view(seeded, GENERAL, "Sales", ["luca"])
    other = open_as("anna")
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action("card.customise", "customise.views", "views.shape")
        assert screen.card.layout == "view Sales"
        views.delete_view(other, GENERAL, kept.record.key)
        seeded.store.refresh()
        await crm.settle()
        assert screen.card.layout == "built-in layout"
        await go_to(crm, "amount")
        await crm.press_action("customise.hide")
        assert "amount" not in shown(seeded)


@pytest.mark.parametrize("name", HOSTILE_FEW)
async def test_hostile_names_of_views_are_only_text(seeded: Session, name: str) -> None:
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise", "customise.views", "views.new")
        await crm.paste(name)
        await crm.press_action("form.save")
        for line in crm.screen_lines():
            assert_harmless(line)
        if views.views(seeded, GENERAL):
            await crm.press_action("views.shape")
            for line in crm.screen_lines():
                assert_harmless(line)


# -- tabs --------------------------------------------------------------------------------------------------------------
@BOTH
async def test_tabs_are_put_in_order_and_hidden_in_the_bar(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):

        def bar() -> list[str]:
            return [tab.label for tab in screen.card.tabs]

        general, one, two, *rest = shipped = bar()
        assert general == "General"
        await crm.press_action("card.customise", "customise.tabs", "move.down", "customise.down")
        assert bar() == [general, two, one, *rest]
        await crm.press_action("tabs.toggle")
        assert bar() == [general, two, *rest]
        await crm.press_action("move.first", "tabs.toggle")
        assert "cannot be hidden" in crm.said()
        await crm.press_action("tabs.reset")
        assert bar() == shipped
        await crm.press_action("undo", "undo")
        assert bar() == [general, two, one, *rest]
        await crm.press_action("arrange.finish")
    # Without templates there is nothing in the tab of documents: a card leaves it out.
    kept = [tab for tab in tabs.arranged(seeded, GENERAL).shown if tab.kind != "documents"]
    assert [seeded.label(tab.label) for tab in kept] == [general, two, one, *rest]


async def test_a_tab_of_nothing_says_so(seeded: Session) -> None:
    async with card(seeded, D1) as (crm, screen):
        await crm.press(str([tab.label for tab in screen.card.tabs].index("Invoices") + 1))
        assert "Nothing here yet" in crm.screen_text()


# -- folding -----------------------------------------------------------------------------------------------------------
@BOTH
async def test_a_section_folds_and_remembers_it_a_person(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    luca = open_as("luca")
    async with card(seeded, D1, size) as (crm, screen):
        before = crm.screen_text()
        seq = len(list(seeded.past.log()))
        await crm.press_action("card.fold")
        assert "▌ ABOUT THE DEAL" in crm.screen_text()
        assert " fields · z unfolds" in crm.screen_text()
        assert screen.fields.cursor == FieldTarget(0)
        await crm.press_action("move.down", "move.up")
        assert screen.fields.cursor == FieldTarget(0)
        await crm.press_action("undo")
        # What is asked about is what was done before, in another session: a fold is nothing to take back.
        assert crm.dialog is not None
        await crm.press_action("confirm.yes")
        assert "Undone" in crm.said()
        assert " fields · z unfolds" in crm.screen_text()
        await crm.press_action("field.edit")
        assert " fields · z unfolds" not in crm.screen_text()
        await crm.press_action("card.fold")
        assert len(list(seeded.past.log())) >= seq
    assert preferences.folded(seeded, GENERAL) == {"main"}
    async with card(seeded, D2, size) as (crm, _screen):
        assert "▌ ABOUT THE DEAL" in crm.screen_text()
        await crm.press_action("card.customise")
        assert "Amount" in crm.screen_text()
    async with card(luca, D1, size) as (crm, _screen):
        assert crm.screen_text().count("▸") == before.count("▸")


async def test_a_long_value_opens_whole(seeded: Session) -> None:
    items.edit(seeded, D1, {"comment": "\n".join(f"line {n}" for n in range(1, 31))})
    async with card(seeded, D1) as (crm, _screen):
        await go_to(crm, "comment")
        assert "line 8…" in crm.screen_text()
        await crm.press_action("field.read", "move.last")
        assert "line 30" in crm.screen_text()
        await crm.press_action("close")
        await crm.press_action("card.show_empty")
        await go_to(crm, "source")
        await crm.press_action("field.read")
        assert "no value" in crm.said()


# -- what others change ------------------------------------------------------------------------------------------------
async def test_what_another_changed_is_marked_in_words(seeded: Session, open_as: OpenAs) -> None:
    items.edit(seeded, D1, {"responsible": "luca"})
    luca = open_as("luca")
    async with card(seeded, D1) as (crm, screen):
        await go_to(crm, "close_date")
        items.edit(luca, D1, {"probability": 40})
        seeded.store.refresh()
        await crm.settle()
        assert "changed: Luca Riva, 10:00" in crm.screen_text()
        assert screen.fields.field_key == "close_date"
        await go_to(crm, "probability")
        await crm.press_action("field.edit")
        await crm.press("ctrl+u")
        await crm.type("50")
        await crm.press_action("editor.save")
        assert "changed: Luca" not in crm.screen_text()


async def test_layout_steps_of_another_show_and_move_no_cursor(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with card(seeded, D1, LARGE) as (crm, screen):
        await go_to(crm, "responsible")
        line = next(y for y, text in enumerate(crm.screen_lines()) if "Responsible" in text)
        layouts.edit(other, GENERAL, "hide", lambda layout: hide_field(layout, "amount"))
        seeded.store.refresh()
        await crm.settle()
        assert "Amount" not in crm.screen_text()
        assert screen.fields.field_key == "responsible"
        now = next(y for y, text in enumerate(crm.screen_lines()) if "Responsible" in text)
        assert line - now <= 1
        view = views.add_view(other, GENERAL, "For Anna", ["anna"])
        seeded.store.refresh()
        await crm.settle()
        assert screen.card.layout == "view For Anna"
        assert screen.fields.field_key == "responsible"
        assert where(view.record.layout, "responsible") is not None


async def test_one_step_redraws_only_what_moved(seeded: Session) -> None:
    drawn: list[int] = []
    async with card(seeded, D1, LARGE) as (crm, screen):
        await crm.press_action("card.customise")
        await go_to(crm, "amount")
        await crm.press_action("customise.down")
        render = screen.fields.render_line

        def counted(y: int) -> Strip:
            drawn.append(y)
            return render(y)

        screen.fields.render_line = counted  # type: ignore[method-assign]
        await crm.press_action("customise.down")
        assert 0 < len(set(drawn)) <= 4, sorted(set(drawn))


async def test_every_key_of_the_new_places_has_its_method(seeded: Session) -> None:
    views.add_view(seeded, GENERAL, "Sales", ["luca"])
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("card.customise")
        assert crm.actions_without_method() == []
        for opening in ("customise.views", "customise.tabs"):
            await crm.press_action(opening)
            assert crm.actions_without_method() == []
            await crm.press_action("arrange.finish")
