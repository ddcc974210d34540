"""A command of the command line, run without a process of its own."""

from __future__ import annotations

import io
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Ran(NamedTuple):
    """What a run of tuicrm came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The envelope on stdout; fails where there is more than one object."""
        return json.loads(self.out)

    @property
    def fields(self) -> Any:
        """The fields of the first item in the envelope."""
        return self.json["items"][0]["fields"]


def run_here(
    data: Path, patch: pytest.MonkeyPatch, *arguments: str, stdin: str = "", env: dict[str, str] | None = None
) -> Ran:
    """Run `tuicrm …` on a workspace, as its process would; not a terminal, as in a script."""
    from tuicrm.cli.run import run

    _load_in_english()
    with patch.context() as here:
        for name, value in {"TUICRM_DATA": str(data), **(env or {})}.items():
            here.setenv(name, value)
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _stream in range(2)]
        typed = io.BytesIO(stdin.encode("utf-8", "surrogateescape"))
        here.setattr(sys, "stdout", streams[0])
        here.setattr(sys, "stderr", streams[1])
        here.setattr(sys, "stdin", io.TextIOWrapper(typed, encoding="utf-8", errors="surrogateescape"))
        code = run(arguments)
    shown = [stream.buffer.getvalue().decode() for stream in streams]
    return Ran(code, *shown)


@cache
def _load_in_english() -> None:
    """Load every command, once: help is in the language in which its module was loaded, and a process has one."""
    from tuicrm.cli.grammar.grammar import CrmGroup, loaded
    from tuicrm.cli.grammar.typed import Command, CommandContext
    from tuicrm.cli.grammar.verbs import VERBS
    from tuicrm.i18n import set_language

    def load(command: Command | None) -> None:
        if isinstance(command, CrmGroup):
            here = CommandContext(command, command.name)
            for word in command.list_commands(here):
                load(command.get_command(here, word))

    set_language("en")
    for word, place in VERBS.items():
        load(loaded(place, word))
