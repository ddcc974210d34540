"""The card as people use it: in and out, walking, stages, tabs, what others do, any size, who may not."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tests.driver import LARGE, SMALL, running
from tests.screens.opening import BOTH, D1, D2, D3, card, go_to
from tests.screens.snapshot import assert_snapshot
from tuicrm.actions import ACTIONS
from tuicrm.domain.items import Ref
from tuicrm.domain.smart import Relation
from tuicrm.scopes import CARD
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, stages, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.editor import Editor
from tuicrm.widgets.form import Form


# -- looking -----------------------------------------------------------------------------------------------------------
@BOTH
async def test_it_looks_like_this(demo: Session, size: tuple[int, int]) -> None:
    async with card(demo, Ref("deal", 5), size) as (crm, _screen):
        assert_snapshot(f"card-{size[0]}", crm.screen_lines())
        await crm.press_action("card.other_pane")
        assert_snapshot(f"card-timeline-{size[0]}", crm.screen_lines())


@pytest.mark.parametrize("type_key", ["lead", "deal", "contact", "company"])
async def test_every_type_has_a_card(demo: Session, type_key: str) -> None:
    found = demo.ids(type_key)
    async with card(demo, Ref(type_key, found[0]), LARGE) as (crm, screen):
        assert screen.card.title in crm.screen_lines()[0]
        assert "TIMELINE" in crm.screen_text()
        assert crm.screen_lines()[-1].strip().startswith("enter edit")
        bar = "".join(crm.screen_lines()[1:4])
        assert ("day " in bar) == (type_key in ("lead", "deal"))


async def test_ascii_has_no_other_signs(demo: Session) -> None:
    async with card(demo, Ref("deal", 5), SMALL, ascii_only=True) as (crm, screen):
        own = screen.card.title + "".join(f.value for s in screen.card.sections for f in s.fields)
        await crm.press_action("card.customise")
        signs = {c for line in crm.screen_lines() for c in line if ord(c) > 126 and c not in own}
        assert signs == set()


# -- in, out, on -------------------------------------------------------------------------------------------------------
@BOTH
async def test_from_the_board_and_on_through_its_items(seeded: Session, size: tuple[int, int]) -> None:
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal"), size) as crm:
        board = crm.screen
        await crm.press_action("open")
        screen = crm.screen
        assert isinstance(screen, CardScreen)
        assert "1/3" in crm.screen_lines()[0]
        await crm.press_action("card.previous")
        assert crm.said() == "This is the first item."
        seen = {screen.ref}
        for place in ("2/3", "3/3"):
            await crm.press_action("card.next")
            assert place in crm.screen_lines()[0]
            seen.add(screen.ref)
        assert seen == {D1, D2, D3}
        await crm.press_action("card.next")
        assert crm.said() == "This is the last item."
        last = screen.ref
        await crm.press_action("card.other_pane", "card.previous", "card.next", "back")
        assert crm.screen is board
        assert isinstance(board, BoardScreen)
        assert board.view.current == last.id


@BOTH
async def test_fields_and_timeline(seeded: Session, size: tuple[int, int]) -> None:
    timeline.comment(seeded, D1, "hello there")
    async with card(seeded, D1, size) as (crm, screen):
        assert screen.fields.has_focus
        assert crm.screen_text().count("hello there") == (2 if size == LARGE else 1), "as the last contact too"
        await crm.press_action("card.other_pane")
        assert screen.timeline.has_focus
        assert "hello there" in crm.screen_text()
        assert ("Amount" in crm.screen_text()) == (size == LARGE)
        assert ("tab: fields" in crm.screen_text()) == (size == SMALL)
        assert "enter read" in crm.screen_lines()[-1]
        await crm.press_action("card.other_pane")
        assert "enter edit" in crm.screen_lines()[-1]
        await crm.press_action("card.right", "card.right")
        assert screen.timeline.has_focus
        await crm.press_action("card.left", "card.left")
        assert screen.fields.has_focus
        assert screen.fields.has_focus
        assert ("tab: timeline 2" in crm.screen_text()) == (size == SMALL)


# -- stages ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_the_stage_bar_moves(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, _screen):
        await crm.press_action("stage.previous")
        assert crm.said() == "This is the first stage."
        await crm.press_action("stage.next")
        assert seeded.get(D1).get("stage") == "preparation"
        assert "day 1 in Document preparation" in crm.screen_text()
        await crm.press_action("undo")
        assert seeded.get(D1).get("stage") == "new"
        await crm.press_action("stage.move")
        await crm.type("deal won")
        await crm.press_action("list.choose")
        assert seeded.get(D1).get("stage") == "won"
        await crm.press_action("stage.move", "cancel")
        assert seeded.get(D1).get("stage") == "won"
        seq = seeded.store.seq()
        await crm.press_action("stage.move", "list.choose")
        assert crm.said() == "It is already in Deal won."
        assert seeded.store.seq() == seq


def require(session: Session, stage_key: str) -> str:
    """A field of one's own that must be filled in a stage; returns its key."""
    key = add_field(session, "deal", "Order number").key
    with session.change("require") as change:
        change.put("field", {"type": "deal", "key": key, "required_at": {"general": [stage_key]}})
    return key


