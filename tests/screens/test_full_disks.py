"""A full disk, on screen: it is said, what was typed or chosen stays, and when there is room the same key does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.disk import SmallDisk, small_disk
from tests.driver import running
from tuicrm.domain.items import Ref
from tuicrm.errors import StorageFull
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "small") as found:
        yield found


@pytest.fixture
def session(disk: SmallDisk) -> Iterator[Session]:
    """Three deals in a workspace on the disk."""
    folder = disk.place / "w"
    create_workspace(folder, person=Maker("anna", "Anna Bianchi"), settings=Settings("Test company"), clock=Clock())
    found = open_session(folder, login="anna", clock=Clock(), zone=UTC, language="en", locale="en_GB")
    for n in range(3):
        items.add(found, "deal", {"title": f"Deal {n}"})
    yield found
    found.close()


async def test_a_change_of_many_is_shown_again_and_done_when_there_is_room(disk: SmallDisk, session: Session) -> None:
    async with running(session, lambda s, surface: ListScreen(s, surface, "deal")) as crm:
        await crm.press_action("mark_all", "edit_many")
        await crm.type("Comment")
        await crm.press_action("list.mark", "list.choose")
        await crm.paste("for all " * 900)
        await crm.press_action("form.save")
        with disk.filled_but(0):
            await crm.press_action("preview.do")
            assert "nothing was written" in crm.said()
            assert "3 change" in crm.screen_text()
            await crm.press_action("preview.do")
            assert "nothing was written" in crm.said()
            assert {one.get("comment") for one in session.find("deal").items} == {None}
        await crm.press_action("preview.do")
        assert "3 changed" in crm.said()
        assert {str(one.get("comment"))[:7] for one in session.find("deal").items} == {"for all"}


async def test_a_form_keeps_what_was_typed(disk: SmallDisk, session: Session) -> None:
    async with running(session, lambda s, surface: ListScreen(s, surface, "company")) as crm:
        await crm.press_action("new")
        await crm.type("Rossi ")
        await crm.paste("Srl " * 60)
        with disk.filled_but(0):
            fill_the_last_page(session)
            await crm.press_action("form.save")
            assert "nothing was written" in crm.said()
            assert "Srl Srl" in crm.screen_text()
            assert not session.ids("company")
        await crm.press_action("form.save")
        assert [str(one.get("title"))[:9] for one in session.find("company").items] == ["Rossi Srl"]


def fill_the_last_page(session: Session) -> None:
    """A small line may still find room in it."""
    with suppress(StorageFull):
        for n in range(100):
            items.edit(session, Ref("deal", 1), {"comment": str(n)})
