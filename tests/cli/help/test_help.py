"""Help: in groups, with examples, exit codes and the filter language, each word of it true; and as fast as a list."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm
from tuicrm import __version__
from tuicrm.cli.grammar.grammar import CrmGroup, loaded
from tuicrm.cli.grammar.typed import CommandContext
from tuicrm.cli.grammar.verbs import GROUPS, SUMMARIES, VERBS, built_in
from tuicrm.cli.help.help_topics import TOPICS
from tuicrm.cli.root import Root
from tuicrm.domain.reserved import WORDS


def test_the_whole_is_told_in_groups_with_examples_and_exit_codes(process: Crm) -> None:
    told = process("-h").out
    assert process("--help").out == told == process("help").out
    for group in GROUPS:
        assert f"\n{group}:\n" in told
    for word in (*VERBS, *built_in()):
        assert f"\n  {word} " in told
    for part in ("Examples:", "Exit codes:", "130", "interrupted", "tuicrm help filters", "tuicrm deal add"):
        assert part in told


def test_each_word_says_the_same_here_as_in_its_own_help() -> None:
    for word, place in VERBS.items():
        assert loaded(place, word).help.startswith(SUMMARIES[word]), word
    assert set(VERBS) <= WORDS


def test_every_command_that_comes_later_says_what_its_place_says() -> None:
    items = loaded("items.items:app", "deal")
    assert isinstance(items, CrmGroup)
    ctx = CommandContext(items, "deal")
    for word in items.list_commands(ctx):
        summary = items.summary(ctx, word)
        command = items.get_command(ctx, word)
        assert command is not None
        assert command.help == summary


def commands(command: CrmGroup, ctx: CommandContext) -> list[CommandContext]:
    """A noun and all below it."""
    found = [ctx]
    for word in command.list_commands(ctx):
        one = command.get_command(ctx, word)
        assert one is not None
        below = CommandContext(one, word, ctx)
        found += commands(one, below) if isinstance(one, CrmGroup) else [below]
    return found


def test_every_example_is_a_command_that_is_read() -> None:
    """What stands in a page of help can be typed: its options and words are those of its command."""
    import shlex

    from tuicrm.cli.grammar.grammar import CrmCommand, _by_place, _option

    root = Root("tuicrm", "")
    for word in ("deal", *VERBS):
        top = root.get_command(CommandContext(root, "tuicrm"), word)
        assert top is not None
        ctx = CommandContext(top, word, CommandContext(root, "tuicrm"))
        for here in commands(top, ctx) if isinstance(top, CrmGroup) else [ctx]:
            for words, told in here.command.examples:
                assert told
                line = shlex.split(words.partition(" < ")[0])
                command = here.command
                if isinstance(command, CrmGroup):
                    _name, command, line = command.resolve_command(here, line)
                assert isinstance(command, CrmCommand)
                parameters = command.get_params(here)
                named = {name: one for one in parameters for name in one.opts}
                texts = []
                while line:
                    option, value = _option(named, line[0])
                    assert option is not None or not line[0].startswith("--"), words
                    if option is None:
                        texts.append(line[0])
                    elif not option.is_flag and value is None:
                        line.pop(0)
                    line.pop(0)
                _by_place(here, parameters, texts)


@pytest.mark.parametrize(
    ("arguments", "same"),
    [
        (("help", "deal", "list"), ("deal", "list", "--help")),
        (("help", "deal"), ("deal", "-h")),
        (("help", "deal", "products", "add"), ("deal", "products", "add", "--help")),
        (("help", "comment"), ("comment",)),
    ],
)
def test_help_of_a_command_in_other_words(crm: Crm, arguments: tuple[str, ...], same: tuple[str, ...]) -> None:
    told, other = crm(*arguments), crm(*same)
    assert (told.code, told.out) == (0, other.out)
    assert told.out.startswith("Usage: tuicrm ")


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_what_belongs_to_no_command_is_told_too(crm: Crm, topic: str) -> None:
    ran = crm("help", topic)
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) > 5
    assert crm("help", topic, "--json").json["help"] == ran.out.rstrip("\n")


def test_help_of_nothing_is_a_mistake(crm: Crm) -> None:
    assert crm("help", "dael").code == 2
    assert crm("help", "deal", "lsit").code == 2
    assert crm("help", "deal", "list", "more").code == 2


def test_the_filters_that_help_shows_are_filters(crm: Crm) -> None:
    for text in (
        "amount > 1000",
        'company ~ "rossi"',
        'stage in ("New", "Document preparation")',
        "phone is empty",
        "responsible = me",
        "close_date < today+14d",
        "rossi",
        "not rossi and amount > 1 or amount is empty",
    ):
        noun = "contact" if "phone" in text else "deal"
        assert crm(noun, "list", "--where", text, "--format", "ids").code == 0, text


def test_the_version_by_a_letter(process: Crm) -> None:
    assert process("-V").out == f"tuicrm {__version__}\n"
    assert process("-V", "--json").json["version"] == __version__
    assert process("--json", "-V").json["version"] == __version__


def test_help_stands_in_as_many_columns_as_there_are(process: Crm) -> None:
    for cells in (40, 80, 200):
        told = process("deal", "edit", "--help", env={"COLUMNS": str(cells)}).out
        # A word that is wider than its line has one of its own.
        assert max(len(line) for line in told.splitlines()) <= max(cells, 60)
