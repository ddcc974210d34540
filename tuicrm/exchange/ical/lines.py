"""From the bytes of a calendar file to its components: encoding, folded lines, what begins and ends where."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from tuicrm.errors import FieldProblem, Refused
from tuicrm.exchange.encodings import Encoding, find_encoding
from tuicrm.i18n import _
from tuicrm.limits import CALENDAR_EVENTS, CALENDAR_SIZE
from tuicrm.regex import regex

_FOLD = regex(rb"\r?\n[ \t]")
_EVENTS = regex(rb"(?im)^BEGIN:V(?:EVENT|TODO)[ \t]*$")
_PLAIN = regex(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=[^";:,\\^\x00-\x1f]*)*):')
_SHOWN = 60
_DEEP = 8


class IcalLine(Struct, frozen=True):
    """A content line: its name in capitals, parameters, the value as it is written (escaped), its number in the file."""

    name: str
    params: Mapping[str, Any]
    value: str
    number: int
    source: str

    def param(self, name: str) -> str:
        """A parameter's value ("" without); the first of several."""
        found = self.params.get(name, "")
        return str(found[0] if isinstance(found, list) and found else found or "")


class IcalPart(Struct):
    """A component: its name in capitals, where it begins, its lines, those within it, and the lines that are none."""

    name: str
    number: int
    lines: list[IcalLine] = field(default_factory=list)
    parts: list[IcalPart] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[IcalLine]:
        """The lines of a name."""
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> IcalLine | None:
        """The first line of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        """What the first line of a name holds, as it is written; "" without one."""
        line = self.first(name)
        return line.value.strip() if line is not None else ""

    def text(self, name: str) -> str:
        """The text that the first line of a name holds, as it is meant; "" without one."""
        line = self.first(name)
        return plain_text(line.value) if line is not None else ""


def read_parts(data: bytes, name: str, encoding: str = "") -> tuple[list[IcalPart], str]:
    """The calendars of a file, and what to tell of its encoding ("" where it is UTF-8, as it should be). Raises Refused, naming the
    file, for what is too large, no calendar, or was cut off."""
    if len(data) > CALENDAR_SIZE.most:
        raise _refused(name, CALENDAR_SIZE.told)
    text, codec, note = _text(data, name, encoding)
    if sum(1 for _found in _EVENTS.finditer(text)) > CALENDAR_EVENTS.most:
        raise _refused(name, CALENDAR_EVENTS.told)
    calendars = _calendars(_numbered(text, codec), name)
    if not calendars:
        raise _refused(name, _("this is not a calendar file: BEGIN:VCALENDAR is expected"))
    return calendars, note


def _text(data: bytes, name: str, encoding: str) -> tuple[bytes, str, str]:
    """The bytes of a file with lines that end alike, their encoding, and what to tell of it."""
    found = Encoding("utf-8-sig")
    if encoding or not _is_utf8(data):
        # Lines are folded by bytes, also within a letter.
        found = find_encoding(io.BytesIO(_FOLD.sub(b"", data)), name, encoding)
    codec = found.codec
    if codec.startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        data, codec = data.decode(codec, errors="replace").encode("utf-8", errors="replace"), "utf-8-sig"
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), codec, found.note


def _is_utf8(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        _FOLD.sub(b"", data).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _numbered(data: bytes, codec: str) -> Iterator[tuple[int, str]]:
    """The lines with what is folded put together, each with the number of the line of the file at which it begins."""
    begins, parts = 1, list[bytes]()
    for number, ended in enumerate(io.BytesIO(data), 1):
        line = ended.removesuffix(b"\n")
        if line[:1] in (b" ", b"\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield begins, b"".join(parts).decode(codec, errors="replace")
        begins, parts = number, [line]
    if parts:
        yield begins, b"".join(parts).decode(codec, errors="replace")


def _calendars(lines: Iterable[tuple[int, str]], name: str) -> list[IcalPart]:
    found: list[IcalPart] = []
    stack: list[IcalPart] = []
    for number, line in lines:
        if not line.strip():
            continue
        head = line.lstrip()[:6].upper()
        if head == "BEGIN:":
            stack.append(_begun(stack, line, number, name))
        elif head[:4] == "END:":
            _ended(stack, found, line, number, name)
        elif stack:
            found_line = _plain_line(line, number) or _library_line(line, number)
            if found_line is None:
                stack[-1].broken.append(_short(line))
            else:
                stack[-1].lines.append(found_line)
    if stack:
        raise _cut_off(stack[-1], name)
    return found


def _plain_line(line: str, number: int) -> IcalLine | None:
    """A line without quotes in its parameters, which is most of them: ten times as quick as the library."""
    found = _PLAIN.match(line)
    if found is None:
        return None
    pairs = (part.partition("=") for part in found[2].split(";")[1:])
    params = {name.upper(): value for name, _equals, value in pairs}
    return IcalLine(found[1].upper(), params, line[found.end() :], number, line)


def _library_line(line: str, number: int) -> IcalLine | None:
    """Any other line; None for what is none."""
    from icalendar.parser import Contentline

    try:
        word, params, value = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    return IcalLine(word.upper(), params, value, number, line)


def _cut_off(part: IcalPart, name: str) -> Refused:
    told = _("the file was cut off: it ends in the middle of {what} (line {line})")
    return _refused(name, told.format(what=named(part), line=part.number))


def _begun(stack: list[IcalPart], line: str, number: int, name: str) -> IcalPart:
    part = IcalPart(line.partition(":")[2].strip().upper(), number)
    if not stack and part.name != "VCALENDAR":
        told = _("this is not a calendar file: line {line} begins {what} outside a calendar")
        raise _refused(name, told.format(line=number, what=_short(part.name)))
    if len(stack) >= _DEEP:
        raise _refused(name, _("line {line}: too many things lie in each other").format(line=number))
    if stack:
        stack[-1].parts.append(part)
    return part


def _ended(stack: list[IcalPart], found: list[IcalPart], line: str, number: int, name: str) -> None:
    ends = line.partition(":")[2].strip().upper()
    if stack and stack[-1].name != ends and stack[-1].name.startswith(ends):
        raise _cut_off(stack[-1], name)
    if not stack or stack[-1].name != ends:
        told = _("the file is damaged: line {line} ends {what}, which does not begin there")
        raise _refused(name, told.format(line=number, what=_short(ends)))
    part = stack.pop()
    if not stack:
        found.append(part)


def named(part: IcalPart) -> str:
    """What a component is called, for people: its summary, else its UID, else what it is."""
    for key in ("SUMMARY", "UID", "X-WR-CALNAME"):
        if text := part.text(key).strip():
            return f"“{_short(text)}”"
    return part.name


def plain_text(value: str) -> str:
    """A text as it is meant: `\\n`, `\\,` and the like taken for what they stand for, controls dropped."""
    from icalendar.parser import unescape_backslash

    if "\\" in value:
        value = unescape_backslash(value)
    return clean(value)


def clean(text: str) -> str:
    """The text without controls (a calendar file must hold none of them), its line ends all the same."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or (char >= " " and not "\x7f" <= char <= "\x9f"))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _refused(name: str, told: str) -> Refused:
    return Refused(f"{name}: {told}", [FieldProblem("file", told, name)])
