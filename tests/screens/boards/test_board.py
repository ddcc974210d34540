"""The board, as people work on it: keys by action id, at both sizes."""

from __future__ import annotations

from tests.conftest import OpenAs
from tests.driver import SMALL
from tests.screens.opening import BOTH, D1, D2, D3, board
from tests.screens.snapshot import assert_snapshot
from tuicrm.domain.items import Ref
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session


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


# -- pipelines, order --------------------------------------------------------------------------------------------------
async def test_another_pipeline(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, screen):
        before = screen.board.pipeline_key
        await crm.press_action("board.pipeline")
        await crm.type("retail")
        await crm.press_action("list.choose")
        assert screen.board.pipeline_key != before
        assert "Retail" in crm.screen_lines()[0]


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
