"""Filters under a name: one's own, shared ones, and what `@name` stands for."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.errors import AccessDenied, NotFound, Refused, UsageError
from tuicrm.services.boards import saved_filters
from tuicrm.services.boards.filters import compile_for
from tuicrm.services.definitions.field_changes import delete_field
from tuicrm.services.history.undo import undo
from tuicrm.services.kernel.session import Session


def names(session: Session) -> list[str]:
    return [one.name for one in saved_filters.saved(session, "deal")]


def test_kept_used_replaced_and_undone(seeded: Session) -> None:
    saved_filters.save(seeded, "deal", " @Big  ones", "amount > 20000")
    assert names(seeded) == ["Big ones"]
    assert compile_for(seeded, "deal", "@big ones") == compile_for(seeded, "deal", "amount > 20000")
    saved_filters.save(seeded, "deal", "Big ones", "amount > 5")
    assert [one.text for one in saved_filters.saved(seeded, "deal")] == ["amount > 5"]
    assert saved_filters.saved(seeded, "contact") == []
    undo(seeded)
    assert [one.text for one in saved_filters.saved(seeded, "deal")] == ["amount > 20000"]
    undo(seeded)
    assert names(seeded) == []


def test_ones_own_are_ones_own_and_shared_ones_need_a_right(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    saved_filters.save(luca, "deal", "Mine", "responsible = me")
    seeded.store.refresh()
    assert names(seeded) == []
    with pytest.raises(AccessDenied):
        saved_filters.save(luca, "deal", "Ours", "amount > 1", shared=True)
    ours = saved_filters.save(seeded, "deal", "Ours", "amount > 1", shared=True)
    luca.store.refresh()
    assert names(luca) == ["Mine", "Ours"]
    with pytest.raises(AccessDenied):
        saved_filters.delete(luca, ours)
    with pytest.raises(AccessDenied):
        saved_filters.rename(luca, ours, "Yours")
    with pytest.raises(AccessDenied):
        saved_filters.share(luca, ours, shared=False)
    saved_filters.share(seeded, ours, shared=False)
    luca.store.refresh()
    assert names(luca) == ["Mine"]


def test_a_shared_one_that_speaks_of_a_hidden_field_is_not_there(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    key = add_field(seeded, "deal", "Secret", "string", key="secret").key
    saved_filters.save(seeded, "deal", "Known", f"{key} = x", shared=True)
    luca.store.refresh()
    assert names(luca) == ["Known"]
    restrict_field(seeded, "deal", key, ["anna"])
    luca.store.refresh()
    assert names(luca) == []
    assert names(seeded) == ["Known"]
    with pytest.raises(UsageError) as refused:
        compile_for(luca, "deal", "@Known")
    assert "secret" not in refused.value.message


def test_one_whose_field_is_gone_says_so(seeded: Session) -> None:
    key = add_field(seeded, "deal", "Extra", "string").key
    one = saved_filters.save(seeded, "deal", "Extra ones", f"{key} = x")
    delete_field(seeded, "deal", key)
    assert "no field" in saved_filters.why_unreadable(seeded, one)


@pytest.mark.parametrize(("name", "text"), [("", "amount > 1"), ("x" * 61, "amount > 1"), ("x", " ")])
def test_what_is_no_name_or_no_filter_is_refused(seeded: Session, name: str, text: str) -> None:
    with pytest.raises(Refused):
        saved_filters.save(seeded, "deal", name, text)


def test_a_kept_filter_is_narrowed_and_widened(seeded: Session) -> None:
    saved_filters.save(seeded, "deal", "Big and new", "amount > 20000 or title ~ label")

    def found(text: str) -> set[int]:
        return {item.ref.id for item in seeded.find("deal", compile_for(seeded, "deal", text), [], 100).items}

    alone = found("@big and new")
    assert found('@"big and new"') == alone
    both = found('@big and new and title ~ "label"')
    assert both == found('(amount > 20000 or title ~ label) and title ~ "label"') < alone
    assert found("@Big and new or amount > 0") == found("amount > 20000 or title ~ label or amount > 0") > alone
    text = "@big and new and amount > many"
    with pytest.raises(UsageError) as refused:
        compile_for(seeded, "deal", text)
    assert refused.value.position == text.index("many")
    with pytest.raises(UsageError, match="no filter “big”"):
        compile_for(seeded, "deal", "@big")


def test_mistakes_are_told(seeded: Session) -> None:
    with pytest.raises(UsageError):
        saved_filters.save(seeded, "deal", "x", "nowhere > 1")
    saved_filters.save(seeded, "deal", "Hot", "amount > 1")
    saved_filters.save(seeded, "deal", "Cold", "@hot")
    assert {one.text for one in saved_filters.saved(seeded, "deal")} == {"amount > 1"}, "no filter depends on another"
    with pytest.raises(NotFound, match="no filter “hott”; choose one of: Hot, Cold"):
        saved_filters.find(seeded, "deal", "@hott")
    with pytest.raises(Refused):
        saved_filters.rename(seeded, saved_filters.find(seeded, "deal", "hot"), "Cold")
