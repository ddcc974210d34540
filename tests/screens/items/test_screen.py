"""Lists: what has no board, or is wanted as rows."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.snapshot import assert_snapshot
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.columns import OrderList
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.viewing import go_to_view
from tuicrm.services.boards.list_columns import Arrangement, ListColumn, SortKey, keep
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.definitions import pipelines
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Asked
from tuicrm.widgets.arranger import Arranger

BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])


@asynccontextmanager
async def listed(
    session: Session, type_key: str, size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[Crm, ListScreen]]:
    async with running(session, lambda s, surface: ListScreen(s, surface, type_key), size) as crm:
        assert isinstance(crm.screen, ListScreen)
        yield crm, crm.screen


@pytest.mark.parametrize("type_key", ["quote", "invoice"])
async def test_subjects_are_not_cut_for_the_sake_of_numbers(demo: Session, type_key: str) -> None:
    async with listed(demo, type_key) as (crm, _screen):
        shown = "\n".join(crm.screen_lines())
        subjects = [str(item.fields["title"]) for item in demo.find(type_key, None, [], 1000).items]
        assert [subject for subject in subjects if subject[:22] not in shown] == []


def titles(session: Session, type_key: str) -> list[str]:
    return [session.title_of(item) for item in session.find(type_key, None, [], 1000).items]


@BOTH
async def test_it_looks_like_this(demo: Session, size: tuple[int, int]) -> None:
    async with listed(demo, "company", size) as (crm, _screen):
        assert_snapshot(f"companies-{size[0]}", crm.screen_lines())


async def test_every_action_of_the_table_is_there(demo: Session) -> None:
    async with listed(demo, "contact") as (crm, _screen):
        assert set(crm.actions_without_method()) <= {
            "stage.move",
            "card.other_pane",
            "card.tab",
            "card.previous",
            "card.next",
            "card.left",
            "card.right",
            "comment",
        }


async def test_keys_of_the_card_are_not_told_as_the_list_s(seeded: Session) -> None:
    async with listed(seeded, "deal", LARGE) as (crm, _screen):
        await crm.press("c")
        assert crm.said() == "c does nothing here (but in Card: Comment); ? shows all keys."
        await crm.press_action("help")
        here = crm.screen_text()
        assert "Scroll to the columns on the left" in here
        assert "The card's tabs, by number" not in here


async def test_an_empty_list_says_what_to_do(workspace: Session) -> None:
    async with listed(workspace, "contact") as (crm, _screen):
        assert "n adds" in crm.screen_text()
        for action in ("open", "delete", "mark", "activity.new", "copy.value"):
            await crm.press_action(action)
            assert crm.said(), action


@BOTH
async def test_a_new_one_stands_under_the_cursor(seeded: Session, size: tuple[int, int]) -> None:
    async with listed(seeded, "company", size) as (crm, screen):
        await crm.press_action("new")
        await crm.type("Verdi")
        await crm.press_action("form.save")
        assert crm.dialog is None
        assert screen.current is not None
        assert screen.current.get("title") == "Verdi"
        await crm.press_action("undo")
        assert "Verdi" not in titles(seeded, "company")


async def test_open_walk_and_come_back(demo: Session) -> None:
    async with listed(demo, "company") as (crm, screen):
        first = screen.current
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)
        await crm.press_action("card.next", "card.next", "back")
        assert screen.current is not None
        assert screen.current != first


async def test_marked_ones_are_deleted_together(seeded: Session) -> None:
    async with listed(seeded, "company") as (crm, _screen):
        await crm.press_action("mark_all")
        assert "2 marked" in crm.said()
        await crm.press_action("delete")
        assert titles(seeded, "company") == []
        assert "adds" in crm.screen_text()
        await crm.press_action("undo")
        assert len(titles(seeded, "company")) == 2


async def test_a_filter_narrows_and_goes(seeded: Session) -> None:
    async with listed(seeded, "company") as (crm, screen):
        await crm.press_action("filter")
        await crm.type("ferr")
        await crm.press_action("filter.apply")
        assert [screen.current.get("title")] if screen.current else [] == ["Ferrari Legnami"]
        assert "Rossi" not in crm.screen_text()
        await crm.press_action("filter")
        await crm.type("zz")
        await crm.press_action("filter.apply")
        assert "Nothing matches; esc clears the filter." in crm.screen_text()
        await crm.press_action("back")
        assert "Rossi" in crm.screen_text()


async def test_what_others_do_shows_by_itself(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with listed(seeded, "company") as (crm, screen):
        await crm.press_action("move.down")
        here = screen.current
        items.add(other, "company", {"title": "Aardvark"})
        items.edit(other, Ref("company", 1), {"title": "Rossi & Figli"})
        seeded.store.refresh()
        await crm.settle()
        assert "Aardvark" in crm.screen_text()
        assert "Rossi & Figli" in crm.screen_text()
        assert screen.current is not None
        assert here is not None
        assert screen.current.ref == here.ref


async def test_the_cursor_goes_by_pages_and_ends(demo: Session) -> None:
    async with listed(demo, "contact") as (crm, screen):
        await crm.press_action("move.last")
        last = screen.current
        await crm.press_action("move.page_up", "move.first", "move.page_down", "move.last")
        assert screen.current == last
        assert last is not None
        assert demo.title_of(last).split()[-1] in crm.screen_text()


@BOTH
async def test_hostile_names_are_only_text(workspace: Session, size: tuple[int, int]) -> None:
    with workspace.change("many") as change:
        for text in HOSTILE:
            name = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split()) or "?"
            change.add("company", {"title": name, "comment": name})
    async with listed(workspace, "company", size) as (crm, _screen):
        for _page in range(4):
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("move.page_down")
        for small in ((20, 5), (10, 3), (200, 60)):
            await crm.pilot.resize_terminal(*small)
            await crm.settle()
            for line in crm.screen_lines():
                assert_harmless(line)


async def test_columns_are_chosen_put_in_order_and_sized(seeded: Session) -> None:
    async with listed(seeded, "deal", LARGE) as (crm, screen):
        assert crm.screen_lines()[1].split()[:2] == ["Title", "Client"]
        await crm.press_action("list.columns", "customise.down", "columns.wider")
        assert "18 cells" in crm.screen_text()
        await crm.press_action("columns.narrower", "columns.toggle", "arrange.finish")
        assert "Title" not in crm.screen_lines()[1]
        await crm.press_action("list.columns", "columns.reset", "arrange.finish")
        assert crm.screen_lines()[1].split()[:2] == ["Title", "Client"]
        assert screen.pane.items.sized() == [False] * len(screen.pane.items.columns)


async def test_sorting_by_several_shows_in_the_head(seeded: Session) -> None:
    async with listed(seeded, "deal", LARGE) as (crm, screen):
        await crm.press_action("list.order")
        for name in ("Amount", "Title"):
            dialog = crm.dialog
            assert isinstance(dialog, Arranger)
            assert isinstance(dialog.arranged, OrderList)
            key = next(row.key for row in dialog.arranged.load() if row.label == name)
            dialog.pane.move_to(key)
            await crm.press_action("columns.toggle")
        await crm.press_action("columns.toggle", "arrange.finish")
        head = crm.screen_lines()[1]
        assert "Title ▼2" in head
        assert "Amount ▲1" in head
        assert screen.pane.items.ids == [1, 2, 3]


async def test_sums_stand_in_the_foot_and_follow_the_filter(seeded: Session) -> None:
    async with listed(seeded, "deal", LARGE) as (crm, _screen):
        assert "€ 50,500" in crm.screen_lines()[-2]
        await crm.press_action("filter")
        await crm.type("ERP")
        await crm.press_action("filter.apply")
        assert "€ 38,000" in crm.screen_lines()[-2]
    async with listed(seeded, "company", LARGE) as (crm, _screen):
        assert "=" not in crm.screen_lines()[-2]


async def test_columns_that_do_not_fit_are_to_the_right(demo: Session) -> None:
    async with listed(demo, "deal") as (crm, _screen):
        assert "Responsible" not in crm.screen_lines()[1]
        await crm.press_action(*["list.right"] * 9)
        assert "Responsible" in crm.screen_lines()[1]
        assert "no more columns" in crm.said()
        assert "Title" in crm.screen_lines()[1]
        await crm.press_action(*["list.left"] * 9)
        assert "Stage" in crm.screen_lines()[1]


@BOTH
async def test_many_are_changed_at_once_and_undone_at_once(seeded: Session, size: tuple[int, int]) -> None:
    async with listed(seeded, "deal", size) as (crm, _screen):
        await crm.press_action("mark_all", "edit_many")
        await crm.type("Comment")
        await crm.press_action("list.mark", "list.choose")
        assert "Empty values clear the field." in crm.screen_text()
        await crm.type("for all")
        await crm.press_action("form.save")
        assert "3 change" in crm.screen_text()
        assert "Comment: — → for all" in crm.screen_text()
        await crm.press_action("preview.do")
        assert "3 changed" in crm.said()
        assert {one.get("comment") for one in seeded.find("deal").items} == {"for all"}
        await crm.press_action("undo")
        assert {one.get("comment") for one in seeded.find("deal").items} == {None}


async def test_a_preview_that_is_left_changes_nothing(seeded: Session) -> None:
    async with listed(seeded, "deal") as (crm, _screen):
        await crm.press_action("mark_all", "edit_many")
        await crm.type("Stage")
        await crm.press_action("list.mark", "list.choose", "form.choose")
        await crm.type("Won")
        await crm.press_action("list.choose", "form.save")
        seq = seeded.store.seq()
        await crm.press_action("cancel")
        assert "Nothing was changed." in crm.said()
        assert seeded.store.seq() == seq


async def test_what_is_shown_is_written_as_it_is_shown(seeded: Session, tmp_path: Path) -> None:
    keep(seeded, "deal", Arrangement((ListColumn("amount"), ListColumn("title")), (SortKey("amount", True),)))
    path = tmp_path / "deals.csv"
    async with listed(seeded, "deal") as (crm, _screen):
        for times in (1, 2):
            await crm.press_action("list.export")
            await crm.press("ctrl+u")
            await crm.type(str(path))
            await crm.press_action("form.save")
            if times == 2:
                assert "again to replace it" in crm.screen_text() + crm.said()
                await crm.press_action("form.save")
            assert "3 items written" in crm.said()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "ref,amount,title"
    assert [line.split(",")[0] for line in lines[1:]] == ["D-2", "D-1", "D-3"]


async def test_a_board_is_written_as_its_filter_leaves_it(seeded: Session, tmp_path: Path) -> None:
    """With the columns of the list; boards of dates alike."""
    path = tmp_path / "cards.csv"
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal"), LARGE) as crm:
        await crm.press_action("filter")
        await crm.type("amount > 20000")
        await crm.press_action("filter.apply", "list.export")
        await crm.press("ctrl+u")
        await crm.type(str(path))
        await crm.press_action("form.save")
        assert "1 item written" in crm.said()
    head, row = path.read_text(encoding="utf-8").splitlines()
    assert head.startswith("ref,title")
    assert row.startswith("D-2,ERP connector")


@pytest.fixture
def two_pipelines(seeded: Session) -> Session:
    pipelines.add_pipeline(seeded, "deal", "Shop")
    return seeded


async def test_many_go_into_another_pipeline_stage_by_stage(two_pipelines: Session) -> None:
    session = two_pipelines
    target = next(one for one in session.workspace.pipelines("deal") if session.label(one.label) == "Shop")
    stages.move(session, Ref("deal", 2), "won")
    before = {item.id: (item.get("pipeline"), item.get("stage")) for item in session.find("deal").items}
    async with listed(session, "deal", LARGE) as (crm, _screen):
        await crm.press_action("mark_all", "edit_many")
        await crm.type("Pipeline")
        await crm.press_action("list.mark", "list.choose", "form.choose")
        await crm.type("Shop")
        await crm.press_action("list.choose", "form.save")
        assert "Into Shop: which stage becomes which" in crm.screen_text()
        assert "(2)" in crm.screen_text()
        await crm.press_action("form.save")
        assert "Pipeline: General → Shop" in crm.screen_text()
        assert "Stage: Deal won → " in crm.screen_text()
        await crm.press_action("preview.do")
        assert "3 changed" in crm.said()
        places = {item.id: (item.get("pipeline"), item.get("stage")) for item in session.find("deal").items}
        won = next(stage.key for stage in target.stages if stage.semantics == "success")
        assert places == {
            1: (target.key, target.stages[0].key),
            2: (target.key, won),
            3: (target.key, target.stages[0].key),
        }
        await crm.press_action("undo")
    assert {item.id: (item.get("pipeline"), item.get("stage")) for item in session.find("deal").items} == before


async def test_only_the_marked_are_written(seeded: Session, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    async with listed(seeded, "company") as (crm, _screen):
        await crm.press_action("mark", "list.export")
        await crm.press("ctrl+u")
        await crm.type(str(path))
        await crm.press_action("form.next", "form.choose")
        await crm.type("JSON")
        await crm.press_action("list.choose", "form.save")
    assert len(json.loads(path.read_text(encoding="utf-8"))["items"]) == 1


# -- of very many ------------------------------------------------------------------------------------------------------
@pytest.fixture
def slow(demo: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Nothing is answered in a moment, and what is read beside begins once this is set."""
    from tuicrm.store import query

    may, prepare = threading.Event(), Session.prepare

    def waiting(self: Session, type_key: str, asked: Asked, tell: Tell = lambda _done, _of: None) -> None:
        tell(3, 10)
        while not may.wait(0.01):
            tell(3, 10)
        prepare(self, type_key, asked, tell)

    demo.store.files.compact()
    monkeypatch.setattr(query, "MOMENT", 0)
    monkeypatch.setattr(Session, "prepare", waiting)
    yield may
    may.set()


