"""Editing in place: what is understood, what is refused, what is kept, what is thrown away."""

from __future__ import annotations

from functools import partial

import pytest
from textual.geometry import Region

from tests.driver import LARGE, SMALL
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.widgets.conftest import Trial
from tests.widgets.trial import PENDING, TrialScreen
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import Refused
from tuicrm.widgets.editor import Editor
from tuicrm.widgets.editors import LineEditor, TextEditor, editor_for
from tuicrm.widgets.inputs import PlainInput, PlainText
from tuicrm.widgets.question import Question


def check(text: str) -> str:
    if not text.isdigit():
        raise BadValue(f"expected a number, not {text}", text)
    return f"{int(text):,}"


def edited(question: Question, screen: TrialScreen) -> Editor:
    return editor_for(screen.surface, question)


async def test_what_was_understood_shows_while_it_is_typed(trial: Trial) -> None:
    saved: list[str] = []
    async with trial() as (crm, screen):
        screen.begin_edit(
            lambda s: LineEditor(s.surface, Question("amount", "Amount", "number", "3800", check=check)), saved.append
        )
        await crm.settle()
        await crm.press("end")
        await crm.type("0")
        assert "= 38,000" in crm.screen_text()
        assert "enter save" in crm.screen_lines()[-1]
        await crm.press_action("editor.save")
        assert saved == ["38000"]
        assert screen.outcome is True
        assert not crm.app.screen.query(LineEditor)


async def test_what_is_wrong_is_said_and_not_saved(trial: Trial) -> None:
    saved: list[str] = []
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: LineEditor(s.surface, Question("amount", "Amount", check=check)), saved.append)
        await crm.settle()
        await crm.type("x[/]")
        assert "expected a number, not x[/]" in crm.screen_text()
        await crm.press_action("editor.save")
        assert screen.outcome is PENDING
        await crm.press_action("cancel")
        assert screen.outcome is False
        assert saved == []


@pytest.mark.parametrize("y", [3, 20])
async def test_what_is_wrong_is_told_whole_where_it_is_typed(trial: Trial, y: int) -> None:
    words = "an amount is expected, such as 38000, 38k or 38,000.50 EUR"

    def fail(_text: str) -> str:
        raise BadValue(words)

    async with trial() as (crm, screen):
        editor = LineEditor(screen.surface, Question("amount", "Amount", text="5", check=fail))
        screen.begin(lambda s: s.asker.edit(editor, lambda: Region(20, y, 30, 1), lambda _text: None))
        await crm.settle()
        await crm.type("x")
        region = editor.region
        inside = [line[region.x : region.right].strip() for line in crm.screen_lines()[region.y : region.bottom]]
        assert " ".join(inside).replace("! ", "") == f"5x {words}"
        assert screen.asker.room.contains_region(region)


async def test_an_editor_follows_the_screen_as_it_shrinks(trial: Trial) -> None:
    async with trial(LARGE) as (crm, screen):
        editor = LineEditor(screen.surface, Question("title", "Title"))
        screen.begin(lambda s: s.asker.edit(editor, lambda: Region(100, 30, 30, 1), lambda _text: None))
        await crm.settle()
        await crm.pilot.resize_terminal(80, 24)
        await crm.settle()
        assert screen.asker.room.contains_region(editor.region)


async def test_what_saving_refuses_is_said_and_the_text_stays(trial: Trial) -> None:
    tries: list[str] = []

    def save(text: str) -> None:
        tries.append(text)
        if len(tries) == 1:
            raise Refused("Luca changed it meanwhile")

    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: LineEditor(s.surface, Question("title", "Title")), save)
        await crm.settle()
        await crm.type("ERP")
        await crm.press_action("editor.save")
        assert "Luca changed it meanwhile" in crm.screen_text()
        assert screen.outcome is PENDING
        await crm.press_action("editor.save")
        assert tries == ["ERP", "ERP"]
        assert screen.outcome is True


async def test_focus_comes_back_to_the_pane(trial: Trial) -> None:
    async with trial() as (crm, screen):
        before = crm.app.focused
        screen.begin_edit(lambda s: LineEditor(s.surface, Question("title", "Title")), lambda _text: None)
        await crm.settle()
        assert crm.app.focused is not before
        await crm.press("tab", "shift+tab")  # would lead out of the editor
        assert isinstance(crm.app.focused, PlainInput)
        await crm.press_action("cancel")
        assert crm.app.focused is before


