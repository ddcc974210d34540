"""Finding items by name while typing: the likeliest first."""

from __future__ import annotations

from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.name_lookup import find_items


def found(session: Session, text: str, *targets: str) -> list[str]:
    return [choice.label for choice in find_items(session, text, targets)]


def test_names_that_begin_with_what_was_typed_stand_before_those_that_only_hold_it(seeded: Session) -> None:
    for title in ("Großhandel Weiß", "Albergo Rossi", "Rossini e Figli"):
        items.add(seeded, "company", {"title": title})
    # "ß" is "ss" where case does not count: "Gross…" holds "ross".
    assert found(seeded, "ross", "company") == ["Rossi Srl", "Rossini e Figli", "Albergo Rossi", "Großhandel Weiß"]


def test_accents_do_not_matter(seeded: Session) -> None:
    for title in ("Caffè Ångström", "Un caffè"):
        items.add(seeded, "company", {"title": title})
    for text in ("caffe", "CAFFÈ", "caffe angs"):
        assert found(seeded, text, "company")[0] == "Caffè Ångström"
    assert found(seeded, "caffè", "company") == ["Caffè Ångström", "Un caffè"]


def test_of_very_many_the_one_that_begins_so_is_among_those_shown(seeded: Session) -> None:
    with seeded.change("many") as change:
        for number in range(120):
            change.add("company", {"title": f"A{number:03} carossi"})
    assert found(seeded, "rossi", "company")[0] == "Rossi Srl"
    assert len(found(seeded, "rossi", "company")) == 50


def test_a_ref_is_that_item_and_a_slip_of_the_keys_still_finds(seeded: Session) -> None:
    assert found(seeded, "CO-2", "company") == ["Ferrari Legnami"]
    assert found(seeded, "CO-99", "company") == []
    assert found(seeded, "ferari", "company")[0] == "Ferrari Legnami"
