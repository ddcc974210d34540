"""Whatever a file holds, it is read or refused: nothing else comes out of the readers."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.exchange.columns import field, style_of
from tests.exchange.types import TYPES
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import Refused
from tuicrm.exchange.bitrix.recognise import read_payloads
from tuicrm.exchange.cells import read_cell
from tuicrm.exchange.csv_reader import read_csv
from tuicrm.exchange.csv_writer import write_csv
from tuicrm.exchange.planning import plan

KEYS = st.sampled_from(
    ["result", "items", "item", "fields", "ID", "id", "fm", "PHONE", "ENTITY_ID", "STATUS_ID",
     "NAME", "name", "title", "elements", "FIELD_NAME", "USER_TYPE_ID", "LIST", "SETTINGS", "type", "isReadOnly",
     "settings", "COMMENT", "ENTITY_TYPE", "AUTHOR_ID", "FILES", "OPPORTUNITY", "entityTypeId", "sort", "EXTRA", "error"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
# A loaded machine is no reason to fail.
calm = settings(deadline=None)
TEXT = st.text(st.sampled_from("ab1,;\t|\"'\r\n é€\x1b\u202e=@.-/"), max_size=60)


@calm
@given(st.binary(max_size=80) | TEXT.map(str.encode) | TEXT.map(lambda text: text.encode("utf-16")))
@example(b"a,b\n\x81")
def test_any_bytes_as_csv(content: bytes) -> None:
    try:
        sheet = read_csv(io.BytesIO(content), "x.csv")
        rows = list(sheet.rows)
    except Refused:
        return
    assert len(set(sheet.columns)) == len(sheet.columns)
    assert all(sheet.columns)
    assert all(set(row.cells) >= set(sheet.columns) or not row.cells for row in rows)
    plan(sheet.columns, TYPES, [row.cells for row in rows])


@calm
@given(JSON)
@example({"result": [{"ID": 1, "fm": "x"}]})
@example({"result": {"item": {"id": 1, "fm": [1]}}})
def test_any_json_as_an_answer(document: Any) -> None:
    try:
        read_payloads(json.dumps(document).encode(), "x.json")
    except Refused:
        return


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(Refused, match="not valid JSON"):
        read_payloads(b"[" * 100_000, "x.json")


@calm
@given(TEXT, st.sampled_from(["boolean", "date", "datetime", "integer", "number", "money", "string"]))
@example("٣", "number")
@example("²", "date")
def test_any_text_as_a_cell(text: str, kind: str) -> None:
    try:
        read_cell(text, field(kind), style_of(kind, [text]))
    except BadValue:
        return


@calm
@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=5))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    stream = io.BytesIO()
    write_csv(stream, ["one", "two", "three"], rows)
    stream.seek(0)
    read = [list(row.cells.values()) for row in read_csv(stream, "x.csv").rows]
    assert read == [row for row in rows if any(row)]
