"""What is written is read back the same, and harmless where it must be."""

from __future__ import annotations

import io
import json
from pathlib import Path

from tuicrm.exchange.csv_reader import read_csv
from tuicrm.exchange.csv_writer import Written, write_csv
from tuicrm.exchange.json_writer import encode, write_json
from tuicrm.exchange.rejects import Rejects
from tuicrm.exchange.sheet import Rejected

HARD = ['say "hi"', "two\nlines", "a,b;c", " spaces ", "Łódź", "=1+1"]


def test_csv_reads_back_the_same() -> None:
    stream = io.BytesIO()
    columns = [f"c{n}" for n in range(len(HARD))]
    assert write_csv(stream, columns, [HARD]) == Written(1, 0)
    assert stream.getvalue().endswith(b"\r\n")
    stream.seek(0)
    sheet = read_csv(stream, "x.csv")
    assert sheet.columns == tuple(columns)
    assert [list(record.cells.values()) for record in sheet.rows] == [HARD]


def test_formulas_are_neutralised_on_demand_and_counted() -> None:
    stream = io.BytesIO()
    row = ["=1+1", "@x", "+39 02 5555", "-12.50", "+7", "-a", "\tx", "plain", "\n=1", "＝1", "＠x"]
    columns = [f"c{n}" for n in range(len(row))]
    assert write_csv(stream, columns, [row], neutralise=True) == Written(1, 8)
    stream.seek(0)
    (record,) = read_csv(stream, "x.csv").rows
    risky = {"=1+1", "@x", "+39 02 5555", "-a", "\tx", "\n=1", "＝1", "＠x"}
    assert list(record.cells.values()) == [f"'{cell}" if cell in risky else cell for cell in row]


def test_a_mark_for_excel() -> None:
    stream = io.BytesIO()
    write_csv(stream, ["a"], [], mark=True)
    assert stream.getvalue() == b"\xef\xbb\xbfa\r\n"


def test_json_is_one_object_with_an_item_a_line() -> None:
    stream = io.BytesIO()
    assert write_json(stream, {"schema": 1}, "items", iter([{"a": 1}, {"a": 2}])) == 2
    assert json.loads(stream.getvalue()) == {"schema": 1, "items": [{"a": 1}, {"a": 2}], "total": 2}
    assert stream.getvalue().count(b"\n") == 4
    empty = io.BytesIO()
    write_json(empty, {}, "items", [])
    assert json.loads(empty.getvalue()) == {"items": [], "total": 0}


def test_json_carries_no_control_or_bidirectional_character() -> None:
    text = "a\x1b[31m\x07\x9b\u202eb\u2066c"
    written = encode({"x": text})
    assert not [
        char for char in written.decode() if ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0x2000 < ord(char) < 0x2070
    ]
    assert json.loads(written) == {"x": text}


def test_rejected_rows_have_a_file_only_when_there_are_some(tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    with Rejects(path, ["a", "b"]) as rejects:
        assert not path.exists()
        rejects.add(Rejected(3, {"a": "1", "b": "x,y", "Column 3": "z"}, "too wide"))
    assert rejects.count == 1
    with path.open("rb") as stream:
        (record,) = read_csv(stream, path.name).rows
    assert record.cells == {"a": "1", "b": "x,y", "tuicrm line": "3", "tuicrm reason": "too wide; Column 3: z"}


def test_rows_rejected_twice_keep_one_reason(tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    with Rejects(path, ["a", "tuicrm line", "tuicrm reason"]) as rejects:
        rejects.add(Rejected(2, {"a": "1", "tuicrm line": "3", "tuicrm reason": "old"}, "new"))
    with path.open("rb") as stream:
        (record,) = read_csv(stream, path.name).rows
    assert record.cells == {"a": "1", "tuicrm line": "2", "tuicrm reason": "new"}
