"""Writes docs/tuicrm.1, the manual page, from the help of all commands: `make commands`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tuicrm import __version__
from tuicrm.cli.grammar.grammar import CrmGroup, global_options
from tuicrm.cli.grammar.typed import Command, CommandContext, Parameter
from tuicrm.cli.grammar.verbs import GROUPS, TYPES, built_in
from tuicrm.cli.help.help import EXIT_CODES
from tuicrm.cli.help.help_topics import TOPICS
from tuicrm.cli.root import root
from tuicrm.cli.running.output import Output
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import set_language

FILE = Path(__file__).parent.parent / "docs" / "tuicrm.1"
ITEM = "deal"
"""The type whose verbs stand for those of every type."""
_ENVIRONMENT = (
    ("TUICRM_DATA", "The workspace, where --data does not name it."),
    ("TUICRM_CONFIG", "The file of settings, elsewhere than where `tuicrm paths` says."),
    (
        "LC_ALL, LC_MESSAGES, LANG",
        "Language, numbers and dates; where the locale is not UTF-8, terminals get ASCII alone.",
    ),
    ("TERM", "Colours, and whether a screen can be drawn: where it is `dumb`, tuicrm prints the board as text."),
    ("NO_COLOR, COLUMNS", "As everywhere."),
)
_TOPICS = {"filters": "FILTERS", "formats": "OUTPUT FOR PROGRAMS"}
"""Those of `tuicrm help` that say the same every day and everywhere, and their headings here."""


def written() -> str:
    """The page as it should be, in English."""
    set_language("en")
    group = root()
    context = CommandContext(
        group, "tuicrm", obj=CommandRun(Output(io.StringIO(), io.StringIO())), resilient_parsing=True
    )
    return "\n".join(_lines(group, context)) + "\n"


def _lines(group: CrmGroup, context: CommandContext) -> Iterator[str]:
    everywhere = {name for option in global_options() for name in option.opts} | {"--help"}
    yield '.\\" Written by scripts/man_page.py from the help of the commands.'
    yield f'.TH TUICRM 1 "" "tuicrm {__version__}" "User Commands"'
    yield from (".SH NAME", "tuicrm \\- a CRM driven from the keyboard, in a terminal")
    yield from (".SH SYNOPSIS", ".B tuicrm", "[\\fIOPTIONS\\fR] [\\fICOMMAND\\fR \\&...]")
    yield from (".SH DESCRIPTION", *_text(group.help, within=True))
    types = ", ".join(built_in())
    yield from _text(
        f"Items are of a type: {types}, or of one of the workspace's own. Their verbs are those of `tuicrm {ITEM}`."
    )
    yield from _text("On screen, ? shows all keys, and : finds everything by name.")
    yield from (".SH OPTIONS", "These stand anywhere.")
    yield from _options(group.get_params(context))
    yield ".SH COMMANDS"
    for heading, words in GROUPS.items():
        yield f".SS {_roff(heading)}"
        for word in [ITEM] if heading == TYPES else words:
            if (found := group.get_command(context, word)) is not None:
                yield from _command(found, CommandContext(found, word, context), everywhere)
    for topic, heading in _TOPICS.items():
        yield from (f".SH {heading}", ".nf", *map(_roff, _page(topic).splitlines()), ".fi")
    yield ".SH EXIT STATUS"
    yield from _listed([(str(code), told) for code, told in EXIT_CODES])
    yield ".SH ENVIRONMENT"
    yield from _listed(_ENVIRONMENT)
    yield from (".SH FILES", *_text("`tuicrm paths` says where workspace, settings and notes lie.", within=True))


def _page(topic: str) -> str:
    from tuicrm.cli.help.help_layout import HelpPage

    page = HelpPage(78)
    TOPICS[topic](page)
    return page.whole()


def _command(command: Command, context: CommandContext, everywhere: set[str]) -> Iterator[str]:
    """A command and what is below it."""
    parameters = [one for one in command.get_params(context) if not everywhere.intersection(one.opts)]
    inner = command.list_commands(context) if isinstance(command, CrmGroup) else []
    told = [_word(one) for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option"]
    pieces = [*(["[OPTIONS]"] if options else []), *told, *(["COMMAND"] if inner else [])]
    yield ".TP"
    yield f"\\fB{_roff(context.command_path)}\\fR {_roff(' '.join(pieces))}".rstrip()
    yield from _text(command.help or "\\&", within=True)
    if arguments := [(_word(one), one.help) for one in parameters if one.param_type_name == "argument" and one.help]:
        yield from (".RS", *_listed(arguments), ".RE")
    if options:
        yield from (".RS", *_options(options), ".RE")
    for word in inner:
        if isinstance(command, CrmGroup) and (found := command.get_command(context, word)) is not None:
            yield from _command(found, CommandContext(found, word, context), everywhere)


def _options(options: Sequence[Parameter]) -> Iterator[str]:
    for option in options:
        names = ", ".join(sorted(option.opts, key=len))
        yield ".TP"
        yield f"\\fB{_roff(names)}\\fR" + ("" if option.is_flag else f" \\fI{_roff(_word(option))}\\fR")
        yield from _text(option.help or "\\&", within=True)


def _listed(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    for word, told in rows:
        yield from (".TP", f"\\fB{_roff(word)}\\fR", *_text(told, within=True))


def _word(parameter: Parameter) -> str:
    return parameter.metavar or parameter.name.upper()


def _text(text: str, *, within: bool = False) -> Iterator[str]:
    """Paragraphs; `within` what stands beside a word, they do not begin anew at the margin."""
    for number, part in enumerate(filter(None, text.split("\n"))):
        if number or not within:
            yield ".IP" if within else ".PP"
        yield part if part == "\\&" else _roff(part)


def _roff(text: str) -> str:
    """A line of text that roff takes as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    text = re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", text)
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
