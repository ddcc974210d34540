"""The grammar of the command line: nouns and verbs, global options before or after the noun, and texts that begin with a dash."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from itertools import takewhile
from typing import Any, TypeVar

import msgspec

from tuicrm.cli.grammar import mistakes
from tuicrm.cli.grammar.typed import Command, CommandContext, Parameter, parameters_of, together, work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _
from tuicrm.login import comer
from tuicrm.services.workspace.environment import typed_place

_Function = TypeVar("_Function", bound=Callable[..., None])

COLOURS = ("auto", "always", "never")


class _Global(msgspec.Struct, frozen=True):
    """An option that every command takes, wherever it stands."""

    names: tuple[str, ...]
    help: str
    apply: Callable[[CommandRun, str], None]
    metavar: str = ""


def _colour(work: CommandRun, value: str) -> None:
    if value not in COLOURS:
        raise UsageError(_("--color {word}: choose one of: {known}").format(word=value, known=", ".join(COLOURS)))
    work.out.colours = value


def _no_colour(work: CommandRun, _value: str) -> None:
    work.out.colours = "never"


def _json(work: CommandRun, _value: str) -> None:
    work.out.json = True


def _quiet(work: CommandRun, _value: str) -> None:
    work.out.quiet = True


def _folder(work: CommandRun, value: str) -> None:
    if value:
        work.folder = typed_place(value)


def _as_user(work: CommandRun, value: str) -> None:
    work.as_user = value


def _nothing(_work: CommandRun, _value: str) -> None:
    """Help is shown when all words are read."""


_GLOBAL = (
    _Global(("--data",), N_("The workspace folder (or TUICRM_DATA)."), _folder, "DIR"),
    _Global(("--as",), N_("Work as someone else (administrators only)."), _as_user, "USER"),
    _Global(("--json",), N_("Answer with one JSON object."), _json),
    _Global(("--color",), N_("Colours: auto (only on a terminal), always or never."), _colour, "WHEN"),
    _Global(("--no-color",), N_("No colours."), _no_colour),
    _Global(("-q", "--quiet"), N_("Print only data and errors."), _quiet),
    _Global(("-h", "--help"), N_("Show this help."), _nothing),
)
_HELP = ("-h", "--help")
_WHERE = {"--data": _folder, "--as": _as_user}


def global_options() -> list[Parameter]:
    """The options that every command takes, wherever they stand."""
    return [
        Parameter(
            "option",
            None,
            one.names,
            help=_(one.help),
            metavar=one.metavar,
            min=None,
            max=None,
            autocompletion=None,
            apply=one.apply,
            is_flag=not one.metavar,
        )
        for one in _GLOBAL
    ]


def look_ahead(work: CommandRun, words: Sequence[str]) -> None:
    """Note the workspace and the person that words further on name: a noun that only a workspace knows is looked for in that one."""
    for number, word in enumerate(takewhile(lambda word: word != "--", words)):
        name, equals, value = word.partition("=")
        apply = _WHERE.get(name)
        if apply is not None and (equals or number + 1 < len(words)):
            apply(work, value if equals else words[number + 1])


class CrmCommand(Command):
    """A verb: a function and the words that it takes."""

    all_texts = False

    def __init__(
        self, function: Callable[..., None], name: str, help: str = "", examples: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(name, help, examples)
        self.function = function

    def get_params(self, ctx: CommandContext) -> list[Parameter]:  # noqa: ARG002 - nouns of a workspace ask for it
        return [*parameters_of(self.function), *global_options()]

    def run(self, ctx: CommandContext, words: Sequence[str]) -> None:
        values = self.read(ctx, words)
        if comer() is not None:
            self._require_served(ctx, values)
        self.function(ctx, **together(self.function, values))

    def _require_served(self, ctx: CommandContext, values: Mapping[str, Any]) -> None:
        from tuicrm.cli.grammar.served import require
        from tuicrm.cli.grammar.verbs import VERBS

        words = ctx.command_path.partition(" ")[2]
        require(words, self.get_params(ctx), values, of_type=words.partition(" ")[0] not in VERBS)

    def read(self, ctx: CommandContext, words: Sequence[str]) -> dict[str, Any]:
        """What the function is to be called with. Options are known ones only: "-5% agreed" is a text, `--wehre` a mistake.

        Raises UsageError, and Exit where help was asked for and is shown."""
        parameters = self.get_params(ctx)
        named = {name: one for one in parameters for name in one.opts}
        given: dict[str, Any] = {}
        texts: list[str] = []
        waiting, wants_help = list(words), False
        while waiting:
            word = waiting.pop(0)
            if word == "--":
                texts += waiting
                break
            option, value = _option(named, word)
            if option is None:
                if self._is_mistake(word, named):
                    raise mistakes.unknown_option(ctx, word, named)
                texts.append(word)
                continue
            wants_help = wants_help or word in _HELP
            if not option.is_flag and value is None:
                value = _value_of(ctx, word, waiting)
            self._take(ctx, given, option, value)
        if wants_help:
            self.show_help(ctx)
        placed = _by_place(ctx, parameters, texts)
        for one in parameters:
            if one.param_type_name == "option" and one.required and one.name not in given:
                raise mistakes.missing(ctx, one)
        return {**_defaults(parameters), **given, **placed}

    @staticmethod
    def _take(ctx: CommandContext, given: dict[str, Any], option: Parameter, value: str | None) -> None:
        """Note what an option was given; the last one counts, unless it takes several."""
        if option.apply is not None:
            option.apply(work_of(ctx), value or "")
        elif option.is_flag:
            given[option.name] = True
        elif option.many:
            given.setdefault(option.name, []).append(_read(ctx, option, value or ""))
        else:
            given[option.name] = _read(ctx, option, value or "")

    def _is_mistake(self, word: str, named: Collection[str]) -> bool:
        """Whether a word that is no option of this command was meant as one; else it is what somebody writes."""
        if not word.startswith("-") or not word.lstrip("-")[:1].isalpha() or any(c.isspace() for c in word):
            return False
        return not self.all_texts or (word.startswith("--") and mistakes.is_near(word.partition("=")[0], named))


class TextCommand(CrmCommand):
    """A command whose arguments are texts, whatever they begin with; only what is nearly one of its options is a mistake."""

    all_texts = True


class CrmGroup(Command):
    """A noun: its verbs, and the global options between."""

    def __init__(self, name: str = "", help: str = "", examples: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(name, help, examples)
        self.commands: dict[str, Command] = {}
        self._places: dict[str, tuple[str, str]] = {}

    def command(
        self,
        name: str = "",
        *,
        cls: type[CrmCommand] = CrmCommand,
        help: str = "",
        examples: Sequence[tuple[str, str]] = (),
    ) -> Callable[[_Function], _Function]:
        """Make a function a verb of this noun, by its own name unless one is given."""

        def take(function: _Function) -> _Function:
            word = name or function.__name__.strip("_").replace("_", "-")
            self.commands[word] = cls(function, word, help, examples)
            return function

        return take

    def add_typer(self, group: CrmGroup, name: str) -> None:
        """Put a noun below this one."""
        group.name = name
        self.commands[name] = group

    def later(self, word: str, place: str, summary: str) -> None:
        """Put a noun or verb below this one that is loaded when it is used: `module:app` under `tuicrm.cli`, and what it does."""
        self._places[word] = (place, summary)

    def list_commands(self, ctx: CommandContext) -> list[str]:  # noqa: ARG002
        """The verbs as they were declared, whichever of them are loaded already."""
        return [*(word for word in self.commands if word not in self._places), *self._places]

    def get_command(self, ctx: CommandContext, cmd_name: str) -> Command | None:  # noqa: ARG002
        """The command of a verb, loaded now where it is not yet; None for a word that is no verb."""
        if cmd_name not in self.commands and cmd_name in self._places:
            self.commands[cmd_name] = loaded(self._places[cmd_name][0], cmd_name)
        return self.commands.get(cmd_name)

    def summary(self, ctx: CommandContext, word: str) -> str:
        """What a verb does."""
        if word not in self.commands and word in self._places:
            return self._places[word][1]
        command = self.get_command(ctx, word)
        return command.help if command else ""

    def get_params(self, ctx: CommandContext) -> list[Parameter]:  # noqa: ARG002
        return global_options()

    def run(self, ctx: CommandContext, words: Sequence[str]) -> None:
        left = self.options(ctx, words)
        if not left:
            self.alone(ctx)
            return
        word, command, rest = self.resolve_command(ctx, left)
        command.run(CommandContext(command, word, ctx), rest)

    def options(self, ctx: CommandContext, words: Sequence[str]) -> list[str]:
        """Note the options before the verb; the words from the verb on. Raises UsageError for an unknown one."""
        named = {name: one for one in self.get_params(ctx) for name in one.opts}
        waiting = list(words)
        wants_help = False
        while waiting and waiting[0].startswith("-") and waiting[0] != "-":
            word = waiting.pop(0)
            if word == "--":
                # No option behind it, whatever commands come.
                waiting[1:1] = ["--"] if waiting else []
                break
            option, value = _option(named, word)
            if option is None:
                raise mistakes.unknown_option(ctx, word, named)
            wants_help = wants_help or word in _HELP
            if not option.is_flag and value is None:
                value = _value_of(ctx, word, waiting)
            if option.apply is not None:
                option.apply(work_of(ctx), value or "")
        if wants_help:
            self.show_help(ctx)
        return waiting

    def resolve_command(self, ctx: CommandContext, args: list[str]) -> tuple[str, Command, list[str]]:
        """The verb's word, what it stands for, and the words behind it. Raises UsageError for an unknown one."""
        command = self.get_command(ctx, args[0])
        if command is None:
            raise self.unknown(ctx, args[0])
        return args[0], command, args[1:]

    def unknown(self, ctx: CommandContext, word: str) -> UsageError:
        """What to say of a word that is no command of this group."""
        return mistakes.unknown_verb(ctx, word, self.list_commands(ctx))

    def alone(self, ctx: CommandContext) -> None:
        """What a noun does without a verb: it shows its help."""
        if work_of(ctx).out.json:
            raise UsageError(_("Which verb? `{command} --help` lists them.").format(command=ctx.command_path))
        self.show_help(ctx)


