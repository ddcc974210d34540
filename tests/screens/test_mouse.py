"""What the mouse takes from one place to another: cards, fields, sections, edges of columns. What keys ask is asked, and nothing is
done before the button is let go."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from textual.events import MouseMove, MouseUp

from tests.conftest import OpenAs
from tests.doors import require_field
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.screens.opening import BOTH, D3, add_shown, board
from tests.screens.opening import card as card_of
from tests.terminal import Terminal
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused
from tuicrm.render.fields import FieldTarget
from tuicrm.screens.boards.agenda import AgendaScreen
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.settings.fields import FieldsScreen
from tuicrm.services.boards import list_columns
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.items import items, products
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.column_widths import ColumnWidths
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session
from tuicrm.widgets.edged_pane import EdgedPane
from tuicrm.widgets.form import Form
from tuicrm.widgets.item_list import ItemListPane


def card(crm: Crm, screen: BoardScreen, stage: str, row: int = 0) -> tuple[Ref, tuple[int, int]]:
    """A card of a stage and a cell of it."""
    item_id = screen.board.ids[stage][row]
    ref = Ref("deal", item_id)
    title = str(screen.session.get(ref).get("title"))[:12]
    return ref, crm.find(title)


def head(screen: BoardScreen, stage: str) -> tuple[int, int]:
    """A cell in the column of a stage."""
    box = next(box for box in screen.view._boxes if screen.board.columns[box.column].key == stage)
    return box.x + 1, screen.view.region.y + 6


@BOTH
async def test_a_card_goes_where_it_is_let_go_with_a_sign_on_the_way(demo: Session, size: tuple[int, int]) -> None:
    async with board(demo, size, "wholesale") as (crm, screen):
        first, second = (column.key for column in screen.board.columns[:2])
        ref, cell = card(crm, screen, first)
        seq, target = demo.store.seq(), head(screen, second)
        await crm.carry(cell, (cell[0] + 1, cell[1]))
        assert not crm.said()
        await crm.carry(cell, target)
        rules = crm.screen_lines()[screen.view.region.y]
        assert rules[target[0]] == "↓"
        assert rules[cell[0]] != "↓"
        assert screen.board.columns[1].label in crm.said()
        assert screen.current is not None
        assert screen.current.ref == ref
        assert demo.store.seq() == seq
        await crm.mouse(MouseUp, *target)
        assert demo.get(ref).get("stage") == second
        assert screen.current.ref == ref
        assert "↓↓" not in crm.screen_text()
        await crm.press_action("undo")
        assert demo.get(ref).get("stage") == first


async def test_esc_and_a_place_outside_and_its_own_column_leave_it(demo: Session) -> None:
    async with board(demo, LARGE, "wholesale") as (crm, screen):
        first, second = (column.key for column in screen.board.columns[:2])
        ref, cell = card(crm, screen, first)
        seq, target = demo.store.seq(), head(screen, second)
        await crm.carry(cell, target)
        await crm.press("esc")
        assert isinstance(crm.screen, BoardScreen)
        assert "↓↓" not in crm.screen_text()
        await crm.mouse(MouseUp, *target)
        for end in ((target[0], 0), (target[0], LARGE[1] - 1), (cell[0], cell[1] + 9)):
            await crm.carry(cell, target)
            await crm.drag(cell, end)
            assert "↓↓" not in crm.screen_text()
        assert demo.get(ref).get("stage") == first
        assert demo.store.seq() == seq
        assert screen.app.mouse_captured is None


async def test_what_the_stage_needs_is_asked_and_esc_leaves_the_card(seeded: Session) -> None:
    require_field(seeded, "deal", "amount", always=False, pipeline="general", stages=["preparation"])
    async with board(seeded, LARGE, "general") as (crm, screen):
        cell, target = crm.find("Annual support"), head(screen, "preparation")
        await crm.drag(cell, target)
        assert isinstance(crm.dialog, Form)
        await crm.drag(cell, target)  # behind the dialog
        assert len(crm.app.screen.query(Form)) == 1
        await crm.press("esc")
        assert seeded.get(D3).get("stage") == "new"
        await crm.drag(cell, target)
        await crm.type("1200")
        await crm.press("F2")
        assert seeded.get(D3).get("stage") == "preparation"


async def test_hostile_names_are_only_text_on_the_way(seeded: Session) -> None:
    for text in HOSTILE_FEW:
        try:
            items.edit(seeded, D3, {"title": f"A{text}"})
        except Refused:
            continue  # what no title can be
        async with board(seeded, LARGE, "general") as (crm, screen):
            column, row = screen.board.place(D3.id) or (-1, -1)
            region = screen.view._card_region(column, row)
            assert region is not None
            cell = region.x + 1, region.y + screen.view.region.y
            await crm.carry(cell, head(screen, "preparation"))
            assert "→" in crm.said()
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press("esc")


async def test_who_may_not_change_a_card_is_told_before_anything_is_asked(seeded: Session, open_as: OpenAs) -> None:
    require_field(seeded, "deal", "amount", always=False, pipeline="general", stages=["preparation"])
    luca = open_as("luca")
    async with board(luca, LARGE, "general") as (crm, screen):
        await crm.drag(crm.find("Annual support"), head(screen, "preparation"))
        assert crm.dialog is None
        assert crm.said()
        assert seeded.get(D3).get("stage") == "new"


async def test_marked_cards_go_together_and_one_that_is_not_marked_alone(demo: Session) -> None:
    async with board(demo, LARGE, "wholesale") as (crm, screen):
        first, second = (column.key for column in screen.board.columns[:2])
        a, cell = card(crm, screen, first, 0)
        b, _cell = card(crm, screen, first, 1)
        c, beside = card(crm, screen, first, 2)
        await crm.click(*cell)
        await crm.press_action("mark", "mark")
        assert screen.view.marked == {a.id, b.id}
        await crm.drag(beside, head(screen, second))
        assert [demo.get(ref).get("stage") for ref in (a, b, c)] == [first, first, second]
        await crm.drag(crm.find(str(demo.get(a).get("title"))[:12]), head(screen, second))
        assert {str(demo.get(ref).get("stage")) for ref in (a, b)} == {second}


async def test_a_deadline_is_moved_by_the_mouse_with_what_keys_say(demo: Session) -> None:
    def first(session: Session, surface: object) -> AgendaScreen:
        return AgendaScreen(session, surface, ViewSpec("deal"), "deadlines")  # type: ignore[arg-type]

    async with running(demo, first, LARGE) as crm:
        screen = crm.screen
        assert isinstance(screen, AgendaScreen)
        columns = screen.board.columns
        source = next(column.key for column in columns if screen.board.ids[column.key])
        ref = Ref("deal", screen.board.ids[source][0])
        shut = [column.key for column in columns if screen.board.why_not_drop(column.key)]  # type: ignore[arg-type]
        open_to = [column.key for column in columns if column.key not in (*shut, source)]
        boxes = {columns[box.column].key: box.x + 1 for box in screen.view._boxes}
        cell = crm.find(str(demo.get(ref).get("title"))[:12])
        seq = demo.store.seq()
        for key in shut:
            await crm.drag(cell, (boxes[key], 8))
            assert crm.said()
            assert demo.store.seq() == seq
        await crm.drag(cell, (boxes[open_to[0]], 8))
        assert ref.id in screen.board.ids[open_to[0]]


# -- customise mode ----------------------------------------------------------------------------------------------------
def sections(screen: CardScreen) -> dict[str, list[str]]:
    return {section.key: [field.key for field in section.fields] for section in screen.card.sections}


def cell_of(screen: CardScreen, section: int, field: int = -1) -> tuple[int, int]:
    pane = screen.fields
    row = pane.region_of(FieldTarget(section, field))
    assert row.height, "in sight"
    return pane.region.x + 2, pane.region.y + row.y


@BOTH
async def test_fields_and_sections_are_dragged_in_customise_mode(demo: Session, size: tuple[int, int]) -> None:
    async with card_of(demo, Ref("deal", 1), size) as (crm, screen):
        before = sections(screen)
        seq = demo.store.seq()
        first = crm.find(screen.card.sections[0].fields[0].label)
        await crm.drag(first, (first[0], first[1] + 2))
        assert demo.store.seq() == seq, "only what is customised can be dragged"
        await crm.press_action("card.customise")
        (one, fields), two = next(iter(before.items())), list(before)[1]
        # down within its section, with a sign on the way
        await crm.carry(cell_of(screen, 0, 0), cell_of(screen, 0, 2))
        x, y = cell_of(screen, 0, 2)
        assert crm.screen_lines()[y][screen.fields.region.x] == "↓"
        assert screen.card.sections[0].title in crm.said()
        await crm.press("esc")
        assert screen.shaping.on
        await crm.mouse(MouseUp, x, y)
        assert demo.store.seq() == seq
        await crm.drag(cell_of(screen, 0, 0), cell_of(screen, 0, 2))
        assert sections(screen)[one] == [*fields[1:3], fields[0], *fields[3:]]
        assert screen.fields.field_key == fields[0]
        # up, to its first place: under the heading
        await crm.carry(cell_of(screen, 0, 2), cell_of(screen, 0))
        assert crm.screen_lines()[cell_of(screen, 0)[1]][screen.fields.region.x] == "↓"
        await crm.mouse(MouseUp, *cell_of(screen, 0))
        assert sections(screen)[one] == fields
        # into another section, before what it is let go on when it goes up, behind that when it goes down
        x, y = cell_of(screen, 1)
        await crm.drag(cell_of(screen, 0, 0), (x, y - 1))  # the blank line between: the end of the first
        assert sections(screen)[one] == [*fields[1:], fields[0]]
        await crm.press_action("move.first")
        await crm.drag(cell_of(screen, 0, len(fields) - 1), cell_of(screen, 1))
        assert sections(screen)[two] == [fields[0], *before[two]]
        await crm.press_action("undo", "undo")
        assert sections(screen)[one] == fields
        # a section where another one stands, by its heading
        await crm.press_action("move.first")
        await crm.drag(cell_of(screen, 0), cell_of(screen, 1))
        assert list(sections(screen))[:2] == [two, one]
        seq = demo.store.seq()
        await crm.drag(cell_of(screen, 0), (3, 0))
        await crm.drag(cell_of(screen, 0), (3, size[1] - 1))
        assert demo.store.seq() == seq


@BOTH
async def test_after_customise_mode_the_cursor_is_in_sight(demo: Session, size: tuple[int, int]) -> None:
    async with card_of(demo, Ref("deal", 1), size) as (crm, screen):
        for keys in (
            ("move.last",),
            ("move.last", "move.up"),
            ("move.page_down",),
            ("move.page_down", "move.page_down"),
        ):
            await crm.press_action("card.customise", *keys)
            screen.fields.show_from(0)  # the wheel took it out of sight
            await crm.press_action("back")
            assert not screen.shaping.on
            pane = screen.fields
            assert pane.cursor is not None
            assert pane.region_of(pane.cursor).height > 0, keys
            assert pane.region_of(pane.cursor).bottom <= pane.size.height - pane.spare, keys


# -- at an edge --------------------------------------------------------------------------------------------------------
@BOTH
async def test_fields_scroll_on_while_one_rests_at_the_edge_and_only_then(demo: Session, size: tuple[int, int]) -> None:
    for n in range(40):
        add_shown(demo, "deal", f"Extra {n}", "string")
    async with card_of(demo, Ref("deal", 1), size) as (crm, screen):
        await crm.press_action("card.customise", "move.first")
        pane, drag = screen.fields, screen.fields.drag
        pane.show_from(0)
        first, start = next(iter(sections(screen).items()))[1][0], cell_of(screen, 0, 0)
        bottom = (start[0], pane.region.bottom - 1)
        middle = (start[0], pane.region.y + 5)
        await crm.click(*bottom)
        await crm.press_action("move.first")
        pane.show_from(0)
        assert drag.scrolling is None, "nothing is on its way"
        await crm.carry(cell_of(screen, 0, 0), bottom)
        assert drag.scrolling is not None
        top, place = pane.scroll_offset.y, drag.place
        drag.scroll()
        assert pane.scroll_offset.y == top + 1
        assert drag.place != place
        assert drag.place is not None
        assert crm.screen_lines()
        await crm.mouse(MouseMove, *middle)
        assert drag.scrolling is None
        await crm.mouse(MouseMove, bottom[0], size[1] - 1)
        assert drag.scrolling is not None, "beyond the edge too"
        while drag.scrolling is not None:
            drag.scroll()
        await crm.settle()
        end = pane.scroll_offset.y
        assert end > top + 10, "as far as there is more"
        await crm.mouse(MouseMove, *middle)
        await crm.mouse(MouseUp, *middle)
        assert drag.scrolling is None
        to = next(key for key, fields in sections(screen).items() if first in fields)
        assert to == list(sections(screen))[-1], "where it was let go was out of sight"
        await crm.press_action("undo", "move.last")
        place = pane.cursor
        assert place is not None
        here = pane.region.x + 2, pane.region.y + pane.region_of(place).y
        top = pane.scroll_offset.y
        await crm.carry(here, middle, (here[0], pane.region.y))
        drag.scroll()
        assert pane.scroll_offset.y == top - 1
        await crm.press("esc")
        assert drag.scrolling is None


async def test_folded_columns_open_while_a_card_rests_at_the_side(demo: Session) -> None:
    async with board(demo, SMALL) as (crm, screen):
        view, drag = screen.view, screen.view.drag
        columns = [column.key for column in screen.board.columns]
        full = [columns[box.column] for box in view._boxes if not box.folded]
        ref, cell = card(crm, screen, columns[0])
        await crm.carry(cell, (cell[0] + 40, cell[1]))
        assert drag.scrolling is None
        await crm.mouse(MouseMove, 79, cell[1])
        assert drag.scrolling is not None
        drag.scroll()
        await crm.settle()
        opened = [columns[box.column] for box in view._boxes if not box.folded]
        assert opened != full
        assert opened[-1] == columns[columns.index(full[-1]) + 1]
        while drag.scrolling is not None:
            drag.scroll()
        await crm.settle()
        last = next(box for box in view._boxes if columns[box.column] == columns[-1])
        assert not last.folded
        await crm.mouse(MouseMove, 2, cell[1])
        assert drag.scrolling is None
        await crm.mouse(MouseMove, 0, cell[1])
        drag.scroll()
        await crm.press("esc")
        assert drag.scrolling is None
        assert [columns[box.column] for box in view._boxes if not box.folded] == full, "as it was"
        assert screen.current is not None
        assert screen.current.ref == ref


# -- columns -----------------------------------------------------------------------------------------------------------
def width_of(session: Session, type_key: str, key: str) -> int:
    return next(one.cells for one in list_columns.arrangement(session, type_key).columns if one.key == key)


@BOTH
async def test_a_column_is_as_wide_as_its_edge_is_dragged(demo: Session, size: tuple[int, int]) -> None:
    async with running(demo, lambda s, surface: ListScreen(s, surface, "company"), size) as crm:
        screen = crm.screen
        assert isinstance(screen, ListScreen)
        y = screen.head.region.y
        edge = screen.pane.edges()[0]
        key = screen.pane.items.columns[edge.column].key
        await crm.carry((edge.end, y), (edge.start + 17, y + 3))
        assert not crm.said(), "beside the line of heads nothing would be let go"
        await crm.carry((edge.end, y), (edge.start + 17, y))
        assert crm.said() == "17 cells"
        assert crm.screen_lines()[y][edge.start + 17] == "│"
        await crm.press("esc")
        assert crm.screen_lines()[y][edge.start + 17] != "│"
        await crm.mouse(MouseUp, edge.start + 17, y)
        assert width_of(demo, "company", key) == 0
        await crm.drag((edge.end, y), (edge.start + 17, y))
        assert width_of(demo, "company", key) == 17
        assert screen.pane.edges()[0].end == edge.start + 17
        await crm.drag((edge.start + 17, y), (0, y))
        assert width_of(demo, "company", key) == 4, "never so narrow that it cannot be taken hold of"
        end = screen.pane.edges()[0].end
        await crm.click(end, y)
        await crm.click(end, y)
        assert width_of(demo, "company", key) == 0, "a double click: what it needs"
        assert screen.pane.cursor is not None


async def test_so_is_one_in_a_tab_of_a_card_where_rows_are_no_edges(demo: Session) -> None:
    async with card_of(demo, Ref("company", 1), LARGE) as (crm, screen):
        await crm.click(*crm.find("Deals"))
        pane = next(pane for pane in screen.query(ItemListPane) if pane.region.height)
        edge, y = pane.edges()[0], pane.region.y
        key = pane.items.columns[edge.column].key
        x = pane.region.x
        await crm.drag((x + edge.end, y + 1), (x + edge.start + 15, y + 1))
        assert width_of(demo, "deal", key) == 0
        await crm.drag((x + edge.end, y), (x + edge.start + 15, y))
        assert width_of(demo, "deal", key) == 15
        assert pane.edges()[0].end == edge.start + 15


async def drag_edge(crm: Crm, pane: EdgedPane[Any], nth: int, cells: int) -> str:
    """Drag a column's edge so that the column has so many cells; returns what is said on the way."""
    edge, x, y = pane.edges()[nth], pane.region.x, pane.region.y
    await crm.drag((x + edge.end, y + 2), (x + edge.start + cells, y + 2))  # on a row: no edge
    assert pane.edges()[nth] == edge
    await crm.carry((x + edge.end, y), (x + edge.start + cells, y))
    told = crm.said()
    await crm.mouse(MouseUp, x + edge.start + cells, y)
    return told