@BOTH
async def test_what_a_stage_requires_is_asked_for(seeded: Session, size: tuple[int, int]) -> None:
    key = require(seeded, "preparation")
    async with card(seeded, D1, size) as (crm, _screen):
        await crm.press_action("stage.next")
        assert isinstance(crm.dialog, Form)
        assert "Order number" in crm.screen_text()
        await crm.press_action("form.save")
        assert "is required" in crm.screen_text()
        await crm.press_action("cancel")
        assert seeded.get(D1).get("stage") == "new"
        await crm.press_action("stage.next")
        await crm.type("B-17")
        await crm.press_action("form.save")
        assert (seeded.get(D1).get("stage"), seeded.get(D1).get(key)) == ("preparation", "B-17")
        await crm.press_action("undo")
        assert (seeded.get(D1).get("stage"), seeded.get(D1).get(key)) == ("new", None)


@BOTH
async def test_what_the_stage_requires_is_asked_for_on_a_save(seeded: Session, size: tuple[int, int]) -> None:
    key = require(seeded, "new")
    async with card(seeded, D1, size) as (crm, _screen):
        for finish in (False, True):
            await go_to(crm, "amount")
            await crm.press_action("field.edit")
            await crm.type("7k")
            await crm.press_action("editor.save")
            assert isinstance(crm.dialog, Form)
            if not finish:
                await crm.press_action("cancel")
                assert crm.dialog is None
                assert seeded.get(D1).get("amount")["amount"] == "12500.00"
        await crm.type("B-18")
        await crm.press_action("form.save")
        assert (seeded.get(D1).get("amount")["amount"], seeded.get(D1).get(key)) == ("7000.00", "B-18")


# -- tabs --------------------------------------------------------------------------------------------------------------
@BOTH
async def test_tabs_hold_what_belongs_to_it(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, Ref("company", 1), size) as (crm, screen):
        assert next(tab.key for tab in screen.card.tabs) == "general"
        assert len(screen.card.tabs) > 1
        await crm.press("2")
        shown = screen.tabs.tab
        assert shown != "general"
        assert screen.tabs.left.has_focus
        await crm.press_action("open")
        assert crm.screen is not screen
        await crm.press_action("back")
        assert crm.screen is screen
        assert screen.tabs.tab == shown
        await crm.press("9")
        assert "There is no tab 9" in crm.said()
        await crm.press_action("back")
        assert screen.tabs.tab == "general"
        assert screen.fields.has_focus


@BOTH
async def test_nothing_speaks_of_stages_where_there_are_none(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, Ref("company", 1), size) as (crm, _screen):
        assert "stage" not in crm.screen_lines()[-1]
        await crm.press_action("stage.next")
        assert crm.said() == "This type has no stages."
    async with card(seeded, D1, size) as (crm, _screen):
        assert "< > stage" in crm.screen_lines()[-1]


@BOTH
async def test_tabs_are_found_by_name_too(seeded: Session, size: tuple[int, int]) -> None:
    for letter in "ABCDEFGH":
        said = TypeChanges(f"Visit {letter}", f"Visits {letter}", f"VI{letter}", "▷", (), [Relation("deal")])
        item_types.add(seeded, said, key=f"visit_{letter.lower()}")
    async with card(seeded, D1, size) as (crm, screen):
        keys = [tab.key for tab in screen.card.tabs]
        assert len(keys) > 9
        await crm.press_action("commands")
        await crm.type("tab visits h")
        await crm.press_action("list.choose")
        assert "visit_h" in screen.tabs.tab
        assert screen.tabs.left.has_focus


