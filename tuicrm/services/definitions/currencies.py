"""The workspace's currencies and their rates, kept by hand. Sums over several currencies convert by them, and say so."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from tuicrm.domain import typed
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.money import decimal_of
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session

_LETTERS = 3
_LARGEST = Decimal(10) ** 12
_SMALLEST = 1 / _LARGEST


class Currency(NamedTuple):
    """`rate` is the worth of one unit in the base currency; None where nobody gave one: sums leave it out."""

    code: str
    rate: Decimal | None
    base: bool


def currencies(session: Session) -> list[Currency]:
    """The base currency first, then by code."""
    base = session.workspace.base_currency
    found = [
        Currency(str(entry.doc["code"]), decimal_of(entry.doc.get("rate")), entry.doc["code"] == base)
        for entry in session.workspace.records["currency"].values()
    ]
    return sorted(found, key=lambda one: (not one.base, one.code))


def set_rate(session: Session, code: str, rate: str) -> Currency:
    """Say what one unit is worth in the base currency; "" takes the rate away. A new code is a new currency.

    Raises Refused for what is no currency code or no rate, and for the base currency; AccessDenied."""
    code = _checked(code)
    if code == session.workspace.base_currency:
        message = _("{code} is the base currency: its rate is always 1").format(code=code)
        raise Refused(message, [FieldProblem("code", message, code)])
    worth = _worth(rate, session.context(canonical=True)) if rate else None
    entry = _entry(session, code)
    with session.change(_("set the rate of {code}").format(code=code)) as change:
        doc = {"code": code, **({"rate": f"{worth:f}"} if worth is not None else {})}
        change.put("currency", doc, entry.id if entry else 0)
    return Currency(code, worth, base=False)


def remove(session: Session, code: str) -> None:
    """Take a currency off the list; amounts in it stay. Raises NotFound, Refused for the base currency, AccessDenied."""
    code = _checked(code)
    entry = _entry(session, code)
    if entry is None:
        raise NotFound(_("There is no currency {code} here.").format(code=code))
    if code == session.workspace.base_currency:
        raise Refused(_("{code} is the base currency and cannot be removed").format(code=code))
    with session.change(_("remove the currency {code}").format(code=code)) as change:
        change.remove("currency", entry.id)


def _entry(session: Reader, code: str) -> ConfigRecord | None:
    return next((one for one in session.workspace.records["currency"].values() if one.doc["code"] == code), None)


def _checked(code: str) -> str:
    wanted = code.strip().upper()
    if len(wanted) != _LETTERS or not wanted.isascii() or not wanted.isalpha():
        message = ngettext("a code of {n} letter", "a code of {n} letters", _LETTERS)
        raise Refused(f"code: {message}", [FieldProblem("code", message, code)])
    return wanted


def _worth(rate: str, context: Context) -> Decimal:
    try:
        worth = typed.number(rate, context)
    except BadValue:
        worth = Decimal(0)
    if not _SMALLEST <= worth <= _LARGEST:
        message = _("a rate is a positive number such as 0.92: what one unit is worth in the base currency")
        raise Refused(f"rate: {message}", [FieldProblem("rate", message, rate)])
    return worth