class Verb(CrmGroup):
    """A command without a noun: it holds the one command that it is."""

    @property
    def only(self) -> Command:
        """That command."""
        return next(iter(self.commands.values()))


def loaded(place: str, word: str) -> Command:
    """What lies at a place, `module:app` under `tuicrm.cli`, under the word that it is called by."""
    module, _colon, name = place.partition(":")
    app = getattr(import_module(f"tuicrm.cli.{module}"), name)
    command: Command = app.only if isinstance(app, Verb) else app
    command.name = word
    return command


def noun(help: str, cls: type[CrmGroup] = CrmGroup, examples: Sequence[tuple[str, str]] = ()) -> CrmGroup:
    """A group of commands, which shows its help when no verb is given."""
    return cls(help=help, examples=examples)


def verb() -> Verb:
    """A command without a noun."""
    return Verb()


def _option(named: dict[str, Parameter], word: str) -> tuple[Parameter | None, str | None]:
    """The option that a word is, and the value that is written to it: `--limit=5`, `-oFILE`."""
    if word in named:
        return named[word], None
    if word[:2] in named and word[:2] not in ("--", word) and not named[word[:2]].is_flag:
        return named[word[:2]], word[2:].removeprefix("=")
    name, equals, value = word.partition("=")
    found = named.get(name) if equals and name.startswith("-") else None
    return (found, value) if found is not None and not found.is_flag else (None, None)


