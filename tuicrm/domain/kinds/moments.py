"""Moments as people write them: `+3d`, `fri`, `18/12`, `tomorrow 9:30`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.day_names import weekday_named
from tuicrm.domain.kinds.written_dates import Order, WrittenDate, full_year, take_apart
from tuicrm.i18n import LANGUAGES, _
from tuicrm.limits import TYPED_DATE
from tuicrm.regex import regex

_NOW = ("now", "adesso", "ora")
_RELATIVE = regex(r"(?:([^\W\d_]+)\s*)?([+-]\d{1,5})\s*([a-z]+)")
_ISO = regex(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = regex(r"(\d{1,4})[./\-](\d{1,2})(?:[./\-](\d{2,4}))?")
_WORDS = regex(r"(\d{1,2})\.?\s+([^\W\d_]+)\.?(?:\s+(\d{4}))?")
_MONTH_FIRST = regex(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_TWELVE = regex(r"(\d) (am|pm)$")
_TIME = regex(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")
_UNITS = {"d": "days", "g": "days", "w": "weeks", "s": "weeks", "m": "months", "y": "years", "a": "years", "h": "hours"}
_DAYS = {
    "today": 0,
    "oggi": 0,
    "tomorrow": 1,
    "domani": 1,
    "yesterday": -1,
    "ieri": -1,
}
_MONTHS = [
    ("jan", "gen"), ("feb", "feb"), ("mar", "mar"), ("apr", "apr"), ("may", "mag"), ("jun", "giu"),
    ("jul", "lug"), ("aug", "ago"), ("sep", "set"), ("oct", "ott"), ("nov", "nov"), ("dec", "dic"),
]  # fmt: skip


def today(context: Context) -> date:
    """The person's own day."""
    return context.now.astimezone(context.zone).date()


def expected_date(context: Context) -> str:
    """What to say where a text is no day, with examples as this person writes them."""
    return _("a date is expected, such as 2026-12-18, {day}, +3d or fri").format(day=numbered_day(context))


def numbered_day(context: Context) -> str:
    """18 December as this person writes it."""
    return "12/18" if month_first(context.locale) else "18/12"


def expected_moment() -> str:
    """What to say where a text is no day with a time."""
    return _("a day and time is expected, such as 2026-12-18 15:00, +3d 9:30, fri 15:00 or +2h")


def parse_date(text: str, context: Context) -> date:
    """A day. Raises BadValue."""
    found = _day(text, context)
    if found is not None:
        return found
    written = _written(text, context)
    if written is None or written.clock is not None:
        raise BadValue(expected_date(context), text)
    return _meant(written, context)


def _written(text: str, context: Context) -> WrittenDate | None:
    """What other programs' ways of writing a day make of a text; None in canonical form."""
    if context.canonical:
        return None
    return take_apart(text, today(context), (*LANGUAGES, context.language))


def _meant(written: WrittenDate, context: Context) -> date:
    """Of the days that may be meant, the locale's."""
    order: Order = "mdy" if month_first(context.locale) else "dmy"
    return written.days.get(order) or next(iter(written.days.values()))


def _day(text: str, context: Context) -> date | None:
    """A day; None for what does not look like one. Raises BadValue for a day that does not exist."""
    if len(text) > TYPED_DATE.most:
        raise BadValue(TYPED_DATE.told, text)
    word = " ".join(text.strip().casefold().split())
    try:
        found = _relative(word, context) or _named(word, context)
        if found is None and not context.canonical:
            found = _by_numbers(word, context) or _by_words(word, context)
        elif found is None:
            iso = _ISO.fullmatch(word)
            found = date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except (ValueError, OverflowError):
        raise BadValue(_("there is no such day: {text}").format(text=text.strip()[:40]), text) from None
    return found


def _relative(word: str, context: Context) -> date | None:
    found = _RELATIVE.fullmatch(word)
    unit = _UNITS.get(found[3]) if found else None
    if found is None or unit is None or unit == "hours":
        return None
    if found[1] and found[1] not in (*_DAYS, *_NOW):
        return None
    return shifted(today(context) + timedelta(days=_DAYS.get(found[1], 0)), int(found[2]), unit)


def shifted(day: date, count: int, unit: str) -> date:
    """So many days, weeks, months or years later; the month's last day where it has no such one."""
    if unit in ("days", "weeks"):
        return day + timedelta(**{unit: count})
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            if not 1 <= year <= 9999:
                raise
    raise ValueError(count)


def _named(word: str, context: Context) -> date | None:
    if word in _DAYS:
        return today(context) + timedelta(days=_DAYS[word])
    if context.canonical:
        return None
    at = weekday_named(word)
    if at is None:
        return None
    here = today(context)
    return here + timedelta(days=(at - here.weekday() - 1) % 7 + 1)


