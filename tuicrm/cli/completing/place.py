"""What may stand where somebody types: a command, an option, or a value of one of them, found in `data/commands.json`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec

from tuicrm.cli.completing.offers import CommandLine, Completion, Completions, Slot
from tuicrm.cli.grammar.verbs import is_built_in
from tuicrm.files import data_folder
from tuicrm.i18n import _
from tuicrm.regex import regex

_LEFT_OUT = {"products": "show", "comment": "add"}
"""Nouns behind which an item may stand, and the verb that is meant then."""
_REF = regex(r"[^\W\d_]{1,5}-\d{0,18}")
"""What is going to be a ref."""

GrammarNode: TypeAlias = Mapping[str, Any]
"""A command: `help`, and either `commands` by word or `options` and `arguments` (scripts/commands.py)."""


def offered(words: Sequence[str], word: str) -> Completions:
    """What may stand for a word behind others. Raises whatever goes wrong."""
    grammar: GrammarNode = msgspec.json.decode((data_folder() / "commands.json").read_bytes())
    path, node, rest, found = _walked(grammar, words)
    if not node:
        return Completions()
    options = [*(grammar["first"] if node is grammar else node.get("options", ())), *grammar["options"]]
    if node.get("commands") and not found.waiting:
        if word.startswith("-"):
            return Completions(_option_names(options, word))
        return Completions([*_commands(grammar, node, word, found), *_of_what_is_meant(path, node, word, found)])
    said, waiting, only_texts = _said(path, rest, options, found)
    if waiting:
        return _values(said, Slot((_value(options, waiting),), waiting), word)
    name, equals, _given = word.partition("=")
    if equals and name.startswith("--") and not only_texts and _value(options, name):
        answer = _values(said, Slot((_value(options, name),), name), word.removeprefix(f"{name}="))
        return _behind(f"{name}=", answer)
    if word.startswith("-") and not only_texts:
        return Completions(_option_names(options, word))
    slot = Slot(eligible([one["value"] for one in node.get("arguments", ())], len(said.arguments), said))
    answer = _values(said, slot, word)
    if not answer.offers and not answer.files and not word and not slot.values:
        return Completions(_option_names(options, "--"))
    return answer


def _behind(head: str, answer: Completions) -> Completions:
    return Completions(
        [Completion(head + one.text, one.told) for one in answer.offers], answer.files, head + answer.head
    )


# -- which command -----------------------------------------------------------------------------------------------------
class _GlobalOptions(NamedTuple):
    """Global options that stood among the nouns and verbs; `waiting` for the value of one."""

    options: dict[str, str]
    waiting: str = ""


def _walked(
    grammar: GrammarNode, words: Sequence[str]
) -> tuple[tuple[str, ...], GrammarNode, list[str], _GlobalOptions]:
    """The command that words lead to ({} for no such one), its path (`@` before an item type), the words left, options on the way."""
    node, path, options = grammar, tuple[str, ...](), dict[str, str]()
    left = list(words)
    while left and (node is grammar or "commands" in node):
        word = left.pop(0)
        name, equals, value = word.partition("=")
        takes = _value(grammar["options"], name)
        if word.startswith("-"):
            if takes and not equals and not left:
                return path, node, [], _GlobalOptions(options, name)
            if takes:
                options[name] = value if equals else left.pop(0)
            continue
        inner = node["commands"].get(word)
        if inner is None and (verb := _meant(path, word)) in node["commands"]:
            # The word is no verb but what one of them is about: `deal products D-42`.
            left.insert(0, word)
            inner, word = node["commands"][verb], verb
        elif inner is None and node is grammar and _is_type(word, options):
            inner, path = grammar["item"], ("@",)
        if inner is None:
            return path, {}, [], _GlobalOptions(options)
        node, path = inner, (*path, word)
    return path, node, left, _GlobalOptions(options)


def _meant(path: Sequence[str], word: str) -> str:
    """The verb that is meant where an item stands in its place; "" for no such one."""
    if path:
        return _LEFT_OUT.get(path[-1], "")
    return "show" if _REF.fullmatch(word) else ""


def _of_what_is_meant(
    path: tuple[str, ...], node: GrammarNode, word: str, found: _GlobalOptions
) -> Sequence[Completion]:
    """What may stand there where the verb can be left out."""
    verb = _meant(path, word)
    inner = node["commands"].get(verb)
    if inner is None:
        return ()
    said = CommandLine((*path, verb), (), found.options)
    return _values(said, Slot(eligible([one["value"] for one in inner["arguments"]], 0, said)), word).offers


def _is_type(word: str, options: Mapping[str, str]) -> bool:
    """Whether items of a type are spoken of; for those that ship no workspace is opened."""
    if is_built_in(word):
        return True
    from tuicrm.cli.completing.known import opened

    session = opened(options)
    return session is not None and session.workspace.find_type(word) is not None


def _said(
    path: tuple[str, ...], words: Sequence[str], options: Sequence[GrammarNode], found: _GlobalOptions
) -> tuple[CommandLine, str, bool]:
    """What is said behind a command; the option whose value is next, or ""; whether only arguments can follow (behind `--`)."""
    arguments, values, left = list[str](), dict(found.options), list(words)
    while left:
        word = left.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return CommandLine(path, (*arguments, *left), values), "", True
        if not (name.startswith("-") and name in _names(options)):
            arguments.append(word)
        elif equals or not _value(options, name):
            values[name] = value
        elif not left:
            return CommandLine(path, tuple(arguments), values), name, False
        else:
            values[name] = left.pop(0)
    return CommandLine(path, tuple(arguments), values), found.waiting, False


def _names(options: Iterable[GrammarNode]) -> list[str]:
    return [name for option in options for name in option["names"]]


def _value(options: Iterable[GrammarNode], name: str) -> str:
    """What an option's value is called; "" where it has none."""
    return next((str(option["value"]) for option in options if name in option["names"]), "")


