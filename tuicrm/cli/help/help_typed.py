"""Days, times and amounts as `tuicrm help dates` shows them: read, while the page is made, by what reads them everywhere.

So the page says what is true today, in the locale of whoever asks. `tests/cli/help/test_help_typed.py` gives each text to a command.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from tuicrm.domain import typed
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.moments import numbered_day, today
from tuicrm.domain.kinds.numbers import grouped
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.schema import Field
from tuicrm.errors import StorageError, UsageError
from tuicrm.i18n import N_, _

_AMOUNT, _WHOLE = Decimal("1234.56"), Decimal(38000)


class TypedExample(NamedTuple):
    """A text as somebody types it into a field of a kind; `told` is what else there is to say of it, `also` is typed likewise."""

    text: str
    kind: str
    told: str = ""
    also: tuple[str, ...] = ()


FRIDAY = TypedExample("fri", "date", N_("the next such day, never today"), ("friday", "ven", "venerdì"))
TODAY = TypedExample("today", "date", "", ("tomorrow", "yesterday", "oggi", "domani", "ieri"))


class ExampleGroup(NamedTuple):
    """Examples under one heading."""

    heading: str
    examples: list[TypedExample]


def asking() -> Context:
    """How whoever asks types values, as far as that is known without a workspace: the settings, else the system."""
    from tuicrm.config import Config, read_config
    from tuicrm.services.workspace.environment import locale_for
    from tuicrm.services.workspace.zones import own_zone

    try:
        config = read_config()
    except (UsageError, StorageError):  # help is there for those with a mistake in their settings too
        config = Config()
    locale = config.locale or locale_for(config.language) or "en_GB"
    spoken = config.language or locale.partition("_")[0]
    return Context(NoNames(), datetime.now(UTC), own_zone(config.zone).zone, spoken, locale)


def groups(context: Context) -> list[ExampleGroup]:
    """All examples, in words of this person's locale where they differ by it."""
    return [
        ExampleGroup(N_("Days"), _days(context)),
        ExampleGroup(N_("Times"), _times(context)),
        ExampleGroup(N_("Numbers"), _numbers(context)),
    ]


def _days(context: Context) -> list[TypedExample]:
    day, year = numbered_day(context), today(context).year
    dotted = day.replace("/", ".")
    return [
        TypedExample("2026-12-18", "date", N_("universal")),
        TypedExample(day, "date", N_("this year's; next year's if that was more than half a year ago"), (dotted,)),
        TypedExample(f"{day}/{year}", "date", "", (f"{dotted}.{year % 100:02}", f"{day.replace('/', '-')}-{year}")),
        TypedExample("18 dec", "date", N_("month names in every language of the program"), (f"18 dicembre {year}",)),
        FRIDAY,
        TODAY,
        TypedExample("+3d", "date", N_("days from today"), ("-3d", "+3g")),
        TypedExample("+2w", "date", N_("weeks"), ("+2s",)),
        TypedExample("+1m", "date", N_("months")),
        TypedExample("+1y", "date", N_("years"), ("+1a",)),
        TypedExample("today+14d", "date", N_("counted from a given day"), ("oggi+14g", "tomorrow+1w")),
    ]


def _times(context: Context) -> list[TypedExample]:
    return [
        TypedExample("2026-12-18T09:30", "datetime", N_("in your own zone")),
        TypedExample(
            "2026-12-18T09:30Z", "datetime", N_("in UTC, or in the zone of an offset"), ("2026-12-18T09:30+01:00",)
        ),
        TypedExample("15:00", "datetime", N_("today"), ("3pm",)),
        TypedExample(
            "fri 15:00", "datetime", N_("any of the days above"), (f"{numbered_day(context)} 9:30", "domani 9:30")
        ),
        TypedExample("now-2h", "datetime", N_("hours from now"), ("-2h", "now", "adesso")),
    ]


def _numbers(context: Context) -> list[TypedExample]:
    return [
        TypedExample("38000.50", "number", N_("universal")),
        TypedExample("1.234", "number", N_("a point before decimals, in any locale")),
        TypedExample(grouped(_AMOUNT, context), "number", N_("the way your locale writes it")),
        TypedExample("38k", "number", N_("thousands")),
        TypedExample("1.2M", "number", N_("millions"), ("1.2mln", "1.2mio")),
        TypedExample("2b", "number", N_("billions"), ("2mrd",)),
        TypedExample("(5)", "number", N_("below zero"), ("-5",)),
        TypedExample("38000 USD", "money", N_("without a currency, the item's own"), ("38k USD",)),
        TypedExample(
            f"€ {grouped(_WHOLE, context)}", "money", N_("a sign before or after"), (f"{grouped(_WHOLE, context)} €",)
        ),
    ]


def understood(example: TypedExample, context: Context) -> str:
    """What is made of an example, in the words in which the command line tells it."""
    heard: list[str] = []
    field = Field("", example.kind, "")
    value = typed.parse(example.text, field, replace(context, heard=lambda _text, told: heard.append(told)))
    return heard[0] if heard else preview(value, field, context)


def rows(group: ExampleGroup, context: Context) -> list[tuple[str, str]]:
    """A group's examples, what is made of each, and what is typed likewise."""
    return [(one.text, _beside(understood(one, context), one)) for one in group.examples]


def _beside(meant: str, example: TypedExample) -> str:
    told = [_(example.told)] if example.told else []
    if example.also:
        told.append(_("also {texts}").format(texts=", ".join(example.also)))
    return f"{meant} ({'; '.join(told)})" if told else meant
