"""Several values as one text, and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile import HOSTILE
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.several import joined, split
from tuicrm.domain.kinds.values import parse_field
from tuicrm.domain.schema import Field

CONTEXT = Context(NoNames(), datetime(2026, 11, 23, tzinfo=UTC))
KINDS = ["string", "text", "email", "person", "address", "money"]
_texts = (st.sampled_from(HOSTILE) | st.text(st.sampled_from('ab "\n;,\t') | st.characters(), max_size=12)).filter(bool)


@pytest.mark.parametrize("between", ["", "\n"])
@given(st.lists(_texts, max_size=5), st.sampled_from(KINDS))
@example(["a;b", 'c"d', '"', '""', '"e"', " f ", "g\nh", ";", ","], "string")
@example(['"a', 'b"'], "email")
def test_what_is_joined_is_split_into_the_same(between: str, values: list[str], kind: str) -> None:
    assert split(joined(values, kind, between), kind) == values


@pytest.mark.parametrize(
    ("kind", "typed", "values"),
    [
        ("email", "a@x.it, b@x.it;c@x.it\nd@x.it", ["a@x.it", "b@x.it", "c@x.it", "d@x.it"]),
        ("string", "Rome, Italy; Milan ;; ", ["Rome, Italy", "Milan"]),
        ("string", '"Rome; Italy" ; Milan', ["Rome; Italy", "Milan"]),
        ("string", 'the "Ship"; "Sea" and land; "open', ['the "Ship"', '"Sea" and land', '"open']),
        ("string", '"one ""two"""', ['one "two"']),
        ("address", "Via Roma 1; Milano\nVia Po 2", ["Via Roma 1; Milano", "Via Po 2"]),
        ("string", "", []),
    ],
)
def test_what_people_type(kind: str, typed: str, values: list[str]) -> None:
    assert split(typed, kind) == values


def test_a_megabyte_of_quotes_takes_no_time() -> None:
    for piece in ('"', '"a', '"\n', '" "', '"" "'):
        assert "".join(split(piece * (1_000_000 // len(piece)), "string"))


@pytest.mark.parametrize(
    ("kind", "typed", "named"), [("phone", "02 5555 0142\nxyz", "xyz"), ("email", "a@x.it, b", "b")]
)
def test_of_several_the_wrong_one_is_named(kind: str, typed: str, named: str) -> None:
    with pytest.raises(BadValue, match=f"“{named}”: ") as bad:
        parse_field(typed, Field("f", kind, "F", many=True), CONTEXT)
    assert bad.value.value == named
    with pytest.raises(BadValue) as alone:
        parse_field(named, Field("f", kind, "F", many=True), CONTEXT)
    assert "“" not in alone.value.message.partition(":")[0]
