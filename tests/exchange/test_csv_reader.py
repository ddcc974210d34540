"""CSV as other programs write it: every quirk once, and every refusal with its line."""

from __future__ import annotations

import codecs
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tuicrm.errors import Refused
from tuicrm.exchange.csv_reader import read_csv, sniff_delimiter
from tuicrm.exchange.sheet import Rejected, Sheet, SheetRecord, SheetRow
from tuicrm.limits import CELL, COLUMNS

SAMPLES = Path("/work/shared/samples/csv")


def sheet(content: str | bytes, encoding: str = "utf-8") -> Sheet:
    return read_csv(io.BytesIO(content.encode(encoding) if isinstance(content, str) else content), "people.csv")


def cells(content: str | bytes, encoding: str = "utf-8") -> list[dict[str, str]]:
    return [record.cells for record in sheet(content, encoding).rows]


def records(content: str) -> list[SheetRecord]:
    return list(sheet(content).rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(delimiter: str, end: str) -> None:
    text = end.join([delimiter.join(row) for row in (("Name", "City"), ("Ada", "Roma"), ("Bob", "Bari"))])
    assert cells(text) == [{"Name": "Ada", "City": "Roma"}, {"Name": "Bob", "City": "Bari"}]


def test_mixed_line_ends_and_no_newline_at_the_end() -> None:
    assert cells("a,b\r\n1,2\n3,4\r\n5,6") == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}, {"a": "5", "b": "6"}]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert sheet(codecs.BOM_UTF8 + b'"Name",City\nAda,Roma\n').columns == ("Name", "City")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_mark_is_no_part_of_the_first_name_in_an_encoding_that_was_asked_for(mark: str) -> None:
    read = read_csv(io.BytesIO(f"{mark}sep=;\nName;City\nAda;Roma\n".encode("utf-16-le")), "x.csv", "utf-16-le")
    assert (read.columns, [record.number for record in read.rows]) == (("Name", "City"), [3])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings(encoding: str) -> None:
    read = sheet("Name;City\nAda;Forlì\nBob;Łódź\n", encoding)
    assert [record.cells["City"] for record in read.rows] == ["Forlì", "Łódź"]
    assert read.notes[0] == encoding.upper()


def test_windows_1252_is_found_far_behind_the_sample_and_said() -> None:
    read = sheet(("Name,City\n" + "Ada,Roma\n" * 20_000 + "Zoë,Forlì – €\n").encode("cp1252"))
    assert read.notes == ("not UTF-8: read as Windows-1252",)
    assert list(read.rows)[-1].cells == {"Name": "Zoë", "City": "Forlì – €"}


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be recognised; set it with --encoding"):
        sheet(b"Name,City\nAda," + bytes(range(128, 256)) + b"\n")


def test_quotes_commas_and_newlines_inside_cells() -> None:
    read = records('a,b\n"""The Best"" Account",bla\n"two\nlines","x, y"\n5" pipe,last\n')
    assert read == [
        SheetRow(2, {"a": '"The Best" Account', "b": "bla"}),
        SheetRow(3, {"a": "two\nlines", "b": "x, y"}),
        SheetRow(5, {"a": '5" pipe', "b": "last"}),
    ]


def test_a_quote_that_is_never_closed_names_the_line_where_the_record_begins() -> None:
    rows = sheet('a,b\n1,2\n"open,3\n4,5\n').rows
    assert next(rows) == SheetRow(2, {"a": "1", "b": "2"})
    with pytest.raises(Refused, match=r"people\.csv, line 3: a quote opened"):
        next(rows)


def test_text_after_a_closing_quote_rejects_that_record_only() -> None:
    bad, good = records('a,b\n"x"y,1\nz,2\n')
    assert isinstance(bad, Rejected)
    assert bad.number == 2
    assert "closing quote" in bad.reason
    assert good == SheetRow(3, {"a": "z", "b": "2"})


def test_a_cell_over_the_limit_is_refused() -> None:
    with pytest.raises(Refused, match="line 2: a cell of more than 131,072 characters"):
        records(f"a,b\n{'x' * (CELL.most + 1)},1\n")


def test_rows_of_another_width_are_rejected_with_the_reason_and_all_their_cells() -> None:
    assert records("a,b\n1\n1,2,3\n1,2,,\n") == [
        Rejected(2, {"a": "1", "b": ""}, "cells in this row: 1, columns: 2"),
        Rejected(3, {"a": "1", "b": "2", "Column 3": "3"}, "cells in this row: 3, columns: 2"),
        SheetRow(4, {"a": "1", "b": "2"}),
    ]


