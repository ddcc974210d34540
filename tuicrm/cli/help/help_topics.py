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
    page.text(_("Filters, written the same way for --where and in the filter bar on screen."))
    page.table(
        _("Comparisons"),
        [
            ("amount > 1000", _("Also =, !=, <, <=, >=; name the field by its key or label.")),
            ("amount > 38k", _("Amounts and days are written as everywhere: `tuicrm help dates`.")),
            ("close_date < today+14d", _('A day; put a day and time in quotes: "fri 15:00".')),
            ('company ~ "rossi"', _("Contains; case and accents are ignored.")),
            ('stage in ("New", "Proposal")', _("One of several values.")),
            ("phone is empty", _("Has no value; `is not empty` is the opposite.")),
            ("responsible = me", _("A person by key or name; me is you.")),
            (
                "next_activity < today",
                _("When something is to be done with it next; `activities is empty`: nothing planned."),
            ),
            ("idle > 14d", _("Not changed, and nothing done with it, for so long: days, 2w, 36h.")),
            ("rossi", _("A single word is searched for in all of an item's text.")),
            ("@hot", _("A saved filter: `tuicrm filter`.")),
        ],
    )
    page.table(
        _("Combining"),
        [
            ("… and …, … or …", _("Both; either. `and` binds more tightly than `or`; use parentheses to group.")),
            ("not …", _("The opposite.")),
        ],
    )
    for spoken in sorted(WORDS.keys() - {ENGLISH}):
        page.table(
            _("If you work in “{language}”, also besides the English words").format(language=spoken),
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
                _("Deals over 1000 in Proposal that should close within two weeks."),
            ),
            (
                "tuicrm deal edit --where 'responsible = luca and not company ~ rossi' responsible=anna",
                _("Reassign them."),
            ),
        ],
    )


def _dates(page: HelpPage) -> None:
    from tuicrm.cli.help.help_typed import FRIDAY, TODAY, asking, groups, rows, understood

    context = asking()
    page.text(
        _(
            "How to write days, times and amounts in values, filters and options. The universal "
            "forms always mean the same; anything else is read the way your locale ({locale}) "
            "writes it. This page was made on {day}."
        ).format(locale=context.locale, day=understood(TODAY, context))
    )
    for group in groups(context):
        page.table(_(group.heading), rows(group, context))
    told = _("“{text}” is read as {understood}").format(text=FRIDAY.text, understood=understood(FRIDAY, context))
    page.text(
        _(
            "When a value is written in another form, how it was understood is printed on stderr, "
            "unless --quiet or --json: {told}. What cannot be understood is refused, with examples "
            "of what can."
        ).format(told=told)
    )
    page.text(_("Printed and exported times are in UTC; the screen and tables show your local time."))


def _formats(page: HelpPage) -> None:
    page.text(_("Output for programs: data goes to stdout, messages and errors to stderr."))
    page.table(
        "--format",
        [
            ("table", _("Columns for people; fitted to the terminal, uncut anywhere else.")),
            ("json", _("One object: schema, status, items, total; the same as --json.")),
            ("csv", _("Comma-separated, with a line of field keys unless --no-header.")),
            (
                "tsv",
                _("One line per item, separated by tabs; a tab or line break inside a value is written as \\t or \\n."),
            ),
            ("ids", _("Refs only, one per line.")),
        ],
    )
    page.table(
        _("Pipes"),
        [
            ("--columns ref,id,rev,title", _("ref, id and rev are columns, too.")),
            ("show - · edit - · move - · delete -", _("Refs are read from stdin; many items are one undo step.")),
            (
                "add -",
                _("One item per line from stdin, each a JSON object of fields; either all are added or nothing is."),
            ),
            ("--color always", _("Keep colours in a pipe; NO_COLOR and COLUMNS are respected.")),
        ],
    )
    page.examples(
        _("Examples"),
        [
            (
                "tuicrm deal list --where 'close_date < today' --format ids | tuicrm deal move - Lost",
                _("Move the items another command found, in one step."),
            ),
            ("tuicrm contact list --format tsv --no-header --columns ref,email | cut -f2", _("A single column.")),
            ("""echo '{"title": "From a script", "amount": "500 EUR"}' | tuicrm deal add -""", _("Add from JSON.")),
        ],
    )


def _codes(page: HelpPage) -> None:
    page.table(_("Exit codes"), [(str(code), _(told)) for code, told in EXIT_CODES])
    page.text(
        _("With --json, an error is an object too: status error, with its code, message and the fields concerned.")
    )


TOPICS: dict[str, Callable[[HelpPage], None]] = {
    "filters": _filters,
    "dates": _dates,
    "formats": _formats,
    "codes": _codes,
}
