"""The door: what a change checks, writes beside itself, merges and refuses."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused, RequiredFields
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.session import Session

D1, D2 = Ref("deal", 1), Ref("deal", 2)


def kinds(session: Session, ref: Ref) -> list[str]:
    return [entry.kind for entry in timeline.view(session, ref).entries]


def require(session: Session, field: str, *stages: str) -> None:
    """Make a field of deals required at stages of the general pipeline."""
    with session.change("require") as change:
        change.put("field", {"type": "deal", "key": field, "required_at": {"general": list(stages)}})


def test_a_new_item_gets_its_place_its_maker_and_its_defaults(workspace: Session, clock: Clock) -> None:
    made = items.add(workspace, "deal", {"title": "A"})
    assert made.get("stage") == "new"
    assert made.get("pipeline") == "general"
    assert made.get("responsible") == made.get("created_by") == "anna"
    assert made.get("created") == made.get("stage_since") == "2026-11-23T10:00:00Z"
    assert made.get("close_date") == "2026-11-30"
    assert made.get("open_to_all") is True
    assert kinds(workspace, made.ref) == ["created"]


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(workspace: Session) -> None:
    seq = workspace.store.seq()
    with pytest.raises(Refused) as refused:
        items.add(workspace, "deal", {"title": 5, "amount": "many", "nothing": 1, "stage_since": "x"})
    assert {problem.field for problem in refused.value.fields} == {"title", "amount", "nothing", "stage_since"}
    assert workspace.store.seq() == seq


def test_an_edit_that_changes_nothing_is_not_saved(seeded: Session) -> None:
    before = seeded.get(D1)
    items.edit(seeded, D1, {"title": before.get("title"), "comment": "", "observers": []})
    assert seeded.get(D1).rev == before.rev


def test_a_part_of_a_value_can_be_set_alone(seeded: Session) -> None:
    assert items.edit(seeded, D1, {"currency": "CHF"}).get("amount") == {"amount": "12500.00", "currency": "CHF"}


def test_amount_and_responsible_are_told_in_the_timeline(seeded: Session, clock: Clock) -> None:
    clock.tick(minutes=1)
    items.edit(seeded, D1, {"amount": {"amount": "13000", "currency": "EUR"}, "responsible": "luca", "comment": "x"})
    assert sorted(kinds(seeded, D1)) == ["amount", "created", "responsible"]
    titles = {entry.title for entry in timeline.view(seeded, D1).entries}
    assert "Amount: € 12,500.00 → € 13,000.00" in titles
    assert "Responsible: Anna Bianchi → Luca Riva" in titles


def test_required_at_a_stage_stops_a_save_in_it(seeded: Session) -> None:
    require(seeded, "amount", "new")
    with pytest.raises(RequiredFields) as refused:
        items.edit(seeded, Ref("deal", 3), {"comment": "x"})
    assert [problem.field for problem in refused.value.fields] == ["amount"]
    assert "New requires: Amount" in refused.value.message
    filled = items.edit(seeded, Ref("deal", 3), {"comment": "x", "amount": {"amount": "1", "currency": "EUR"}})
    assert filled.get("comment") == "x"
    with pytest.raises(RequiredFields):
        items.edit(seeded, Ref("deal", 3), {"amount": None})


def test_comments_and_activities_are_no_edits_of_fields(seeded: Session) -> None:
    require(seeded, "amount", "new")
    assert timeline.comment(seeded, Ref("deal", 3), "still possible")


def test_edits_of_different_fields_merge_by_themselves(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    base = seeded.get(D1)
    items.edit(other, D1, {"comment": "theirs"}, base=other.get(D1))
    merged = items.edit(seeded, D1, {"title": "Mine"}, base=base)
    assert (merged.get("title"), merged.get("comment")) == ("Mine", "theirs")


def test_edits_of_the_same_field_are_a_conflict_that_shows_theirs(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    base = seeded.get(D1)
    items.edit(other, D1, {"title": "Theirs"}, base=other.get(D1))
    with pytest.raises(Conflict) as conflict:
        items.edit(seeded, D1, {"title": "Mine"}, base=base)
    assert [(problem.field, problem.value) for problem in conflict.value.fields] == [("title", "Theirs")]
    assert seeded.get(D1).get("title") == "Theirs"


def test_both_writing_the_same_value_is_no_conflict(seeded: Session, open_as: OpenAs) -> None:
    base = seeded.get(D1)
    items.edit(open_as("anna"), D1, {"title": "Same"})
    assert items.edit(seeded, D1, {"title": "Same"}, base=base).get("title") == "Same"


def test_an_expected_revision_is_checked_even_for_nothing(seeded: Session) -> None:
    rev = seeded.get(D1).rev
    items.edit(seeded, D1, {"comment": "x"}, expect=rev)
    with pytest.raises(Conflict):
        items.edit(seeded, D1, {"comment": "x"}, expect=rev)


def test_what_is_gone_is_not_found(seeded: Session) -> None:
    items.delete(seeded, [D1])
    with pytest.raises(NotFound):
        items.edit(seeded, D1, {"title": "x"})
    with pytest.raises(NotFound):
        timeline.comment(seeded, D1, "x")


def test_a_manager_edits_only_what_is_theirs(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    assert items.edit(luca, D2, {"title": "Mine"}).get("title") == "Mine"
    with pytest.raises(AccessDenied):
        items.edit(luca, D1, {"title": "x"})
    with pytest.raises(AccessDenied):
        items.delete(luca, [D1])
    with pytest.raises(AccessDenied), luca.change("definitions") as change:
        change.put("dictionary", {"key": "x", "label": "X", "entries": []})


def test_a_hidden_field_does_not_exist_for_others(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("restrict") as change:
        field = {"type": "deal", "key": "margin", "kind": "integer", "label": "Margin", "custom": True}
        change.put("field", {**field, "visible_to": ["anna"]})
    items.edit(seeded, D2, {"margin": 30})
    luca = open_as("luca")
    assert "margin" not in luca.get(D2).fields
    with pytest.raises(Refused, match="no such field"):
        items.edit(luca, D2, {"margin": 1})
    assert items.edit(luca, D2, {"title": "Kept"}).get("title") == "Kept"
    assert seeded.get(D2).get("margin") == 30


def test_a_pipeline_change_goes_to_its_first_stage(seeded: Session) -> None:
    with seeded.change("pipeline") as change:
        stages = [
            {"key": "a", "label": "A", "colour": "#fff"},
            {"key": "b", "label": "B", "colour": "#fff", "semantics": "success"},
        ]
        change.put("pipeline", {"key": "retail", "type": "deal", "label": "Retail", "stages": stages})
    moved = items.edit(seeded, D1, {"pipeline": "retail"})
    assert (moved.get("pipeline"), moved.get("stage")) == ("retail", "a")
    with pytest.raises(Refused, match="there is no stage"):
        items.edit(seeded, D1, {"stage": "won"})


def test_a_bulk_is_seen_only_when_it_is_whole(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    with seeded.bulk("import") as bulk:
        for name in ("X", "Y"):
            with bulk.change() as change:
                change.add("company", {"title": name})
        assert len(other.ids("company")) == 2
    other.store.refresh()
    assert len(other.ids("company")) == 4


def test_a_bulk_that_fails_never_happened(seeded: Session) -> None:
    def fail() -> None:
        with seeded.bulk("import") as bulk:
            with bulk.change() as change:
                change.add("company", {"title": "X"})
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        fail()
    assert len(seeded.ids("company")) == 2
