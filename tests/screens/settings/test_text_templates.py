"""Text templates set up on screen: added and checked, names put in, tried on an item, changed, retired, deleted."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import assert_harmless
from tests.screens.test_shaping import open_setting
from tuicrm.domain.items import Ref
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.text_templates import TextTemplateDetails, add_text_template, text_templates
from tuicrm.widgets.form import Form


async def go_to(crm: Crm, key: str) -> None:
    """To the field of the form for a question."""
    form = crm.dialog
    assert isinstance(form, Form)
    next(field for field in form.fields if field.question.key == key).enter()
    await crm.settle()


async def test_one_is_added_with_names_put_in_tried_changed_retired_and_deleted(seeded: Session) -> None:
    items.edit(seeded, Ref("deal", 1), {"title": "Hotel [/]"})
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "text templates")
        assert "No text templates yet: n adds one" in crm.screen_text()
        await crm.press_action("texts.names")
        assert "No text templates yet" in crm.said()
        await crm.press_action("texts.new")
        await crm.type("Offer out")
        await crm.press_action("texts.insert")
        assert "Names stand in the subject and in the text." in crm.said()
        await go_to(crm, "types")
        await crm.press_action("form.choose")
        await crm.type("deals")
        await crm.press("down", "up")
        await crm.press_action("list.mark", "list.choose")
        await go_to(crm, "subject")
        await crm.type("On ")
        await crm.press_action("texts.insert")
        await crm.type("title")
        await crm.press_action("list.choose")
        await go_to(crm, "text")
        await crm.type("Dear ")
        await crm.press_action("texts.insert")
        await crm.type("ResponsibleFirst")
        await crm.press_action("list.choose")
        await crm.type(", {Amout}")
        assert crm.actions_without_method() == []
        await crm.press_action("form.save")
        # What nothing answers to is told at once.
        assert "did you mean {Amount}?" in crm.screen_text()
        await crm.press_action("close")
        (made,) = text_templates(seeded)
        assert (made.label, made.types, made.channel) == ("Offer out", ["deal"], "")
        assert (made.subject, made.text) == ("On {Title}", "Dear {ResponsibleFirstName}, {Amout}")
        # What it becomes for an item.
        await crm.press_action("texts.try")
        await crm.type("Hotel")
        await crm.press_action("list.choose")
        assert "On Hotel [/]" in crm.screen_text()
        assert "Dear Anna," in crm.screen_text()
        await crm.press_action("close", "texts.change")
        await go_to(crm, "text")
        await crm.press("ctrl+end", *["backspace"] * len(", {Amout}"))
        await crm.press_action("form.save", "texts.check")
        assert "Nothing is wrong with Offer out." in crm.said()
        assert text_templates(seeded)[0].text == "Dear {ResponsibleFirstName}"
        await crm.press_action("texts.retire")
        assert text_templates(seeded) == []
        await crm.press_action("texts.delete")
        assert text_templates(seeded, retired=True) == []
        await crm.press_action("undo", "undo")
        assert [one.label for one in text_templates(seeded)] == ["Offer out"]
        await crm.press_action("texts.names", "list.choose", "list.down", "names.copy")
        assert "{" in crm.app.clipboard


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
async def test_those_for_others_are_told_and_whatever_they_say_is_text(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    add_text_template(seeded, TextTemplateDetails("x\u202e [/]", "\x1b[31mred\x07", "a [b]", users=["luca"]))
    luca = open_as("luca")
    async with running(luca, SettingsScreen, size) as crm:
        await open_setting(crm, "text templates")
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("texts.try", "list.choose")
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("close", "texts.delete")
        assert text_templates(luca) == [], "for them alone it is theirs"
        # Who may make none for others is not asked for whom: it is their own.
        await crm.press_action("texts.new")
        form = crm.dialog
        assert isinstance(form, Form)
        assert "users" not in [field.question.key for field in form.fields]
        await crm.type("Mine")
        await go_to(crm, "text")
        await crm.type("Hello")
        await crm.press_action("form.save")
        assert [(one.label, one.users) for one in text_templates(luca)] == [("Mine", ["luca"])]