async def test_clicking_elsewhere_keeps_what_was_typed(trial: Trial) -> None:
    saved: list[str] = []
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: LineEditor(s.surface, Question("title", "Title")), saved.append)
        await crm.settle()
        await crm.type("ERP")
        await crm.pilot.click(offset=(2, 12))
        await crm.settle()
        assert saved == ["ERP"]
        assert screen.outcome is True


async def test_untouched_text_goes_back_as_it_was(trial: Trial) -> None:
    saved: list[str] = []
    family = "👨\u200d👩\u200d👧 [/]"
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: LineEditor(s.surface, Question("title", "Title", text=family)), saved.append)
        await crm.settle()
        await crm.press_action("editor.save")
        assert saved == [family]


async def test_long_text_has_lines_and_another_key_to_save(trial: Trial) -> None:
    saved: list[str] = []
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: TextEditor(s.surface, Question("comment", "Comment", "text", "a")), saved.append)
        await crm.settle()
        await crm.press("enter")
        await crm.type("b")
        assert "F2 save" in crm.screen_lines()[-1]
        await crm.press_action("text.save")
        assert saved == ["a\nb"]


async def test_a_long_text_is_not_lost_by_one_key(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: TextEditor(s.surface, Question("comment", "Comment", "text")), lambda _text: None)
        await crm.settle()
        await crm.type("b")
        await crm.press_action("cancel")
        assert screen.outcome is PENDING
        assert "discards it" in crm.screen_text()
        await crm.press_action("cancel")
        assert screen.outcome is False


async def test_an_unchanged_long_text_is_left_without_a_question(trial: Trial) -> None:
    async with trial() as (crm, screen):
        question = Question("comment", "Comment", "text", "as it was")
        screen.begin_edit(lambda s: TextEditor(s.surface, question), lambda _text: None)
        await crm.settle()
        await crm.press_action("cancel")
        assert screen.outcome is False


async def test_many_values_are_typed_one_a_line(trial: Trial) -> None:
    async with trial() as (_crm, screen):
        assert isinstance(editor_for(screen.surface, Question("phone", "Phone", "phone", many=True)), TextEditor)
        assert isinstance(editor_for(screen.surface, Question("phone", "Phone", "phone")), LineEditor)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_editor_stays_inside_the_screen(trial: Trial, size: tuple[int, int]) -> None:
    async with trial(size) as (crm, screen):
        question = Question("comment", "Comment", "text", "text")
        editor = TextEditor(screen.surface, question)
        screen.begin(
            lambda s: s.asker.edit(editor, lambda: Region(size[0] - 5, size[1] - 2, 40, 1), lambda _text: None)
        )
        await crm.settle()
        assert screen.asker.room.contains_region(editor.region)


async def test_nothing_blinks(trial: Trial) -> None:
    async with trial() as (crm, screen):
        for kind in ("string", "text"):
            question = Question("title", "Title", kind)
            screen.begin_edit(partial(edited, question), lambda _text: None)
            await crm.settle()
            typed = crm.app.focused
            assert isinstance(typed, PlainInput | PlainText)
            assert typed.cursor_blink is False
            await crm.press_action("cancel")


@pytest.mark.parametrize("kind", ["string", "text"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_hostile_texts_are_only_text(trial: Trial, kind: str, size: tuple[int, int]) -> None:
    async with trial(size) as (crm, screen):
        for text in HOSTILE_FEW:

            def refuse(_typed: str, text: str = text) -> str:
                raise BadValue(text, text)

            question = Question("title", text, kind, text, check=refuse, hint=text)
            screen.begin_edit(partial(edited, question), lambda _text: None)
            await crm.settle()
            await crm.paste(text)
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("cancel")
            if screen.outcome is PENDING:  # a long text that was changed asks for another one
                await crm.press_action("cancel")
            assert screen.outcome is False
        assert crm.app.return_code is None


async def test_a_text_that_was_taken_away_can_be_painted_once_more(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: TextEditor(s.surface, Question("text", "Text", "text", "gone")), lambda _text: None)
        await crm.settle()
        area = screen.query_one(PlainText)
        await crm.press_action("cancel")
        assert not area.is_attached
        assert [strip.text for strip in area.render_lines(Region(0, 0, 5, 2))] == [" " * 5] * 2
