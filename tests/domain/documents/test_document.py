"""The record of a document: read whatever stands there, and checked at the door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile_workspace import WRONG
from tuicrm.domain.documents import document
from tuicrm.domain.documents.document import DocVersion
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused

BLOB = "0123456789abcdef" * 4
FIRST: dict[str, Any] = {
    "n": 1,
    "at": "2026-11-30T10:00:00Z",
    "by": "anna",
    "blob": BLOB,
    "size": 5,
    "how": "made",
    "printed": ["deal.amount"],
}
DOC: dict[str, Any] = {
    "owner": "deal:7",
    "template": "offer",
    "title": "Offer 1",
    "number": "1",
    "at": "2026-11-30T10:00:00Z",
    "by": "anna",
    "language": "it",
    "values": {"Title": "ERP", "ProductsIndex": ["1", "2"]},
    "overrides": {"Title": "ERP"},
    "versions": [FIRST],
    "pdfs": {BLOB: BLOB},
}


def test_what_is_written_is_read_again() -> None:
    found = document.read(12, DOC)

    assert found.owner == Ref("deal", 7)
    assert found.newest == DocVersion(1, FIRST["at"], "anna", BLOB, 5, "made", ("deal.amount",))
    assert document.read(12, document.written(found)) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [("DOC-12", 12), ("doc12", 12), ("12", 12), (" DOC-12 ", 12), ("D-12", 0), ("DOC-", 0), ("", 0), ("DOC-١", 0),
     ("DOC-" + "9" * 30, 0), ("-12", 0)],
)  # fmt: skip
def test_a_ref_is_read(text: str, number: int) -> None:
    assert document.read_ref(text) == number


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_anything_is_read_and_only_what_fits_is_taken(wrong: Any) -> None:
    for name in (*DOC, "stamps"):
        found = document.read(1, {**DOC, name: wrong})
        assert type(found.title + found.number + found.at) is str
    for name in (*FIRST, "items"):
        found = document.read(1, {**DOC, "versions": [{**FIRST, name: wrong}]})
        assert [(len(one.blob), type(one.size)) for one in found.versions] in ([], [(64, int)])


@pytest.mark.parametrize("wrong", [one for one in WRONG if one not in (None, [], {})], ids=str)
def test_what_is_no_list_of_fields_closes_a_version_instead_of_opening_it(wrong: object) -> None:
    for name in ("printed", "items"):
        found = document.read(1, {**DOC, "versions": [{**FIRST, name: wrong}]})
        assert getattr(found.newest, name)


@pytest.mark.parametrize(
    "said",
    [{"owner": "nothing"}, {"owner": None}, {"title": ""}, {"title": "a\nb"}, {"number": 5}, {"versions": []}, {"versions": None},
     {"versions": [{**FIRST, "blob": "x"}]}, {"versions": [{**FIRST, "how": "found"}]}, {"versions": [{**FIRST, "printed": "x"}]},
     {"values": []}, {"values": {"a": 5}}, {"overrides": "x"}, {"pdfs": {"x": BLOB}}, {"stamps": 1}, {"language": 5}],
    ids=str,
)  # fmt: skip
def test_the_door_refuses_what_no_document_holds(said: dict[str, Any]) -> None:
    document.check(None, DOC)
    with pytest.raises(Refused):
        document.check(None, {**DOC, **said})
    document.check({**DOC, **said}, {**DOC, **said})
