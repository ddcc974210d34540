"""The nouns and verbs there are, each loaded only when it is used, and what `tuicrm` alone does."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tuicrm.capable import has_screen
from tuicrm.cli.grammar.grammar import CrmGroup, global_options, loaded, look_ahead
from tuicrm.cli.grammar.mistakes import near
from tuicrm.cli.grammar.typed import Command, CommandContext, Exit, Parameter, work_of
from tuicrm.cli.grammar.verbs import GROUPS, SUMMARIES, VERBS, built_in, is_built_in
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import AccessDenied, StorageError, UsageError
from tuicrm.i18n import _
from tuicrm.regex import regex

_REF = regex(r"[^\W\d_]{1,5}-?\d{1,18}")
"""What is written like a ref; whose prefixes there are, the workspace says."""


class Root(CrmGroup):
    """Finds a command by its word; any other word may be an item type of the workspace, or a ref."""

    def list_commands(self, ctx: CommandContext) -> list[str]:
        """The first words there are: the item types, then the others."""
        return [*self.types(ctx), *VERBS]

    def types(self, ctx: CommandContext) -> list[str]:
        """The item types, the workspace's own last."""
        return [*built_in(), *self._own_types(ctx)]

    def get_command(self, ctx: CommandContext, cmd_name: str) -> Command | None:
        """The command of a first word, loaded now; None for a word that nothing is called by."""
        if cmd_name in VERBS:
            return loaded(VERBS[cmd_name], cmd_name)
        if is_built_in(cmd_name) or self._is_type(ctx, cmd_name):
            from tuicrm.cli.items.items import app as items

            items.name = cmd_name
            items.help = self.summary(ctx, cmd_name)
            return items
        return None

    def summary(self, ctx: CommandContext, word: str) -> str:  # noqa: ARG002
        # Without loading what the word stands for.
        if word in SUMMARIES:
            return _(SUMMARIES[word])
        return _("List, show, add, change, move and delete: {noun}.").format(noun=word)

    def get_params(self, ctx: CommandContext) -> list[Parameter]:  # noqa: ARG002
        version = Parameter(
            "option",
            False,
            ("-V", "--version"),
            help=_("Show the version."),
            metavar="",
            min=None,
            max=None,
            autocompletion=None,
            apply=_tell_version,
            is_flag=True,
        )
        return [version, *global_options()]

    def resolve_command(self, ctx: CommandContext, args: list[str]) -> tuple[str, Command, list[str]]:
        word = args[0]
        if word not in VERBS and not is_built_in(word):
            look_ahead(work_of(ctx), args[1:])
            if _REF.fullmatch(word) and not self._is_type(ctx, word):
                # `tuicrm D-42` is the item itself.
                return super().resolve_command(ctx, ["show", *args])
        return super().resolve_command(ctx, args)

    def unknown(self, ctx: CommandContext, word: str) -> UsageError:
        told = _("There is no command or item type “{word}”.").format(word=word)
        return UsageError(told + near(word, self.list_commands(ctx)) + " " + _("`tuicrm --help` lists all."))

    def alone(self, ctx: CommandContext) -> None:
        """The workspace on screen; its board as text where nothing can be drawn, the help where there is no terminal at all."""
        work = work_of(ctx)
        if work.out.json:
            raise UsageError(_("Which command? `tuicrm --help` lists them."))
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            self.show_help(ctx)
        if not has_screen():
            _print_board(work)
            raise Exit
        from tuicrm.cli.running.on_screen import open_on_screen

        raise Exit(open_on_screen(work.place, work.as_user))

    @staticmethod
    def _own_types(ctx: CommandContext) -> list[str]:
        """The workspace's own item types, where there is a workspace that can be read."""
        from tuicrm.services.workspace.start import type_keys

        shipped = built_in()
        return [key for key in type_keys(work_of(ctx).path) if key not in shipped]

    def _is_type(self, ctx: CommandContext, word: str) -> bool:
        """Whether the workspace has such a type. Without a workspace there are only the built-in ones."""
        if ctx.resilient_parsing:
            return word in self._own_types(ctx)
        try:
            return work_of(ctx).session.workspace.find_type(word) is not None
        except (StorageError, AccessDenied):
            return False


def _print_board(work: CommandRun) -> None:
    """What comes first on screen, as text, and why it is text."""
    from tuicrm.cli.items.board import CARDS, draw_board, no_screen
    from tuicrm.services.boards.first import first_type

    draw_board(work, first_type(work.session), "", "", CARDS)
    work.out.say(no_screen())


def _tell_version(work: CommandRun, _value: str) -> None:
    from tuicrm import __version__

    work.out.names(f"tuicrm {__version__}", version=__version__)
    raise Exit


def _help_of(command: Command, ctx: CommandContext) -> str:
    from tuicrm.cli.help.help import page, root_page

    if not isinstance(command, Root):
        return page(command, ctx)
    groups = {key: command.types(ctx) if not words else list(words) for key, words in GROUPS.items()}
    return root_page(command, ctx, groups)


def root() -> Root:
    """The whole command line as one command."""
    return Root("tuicrm", _("A CRM in the terminal. Without a command, tuicrm opens the workspace on screen."))


def run_words(words: Sequence[str], work: CommandRun) -> None:
    """Run what the words say. Raises Exit, and what the command raises."""
    command = root()
    command.run(CommandContext(command, "tuicrm", obj=work, help_of=_help_of), words)
