"""What was wrong with a command's words, said in the person's language: Typer's own messages are English and name its types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer

from tuicrm.errors import UsageError
from tuicrm.i18n import _


def unknown_option(ctx: Any, word: str, known: Iterable[str]) -> UsageError:
    """A word that was meant as an option and is none; with those that are like it."""
    name = word.partition("=")[0]
    return _with_hint(_("There is no option {option}.").format(option=name) + near(name, known), ctx)


def no_value(ctx: Any, option: str) -> UsageError:
    return _with_hint(_("{option} needs a value.").format(option=option), ctx)


def too_many(ctx: Any, words: Iterable[str]) -> UsageError:
    told = ", ".join(f"“{word}”" for word in words)
    return _with_hint(_("There is no place for {words}.").format(words=told), ctx)


def unknown_verb(ctx: Any, word: str, known: Iterable[str]) -> UsageError:
    return _with_hint(_("{noun} has no verb “{word}”.").format(noun=ctx.info_name, word=word) + near(word, known), ctx)


def of_parameter(mistake: typer.BadParameter) -> UsageError:
    """A parameter that is missing, or whose value is not what it takes."""
    parameter: Any = mistake.param
    name = _name(parameter)
    if not mistake.message:
        return _with_hint(_("{name} is missing.").format(name=name), mistake.ctx)
    least = getattr(parameter.type, "min", None)
    if parameter.type.name.startswith("int"):
        told = (
            _("{name}: a whole number is expected.")
            if least is None
            else _("{name}: a whole number from {least} on is expected.")
        )
        return _with_hint(told.format(name=name, least=least), mistake.ctx)
    return _with_hint(f"{name}: {mistake.message}", mistake.ctx)


def other(mistake: typer.TyperException) -> UsageError:
    """What is left of Typer's own."""
    return _with_hint(f"{mistake.format_message().rstrip('.')}.", getattr(mistake, "ctx", None))


def near(word: str, known: Iterable[str]) -> str:
    """A sentence that names like words; "" when there are none."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), 3)
    return " " + _("Did you mean: {words}?").format(words=", ".join(found)) if found else ""


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper()).strip("[]")


def _with_hint(message: str, ctx: Any) -> UsageError:
    path = ctx.command_path if ctx is not None else "tuicrm"
    return UsageError(f"{message} " + _("`{command} --help` says more.").format(command=path))
