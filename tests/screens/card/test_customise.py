"""Customise mode, as people use it: what stands where, sections, which fields, for one pipeline, undone step by step."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.screens.opening import BOTH, D1, card, go_to
from tests.screens.snapshot import assert_snapshot
from tuicrm.domain import layouts as edits
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.render.fields import FieldTarget
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.definitions.fields import field_record, new_field
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.widgets.editors import LineEditor


def shape(session: Session, pipeline: str = "general", type_key: str = "deal") -> list[list[str]]:
    """The fields of each section."""
    return [[p.field for p in s.fields] for s in layouts.current(session, LayoutPlace(type_key, pipeline)).sections]


def titles(session: Session, pipeline: str = "general") -> list[str]:
    return [session.label(s.title) for s in layouts.current(session, LayoutPlace("deal", pipeline)).sections]


async def to_section(crm: Crm, screen: CardScreen, at: int) -> None:
    screen.fields.move_to(FieldTarget(at))
    await crm.settle()


@BOTH
async def test_it_looks_like_this(demo: Session, size: tuple[int, int]) -> None:
    async with card(demo, Ref("deal", 5), size) as (crm, screen):
        await crm.press_action("card.customise")
        assert "what everyone sees" in crm.said()
        await crm.press_action("move.down")
        assert_snapshot(f"customise-{size[0]}", crm.screen_lines())
        assert "esc finish" in crm.screen_lines()[-1]
        assert "J K move · x hide" in crm.screen_text()
        await crm.press_action("customise.fields")
        assert "finish" not in crm.screen_lines()[-1]
        await crm.press_action("cancel", "back")
        assert not screen.shaping.on
        assert "⠿" not in crm.screen_text()


@BOTH
async def test_a_field_goes_down_and_on_into_the_next_section(seeded: Session, size: tuple[int, int]) -> None:
    before = shape(seeded)
    last = before[0][-1]
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise")
        await go_to(crm, last)
        await crm.press_action("customise.down")
        assert shape(seeded)[1][0] == last
        assert screen.fields.field_key == last
        await crm.press_action("customise.down")
        assert shape(seeded)[1][1] == last
        await crm.press("shift+up", "shift+up")
        assert shape(seeded) == before
        await crm.press_action("customise.up")
        assert shape(seeded)[0][-2] == last
        await crm.press_action("undo", "undo", "undo", "undo", "undo")
        assert shape(seeded) == before
        assert screen.shaping.on


@BOTH
async def test_a_section_goes_up_and_down(seeded: Session, size: tuple[int, int]) -> None:
    before = titles(seeded)
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise")
        await to_section(crm, screen, 0)
        await crm.press_action("customise.down")
        assert titles(seeded) == [before[1], before[0], *before[2:]]
        assert screen.fields.cursor == FieldTarget(1)
        await crm.press_action("customise.up")
        assert titles(seeded) == before
        seq = seeded.store.seq()
        await crm.press_action("customise.up")
        assert crm.said() == "This is the first section."
        await to_section(crm, screen, len(before) - 1)
        await crm.press_action("customise.down")
        assert crm.said() == "This is the last section."
        assert titles(seeded) == before
        assert seeded.store.seq() == seq


async def test_a_field_at_an_end_says_so(seeded: Session) -> None:
    before = shape(seeded)
    async with card(seeded) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, before[0][0])
        await crm.press_action("customise.up")
        assert crm.said() == "This is the first field."
        await go_to(crm, before[-1][-1])
        await crm.press_action("customise.down")
        assert crm.said() == "This is the last field."
        assert shape(seeded) == before


@BOTH
async def test_fields_are_hidden_one_after_the_other(seeded: Session, size: tuple[int, int]) -> None:
    before = shape(seeded)
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise")
        await go_to(crm, before[0][1])
        await crm.press_action("customise.hide")
        assert screen.fields.field_key == before[0][2]
        await crm.press_action(*["customise.hide"] * (len(before[0]) - 2))
        assert shape(seeded)[0] == before[0][:1]
        assert screen.fields.field_key == before[0][0]
        await crm.press_action("customise.hide")
        assert shape(seeded) == [[], *before[1:]]
        assert screen.fields.cursor == FieldTarget(0)


async def test_after_a_deleted_section_the_cursor_is_on_the_next(seeded: Session) -> None:
    async with card(seeded) as (crm, screen):
        await crm.press_action("card.customise")
        names = titles(seeded)
        await to_section(crm, screen, 1)
        await crm.press_action("customise.delete")
        assert screen.fields.cursor == FieldTarget(1)
        assert titles(seeded) == [names[0], *names[2:]]
        await to_section(crm, screen, len(names) - 2)
        await crm.press_action("customise.delete")
        assert screen.fields.cursor == FieldTarget(len(names) - 3)


@BOTH
async def test_to_a_section_by_name(seeded: Session, size: tuple[int, int]) -> None:
    before = shape(seeded)
    field = before[0][0]
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise")
        await go_to(crm, field)
        await crm.press_action("customise.move")
        await crm.type(titles(seeded)[-1][:5])
        await crm.press_action("list.choose")
        assert field in shape(seeded)[-1]
        assert screen.fields.field_key == field
        await crm.press_action("undo")
        assert shape(seeded) == before


@BOTH
async def test_sections_are_added_renamed_and_deleted(seeded: Session, size: tuple[int, int]) -> None:
    before, count = shape(seeded), len(titles(seeded))
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise", "customise.add")
        assert "name of the new section" in crm.screen_text()
        await crm.press_action("editor.save")
        assert "needs a name" in crm.screen_text()
        await crm.type("Delivery [/]")
        await crm.press_action("editor.save")
        assert titles(seeded)[-1] == "Delivery [/]"
        assert "DELIVERY [/]" in crm.screen_text()
        await crm.press_action("customise.rename")
        await crm.type(" 2")
        await crm.press_action("editor.save")
        assert titles(seeded)[-1] == "Delivery [/] 2"
        await crm.press_action("customise.hide")
        assert "it is on a section now" in crm.said()
        await crm.press_action("customise.delete")
        assert len(titles(seeded)) == count
        await crm.press_action("customise.add", "cancel")
        assert len(titles(seeded)) == count
        await to_section(crm, screen, 0)
        await crm.press_action("customise.delete")
        assert len(titles(seeded)) == count - 1
        assert "are hidden" in crm.said()
        assert set(before[0]) <= {field.key for field in layouts.hidden_fields(seeded, LayoutPlace("deal", "general"))}
        assert seeded.get(D1).get("amount") is not None
        await crm.press_action("undo")
        assert shape(seeded) == before


async def test_the_last_section_may_go_and_a_new_one_takes_fields(seeded: Session) -> None:
    async with card(seeded, D1, SMALL) as (crm, screen):
        await crm.press_action("card.customise")
        for _section in range(len(titles(seeded))):
            await to_section(crm, screen, 0)
            await crm.press_action("customise.delete")
        assert titles(seeded) == []
        for action in ("customise.delete", "customise.rename", "customise.fields", "customise.down", "customise.hide"):
            await crm.press_action(action)
            assert not screen.query(LineEditor)
        await crm.press_action("customise.add")
        await crm.type("All")
        await crm.press_action("editor.save")
        await crm.press_action("customise.fields")
        await crm.type("amount")
        await crm.press_action("list.mark", "list.choose")
        assert shape(seeded) == [["amount"]]
        assert "Amount" in crm.screen_text()


@BOTH
async def test_a_field_is_hidden_and_selected_again(seeded: Session, size: tuple[int, int]) -> None:
    before = shape(seeded)
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise")
        await go_to(crm, "close_date")
        await crm.press_action("customise.hide")
        assert "close_date" not in shape(seeded)[0]
        assert "is hidden" in crm.said()
        await crm.press_action("customise.fields")
        await crm.type("expected close")
        await crm.press_action("list.mark", "list.choose")
        assert any("close_date" in section for section in shape(seeded))
        await crm.press_action("undo", "undo")
        assert shape(seeded) == before
        assert screen.shaping.on


@BOTH
async def test_fields_are_selected_from_a_list_of_286(seeded: Session, size: tuple[int, int]) -> None:
    missing = 286 - len(seeded.workspace.fields("deal"))
    with seeded.change("many fields") as change:
        for number in range(missing):
            change.put("field", field_record("deal", new_field(seeded, "deal", f"Portal field {number}")))
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("card.customise", "customise.fields")
        assert "286 in all" in crm.screen_text() or "marked" in crm.screen_text()
        for name in ("portal field 17", "portal field 123"):
            await crm.type(name)
            await crm.press_action("list.mark")
            await crm.press("ctrl+u")
        await crm.press_action("list.choose")
        labels = {field.label for section in screen.card.sections for field in section.fields}
        assert {"Portal field 17", "Portal field 123"} <= labels
        await crm.press_action("undo")
        labels = {field.label for section in screen.card.sections for field in section.fields}
        assert "Portal field 17" not in labels


async def test_each_pipeline_has_its_own_card(demo: Session) -> None:
    pipelines = demo.workspace.pipelines("deal")
    first, second = pipelines[0].key, pipelines[1].key
    ref = next(Ref("deal", n) for n in demo.ids("deal") if demo.get(Ref("deal", n)).get("pipeline") == first)
    before = shape(demo, second)
    async with card(demo, ref, LARGE) as (crm, screen):
        await crm.press_action("card.customise")
        assert demo.label(pipelines[0].label) in crm.said()
        moved = shape(demo, first)[0][0]
        await go_to(crm, moved)
        await crm.press_action("customise.down")
        assert shape(demo, first)[0][1] == moved
        assert shape(demo, second) == before
        assert screen.fields.field_key == moved


async def test_another_person_sees_it(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    items.edit(seeded, D1, {"responsible": "luca"})
    luca.store.refresh()
    async with card(luca, D1) as (crm, screen):
        layouts.edit(seeded, LayoutPlace("deal", "general"), "hide", lambda layout: edits.hide_field(layout, "amount"))
        luca.store.refresh()
        await crm.settle()
        assert "Amount" not in crm.screen_text()
        await crm.press_action("card.customise")
        assert "your personal layout" in crm.said()
        assert screen.shaping.on


async def test_what_another_took_away_meanwhile_is_said(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action("card.customise")
        await to_section(crm, screen, 0)
        await crm.press_action("customise.rename")
        await crm.type(" new")
        key = layouts.current(other, LayoutPlace("deal", "general")).sections[0].key
        layouts.edit(other, LayoutPlace("deal", "general"), "delete", lambda before: edits.delete_section(before, key))
        seeded.store.refresh()
        await crm.press_action("editor.save")
        assert "no longer on the card" in " ".join(crm.screen_text().split())


@pytest.mark.parametrize("name", [text for text in HOSTILE_FEW if text.strip()])
async def test_hostile_names_of_sections_are_only_text(seeded: Session, name: str) -> None:
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise", "customise.add")
        await crm.paste(name)
        await crm.press_action("editor.save")
        if crm.screen.query(LineEditor):
            await crm.press_action("cancel")
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("customise.rename", "cancel", "customise.move", "customise.delete", "undo")
        assert crm.app.return_code is None


# -- others ------------------------------------------------------------------------------------------------------------
async def test_a_section_that_another_deletes_while_one_is_chosen(seeded: Session, open_as: OpenAs) -> None:
    other, before = open_as("anna"), shape(seeded)
    first, last = layouts.current(seeded, LayoutPlace("deal", "general")).sections[0], len(before) - 1
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action("card.customise")
        await go_to(crm, before[0][0])
        await crm.press_action("customise.move")
        await crm.type(titles(seeded)[last][:5])
        # The section before it goes: its place is now another's.
        gone = layouts.current(seeded, LayoutPlace("deal", "general")).sections[1].key
        layouts.edit(other, LayoutPlace("deal", "general"), "x", lambda layout: edits.delete_section(layout, gone))
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("list.choose")
        assert shape(seeded)[-1][-1] == before[0][0], "into the section that was chosen, wherever it stands"
        await crm.press_action("customise.move")
        await crm.type(seeded.label(first.title)[:5])
        layouts.edit(other, LayoutPlace("deal", "general"), "x", lambda layout: edits.delete_section(layout, first.key))
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("list.choose")
        assert "no longer on the card" in crm.said()
        assert screen.shaping.on


async def test_what_another_shows_meanwhile_stays_shown(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    hidden = [field.key for field in layouts.hidden_fields(seeded, LayoutPlace("deal", "general"))]
    dropped = shape(seeded)[0][-1]
    async with card(seeded, D1) as (crm, _screen):
        await crm.press_action("card.customise")
        await go_to(crm, shape(seeded)[0][0])
        await crm.press_action("customise.fields")
        layouts.edit(other, LayoutPlace("deal", "general"), "x", lambda layout: edits.place_field(layout, hidden[0], 1))
        layouts.edit(other, LayoutPlace("deal", "general"), "x", lambda layout: edits.hide_field(layout, dropped))
        seeded.store.refresh()
        await crm.settle()
        await crm.type(seeded.label(seeded.workspace.fields("deal")[hidden[1]].label))
        await crm.press_action("list.mark", "list.choose")
        after = [key for section in shape(seeded) for key in section]
        assert hidden[0] in after, "what another brought"
        assert dropped not in after, "what another hid"
        assert hidden[1] in after, "what was ticked here"


async def test_a_section_that_another_deletes_while_it_is_renamed(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action("card.customise")
        await to_section(crm, screen, 0)
        key = screen.fields.section_key
        await crm.press_action("customise.rename")
        await crm.type(" 2")
        layouts.edit(other, LayoutPlace("deal", "general"), "x", lambda layout: edits.delete_section(layout, key))
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("editor.save")
        assert "no longer on the card" in " ".join(crm.screen_text().split())
        assert screen.query_one(LineEditor).value.endswith(" 2"), "what was typed stays"
        await crm.press_action("cancel")
        assert screen.shaping.on
