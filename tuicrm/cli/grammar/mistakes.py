"""What was wrong with a command's words, said in the person's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tuicrm.errors import UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.cli.grammar.typed import CommandContext, Parameter


def unknown_option(ctx: CommandContext, word: str, known: Iterable[str]) -> UsageError:
    """A word that was meant as an option and is none; with those that are like it."""
    name = word.partition("=")[0]
    return _with_hint(_("There is no option {option}.").format(option=name) + near(name, known), ctx)


def no_value(ctx: CommandContext, option: str) -> UsageError:
    return _with_hint(_("{option} needs a value.").format(option=option), ctx)


def too_many(ctx: CommandContext, words: Iterable[str]) -> UsageError:
    told = ", ".join(f"“{word}”" for word in words)
    return _with_hint(_("Unexpected argument: {words}.").format(words=told), ctx)


def unknown_verb(ctx: CommandContext, word: str, known: Iterable[str]) -> UsageError:
    return _with_hint(_("{noun} has no verb “{word}”.").format(noun=ctx.info_name, word=word) + near(word, known), ctx)


def missing(ctx: CommandContext, parameter: Parameter) -> UsageError:
    return _with_hint(_("{name} is missing.").format(name=_name(parameter)), ctx)


def of_value(ctx: CommandContext, parameter: Parameter, text: str) -> UsageError:
    """A word that is not what its parameter takes."""
    name, least = _name(parameter), parameter.min
    if parameter.type != "int":
        return _with_hint(f"{name}: {text}", ctx)
    told = _("{name}: enter a whole number.") if least is None else _("{name}: enter a whole number, {least} or more.")
    return _with_hint(told.format(name=name, least=least), ctx)


def near(word: str, known: Iterable[str]) -> str:
    """A sentence that names like words; "" when there are none."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), 3)
    return " " + _("Did you mean: {words}?").format(words=", ".join(found)) if found else ""


def is_near(word: str, known: Iterable[str]) -> bool:
    """Whether a word is one of those but for a slip: `--fromat`."""
    from difflib import get_close_matches

    return bool(get_close_matches(word, list(known), 1, cutoff=0.8))


def _name(parameter: Parameter) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper()).strip("[]")


def _with_hint(message: str, ctx: CommandContext) -> UsageError:
    return UsageError(f"{message} " + _("`{command} --help` says more.").format(command=ctx.command_path))
