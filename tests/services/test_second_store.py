"""What a store needs that is not a folder: nothing but the protocol; and where a rule is about all records, it is asked for all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.services.elsewhere import PLACE, Elsewhere
from tests.source import tree_of
from tuicrm.domain.conditions import Test
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound, Refused
from tuicrm.services.boards.board import Board
from tuicrm.services.boards.dated_boards import Activities, Deadlines
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.definitions import item_types
from tuicrm.services.duplicates import duplicates
from tuicrm.services.history.undo import undo
from tuicrm.services.items import activities, items, stages
from tuicrm.services.items.item_moves import held
from tuicrm.services.kernel import repeats
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import finder
from tuicrm.services.workspace import backups, upkeep
from tuicrm.store import JournalStore
from tuicrm.store.protocol import Find

SERVICES = Path(__file__).resolve().parents[2] / "tuicrm" / "services"


@pytest.fixture
def luca(seeded: Session) -> Session:
    """Luca, who sees only his own, in a store that hides all else from him."""
    (role,) = seeded.store.find(Find("role", Test("key", "string", "=", "manager"))).records
    with seeded.change("only their own") as change:
        rules = {place: {**rule, "read": "own"} for place, rule in role.doc["rules"].items()}
        change.put("role", {**role.doc, "rules": {**rules, "*": {**rules.get("*", {}), "read": "own"}}}, role.id)
    assert isinstance(seeded.store, JournalStore)
    return Session(Elsewhere(seeded.store, "luca"), "luca", clock=seeded.clock)


def elsewhere(session: Session) -> Elsewhere:
    assert isinstance(session.store, Elsewhere)
    return session.store


def test_views_search_and_undo_stand_on_the_protocol_alone(seeded: Session, luca: Session) -> None:
    assert [list(ids) for ids in Board(luca, "deal").ids.values() if ids] == [[2]]
    assert ItemList(luca, "deal").ids == [2]
    activities.add(luca, Ref("deal", 2), "call", "2026-11-24T10:00:00Z")
    assert sum(map(len, Activities(luca, "deal").ids.values())) == 1
    assert sum(map(len, Deadlines(luca, "deal").ids.values())) == 1
    finder(luca).index.catch_up()
    assert [one.ref for group in finder(luca).find("erp").groups for one in group.finds] == [Ref("deal", 2)]
    assert finder(luca).find("website").count == 0
    assert duplicates.like(luca, "contact", {"first_name": "Maria", "last_name": "Rossi"}) == []
    items.edit(luca, Ref("deal", 2), {"title": "ERP"})
    undo(luca)
    stages.move(luca, Ref("deal", 2), "preparation")
    assert luca.get(Ref("deal", 2)).get("title") == "ERP connector"


def test_a_number_is_given_once_among_all_there_are(seeded: Session, luca: Session) -> None:
    quote = items.add(seeded, "quote", items.values(seeded, "quote", {"title": "Anna's"})).ref
    numerator = seeded.workspace.numerator("quote")
    assert numerator is not None
    number = str(seeded.get(quote).get(numerator.field))
    with pytest.raises(NotFound):
        luca.get(quote)
    with pytest.raises(Refused, match="this number is already in use"):
        items.add(luca, "quote", {"title": "Luca's", numerator.field: number})


def test_whoever_came_before_is_known_among_all(seeded: Session, luca: Session) -> None:
    phone = [{"value": "+39025550142", "typed": "+39025550142", "type": "work"}]
    items.edit(seeded, Ref("contact", 1), {"phone": phone})
    lead = items.add(luca, "lead", {"title": "Once more", "phone": phone})
    rule = luca.workspace.type("lead").repeats
    assert rule is not None
    assert repeats.rules(luca.workspace).on
    assert lead.get(rule.mark) is True


def test_what_goes_with_a_definition_is_counted_whoever_may_see_it(seeded: Session, luca: Session) -> None:
    pipeline = luca.workspace.pipelines("deal")[0]
    assert (luca.count("deal"), held(luca, "deal", pipeline.key)) == (1, 3)
    assert "3 items" in str(item_types.why_not_remove(luca, "deal"))


def test_what_goes_out_of_sight_by_its_own_edit_is_still_told(seeded: Session, luca: Session) -> None:
    items.edit(luca, Ref("deal", 2), {"responsible": "anna"})
    assert luca.written(Ref("deal", 2)).get("responsible") == "anna"
    with pytest.raises(NotFound):
        luca.get(Ref("deal", 2))


def test_what_is_done_with_files_is_refused_where_there_are_none(seeded: Session, tmp_path: Path) -> None:
    assert isinstance(seeded.store, JournalStore)
    anna = Session(Elsewhere(seeded.store, "anna"), "anna", clock=seeded.clock)
    for work in (
        lambda: backups.back_up(anna, tmp_path / "b"),
        lambda: backups.back_up(anna, tmp_path / "b.tar"),
        lambda: backups.past(anna),
        lambda: backups.archive(anna, anna.clock(), tmp_path / "a"),
        lambda: upkeep.room(anna),
    ):
        with pytest.raises(Refused, match=f"{PLACE} is not a folder"):
            work()
    assert not list(tmp_path.glob("[ab]*"))


# -- what services may name ----------------------------------------------------------------------------------------------
def modules() -> list[tuple[str, ast.Module]]:
    return [(str(path.relative_to(SERVICES)), tree_of(path)) for path in sorted(SERVICES.rglob("*.py"))]


def test_no_service_knows_the_journal_or_opens_a_database() -> None:
    named = {"JournalStore", "sqlite3", "Derived", "Folder"}
    found = [
        (name, alias.name)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if alias.name in named or getattr(node, "module", None) in ("tuicrm.store.derived", "tuicrm.store.folder")
    ]
    assert found == []


AS_SEEN = {
    "items/client_lines.py": "what was last said with a client, of its items that may be read",
    "items/activities.py": "what is due, of the items that are shown (`Session.among`)",
    "duplicates/duplicates.py": "pairs that were told apart",
    "exporting/exporting_json.py": "links, each shown where both ends are",
    "definitions/fields.py": "which fields are filled, of what may be read",
    "search/verify.py": "an item that may be read, looked at as the person sees it",
    "history/history.py": "the past of one item, masked",
    "workspace/preferences.py": "the person's own",
    "search/word_texts.py": "what is said on timelines, for the index",
    "calendar/lists.py": "activities of items that may be read, as the person may see them",
    "calendar/occurrences.py": "what stands in a calendar: of what may not be read, no more than that somebody is busy",
    "calendar/due_lists.py": "what is due, of items that may be read, as the person may see it",
    "calendar/reminders.py": "what the person was reminded of",
    "boards/due_here.py": "how many activities there are, before counting: whether it takes a moment; and what has changed",
    "boards/place_due.py": "how many items there are, before counting: whether it takes a moment",
    "documents/making.py": "whether anything was written since a plan was shown",
    "documents/reading.py": "ids of documents, each then read as the person may; and the file of one that is open to them",
    "items/due_counts.py": "what is late or due, counted for the items that are shown (`Session.among`)",
    "messages/records.py": "ids of messages, each of which is then read through the door",
    "messages/inbox_counts.py": "ids of messages that wait, each counted only where it is the person's own",
    "messages/texting.py": "ids of messages, each of which is then asked whether it may be read",
    "messages/text_taking.py": "the same",
    "calendar/ical_files.py": "activities of items that may be read, as the person may see them",
    "calendar/ical_here.py": "the same, and that there is one of that name which may not be read",
    "calendar/caldav_sync.py": "the person's own, of items that may be read",
    "kernel/session.py": "the door itself",
    "kernel/session_past.py": "the same, for what was done",
}
"""Services that read the store as the person, without the door's methods, and why that misses nothing."""


def test_reading_past_access_has_one_name() -> None:
    verbs = {"get", "find", "ids", "count", "among", "window", "top", "position", "fold", "history", "backwards"}
    found = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in verbs
        if ast.unparse(node.func.value).removesuffix(".past").endswith(".store")
    }
    assert found <= set(AS_SEEN), (
        "say `session.whole` where everything is meant, or go through the session's own methods"
    )
