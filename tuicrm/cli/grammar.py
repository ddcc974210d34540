"""The grammar of the command line on top of Typer: global options before or after the noun, and texts that begin with a dash."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from tuicrm.cli import mistakes
from tuicrm.cli.help import HelpPage
from tuicrm.cli.work import Work, work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _


def _set(apply: Callable[[Work, Any], None]) -> Callable[[Any, Any, Any], None]:
    """An option's callback that notes its value when it is given; given nowhere, nothing changes."""

    def callback(context: Any, _parameter: Any, value: Any) -> None:
        if value and not context.resilient_parsing:
            apply(context.obj, value)

    return callback


def _no_colour(work: Work, _value: Any) -> None:
    work.out.colour = False


def _json(work: Work, _value: Any) -> None:
    work.out.json = True


def _quiet(work: Work, _value: Any) -> None:
    work.out.quiet = True


def _folder(work: Work, value: str) -> None:
    work.folder = Path(value).expanduser()


def _as_user(work: Work, value: str) -> None:
    work.as_user = value


_WHERE = {"--data": _folder, "--as": _as_user}


def global_options() -> list[TyperOption]:
    """The options that every command takes, wherever they stand."""

    def option(*names: str, help: str, apply: Callable[[Work, Any], None], metavar: str = "") -> TyperOption:
        return TyperOption(
            param_decls=list(names),
            help=help,
            metavar=metavar or None,
            is_flag=not metavar,
            expose_value=False,
            is_eager=True,
            callback=_set(apply),
        )

    return [
        option("--data", metavar="DIR", help=_("The workspace's folder (or TUICRM_DATA)."), apply=_folder),
        option("--as", metavar="USER", help=_("Work as someone else (administrators only)."), apply=_as_user),
        option("--json", help=_("Answer with one JSON object."), apply=_json),
        option("--no-color", help=_("No colours."), apply=_no_colour),
        option("-q", "--quiet", help=_("Only data and errors."), apply=_quiet),
    ]


def look_ahead(work: Work, words: list[str]) -> None:
    """Note the workspace and the person that words further on name: a noun that only a workspace knows is looked for in that one."""
    for number, word in enumerate(takewhile(lambda word: word != "--", words)):
        name, equals, value = word.partition("=")
        apply = _WHERE.get(name)
        if apply is not None and (equals or number + 1 < len(words)):
            apply(work, value if equals else words[number + 1])


def _options(parameters: list[Any]) -> dict[str, bool]:
    """The names of options, and whether each takes a value."""
    return {name: not one.is_flag for one in parameters if one.param_type_name == "option" for name in one.opts}


def _value_of(ctx: Any, option: str, waiting: list[str]) -> list[str]:
    """The value that stands behind an option, taken from the words that wait. Raises UsageError when there is none."""
    if not waiting and not ctx.resilient_parsing:
        raise mistakes.no_value(ctx, option)
    return [waiting.pop(0)] if waiting else []


class CrmCommand(HelpPage, TyperCommand):
    """A command that takes the global options and does not mistake a text for an option."""

    all_texts = False

    def __init__(self, *args: Any, **options: Any) -> None:
        options["params"] = [*(options.get("params") or []), *global_options()]
        super().__init__(*args, **options)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Options first, texts behind `--`, so that "-5% agreed" is a text and `--wehre` still a mistake."""
        takes_value = _options(self.get_params(ctx))
        options: list[str] = []
        texts: list[str] = []
        waiting = list(args)
        while waiting:
            word = waiting.pop(0)
            name, equals, _value = word.partition("=")
            if word == "--":
                texts += waiting
                break
            if word in takes_value:
                options.append(word)
                if takes_value[word]:
                    options += _value_of(ctx, word, waiting)
            elif equals and name.startswith("--") and name in takes_value:
                options.append(word)
            elif self._is_mistake(word) and not ctx.resilient_parsing:
                raise mistakes.unknown_option(ctx, word, takes_value)
            else:
                texts.append(word)
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, [*options, "--", *texts])
        if left and not ctx.resilient_parsing:
            raise mistakes.too_many(ctx, left)
        return left

    def _is_mistake(self, word: str) -> bool:
        """Whether a word that is no option of this command was meant as one; else it is what somebody writes."""
        if self.all_texts or not word.startswith("-") or word == "-":
            return False
        return word.lstrip("-")[:1].isalpha() and not any(c.isspace() for c in word)


class TextCommand(CrmCommand):
    """A command whose arguments are texts, whatever they begin with."""

    all_texts = True


class CrmGroup(HelpPage, TyperGroup):
    """A noun: its verbs, and the global options between."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options["params"] = [*(options.get("params") or []), *global_options()]
        super().__init__(*args, **options)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Only to say what is wrong before the verb: an option that there is not, or one without its value."""
        takes_value = _options(self.get_params(ctx))
        waiting = [] if ctx.resilient_parsing else list(args)
        while waiting and waiting[0].startswith("-") and waiting[0] != "--":
            word = waiting.pop(0)
            name, equals, _value = word.partition("=")
            if name not in takes_value:
                raise mistakes.unknown_option(ctx, word, takes_value)
            if takes_value[name] and not equals:
                _value_of(ctx, word, waiting)
        return list(super().parse_args(ctx, args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise self.unknown(ctx, args[0])
        return super().resolve_command(ctx, args)

    def unknown(self, ctx: Any, word: str) -> UsageError:
        """What to say of a word that is no command of this group."""
        return mistakes.unknown_verb(ctx, word, self.list_commands(ctx))


def noun(help: str, cls: type[CrmGroup] = CrmGroup) -> typer.Typer:
    """A group of commands, which shows its help when no verb is given."""
    app = typer.Typer(
        cls=cls,
        help=help,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_alone)
    return app


def verb() -> typer.Typer:
    """A command without a noun: one command in an app of its own."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        work = work_of(context)
        if work.out.json:
            raise UsageError(_("Which verb? `{command} --help` lists them.").format(command=context.command_path))
        work.out.raw(context.get_help() + "\n")
