"""Ways to reach someone: phones, e-mails, web sites, messengers, each with its sort (work, mobile, …; reference §1.4)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds import ByKind
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.text import checked_link, checked_text
from tuicrm.domain.schema import Field
from tuicrm.i18n import N_, _
from tuicrm.limits import CONTACT
from tuicrm.regex import regex

SORTS = ByKind({
    "phone": ("work", "mobile", "fax", "home", "pager", "mailing", "other"),
    "email": ("work", "home", "mailing", "other"),
    "web": ("work", "home", "vk", "facebook", "twitter", "livejournal", "linkedin", "other"),
    "messenger": (
        "telegram", "whatsapp", "signal", "skype", "viber", "vk", "imol", "openline", "bitrix24", "icq", "msn", "jabber", "other",
    ),
}, only=lambda traits: traits.reaches)  # fmt: skip
USUAL = ByKind(
    {"phone": "work", "email": "work", "web": "work", "messenger": "other"}, only=lambda traits: traits.reaches
)
"""The sort of what is told without one."""
LABELS = {
    "work": N_("work"), "mobile": N_("mobile"), "fax": N_("fax"), "home": N_("home"), "pager": N_("pager"),
    "mailing": N_("mailing"), "other": N_("other"),
}  # fmt: skip
_SHORTENED = regex(r"[-+']?[0-9](?:[.,][0-9]*)?\s?[eE]\+?[0-9]{1,2}")
# What a column of numbers with an empty cell becomes in pandas: 390612345.0.
_WHOLE = regex(r"(?<=[0-9]{7})[.,]0$")
_EXTENSION = regex(
    r"(?:;\s*ext=|[\s,;.(/-]*(?:\bext(?:ension)?\b|\bint(?:erno)?\b|доб|x|#)[\s.:=]*)([0-9]{1,7})\)?\s*$", re.IGNORECASE
)


def _shown_sort(sort: str) -> str:
    return _(LABELS.get(sort, sort))


def sort_and_value(text: str, kind: str) -> tuple[str, str]:
    """The sort that a text tells before its value or behind it (`home: a@x`, `a@x home`), "" where it tells no sort; and the value."""
    before, colon, after = text.partition(":")
    if colon and after.strip() and (sort := _sort_named(before, kind)):
        return sort, after.strip()
    first, _space, last = text.rpartition(" ")
    if first and (sort := _sort_named(last, kind)):
        return sort, first.strip()
    return "", text


def _sort_named(word: str, kind: str) -> str:
    word = word.strip().casefold()
    named = (sort for sort in SORTS[kind] if word in (sort, _shown_sort(sort).casefold()))
    return next(named, "")


class ContactPointKind:
    """Base: `{"value": …, "type": …}`; people type `work: anna@example.com`, or the value alone."""

    name = ""

    @property
    def default(self) -> str:
        """The sort of a value that says nothing of it."""
        return USUAL[self.name]

    # -- what differs --------------------------------------------------------------------------------------------------
    def value(self, text: str, context: Context) -> dict[str, str]:
        """The value's own members. Raises BadValue."""
        raise NotImplementedError

    def shown(self, value: dict[str, Any], context: Context) -> str:
        """The value's own part for people, without its sort."""
        return str(value.get("value", ""))

    # -- the kind ------------------------------------------------------------------------------------------------------
    def parse(self, text: str, field: Field, context: Context) -> dict[str, str] | None:
        text = checked_text(text).strip()
        if not text:
            return None
        if len(text) > CONTACT.most:
            raise BadValue(CONTACT.told, text)
        sort, rest = self._sorted(text)
        return {**self.value(rest, context), "type": sort}

    def _sorted(self, text: str) -> tuple[str, str]:
        sort, rest = sort_and_value(text, self.name)
        return sort or self.default, rest

    def read(self, value: object, field: Field, context: Context) -> dict[str, str]:
        if isinstance(value, str):
            found = self.parse(value, field, context)
            if found is None:
                raise BadValue(_("this cannot be empty"), value)
            return found
        if not isinstance(value, dict) or not isinstance(value.get("value"), str) or not value["value"].strip():
            raise BadValue(_('an object such as {"value": …, "type": …} is expected'), value)
        sort = value.get("type") or self.default
        if not isinstance(sort, str) or sort.casefold() not in SORTS[self.name]:
            known = ", ".join(SORTS[self.name])
            raise BadValue(_("one of these types is expected: {known}").format(known=known), value)
        typed = value.get("typed")
        text = typed if isinstance(typed, str) and typed.strip() else value["value"]
        checked_text(text)
        if len(text) > CONTACT.most:
            raise BadValue(CONTACT.told, value)
        return {**self.value(text.strip(), context), "type": sort.casefold()}

    def format(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, dict):
            return str(value)
        text, sort = self.shown(value, context), value.get("type", self.default)
        if context.canonical:
            return self._told(text, sort)
        return text if sort == self.default else f"{text}  {_shown_sort(str(sort))}"

    def edit(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, dict):
            return str(value)
        text = str(value.get("typed") or value.get("value", ""))
        return self._told(text, value.get("type", self.default))

    def _told(self, text: str, sort: str) -> str:
        """A value with its sort, where that is not what anybody would read without."""
        return text if sort == self.default and self._sorted(text) == (sort, text) else f"{sort}: {text}"

    def comparable(self, value: object) -> str | None:
        text = value.get("value") if isinstance(value, dict) else None
        return text.casefold() if isinstance(text, str) and text else None


