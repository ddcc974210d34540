"""`--help` in the person's language: how it is called, what it does, its own arguments and options, and those that stand everywhere.

The layout is Typer's own (definition lists, wrapped to the terminal); its English headings and metavars are not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tuicrm.i18n import _

GLOBAL = frozenset({"--data", "--as", "--json", "--no-color", "--quiet", "--help"})
_NO_DEFAULT: tuple[object, ...] = (None, "", 0, False, [], ())


class HelpPage:
    """What Typer's commands and groups share when they show their help."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        own: Any = self
        pieces = [_placed(parameter) for parameter in _of_kind(own.get_params(ctx), "argument")]
        if hasattr(own, "list_commands"):
            pieces.append(_("COMMAND …"))
        return [_("[OPTIONS]"), *pieces]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_("Usage: "))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        own: Any = self
        parameters = own.get_params(ctx)
        arguments = [(_word(one), _told(one)) for one in _of_kind(parameters, "argument") if _told(one)]
        options = list(_of_kind(parameters, "option"))
        everywhere = [one for one in options if GLOBAL.intersection(one.opts)]
        _write(formatter, _("Arguments"), arguments)
        _write(formatter, _("Options"), [(_names(one), _told(one)) for one in options if one not in everywhere])
        if hasattr(own, "list_commands"):
            own.format_commands(ctx, formatter)
        _write(formatter, _("Everywhere"), [(_names(one), _told(one)) for one in everywhere])

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        own: Any = self
        found = [(word, own.get_command(ctx, word)) for word in own.list_commands(ctx)]
        # The whole first sentence, on a second line where it takes one: nothing ends in dots.
        _write(formatter, _("Commands"), [(word, _first_sentence(one.help or "")) for word, one in found if one])


def _of_kind(parameters: Iterable[Any], kind: str) -> Iterable[Any]:
    return (one for one in parameters if one.param_type_name == kind)


def _write(formatter: Any, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)


def _word(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _placed(argument: Any) -> str:
    """An argument as it stands in the usage line: in brackets where it can be left out."""
    word = _word(argument)
    return word if argument.required or word.startswith("[") else f"[{word}]"


def _names(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    return names if option.is_flag else f"{names} {_word(option)}"


def _told(parameter: Any) -> str:
    """What a parameter is for, and what it is when it is not given."""
    if "--help" in parameter.opts:
        return _("Show this help.")
    text = str(parameter.help or "")
    default = parameter.default
    if default in _NO_DEFAULT or callable(default):
        return text
    return f"{text} {_('(else {value})').format(value=default)}".strip()


def _first_sentence(text: str) -> str:
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]
