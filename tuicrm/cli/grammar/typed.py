"""How commands are declared: in Typer's words (`Argument`, `Option`, `CommandContext`, `Exit`), without what Typer has to import.

A command is a function; what it takes is read off its signature, once it is asked for. `import typer` is 85 of the 100 ms that an
everyday command may take (`python -m benchmarks.commands`), so that commands are read by `grammar.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from tuicrm.cli.running.work import CommandRun

REQUIRED: Any = ...
"""The default of an argument that has to be given."""
Complete: TypeAlias = Callable[..., Any]


def _whole(text: str) -> int:
    """A whole number in plain digits: Python would take `1_000` and any script's. Raises ValueError."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(text)
    return int(text)


_CONVERT: dict[str, Callable[[str], Any]] = {"str": str, "int": _whole, "Path": Path, "bool": bool}


class Exit(Exception):
    """Ends a command that has told all there is to tell."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.exit_code = code


class Parameter(msgspec.Struct, eq=False):
    """An argument or option of a command (`param_type_name`): what it is when it is not given, what people write (`opts`).

    `name` and `type` are those in the function; `many` takes several values; `min` and `max` bound a number. `autocompletion` tells
    values to a shell that asks; `apply` does at once what an option of every command says.
    """

    param_type_name: str
    default: Any
    opts: Sequence[str]
    help: str = ""
    metavar: str = ""
    min: int | None = None
    max: int | None = None
    autocompletion: Complete | None = None
    apply: Callable[[Any, Any], None] | None = None
    is_flag: bool = False
    name: str = ""
    type: str = "str"
    many: bool = False

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.default is REQUIRED

    def placed(self, name: str, annotation: str) -> Parameter:
        """The same as the parameter `name: annotation` of a function; one declaration may serve several functions."""
        made = Parameter(
            self.param_type_name,
            self.default,
            self.opts or ([f"--{name.replace('_', '-')}"] if self.param_type_name == "option" else []),
            help=self.help,
            metavar=self.metavar,
            min=self.min,
            max=self.max,
            autocompletion=self.autocompletion,
        )
        made.name = name
        written = annotation.removesuffix(" | None")
        made.many = written.startswith("list[")
        made.type = written.removeprefix("list[").removesuffix("]")
        made.is_flag = made.type == "bool"
        return made

    def read(self, text: str) -> Any:  # noqa: ANN401 - as the command's function declares it
        """A word as the function takes it. Raises ValueError."""
        value = _CONVERT[self.type](text)
        if isinstance(value, int) and self.min is not None and value < self.min:
            raise ValueError(text)
        if isinstance(value, int) and self.max is not None and value > self.max:
            raise ValueError(text)
        return value


def Option(  # noqa: N802 - Typer's own name
    default: object = REQUIRED,
    *names: str,
    help: str = "",
    metavar: str = "",
    min: int | None = None,
    max: int | None = None,
    autocompletion: Complete | None = None,
) -> Any:  # noqa: ANN401 - stands as a default of whatever type is declared
    """An option: `--limit N`, or a flag where the function takes a bool."""
    return Parameter(
        "option", default, names, help=help, metavar=metavar, min=min, max=max, autocompletion=autocompletion
    )


def Argument(  # noqa: N802
    default: object = REQUIRED,
    *,
    help: str = "",
    metavar: str = "",
    min: int | None = None,
    max: int | None = None,
    autocompletion: Complete | None = None,
) -> Any:  # noqa: ANN401 - stands as a default of whatever type is declared
    """A word that stands by its place; the last ones of a `list`."""
    return Parameter(
        "argument", default, (), help=help, metavar=metavar, min=min, max=max, autocompletion=autocompletion
    )


class Together(msgspec.Struct, eq=False):
    """Options that several commands take, which reach them as one struct, `made`: a field for each, by its name."""

    made: type[Any]
    options: dict[str, Parameter]

    def placed(self) -> Iterator[Parameter]:
        """Each of them, as the field of the struct says its type."""
        for name, one in self.options.items():
            yield one.placed(name, str(self.made.__annotations__[name]))


def Options(made: type[Any], **options: Any) -> Any:  # noqa: ANN401, N802 - stands as a default of the type that it makes
    """Options that stand together in the order given; the parameter of the function is what they make, `made`."""
    return Together(made, options)


class CommandContext:
    """A command that is being run: by which word, below which, with what (`obj`, the run's `CommandRun`)."""

    def __init__(
        self,
        command: Command,
        info_name: str,
        parent: CommandContext | None = None,
        obj: object = None,
        *,
        help_of: Callable[[Command, CommandContext], str] | None = None,
        resilient_parsing: bool = False,
    ) -> None:
        self.command, self.info_name, self.parent = command, info_name, parent
        self.obj: Any = obj if parent is None else parent.obj
        self._help_of: Callable[[Command, CommandContext], str] | None = help_of if parent is None else parent._help_of
        self.resilient_parsing: bool = resilient_parsing or (parent is not None and parent.resilient_parsing)
        """Whether only what could come next is asked for: nothing is wrong then."""

    @property
    def command_path(self) -> str:
        """The words that lead here: `tuicrm deal list`."""
        return f"{self.parent.command_path} {self.info_name}" if self.parent else self.info_name

    def get_help(self) -> str:
        """The help of the command, as text. Raises TypeError where the first command was made without `help_of`."""
        if self._help_of is None:
            raise TypeError("help is asked of a command that has no pages")
        return self._help_of(self.command, self)


def parameters_of(function: Callable[..., Any]) -> Iterator[Parameter]:
    """What a command's function takes besides its context, from its defaults and its annotations as they are written."""
    for name, declared in _declared(function):
        if isinstance(declared, Together):
            yield from declared.placed()
        else:
            yield declared.placed(name, str(function.__annotations__[name]))


def together(function: Callable[..., Any], values: dict[str, Any]) -> dict[str, Any]:
    """The values of a function's parameters as it takes them: those that stand together in their struct."""
    left = dict(values)
    for name, declared in _declared(function):
        if isinstance(declared, Together):
            left[name] = declared.made(**{each: left.pop(each) for each in declared.options})
    return left


def _declared(function: Callable[..., Any]) -> Iterator[tuple[str, Parameter | Together]]:
    code: Any = function.__code__
    names = code.co_varnames[: code.co_argcount]
    defaults: tuple[Any, ...] = function.__defaults__ or ()
    return zip(names[len(names) - len(defaults) :], defaults, strict=True)


def work_of(context: CommandContext) -> CommandRun:
    """The run that a command belongs to."""
    work = context.obj
    if not isinstance(work, CommandRun):
        raise TypeError("a command was run without a CommandRun")
    return work


class Command:
    """What a word of the command line stands for. `examples` are whole command lines, each with what it does (English source)."""

    def __init__(self, name: str = "", help: str = "", examples: Sequence[tuple[str, str]] = ()) -> None:
        self.name, self.help = name, help
        self.examples = tuple(examples)

    def get_params(self, ctx: CommandContext) -> list[Parameter]:
        """Its own arguments and options, then those that all commands take."""
        raise NotImplementedError

    def run(self, ctx: CommandContext, words: Sequence[str]) -> None:
        """Read the words behind it and do what they say. Raises UsageError, Exit, and what the command raises."""
        raise NotImplementedError

    def show_help(self, ctx: CommandContext) -> None:
        """Show its help and end. Raises Exit."""
        work_of(ctx).out.raw(ctx.get_help() + "\n")
        raise Exit
