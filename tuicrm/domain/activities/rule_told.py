"""Rules of recurrence in words: `every 2 weeks on Monday and Thursday, until 3 Mar 2027`."""

from __future__ import annotations

from datetime import datetime

from tuicrm.domain.activities import rules
from tuicrm.domain.activities.rules import Rule, WeekdayInPeriod
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.locale_facts import MONTHS
from tuicrm.i18n import N_, _, ngettext

WEEKDAY_NAMES = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")
)  # fmt: skip
MONTH_NAMES = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_WHICH = {
    1: N_("the first {day}"),
    2: N_("the second {day}"),
    3: N_("the third {day}"),
    4: N_("the fourth {day}"),
    5: N_("the fifth {day}"),
    -1: N_("the last {day}"),
    -2: N_("the last {day} but one"),
}
_WHICH_ON_SUNDAY = {
    1: N_("on the first Sunday"),
    2: N_("on the second Sunday"),
    3: N_("on the third Sunday"),
    4: N_("on the fourth Sunday"),
    5: N_("on the fifth Sunday"),
    -1: N_("on the last Sunday"),
    -2: N_("on the last Sunday but one"),
}
"""Apart: in many languages it is another gender than the other days."""
_SUNDAY = 6
_WORKING = tuple((0, day) for day in range(5))


def told(rule: str, language: str) -> str:
    """A rule for people, without a capital or a full stop; its own text where it is no rule. Months are shown in that language."""
    try:
        known = rules.read(rule)
    except BadValue:
        return rule
    words = [_every(known), *_on(known)]
    text = " ".join(filter(None, words))
    return ", ".join(filter(None, (text, _ends(known, language))))


def _every(rule: Rule) -> str:
    n = rule.interval
    if rule.frequency == "WEEKLY" and n == 1 and rule.days == _WORKING:
        return _("every day from Monday to Friday")
    if rule.frequency == "DAILY":
        return ngettext("every day", "every {n} days", n)
    if rule.frequency == "WEEKLY":
        return ngettext("every week", "every {n} weeks", n)
    if rule.frequency == "MONTHLY":
        return ngettext("every month", "every {n} months", n)
    return ngettext("every year", "every {n} years", n)


def _on(rule: Rule) -> list[str]:
    """On which days."""
    if (
        rule.frequency == "YEARLY"
        and len(rule.months) == len(rule.month_days) == 1
        and not rule.days
        and rule.month_days[0] > 0
    ):
        return [_("on {day} {month}").format(day=rule.month_days[0], month=_(MONTH_NAMES[rule.months[0] - 1]))]
    parts = []
    if rule.month_days:
        parts.append(_month_days(rule.month_days))
    if rule.positions and rule.days:
        parts.append(_nth_of(rule))
    elif rule.days and not (rule.frequency == "WEEKLY" and rule.interval == 1 and rule.days == _WORKING):
        parts.append(_days(rule.days))
    if rule.year_days:
        parts.append(_("on day {days} of the year").format(days=listed(list(map(str, rule.year_days)))))
    if rule.weeks:
        parts.append(_("in week {weeks}").format(weeks=listed(list(map(str, rule.weeks)))))
    if rule.months:
        parts.append(_("in {months}").format(months=listed([_(MONTH_NAMES[month - 1]) for month in rule.months])))
    if rule.positions and not rule.days:
        parts.append(_("only number {places} of these").format(places=listed(list(map(str, rule.positions)))))
    return parts


def _month_days(days: tuple[int, ...]) -> str:
    if days == (-1,):
        return _("on the last day")
    first = [str(day) for day in days if day > 0]
    last = [_("{n} from the end").format(n=-day) for day in days if day < 0]
    return _("on day {days}").format(days=listed(first + last))


def _nth_of(rule: Rule) -> str:
    """`on the last weekday`: of several days, those in these places."""
    among = _days_of(rule.days)
    if len(rule.positions) == 1 and rule.days == _WORKING and rule.positions[0] in _WHICH:
        return _("on {which}").format(which=_(_WHICH[rule.positions[0]]).format(day=_("working day")))
    places = listed(list(map(str, rule.positions)))
    return _("on number {places} of {days}").format(places=places, days=among)


def _days(days: tuple[WeekdayInPeriod, ...]) -> str:
    if any(which for which, _day in days):
        return listed([_nth(which, day) for which, day in days])
    return _("on {days}").format(days=_days_of(days))


def _days_of(days: tuple[WeekdayInPeriod, ...]) -> str:
    return listed([_(WEEKDAY_NAMES[day]) for _which, day in days])


def _nth(which: int, day: int) -> str:
    name = _(WEEKDAY_NAMES[day])
    if not which:
        return _("on {days}").format(days=name)
    if day == _SUNDAY and which in _WHICH_ON_SUNDAY:
        return _(_WHICH_ON_SUNDAY[which])
    if which in _WHICH:
        return _("on {which}").format(which=_(_WHICH[which]).format(day=name))
    if which > 0:
        return _("on {day} number {n}").format(day=name, n=which)
    return _("on {day} number {n} from the end").format(day=name, n=-which)


def _ends(rule: Rule, language: str) -> str:
    if rule.count:
        return ngettext("once", "{n} times", rule.count)
    found = rules.read_until(rule.until) if rule.until else None
    return _("until {day}").format(day=_day(found[0], language)) if found else ""


def _day(day: datetime, language: str) -> str:
    name = MONTHS.get(language, MONTHS["en"])[day.month - 1]
    return f"{day.day} {name} {day.year:04}"


def listed(words: list[str]) -> str:
    """`Monday`, `Monday and Thursday`, `Monday, Tuesday and Thursday`."""
    if len(words) < 2:
        return "".join(words)
    return _("{some} and {last}").format(some=", ".join(words[:-1]), last=words[-1])