# -- which argument ----------------------------------------------------------------------------------------------------
def eligible(pattern: Sequence[str], at: int, said: CommandLine) -> tuple[str, ...]:
    """Which of the arguments of a command (`REF...`, `STAGE`, `[FIELD=VALUE...]`) may be the one at a place, the last first: who has
    named an item wants to go on. `[REF...]` may only be left out where --where says which. `DIR|FILE` is one argument."""
    found, least, most = list[str](), 0, 0.0
    for name in " ".join(pattern).replace(" | ", " ").split():
        bare = name.strip("[].")
        if bare == "REF" and said.options.get("--where"):
            continue
        most = math.inf if "..." in name else most
        if least <= at <= most:
            found += bare.split("|")
        optional = ("[" in name or "]" in name) and not name.startswith("[REF...")
        least, most = least + (not optional), most + 1
    return tuple(reversed(found))


# -- what there is -----------------------------------------------------------------------------------------------------
def _commands(grammar: GrammarNode, node: GrammarNode, word: str, found: _GlobalOptions) -> list[Completion]:
    offers = []
    if node is grammar:
        from tuicrm.cli.completing.known import types

        about = _("List, show, add, change, move and delete: {noun}.")
        offers = [Completion(one.text, about.format(noun=one.text)) for one in types(found.options)]
    offers += [Completion(name, _(inner["help"]) if inner["help"] else "") for name, inner in node["commands"].items()]
    return [one for one in offers if one.text.startswith(word)]


def _option_names(options: Iterable[GrammarNode], word: str) -> list[Completion]:
    offers = [
        Completion(max(option["names"], key=len), _(option["help"]) if option["help"] else "")
        for option in options
        if not word.startswith("--") or any(name.startswith(word) for name in option["names"])
    ]
    return [*offers, *([Completion("--help", _("Show this help."))] if "--help".startswith(word) else [])]


def _values(said: CommandLine, slot: Slot, word: str) -> Completions:
    from tuicrm.cli.completing.values import values

    return values(said, slot, word)
