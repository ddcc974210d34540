"""Entries that another program wrote are read as texts; sound ones as they are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile_workspace import WRONG
from tuicrm.domain.entries import sound
from tuicrm.domain.items import Ref


def test_a_sound_entry_is_the_very_same() -> None:
    data = {"field": "amount", "from": {"amount": "5"}, "to": None, "from_label": {"en": "New", "it": "Nuovo"}}
    doc = {"owner": "deal:1", "kind": "stage", "at": "2026-11-23T10:00:00Z", "by": "anna", "data": data}
    assert sound("entry", doc) is doc


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_texts_are_texts(wrong: Any) -> None:
    doc = dict.fromkeys(("at", "kind", "what", "by", "text", "note", "data"), wrong)
    for table, always in (("entry", ("at", "kind")), ("activity", ("at", "what"))):
        read = sound(table, doc)
        assert all(isinstance(read[name], str) for name in always)
        assert all(isinstance(read.get(name) or "", str) for name in ("by", "text", "note"))
        assert isinstance(read.get("data") or {}, dict)


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_a_ref_of_anything(wrong: Any) -> None:
    assert Ref.read(wrong) is None or str(Ref.read(wrong)) == wrong
