"""Kinds of activities of a workspace's own: made, changed, retired, found by what people call them, seen where activities are."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.i18n import set_language
from tuicrm.services.items import activities, activity_kinds, timeline
from tuicrm.services.items.activity_kinds import KindChanges, add_kind, edit_kind, find_kind, kinds, retire_kind
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)


def test_a_kind_of_ones_own_is_made_changed_and_retired(seeded: Session) -> None:
    visit = add_kind(seeded, " Site  visit ", symbol="⌂", colour="3")
    assert (visit.key, visit.label, visit.symbol, visit.colour) == ("site_visit", "Site visit", "⌂", "3")
    assert edit_kind(seeded, "site_visit", KindChanges(label="Visit", colour="")).label == "Visit"
    assert [one.key for one in kinds(seeded)] == ["call", "meeting", "todo", "site_visit"]
    assert find_kind(seeded, "visit").key == "site_visit"
    assert find_kind(seeded, "vis", begins=True).key == "site_visit"
    activities.add(seeded, D1, "Look at the roof", "2026-11-25T09:00:00Z", kind="site_visit")
    assert activities.next_of(seeded, D1, seeded.context()) == ("planned", "⌂ Wed 09:00")
    assert timeline.view(seeded, D1).entries[0].sign == "⌂"
    assert retire_kind(seeded, "site_visit").retired
    assert [one.key for one in kinds(seeded)] == ["call", "meeting", "todo"]
    assert find_kind(seeded, "site_visit").retired
    assert not retire_kind(seeded, "site_visit", back=True).retired


def test_the_shipped_ones_are_found_in_every_language(seeded: Session) -> None:
    set_language("it")
    assert find_kind(seeded, "meeting").key == find_kind(seeded, "Meeting").key == "meeting"
    assert activity_kinds.kind_of(seeded, "gone").label == "gone"


def test_what_is_wrong_is_refused(seeded: Session, open_as: OpenAs) -> None:
    add_kind(seeded, "Visit")
    given: tuple[tuple[str, dict[str, str], str], ...] = (
        ("", {}, "label"),
        ("visit", {}, "label"),
        ("CALL", {}, "label"),
        ("x" * 61, {}, "label"),
        ("A", {"symbol": "ab"}, "symbol"),
        ("A", {"symbol": "日"}, "symbol"),
        ("A", {"symbol": "\x1b"}, "symbol"),
        ("A", {"colour": "8"}, "colour"),
    )
    for label, more, field in given:
        with pytest.raises(Refused) as caught:
            add_kind(seeded, label, **more)
        assert caught.value.fields[0].field == field
    with pytest.raises(NotFound) as missing:
        find_kind(seeded, "dance")
    assert "meeting" in missing.value.message
    with pytest.raises(Refused):
        edit_kind(seeded, "call", KindChanges(label="Ring"))
    with pytest.raises(Refused):
        retire_kind(seeded, "todo")
    with pytest.raises(NotFound):
        retire_kind(seeded, "dance")
    with pytest.raises(AccessDenied):
        add_kind(open_as("luca"), "Mine")