@lru_cache(maxsize=16)
def month_first(locale: str) -> bool:
    """Whether a locale writes 12/18 for 18 December."""
    return locale.replace("-", "_") in ("en_US", "en_PH", "fil_PH", "en_US_POSIX")


def _by_numbers(word: str, context: Context) -> date | None:
    iso = _ISO.fullmatch(word)
    if iso:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _NUMBERS.fullmatch(word)
    if found is None or len(found[1]) > 2:
        return None
    day, month = int(found[1]), int(found[2])
    if month_first(context.locale):
        day, month = month, day
    return _near(day, month, found[3], context)


def _by_words(word: str, context: Context) -> date | None:
    """`18 dec 2026`, `dec 18`, also as it is shown: `Fri 18 Dec 2026`."""
    first, _space, rest = word.partition(" ")
    if rest and weekday_named(first.rstrip(".,")) is not None:
        word = rest
    found = _WORDS.fullmatch(word)
    day, month = (found[1], found[2]) if found else ("", "")
    if found is None:
        found = _MONTH_FIRST.fullmatch(word)
        day, month = (found[2], found[1]) if found else ("", "")
    if found is None:
        return None
    for at, names in enumerate(_MONTHS, 1):
        if any(month.startswith(name) for name in names):
            return _near(int(day), at, found[3], context)
    return None


def _near(day: int, month: int, year: str | None, context: Context) -> date:
    """Without a year: this one, the next where that is more than half a year ago."""
    here = today(context)
    if year:
        return date(full_year(year, here), month, day)
    found = date(here.year, month, day)
    return date(here.year + 1, month, day) if (here - found).days > 180 else found


def parse_moment(text: str, context: Context, alone: time = time()) -> datetime:
    """A moment in UTC; a day `alone` means that time of it. Raises BadValue."""
    if len(text) > TYPED_DATE.most:
        raise BadValue(TYPED_DATE.told, text)
    try:
        return _parse_moment(text, context, alone)
    except BadValue:
        written = _written(text, context)
        if written is None:
            raise
    day, clock = _meant(written, context), written.clock or alone
    if written.offset is None:
        return local(day, clock, context)
    try:
        return datetime.combine(day, clock, written.offset).astimezone(UTC)
    except OverflowError:
        raise BadValue(expected_moment(), text) from None


def _parse_moment(text: str, context: Context, alone: time) -> datetime:
    word = " ".join(text.strip().casefold().split())
    if word in _NOW:
        return context.now
    iso = _iso_moment(text.strip(), context)
    if iso is not None:
        return iso
    found = _RELATIVE.fullmatch(word)
    if found is not None and _UNITS.get(found[3]) == "hours" and found[1] in (None, *_NOW):
        return context.now + timedelta(hours=int(found[2]))
    day_text, _space, time_text = _TWELVE.sub(r"\1\2", word).rpartition(" ")
    clock = _clock(time_text) if day_text or time_text.endswith(("am", "pm")) or ":" in time_text else None
    if clock is None:
        return local(_whole(word, context), alone, context)
    try:
        day = parse_date(day_text, context) if day_text else today(context)
    except BadValue:
        # "18 dec 2026" ends in what could be a time; the whole may be a day.
        return local(_whole(word, context), alone, context)
    return local(day, clock, context)


def _whole(word: str, context: Context) -> date:
    """A day where a moment was asked for. Raises BadValue."""
    found = _day(word, context)
    if found is None:
        raise BadValue(expected_moment(), word)
    return found


def _iso_moment(text: str, context: Context) -> datetime | None:
    if len(text) < 16 or not _ISO.match(text) or text[10] not in "T t":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if text[10] == " ":  # "2026-12-18 3:00pm" is none of ISO's
            return None
        raise BadValue(expected_moment(), text) from None
    if moment.tzinfo is None:
        return local(moment.date(), moment.time(), context)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise BadValue(expected_moment(), text) from None


def _clock(word: str) -> time | None:
    found = _TIME.fullmatch(word)
    if found is None:
        return None
    hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] else int(found[1])
    try:
        return time(hour, int(found[2] or 0))
    except ValueError:
        return None


def local(day: date, clock: time, context: Context) -> datetime:
    """A moment of the person's own clock, in UTC. An hour that is skipped in spring means the one after it; of one that comes twice in
    autumn, the first is meant."""
    try:
        if context.heard is not None and context.zone is not UTC:
            from tuicrm.domain.activities.wall import told

            if odd := told(datetime.combine(day, clock), context.zone, context):
                context.heard("", odd)
        return datetime.combine(day, clock, context.zone).astimezone(UTC)
    except OverflowError:
        raise BadValue(expected_moment(), str(day)) from None
