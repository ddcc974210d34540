"""What can be set of a field, by its kind (reference §2.1): declared once for forms, the command line, imports and checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from tuicrm.domain.context import Context
from tuicrm.domain.kinds import CUSTOM_KINDS, traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.numbers import parse_decimal
from tuicrm.domain.kinds.patterns import compiled
from tuicrm.domain.kinds.values import edit_field, is_empty, parse_field, read_field
from tuicrm.domain.money import decimal_of
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem
from tuicrm.i18n import N_, _
from tuicrm.limits import EXTENSIONS, NUMBER_DECIMALS, PATTERN, TEXT, UNIT
from tuicrm.regex import regex

_MOST_ROWS = 40
_MOST_DAYS = 9_999
_EXTENSION = regex(r"[a-z0-9]{1,12}")
_RELATIVE = regex(r"\+?(\d{1,4}) ?[dg]")


class FieldSetting(msgspec.Struct, frozen=True):
    """One setting. `typed_as` is how its value is typed: integer, number, string, words (several, with blanks or commas between)."""

    key: str
    typed_as: str
    label: str
    help: str


SETTINGS: Mapping[str, FieldSetting] = {
    one.key: one
    for one in (
        FieldSetting("min", "number", N_("Minimum"), N_("the smallest value allowed")),
        FieldSetting("max", "number", N_("Maximum"), N_("the largest value allowed")),
        FieldSetting("precision", "integer", N_("Decimals"), N_("digits after the point, 0 to 12")),
        FieldSetting("unit", "string", N_("Unit"), N_("shown after the number: %, km, h")),
        FieldSetting("min_length", "integer", N_("Minimum length"), N_("characters")),
        FieldSetting("max_length", "integer", N_("Maximum length"), N_("characters; 0 for no limit")),
        FieldSetting("pattern", "string", N_("Pattern"), N_("a regular expression the whole text must match")),
        FieldSetting("rows", "integer", N_("Rows"), N_("height of its editor, in lines")),
        FieldSetting("extensions", "words", N_("Extensions"), N_("files allowed: pdf docx; leave empty for all")),
        FieldSetting("max_size", "integer", N_("Largest file"), N_("in bytes; 0 for no limit")),
    )
}  # fmt: skip


def settings_of(kind: str) -> list[FieldSetting]:
    """The settings that a kind has, in the order in which they are asked for."""
    return [SETTINGS[key] for key in traits_of(kind).settings]


# -- one setting as text -----------------------------------------------------------------------------------------------
def parse_setting(key: str, text: str, context: Context) -> str | int | list[str] | None:
    """What was typed for a setting, as it is kept; None for nothing. Raises BadValue."""
    word = text.strip()
    if not word:
        return None
    match SETTINGS[key].typed_as:
        case "integer":
            if not (word.isascii() and word.isdecimal() and len(word) < 16):
                raise BadValue(_("a whole number of at least 0 is expected"), text)
            # Nothing is shorter than no characters, and 0 means no limit; but 0 digits after the point are a precision.
            return int(word) or (0 if key == "precision" else None)
        case "number":
            return f"{parse_decimal(word, context):f}"
        case "words":
            return [one.lower().lstrip(".") for one in re.split(r"[\s,;]+", word) if one.lstrip(".")] or None
    return word


def edit_setting(value: object) -> str:
    """A setting as a form offers it."""
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


# -- the default -------------------------------------------------------------------------------------------------------
def parse_default(field: Field, text: str, context: Context) -> object:
    """What was typed as a default: a value of the field, for days and moments `now` or `+7d` too. Raises BadValue."""
    word = text.strip().casefold()
    if field.traits.is_time and word:
        if word in ("now", "today", "adesso", "oggi", _("now").casefold(), _("today").casefold()):
            return {"now": 0}
        found = _RELATIVE.fullmatch(word)
        if found:
            return {"now": int(found[1])}
    return parse_field(text, field, context)


def from_now(field: Field) -> int | None:
    """So many days from now is the default of a day or moment (`{"now": 7}`); None for any other default."""
    value = field.default
    if not field.traits.is_time or not isinstance(value, dict) or set(value) != {"now"}:
        return None
    days = value["now"]
    return days if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= _MOST_DAYS else None


def edit_default(field: Field, context: Context) -> str:
    """A default as a form offers it; `parse_default` reads it back."""
    value, days = field.default, from_now(field)
    if days is not None:
        return f"+{days}d" if days else "now"
    return "" if is_empty(value) else edit_field(value, field, context)


# -- the whole ---------------------------------------------------------------------------------------------------------
def problems(field: Field, context: Context) -> Iterator[FieldProblem]:
    """All that is wrong with a field's settings and default, before it is made."""
    if not field.traits.custom:
        known = ", ".join(CUSTOM_KINDS)
        yield FieldProblem(
            "kind", _("there is no such type of field; choose one of: {known}").format(known=known), field.kind
        )
        return
    if field.many and not field.traits.can_be_several:
        yield FieldProblem("many", _("a yes/no field cannot have several values"), True)
    for key, value in field.settings.items():
        if key in SETTINGS and key not in field.traits.settings:
            message = _("a field of this type has no such setting; it has: {known}").format(
                known=", ".join(field.traits.settings) or _("no colours")
            )
            yield FieldProblem(key, message, value)
    yield from _bounds(field, "min", "max")
    yield from _bounds(field, "min_length", "max_length")
    yield from _single(field)
    yield from _default(field, context)


