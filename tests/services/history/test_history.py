"""The history of an item: who changed what, the item as it was, values and whole items brought back by the rules of any edit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound, Refused, RequiredFields
from tuicrm.services.definitions import pipelines
from tuicrm.services.history import history
from tuicrm.services.history.undo import undo
from tuicrm.services.items import cards, items, stages, timeline
from tuicrm.services.kernel.session import Session

D1, D2 = Ref("deal", 1), Ref("deal", 2)


@pytest.fixture
def changed(seeded: Session, clock: Clock, open_as: OpenAs) -> Session:
    """D-2 in three steps of an hour: Anna renames it, Luca moves it, Anna changes title and amount."""
    clock.tick(hours=1)
    items.edit(seeded, D2, {"title": "ERP"})
    clock.tick(hours=1)
    stages.move(open_as("luca"), D2, "preparation")
    seeded.store.refresh()
    clock.tick(hours=1)
    items.edit(seeded, D2, {"title": "ERP, large", "amount": {"amount": "50000", "currency": "EUR"}})
    return seeded


def told(session: Session, ref: Ref = D2, **asked: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    context = session.context()
    return [
        (step.version.by, [(one.key, one.old, one.new) for one in history.texts(session, ref, step, context)])
        for step in history.steps(session, ref, **asked)
        if step.what == "changed"
    ]


def test_who_changed_what_from_what_to_what(changed: Session) -> None:
    assert told(changed) == [
        ("anna", [("title", "ERP", "ERP, large"), ("amount", "€ 38,000.00", "€ 50,000.00")]),
        ("luca", [("stage", "New", "Document preparation")]),
        ("anna", [("title", "ERP connector", "ERP")]),
    ]
    assert history.steps(changed, D2)[-1].what == "added"
    assert [by for by, _fields in told(changed, by="luca")] == ["luca"]
    assert len(told(changed, field="title")) == 2


def test_the_item_as_it_was(changed: Session) -> None:
    steps = history.steps(changed, D2)

    def title(when: datetime | int) -> str:
        return cards.view(changed, history.item_of(D2, history.version_at(changed, D2, when))).title

    assert [title(step.version.seq) for step in steps] == ["ERP, large", "ERP", "ERP", "ERP connector"]
    assert title(steps[0].version.seq - 1) == "ERP"
    made = datetime.fromisoformat(steps[-1].version.at)
    assert title(made + timedelta(hours=1)) == "ERP, large"
    for before in (made - timedelta(hours=1), 1):
        with pytest.raises(NotFound, match="D-2 did not exist"):
            title(before)


def test_a_value_and_the_whole_item_come_back_each_as_one_undo(changed: Session) -> None:
    first = history.versions(changed, D2)[-1]
    assert history.restore(changed, D2, first, ["title"]).fields == ("title",)
    item = changed.get(D2)
    assert (item.get("title"), item.get("stage")) == ("ERP connector", "preparation")
    assert set(history.restore(changed, D2, first, dry_run=True).fields) == {"pipeline", "stage", "amount"}
    assert changed.get(D2).get("stage") == "preparation"
    history.restore(changed, D2, first)
    item = changed.get(D2)
    assert (item.get("stage"), item.get("amount")["amount"]) == ("new", "38000.00")
    assert "Document preparation → New" in [entry.title for entry in timeline.view(changed, D2).entries]
    with pytest.raises(Refused, match="Nothing to restore"):
        history.restore(changed, D2, first)
    undo(changed)
    undo(changed)
    assert changed.get(D2).get("title") == "ERP, large"


def test_the_rules_hold(changed: Session, open_as: OpenAs) -> None:
    first = history.versions(changed, D2)[-1]
    with changed.change("require") as change:
        change.put("field", {"type": "deal", "key": "source", "required_at": {"general": ["new"]}})
    with pytest.raises(RequiredFields):
        history.restore(changed, D2, first)
    with pytest.raises(Refused, match="by hand"):
        history.restore(changed, D2, first, ["created"])
    items.edit(changed, D1, {"title": "x", "source": "call"})
    luca = open_as("luca")
    with pytest.raises(AccessDenied):
        history.restore(luca, D1, history.versions(luca, D1)[-1], ["title"])


def test_a_deleted_item_is_found_and_comes_back_with_its_entries(changed: Session) -> None:
    timeline.comment(changed, D2, "said")
    items.delete(changed, [D2])
    assert history.steps(changed, D2)[0].what == "deleted"
    with pytest.raises(NotFound, match="deleted at that time"):
        history.version_at(changed, D2, changed.store.seq())
    first = history.versions(changed, D2)[-1]
    history.restore(changed, D2, first, ["title"])
    item = changed.get(D2)
    assert (item.get("title"), item.get("stage")) == ("ERP connector", "preparation")
    assert "said" in [entry.text for entry in timeline.view(changed, D2).entries]
    undo(changed)
    history.restore(changed, D2)
    assert changed.get(D2).get("title") == "ERP connector"
    with pytest.raises(Refused, match=r"D-. is not deleted"):
        history.restore(changed, D2)


def test_what_comes_back_keeps_a_number_of_its_own(seeded: Session) -> None:
    quote = items.add(seeded, "quote", {"title": "Offer"})
    items.delete(seeded, [quote.ref])
    items.add(seeded, "quote", {"number": quote.get("number")})
    with pytest.raises(Refused, match="has this number"):
        history.restore(seeded, quote.ref)


def test_a_stage_that_is_gone_is_left_out_of_the_whole_and_refused_alone(changed: Session) -> None:
    stages.move(changed, D2, "new")
    version = history.versions(changed, D2)[1]
    pipelines.delete_stage(changed, "deal", "general", "preparation")
    items.edit(changed, D2, {"title": "Other"})
    with pytest.raises(Refused, match="Stage"):
        history.restore(changed, D2, version, ["stage"])
    done = history.restore(changed, D2, version)
    assert (done.fields, done.left) == (("title",), ("stage",))
    assert changed.get(D2).get("stage") == "new"


def test_a_field_one_may_not_see_is_not_told_and_stays(changed: Session, open_as: OpenAs) -> None:
    with changed.change("define") as change:
        secret = {"type": "deal", "key": "secret", "kind": "string", "label": "Secret", "custom": True}
        change.put("field", {**secret, "visible_to": ["anna"]})
    items.edit(changed, D2, {"secret": "one"})
    first = history.versions(changed, D2)[-1]
    items.edit(changed, D2, {"secret": "two"})
    luca = open_as("luca")
    assert "secret" not in str(history.steps(luca, D2)) + str(told(luca))
    with pytest.raises(Refused):
        history.restore(luca, D2, first, ["secret"])
    history.restore(luca, D2, history.versions(luca, D2)[-1])
    changed.store.refresh()
    assert changed.get(D2).get("secret") == "two"


def test_read_in_slices_it_is_what_it_is_at_once(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    deal = Ref("deal", 1)
    for number in range(13):
        items.edit(seeded, deal, {"title": f"Title {number}"})
    items.delete(seeded, [deal])
    everything = history.steps(seeded, deal)
    for size in (2, 3, 7, 14, 15, 16, 99):
        monkeypatch.setattr(history, "_SLICE", size)
        reading = history.HistoryReading(seeded, deal)
        while not reading.whole:
            reading.go_on()
            so_far = reading.steps()
            assert so_far == everything[: len(so_far)]
        assert reading.steps() == everything
