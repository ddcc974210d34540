"""What `tuicrm help` tells of that belongs to no single command: filters, dates, output for programs, exit codes."""

from __future__ import annotations

from collections.abc import Callable

from tuicrm.cli.help.help import EXIT_CODES
from tuicrm.cli.help.help_layout import HelpPage
from tuicrm.domain.language import ENGLISH, WORDS
from tuicrm.i18n import _


def topic(word: str) -> str:
    """The page of one of TOPICS."""
    page = HelpPage()
    TOPICS[word](page)
    return page.whole()


def _filters(page: HelpPage) -> None:
    page.text(_("What --where takes, and the filter line on screen: one language."))
    page.table(
        _("Comparisons"),
        [
            ("amount > 1000", _("Also =, !=, <, <=, >=; a field by its key or its label.")),
            ("amount > 38k", _("Amounts and days as they are typed everywhere: `tuicrm help dates`.")),
            ("close_date < today+14d", _('A day; one with a time in quotes: "fri 15:00".')),
            ('company ~ "rossi"', _("Contains; case and accents do not count.")),
            ('stage in ("New", "Proposal")', _("One of several.")),
            ("phone is empty", _("Without a value; `is not empty` is the rest.")),
            ("responsible = me", _("A person by key or name; me is you.")),
            ("rossi", _("A word alone is looked for in all that the item says.")),
            ("@hot", _("A filter kept under a name: `tuicrm filter`.")),
        ],
    )
    page.table(
        _("Put together"),
        [
            ("… and …, … or …", _("Both; either. `and` binds closer; parentheses decide.")),
            ("not …", _("The rest.")),
        ],
    )
    for spoken in sorted(WORDS.keys() - {ENGLISH}):
        page.table(
            _("For those who work in “{language}”, beside the English words").format(language=spoken),
            [(", ".join(words), english) for english, words in WORDS[spoken].items()],
        )
    page.text(
        _(
            "Days have their words in every language that ships, and “me” has: `responsible = io`, `close_date < oggi+14g`."
        )
    )
    page.examples(
        _("Examples"),
        [
            (
                "tuicrm deal list --where 'amount > 1000 and stage = Proposal and close_date < today+14d'",
                _("Deals over 1000 in Proposal that are to be closed within two weeks."),
            ),
            ("tuicrm deal edit --where 'responsible = luca and not company ~ rossi' responsible=anna", _("Hand over.")),
        ],
    )


def _dates(page: HelpPage) -> None:
    from tuicrm.cli.help.help_typed import FRIDAY, TODAY, asking, groups, rows, understood

    context = asking()
    page.text(
        _(
            "How days, times and amounts are written in values, filters and options. Those that are the same to everyone always mean "
            "themselves; all else is read as your locale ({locale}) writes it. This page is of {day}."
        ).format(locale=context.locale, day=understood(TODAY, context))
    )
    for group in groups(context):
        page.table(_(group.heading), rows(group, context))
    told = _("“{text}” is read as {understood}").format(text=FRIDAY.text, understood=understood(FRIDAY, context))
    page.text(
        _(
            "What is written neither as everyone reads it nor as it is shown is told as it was understood, on stderr, unless --quiet "
            "or --json: {told}. Anything else is refused, with forms that are taken."
        ).format(told=told)
    )
    page.text(_("What is printed and exported is in UTC; the screen and tables show your own time."))


def _formats(page: HelpPage) -> None:
    page.text(_("Output for programs: data goes to stdout, talk and errors to stderr."))
    page.table(
        "--format",
        [
            ("table", _("Columns for people; fitted to a terminal, whole anywhere else.")),
            ("json", _("One object: schema, status, items, total; the same as --json.")),
            ("csv", _("Comma-separated, with a line of field keys unless --no-header.")),
            ("tsv", _("A line an item, tabs between; a tab or line end within a value is written as \\t or \\n.")),
            ("ids", _("Refs alone, a line each.")),
        ],
    )
    page.table(
        _("Pipes"),
        [
            ("--columns ref,id,rev,title", _("ref, id and rev are columns besides the fields.")),
            ("show - · edit - · move - · delete -", _("Refs are read from stdin; many are one step of undo.")),
            ("add -", _("An item a line from stdin, each a JSON object of fields; all of them or nothing.")),
            ("--color always", _("Colours into a pipe as well; NO_COLOR and COLUMNS are heeded.")),
        ],
    )
    page.examples(
        _("Examples"),
        [
            (
                "tuicrm deal list --where 'close_date < today' --format ids | tuicrm deal move - Lost",
                _("Move what another command found, as one step."),
            ),
            ("tuicrm contact list --format tsv --no-header --columns ref,email | cut -f2", _("One column.")),
            ("""echo '{"title": "From a script", "amount": "500 EUR"}' | tuicrm deal add -""", _("Add from JSON.")),
        ],
    )


def _codes(page: HelpPage) -> None:
    page.table(_("Exit codes"), [(str(code), _(told)) for code, told in EXIT_CODES])
    page.text(
        _("With --json a failure is an object too: status error, with its code, message and the fields it is about.")
    )


TOPICS: dict[str, Callable[[HelpPage], None]] = {
    "filters": _filters,
    "dates": _dates,
    "formats": _formats,
    "codes": _codes,
}