def test_lines_without_any_cell_are_skipped_and_still_counted() -> None:
    assert records("\na,b\n\n,\n1,2\n") == [SheetRow(5, {"a": "1", "b": "2"})]


def test_repeated_and_missing_column_names_get_names_of_their_own() -> None:
    read = sheet("Phone,,Phone,Phone (2)\n1,2,3,4\n")
    assert read.columns == ("Phone", "Column 2", "Phone (3)", "Phone (2)")
    assert read.notes == (
        "column 2 has no name; called Column 2 here",
        "column 3 repeats a name; called Phone (3) here",
    )


def test_a_separator_after_the_last_name_asks_no_cell_of_the_rows() -> None:
    assert cells("a,b,\n1,2\n3,4,5\n") == [
        {"a": "1", "b": "2", "Column 3": ""},
        {"a": "3", "b": "4", "Column 3": "5"},
    ]


@pytest.mark.parametrize("first", ["sep=|", '"sep=|"', "SEP=|", '"sep=|"||', "sep=| "])
def test_excels_first_line_tells_the_separator(first: str) -> None:
    read = sheet(f"{first}\r\nName|City, state\r\nAda|Roma\r\n")
    assert read.columns == ("Name", "City, state")
    assert list(read.rows) == [SheetRow(3, {"Name": "Ada", "City, state": "Roma"})]


@pytest.mark.parametrize("content", [b"sep=;\nName;City\nAda;\x81\n", b"Name;City\nAda;\x81\n", b"\x81;City\nAda;x\n"])
def test_bytes_that_an_encoding_that_was_asked_for_has_not_are_refused_with_the_line(content: bytes) -> None:
    with pytest.raises(Refused, match=r"people\.csv, line \d: .*0x81"):
        list(read_csv(io.BytesIO(content), "people.csv", "cp1252").rows)


@pytest.mark.parametrize(
    "first",
    [
        "Ada,ada@example.com",
        "1,2,x",
        "Ada,https://example.com",
        "Ada,2002/1/16",
        "Ada,+39 02 5555 0142",
        "Ada,555-843-8116",
    ],
)
def test_a_first_line_of_data_is_refused(first: str) -> None:
    with pytest.raises(Refused, match="looks like data"):
        sheet(f"{first}\nBob,x\n")


def test_names_with_digits_are_names() -> None:
    assert sheet("Name,Address 2,2024,2024-2025,Q1/Q2,E-mail (@)\nx,,,,,\n").columns[1] == "Address 2"


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b",,\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="is empty"):
        sheet(content)


def test_binary_content_is_refused() -> None:
    with pytest.raises(Refused, match="NUL bytes"):
        sheet(b"Name,City\nAda,\0\0\x01\n")


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(Refused, match="1001 columns"):
        sheet(",".join(f"c{n}" for n in range(COLUMNS.most + 1)))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Name;Price\nAda;1,5\nBob;2,5\n", ";"),
        ("Name, first;Phone\nAda, x;1\nBob;2\n", ";"),
        ('Name,"a;b;c"\nAda,"1;2;3"\n', ","),
        ("only one column\nx\n", ","),
        ("a\tb,c\n1\t2\n", "\t"),
    ],
)
def test_the_separator_is_the_one_that_cuts_evenly(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text) == delimiter


class _Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


def test_a_pipe_is_read_too() -> None:
    assert [record.number for record in read_csv(_Pipe(b"a,b\n1,2\n"), "-").rows] == [2]


class _Endless(io.RawIOBase):
    """A large file that lies nowhere: bytes are made as they are asked for."""

    line = b"Ada Lovelace,Roma,a fairly long text that fills the line\n"

    def __init__(self, lines: int) -> None:
        self.size, self.at = lines * len(self.line), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset if whence == 0 else self.at + offset
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed asks for any buffer
        wanted = min(len(buffer), self.size - self.at)
        start = self.at % len(self.line)
        data = (self.line * (wanted // len(self.line) + 2))[start : start + wanted]
        buffer[:wanted] = data
        self.at += wanted
        return wanted


def test_memory_stays_bounded_however_long_the_file() -> None:
    tracemalloc.start()
    try:
        rows: Iterator[SheetRecord] = read_csv(io.BufferedReader(_Endless(60_000)), "long.csv").rows
        count = sum(1 for _ in rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 59_999
    assert peak < 2_000_000


def test_every_sample_that_is_there_is_read_whole() -> None:
    for path in SAMPLES.glob("*.csv"):
        with path.open("rb") as stream:
            read = read_csv(stream, path.name)
            rows = list(read.rows)
        assert rows, path
        assert not [row for row in rows if isinstance(row, Rejected)], path
        assert not read.columns[0].startswith(("\ufeff", '"')), path
