"""A custom field of ours like the source's: its kind, options, settings and default (reference §2.1). What nothing here is like, and
what our own checks would refuse, is left out and told; the field is made all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from tuicrm.domain.context import Context
from tuicrm.domain.field_settings import parse_setting, problems
from tuicrm.domain.kinds import traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.values import read_field
from tuicrm.domain.schema import Field, ItemType, Option
from tuicrm.exchange.bitrix.payloads import SourceField
from tuicrm.exchange.bitrix.source_fields import is_target, known_kind, says_nothing
from tuicrm.exchange.bitrix.taking import our_type
from tuicrm.exchange.bitrix.values import as_kind, money
from tuicrm.i18n import _
from tuicrm.regex import regex

_DEFAULT = "DEFAULT_VALUE"
_SETTINGS = {
    "MIN_LENGTH": "min_length",
    "MAX_LENGTH": "max_length",
    "REGEXP": "pattern",
    "ROWS": "rows",
    "MIN_VALUE": "min",
    "MAX_VALUE": "max",
    "PRECISION": "precision",
    "EXTENSIONS": "extensions",
    "MAX_ALLOWED_SIZE": "max_size",
}
# The source checks no bound of 0 (its own code: `MIN_VALUE != 0`).
_NONE_AT_ZERO = ("min", "max")
# PHP writes marks around a pattern and flags behind it, and looks for it anywhere in the text.
_PHP = regex(r"([/#~%@!]).*\1[a-zA-Z]*", re.DOTALL)
_DAY = regex(r"(\d\d)\.(\d\d)\.(\d{4})(?: (\d\d:\d\d(?::\d\d)?))?")


class Left(NamedTuple):
    """Something that the source says of a field and that is not kept. `reason` is for people; "" when nothing here is like it."""

    key: str
    value: Any
    reason: str = ""


class Made(NamedTuple):
    """A field like the source's, and what of it is not kept."""

    field: Field
    left: tuple[Left, ...]


def make_field(
    source: SourceField,
    key: str,
    *,
    dictionaries: Mapping[str, str],
    types: Mapping[str, ItemType],
    context: Context,
) -> Made:
    """`dictionaries` gives our dictionary's key for a directory's code; `types` are those that a link may name.

    Files keep their kind, although their content is in no answer; links and dropdowns that are not here become text."""
    field, left = _shape(source, key, dictionaries, types)
    field, more = _with_settings(field, source, context)
    left += more
    field, more = _with_default(field, source, context)
    left += [*more, *(Left(name, value) for name, value in source.others.items())]
    return Made(field, tuple(left))


# -- kind --------------------------------------------------------------------------------------------------------------
def _shape(
    source: SourceField, key: str, dictionaries: Mapping[str, str], types: Mapping[str, ItemType]
) -> tuple[Field, list[Left]]:
    kind, traits, left = source.kind, traits_of(source.kind), list[Left]()
    if not known_kind(source.source_kind):
        left.append(Left("USER_TYPE_ID", source.source_kind, _("no similar type of field here: kept as text")))
    dictionary = dictionaries.get(source.dictionary, "") if traits.has_dictionary else ""
    if traits.has_dictionary and not dictionary:
        kind = "string"
        left.append(Left("ENTITY_TYPE", source.dictionary, _("no similar dropdown here: kept as text")))
    targets, missing = _targets(source.targets, types) if traits.names_items else ([], [])
    left += [Left(name, "Y", _("there is no similar item type here")) for name in missing]
    if traits.names_items and not targets:
        kind = "string"
        left.append(Left("USER_TYPE_ID", source.source_kind, _("what it refers to is not here: kept as text")))
    many = source.many and traits.can_be_several
    if many != source.many:
        left.append(Left("MULTIPLE", "Y", _("a yes/no field cannot have several values")))
    return Field(
        key,
        kind,
        source.label,
        many=many,
        custom=True,
        required=source.required,
        targets=targets,
        dictionary=dictionary,
        options=[Option(f"o{option.id}", option.label, source=option.id) for option in source.options]
        if traits.has_own_options
        else [],
        help=source.help,
        source=source.code,
    ), left


def _targets(told: Sequence[str], types: Mapping[str, ItemType]) -> tuple[list[str], list[str]]:
    """Our types, and what those are called in the source that are not here."""
    found = {target: our_type(types, target) for target in told}
    missing = [target.replace("smart:", "dynamic_").upper() for target, one in found.items() if one is None]
    return [one.key for one in found.values() if one is not None], missing


