"""The folder of a workspace replaced under an open screen: it is said, nothing is acknowledged, and what was typed stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.driver import running
from tuicrm.errors import StorageFull
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.kernel.session import Session

SIZES = [(80, 24), (140, 40)]


def replaced(workspace_path: Path) -> None:
    """As somebody does it who puts a copy back."""
    old = workspace_path.with_name("old")
    workspace_path.rename(old)
    shutil.copytree(old, workspace_path)


@pytest.mark.parametrize("size", SIZES)
async def test_a_form_keeps_what_was_typed_and_says_why(
    seeded: Session, workspace_path: Path, open_as: OpenAs, size: tuple[int, int]
) -> None:
    async with running(seeded, lambda s, surface: ListScreen(s, surface, "company"), size=size) as crm:
        await crm.press_action("new")
        await crm.type("Rossi and sons")
        replaced(workspace_path)
        for _attempt in range(2):
            await crm.press_action("form.save")
            assert "replaced" in crm.said()
            assert "Rossi and sons" in crm.screen_text()
    again = open_as("anna")
    assert len(again.ids("company")) == 2


@pytest.mark.parametrize("size", SIZES)
async def test_administrators_see_where_the_journal_cannot_be_folded(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    reason = StorageFull("w: compacting the journal needs 1,000 bytes of free disk space; there are 10")
    luca = open_as("luca")
    for session, told in ((seeded, True), (luca, False)):
        async with running(session, lambda s, surface: ListScreen(s, surface, "deal"), size=size) as crm:
            session.store.files.trouble = reason  # type: ignore[attr-defined]  # as a folding sets it that failed
            session.store.feed.nudge()  # type: ignore[attr-defined]
            await crm.settle()
            assert ("could not be compacted" in crm.said()) is told
            assert crm.screen_lines()[0].startswith((" ! ", "!")) is told
            assert ("tuicrm doctor" in crm.screen_lines()[0]) is (told and size[0] > 100)
            session.store.files.trouble = None  # type: ignore[attr-defined]
            session.store.feed.nudge()  # type: ignore[attr-defined]
            await crm.settle()
            assert not crm.screen_lines()[0].startswith((" ! ", "!"))
