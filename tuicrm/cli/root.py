"""The nouns and verbs there are, each loaded only when it is used, and what `tuicrm` alone does."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.main import get_command, get_group

from tuicrm.cli.grammar import CrmGroup, look_ahead
from tuicrm.cli.mistakes import near
from tuicrm.cli.work import work_of
from tuicrm.errors import AccessDenied, StorageError, UsageError
from tuicrm.i18n import _

BUILT_IN_TYPES = ("lead", "deal", "contact", "company", "quote", "invoice", "product")

VERBS = {
    "init": "workspace:init",
    "demo": "demo:demo",
    "board": "board:board",
    "find": "find:find",
    "dupes": "dupes:dupes",
    "merge": "merge:merge",
    "comment": "timeline:comment",
    "timeline": "timeline:timeline",
    "activity": "activity:app",
    "relations": "relations:relations",
    "link": "relations:link",
    "unlink": "relations:unlink",
    "undo": "history:undo",
    "redo": "history:redo",
    "log": "history:log",
    "import": "importing:import_",
    "export": "export:export",
    "type": "item_type:app",
    "field": "field:app",
    "stage": "stage:app",
    "pipeline": "pipeline:app",
    "dictionary": "dictionary:app",
    "numbering": "numbering:app",
    "layout": "layout:app",
    "view": "view:app",
    "filter": "filter:app",
    "tab": "tab:app",
    "currency": "currency:app",
    "repeats": "repeats:app",
    "user": "user:app",
    "department": "department:app",
    "history": "past:app",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "fsck": "fsck:fsck",
    "paths": "about:paths",
    "keys": "about:keys",
    "doctor": "doctor:doctor",
    "completion": "completion:completion",
}
"""Word → module:app under `tuicrm.cli`. These words are reserved: no item type can take them."""


class Root(CrmGroup):
    """Finds a command by its word; a word that is none of ours may be an item type of the workspace."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*BUILT_IN_TYPES, *self._own_types(ctx), *VERBS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in VERBS:
            module, _colon, name = VERBS[cmd_name].partition(":")
            app = getattr(import_module(f"tuicrm.cli.{module}"), name)
            command = get_command(app)
            command.name = cmd_name
            return command
        if cmd_name in BUILT_IN_TYPES or self._is_type(ctx, cmd_name):
            from tuicrm.cli.items import app as items

            command = get_group(items)
            command.name = cmd_name
            command.help = _("List, show, add, change, move and delete: {noun}.").format(noun=cmd_name)
            return command
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in VERBS and args[0] not in BUILT_IN_TYPES:
            look_ahead(work_of(ctx), args[1:])
        return super().resolve_command(ctx, args)

    def unknown(self, ctx: Any, word: str) -> UsageError:
        told = _("There is no command or item type “{word}”.").format(word=word)
        return UsageError(told + near(word, self.list_commands(ctx)) + " " + _("`tuicrm --help` lists all."))

    @staticmethod
    def _own_types(ctx: Any) -> list[str]:
        """The workspace's own item types, where there is a workspace that can be read."""
        from tuicrm.services.start import type_keys

        return [key for key in type_keys(work_of(ctx).path) if key not in BUILT_IN_TYPES]

    def _is_type(self, ctx: Any, word: str) -> bool:
        """Whether the workspace has such a type. Without a workspace there are only the built-in ones."""
        if ctx.resilient_parsing:
            return word in self._own_types(ctx)
        try:
            return work_of(ctx).session.workspace.find_type(word) is not None
        except (StorageError, AccessDenied):
            return False


_app = typer.Typer(
    cls=Root,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def root() -> Any:
    """The whole command line as one command."""
    return get_group(_app)


@_app.callback(help=_("A CRM in the terminal. Without a command, tuicrm opens the workspace on screen."))
def _alone(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help=_("Show the version.")),
) -> None:
    work = work_of(context)
    if version:
        from tuicrm import __version__

        if work.out.json:
            work.out.envelope(version=__version__)
        else:
            work.out.text(f"tuicrm {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        _open_screen(context)


def _open_screen(context: typer.Context) -> None:
    """The workspace on screen; the help where there is no terminal to show it on."""
    import sys

    work = work_of(context)
    if work.out.json:
        raise UsageError(_("Which command? `tuicrm --help` lists them."))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        work.out.raw(context.get_help() + "\n")
        return
    from tuicrm.app import open_workspace

    raise typer.Exit(open_workspace(work.path, as_user=work.as_user))
