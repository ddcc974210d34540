"""Fields made, changed, converted and configured from the card; their options; and the list of fields in the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.driver import SMALL, Crm, running
from tests.hostile import HOSTILE_FEW
from tests.screens.opening import BOTH, D1, D2, add_shown, assert_shows_only_text, card, choose, go_to
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds import CUSTOM_KINDS
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import where
from tuicrm.i18n import LANGUAGES, _, set_language
from tuicrm.screens.settings.field_forms import kind_name
from tuicrm.screens.settings.fields import FieldsScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

GENERAL = LayoutPlace("deal", "general")


def spot(session: Session, key: str) -> tuple[int, int] | None:
    return where(layouts.current(session, GENERAL), key)


# -- new ---------------------------------------------------------------------------------------------------------------
@BOTH
async def test_a_new_field_stands_where_the_cursor_was(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise")
        await go_to(crm, "amount")
        at = spot(seeded, "amount")
        await crm.press_action("field.new")
        await choose(crm, "whole number")
        await crm.type("Delivery weeks")
        await crm.press_action("form.next", "form.next")
        await crm.type("10")
        await crm.press_action("form.next")
        await crm.type("5")
        await crm.press_action("form.save")
        assert "at least 10" in crm.screen_text()
        assert seeded.workspace.field("deal", "delivery_weeks") is None
        await crm.press("ctrl+u")
        await crm.type("50")
        await crm.press_action("form.save")
        made = seeded.workspace.fields("deal")["delivery_weeks"]
        assert (made.kind, made.custom, made.settings) == ("integer", True, {"min": "10", "max": "50"})
        assert at is not None
        assert spot(seeded, "delivery_weeks") == (at[0], at[1] + 1)
        assert screen.fields.field_key == "delivery_weeks"
        assert "Delivery weeks" in crm.screen_text()
        await crm.press_action("undo")
        assert seeded.workspace.field("deal", "delivery_weeks") is None
        assert spot(seeded, "amount") == at


async def test_each_kind_can_be_made(seeded: Session) -> None:
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("card.customise")
        for kind in CUSTOM_KINDS:
            await crm.press_action("field.new")
            await choose(crm, kind_name(kind).lower())
            await crm.type(f"My {kind}")
            if kind == "list":
                await crm.press_action("form.next", "form.next")
                await crm.paste("Red\nGreen")
            elif kind in ("item", "dictionary"):
                await crm.press_action("form.next", "form.next", "form.choose")
                if kind == "item":
                    await crm.press_action("list.mark")
                await crm.press_action("list.choose")
            await crm.press_action("form.save")
            made = seeded.workspace.field("deal", f"my_{kind}")
            assert made is not None, (kind, crm.screen_text())
            assert made.kind == kind


@pytest.mark.parametrize("name", HOSTILE_FEW)
async def test_hostile_names_of_fields_are_only_text(seeded: Session, name: str) -> None:
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action("card.customise", "field.new")
        await choose(crm, "number")
        await crm.paste(name)
        await crm.press_action("form.save")
        await assert_shows_only_text(crm, screen)


# -- change ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_name_help_and_settings_are_changed(seeded: Session, size: tuple[int, int]) -> None:
    add_shown(seeded, "deal", "Margin", "number")
    async with card(seeded, D1, size) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "margin")
        await crm.press_action("field.change")
        await crm.type("Margin %")
        await crm.press_action("form.save")
        assert "Margin % was changed" in crm.said()
        assert "Margin %" in crm.screen_text()
        await crm.press_action("customise.rename")
        await crm.press("ctrl+u")
        await crm.type("Profit")
        await crm.press_action("editor.save")
        assert seeded.workspace.fields("deal")["margin"].label == "Profit"


async def test_another_kind_makes_another_field(seeded: Session) -> None:
    add_shown(seeded, "deal", "Size", "string")
    items.edit(seeded, D1, {"size": "12"})
    items.edit(seeded, D2, {"size": "large"})
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "size")
        await crm.press_action("field.change", "form.next", "form.choose")
        await choose(crm, "whole number")
        await crm.press_action("form.save")
        assert "type cannot be changed" in crm.screen_text()
        await crm.press_action("form.save")
        await crm.settle()
        text = " ".join(crm.screen_text().split())
        assert "1 value can be converted" in text
        assert "D-2 “large”" in text
        await crm.press_action("confirm.yes")
        await crm.settle()
        assert "with 1 value" in crm.said()
        (made,) = [f for f in seeded.workspace.fields("deal").values() if str(f.label).startswith("Size (")]
        assert (made.kind, seeded.get(D1).get(made.key), seeded.get(D2).get(made.key)) == ("integer", 12, None)
        assert seeded.get(D2).get("size") == "large"
        await crm.press_action("undo")
        assert seeded.workspace.field("deal", made.key) is None
        assert made.key not in seeded.get(D1).fields


async def test_no_to_the_question_changes_nothing(seeded: Session) -> None:
    add_shown(seeded, "deal", "Size", "string")
    seq = seeded.store.seq()
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "size")
        await crm.press_action("field.change", "form.next", "form.choose")
        await choose(crm, "money")
        await crm.press_action("form.save", "form.save")
        await crm.settle()
        await crm.press_action("confirm.no")
    assert seeded.store.seq() == seq


# -- configure ---------------------------------------------------------------------------------------------------------
@BOTH
async def test_required_at_a_stage_for_some_people(seeded: Session, size: tuple[int, int]) -> None:
    add_shown(seeded, "deal", "Margin", "number")
    async with card(seeded, D1, size) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "margin")
        await crm.press_action("field.configure", "form.choose")
        await choose(crm, "chosen stages")
        await crm.press_action("form.save")
        assert "At which stages" in crm.said()
        await crm.press_action("form.next", "form.choose")
        await choose(crm, "in progress")
        await crm.press_action("form.next", "form.choose")
        await choose(crm, "anna")
        await crm.press_action("form.save")
        field = seeded.workspace.fields("deal")["margin"]
        assert (field.required, field.required_at, field.visible_to) == (False, {"general": ["executing"]}, ["anna"])
        await crm.press_action("move.up")
        assert "only: Anna" in crm.screen_text()
        await crm.press_action("undo")
        assert seeded.workspace.fields("deal")["margin"].required_at == {}


async def test_always_shown_and_required_everywhere(seeded: Session) -> None:
    add_shown(seeded, "contact", "Nickname", "string")
    async with card(seeded, Ref("contact", 1)) as (crm, _screen):
        assert "Nickname" not in crm.screen_text()
        await crm.press_action("card.customise")
        await go_to(crm, "nickname")
        await crm.press_action("field.configure", "form.choose")
        await choose(crm, "always")
        await crm.press_action("form.next", "form.next", "form.choose")
        await choose(crm, "yes")
        await crm.press_action("form.save", "back")
        text = " ".join(crm.screen_text().split())
        assert "Nickname* ! missing" in text
    assert seeded.workspace.fields("contact")["nickname"].required


async def test_a_system_field_says_why_it_is_for_all(seeded: Session) -> None:
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "amount")
        await crm.press_action("field.configure")
        assert "Only custom fields can be" in " ".join(crm.screen_text().split())
        await crm.press_action("cancel", "customise.delete")
        assert "System fields cannot be deleted, only hidden" in crm.said()
        await crm.press_action("field.options")
        assert "not a custom list" in crm.said()


async def test_who_may_not_define_configures_only_what_always_shows(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    async with card(luca, D1) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "close_date")
        await crm.press_action("field.new")
        assert "someone who may change settings" in crm.said()
        await crm.press_action("field.configure")
        assert "Always shown" in crm.screen_text()
        assert "Required" not in crm.screen_text()
        await crm.press_action("form.choose")
        await choose(crm, "no")
        await crm.press_action("form.save")
    layout = layouts.in_use(luca, GENERAL)
    assert layout.kind == "personal"
    assert [p.always for s in layout.layout.sections for p in s.fields if p.field == "close_date"] == [False]
    assert layouts.in_use(seeded, GENERAL).kind == "built-in"


# -- options -----------------------------------------------------------------------------------------------------------
async def test_options_are_put_in_order_in_their_list(seeded: Session) -> None:
    add_shown(seeded, "deal", "Colour", "list", options=["Red", "Green"])
    items.edit(seeded, D1, {"colour": "red"})
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, "colour")
        await crm.press_action("field.options")
        assert "1 item" in crm.screen_text()
        await crm.press_action("options.new")
        await crm.type("Blue")
        await crm.press_action("form.save", "customise.up")
        await crm.press_action("options.default")
        await crm.press_action("move.first", "options.delete")
        assert "so it was retired" in crm.said()
        await crm.press_action("options.rename")
        await crm.type("Crimson")
        await crm.press_action("form.save")
        field = seeded.workspace.fields("deal")["colour"]
        assert [(o.key, o.label, o.retired) for o in field.options] == [
            ("red", "Crimson", True), ("blue", "Blue", False), ("green", "Green", False)
        ]  # fmt: skip
        assert field.default == "blue"
        assert "retired" in crm.screen_text()
        await crm.press_action("undo")
        assert "Red" in crm.screen_text()
        await crm.press_action("arrange.finish")
        assert crm.dialog is None


# -- settings ----------------------------------------------------------------------------------------------------------
@asynccontextmanager
async def fields_of(session: Session, type_key: str, size: tuple[int, int] = SMALL) -> AsyncIterator[Crm]:
    async with running(session, lambda s, surface: FieldsScreen(s, surface, type_key), size) as crm:
        yield crm


@BOTH
async def test_a_field_is_deleted_with_its_values_and_comes_back(seeded: Session, size: tuple[int, int]) -> None:
    add_field(seeded, "deal", "Margin", "number")
    items.edit(seeded, D1, {"margin": "31"})
    async with fields_of(seeded, "deal", size) as crm:
        assert "Margin" in crm.screen_text()
        await crm.press_action("field.delete")
        assert "along with 1 value of 1 item" in crm.said()
        assert seeded.get(D1).get("margin") is None
        await crm.press_action("undo")
        assert seeded.get(D1).get("margin") == "31"
        await crm.press_action("field.find")
        await choose(crm, "expected close")
        await crm.press_action("field.delete")
        assert "System fields cannot be deleted, only hidden" in crm.said()


async def test_fields_are_made_and_configured_in_the_settings(seeded: Session) -> None:
    async with fields_of(seeded, "company") as crm:
        await crm.press_action("field.new")
        await choose(crm, "website")
        await crm.type("Shop")
        await crm.press_action("form.save")
        assert "Shop was created" in crm.said()
        await crm.press_action("field.configure", "form.choose")
        await choose(crm, "always")
        await crm.press_action("form.save")
        assert seeded.workspace.fields("company")["shop"].required
        assert "always" in crm.screen_text()
        await crm.press_action("back")


async def test_settings_lead_to_fields_views_and_tabs(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:

        async def to(line: str) -> None:
            screen = crm.screen
            assert isinstance(screen, SettingsScreen)
            while screen.pane.cursor != line:
                before = screen.pane.cursor
                await crm.press_action("move.down")
                assert screen.pane.cursor != before, line

        await to("lead fields")
        await crm.press_action("open")
        assert "New lead" not in crm.screen_text()
        assert isinstance(crm.screen, FieldsScreen)
        await crm.press_action("back")
        await crm.press_action("customise.views")
        assert "Put the cursor on a card" in crm.said()
        await to("lead card new")
        assert "Repeat leads" in crm.screen_text()
        await crm.press_action("customise.tabs")
        assert "General" in crm.screen_text()
        await crm.press_action("tabs.toggle")
        assert "cannot be hidden" in crm.said()
        await crm.press_action("arrange.finish", "open")
        assert "No views yet" in crm.screen_text()
        await crm.press_action("views.shape")
        assert crm.said()
        await crm.press_action("arrange.finish")


async def test_who_may_not_set_anything_is_told_so(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Secret", "number")
    restrict_field(seeded, "deal", "secret", ["anna"])
    luca = open_as("luca")
    async with fields_of(luca, "deal") as crm:
        assert "Secret" not in crm.screen_text()
        await crm.press_action("field.new")
        assert "someone who may change settings" in crm.said()
        await crm.press_action("field.change")
        assert "someone who may change settings" in crm.said()


async def test_a_form_that_only_tells_is_left_as_any_other(seeded: Session) -> None:
    async with running(seeded, lambda s, surface: FieldsScreen(s, surface, "deal"), SMALL) as crm:
        screen = crm.screen
        assert isinstance(screen, FieldsScreen)
        while screen.pane.cursor != "pipeline":
            await crm.press_action("move.down")
        await crm.press_action("field.configure")
        assert "Every item always has a stage" in crm.screen_text()
        await crm.press("tab", "esc")
        assert crm.dialog is None
        assert crm.screen is screen
        await crm.press_action("field.configure", "form.next")
        assert crm.dialog is None
        assert crm.screen is screen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type_key", ["lead", "deal", "contact"])
async def test_no_heading_of_the_fields_is_cut(seeded: Session, language: str, type_key: str) -> None:
    set_language(language)
    async with running(seeded, lambda s, surface: FieldsScreen(s, surface, type_key), SMALL) as crm:
        heads = crm.screen_lines()[1]
        assert _("Filled") in heads
        assert _("Required") in heads
        assert "…" not in heads
