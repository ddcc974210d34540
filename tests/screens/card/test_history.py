"""The history tab of a card: what changed, filtered; the card as it was; values and whole items brought back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from tests.conftest import OpenAs
from tests.driver import SMALL, Crm
from tests.hostile import HOSTILE_FEW
from tests.render.hostile import assert_harmless
from tests.screens.opening import BOTH, D1, D2, card, choose
from tuicrm.errors import Refused
from tuicrm.render.history import ChangedField, HistoryRow
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.history import history
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session
from tuicrm.store import clock
from tuicrm.widgets.history_pane import HistoryPane


@pytest.fixture
def changed(seeded: Session, open_as: OpenAs) -> Session:
    items.edit(seeded, D2, {"title": "ERP"})
    stages.move(open_as("luca"), D2, "preparation")
    seeded.store.refresh()
    items.edit(seeded, D2, {"title": "ERP, large", "amount": {"amount": "50000", "currency": "EUR"}})
    return seeded


async def open_history(crm: Crm) -> None:
    screen = crm.screen
    assert isinstance(screen, CardScreen)
    screen.start(screen.tabs.go_to("history"))
    await crm.settle()


@BOTH
async def test_who_changed_what_and_filters(changed: Session, size: tuple[int, int]) -> None:
    async with card(changed, D2, size) as (crm, screen):
        await open_history(crm)
        assert "ERP → ERP, large" in crm.screen_text()
        assert "38,000.00 → " in crm.screen_text()
        assert "Luca Riva" in crm.screen_text()
        await crm.press_action("history.by")
        await choose(crm, "Luca")
        assert "New → Document preparation" in crm.screen_text()
        assert "ERP → ERP, large" not in crm.screen_text()
        await crm.press_action("history.field")
        await choose(crm, "Title")
        assert "No changes match this choice" in crm.screen_text()
        await crm.press_action("history.value")
        assert "No changes match this choice" in crm.said()
        await crm.press_action("history.by", "list.choose", "history.by")
        await choose(crm, "everyone")
        assert "ERP connector → ERP" in crm.screen_text()
        await crm.press_action("back")
        assert screen.tabs.tab == "general"


@BOTH
async def test_the_card_as_it_was_is_only_read(changed: Session, size: tuple[int, int]) -> None:
    seq = changed.store.seq()
    async with card(changed, D2, size) as (crm, _screen):
        await open_history(crm)
        await crm.press_action("move.last", "history.view")
        assert "as it was" in crm.screen_text()
        assert "read-only" in crm.screen_text()
        assert "ERP connector" in crm.screen_text()
        await crm.press_action("close")
    assert changed.store.seq() == seq


async def test_a_value_comes_back_and_then_all_of_it(changed: Session) -> None:
    async with card(changed, D2) as (crm, _screen):
        await open_history(crm)
        await crm.press_action("move.first", "history.value")
        assert changed.get(D2).get("title") == "ERP"
        assert "Restored: Title" in crm.said()
        assert "ERP, large → ERP" in crm.screen_text()
        await crm.press_action("move.last", "history.whole")
        item = changed.get(D2)
        assert (item.get("title"), item.get("stage")) == ("ERP connector", "new")
        await crm.press_action("undo", "undo")
        assert changed.get(D2).get("title") == "ERP, large"
        await crm.press_action("move.last", "history.value")
        assert "no value before" in crm.said()


async def test_what_is_required_or_not_allowed_is_told(changed: Session, open_as: OpenAs) -> None:
    with changed.change("require") as change:
        change.put("field", {"type": "deal", "key": "source", "required_at": {"general": ["new"]}})
    async with card(changed, D2) as (crm, _screen):
        await open_history(crm)
        await crm.press_action("move.last", "history.whole")
        assert "Source" in crm.said()
    assert changed.get(D2).get("stage") == "preparation"
    items.edit(changed, D1, {"title": "Other", "source": "call"})
    async with card(open_as("luca"), D1) as (crm, _screen):
        await open_history(crm)
        await crm.press_action("move.first", "history.value")
        assert "You may not change this" in crm.said()


async def test_it_follows_what_others_do_and_the_next_card(changed: Session, open_as: OpenAs) -> None:
    async with card(changed, D2, SMALL, walk=[D2, D1]) as (crm, screen):
        await open_history(crm)
        items.edit(open_as("luca"), D2, {"comment": "by Luca"})
        changed.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert "by Luca" in crm.screen_text()
        await crm.press_action("card.next")
        assert "by Luca" not in crm.screen_text()
        assert "Website redesign" in crm.screen_text()


@pytest.mark.parametrize("text", HOSTILE_FEW)
async def test_hostile_values_are_only_text(seeded: Session, text: str) -> None:
    with contextlib.suppress(Refused):  # what no text may hold is refused
        items.edit(seeded, D1, {"comment": text})
    async with card(seeded, D1) as (crm, screen):
        await open_history(crm)
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("history.view")
        for line in crm.screen_lines():
            assert_harmless(line)
        assert screen.is_attached


async def test_of_thousands_only_those_in_sight_are_made_into_text(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(150):
        items.edit(seeded, D1, {"title": str(number)})
    made: list[object] = []
    texts = history.texts

    def counted(*given: object) -> object:
        made.append(given)
        return texts(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "texts", counted)
    async with card(seeded, D1) as (crm, _screen):
        await open_history(crm)
        assert 0 < len(made) < 100


async def test_of_thousands_the_newest_are_there_first_and_the_older_are_read_beside(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_SLICE", 5)
    for number in range(23):
        items.edit(seeded, D1, {"title": f"Title {number}"})
    shown: list[tuple[int, bool]] = []
    show = HistoryPane.show_moments

    def watched(
        pane: HistoryPane,
        moments: Sequence[HistoryRow],
        tell: Callable[[int, str], ChangedField],
        empty: str,
        more: str = "",
    ) -> None:
        shown.append((len(moments), bool(more)))
        show(pane, moments, tell, empty, more)

    monkeypatch.setattr(HistoryPane, "show_moments", watched)
    async with card(seeded, D1) as (crm, screen):
        await open_history(crm)
        await screen.workers.wait_for_complete()
        await crm.settle()
        assert shown[0] == (4, True)
        assert shown[-1] == (24, False)
        assert "loading older entries" not in crm.screen_text()
        await crm.press_action("move.last")
        assert "Website redesign" in crm.screen_text()


@BOTH
async def test_what_the_clock_said_stands_beside_a_change(
    changed: Session, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change while the clock was set back comes after those before it, and says so."""
    back = datetime(2025, 3, 7, 12, 0, tzinfo=UTC)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "utc_now", lambda: back)
        items.edit(changed, D2, {"title": "ERP, once more"})
    async with card(changed, D2, size) as (crm, _screen):
        await open_history(crm)
        assert crm.screen_text().count("the clock said 7 Mar 2025") == 1
        assert crm.screen_text().index("ERP, once more") < crm.screen_text().index("Luca Riva")


@BOTH
async def test_a_card_that_goes_out_of_sight_says_what_it_would_of_none(
    changed: Session, size: tuple[int, int], open_as: OpenAs
) -> None:
    entry = changed.workspace.entry("role", "manager")
    assert entry is not None
    luca = open_as("luca")
    async with card(luca, D2, size) as (crm, screen):
        with changed.change("own items only") as change:
            change.patch("role", entry.id, {"rules": {"*": {"read": "own", "edit": "own"}}})
            change.edit(D2, {"responsible": "anna"})
        luca.store.refresh()
        await crm.settle()
        assert screen.shown.gone == "There is no D-2."