async def test_it_opens_before_it_is_sorted_and_says_so(demo: Session, slow: threading.Event) -> None:
    async with listed(demo, "deal") as (crm, screen):
        newest = sorted(screen.pane.items.ids, reverse=True)
        assert screen.pane.items.ids == newest
        await crm.until(lambda: "sorting: 30 %" in crm.screen_lines()[0])
        await crm.press_action("move.down")
        assert screen.pane.cursor == newest[1]
        slow.set()
        await crm.until(lambda: not screen.pane.items.waits)
        await crm.settle()
        assert "sorting" not in crm.screen_text()
        assert screen.pane.items.ids == ItemList(demo, "deal").ids
        assert screen.pane.cursor == newest[1], "the cursor goes along with its item"


async def test_sorting_can_be_stopped_and_begun_again(demo: Session, slow: threading.Event) -> None:
    async with listed(demo, "deal") as (crm, screen):
        await crm.press_action("back")
        await crm.until(lambda: not screen.completing.readying.goes_on)
        await crm.settle()
        assert crm.screen is screen
        assert "not sorted" in crm.screen_lines()[0]
        assert "Stopped" in crm.said()
        items.add(demo, "deal", {"title": "Another's"})
        screen.catch_up()
        assert not screen.completing.readying.goes_on, "others do not begin it again"
        slow.set()
        await crm.press_action("list.order", "columns.toggle", "back")
        await crm.until(lambda: not screen.pane.items.waits)