# -- settings ----------------------------------------------------------------------------------------------------------
def _with_settings(field: Field, source: SourceField, context: Context) -> tuple[Field, list[Left]]:
    settings: dict[str, Any] = {}
    keys: dict[str, str] = {}
    left = []
    for key, value in source.settings.items():
        ours = _SETTINGS.get(key, "")
        if key == _DEFAULT or is_target(source.source_kind, key) or says_nothing(value):
            continue
        if ours == "rows" and field.traits.is_text and "rows" not in field.traits.settings and str(value) in ("0", "1"):
            continue
        if ours not in field.traits.settings:
            left.append(Left(key, value))
            continue
        try:
            read = _setting(ours, value, context)
        except BadValue as bad:
            left.append(Left(key, value, bad.message))
            continue
        if read is not None:
            settings[ours] = read
            keys[ours] = key
    field = replace(field, settings=settings)
    # One after the other: a bound may be wrong only because of the other one.
    while problem := next((one for one in problems(field, context) if one.field in settings), None):
        del settings[problem.field]
        left.append(Left(keys[problem.field], source.settings[keys[problem.field]], problem.message))
        field = replace(field, settings=dict(settings))
    return field, left


def _setting(key: str, value: object, context: Context) -> str | int | list[str] | None:
    """A setting as we keep it; None for none. Raises BadValue."""
    if isinstance(value, dict):
        value = [name for name, on in value.items() if on in (True, 1, "Y", "1")] or list(value.values())
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    if key == "pattern" and _PHP.fullmatch(text):
        raise BadValue(_("a regular expression of PHP"), text)
    read = parse_setting(key, text, context)
    return None if key in _NONE_AT_ZERO and read == "0" else read


# -- default -----------------------------------------------------------------------------------------------------------
def _with_default(field: Field, source: SourceField, context: Context) -> tuple[Field, list[Left]]:
    raw, left = source.settings.get(_DEFAULT), list[Left]()
    if field.traits.has_own_options:
        if not says_nothing(raw):
            left.append(Left(_DEFAULT, raw))
        chosen = [f"o{option.id}" for option in source.options if option.default]
        raw = chosen if field.many else next(iter(chosen), None)
    value = _default(field, raw, context)
    if says_nothing(value):
        return field, left
    if not field.traits.has_default:
        return field, [Left(_DEFAULT, raw, _("a field of this type has no default"))]
    try:
        if not (isinstance(value, dict) and "now" in value):
            value = read_field(value, field, context)
    except BadValue as bad:
        return field, [*left, Left(_DEFAULT, raw, bad.message)]
    return replace(field, default=value), left


def _default(field: Field, raw: object, context: Context) -> object:
    """A default in the JSON form of its kind, not checked; None for none."""
    if field.traits.is_time:
        if isinstance(raw, dict):
            told = str(raw.get("TYPE") or "FIXED").upper()
            if told == "NOW":
                return {"now": 0}
            raw = raw.get("VALUE") if told == "FIXED" else None
        return _moment(str(raw or "").strip(), field, context)
    if field.traits.has_currency:
        found = money(raw, "")
        if found is None:
            return raw if str(raw or "").partition("|")[0].strip() else None
        return {**found, "currency": found["currency"] or context.currency}
    return raw if says_nothing(raw) or isinstance(raw, list | dict) else as_kind(raw, field.kind)


def _moment(text: str, field: Field, context: Context) -> str | None:
    """`2024-05-01`, `01.05.2024 12:00:00`, or with an offset; without one a moment is the person's own."""
    if day := _DAY.fullmatch(text):
        text = f"{day[3]}-{day[2]}-{day[1]}" + (f" {day[4]}" if day[4] else "")
    if field.traits.is_moment:
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            return text or None
        text = (when if when.tzinfo else when.replace(tzinfo=context.zone)).isoformat()
    found = as_kind(text, field.kind)
    return None if found is None else str(found)


# -- what differs ------------------------------------------------------------------------------------------------------
def differences(here: Field, there: Field) -> Iterator[str]:
    """What a known field has otherwise than the source says, for people."""
    if here.kind != there.kind:
        yield _("its type there: {there}; here: {here}").format(there=there.kind, here=here.kind)
    if here.many != there.many:
        yield _("several values there, one here") if there.many else _("one value there, several here")
    if here.label != there.label:
        yield _("its name there: {name}").format(name=_shown(there))
    if there.required and not (here.required or here.required_at):
        yield _("required there, not here")


def _shown(field: Field) -> str:
    return field.label if isinstance(field.label, str) else " / ".join(dict.fromkeys(field.label.values()))
