"""Dictionaries: new ones, and entries added, renamed, put in order, retired; what is in use or is built in stays."""

from __future__ import annotations

from functools import partial

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.definitions import dictionaries, option_lists
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel import field_texts
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)


def entries(session: Session, key: str) -> list[tuple[str, bool]]:
    found = session.workspace.dictionaries[key]
    return [(entry.key, entry.retired) for entry in found.entries]


def test_a_new_dictionary_serves_a_field(seeded: Session) -> None:
    made = dictionaries.add_dictionary(seeded, "Colours", ["Red", "Blue"])
    assert (made.key, entries(seeded, "colours")) == ("colours", [("red", False), ("blue", False)])
    add_field(seeded, "deal", "Paint", "dictionary", key="paint", dictionary="colours")
    items.edit(seeded, D1, items.values(seeded, "deal", {"paint": "Blue"}))
    dictionaries.rename_entry(seeded, "colours", "blue", "Navy")
    dictionaries.add_entry(seeded, "colours", "Green")
    dictionaries.move_entry(seeded, "colours", "green", -1)
    assert [key for key, _retired in entries(seeded, "colours")] == ["red", "green", "blue"]
    paint = seeded.workspace.fields("deal")["paint"]
    assert field_texts.show_value(seeded, seeded.get(D1), paint) == "Navy"
    with pytest.raises(Refused, match="Deals: Paint"):
        dictionaries.delete_dictionary(seeded, "colours")
    for _step in range(3):
        undo(seeded)
    assert entries(seeded, "colours") == [("red", False), ("blue", False)]


def test_an_entry_in_use_is_retired_and_one_that_came_with_the_program_stays(seeded: Session) -> None:
    dictionaries.add_entry(seeded, "source", "Podcast")
    items.edit(seeded, D1, {"source": "podcast"})
    assert not dictionaries.delete_entry(seeded, "source", "podcast")
    assert entries(seeded, "source")[-1] == ("podcast", True)
    assert field_texts.show_value(seeded, seeded.get(D1), seeded.workspace.fields("deal")["source"]) == "Podcast"
    with pytest.raises(Refused, match="source"):
        items.values(seeded, "deal", {"source": "Podcast"})
    dictionaries.retire_entry(seeded, "source", "podcast", back=True)
    items.edit(seeded, D1, {"source": None})
    assert dictionaries.delete_entry(seeded, "source", "podcast")
    first = seeded.workspace.dictionaries["source"].entries[0].key
    with pytest.raises(Refused, match="is built in"):
        dictionaries.delete_entry(seeded, "source", first)
    dictionaries.rename_entry(seeded, "source", first, "By name")
    dictionaries.retire_entry(seeded, "source", first)
    assert entries(seeded, "source")[0] == (first, True)
    with pytest.raises(Refused, match="is built in"):
        dictionaries.delete_dictionary(seeded, "source")


def test_several_steps_are_one_change_and_all_that_is_wrong_is_told(seeded: Session) -> None:
    dictionaries.add_dictionary(seeded, "Colours", ["Red", "Blue"])
    seq = seeded.store.seq()
    steps = [partial(option_lists.added, label="Green"), partial(option_lists.renamed, option="red", label="Ruby")]
    assert [one.label for one in dictionaries.change_entries(seeded, "colours", steps).entries] == [
        "Ruby", "Blue", "Green"
    ]  # fmt: skip
    assert seeded.store.seq() == seq + 1
    wrong = [partial(option_lists.added, label="blue"), partial(option_lists.renamed, option="gone", label="x")]
    with pytest.raises(Refused) as refused:
        dictionaries.change_entries(seeded, "colours", wrong)
    assert len(refused.value.fields) == 2


def test_names_and_rights(seeded: Session, open_as: OpenAs) -> None:
    with pytest.raises(Refused, match="already"):
        dictionaries.add_dictionary(seeded, "sources")
    with pytest.raises(Refused, match="required"):
        dictionaries.rename_dictionary(seeded, "source", " ")
    assert dictionaries.rename_dictionary(seeded, "source", "Origins").label == "Origins"
    assert dictionaries.find_dictionary(seeded, "origins").key == "source"
    with pytest.raises(NotFound):
        dictionaries.find_dictionary(seeded, "nothing")
    with pytest.raises(NotFound):
        dictionaries.add_entry(seeded, "nothing", "x")
    with pytest.raises(AccessDenied):
        dictionaries.add_dictionary(open_as("luca"), "Colours")
    with pytest.raises(AccessDenied):
        dictionaries.add_entry(open_as("luca"), "source", "x")


def test_two_who_add_at_once_both_do(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    other.workspace  # noqa: B018 - it has read it before the other changes it
    dictionaries.add_entry(seeded, "source", "Podcast")
    dictionaries.add_entry(other, "source", "Cinema")
    assert [key for key, _retired in entries(other, "source")][-2:] == ["podcast", "cinema"]