def _bounds(field: Field, least: str, most: str) -> Iterator[FieldProblem]:
    low, high = (decimal_of(field.settings.get(key)) for key in (least, most))
    if low is not None and high is not None and high < low and not (most == "max_length" and high == 0):
        yield FieldProblem(most, _("at least {n} is expected, which is the minimum").format(n=low), str(high))


def _single(field: Field) -> Iterator[FieldProblem]:
    """Settings that are wrong by themselves."""
    settings = field.settings
    limits = (
        ("precision", NUMBER_DECIMALS.most),
        ("rows", _MOST_ROWS),
        ("min_length", TEXT.most),
        ("max_length", TEXT.most),
    )
    for key, limit in limits:
        number = decimal_of(settings.get(key))
        if number is not None and not 0 <= number <= limit:
            yield FieldProblem(key, _("0 to {n} is expected").format(n=limit), settings[key])
    for key in ("min", "max"):
        number = decimal_of(settings.get(key))
        if number is not None and field.traits.is_whole and number != number.to_integral_value():
            yield FieldProblem(key, _("a whole number is expected"), settings[key])
    pattern = settings.get("pattern")
    if isinstance(pattern, str) and len(pattern) > PATTERN.most:
        yield from PATTERN.problems("pattern", pattern)
    elif isinstance(pattern, str) and pattern and compiled(pattern) is None:
        yield FieldProblem("pattern", _("this is not a valid regular expression"), pattern)
    unit = settings.get("unit")
    if isinstance(unit, str) and len(unit) > UNIT.most:
        yield from UNIT.problems("unit", unit)
    elif isinstance(unit, str) and (any(c.isdecimal() for c in unit)):
        yield FieldProblem("unit", _("a short word or sign without digits is expected"), unit)
    extensions = settings.get("extensions")
    if isinstance(extensions, list) and len(extensions) > EXTENSIONS.most:
        yield from EXTENSIONS.problems("extensions", extensions)
    elif isinstance(extensions, list) and not all(isinstance(e, str) and _EXTENSION.fullmatch(e) for e in extensions):
        yield FieldProblem("extensions", _("extensions such as pdf or docx are expected"), extensions)


def _default(field: Field, context: Context) -> Iterator[FieldProblem]:
    value = field.default
    if is_empty(value):
        return
    if not field.traits.has_default:
        yield FieldProblem("default", _("a field of this type has no default"), value)
        return
    if field.traits.is_time and isinstance(value, dict):
        if from_now(field) is None:
            yield FieldProblem("default", _("now, +7d or a fixed day is expected"), value)
        return
    try:
        read_field(value, field, context)
    except BadValue as bad:
        yield FieldProblem("default", bad.message, value)
