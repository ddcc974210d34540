"""`tuicrm paths` and `keys`: where things lie, what keys do."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.i18n import _
from tuicrm.render.line import Run
from tuicrm.render.pairs import pairs

paths, keys = verb(), verb()


@paths.command(cls=CrmCommand, help=_("Show where the workspace, settings and logs are."))
def _paths(context: typer.CommandContext) -> None:
    from tuicrm.config import config_path
    from tuicrm.services.workspace import environment

    work = work_of(context)
    found = {
        "workspace": work.path.absolute(),
        "config": config_path(),
        "state": environment.state_folder(),
        "cache": environment.cache_folder(),
    }
    if work.out.json:
        work.out.envelope(paths={name: str(path) for name, path in found.items()})
        return
    labels = {"workspace": _("Workspace"), "config": _("Settings"), "state": _("Log files"), "cache": _("Cache")}
    rows = [[labels[name], str(path), "" if path.exists() else _("not created yet")] for name, path in found.items()]
    work.out.lines(pairs([(row[0], f"{row[1]}  {row[2]}".rstrip()) for row in rows]))


@keys.command(cls=CrmCommand, help=_("List what the keys do on screen."))
def _keys(context: typer.CommandContext) -> None:
    from tuicrm.actions import ACTIONS
    from tuicrm.scopes import GROUPS

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
            work.out.lines([(Run(_(label).upper(), "heading"),), *pairs(found, "key"), ()])
