"""Call registers as telephone exchanges write them (CSV of Asterisk, FreePBX, FreeSWITCH, 3CX, a FRITZ!Box, Bitrix24): plain calls.

Which column is which goes by its name (`data/exchange/call_registers.json`); Asterisk and FreeSWITCH write no names, and are known by
the number of cells and where the date stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import BinaryIO

import msgspec

from tuicrm.domain.kinds.written_dates import Order, take_apart
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Refused
from tuicrm.exchange.csv_reader import read_csv, sniff_delimiter
from tuicrm.exchange.sheet import Rejected, SheetRow
from tuicrm.files import data_folder
from tuicrm.i18n import _
from tuicrm.limits import CALL_REGISTER
from tuicrm.regex import regex

_HEAD = 65_536
_NEEDED = ("at", "seconds")
_CLOCK = regex(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2})(?:[.,]\d+)?")
_SECONDS = regex(r"(\d{1,7})(?:[.,]\d+)?(?:\s*s(?:ec)?\.?)?")
_WORDED = regex(r"(?:(\d{1,4})\s*h\w*\s*)?(?:(\d{1,4})\s*m\w*\s*)?(?:(\d{1,4})\s*s\w*)?", re.IGNORECASE)
_HOURS_FIRST = "dauer"
"""A FRITZ!Box writes hours and minutes; two numbers are minutes and seconds elsewhere."""


class RegisterCall(msgspec.Struct, frozen=True):
    """One call of a register. `at` is UTC ISO; `caller` and `called` as they stand there, or `other`, the far end's, alone.

    `way` is "in", "out", "internal" or "" where only the numbers tell; `outcome` "" where the register has no word for it."""

    line: int
    at: str
    seconds: int
    caller: str = ""
    called: str = ""
    other: str = ""
    way: str = ""
    outcome: str = ""
    id: str = ""
    name: str = ""


class _Headless(msgspec.Struct, frozen=True):
    cells: tuple[int, int]
    date: int
    header: tuple[str, ...]


class _Words(msgspec.Struct, frozen=True):
    columns: dict[str, list[str]]
    ways: dict[str, list[str]]
    codes: dict[str, dict[str, str]]
    outcomes: dict[str, list[str]]
    headless: list[_Headless]


class RegisterReading(msgspec.Struct, frozen=True):
    """How a person reads days: the zone of times without one, today, and whether the month comes first where both could be."""

    zone: tzinfo
    today: date
    month_first: bool = False


@cache
def _words() -> _Words:
    return msgspec.json.decode((data_folder() / "exchange" / "call_registers.json").read_bytes(), type=_Words)


def read_calls(stream: BinaryIO, name: str, reading: RegisterReading) -> list[RegisterCall | Rejected]:
    """The calls of a register, in its order; lines that cannot be read, with the reason. Raises Refused for what is no register."""
    content = stream.read(CALL_REGISTER.most + 1)
    if len(content) > CALL_REGISTER.most:
        raise Refused(f"{name}: {CALL_REGISTER.told}")
    sheet = read_csv(io.BytesIO(_header_for(content) + content), name)
    columns = _columns(sheet.columns)
    lacking = [one for one in _NEEDED if one not in columns]
    if lacking or not ({"from", "to"} <= columns.keys() or "number" in columns):
        raise Refused(
            _(
                "{name} is not a call register: columns for the date, the duration, and who called whom are expected; it has {columns}"
            ).format(name=name, columns=", ".join(sheet.columns))
        )
    rows = list(sheet.rows)
    order = _order((_when(columns, row.cells) for row in rows if isinstance(row, SheetRow)), reading)
    return [row if isinstance(row, Rejected) else _call(row, columns, reading, order) for row in rows]


def _header_for(content: bytes) -> bytes:
    """The line of names that a register lacks whose first line is a call; b"" where it has one."""
    head = content[:_HEAD].decode("utf-8", "replace").removeprefix("\ufeff")
    delimiter = sniff_delimiter(head)
    try:
        first = next(csv.reader(io.StringIO(head), delimiter=delimiter), [])
    except csv.Error:
        return b""
    for one in _words().headless:
        low, high = one.cells
        if low <= len(first) <= high and take_apart(first[one.date], date(2026, 1, 1)):
            return (delimiter.join(one.header[: len(first)]) + "\n").encode()
    return b""


def _columns(names: Sequence[str]) -> dict[str, str]:
    """Which column of the file is what, by its plain name; the surest name first, each column once."""
    plain = {_plain(name): name for name in reversed(names)}
    found: dict[str, str] = {}
    for what, known in _words().columns.items():
        column = next((plain[name] for name in known if name in plain and plain[name] not in found.values()), "")
        if column:
            found[what] = column
    return found


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w-]+|_", " ", text.casefold()).split())


def _when(columns: Mapping[str, str], cells: Mapping[str, str]) -> str:
    return " ".join(cells[columns[what]].strip() for what in ("at", "clock") if what in columns)


def _order(days: Iterator[str], reading: RegisterReading) -> Order:
    """Which of two numbers is the month, in all of the file: as the first cell shows that can only be one of both."""
    for text in days:
        written = take_apart(text, reading.today)
        if written is not None and len(written.days) == 1 and "" not in written.days:
            return "mdy" if "mdy" in written.days else "dmy"
    return "mdy" if reading.month_first else "dmy"


def _call(row: SheetRow, columns: Mapping[str, str], reading: RegisterReading, order: Order) -> RegisterCall | Rejected:
    cells = {what: row.cells[column].strip() for what, column in columns.items()}
    at = _moment(_when(columns, row.cells), reading, order)
    if not at:
        told = _("a day and a time are expected, not “{text}”").format(text=_when(columns, row.cells)[:60])
        return Rejected(row.number, row.cells, told)
    seconds = _length(cells["seconds"], hours_first=_plain(columns["seconds"]) == _HOURS_FIRST)
    if seconds is None:
        told = _("a duration is expected, such as 75 or 1:15, not “{text}”").format(text=cells["seconds"][:60])
        return Rejected(row.number, row.cells, told)
    way, outcome = _way(cells.get("way", ""), columns.get("way", "")), _outcome(cells.get("outcome", ""))
    if way == "missed":
        way, outcome = "in", outcome or "no_answer"
    return RegisterCall(
        row.number, at, seconds,
        caller=cells.get("from", ""), called=cells.get("to", ""), other=cells.get("number", ""),
        way=way, outcome=outcome, id=cells.get("id", ""), name=cells.get("name", ""),
    )  # fmt: skip


def _moment(text: str, reading: RegisterReading, order: Order) -> str:
    """UTC ISO; "" for what is no day with a time."""
    written = take_apart(text, reading.today)
    if written is None or written.clock is None:
        return ""
    day = written.days.get(order) or next(iter(written.days.values()))
    try:
        moment = datetime.combine(day, written.clock, written.offset or reading.zone)
        return stamp(moment.astimezone(UTC))
    except (OverflowError, ValueError):
        return ""


def _length(text: str, *, hours_first: bool) -> int | None:
    """Seconds of `75`, `1:15`, `0:01:15`, `1m 15s`; None for what is no length."""
    if not text:
        return 0
    if found := _SECONDS.fullmatch(text):
        return int(found[1])
    if found := _CLOCK.fullmatch(text):
        first, second, third = int(found[1] or 0), int(found[2]), int(found[3])
        if found[1] is None and hours_first:
            return second * 3600 + third * 60
        return first * 3600 + second * 60 + third
    if found := _WORDED.fullmatch(text):
        hours, minutes, seconds = (int(found[n] or 0) for n in (1, 2, 3))
        return hours * 3600 + minutes * 60 + seconds
    return None


def _way(text: str, column: str) -> str:
    word = _plain(text)
    coded = _words().codes.get(_plain(column), {})
    return coded.get(word) or next((way for way, known in _words().ways.items() if word in known), "")


def _outcome(text: str) -> str:
    word = _plain(text)
    return next((outcome for outcome, known in _words().outcomes.items() if word in known), "")
