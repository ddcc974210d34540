"""Finding anything by what was typed so far: what matches, in what order, and only what the person may see."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.domain.items import Ref
from tuicrm.errors import IndexTrouble
from tuicrm.services.history.undo import undo
from tuicrm.services.items import activities, items, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import Finder, Findings, SearchStopped, finder
from tuicrm.services.search.snippets import Teller
from tuicrm.services.search.verify import Verifier
from tuicrm.store.derived import Derived
from tuicrm.store.follower import Follower

D1 = Ref("deal", 1)


def ask(session: Session, text: str, *types: str, limit: int = 50) -> Findings:
    asking = finder(session)
    asking.index.catch_up()
    return asking.find(text, types, limit)


def found(session: Session, text: str, *types: str) -> list[str]:
    """The refs found, `~` before what is only like it."""
    findings = ask(session, text, *types)
    return [
        ("~" if one.near else "") + session.workspace.show_ref(one.ref)
        for group in findings.groups
        for one in group.finds
    ]


def told(session: Session, text: str) -> list[tuple[str, str, str]]:
    findings = ask(session, text)
    teller = Teller(session, findings)
    rows = [teller.row(one) for group in findings.groups for one in group.finds]
    return [(row.ref, row.label, row.text) for row in rows]


def test_everything_on_an_item_is_found(seeded: Session) -> None:
    timeline.comment(seeded, D1, "They want a Bluetooth printer")
    activities.add(seeded, D1, "Ask about the déjà-vu", "2026-11-25T09:00:00Z")
    items.edit(seeded, D1, {"comment": "Long text: Zwiebelkuchen", "source": "web"})
    for word in ("website", "REDES", "printer", "deja vu", "zwiebel", "rossi", "anna", "12500"):
        assert "D-1" in found(seeded, word), word
    assert found(seeded, "ebsite", "deal") == ["~D-1"], "within a word only where little else is found"
    assert found(seeded, "website printer") == ["D-1"], "words may stand in different places"
    assert found(seeded, "website zzz") == []


def test_what_matched_is_told(seeded: Session) -> None:
    timeline.comment(seeded, D1, "They want a Bluetooth printer")
    assert told(seeded, "printer") == [("D-1", "Timeline", "They want a Bluetooth printer")]
    assert ("D-1", "Company", "Rossi Srl") in told(seeded, "rossi")
    assert told(seeded, "website") == [("D-1", "", "Rossi Srl · New")], "of a name that tells it, what a list shows"


def test_names_come_before_what_only_mentions_them(seeded: Session) -> None:
    items.add(seeded, "company", {"title": "Albergo Rossini"})
    assert found(seeded, "ross")[:4] == ["C-1", "CO-1", "CO-3", "D-1"]
    assert found(seeded, "rossi", "company") == ["CO-1", "CO-3"]


def test_slips_are_forgiven_where_little_is_found(seeded: Session) -> None:
    assert found(seeded, "ferari", "company") == ["~CO-2"]
    assert found(seeded, "wbesite") == ["~D-1"]
    assert found(seeded, "rosis maria") == ["~C-1"]


def test_a_ref_is_that_item_before_all(seeded: Session) -> None:
    items.add(seeded, "deal", {"title": "As D-2 says"})
    assert found(seeded, "D-2") == ["D-2", "D-4"]
    assert found(seeded, "d2")[0] == "D-2"
    assert found(seeded, "D-99") == []


@pytest.mark.parametrize("typed", ["5551234", "1234", "041 555 12", "+39041", "0039 041 5551234"])
def test_parts_of_phone_numbers(seeded: Session, typed: str) -> None:
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {"phone": "+39 041 5551234"}))
    assert found(seeded, typed) == ["C-1"]


def test_a_number_that_holds_the_digits_in_a_row_comes_before_all_that_only_has_them(seeded: Session) -> None:
    """Whoever rings up is looked for by a piece of the number: what has the digits elsewhere, or here and there, comes after."""
    numbered = [("Exact", "+39 041 5551234"), ("Scattered", "+39 555 0001239"), ("Prefix", "+39 0555 12399")]
    made = {}
    for name, phone in numbered:
        values = items.values(seeded, "contact", {"first_name": name, "phone": phone})
        made[name] = items.add(seeded, "contact", values).ref
    items.add(seeded, "contact", {"first_name": "555123 Road"})
    items.add(seeded, "contact", {"first_name": "555", "last_name": "1234 Srl"})
    items.add(seeded, "company", {"title": "5551234 Srl"})
    exact = seeded.workspace.show_ref(made["Exact"])
    for typed in ("5551234", "041 555 1234", "555 1234"):
        assert found(seeded, typed)[0] == exact, typed
        assert found(seeded, typed, "contact")[0] == exact, typed
    assert len(found(seeded, "5551234")) == 2, "each once"
    assert found(seeded, "1234 Srl")[0] != exact, "a word among them is no number"


def test_a_number_that_one_may_not_see_ranks_nothing(seeded: Session, open_as: OpenAs) -> None:
    key = add_field(seeded, "contact", "Private", "phone").key
    restrict_field(seeded, "contact", key, ["anna"])
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {key: "+39 041 5551234"}))
    other = items.add(seeded, "company", {"title": "5551234 Srl"}).ref
    luca = open_as("luca")
    assert found(luca, "5551234") == [seeded.workspace.show_ref(other)]
    assert "C-1" in found(seeded, "5551234")


def test_it_follows_what_changes(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    assert found(seeded, "rossi") == ["C-1", "CO-1", "D-1"]
    items.edit(seeded, Ref("company", 1), {"title": "Verdi Spa"})
    assert found(seeded, "verdi") == ["CO-1", "C-1", "D-1"], "whatever points at it too"
    assert found(seeded, "rossi") == ["C-1"]
    entry = timeline.comment(seeded, D1, "printer")
    luca.store.refresh()
    assert found(luca, "printer") == found(seeded, "printer") == ["D-1"]
    timeline.delete_entry(seeded, entry)
    assert found(seeded, "printer") == []
    items.delete(seeded, [D1])
    assert found(seeded, "website") == []
    undo(seeded)
    assert found(seeded, "website") == ["D-1"]


def test_another_name_of_a_person_or_option_is_found_from_then_on(seeded: Session) -> None:
    assert found(seeded, "luca", "deal") == ["D-2"]
    record = next(one for one in seeded.workspace.records["person"].values() if one.doc["key"] == "luca")
    with seeded.change("rename") as change:
        change.patch("person", record.id, {"name": "Zeno Riva"})
    assert found(seeded, "zeno", "deal") == ["D-2"]
    assert found(seeded, "luca", "deal") == []


def test_only_what_the_person_may_see(seeded: Session, open_as: OpenAs) -> None:
    field = add_field(seeded, "deal", "Margin", "string").key
    items.edit(seeded, Ref("deal", 2), {field: "Geheimnis"})
    restrict_field(seeded, "deal", field, ["anna"])
    luca = open_as("luca")
    assert found(seeded, "geheim") == ["D-2"]
    findings = ask(luca, "geheim")
    assert (findings.count, [group.more for group in findings.groups]) == (0, [])
    assert found(luca, "gehiemnis") == []
    assert found(luca, "erp geheimnis") == []
    assert "D-2" in found(luca, "erp")


def test_items_that_may_not_be_read_are_not_there(seeded: Session, open_as: OpenAs) -> None:
    role = next(one for one in seeded.workspace.records["role"].values() if not one.doc.get("admin"))
    with seeded.change("rules") as change:
        rules = {
            place: {**rule, "read": "own"} if place == "deal" else rule for place, rule in role.doc["rules"].items()
        }
        rules.setdefault("deal", {**next(iter(role.doc["rules"].values())), "read": "own"})
        change.put("role", {**role.doc, "rules": rules}, role.id)
    timeline.comment(seeded, D1, "bluetooth")
    luca = open_as("luca")
    assert found(luca, "erp") == ["D-2"]
    for word in ("website", "bluetooth", "D-1", "wbesite"):
        assert found(luca, word) == [], word


def test_more_than_are_listed_says_so(seeded: Session) -> None:
    with seeded.change("many") as change:
        for number in range(30):
            change.add("company", {"title": f"Muster {number}"})
    group = ask(seeded, "muster", limit=20).groups[0]
    assert (len(group.finds), group.more) == (20, True)
    group = ask(seeded, "muster", limit=30).groups[0]
    assert (len(group.finds), group.more) == (30, False)


def test_an_answer_that_nobody_waits_for_is_left(seeded: Session) -> None:
    finder(seeded).index.catch_up()
    with pytest.raises(SearchStopped):
        finder(seeded).find("rossi", stopped=lambda: True)


@pytest.mark.parametrize(
    "text", ["", "   ", "\"' OR *", "[/] \x1b[31m", "a" * 5_000, "NEAR(", "- ( ) :", "東京", "\ud800"]
)
def test_whatever_is_typed_is_only_text(seeded: Session, text: str) -> None:
    assert ask(seeded, text).count >= 0


# -- the file ----------------------------------------------------------------------------------------------------------
def index_file(session: Session) -> Path:
    return file_of(session).path


def file_of(session: Session) -> Derived:
    index = finder(session).index
    assert isinstance(index, Follower)
    return index.file


def test_it_can_be_deleted_damaged_or_be_another_workspaces(seeded: Session, open_as: OpenAs) -> None:
    assert found(seeded, "website") == ["D-1"]
    path = index_file(seeded)
    seeded.close()
    path.unlink()
    again = open_as("anna")
    assert found(again, "website") == ["D-1"]
    again.close()
    path.write_bytes(b"no database at all, but long enough to be read as the beginning of one" * 90)
    once_more = open_as("anna")
    assert found(once_more, "website") == ["D-1"]


def test_a_workspace_put_back_from_a_copy_is_read_anew(seeded: Session, open_as: OpenAs, workspace_path: Path) -> None:
    found(seeded, "website")
    seeded.close()
    copy = workspace_path.with_name("copy")
    shutil.copytree(workspace_path, copy, ignore=shutil.ignore_patterns(".cache"))
    session = open_as("anna")
    items.edit(session, D1, {"title": "Printer"})
    assert found(session, "printer") == ["D-1"]
    cache = workspace_path / ".cache"
    kept = workspace_path.with_name("kept")
    session.close()
    shutil.copytree(cache, kept)
    shutil.rmtree(workspace_path)
    shutil.copytree(copy, workspace_path)
    shutil.copytree(kept, cache, dirs_exist_ok=True)
    back = open_as("anna")
    assert found(back, "website") == ["D-1"]
    assert found(back, "printer") == []


def test_several_sessions_build_it_together(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("many") as change:
        for number in range(900):
            change.add("company", {"title": f"Muster {number}"})
    others = [open_as("anna") for _number in range(3)]
    failed: list[BaseException] = []

    def build(session: Session) -> None:
        try:
            finder(session).index.catch_up()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=build, args=(session,)) for session in (seeded, *others)]
    for thread in threads:
        thread.start()
    for number in range(20):
        items.edit(seeded, Ref("company", number + 3), {"title": f"Anders {number}"})
    for thread in threads:
        thread.join()
    assert failed == []
    for session in (seeded, *others):
        session.store.refresh()
        assert len(ask(session, "anders", limit=100).groups[0].finds) == 20
        assert len(ask(session, "muster", limit=1000).groups[0].finds) == 880


def test_what_stops_the_building_loses_nothing(seeded: Session) -> None:
    with seeded.change("many") as change:
        for number in range(600):
            change.add("company", {"title": f"Muster {number}"})

    def stop(_done: int, _of: int) -> None:
        raise InterruptedError

    asking = finder(seeded)
    before = asking.index.lacks()
    with pytest.raises(InterruptedError):
        asking.index.catch_up(stop)
    assert 0 < asking.index.lacks() < before
    assert asking.find("muster").lacks > 0, "what is not known is told"
    asking.index.catch_up()
    assert asking.index.lacks() == 0


def test_where_the_workspace_cannot_be_written_it_lies_in_the_users_own_cache(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(seeded.store), "read_only", property(lambda _store: True))
    asking = Finder(seeded)
    assert not index_file(seeded).is_relative_to(seeded.store.place)
    asking.index.catch_up()
    assert asking.find("website").count == 1


def test_a_damage_while_it_is_open_is_made_good(seeded: Session) -> None:
    assert found(seeded, "website") == ["D-1"]
    file = file_of(seeded)
    with pytest.raises(IndexTrouble, match="malformed"), file.writing():
        raise sqlite3.DatabaseError("database disk image is malformed")
    assert found(seeded, "website") == ["D-1"]


def test_a_question_stopped_in_another_thread_keeps_nobody_waiting(seeded: Session) -> None:
    timeline.comment(seeded, D1, "They want a Bluetooth printer")
    asking = finder(seeded)
    asking.index.catch_up()
    kept: list[SearchStopped] = []

    def stop_at_once() -> None:
        try:
            asking.find("bluetooth", (), 50, lambda: True)
        except SearchStopped as stopped:
            kept.append(stopped)  # with all that its traceback holds, as a screen's future does

    answers: list[Findings] = []
    for work in (stop_at_once, lambda: answers.append(asking.find("bluetooth"))):
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
    assert len(kept) == 1
    assert answers[0].count >= 1


@pytest.mark.parametrize("text", ["5", "55", "t"])
def test_what_cannot_be_part_of_a_number_is_not_looked_for_in_numbers(
    seeded: Session, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Of 100,000 contacts most have a number that ends in something with a five: each of them would be looked at in vain."""
    with seeded.change("many") as change:
        for number in range(30):
            phone = {"value": f"+39025551{number:03}", "typed": f"+39025551{number:03}"}
            change.add("contact", {"first_name": "Anna", "last_name": "Verdi", "phone": [phone]})
    asking, looked = finder(seeded), list[int]()
    asking.index.catch_up()
    holds = Verifier.holds

    def watched(look: Verifier, item_id: int) -> bool:
        looked.append(item_id)
        return holds(look, item_id)

    monkeypatch.setattr(Verifier, "holds", watched)
    asking.find(text, ("contact",))
    assert looked == []
    assert asking.find("555", ("contact",)).count == 30


