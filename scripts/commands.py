"""Writes data/commands.json: the words of the command line, which completion reads instead of all commands (`make commands`)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from tuicrm.cli.grammar.grammar import CrmGroup, global_options
from tuicrm.cli.grammar.typed import Command, CommandContext, Parameter
from tuicrm.cli.grammar.verbs import VERBS
from tuicrm.cli.root import root
from tuicrm.cli.running.output import Output
from tuicrm.cli.running.work import CommandRun
from tuicrm.files import data_folder
from tuicrm.i18n import set_language

ITEM = "deal"
"""The type whose verbs stand for those of every type."""


def written() -> str:
    """The file as it should be: each command's help, options and arguments, in English, which is what translations go by."""
    set_language("en")
    group = root()
    context = CommandContext(
        group, "tuicrm", obj=CommandRun(Output(io.StringIO(), io.StringIO())), resilient_parsing=True
    )
    everywhere = {name for option in global_options() for name in option.opts} | {"--help"}
    nodes = {word: _node(group.get_command(context, word), context, everywhere) for word in (ITEM, *VERBS)}
    told = {
        "first": [_option(one) for one in group.get_params(context) if "--version" in one.opts],
        "options": [_option(option) for option in global_options()],
        "item": nodes.pop(ITEM),
        "commands": nodes,
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _node(command: Command | None, context: CommandContext, everywhere: set[str]) -> dict[str, Any]:
    if command is None:
        return {}
    node: dict[str, Any] = {"help": _sentence(command.help or "")}
    if isinstance(command, CrmGroup):
        inner = {word: command.get_command(context, word) for word in command.list_commands(context)}
        return {**node, "commands": {word: _node(one, context, everywhere) for word, one in inner.items() if one}}
    own = [one for one in command.get_params(context) if not everywhere.intersection(one.opts)]
    return {
        **node,
        "options": [_option(one) for one in own if one.param_type_name == "option"],
        "arguments": [_argument(one) for one in own if one.param_type_name == "argument"],
    }


def _option(option: Parameter) -> dict[str, Any]:
    value = "" if option.is_flag else str(option.metavar or "VALUE")
    return {"names": list(option.opts), "value": value, "help": option.help or ""}


def _argument(argument: Parameter) -> dict[str, Any]:
    return {"value": str(argument.metavar or argument.name.upper()), "many": argument.many}


def _sentence(text: str) -> str:
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


COMMANDS: Path = data_folder() / "commands.json"

if __name__ == "__main__":
    COMMANDS.write_text(written(), encoding="utf-8")
