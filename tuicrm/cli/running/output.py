"""Where the command line writes: data on stdout, talk and errors on stderr; lines for people or one JSON object for programs.

Nothing reaches a terminal uncleaned: lines come from `render`, other text passes `render.text.clean`, JSON is written with harmful
characters escaped, and what is written as it is passes `tuicrm.streams`, as does all that others write. Drawing is imported when
something is drawn: `--json` is 20 ms faster without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from tuicrm.errors import Conflict, CrmError, Damaged, StorageError, UsageError
from tuicrm.harmless import in_json, numbered
from tuicrm.i18n import _
from tuicrm.render.line import Line
from tuicrm.streams import draw, knows_all_letters

if TYPE_CHECKING:
    from tuicrm.render.colours import Depth
    from tuicrm.render.palette import Palette
    from tuicrm.render.table import TableColumn

SCHEMA = 1
_CELLS_WITHOUT_TERMINAL = 100
_LINES = 24


class Output:
    """One command's ways to answer. `json`, `quiet` and `colours` (auto, always, never) follow the global options."""

    def __init__(self, out: TextIO, talk: TextIO) -> None:
        self._out, self._talk = out, talk
        self.json = False
        self.quiet = False
        self.colours = "auto"
        self._lost = False

    # -- for programs --------------------------------------------------------------------------------------------------
    def envelope(self, **data: object) -> None:
        """Write the one JSON object of a command that went well."""
        self._envelope({"schema": SCHEMA, "status": "ok", **data})

    def _envelope(self, data: dict[str, Any]) -> None:
        told = encode(data)
        if not knows_all_letters(self._out):
            told = in_json(told)
        self._write(self._out, told + "\n")

    # -- for people ----------------------------------------------------------------------------------------------------
    @property
    def terminal(self) -> bool:
        """Whether what is written goes to a terminal."""
        return self._out.isatty()

    @property
    def cells(self) -> int:
        """Width to draw on."""
        if self.terminal or os.environ.get("COLUMNS"):
            return max(columns(), 20)
        return _CELLS_WITHOUT_TERMINAL

    @property
    def height(self) -> int:
        """Lines of the terminal."""
        try:
            return os.get_terminal_size(self._out.fileno()).lines or _LINES
        except (OSError, ValueError):
            return _LINES

    @property
    def only_ascii(self) -> bool:
        """Whether only ASCII can be shown there."""
        return not knows_all_letters(self._out)

    @property
    def palette(self) -> Palette | None:
        """How to colour; None for no escape codes at all."""
        from tuicrm.render.ansi import depth_of
        from tuicrm.render.palette import Palette

        if self.colours == "always":
            # Also into a pipe (`| less -R`): whoever asks for colours so knows what reads them.
            depth: Depth | None = depth_of({**os.environ, "NO_COLOR": "", "TERM": _term()}, tty=True)
        else:
            depth = depth_of(os.environ, self.terminal and self.colours == "auto")
        return Palette("terminal", depth) if depth else None

    def lines(self, lines: Iterable[Line]) -> None:
        """Drawn lines, as data."""
        from tuicrm.render.ansi import ansi

        palette = self.palette
        if self.terminal:
            # Runs are cleaned where they are made; one that was not stops here, before codes of our own are among its text.
            lines = (tuple(run._replace(text=numbered(run.text)) for run in line) for line in lines)
        self._write(self._out, "".join(f"{ansi(line, palette)}\n" for line in lines), drawn=True)

    def table(self, columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], *, header: bool = True) -> None:
        """Rows under headers: fitted to a terminal, whole anywhere else: what a pipe gets is data."""
        from tuicrm.render.table import HEAD, table_lines

        lines = table_lines(columns, rows, self.cells if self.terminal else 0)
        self.lines(lines if header else lines[HEAD:])

    def text(self, text: str) -> None:
        """A line of data."""
        self._write(self._out, f"{clean(text)}\n")

    def raw(self, text: str) -> None:
        """Text of our own, written as it is (a completion script, help)."""
        self._write(self._out, text)

    def data(self, text: str) -> None:
        """Lines for programs, as they are."""
        self._write(self._out, text)

    def content(self, content: bytes) -> None:
        """A file's content in UTF-8: byte for byte into a pipe or a file, and what a terminal can show of it there."""
        if self.terminal:
            self._write(self._out, content.decode())
            return
        with self._reader(self._out):
            self._out.flush()
            self._out.buffer.write(content)
            self._out.buffer.flush()

    def say(self, text: str) -> None:
        """Talk beside the data: on stderr, and not with `--quiet` or `--json`."""
        if not self.quiet and not self.json:
            self._write(self._talk, f"{clean(text)}\n")

    def warn(self, text: str) -> None:
        """Talk that even `--quiet` does not silence: something was left out."""
        self._write(self._talk, f"{clean(text)}\n")

    # -- for whoever asks ----------------------------------------------------------------------------------------------
    def done(self, said: str, **data: object) -> None:
        """What was done: one JSON object of `data` for programs, talk for people."""
        if self.json:
            self.envelope(**data)
        else:
            self.say(said)

    def names(self, name: str, **data: object) -> None:
        """What was made or changed: one JSON object of `data` for programs, its name (a key, a number) for people, as data."""
        if self.json:
            self.envelope(**data)
        else:
            self.text(name)

    # -- what went wrong -----------------------------------------------------------------------------------------------
    def fail(self, error: CrmError, **data: object) -> None:
        """Say what went wrong: on stderr, and with `--json` as the envelope on stdout, beside it what else there is to tell."""
        if self.json and not self._lost:
            self._envelope({**failure(error), **data})
            return
        lines = [_("Error: {message}").format(message=clean(error.message))]
        if isinstance(error, UsageError) and error.position is not None:
            lines[0] += " " + _("(at character {n})").format(n=error.position + 1)
        told = error.message
        lines += [
            f"  {clean(problem.field)}: {clean(problem.message)}"
            for problem in error.fields
            if problem.field and problem.message not in told
        ]
        if error.advice and _(error.advice) not in told:
            lines.append(_(error.advice))
        self._write(self._talk, "\n".join(lines) + "\n")

    def _write(self, stream: TextIO, text: str, *, drawn: bool = False) -> None:
        with self._reader(stream):
            if drawn:
                draw(stream, text)
            else:
                stream.write(text)
            stream.flush()

    @contextmanager
    def _reader(self, stream: TextIO) -> Iterator[None]:
        """Somebody reads what is written. Raises Enough when they read no further (`| head`), StorageError where it cannot be kept."""
        try:
            yield
        except BrokenPipeError:
            drop(stream)
            raise Enough from None
        except OSError as problem:
            drop(stream)
            if stream is self._talk:
                return  # nobody is left to be told
            self._lost = True
            message = _("The output could not be written: {why}. The changes themselves were saved.")
            raise StorageError(message.format(why=problem.strerror or problem)) from problem