def test_reading_makes_room_for_who_asks(seeded: Session) -> None:
    asking = finder(seeded)
    read: list[int] = []
    ended = threading.Event()

    def build() -> None:
        asking.index.catch_up(lambda done, _of: read.append(done))
        ended.set()

    with asking.index.asking():
        building = threading.Thread(target=build, daemon=True)
        building.start()
        assert asking.find("rossi").lacks > 0
        assert read == []
    assert ended.wait(10)
    building.join()
    assert asking.find("rossi").lacks == 0


def test_a_word_that_thousands_of_options_hold_asks_for_those_in_use(seeded: Session) -> None:
    """Asking the index for each of 8,000 options that hold an "e" took a quarter of a second for one letter, 13 s for 50."""
    field = add_field(seeded, "deal", "Colour", "list", options=[f"Colour {n}" for n in range(300)])
    items.edit(seeded, Ref("deal", 2), {field.key: field.options[7].key})
    assert found(seeded, "colour colour col") == ["D-2"]
    asked = ask(seeded, "colour colour col").asked
    assert [len(part.values) for part in asked.parts] == [1, 1], "each word once, each with the one option in use"
    items.edit(seeded, Ref("deal", 3), {field.key: field.options[8].key})
    assert set(found(seeded, "colour")) == {"D-2", "D-3"}
