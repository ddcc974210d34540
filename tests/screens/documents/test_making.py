"""Documents made on screen: chosen, looked at, filled, made; of several items; from the tab and the timeline."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import assert_harmless
from tests.screens.opening import D1, card
from tests.services.documents.files import add, file_of, make, says
from tuicrm.screens.card.documents import DocumentsTab
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.documents import handing_over
from tuicrm.screens.documents.preview import DocumentPreview
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.documents import making, reading
from tuicrm.services.documents.filling import DocumentFilling, FilledDocument, fill
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


async def open_tab(crm: Crm, screen: CardScreen) -> DocumentsTab:
    at = next(at for at, tab in enumerate(screen.card.tabs, start=1) if tab.key == "documents")
    await crm.press(str(at))
    assert isinstance(screen.tabs.open, DocumentsTab)
    return screen.tabs.open


def on_preview(crm: Crm, key: str) -> None:
    assert isinstance(crm.dialog, DocumentPreview)
    crm.dialog.pane.move_to(key)


async def test_one_is_looked_at_filled_and_made(seeded: Session, tmp_path: Path) -> None:
    items.edit(seeded, D1, {"comment": None})
    async with card(seeded, D1, SMALL) as (crm, screen):
        assert all(tab.key != "documents" for tab in screen.card.tabs)
        await crm.press_action("document")
        assert "There is no template for deals yet" in crm.said()
        add(seeded, "No. {DocumentNumber}", "{Title}", "{Amount~W=Y}", "{Comment}", "{SourceDescription}")
        add(seeded, label="Other", types=("lead",))
        await crm.settle()
        await crm.press_action("document")
        text = crm.screen_text()
        for each in (
            "Offer for D-1",
            "Offer 1",
            "MISSING",
            "Comment",
            "— prints empty",
            "FILLED IN",
            "Website redesign",
        ):
            assert each in text
        on_preview(crm, "Comment")
        await crm.press_action("plan.value")
        assert "into Comment of D-1" in crm.screen_text()
        await crm.press("i")
        await crm.type("Said [/] here")
        await crm.press_action("text.save" if crm.screen.dispatcher.scope == "text" else "form.save")
        assert "Said [/] here" in crm.screen_text()
        assert "comment" not in seeded.get(D1).fields, "it is written with the document"
        await crm.press_action("cancel")
        assert "Leave without creating it?" in crm.screen_text()
        await crm.press_action("confirm.no")
        on_preview(crm, "Title")
        await crm.press_action("plan.value")
        await crm.press("d", "ctrl+u")
        await crm.type("For this one")
        await crm.press_action("form.save")
        assert seeded.get(D1).fields["title"] == "Website redesign"
        await crm.press_action("plan.title")
        await crm.press("ctrl+u")
        await crm.type("Our offer")
        await crm.press_action("form.save", "plan.make")
        assert "Our offer created (DOC-1)" in crm.said()
        assert seeded.get(D1).fields["comment"] == "Said [/] here"
        await crm.press_action("undo")
        assert (reading.documents(seeded, D1), "comment" in seeded.get(D1).fields) == ([], False), "one step for both"
        await crm.press_action("redo")
        (made,) = reading.documents(seeded, D1)
        assert says(seeded, made)[:2] == ["No. 1", "For this one"]
        assert "Said [/] here" in says(seeded, made)
        await crm.press_action("document", "cancel")
        assert len(reading.documents(seeded, D1)) == 1

        tab = await open_tab(crm, screen)
        assert tab.document is not None
        assert "Our offer" in crm.screen_text()
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("documents.view")
        assert "Version 1: created" in crm.screen_text()
        await crm.press_action("close", "documents.again")
        assert "version 2" in crm.said()
        await crm.press_action("documents.change")
        await crm.type("title")
        await crm.press_action("list.choose")
        await crm.press("ctrl+u")
        await crm.type("Renamed")
        await crm.press_action("form.save")
        assert reading.documents(seeded, D1)[0].record.title == "Renamed"
        edited = tmp_path / "edited.docx"
        edited.write_bytes(file_of("By hand"))
        await crm.press_action("documents.upload")
        await crm.type(str(tmp_path / "nothing.docx"))
        await crm.press_action("form.save")
        assert "There is no file" in crm.screen_text()
        await crm.press("ctrl+u")
        os.mkfifo(tmp_path / "pipe.docx")
        await crm.type(str(tmp_path / "pipe.docx"))
        await crm.press_action("form.save")
        assert "is not a file" in crm.screen_text(), "nothing waits for who would write into it"
        await crm.press("ctrl+u")
        await crm.type(str(edited))
        await crm.press_action("form.save")
        assert says(seeded, reading.documents(seeded, D1)[0]) == ["By hand"]
        await crm.press_action("documents.versions")
        assert "Version 3: edited by hand" in crm.screen_text()
        await crm.press("down", "down")
        await crm.press_action("list.choose")
        await crm.press("ctrl+u")
        await crm.type(str(tmp_path / "nowhere" / "first.docx"))
        await crm.press_action("form.save")
        _x, at = crm.find("No such file")
        assert any("! " in line for line in crm.screen_lines()[at - 2 : at + 1]), "at the field"
        assert "nowhere/first.docx" in crm.screen_text(), "what was typed stays where it cannot be saved"
        await crm.press("ctrl+u")
        await crm.type(str(tmp_path / "pipe.docx"))
        await crm.press_action("form.save", "form.save")
        assert "is not a file" in crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type(str(tmp_path / "first.docx"))
        await crm.press_action("form.save")
        assert (tmp_path / "first.docx").read_bytes() == reading.content(seeded, reading.documents(seeded, D1)[0], 1)
        await crm.press_action("documents.delete")
        assert reading.documents(seeded, D1) == []
        assert "No documents yet: d creates one" in crm.screen_text()
        await crm.press_action("undo")
        assert [one.record.title for one in reading.documents(seeded, D1)] == ["Renamed"]


async def test_what_is_refused_leaves_the_preview_with_what_was_said(seeded: Session, open_as: OpenAs) -> None:
    items.edit(seeded, D1, {"comment": None})
    add(seeded, "{Amount}", "{Amount~W=Y}", "{Comment}")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("document")
        on_preview(crm, "Amount~W=Y")
        await crm.press_action("plan.value")
        await crm.press("d", "ctrl+u")
        await crm.type("a lot")
        await crm.press_action("form.save")
        on_preview(crm, "Comment")
        await crm.press_action("plan.value")
        await crm.press("i")
        await crm.type("Mine")
        await crm.press_action("text.save" if crm.screen.dispatcher.scope == "text" else "form.save")
        items.edit(open_as("anna"), D1, {"comment": "Theirs"})
        await crm.press_action("plan.make")
        assert reading.documents(seeded, D1) == []
        assert "Mine" in crm.screen_text()
        assert "a lot" in crm.screen_text()
        await crm.press_action("plan.make")
        (made,) = reading.documents(seeded, D1)
        first, *rest = says(seeded, made)
        assert first.endswith("500.00")
        assert rest == ["a lot", "Mine"]
        assert seeded.get(D1).fields["comment"] == "Mine"


async def test_the_timeline_has_the_same_keys_and_a_path_can_be_copied(
    seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "cache_folder", lambda: tmp_path)
    monkeypatch.setenv("SSH_CONNECTION", "1")
    monkeypatch.setenv("TERM", "xterm")
    add(seeded, "{Title}", "{Amount}")
    add(seeded, "{Title}", label="Letter")
    make(seeded)
    async with card(seeded, D1, LARGE) as (crm, screen):
        await crm.press_action("card.right")
        screen.timeline.move_to(next(n for n, e in enumerate(screen.timeline.view.entries) if e.kind == "document"))
        await crm.settle()
        assert "o open   P PDF" in crm.screen_text()
        await crm.press_action("documents.open")
        path = tmp_path / "documents" / "Offer 1.docx"
        assert str(path)[-30:] in crm.said().replace("\n", "") or "It lies here" in crm.said()
        assert path.read_bytes() == reading.content(seeded, reading.documents(seeded, D1)[0])
        await crm.press_action("copy.value")
        assert crm.app.clipboard == str(path)
        await crm.press_action("timeline.read")
        assert "Version 1: created" in crm.screen_text()
        await crm.press_action("close", "timeline.delete")
        assert reading.documents(seeded, D1) == []
        await crm.press_action("documents.open")
        assert "There is no document under the cursor." in crm.said()
        await crm.press_action("undo", "document")
        assert "Which template" in crm.screen_text()
        lines = [line for line in crm.screen_lines() if "Offer " in line or "Letter " in line]
        assert "Offer" in lines[-2]
        await crm.press_action("cancel")


async def test_several_items_get_one_each(seeded: Session, open_as: OpenAs) -> None:
    add(seeded)
    async with running(seeded, lambda s, surface: ListScreen(s, surface, "deal")) as crm:
        await crm.press_action("mark_all", "document")
        assert "Offer: 3 documents" in crm.screen_text()
        await crm.press_action("confirm.yes")
        assert "3 documents created" in crm.said()
        numbers = {one.record.number for n in (1, 2, 3) for one in reading.documents(seeded, D1._replace(id=n))}
        assert numbers == {"1", "2", "3"}
        await crm.press_action("undo")
        assert not [one for n in (1, 2, 3) for one in reading.documents(seeded, D1._replace(id=n))], "one step for all"


async def test_several_can_be_stopped_and_those_made_stay(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    add(seeded)
    goes_on = threading.Event()

    def waits_at_the_second(session: Session, filling: DocumentFilling) -> FilledDocument:
        if filling.ref.id == 2:
            assert goes_on.wait(10)
        return fill(session, filling)

    monkeypatch.setattr(making, "fill", waits_at_the_second)
    async with running(seeded, lambda s, surface: ListScreen(s, surface, "deal")) as crm:
        await crm.press_action("mark_all", "document")
        await crm.pilot.press("y")
        await crm.until(lambda: "stops it; those already created stay" in crm.screen_text())
        await crm.pilot.press("escape")
        goes_on.set()
        await crm.until(lambda: crm.dialog is None and "then stopped" in crm.said())
        made = [n for n in (1, 2, 3) if reading.documents(seeded, D1._replace(id=n))]
        assert 2 in made
        assert len(made) == 2
        assert "2 documents created, then stopped" in crm.said()


async def test_what_the_maker_may_not_see_is_said_before(seeded: Session, open_as: OpenAs) -> None:
    key = add_field(seeded, "deal", "Margin", "string").key
    restrict_field(seeded, "deal", key, ["anna"])
    d2 = D1._replace(id=2)
    items.edit(seeded, d2, {key: "Quark 38%"})
    add(seeded, "{Title}", "{UfMargin}")
    make(seeded, d2)
    async with card(open_as("luca"), d2, SMALL) as (crm, screen):
        await crm.press_action("document")
        assert "NOT FOR YOU" in crm.screen_text()
        assert "prints empty: you may not see it" in crm.screen_text()
        assert "{UfMargin}" in crm.screen_text()
        assert "Quark" not in crm.screen_text()
        await crm.press_action("cancel")
        await open_tab(crm, screen)
        await crm.press_action("documents.open")
        assert "It contains fields you may not see." in crm.said()
        await crm.press_action("documents.view")
        assert "Quark" not in crm.screen_text()
