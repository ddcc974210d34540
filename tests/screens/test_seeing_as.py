"""“See as …”: an administrator sees what somebody else sees, marked, and changes nothing; one key ends it."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, running
from tests.screens.snapshot import assert_snapshot
from tests.screens.test_shaping import open_setting
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, ReadOnlyStore
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.looking import looking
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people, roles
from tuicrm.services.workspace.people import Details

D1 = Ref("deal", 1)


@pytest.fixture
def luca(seeded: Session) -> str:
    """He reads what is his."""
    roles.add_role(seeded, roles.RoleDetails("Own", dict([roles.read_cell(seeded, "*.read=own")])))
    people.edit_person(seeded, "luca", Details(roles=["own"]))
    return "luca"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_it_is_marked_changes_nothing_and_ends_by_one_key(
    seeded: Session, luca: str, size: tuple[int, int]
) -> None:
    before = seeded.store.seq()
    async with running(seeded, SettingsScreen, size) as crm:
        await open_setting(crm, "people")
        await crm.press_action("people.see_as")
        assert "Choose somebody else" in crm.said()
        await crm.press("j")
        await crm.press_action("people.see_as")
        text = crm.screen_text()
        assert "as Luca Riva sees it, F12 ends" in text
        assert "ERP connector" in text
        assert "Website redesign" not in text, "that is Anna's"
        if size == SMALL:
            assert_snapshot("see_as_80x24", crm.screen_lines())
        await crm.press_action("open")
        assert "as Luca Riva sees it" in crm.screen_text()
        await crm.press_action("comment")
        await crm.type("x")
        await crm.press_action("form.save")
        assert "nothing is changed here" in crm.said() + crm.screen_text()
        while crm.dialog is not None or crm.screen.query("Editor"):
            await crm.press("esc")
        await crm.press_action("looking.end")
        assert "as Luca Riva sees it" not in crm.screen_text()
        assert isinstance(crm.screen, SettingsScreen)
    assert seeded.store.seq() == before
    assert luca == "luca"


def test_no_way_of_writing_is_left(seeded: Session, luca: str, open_as: OpenAs) -> None:
    session = looking(seeded, seeded.workspace.people[luca])
    before = seeded.store.seq()
    mine = next(iter(session.ids("deal")))
    for way in (
        lambda: items.add(session, "deal", {"title": "x"}),
        lambda: items.edit(session, Ref("deal", mine), {"title": "x"}),
        lambda: timeline.comment(session, Ref("deal", mine), "x"),
        lambda: session.whole.new_ids("deal"),
        lambda: session.whole.whole().commit([], {}, "luca", "x"),
        session.store.batch,
    ):
        with pytest.raises((ReadOnlyStore, AccessDenied)):
            way()
    with pytest.raises(ReadOnlyStore), session.bulk("x"):
        pass
    assert seeded.store.seq() == before
    session.here(D1)
    assert all(other.get("person") != "luca" for other in seeded.store.presence.others())
    with pytest.raises(AccessDenied, match="Only administrators"):
        looking(open_as("luca"), seeded.workspace.people["anna"])