async def test_what_others_write_meanwhile_does_not_begin_it_anew(demo: Session, slow: threading.Event) -> None:
    async with listed(demo, "deal") as (crm, screen):
        await crm.until(lambda: screen.completing.readying.goes_on)
        before = screen.completing.readying._stop
        made = items.add(demo, "deal", {"title": "Aaa"}).ref
        screen.catch_up()
        assert screen.completing.readying._stop is before
        assert screen.pane.items.ids[0] == made.id
        slow.set()
        await crm.until(lambda: not screen.pane.items.waits)
        assert screen.pane.items.ids == ItemList(demo, "deal").ids


async def test_leaving_the_list_stops_it(demo: Session, slow: threading.Event) -> None:
    async with listed(demo, "deal") as (crm, screen):
        await crm.until(lambda: screen.completing.readying.goes_on)
        await crm.app.switch_screen(ListScreen(demo, screen.surface, "contact"))
        await crm.until(lambda: not screen.is_attached)
        assert screen.completing.readying._stop.is_set()


async def test_a_filter_is_counted_beside_while_it_is_typed(demo: Session, slow: threading.Event) -> None:
    async with listed(demo, "deal") as (crm, screen):
        await crm.press_action("filter")
        for character in "amount > 1000":
            await crm.pilot.press("space" if character == " " else character)
        await crm.until(lambda: "counting: 30 %" in crm.screen_text())
        slow.set()
        await crm.until(lambda: "= 55 match" in crm.screen_text())
        await crm.press("enter")
        await crm.until(lambda: not screen.pane.items.waits and screen.pane.items.where is not None)
        assert screen.pane.items.ids == ItemList(demo, "deal", screen.pane.items.where).ids


async def test_a_board_that_takes_longer_is_read_before_it_is_shown(demo: Session, slow: threading.Event) -> None:
    async with listed(demo, "deal") as (crm, screen):
        go_to_view(screen, screen.what, "deadlines")
        await crm.until(lambda: "esc" in crm.screen_text() and "3 / 10" in crm.screen_text())
        await crm.pilot.press("escape")
        await crm.until(lambda: crm.dialog is None)
        assert crm.screen is screen, "stopped: one stays where one was"
        go_to_view(screen, screen.what, "deadlines")
        slow.set()
        await crm.until(lambda: crm.screen is not screen)
        assert "Deadlines" in crm.screen_text()
