"""`tuicrm paths`, `keys` and `doctor`: where things lie, what keys do, what the terminal can."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

import typer

from tuicrm.cli.grammar import CrmCommand, verb
from tuicrm.cli.work import Work, work_of
from tuicrm.errors import CrmError
from tuicrm.i18n import _, language
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, width

paths, keys, doctor = verb(), verb(), verb()


@paths.command(cls=CrmCommand, help=_("Say where the workspace, your settings and the program's notes lie."))
def _paths(context: typer.Context) -> None:
    from tuicrm.config import config_path
    from tuicrm.services import surroundings

    work = work_of(context)
    found = {
        "workspace": work.path.absolute(),
        "config": config_path(),
        "state": surroundings.state_folder(),
        "cache": surroundings.cache_folder(),
    }
    if work.out.json:
        work.out.envelope(paths={name: str(path) for name, path in found.items()})
        return
    labels = {"workspace": _("Workspace"), "config": _("Settings"), "state": _("Notes"), "cache": _("Cache")}
    rows = [[labels[name], str(path), "" if path.exists() else _("not there yet")] for name, path in found.items()]
    work.out.lines(_pairs([(row[0], f"{row[1]}  {row[2]}".rstrip()) for row in rows]))


@keys.command(cls=CrmCommand, help=_("List what the keys do on screen."))
def _keys(context: typer.Context) -> None:
    from tuicrm.actions import ACTIONS, GROUPS

    work = work_of(context)
    if work.out.json:
        rows = [
            {"id": action.id, "keys": list(action.keys), "group": action.group, "help": _(action.help)}
            for action in ACTIONS
        ]
        work.out.envelope(actions=rows)
        return
    for group, label in GROUPS.items():
        found = [(" ".join(action.keys), _(action.help)) for action in ACTIONS if action.group == group]
        if found:
            work.out.lines([(Run(_(label).upper(), "heading"),), *_pairs(found, "key"), ()])


@doctor.command(cls=CrmCommand, help=_("Say what tuicrm finds here: terminal, colours, size, locale, workspace."))
def _doctor(context: typer.Context) -> None:
    work = work_of(context)
    found = {**_program(), **_terminal(work), **_locale(), **_workspace(work)}
    if work.out.json:
        work.out.envelope(doctor=found)
        return
    work.out.lines(_pairs([(name.replace("_", " "), str(value)) for name, value in found.items()]))


def _program() -> dict[str, Any]:
    from tuicrm import __version__

    return {"tuicrm": __version__, "python": ".".join(map(str, sys.version_info[:3])), "platform": sys.platform}


def _terminal(work: Work) -> dict[str, Any]:
    size = shutil.get_terminal_size()
    palette = work.out.palette
    return {
        "terminal": os.environ.get("TERM", ""),
        "stdout_is_a_terminal": work.out.terminal,
        "colours": palette.depth if palette else "none",
        "size": f"{size.columns}x{size.lines}",
        "large_enough": size.columns >= 80 and size.lines >= 24,
        "inside": next((name for name in ("TMUX", "STY", "SSH_CONNECTION") if os.environ.get(name)), ""),
        "encoding": sys.stdout.encoding,
    }


def _locale() -> dict[str, Any]:
    from tuicrm.services.surroundings import locale_of, zone_of

    return {"locale": locale_of() or "C", "language": language(), "zone": str(zone_of())}


def _workspace(work: Work) -> dict[str, Any]:
    """The workspace as it opens, or why it does not: a doctor does not fall ill himself."""
    from tuicrm.services.start import place_warning

    found: dict[str, Any] = {"workspace": str(work.path.absolute())}
    if warning := place_warning(work.path.absolute()):
        found["warning"] = warning
    try:
        session = work.session
    except CrmError as problem:
        return {**found, "opens": False, "because": problem.message}
    counts = {key: len(session.ids(key)) for key in session.workspace.types}
    return {
        **found,
        "opens": True,
        "name": session.workspace.name,
        "person": session.person.name,
        "read_only": session.store.read_only,
        "transactions": session.store.seq(),
        "items": ", ".join(f"{key} {count}" for key, count in counts.items() if count),
    }


def _pairs(pairs: list[tuple[str, str]], style: str = "label") -> list[Line]:
    """Two columns without heads."""
    cells = max((width(clean(name)) for name, _value in pairs), default=0)
    return [
        (Run(clean(name) + " " * (cells - width(clean(name)) + 2), style), Run(clean(value))) for name, value in pairs
    ]