@BOTH
async def test_a_click_on_a_tab_or_a_stage(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, Ref("company", 1), size) as (crm, screen):
        line = next(text for text in crm.screen_lines() if "General" in text)
        y, x = crm.screen_lines().index(line), line.index("Contacts")
        await crm.pilot.click(offset=(x, y))
        await crm.settle()
        assert screen.tabs.tab != "general"
    async with card(seeded, D1, size) as (crm, _screen):
        line = next(text for text in crm.screen_lines() if "Document prep" in text)
        await crm.pilot.click(offset=(line.index("Document prep"), crm.screen_lines().index(line)))
        await crm.settle()
        assert seeded.get(D1).get("stage") == "new"  # asked, as the key asks
        await crm.press("enter")
        assert seeded.get(D1).get("stage") == "preparation"


# -- all that the table promises ---------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize("scope", [*CARD, "customise"])
async def test_every_action_of_the_table_does_something_or_says_why_not(seeded: Session, scope: str) -> None:
    timeline.comment(seeded, D1, "hello")
    still = ("quit", "card.tab")  # leaves the app; the tab that is open
    for action in (
        each for each in ACTIONS if scope in each.scopes and each.id not in still and each.id[:5] != "move."
    ):
        async with card(seeded, D1) as (crm, screen):
            if scope == "timeline":
                await crm.press_action("card.other_pane")
            elif scope == "customise":
                await crm.press_action("card.customise")
                screen.messages.hush()
            assert crm.actions_without_method() == []
            before = (crm.screen_text(), seeded.store.seq())
            await crm.press_action(action.id)
            left = crm.app.screen is not screen
            assert left or (crm.screen_text(), seeded.store.seq()) != before, action.id
        if seeded.store.seq() != before[1]:
            (redo if action.id == "undo" else undo)(seeded)


# -- others ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_what_others_do_shows_by_itself(seeded: Session, open_as: OpenAs, size: tuple[int, int]) -> None:
    other = open_as("anna")
    async with card(seeded, D1, size) as (crm, screen):
        await go_to(crm, "company")
        items.edit(other, D1, {"title": "Another name", "amount": {"amount": "5.00", "currency": "EUR"}})
        stages.move(other, D1, "executing")
        timeline.comment(other, D1, "their comment")
        seeded.store.refresh()
        await crm.settle()
        assert "Another name" in crm.screen_lines()[0]
        assert "day 1 in In progress" in crm.screen_text()
        assert "€ 5.00" in crm.screen_text()
        assert screen.fields.field_key == "company"
        assert crm.screen_text().count("their comment") == (2 if size == LARGE else 1), "as the last contact too"