def _value_of(ctx: CommandContext, option: str, waiting: list[str]) -> str:
    """The value that stands behind an option, taken from the words that wait. Raises UsageError when there is none."""
    if not waiting:
        raise mistakes.no_value(ctx, option)
    return waiting.pop(0)


def _read(ctx: CommandContext, parameter: Parameter, text: str) -> Any:  # noqa: ANN401 - as the command's function declares it
    try:
        return parameter.read(text)
    except ValueError as wrong:
        raise mistakes.of_value(ctx, parameter, text) from wrong


def _defaults(parameters: Sequence[Parameter]) -> dict[str, Any]:
    own = [one for one in parameters if one.name]
    return {one.name: list(one.default) if isinstance(one.default, list) else one.default for one in own}


def _by_place(ctx: CommandContext, parameters: Sequence[Parameter], texts: Sequence[str]) -> dict[str, Any]:
    """The words that are no options, each to the argument whose place it has; one argument may take all that are left for it.

    Raises UsageError where one is missing or too many are there."""
    places = [one for one in parameters if one.param_type_name == "argument"]
    waiting, given = list(texts), {}
    for number, place in enumerate(places):
        if place.many:
            behind = len(places) - number - 1
            mine = waiting[: max(len(waiting) - behind, 0)]
            del waiting[: len(mine)]
            if mine:
                given[place.name] = [_read(ctx, place, text) for text in mine]
            elif place.required:
                raise mistakes.missing(ctx, place)
        elif waiting:
            given[place.name] = _read(ctx, place, waiting.pop(0))
        elif place.required:
            raise mistakes.missing(ctx, place)
    if waiting:
        raise mistakes.too_many(ctx, waiting)
    return given