class PhoneKind(ContactPointKind):
    """A phone number: E.164 where it is one, and what was typed."""

    name = "phone"

    def value(self, text: str, context: Context) -> dict[str, str]:
        return phone_in(text, context.country)

    def read(self, value: object, field: Field, context: Context) -> dict[str, str]:
        """What was read as a number of one country, or of no country, stays that, whoever reads it again from where."""
        found = super().read(value, field, context)
        if isinstance(value, dict) and "typed" in value and _stands_for(value["value"], found["typed"]):
            found["value"] = value["value"]
        return found

    def shown(self, value: dict[str, Any], context: Context) -> str:
        text = str(value.get("value", ""))
        if not text.startswith("+"):
            return str(value.get("typed") or text)
        return text if context.canonical else international(text) or text


def phone_in(text: str, country: str) -> dict[str, str]:
    """A number's E.164 form and what was typed. Without a `+` it must be a number of that country ("" for no country); what is none
    keeps its digits alone: a prefix put before it would make it somebody else's. An extension follows: `+14165550142;ext=752`.

    Raises BadValue for what has no digits, and for a number of which a spreadsheet has left the first digits only."""
    if len(text) > CONTACT.most:
        raise BadValue(CONTACT.told, text)
    if is_shortened(text):
        raise BadValue(_("a spreadsheet has shortened this number and its last digits are lost: type it again"), text)
    value = _e164(_WHOLE.sub("", text), country)
    if not value:
        raise BadValue(_("a phone number is expected, such as +39 02 5555 0142"), text)
    return {"value": value, "typed": text}


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet has made a power of ten of a number: `3.91235E+11`."""
    return len(text) <= CONTACT.most and _SHORTENED.fullmatch(text.strip()) is not None


# A row of an import is compared and then written: 60 µs a number, twice.
@lru_cache(maxsize=2048)
def _e164(text: str, country: str) -> str:
    # 30 ms to import: only where a number is read.
    import phonenumbers

    plain = _plain(text)
    if not plain:
        return ""
    abroad = text.lstrip().startswith("+")
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        number = None
    fits = phonenumbers.is_possible_number if abroad else phonenumbers.is_valid_number
    if number is None or not fits(number):
        return ("+" if abroad else "") + plain
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{value};ext={number.extension}" if number.extension else value


def _plain(text: str) -> str:
    """The digits of a number, its extension apart: `4165550142;ext=752`."""
    found = _EXTENSION.search(text)
    main = re.sub(r"[^0-9]", "", digits_as_ascii(text[: found.start()] if found else text))
    if not found:
        return main
    return f"{main};ext={found[1]}" if main else found[1]


def digits_as_ascii(text: str) -> str:
    """A text with every decimal digit of the world's as the plain one."""
    return text if text.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _stands_for(value: str, typed: str) -> bool:
    """Whether a form is that of what was typed, without a `+`: in some country, or in no country."""
    if "+" in typed:
        return False
    plain = _plain(typed)
    if value == plain:
        return True
    main, _semicolon, extension = value.partition(";ext=")
    if not re.fullmatch(r"\+\d{7,15}", main):
        return False
    digits, _semicolon, typed_extension = plain.partition(";ext=")
    digits = digits.lstrip("0")
    # What we take for an extension may be none, and the other way round.
    ends = (main.endswith(digits) and extension == typed_extension) or main.endswith(digits.removesuffix(extension))
    return bool(digits) and (ends or _e164(typed, _country_of(main)) == value)


def _country_of(e164: str) -> str:
    """The country in which a number lies: what is written before it there may be no 0 (8 in Russia)."""
    import phonenumbers

    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or ""
    except phonenumbers.NumberParseException:
        return ""


def international(e164: str) -> str:
    """`+39 02 5555 0142`; "" for what is no number."""
    import phonenumbers

    main, _semicolon, extension = e164.partition(";ext=")
    try:
        number = phonenumbers.parse(main)
    except phonenumbers.NumberParseException:
        return ""
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return _("{phone} ext. {extension}").format(phone=shown, extension=extension) if extension else shown


class EmailKind(ContactPointKind):
    """An e-mail address, checked by its form."""

    name = "email"

    def value(self, text: str, context: Context) -> dict[str, str]:
        # Imports dnspython, 60 ms: only where an address is read.
        from email_validator import EmailNotValidError, validate_email

        try:
            found = validate_email(text, check_deliverability=False, test_environment=True)
        except (EmailNotValidError, ValueError):
            raise BadValue(_("an e-mail address is expected, such as anna@example.com"), text) from None
        return {"value": found.normalized}


class WebKind(ContactPointKind):
    """A web site."""

    name = "web"

    def value(self, text: str, context: Context) -> dict[str, str]:
        return {"value": checked_link(text)}


class MessengerKind(ContactPointKind):
    """A name in a messenger: `telegram: @anna`."""

    name = "messenger"

    def value(self, text: str, context: Context) -> dict[str, str]:
        return {"value": text}