async def test_an_item_deleted_elsewhere_stays_readable_and_comes_back(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with card(seeded, D1) as (crm, screen):
        items.delete(other, [D1])
        seeded.store.refresh()
        await crm.settle()
        assert crm.said()
        assert "Website redesign" in crm.screen_text()
        for action in ("field.edit", "stage.next", "comment", "delete", "card.customise"):
            await crm.press_action(action)
            assert crm.said(), action
            assert crm.dialog is None
        undo(other)
        seeded.store.refresh()
        await crm.settle()
        await crm.press_action("stage.next")
        assert seeded.get(D1).get("stage") == "preparation"
        assert screen.shown.gone == ""


@pytest.mark.parametrize("opens", ["comment", "field.edit", "activity.new", "stage.move"])
async def test_what_is_open_when_the_item_is_deleted_elsewhere_can_be_left(
    seeded: Session, open_as: OpenAs, opens: str
) -> None:
    other = open_as("anna")
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action(opens)
        items.delete(other, [D1])
        seeded.store.refresh()
        await crm.settle()
        await crm.type("new" if opens == "stage.move" else "x")
        await crm.press({"comment": "ctrl+s", "activity.new": "F2"}.get(opens, "enter"))
        assert "was deleted by" in crm.said() + crm.screen_text()
        for _twice in range(2):
            if crm.dialog is not None or screen.query("Editor"):
                await crm.press_action("cancel")
        assert crm.dialog is None
        assert not screen.query("Editor")
        await crm.press_action("undo")  # nothing of one's own to undo, or said why not
        undo(other)
        seeded.store.refresh()
        await crm.settle()
        assert screen.shown.gone == ""


@pytest.mark.parametrize("begin", ["field.edit", "comment", "activity.new", "stage.move"])
async def test_what_is_open_on_an_item_deleted_elsewhere_can_be_left(
    seeded: Session, open_as: OpenAs, begin: str
) -> None:
    other = open_as("anna")
    async with card(seeded, D1) as (crm, screen):
        await crm.press_action(begin)
        await crm.type("half typed")
        items.delete(other, [D1])
        seeded.store.refresh()
        await crm.settle()
        assert "deleted" in crm.screen_text()
        save = {"comment": "text.save", "field.edit": "editor.save"}.get(begin)
        if save is not None:
            await crm.press_action(save)
            editor = screen.query_one(Editor)
            assert "deleted" in " ".join(crm.screen_text().split())
            assert "half typed" in editor.value, "what was typed is still there to be copied"
        await crm.press("esc", "esc", "esc")
        assert crm.dialog is None
        assert not screen.query(Editor)


@BOTH
async def test_delete_and_undo(seeded: Session, size: tuple[int, int]) -> None:
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal"), size) as crm:
        await crm.press_action("open")
        screen = crm.screen
        assert isinstance(screen, CardScreen)
        await crm.press_action("delete")
        assert seeded.peek(screen.ref) is None
        assert isinstance(crm.screen, BoardScreen)
        assert "was deleted" in crm.said()
        await crm.press_action("undo")
        assert seeded.peek(screen.ref) is not None


async def test_who_may_only_look_is_told_so(seeded: Session, open_as: OpenAs) -> None:
    from tuicrm.services.workspace.people import Details, add_person

    with seeded.change("roles") as change:
        change.put("role", {"key": "looker", "label": "Looker", "rules": {"*": {"read": "all"}}})
    add_person(seeded, Details("Lo Oker", logins=["looker"], roles=["looker"]), key="looker")
    entry = timeline.comment(seeded, D1, "Anna's")
    looker = open_as("looker")
    before = seeded.get(D1)
    async with card(looker, D1) as (crm, screen):
        await go_to(crm, "amount")
        for action in ("field.edit", "stage.next", "delete", "card.customise"):
            await crm.press_action(action)
            assert "may not" in crm.said(), action
        await crm.press_action("card.other_pane")
        for action in ("timeline.edit", "timeline.delete", "timeline.pin"):
            await crm.press_action(action)
            if screen.query("Editor"):
                await crm.type("x")
                await crm.press_action("text.save")
                await crm.settle()
            assert "right" in crm.screen_text() or "may not" in crm.screen_text(), action
            if screen.query("Editor"):
                await crm.press_action("cancel", "cancel")
        await crm.press_action("comment")
        await crm.type("a comment is no change")
        await crm.press_action("text.save")
        assert "a comment is no change" in crm.screen_text()
    seeded.store.refresh()
    assert seeded.get(D1) == before
    assert seeded.record("entry", entry).doc["text"] == "Anna's"


# -- any size ----------------------------------------------------------------------------------------------------------
async def test_any_size_can_be_worked_in(demo: Session) -> None:
    async with card(demo, Ref("deal", 5), LARGE) as (crm, screen):
        await go_to(crm, "comment")
        for size in ((80, 24), (40, 10), (20, 5), (10, 3), (100, 30), (20, 5), (140, 40)):
            await crm.pilot.resize_terminal(*size)
            await crm.settle()
            assert {len(line) for line in crm.screen_lines()} == {size[0]}
            assert screen.fields.field_key == "comment"
            for keys in (("move.up", "move.down"), ("card.other_pane", "move.down", "card.other_pane")):
                await crm.press_action(*keys)
        assert "PLANNED" in crm.screen_text()


async def test_an_editor_and_a_picker_live_through_a_resize(seeded: Session) -> None:
    async with card(seeded, D1, LARGE) as (crm, _screen):
        await go_to(crm, "amount")
        await crm.press_action("field.edit")
        await crm.type("38")
        await crm.pilot.resize_terminal(20, 5)
        await crm.settle()
        await crm.type("k")
        await crm.pilot.resize_terminal(140, 40)
        await crm.settle()
        assert "38k" in crm.screen_text()
        await crm.press_action("editor.save")
        assert seeded.get(D1).get("amount")["amount"] == "38000.00"
