"""Rules of recurrence in people's words, English and Italian: `every monday`, `monthly on 31`, `ogni 2 settimane di martedì`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from msgspec.structs import replace

from tuicrm.domain.activities import rules
from tuicrm.domain.activities.rules import Rule, WeekdayInPeriod
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.day_names import weekday_named
from tuicrm.domain.kinds.moments import parse_date
from tuicrm.i18n import _
from tuicrm.limits import REPEAT_COUNT, RULE, shortened
from tuicrm.regex import regex

_TIMES = regex(r"(.*?)[\s,;]*\b(?:for |per )?(\d{1,9}) (?:times|time|occurrences|volte|volta)")
_UNTIL = regex(r"(.*?)[\s,;]*\b(?:until|till|up to|fino al|fino a|fino all'|sino al|entro il|entro)\s+(.+)")
_EVERY = regex(r"(?:every|each|ogni)\s+(.+)")
_NUMBERED = regex(r"(\d{1,9}|[^\W\d_]+)\s+([^\W\d_]+)(?:\s+(.+))?")
_ONE = regex(r"([^\W\d_]+)(?:\s+(.+))?")
_LEAD = regex(r"(?:on|in|the|day|days|il|lo|la|le|di|nel|nei|i|gli|giorno|giorni|al|del|of|a)\s+|l'|all'|dell'")
_MONTH_END = regex(r"\s+(?:of|in|di|del|dell'|nel)\s*(?:the|every|each|ogni|il)?\s*(?:month|mese)$")
_BETWEEN = regex(r"\s*(?:,|;|\band\b|\be\b|\bed\b|&|\+)\s*")
_NUMBERS = {
    **dict.fromkeys(("a", "one", "un", "uno", "una"), 1),
    **dict.fromkeys(("two", "due", "other", "second", "altro", "altra"), 2),
    **dict.fromkeys(("three", "tre", "third"), 3),
    **dict.fromkeys(("four", "quattro", "fourth"), 4),
    **dict.fromkeys(("five", "cinque"), 5),
    **dict.fromkeys(("six", "sei"), 6),
}
_UNITS = {
    **dict.fromkeys(("day", "days", "giorno", "giorni"), Rule("DAILY")),
    **dict.fromkeys(("week", "weeks", "settimana", "settimane"), Rule("WEEKLY")),
    **dict.fromkeys(("fortnight", "fortnights"), Rule("WEEKLY", 2)),
    **dict.fromkeys(("month", "months", "mese", "mesi"), Rule("MONTHLY")),
    **dict.fromkeys(("quarter", "quarters", "trimestre", "trimestri"), Rule("MONTHLY", 3)),
    **dict.fromkeys(("semestre", "semestri"), Rule("MONTHLY", 6)),
    **dict.fromkeys(("year", "years", "anno", "anni"), Rule("YEARLY")),
}
ADVERBS = {
    **dict.fromkeys(("daily", "giornaliero", "giornaliera", "giornalmente", "quotidiano"), Rule("DAILY")),
    **dict.fromkeys(("weekly", "settimanale", "settimanalmente"), Rule("WEEKLY")),
    **dict.fromkeys(("fortnightly", "biweekly", "quindicinale", "bisettimanale"), Rule("WEEKLY", 2)),
    **dict.fromkeys(("monthly", "mensile", "mensilmente"), Rule("MONTHLY")),
    **dict.fromkeys(("quarterly", "trimestrale", "trimestralmente"), Rule("MONTHLY", 3)),
    **dict.fromkeys(("semestrale",), Rule("MONTHLY", 6)),
    **dict.fromkeys(("yearly", "annually", "annual", "annuale", "annualmente"), Rule("YEARLY")),
}
_WORKING = tuple((0, day) for day in range(5))
_WORKING_DAYS = frozenset((
    "weekday", "weekdays", "working day", "working days", "workday", "workdays", "giorno feriale", "giorni feriali",
    "giorno lavorativo", "giorni lavorativi", "feriale", "feriali", "day from monday to friday",
    "giorno dal lunedì al venerdì", "giorno da lunedì a venerdì",
))  # fmt: skip
_EVERY_DAY = frozenset(("all days", "tutti i giorni"))
_MORE_WEEKDAYS = {
    **dict.fromkeys(("mondays",), 0),
    **dict.fromkeys(("tues", "tuesdays"), 1),
    **dict.fromkeys(("wednesdays",), 2),
    **dict.fromkeys(("thur", "thurs", "thursdays"), 3),
    **dict.fromkeys(("fridays",), 4),
    **dict.fromkeys(("saturdays", "sabati"), 5),
    **dict.fromkeys(("sundays", "domeniche"), 6),
}
_WHICH = {
    **dict.fromkeys(("1st", "first", "primo", "prima", "1º", "1ª"), 1),
    **dict.fromkeys(("2nd", "second", "secondo", "seconda", "2º", "2ª"), 2),
    **dict.fromkeys(("3rd", "third", "terzo", "terza", "3º", "3ª"), 3),
    **dict.fromkeys(("4th", "fourth", "quarto", "quarta", "4º", "4ª"), 4),
    **dict.fromkeys(("5th", "fifth", "quinto", "quinta", "5º", "5ª"), 5),
    **dict.fromkeys(("last", "ultimo", "ultima"), -1),
    **dict.fromkeys(("penultimo", "penultima"), -2),
}
_ARTICLES = ("il ", "la ", "i ", "le ", "di ")
_DAY_WORDS = ("day", "giorno")
_ORDINAL = regex(r"(\d{1,2})(?:st|nd|rd|th|º|°)?\.?")


def expected() -> str:
    """What to say where a text is no repetition."""
    return _(
        "a repetition is expected, such as every monday, every 2 weeks on tue, monthly on 31, until 2027-03-01, 10 times"
    )


def read_rule(text: str, context: Context) -> str:
    """A rule (RRULE) from people's words, or from a rule as it is written (`FREQ=…`). Raises BadValue.

    Days are read as everywhere: `until 2027-03-01`, `until 1 mar`."""
    if len(text) > RULE.most:
        raise BadValue(RULE.told, shortened(text))
    if text.strip().upper().startswith(("FREQ=", "RRULE:")):
        return rules.write(rules.read(text))
    words = " ".join(text.casefold().replace("’", "'").split())
    words, end = _ending(words, context)
    rule = _frequency(words)
    if rule is None:
        raise BadValue(expected(), text)
    found = rules.write(replace(rule, **end))
    rules.read(found)
    return found


def _ending(words: str, context: Context) -> tuple[str, dict[str, int | str]]:
    """The words without the end that they name, and that end. Raises BadValue for a day that cannot be read."""
    if times := _TIMES.fullmatch(words):
        if not int(times[2]):
            raise BadValue(expected(), words)
        if int(times[2]) > REPEAT_COUNT.most:
            raise BadValue(REPEAT_COUNT.told, times[2])
        return times[1], {"count": int(times[2])}
    if until := _UNTIL.fullmatch(words):
        day = parse_date(_bare(until[2]), replace(context, canonical=False))
        return until[1], {"until": f"{day:%Y%m%d}" if day.year > 999 else f"{day.year:04}{day:%m%d}"}
    return words, {}


def _frequency(words: str) -> Rule | None:
    """`every 2 weeks on tuesday` without its end; None for what is no repetition."""
    if words in _EVERY_DAY:
        return Rule("DAILY")
    if words in _WORKING_DAYS:
        return Rule("WEEKLY", days=_WORKING)
    first, _space, rest = words.partition(" ")
    if first in ADVERBS:
        return _on(ADVERBS[first], rest)
    every = _EVERY.fullmatch(words)
    if every is not None:
        return _every(every[1])
    # "mondays", "the last friday of the month"
    return _on(Rule("MONTHLY"), words) if _MONTH_END.search(words) else _plural(words)


def _every(words: str) -> Rule | None:
    if words in _WORKING_DAYS:
        return Rule("WEEKLY", days=_WORKING)
    if _MONTH_END.search(words):
        return _on(Rule("MONTHLY"), words)
    one = _ONE.fullmatch(words)
    if one is not None and one[1] in _UNITS:
        return _on(_UNITS[one[1]], one[2] or "")
    numbered = _NUMBERED.fullmatch(words)
    if numbered is not None and (n := _number(numbered[1])):
        if numbered[2] in _UNITS:
            unit = _UNITS[numbered[2]]
            return _on(replace(unit, interval=unit.interval * n), numbered[3] or "")
        if numbered[3] is None and not numbered[1].isdecimal() and (days := _weekdays(numbered[2])):
            return Rule("WEEKLY", n, days=days)  # every other monday
    if days := _weekdays(words):
        return Rule("WEEKLY", days=days)
    day = _yearly(words)
    if day is not None:
        return day
    return _on(Rule("MONTHLY"), words) if words.split(" ", maxsplit=1)[0] in _WHICH else None


def _plural(words: str) -> Rule | None:
    """`mondays`, `on mondays and fridays`, `il lunedì e il giovedì`; a weekday alone is one day."""
    many = words.startswith(_ARTICLES) or all(part.endswith("s") for part in _BETWEEN.split(words))
    days = _weekdays(words) if many else ()
    return Rule("WEEKLY", days=days) if days else None


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS.get(word, 0)


def _on(rule: Rule, words: str) -> Rule | None:
    """The rule with the days that are named behind it, `on the last friday`."""
    if not words.strip():
        return rule
    readers: dict[str, Callable[[Rule, str], Rule | None]] = {
        "WEEKLY": _on_weekdays,
        "MONTHLY": _in_month,
        "YEARLY": _in_year,
    }
    read = readers.get(rule.frequency)
    return read(rule, words) if read is not None else None


def _on_weekdays(rule: Rule, words: str) -> Rule | None:
    if words.removeprefix("on ") in _WORKING_DAYS:
        return replace(rule, days=_WORKING)
    days = _weekdays(words)
    return replace(rule, days=days) if days else None


def _in_month(rule: Rule, words: str) -> Rule | None:
    days: list[WeekdayInPeriod] = []
    month_days: list[int] = []
    for part in _BETWEEN.split(_MONTH_END.sub("", _bare(words))):
        first, _space, rest = _bare(part).partition(" ")
        number = _ORDINAL.fullmatch(first)
        if first in _WHICH and (weekday := _weekday(_bare(rest))) is not None:
            days.append((_WHICH[first], weekday))
        elif first in _WHICH and _bare(rest) in _DAY_WORDS:
            month_days.append(_WHICH[first])
        elif first in _WHICH and _bare(rest) in _WORKING_DAYS and not month_days and not days:
            return replace(rule, days=_WORKING, positions=(_WHICH[first],))
        elif first in _WHICH and not rest and abs(_WHICH[first]) == 1:
            month_days.append(_WHICH[first])
        elif number is not None and not rest and 1 <= int(number[1]) <= 31:
            month_days.append(int(number[1]))
        else:
            return None
    if days and month_days:
        return None
    return replace(
        rule, days=tuple(sorted(set(days), key=lambda d: (d[1], d[0]))), month_days=tuple(sorted(set(month_days)))
    )


def _in_year(rule: Rule, words: str) -> Rule | None:
    found = _yearly(words)
    return replace(found, interval=rule.interval) if found is not None else None


def _yearly(words: str) -> Rule | None:
    """`3 march`, `march 3`, `il 3 marzo`."""
    bare = _bare(words).replace(" of ", " ").replace(" di ", " ")
    if not any(sign.isdigit() for sign in bare) or not any(sign.isalpha() for sign in bare):
        return None
    # A year with a 29 February, on its first day: no year is named, and the nearest day is this year's.
    leap = Context(NoNames(), datetime(2028, 7, 1, tzinfo=UTC))
    try:
        day: date = parse_date(bare + " 2028", leap)
    except BadValue:
        return None
    return Rule("YEARLY", months=(day.month,), month_days=(day.day,))


def _weekdays(words: str) -> tuple[WeekdayInPeriod, ...]:
    """Weekdays by name, in the order of the week; () where one of the words is no weekday."""
    found = [_weekday(_bare(part)) for part in _BETWEEN.split(_bare(words))]
    known = sorted({day for day in found if day is not None})
    return tuple((0, day) for day in known) if None not in found else ()


def _weekday(word: str) -> int | None:
    found = weekday_named(word)
    return found if found is not None else _MORE_WEEKDAYS.get(word)


def _bare(words: str) -> str:
    """Without the words that lead to a day."""
    while found := _LEAD.match(words):
        words = words[found.end() :]
    return words.strip()
