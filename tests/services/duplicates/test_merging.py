"""Several items become one: values, timelines, what points at them; undone a week and a compaction later; refused with reasons."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.duplicates import merging
from tuicrm.services.duplicates.duplicates import distinct_from, tell_apart
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import activities, items, relations, timeline
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES, IMPORT_KEYS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Key

C1, C2, C3, CO1, CO2, D1, D2 = (
    Ref("contact", 1), Ref("contact", 2), Ref("contact", 3), Ref("company", 1), Ref("company", 2), Ref("deal", 1), Ref("deal", 2),
)  # fmt: skip


def add(session: Session, type_key: str, **texts: str) -> Ref:
    return items.add(session, type_key, items.values(session, type_key, texts)).ref


@pytest.fixture
def twice(seeded: Session) -> Session:
    """C-2 is Maria Rossi once more, with other numbers, a company, a timeline and a deal."""
    items.edit(seeded, C1, items.values(seeded, "contact", {"phone": "+39 041 5551234", "position": "Buyer"}))
    add(
        seeded, "contact", first_name="Maria", last_name="Rossi-Bianchi", company="CO-1",
        phone="+39 041 5551234; +39 333 5559876", email="maria@rossi.example", comment="From the fair",
    )  # fmt: skip
    items.edit(seeded, D2, {"contacts": [str(C2)]})
    items.edit(seeded, D1, {"contacts": [str(C1), str(C2)]})
    timeline.pin(seeded, timeline.comment(seeded, C2, "Called back"))
    activities.add(seeded, C2, "Send the offer", "2026-11-25T09:00:00Z")
    return seeded


def state(session: Session) -> dict[tuple[str, int], object]:
    """All that there is."""
    tables = [*session.workspace.types, ENTRIES, ACTIVITIES, IMPORT_KEYS, "distinct", "link"]
    return {(table, one.id): one.doc for table in tables for one in session.store.find(Find(table)).records}


def choose_main(plan: merging.MergePlan) -> dict[str, Ref]:
    return {row.field.key: plan.main.ref for row in plan.rows if row.is_open}


def test_each_field_has_its_outcome(twice: Session) -> None:
    plan = merging.plan(twice, [C1, C2])
    assert {row.field.key: row.outcome for row in plan.rows} == {
        "first_name": "same",
        "last_name": "chosen",
        "position": "one",
        "phone": "united",
        "email": "one",
        "company": "same",
        "comment": "one",
        "responsible": "same",
        **{row.field.key: row.outcome for row in plan.rows if row.field.key in ("open_to_all", "may_export")},
    }
    assert [row.field.key for row in merging.undecided(plan, {})] == ["last_name"]
    assert plan.belongings == (2, 1, 2)


def test_all_comes_together_and_one_undo_takes_it_apart(twice: Session, clock: Clock, open_as: OpenAs) -> None:
    before = state(twice)
    plan = merging.plan(twice, [C1, C2])
    merged = merging.merge(twice, plan, {"last_name": C2})
    assert (merged.get("last_name"), merged.get("position"), merged.get("comment")) == (
        "Rossi-Bianchi",
        "Buyer",
        "From the fair",
    )
    assert [one["value"] for one in merged.get("phone")] == ["+390415551234", "+393335559876"]
    assert [one["value"] for one in merged.get("email")] == ["maria@rossi.example"]
    assert twice.get(D2).get("contacts") == [str(C1)]
    assert twice.get(D1).get("contacts") == [str(C1)], "once, where both stood"
    shown = timeline.view(twice, C1).entries
    assert {"Send the offer", "Comment"} <= {entry.title for entry in shown}
    assert any(entry.pinned for entry in shown)
    assert any("C-2 Maria Rossi-Bianchi" in entry.title for entry in shown), "the timeline says so"
    with pytest.raises(NotFound):
        twice.get(C2)
    clock.tick(days=7)
    assert twice.store.files.compact()
    add(twice, "company", title="Something else")
    undo(twice)
    twice.close()
    later = open_as("anna")
    clock.tick(days=1)
    assert later.store.files.compact()
    undo(later)
    assert state(later) == before
    redo(later)
    assert later.get(D2).get("contacts") == [str(C1)]
    undo(later)
    assert state(later) == before


def test_companies_take_their_contacts_and_deals_along(seeded: Session) -> None:
    merging.merge(seeded, plan := merging.plan(seeded, [CO2, CO1]), choose_main(plan))
    assert seeded.get(C1).get("company") == str(CO2)
    assert seeded.get(D1).get("company") == str(CO2)
    assert seeded.get(D2).get("company") == str(CO2)


def test_deals_of_different_stages(seeded: Session) -> None:
    items.edit(seeded, D2, {"stage": "executing"})
    plan = merging.plan(seeded, [D1, D2])
    choices = {**choose_main(plan), "stage": D2, "amount": D2}
    merged = merging.merge(seeded, plan, choices)
    assert merged.get("stage") == "executing"
    assert merged.get("amount")["amount"] == "38000.00"
    assert merged.get("title") == "Website redesign"


def test_three_at_once(twice: Session) -> None:
    add(twice, "contact", first_name="Maria", last_name="Rossi", web="https://rossi.example", phone="+39 333 5559876")
    plan = merging.plan(twice, [C1, C2, C3])
    merged = merging.merge(twice, plan, choose_main(plan))
    assert len(merged.get("phone")) == 2
    assert twice.find("contact").total == 1


def test_what_was_imported_is_known_still_and_what_was_told_apart_stays_so(twice: Session) -> None:
    with twice.change("import") as change:
        change.follow(lambda draft: draft.put(Key(IMPORT_KEYS, 1), {"key": "k", "ref": str(C2), "source": "x"}))
    add(twice, "contact", first_name="Maria", last_name="Rossi")
    tell_apart(twice, [C2, C3])
    tell_apart(twice, [C1, C2])
    merging.merge(twice, plan := merging.plan(twice, [C1, C2]), choose_main(plan))
    record = twice.store.get(IMPORT_KEYS, [1])[0]
    assert record.doc["ref"] == str(C1)
    assert distinct_from(twice, C3) == {C1}
    assert distinct_from(twice, C1) == {C3}


def test_free_links_go_along_each_once_and_come_back(twice: Session) -> None:
    for ref, other, word in ((C2, D1, "introduced by"), (D2, C2, ""), (C1, D2, "decides"), (C1, C2, "brothers")):
        relations.link(twice, ref, other, word)
    before = state(twice)
    plan = merging.plan(twice, [C1, C2])
    merging.merge(twice, plan, choose_main(plan))
    found = relations.relations(twice, twice.get(C1)).links
    assert sorted((str(one.ref), one.how) for one in found) == [("deal:1", "introduced by"), ("deal:2", "decides")]
    assert [one.ref for one in relations.relations(twice, twice.get(D1)).links] == [C1]
    undo(twice)
    assert state(twice) == before


def test_what_is_not_chosen_is_refused_with_the_fields(twice: Session) -> None:
    before = state(twice)
    with pytest.raises(Refused) as refused:
        merging.merge(twice, merging.plan(twice, [C1, C2]), {})
    assert [problem.field for problem in refused.value.fields] == ["last_name"]
    assert state(twice) == before


@pytest.mark.parametrize("changed", [C1, C2])
def test_what_somebody_changed_meanwhile_is_a_conflict(twice: Session, open_as: OpenAs, changed: Ref) -> None:
    other = open_as("anna")
    plan = merging.plan(twice, [C1, C2])
    items.edit(other, changed, {"position": "Director"})
    with pytest.raises(Conflict, match="someone else changed it"):
        merging.merge(twice, plan, choose_main(plan))
    assert twice.get(C2).get("first_name") == "Maria"


def test_one_that_is_gone_says_so(twice: Session) -> None:
    plan = merging.plan(twice, [C1, C2])
    items.delete(twice, [C2])
    with pytest.raises(NotFound, match="was deleted by"):
        merging.merge(twice, plan, choose_main(plan))


def test_of_one_or_of_two_types_it_is_refused(seeded: Session) -> None:
    for refs in ([C1], [C1, C1], [C1, CO1]):
        with pytest.raises(Refused):
            merging.plan(seeded, refs)


def test_who_does_not_see_all_may_not(twice: Session, open_as: OpenAs) -> None:
    field = add_field(twice, "contact", "Secret thing", "string").key
    items.edit(twice, C1, {"responsible": "luca"})
    items.edit(twice, C2, {"responsible": "luca"})
    luca = open_as("luca")
    assert merging.plan(luca, [C1, C2])
    restrict_field(twice, "contact", field, ["anna"])
    luca.store.refresh()
    with pytest.raises(AccessDenied) as refused:
        merging.plan(luca, [C1, C2])
    assert "Secret" not in refused.value.message
    assert merging.plan(twice, [C1, C2])


def own_only(session: Session, operation: str) -> None:
    """Managers may do it to their own contacts and deals alone."""
    role = next(one for one in session.workspace.records["role"].values() if not one.doc.get("admin"))
    rules = {place: dict(rule) for place, rule in role.doc["rules"].items()}
    anywhere = rules.get("*", {})
    for key in ("contact", "deal"):
        rules[key] = {**anywhere, **rules.get(key, {}), operation: "own"}
    with session.change("rules") as change:
        change.put("role", {**role.doc, "rules": rules}, role.id)


@pytest.mark.parametrize(("operation", "mine", "others"), [("edit", C2, C1), ("delete", C1, C2)])
def test_it_needs_the_right_to_change_the_first_and_to_delete_the_others(
    twice: Session, open_as: OpenAs, operation: str, mine: Ref, others: Ref
) -> None:
    items.edit(twice, mine, {"responsible": "luca"})
    own_only(twice, operation)
    luca = open_as("luca")
    with pytest.raises(AccessDenied):
        merging.plan(luca, [C1, C2])
    items.edit(twice, others, {"responsible": "luca"})
    luca.store.refresh()
    assert merging.plan(luca, [C1, C2])


def test_what_points_at_them_follows_whoever_may_change_it_and_back(twice: Session, open_as: OpenAs) -> None:
    for ref in (C1, C2):
        items.edit(twice, ref, {"responsible": "luca"})
    own_only(twice, "edit")
    luca = open_as("luca")
    before = state(luca)
    plan = merging.plan(luca, [C1, C2])
    merging.merge(luca, plan, choose_main(plan))
    twice.store.refresh()
    assert twice.get(D1).get("contacts") == [str(C1)]
    undo(luca)
    assert state(luca) == before


def test_undo_is_refused_where_somebody_built_on_it(twice: Session, open_as: OpenAs) -> None:
    items.edit(twice, C1, {"responsible": "luca"})
    other = open_as("luca")
    plan = merging.plan(twice, [C1, C2])
    merging.merge(twice, plan, {**choose_main(plan), "last_name": C2})
    other.store.refresh()
    items.edit(other, C1, {"last_name": "Verdi"})
    with pytest.raises(Conflict, match="Luca Riva"):
        undo(twice)
