"""Document templates set up on screen: added and checked, changed, replaced, put in order, retired, deleted; their names."""

from __future__ import annotations

from pathlib import Path

from tests.driver import LARGE, SMALL, running
from tests.screens.test_shaping import open_setting
from tests.services.documents.files import add, file_of
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.documents import templates
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.form import Form


async def test_a_template_is_added_checked_changed_and_deleted(seeded: Session, tmp_path: Path) -> None:
    offer = tmp_path / "Our offer.docx"
    offer.write_bytes(file_of("{Title} {Amout}"))
    (tmp_path / "no.docx").write_bytes(b"nothing")
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "templates")
        assert "No templates yet: n adds one" in crm.screen_text()
        await crm.press_action("templates.new")
        await crm.type(str(tmp_path / "no.docx"))
        await crm.press_action("form.next", "form.next")
        await crm.press_action("form.choose")
        await crm.type("deals")
        await crm.press("down", "up")
        await crm.press_action("list.mark", "list.choose", "form.save")
        assert seeded.workspace.doc_templates == {}
        assert "no.docx" in crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type(str(offer))
        await crm.press_action("form.save")
        assert "paragraph 1" in crm.screen_text()
        assert "did you mean {Amount}?" in crm.screen_text()
        await crm.press_action("close")
        (one,) = templates.templates(seeded)
        assert (one.label, one.types, one.file) == ("Our offer", ["deal"], "Our offer.docx")
        add(seeded, label="Letter")
        await crm.settle()
        await crm.press_action("customise.down")
        assert [each.label for each in templates.templates(seeded)] == ["Letter", "Our offer"]
        offer.write_bytes(file_of("{Title} {Amount}"))
        await crm.press_action("templates.replace")
        await crm.type(str(offer))
        await crm.press_action("form.save")
        assert seeded.workspace.doc_templates[one.key].revision == 2
        await crm.press_action("templates.check")
        assert "Nothing is wrong" in crm.said()
        await crm.press_action("templates.change")
        await crm.press("ctrl+u")
        await crm.type("Letter")
        await crm.press_action("form.save")
        assert "already exists" in crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type("Offer [/]")
        form = crm.dialog
        assert isinstance(form, Form)
        for _field in range(next(n for n, field in enumerate(form.fields) if field.question.key == "start")):
            await crm.press_action("form.on")
        await crm.press("ctrl+u")
        await crm.type("7")
        await crm.press_action("form.on")
        await crm.press("ctrl+u")
        await crm.type("none")
        await crm.press_action("form.save")
        assert crm.dialog is form, "a step is a number"
        await crm.press("ctrl+u")
        await crm.type("5")
        await crm.press_action("form.on")
        await crm.press("ctrl+u")
        await crm.type("40")
        await crm.press_action("form.save")
        kept = seeded.workspace.doc_templates[one.key]
        assert (kept.start, kept.step, templates.next_of(seeded, kept)) == (7, 5, "40")
        assert seeded.workspace.doc_templates[one.key].label == "Offer [/]"
        await crm.press_action("templates.save")
        await crm.press("ctrl+u")
        await crm.type(str(tmp_path / "out.docx"))
        await crm.press_action("form.save")
        assert (tmp_path / "out.docx").read_bytes() == offer.read_bytes()
        await crm.press_action("templates.retire")
        assert seeded.workspace.doc_templates[one.key].retired
        await crm.press_action("templates.delete")
        assert [each.label for each in templates.templates(seeded, retired=True)] == ["Letter"]
        await crm.press_action("undo", "undo")
        assert not seeded.workspace.doc_templates[one.key].retired


async def test_all_names_are_listed_with_their_values_and_copied(seeded: Session) -> None:
    add(seeded)
    async with running(seeded, SettingsScreen, LARGE) as crm:
        await open_setting(crm, "templates")
        await crm.press_action("templates.names")
        await crm.type("website")
        await crm.press_action("list.choose")
        assert "Names for placeholders: D-1" in crm.screen_text()
        await crm.type("amount")
        line = next(line for line in crm.screen_lines() if "{Amount}" in line)
        assert "12,500" in line
        await crm.press("down", "up")
        await crm.press_action("names.copy")
        assert crm.app.clipboard == "{Amount}"
        assert "Copied: {Amount}" in crm.said()
        await crm.press_action("list.choose")
        assert crm.arranged is not None
