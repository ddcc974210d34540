"""Templates that are written in Jinja (`{{ … }}`, `{% … %}`), filled by docxtpl: in a process of its own, shut in (`jinja_child.py`).

As docxtpl comes, a template can run commands and a value can be read as markup. Here values are texts, numbers, and lists and groups
of them; they print as they are, and a name that is not known prints empty.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from tuicrm.errors import Refused, Unreachable, UsageError
from tuicrm.i18n import _

JinjaValue: TypeAlias = "str | int | float | bool | Sequence[JinjaValue] | Mapping[str, JinjaValue] | None"

_CHILD = Path(__file__).with_name("jinja_child.py")
_MEMORY = 512 << 20
_GRACE = 5
"""Seconds for the child to start and load its libraries, beside those that the template may take."""


class _Answer(msgspec.Struct):
    fine: bool
    reason: str = ""
    told: str = ""
    near: str = ""
    names: dict[str, list[str]] = {}


def fill_jinja(content: bytes, values: Mapping[str, JinjaValue], *, limit_seconds: int = 20) -> bytes:
    """The document that a template becomes with the values.

    Raises Refused where the template is no Word document, is written wrongly, does what it may not, fails with these values or needs
    too much time or memory; UsageError where the library (extra `jinja`) is missing; Unreachable where no process can be started.
    """
    return _ask("fill", content, values, limit_seconds)[1]


def names(content: bytes, *, limit_seconds: int = 20) -> dict[str, list[str]]:
    """The names that a template asks for, and what it reads of each and of its rows: `{"Products": ["Name"], "TotalSum": []}`.

    A check of the template too: raises as `fill_jinja` does.
    """
    return _ask("names", content, {}, limit_seconds)[0].names


def _ask(verb: str, content: bytes, values: Mapping[str, JinjaValue], seconds: int) -> tuple[_Answer, bytes]:
    asked = {"verb": verb, "values": values, "seconds": seconds, "memory": _MEMORY}
    try:
        child = subprocess.Popen(  # noqa: S603 - this Python and a file of our own
            [sys.executable, "-S", "-P", "-B", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            cwd="/" if os.name == "posix" else None,
            start_new_session=True,
        )
    except OSError as problem:
        raise Unreachable(
            _("{program} could not be run: {why}").format(program=sys.executable, why=problem.strerror)
        ) from problem
    with child:
        try:
            # JSON that holds any text, halves of characters too: the child takes them out.
            said, _nothing = child.communicate(json.dumps(asked).encode() + b"\n" + content, seconds + _GRACE)
        except subprocess.TimeoutExpired:
            raise Refused(_too_long(seconds)) from None
        finally:
            child.kill()
    head, newline, made = said.partition(b"\n")
    if not newline:
        raise Refused(_died(child.returncode, seconds))
    answer = msgspec.json.decode(head, type=_Answer)
    if not answer.fine:
        raise _refusal(answer)
    return answer, made


def _surroundings() -> dict[str, str]:
    """What the child gets of the environment: where libraries lie. No secret of the person's, no language, no home."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}


def _refusal(answer: _Answer) -> Refused | UsageError:
    if answer.reason == "missing":
        return UsageError(_("Templates written in Jinja need a library: pip install 'tuicrm[jinja]'"))
    if answer.reason == "no_docx":
        return Refused(_("this is not a Word document (.docx), or it is damaged"))
    if answer.reason == "large":
        return Refused(_too_large())
    told = {
        "unsafe": _("the template does what it may not: {told}"),
        "syntax": _("the template is written wrongly: {told}"),
    }.get(answer.reason, _("the template cannot be filled: {told}"))
    message = told.format(told=answer.told)
    return Refused(_("{message}, near “{text}”").format(message=message, text=answer.near) if answer.near else message)


def _died(code: int, seconds: int) -> str:
    """Of its limits the system tells only by how it ends a process: of time by SIGXCPU, or SIGKILL where that is not taken."""
    out_of_time = () if sys.platform == "win32" else (-signal.SIGXCPU, -signal.SIGKILL)
    return _too_long(seconds) if code in out_of_time else _too_large()


def _too_large() -> str:
    return _("the template needs too much memory")


def _too_long(seconds: int) -> str:
    return _("the template takes longer than {n} seconds").format(n=seconds)
