"""`--help` in the person's language: how it is called, what it does, its own arguments and options, those that stand everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tuicrm.cli.grammar.grammar import CrmGroup
from tuicrm.cli.grammar.typed import REQUIRED, Command, CommandContext, Parameter
from tuicrm.cli.help.help_layout import HelpPage
from tuicrm.i18n import N_, _

_EVERYWHERE = frozenset({"--data", "--as", "--json", "--color", "--no-color", "--quiet", "--help"})
_NO_DEFAULT: tuple[object, ...] = (None, REQUIRED, "", 0, False, [], ())

_EXAMPLES = (
    ('deal add title="ERP connector" amount="38000 EUR" company=CO-7', N_("Add a deal; its ref is printed.")),
    ('deal list --where "amount > 1000 and stage = Proposal"', N_("List what matches a filter.")),
    (
        "deal list --format ids | tuicrm deal edit - responsible=me",
        N_("Change the items another command found, in one step."),
    ),
    ('comment D-42 "Call back on Monday"', N_("Write a comment on an item.")),
    ("undo", N_("Undo the last thing you did.")),
)
"""Command lines behind `tuicrm`, each with what it does."""

EXIT_CODES = (
    (0, N_("done")),
    (1, N_("failed")),
    (2, N_("wrong usage")),
    (3, N_("not found")),
    (4, N_("refused: an invalid value, or a required field left empty")),
    (5, N_("no access")),
    (6, N_("conflict: somebody else changed it")),
    (7, N_("storage: full, damaged or unreadable")),
    (130, N_("interrupted")),
)


def page(command: Command, ctx: CommandContext) -> str:
    """The help of one command."""
    made = HelpPage()
    parameters = command.get_params(ctx)
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    pieces = [_("[OPTIONS]"), *(_placed(one) for one in arguments)]
    if isinstance(command, CrmGroup):
        pieces.append(_("COMMAND …"))
    made.usage(_("Usage: "), ctx.command_path, " ".join(pieces))
    made.text(command.help)
    made.table(_("Arguments"), [(_word(one), one.help) for one in arguments if one.help])
    options = [one for one in parameters if one.param_type_name == "option"]
    everywhere = [one for one in options if _EVERYWHERE.intersection(one.opts)]
    made.table(_("Options"), [(_names(one), _told(one)) for one in options if one not in everywhere])
    if isinstance(command, CrmGroup):
        verbs = command.list_commands(ctx)
        made.table(_("Commands"), [(word, first_sentence(command.summary(ctx, word))) for word in verbs])
    made.table(_("Everywhere"), [(_names(one), _told(one)) for one in everywhere])
    _examples(made, [(f"{ctx.command_path} {words}".rstrip(), told) for words, told in command.examples])
    return made.whole()


def root_page(command: CrmGroup, ctx: CommandContext, groups: Mapping[str, Sequence[str]]) -> str:
    """The help of `tuicrm` itself: the words of each group, then what else helps."""
    made = HelpPage()
    made.usage(_("Usage: "), ctx.command_path, f"{_('[OPTIONS]')} {_('COMMAND …')}")
    made.text(command.help)
    for group, words in groups.items():
        made.table(_(group), [(word, command.summary(ctx, word)) for word in words])
    made.table(_("Options"), [(_names(one), _told(one)) for one in command.get_params(ctx)])
    _examples(made, [(f"tuicrm {words}", _(told)) for words, told in _EXAMPLES])
    made.table(_("Exit codes"), [(str(code), _(told)) for code, told in EXIT_CODES])
    made.text(
        _(
            "See also `tuicrm help deal list` for one command, `tuicrm help filters` for --where, "
            "`tuicrm help dates` for dates and times, `tuicrm help formats` for output to other "
            "programs."
        )
    )
    return made.whole()


def first_sentence(text: str) -> str:
    """The whole first sentence: nothing ends in dots."""
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _examples(made: HelpPage, examples: Iterable[tuple[str, str]]) -> None:
    made.examples(_("Examples"), [(words, _(told)) for words, told in examples])


def _word(parameter: Parameter) -> str:
    return parameter.metavar or parameter.name.upper()


def _placed(argument: Parameter) -> str:
    """An argument as it stands in the usage line: in brackets where it can be left out."""
    word = _word(argument)
    return word if argument.required or word.startswith("[") else f"[{word}]"


def _names(option: Parameter) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    return names if option.is_flag else f"{names} {_word(option)}"


def _told(option: Parameter) -> str:
    """What an option is for, and what it is when it is not given."""
    if option.default in _NO_DEFAULT:
        return option.help
    return f"{option.help} {_('(default: {value})').format(value=option.default)}".strip()
