"""Forms: going through the fields, errors beside them, finishing, leaving."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.driver import LARGE, SMALL
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.widgets.conftest import Trial
from tests.widgets.test_editors import check
from tests.widgets.trial import PENDING
from tuicrm.domain.context import Choice
from tuicrm.domain.kinds import KINDS, traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import FieldProblem, Refused
from tuicrm.widgets.form import Form
from tuicrm.widgets.question import Answer, Question

SOURCES = (Choice("fair", "Trade fair"), Choice("web", "Website"))
QUESTIONS = (
    Question("amount", "Amount", "number", check=check, required=True),
    Question("source", "Source", "list", choices=SOURCES, required=True),
    Question("title", "Title", text="ERP"),
)


async def test_enter_goes_through_the_fields_and_finishes(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "Proposal needs", QUESTIONS))
        await crm.settle()
        assert "Proposal needs" in crm.screen_text()
        await crm.type("38000")
        assert "= 38,000" in crm.screen_text()
        assert "enter next" in crm.screen_lines()[-1]
        await crm.press_action("form.next")  # to the source
        await crm.press_action("form.next")  # which is required: its list opens
        assert "Website" in crm.screen_text()
        await crm.press_action("list.down", "list.choose")
        assert "enter F2 finish" in crm.screen_lines()[-1]
        await crm.press_action("form.next")
        assert screen.outcome == {"amount": "38000", "source": ("web",), "title": "ERP"}


async def test_all_values_begin_behind_the_longest_label(trial: Trial) -> None:
    asked = (Question("open", "Available to everyone", text="yes"), Question("title", "Title", text="ERP"))
    async with trial(SMALL) as (crm, screen):
        screen.open(Form(screen.surface, "New", asked))
        await crm.settle()
        first, second = (next(text for text in crm.screen_lines() if value in text) for value in ("yes", "ERP"))
        assert "Available to everyone  yes" in first
        assert first.index("yes") == second.index("ERP")


async def test_what_is_missing_is_said_beside_the_field(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "Proposal needs", QUESTIONS))
        await crm.settle()
        assert "is required" not in crm.screen_text()
        await crm.press_action("form.save")
        assert crm.screen_text().count("is required") == 2
        assert screen.outcome is PENDING


async def test_what_is_wrong_is_told_whole_beside_the_field(trial: Trial) -> None:
    words = "a day and time is expected, such as 2026-12-18 15:00, +3d 9:30, fri 15:00 or +2h"

    def fail(_text: str) -> str:
        raise BadValue(words)

    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "Plan", (Question("at", "When", check=fail), Question("who", "Who"))))
        await crm.settle()
        await crm.type("x")
        shown = " ".join(" ".join(line.strip(" │") for line in crm.screen_lines()).split())
        assert f"! {words}" in shown
        await crm.press_action("form.previous")
        assert crm.screen_text().index("+2h") < crm.screen_text().index("Who")


async def test_a_wrong_value_holds_the_cursor(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "Proposal needs", QUESTIONS))
        await crm.settle()
        await crm.type("x")
        await crm.press_action("form.next")
        assert "expected a number, not x" in crm.screen_text()
        assert isinstance(crm.dialog, Form)
        assert crm.dialog.here is crm.dialog.fields[0]


async def test_esc_leaves_without_an_answer(trial: Trial) -> None:
    saved: list[Mapping[str, Answer]] = []
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "Proposal needs", QUESTIONS, saved.append))
        await crm.settle()
        await crm.type("38000")
        await crm.press_action("cancel")
        assert screen.outcome is None
        assert saved == []


async def test_what_saving_refuses_stands_beside_its_field(trial: Trial) -> None:
    tries: list[Mapping[str, Answer]] = []

    def save(answers: Mapping[str, Answer]) -> None:
        tries.append(answers)
        if len(tries) == 1:
            raise Refused("Not so", [FieldProblem("title", "is taken already"), FieldProblem("stage", "Stage is full")])

    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "New deal", QUESTIONS[2:], save))
        await crm.settle()
        await crm.press_action("form.next")
        assert "is taken already" in crm.screen_text()
        assert "Stage is full" in crm.said()
        assert screen.outcome is PENDING
        await crm.press_action("form.save")
        assert screen.outcome == {"title": "ERP"}


async def test_typing_in_a_chosen_field_opens_its_list_narrowed(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "New deal", QUESTIONS[1:]))
        await crm.settle()
        await crm.press("w")
        assert "Trade fair" not in crm.screen_text()
        await crm.press_action("list.choose")
        assert "Website" in crm.screen_text()
        await crm.press_action("form.next", "form.next")
        assert screen.outcome == {"source": ("web",), "title": "ERP"}


async def test_where_nothing_else_is_asked_choosing_is_the_answer(trial: Trial) -> None:
    async with trial() as (crm, screen):
        refusals = [Refused("no", [FieldProblem("source", "not that one")])]

        def save(_answers: Mapping[str, Answer]) -> None:
            if refusals:
                raise refusals.pop()

        screen.open(Form(screen.surface, "New deal", QUESTIONS[1:2], save))
        await crm.settle()
        await crm.press("w", "esc")
        assert screen.outcome is PENDING, "left, the list answers nothing"
        await crm.press("w", "enter")
        assert "not that one" in crm.screen_text(), "what is refused stays, and says why"
        await crm.press("t", "enter")
        assert screen.outcome == {"source": ("fair",)}


@pytest.mark.parametrize(
    ("last", "saves"),
    [
        (Question("x", "X", text="ERP"), True),
        (Question("x", "X", "number", "5"), True),
        (Question("x", "X", "date", "2026-12-18"), True),
        (Question("x", "X", "list", chosen=("web",), choices=SOURCES), True),
        (Question("x", "X", "list", choices=SOURCES), True),
        (Question("x", "X", "text", "long"), False),
        (Question("x", "X", "string", "a\nb", many=True), True),
    ],
    ids=["text", "number", "date", "chosen", "not chosen", "several lines", "several values"],
)
async def test_enter_in_the_last_field_saves_but_where_it_begins_a_new_line(
    trial: Trial, last: Question, saves: bool
) -> None:
    async with trial() as (crm, screen):
        told = Question("", "Told", "note", "stays behind")
        screen.open(Form(screen.surface, "New deal", [QUESTIONS[2], last, told]))
        await crm.settle()
        await crm.press("enter", "enter")
        assert (screen.outcome is not PENDING) == saves
        if not saves:
            await crm.press("F2")
            assert screen.outcome is not PENDING


async def test_on_the_smallest_screen_one_sees_what_one_types(trial: Trial) -> None:
    async with trial((20, 5)) as (crm, screen):
        screen.open(Form(screen.surface, "New deal", QUESTIONS))
        await crm.settle()
        await crm.type("380")
        assert any("Amo" in line and "380" in line for line in crm.screen_lines())
        await crm.press_action("form.next")
        await crm.press("w")
        assert any("Website" in line for line in crm.screen_lines())
        await crm.press_action("list.choose", "form.next")
        await crm.type("Short")
        assert any("Title" in line and "Short" in line for line in crm.screen_lines())
        await crm.press_action("form.next")
        assert screen.outcome == {"amount": "380", "source": ("web",), "title": "Short"}


async def test_a_typed_field_has_no_list_and_says_so(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "New deal", QUESTIONS))
        await crm.settle()
        await crm.press_action("form.choose")
        assert crm.said() == "Type a value here; there is no list."


async def test_long_texts_keep_enter_and_tab_goes_on(trial: Trial) -> None:
    questions = (Question("comment", "Comment", "text"), Question("title", "Title"))
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "New deal", questions))
        await crm.settle()
        await crm.type("a")
        await crm.press("enter")
        await crm.type("b")
        assert "tab next" in crm.screen_lines()[-1]
        assert "enter next" not in crm.screen_lines()[-1]
        await crm.press("tab")
        assert "enter F2 finish" in crm.screen_lines()[-1]
        await crm.press_action("form.previous")
        await crm.press_action("form.back", "form.on")
        await crm.type("T")
        await crm.press_action("form.next")
        assert screen.outcome == {"comment": "a\nb", "title": "T"}


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_hostile_texts_are_only_text(trial: Trial, size: tuple[int, int]) -> None:
    async with trial(size) as (crm, screen):
        for text in HOSTILE_FEW:

            def refuse(_answers: Mapping[str, Answer], text: str = text) -> None:
                raise Refused(text, [FieldProblem("title", text)])

            choices = (Choice("a", text, text),)
            questions = [
                Question("title", text, text=text, hint=text),
                Question("source", text, "list", chosen=("a",), choices=choices),
                Question("comment", text, "text", text=text),
            ]
            screen.open(Form(screen.surface, text, questions, refuse))
            await crm.settle()
            await crm.press_action("form.save")
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("cancel")
            assert screen.outcome is None


async def test_enter_goes_on_from_every_field_of_one_line_whatever_its_kind(trial: Trial) -> None:
    typed = [(name, many) for name in KINDS if traits_of(name).editor in ("line", "words") for many in (False, True)]
    questions = [Question(f"{name} {many}", f"{name} {many}", name, many=many) for name, many in typed]
    async with trial(LARGE) as (crm, screen):
        for question in questions:
            form = Form(screen.surface, "All", [question, Question("last", "Last")])
            screen.open(form)
            await crm.settle()
            await crm.type("x")
            await crm.press("enter")
            one_value_a_line = question.many and traits_of(question.kind).breaks == "\n"
            assert (form.here is form.fields[1]) != one_value_a_line, question.key
            await crm.press_action("form.save" if one_value_a_line else "form.next")
            assert isinstance(screen.outcome, dict), question.key
            assert str(screen.outcome[question.key]).strip() == "x"


async def test_several_values_in_one_line_tell_what_parts_them(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Form(screen.surface, "All", [Question("phones", "Phones", "phone", many=True)]))
        await crm.settle()
        assert "several: with , between" in crm.screen_text()