def drop(stream: TextIO) -> None:
    """Let what is still to be written there go nowhere: Python would complain once more when it closes the stream."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()


def columns(otherwise: int = 80) -> int:
    """Cells of a line: COLUMNS where that is set, else those of the terminal."""
    # As shutil.get_terminal_size, which is 3 ms of a command's start.
    try:
        named = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        named = 0
    if named > 0:
        return named
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or otherwise
    except (AttributeError, ValueError, OSError):
        return otherwise


def _term() -> str:
    """The terminal's kind, where it says one that has colours; else one that has the usual 16."""
    term = os.environ.get("TERM", "")
    return "xterm" if term in ("", "dumb") else term


def clean(text: str) -> str:
    """Text without what a terminal must not get."""
    from tuicrm.render import text as texts

    return texts.clean(text)


class Enough(Exception):
    """Nobody reads on: stop, without an error."""


def encode(data: object, indent: int = -1) -> str:
    """JSON that is safe to show on a terminal; over several lines with an `indent`."""
    try:
        plain = msgspec.json.encode(data)
    except UnicodeEncodeError:
        plain = msgspec.json.encode(_sound(msgspec.to_builtins(data, str_keys=True)))
    return numbered((msgspec.json.format(plain, indent=indent) if indent >= 0 else plain).decode())


def _sound(data: object) -> Any:  # noqa: ANN401 - JSON, as it came
    """Plain JSON data whose texts can be written in UTF-8: a byte of a file's name that is no text stands as it is shown to people."""
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, dict):
        return {_sound(key): _sound(value) for key, value in data.items()}
    return [_sound(one) for one in data] if isinstance(data, list | tuple) else data


def failure(error: CrmError) -> dict[str, Any]:
    """The envelope of a command that failed."""
    told: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.advice:
        told["advice"] = _(error.advice)
    if error.fields:
        told["fields"] = [{"field": problem.field, "message": problem.message} for problem in error.fields]
    if isinstance(error, UsageError) and error.position is not None:
        told["position"] = error.position
    if isinstance(error, Damaged) and error.faults:
        told["faults"] = list(error.faults)
    if isinstance(error, Conflict):
        told |= {"expected": error.expected, "actual": error.actual}
        told["clashes"] = [
            {"field": clash.field, "now": clash.theirs, "by": clash.by, "at": clash.at, "wanted": clash.mine}
            for clash in error.clashes
        ]
    return {"schema": SCHEMA, "status": "error", "error": told}