@BOTH
async def test_so_are_those_of_products_relations_and_settings_and_they_are_remembered(
    demo: Session, size: tuple[int, int]
) -> None:
    deal = Ref("deal", 1)
    products.apply(demo, deal, products.adding([{"name": "A [/] name", "price": {"amount": "5", "currency": "EUR"}}]))
    for tab, table in (("Products", "products"), ("Relations", "relations")):
        for again in (False, True):
            async with card_of(demo, deal, size) as (crm, screen):
                at = [one.label for one in screen.card.tabs].index(tab) + 1
                await crm.press(str(at))
                pane = next(pane for pane in screen.query(EdgedPane) if pane.region.height)
                nth = 0
                if again:
                    assert pane.edges()[nth].end - pane.edges()[nth].start == 15, "as it was left"
                    end, y = pane.region.x + pane.edges()[nth].end, pane.region.y
                    await crm.click(end, y)
                    await crm.click(end, y)
                    assert not ColumnWidths(demo, table).all(), "a double click: what it needs"
                else:
                    assert await drag_edge(crm, pane, nth, 15) == "15 cells"
                    assert list(ColumnWidths(demo, table).all().values()) == [15]
    async with running(demo, lambda s, surface: FieldsScreen(s, surface, "deal"), size) as crm:
        fields = crm.screen
        assert isinstance(fields, FieldsScreen)
        cursor, columns = fields.pane.cursor, len(fields.pane.edges())
        await drag_edge(crm, fields.pane, 0, 12)
        assert ColumnWidths(demo, "fields").of("name") == 12
        assert (fields.pane.edges()[0].end, fields.pane.cursor) == (fields.pane.edges()[0].start + 12, cursor)
        assert len(fields.pane.edges()) >= columns
        await crm.press_action("undo")
        assert ColumnWidths(demo, "fields").of("name") == 12, "a width is no step of undo"


# -- on a real terminal ------------------------------------------------------------------------------------------------
def test_a_card_is_dragged_on_a_pty_and_a_key_acts_by_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "mouse"
    create_workspace(folder, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    session = open_session(folder)
    ref = items.add(session, "deal", {"title": "Website redesign"}).ref
    stages = [stage.key for stage in session.workspace.pipelines("deal")[0].stages]
    session.close()
    terminal = Terminal([sys.executable, "-m", "tuicrm", "--data", str(folder)])
    try:
        terminal.see("Website redesign")
        assert b"\x1b[=4;2u" in terminal.raw(), "the terminal is asked for the places of keys"
        terminal.see("→", b"\x1b[<0;4;5M\x1b[<32;20;5M\x1b[<32;43;8M")
        terminal.see("is in", b"\x1b[<0;43;8m")
        terminal.see("nothing here|Move to", b"\x1b[1100:1068:109;2;1068u")  # M under ЙЦУКЕН
        terminal.see("leaves tuicrm|stage|open", b"\x1b")
        terminal.send(b"Q")
        assert terminal.wait() == 0
        assert terminal.left_on() == set()
    finally:
        terminal.close()
    session = open_session(folder)
    assert session.get(ref).get("stage") == stages[1]
    session.close()
