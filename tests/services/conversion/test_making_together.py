"""One from another while others are at work: what was changed, moved, deleted meanwhile, and undone afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.services.conversion.world import full, make, proposal, wanted
from tuicrm.domain.conversion import Plan
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict, NotFound
from tuicrm.services.conversion import making
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session


# -- together ----------------------------------------------------------------------------------------------------------
def test_a_source_that_was_changed_meanwhile_in_what_is_copied(seeded: Session, open_as: OpenAs) -> None:
    lead = full(seeded, "lead")
    proposed = proposal(seeded, lead, "deal")
    items.edit(open_as("anna"), lead, {"comment": "Other"})
    seeded.store.refresh()
    seq = seeded.store.seq()
    with pytest.raises(Conflict, match="someone else changed it") as error:
        making.carry_out(seeded, Plan(proposed, wanted(proposed)))
    assert [clash.field for clash in error.value.clashes] == ["comment"]
    assert seeded.store.seq() == seq


def test_a_source_that_was_changed_in_other_things_merges(seeded: Session, open_as: OpenAs) -> None:
    lead = full(seeded, "lead")
    proposed = proposal(seeded, lead, "deal")
    items.edit(open_as("anna"), lead, {"company_title": "Other", "comment": "Other"})
    seeded.store.refresh()
    deal = making.carry_out(seeded, Plan(proposed, wanted(proposed, deal={"comment": "my own words"}))).made["deal"]
    assert seeded.get(deal).get("comment") == "my own words"
    assert (seeded.get(lead).get("company_title"), seeded.get(lead).get("stage")) == ("Other", "converted")


def test_a_source_that_was_moved_meanwhile(seeded: Session, open_as: OpenAs) -> None:
    lead = full(seeded, "lead")
    proposed = proposal(seeded, lead, "deal")
    stages.move(open_as("anna"), lead, "junk")
    seeded.store.refresh()
    with pytest.raises(Conflict):
        making.carry_out(seeded, Plan(proposed, wanted(proposed)))
    assert seeded.get(lead).get("stage") == "junk"


def test_a_source_that_was_deleted_meanwhile(seeded: Session, open_as: OpenAs) -> None:
    deal = Ref("deal", 1)
    proposed = proposal(seeded, deal, "quote")
    items.delete(open_as("anna"), [deal])
    seeded.store.refresh()
    with pytest.raises(NotFound, match="was deleted"):
        making.carry_out(seeded, Plan(proposed, wanted(proposed)))
    assert seeded.ids("quote") == []


def test_an_edit_that_lands_in_the_very_moment(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the draft and the commit: the source is not written by a deal that becomes a quote, and still it counts."""
    other, deal = open_as("anna"), Ref("deal", 1)
    proposed = proposal(seeded, deal, "quote")
    commit = seeded.store.commit

    def late(*given: Any, **more: Any) -> int:
        monkeypatch.setattr(seeded.store, "commit", commit)
        items.edit(other, deal, {"title": "Other"})
        return commit(*given, **more)

    monkeypatch.setattr(seeded.store, "commit", late)
    with pytest.raises(Conflict):
        making.carry_out(seeded, Plan(proposed, wanted(proposed)))
    assert seeded.ids("quote") == []


def test_undo_after_what_others_did(seeded: Session, open_as: OpenAs) -> None:
    lead = full(seeded, "lead")
    deal = make(seeded, lead, "deal").made["deal"]
    other = open_as("anna")
    items.edit(other, lead, {"comment": "later"})
    seeded.store.refresh()
    items.edit(seeded, Ref("company", 1), {"comment": "and this"})
    undo(seeded)
    # The last of the two sessions' changes is one person's: each undo takes the newest.
    undo(seeded)
    undo(seeded)
    assert seeded.peek(deal) is None
    assert seeded.get(lead).get("stage") == "new"


def test_undo_is_refused_once_somebody_built_on_it(seeded: Session, open_as: OpenAs) -> None:
    lead = items.add(seeded, "lead", {"title": "x", "responsible": "luca"}).ref
    luca = open_as("luca")
    deal = make(luca, lead, "deal").made["deal"]
    seeded.store.refresh()
    items.edit(seeded, deal, {"title": "Anna's"})
    luca.store.refresh()
    with pytest.raises(Conflict, match="Anna Bianchi changed Title of D-4 since"):
        undo(luca)
    assert luca.get(lead).get("stage") == "converted"
