"""The board, as people work on it: keys by action id, at both sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.snapshot import assert_snapshot
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.dupes import DupesScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.items import items, stages, timeline
from tuicrm.services.kernel.session import Session

BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


@asynccontextmanager
async def board(
    session: Session, size: tuple[int, int] = SMALL, pipeline: str = ""
) -> AsyncIterator[tuple[Crm, BoardScreen]]:
    async with running(session, lambda s, surface: BoardScreen(s, surface, "deal", pipeline), size) as crm:
        assert isinstance(crm.screen, BoardScreen)
        yield crm, crm.screen


def stage(session: Session, ref: Ref) -> str:
    return str(session.get(ref).get("stage"))


# -- looking -----------------------------------------------------------------------------------------------------------
@BOTH
async def test_it_looks_like_this(demo: Session, size: tuple[int, int]) -> None:
    async with board(demo, size, "wholesale") as (crm, _screen):
        assert_snapshot(f"board-{size[0]}", crm.screen_lines())


@BOTH
async def test_no_title_of_the_demo_is_cut_and_its_fourth_line_is_the_card_s(
    demo: Session, size: tuple[int, int]
) -> None:
    items.edit(demo, D3, {"title": "An annual support for all offices"})
    async with board(demo, size, "wholesale") as (crm, screen):
        view = screen.view
        for _step in range(30):
            ref = screen.current.ref if screen.current is not None else None
            assert ref is not None
            title = str(demo.get(ref).get("title"))
            region = view._card_region(view.column, view.row)
            assert region is not None
            lines = crm.screen_lines()[view.region.y + region.y : view.region.y + region.bottom]
            shown = " ".join(" ".join(line[region.x : region.right].strip("▌▏ ") for line in lines[:2]).split())
            is_last = view.row == view._tops[view.stage_key] + view.capacity - 1
            assert shown.startswith(title) or (is_last and "…" in shown and not view._spare_line), (title, shown)
            if region.height == 4:
                await crm.press_action("move.up")
                await crm.click(region.x + 3, view.region.y + region.y + 3)
                assert screen.current is not None
                assert screen.current.ref == ref
            await crm.press_action("move.down")


async def test_a_filter_puts_the_cursor_on_what_it_found(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, screen):
        await crm.press_action("filter")
        await crm.type("stage = Negotiation and title ~ licence")
        await crm.press_action("filter.apply")
        assert screen.current is not None
        assert screen.current.get("title") == "Group licence"
        await crm.press_action("back")
        assert screen.current is not None
        assert screen.current.get("title") == "Group licence"


async def test_weighted_sum_and_what_has_no_rate_both_show_and_nothing_jumps(demo: Session) -> None:
    async with board(demo, (120, 40), "wholesale") as (crm, screen):
        second = crm.screen_lines()[3]
        assert "+ JP¥ 2.40 M" in second
        assert second.count("≈ €") >= 3
        assert second.count(" weighted") >= 2
        first = {next(y for y, line in enumerate(crm.screen_lines()) if "ERP connector" in line)}
        for _column in screen.board.columns:
            await crm.press_action("move.right")
            first |= {y for y, line in enumerate(crm.screen_lines()) if "Group licence" in line}
        assert len(first) == 1


async def test_an_empty_board_says_what_to_do(workspace: Session) -> None:
    async with board(workspace) as (crm, _screen):
        assert "0 deals" in crm.screen_text()
        assert "n adds one" in crm.screen_text()
        assert "n " in crm.screen_lines()[-1]
        for action in ("open", "stage.next", "delete", "mark", "activity.new", "stage.move"):
            await crm.press_action(action)
            assert crm.said(), action
            assert isinstance(crm.screen, BoardScreen)


@BOTH
async def test_the_cursor_goes_everywhere_and_stays_in_sight(demo: Session, size: tuple[int, int]) -> None:
    async with board(demo, size, "wholesale") as (crm, screen):
        seen = set()
        for _column in range(7):
            await crm.press_action("move.first", "move.last")
            seen.add((screen.view.column, screen.view.current))
            current = screen.current
            if current is not None:
                assert str(current.get("title"))[:8] in crm.screen_text()
            await crm.press_action("move.right")
        assert len({column for column, _ref in seen}) == 6
        await crm.press_action("move.page_up", "move.page_down", "move.up", "move.down", "move.left")


async def test_every_action_of_the_table_does_something_or_says_why_not(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, _screen):
        assert crm.actions_without_method() == []


# -- adding ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_quick_add_in_a_column(seeded: Session, size: tuple[int, int]) -> None:
    async with board(seeded, size) as (crm, screen):
        await crm.press_action("move.right", "new")
        assert crm.dialog is not None
        await crm.type("Quick one")
        await crm.press_action("form.next")
        await crm.type("1.5k")
        assert "1,500.00" in crm.screen_text()
        await crm.press_action("form.save")
        assert crm.dialog is None
        made = screen.current
        assert made is not None
        assert (made.get("title"), made.get("amount")) == ("Quick one", {"amount": "1500.00", "currency": "EUR"})
        assert made.get("stage") == screen.board.columns[1].key
        await crm.press_action("undo")
        assert "Quick one" in crm.said()
        await crm.press_action("move.left")
        assert "Quick one" not in crm.screen_text()


async def test_what_is_wrong_in_the_form_is_said_and_kept(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        before = screen.board.head.count
        await crm.press_action("new")
        await crm.type("X")
        await crm.press_action("form.next")
        await crm.type("lots")
        await crm.press_action("form.save")
        assert crm.dialog is not None
        assert "an amount is expected" in crm.screen_text()
        await crm.press_action("cancel")
        assert crm.dialog is None
        assert screen.board.head.count == before


# -- moving ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_to_the_next_stage_and_back_with_the_cursor(seeded: Session, size: tuple[int, int]) -> None:
    async with board(seeded, size) as (crm, screen):
        first = screen.current
        assert first is not None
        begin = stage(seeded, first.ref)
        await crm.press_action("stage.next")
        assert stage(seeded, first.ref) == screen.board.columns[1].key
        assert (screen.view.column, screen.view.current) == (1, first.id)
        await crm.press_action("stage.previous")
        assert stage(seeded, first.ref) == begin
        await crm.press_action("stage.previous")
        assert "first stage" in crm.said()
        await crm.press_action("undo", "undo")
        assert stage(seeded, first.ref) == begin


async def test_move_to_any_stage_of_any_pipeline(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, screen):
        current = screen.current
        assert current is not None
        await crm.press_action("stage.move")
        await crm.type("negotiation")
        await crm.press_action("list.choose")
        if crm.dialog is not None:
            await crm.press_action("cancel")
        assert stage(demo, current.ref) in ("negotiation", current.get("stage"))


def require(session: Session, field: str, stage_key: str) -> None:
    with session.change("require") as change:
        change.put("field", {"type": "deal", "key": field, "required_at": {"general": [stage_key]}})


@BOTH
async def test_what_a_stage_requires_is_asked_for_and_the_move_then_finishes(
    seeded: Session, size: tuple[int, int]
) -> None:
    require(seeded, "amount", "preparation")
    async with board(seeded, size) as (crm, screen):
        screen.reload(follow=D3.id)
        await crm.press_action("stage.next")
        assert crm.dialog is not None
        assert "Amount" in crm.screen_text()
        await crm.press_action("cancel")
        assert crm.said() == "Nothing was changed."
        assert stage(seeded, D3) == "new"
        await crm.press_action("stage.next", "form.save")
        assert "is required" in crm.screen_text()
        await crm.type("250")
        await crm.press_action("form.save")
        assert crm.dialog is None
        deal = seeded.get(D3)
        assert (deal.get("stage"), deal.get("amount")) == ("preparation", {"amount": "250.00", "currency": "EUR"})
        await crm.press_action("undo")
        deal = seeded.get(D3)
        assert (deal.get("stage"), deal.get("amount")) == ("new", None)


async def test_what_another_filled_while_it_was_asked_for_is_not_replaced_unseen(
    seeded: Session, open_as: OpenAs
) -> None:
    require(seeded, "amount", "preparation")
    other = open_as("anna")
    async with board(seeded) as (crm, screen):
        screen.reload(follow=D3.id)
        await crm.press_action("stage.next")
        await crm.type("250")
        items.edit(other, D3, {"amount": {"amount": "900", "currency": "EUR"}})
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("form.save")
        shown = " ".join(crm.screen_text().split())
        assert "now € 900.00 (Anna Bianchi" in shown
        assert stage(seeded, D3) == "new"
        await crm.press_action("form.save")
        assert crm.dialog is None
        assert (stage(seeded, D3), seeded.get(D3).get("amount")["amount"]) == ("preparation", "250.00")


async def test_several_marked_move_together_and_who_cannot_is_named(seeded: Session) -> None:
    require(seeded, "amount", "preparation")
    async with board(seeded) as (crm, screen):
        await crm.press_action("mark_all")
        assert "3 marked" in crm.said()
        await crm.press_action("stage.next")
        assert "2 moved" in crm.said()
        assert "D-3" in crm.said()
        assert "Amount" in crm.said()
        assert [stage(seeded, ref) for ref in (D1, D2, D3)] == ["preparation", "preparation", "new"]
        assert screen.view.marked == {D3.id}
        await crm.press_action("undo")
        assert [stage(seeded, ref) for ref in (D1, D2, D3)] == ["new"] * 3


@BOTH
async def test_marked_ones_of_several_stages_move_as_one_step(seeded: Session, size: tuple[int, int]) -> None:
    stages.move(seeded, D1, "preparation")
    async with board(seeded, size) as (crm, screen):
        await crm.press_action("mark_all", "stage.next")
        assert crm.said() == "3 moved"
        assert [stage(seeded, ref) for ref in (D1, D2, D3)] == ["prepayment", "preparation", "preparation"]
        assert not screen.view.marked
        await crm.press_action("undo")
        assert [stage(seeded, ref) for ref in (D1, D2, D3)] == ["preparation", "new", "new"]


@BOTH
async def test_however_many_cannot_move_each_is_named(seeded: Session, size: tuple[int, int]) -> None:
    require(seeded, "amount", "preparation")
    with seeded.change("more") as change:
        for number in range(30):
            change.add("deal", {"title": f"Number {number}", "pipeline": "general", "stage": "new"})
    async with board(seeded, size) as (crm, screen):
        await crm.press_action("mark_all", "stage.next")
        assert "2 moved · 31 not moved" in crm.screen_text()
        seen = crm.screen_text()
        for _page in range(4):
            await crm.press_action("move.page_down")
            seen += crm.screen_text()
        assert all(f"Number {number}: requires Amount" in seen for number in range(30))
        await crm.press_action("close")
        assert crm.said() == "2 moved"
        assert len(screen.view.marked) == 31


async def test_marked_ones_are_deleted_and_come_back(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("mark", "mark", "delete")
        assert screen.board.head.count == 1
        assert "2 deleted" in crm.said()
        await crm.press_action("undo")
        assert screen.board.head.count == 3
        await crm.press_action("redo")
        assert screen.board.head.count == 1


# -- folding, pipelines, filters ---------------------------------------------------------------------------------------
@BOTH
async def test_a_folded_column_still_takes_cards(seeded: Session, size: tuple[int, int]) -> None:
    async with board(seeded, size) as (crm, screen):
        before = crm.screen_text()
        await crm.press_action("move.right", "board.fold")
        assert crm.screen_text() != before
        await crm.press_action("move.left", "stage.next")
        assert screen.view.column == 1
        await crm.press_action("board.fold")


async def test_another_pipeline(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, screen):
        before = screen.board.pipeline_key
        await crm.press_action("board.pipeline")
        await crm.type("retail")
        await crm.press_action("list.choose")
        assert screen.board.pipeline_key != before
        assert "Retail" in crm.screen_lines()[0]


@BOTH
async def test_counts_and_sums_follow_the_filter(seeded: Session, size: tuple[int, int]) -> None:
    async with board(seeded, size) as (crm, screen):
        assert "50,500" in crm.screen_text() or "50.5k" in crm.screen_text()
        await crm.press_action("filter")
        await crm.type("amount > 20000")
        await crm.press_action("filter.apply")
        assert crm.screen.focused is screen.view
        assert screen.board.head.count == 1
        assert "38,000" in crm.screen_text()
        assert "12,500" not in crm.screen_text()
        await crm.press_action("back")
        assert screen.board.head.count == 3


async def test_a_mistake_in_a_filter_names_its_place(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("filter")
        await crm.type("amount >> 3")
        await crm.press_action("filter.apply")
        assert screen.board.where is None
        assert "expected" in crm.screen_text()
        await crm.press_action("cancel")
        assert screen.board.head.count == 3


async def test_nothing_matches_is_said(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("filter")
        await crm.type("zzzz")
        await crm.press_action("filter.apply")
        assert screen.board.head.count == 0
        assert "Nothing matches" in crm.said()
        await crm.press_action("move.right")
        assert "nothing matches" in crm.screen_text()
        assert "esc shows all" in crm.screen_text(), "said for as long as it is so"


# -- going elsewhere ---------------------------------------------------------------------------------------------------
async def test_a_card_is_opened_and_left_where_one_was(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, screen):
        await crm.press_action("move.right", "move.down")
        here = screen.view.current
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)
        await crm.press_action("card.next", "back")
        assert isinstance(crm.screen, BoardScreen)
        assert screen.view.current != here
        await crm.press_action("open", "back")
        assert isinstance(crm.screen, BoardScreen)


async def test_the_menu_of_places_begins_where_one_is(seeded: Session) -> None:
    async with board(seeded) as (crm, _screen):
        await crm.press_action("goto", "list.down", "list.choose")
        assert isinstance(crm.screen, ListScreen)
        assert crm.screen.type == "contact"
        await crm.press_action("goto", "list.up", "list.choose")
        assert isinstance(crm.screen, BoardScreen)
        await crm.press_action("goto", "list.choose")
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.type == "deal"


async def test_duplicates_begin_with_the_type_one_looked_at(seeded: Session) -> None:
    for type_key, begins in (("lead", "lead"), ("deal", "company")):
        async with running(seeded, partial(BoardScreen, type_key=type_key)) as crm:
            await crm.press_action("goto")
            await crm.type("u")
            assert isinstance(crm.screen, DupesScreen)
            assert crm.screen.looking.type == begins


async def test_go_to_lists_and_back(seeded: Session) -> None:
    async with board(seeded) as (crm, _screen):
        await crm.press_action("goto")
        assert "Contacts" in crm.screen_text()
        await crm.press("c")
        assert isinstance(crm.screen, ListScreen)
        assert "Maria" in crm.screen_text()
        await crm.press_action("back")
        assert isinstance(crm.screen, BoardScreen)


async def test_commands_by_name(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("commands")
        await crm.type("next stage")
        await crm.press_action("list.choose")
        assert screen.view.column == 1


async def test_an_activity_is_planned_and_shows(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        current = screen.current
        assert current is not None
        await crm.press_action("activity.new")
        await crm.type("Call them")
        await crm.press_action("form.save")
        assert crm.dialog is None
        entries = timeline.view(seeded, current.ref).entries
        assert [entry.title for entry in entries if entry.group == "planned"] == ["Call them"]
        await crm.press_action("undo")
        assert "planned" not in [entry.group for entry in timeline.view(seeded, current.ref).entries]


# -- others at work ----------------------------------------------------------------------------------------------------
@BOTH
async def test_what_others_do_shows_without_a_key_and_without_a_jump(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    other = open_as("anna")
    async with board(seeded, size) as (crm, screen):
        await crm.press_action("move.down")
        here = screen.view.current
        items.add(other, "deal", {"title": "Their new deal", "stage": "new"})
        stages.move(other, D3, "executing")
        seeded.store.refresh()
        await crm.settle()
        assert "Their new deal" in crm.screen_text()
        assert screen.board.place(D3.id) == (3, 0)
        assert screen.view.current == here
        items.delete(other, [Ref("deal", here or 0)])
        seeded.store.refresh()
        await crm.settle()
        assert screen.view.current != here
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)


async def test_who_may_only_look_is_told_so(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("roles") as change:
        change.put("role", {"key": "looker", "label": "Looker", "rules": {"*": {"read": "all"}}})
    from tuicrm.services.workspace.people import Details, add_person

    add_person(seeded, Details("Lo Oker", logins=["looker"], roles=["looker"]), key="looker")
    looker = open_as("looker")
    async with board(looker) as (crm, _screen):
        for action in ("stage.next", "delete"):
            await crm.press_action(action)
            assert "may not" in crm.said(), action
        assert stage(seeded, D1) == "new"


# -- anything ----------------------------------------------------------------------------------------------------------
@BOTH
async def test_hostile_titles_are_only_text(seeded: Session, size: tuple[int, int]) -> None:
    with seeded.change("many") as change:
        for text in HOSTILE:
            title = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split()) or "?"
            change.add("deal", {"title": title, "stage": "new", "pipeline": "general"})
    async with board(seeded, size) as (crm, _screen):
        for _page in range(8):
            await crm.press_action("move.page_down")
            for line in crm.screen_lines():
                assert_harmless(line)
        await crm.press_action("open")
        for line in crm.screen_lines():
            assert_harmless(line)


async def test_any_size_can_be_worked_in(demo: Session) -> None:
    async with board(demo, LARGE, "wholesale") as (crm, screen):
        await crm.press_action("move.right", "move.down")
        here = screen.view.current
        for size in ((20, 5), (10, 3), (40, 10), (300, 100), (80, 24)):
            await crm.pilot.resize_terminal(*size)
            await crm.settle()
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("move.down", "move.up")
            assert screen.view.current == here


async def test_only_what_is_seen_is_read(seeded: Session) -> None:
    with seeded.bulk("many") as bulk:
        for start in range(0, 1000, 200):
            with bulk.change() as change:
                for n in range(start, start + 200):
                    change.add("deal", {"title": f"Deal {n}", "stage": "new", "pipeline": "general"})
    async with board(seeded) as (crm, screen):
        assert screen.board.head.count == 1003
        assert len(screen.board._cards._kept) < 60
        await crm.press_action("move.last")
        assert len(screen.board._cards._kept) < 100


async def test_the_mouse_works_too(demo: Session) -> None:
    async with board(demo, LARGE, "wholesale") as (crm, screen):
        await crm.pilot.click("BoardView", offset=(30, 5))
        await crm.settle()
        assert screen.view.column == 1
        await crm.pilot.click("BoardView", offset=(30, 5), times=2)
        await crm.settle()
        assert isinstance(crm.screen, CardScreen)


async def test_the_cards_of_each_column_are_sorted_as_one_chose(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        usual = list(screen.board.ids["new"])
        await crm.press_action("board.order")
        await crm.type("largest")
        await crm.press_action("list.choose")
        assert screen.board.ids["new"] == [2, 1, 3] != usual
    async with board(seeded) as (_crm, screen):
        assert screen.board.ids["new"] == [2, 1, 3], "it is kept"


@BOTH
async def test_day_in_the_stage_is_the_same_on_board_and_card(demo: Session, size: tuple[int, int]) -> None:
    async with board(demo, size, "wholesale") as (crm, screen):
        shown = [screen.board.card(item_id) for ids in screen.board.ids.values() for item_id in ids]
        days = {card.days for card in shown if card is not None and card.days}
        assert len(days) > 1
        await crm.press_action("move.right")
        here = screen.view.current
        assert here is not None
        told = screen.board.card(here)
        assert told is not None
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.card.days.startswith(f"day {told.days} in ")


async def test_empty_columns_give_their_room_to_full_ones(seeded: Session) -> None:
    async with board(seeded, (200, 40), "general") as (crm, screen):
        boxes = {box.column: box.width for box in screen.view._boxes}
        empty = {at for at in boxes if not screen.view.ids(at)}
        assert empty
        assert max(boxes[at] for at in empty) < min(width for at, width in boxes.items() if at not in empty)
        await crm.press_action(*["move.right"] * (len(boxes) - 1))
        assert {box.column: box.width for box in screen.view._boxes} == boxes, (
            "nothing moves while the cursor goes along"
        )
        assert "adds one" in crm.screen_text()
