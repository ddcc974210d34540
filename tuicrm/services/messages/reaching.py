"""Whom a call or an SMS goes to: an item's number, or a number and the items that it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from tuicrm.domain import reach
from tuicrm.domain.conditions import And, Condition
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.contact_points import phone_in
from tuicrm.errors import NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import MESSAGE_ITEMS
from tuicrm.regex import regex
from tuicrm.services.kernel import contact_lookup, repeats
from tuicrm.services.kernel.lookup import read_ref
from tuicrm.services.kernel.session import Session

_PHONES = "phone"
_MESSENGERS = "messenger"
_PERSON = "person"
"""Kind of names by which items are alike that are people (`domain/alike.py`)."""
_NUMBER = regex(r"\+?[\s()./-]*[0-9][0-9\s()./-]{2,}(?:(?:;ext=|\s*(?:ext\.?|x|#)\s*)[0-9]{1,7})?")
"""What can only be a number: a ref begins with letters."""


class Reached(msgspec.Struct, frozen=True):
    """Somebody to call: `number` in its stored form ("" where an item has no phone), `item` as it was named, and the items that the
    call belongs on. `name` is what is shown of the person; "" for a number that nobody here has."""

    number: str
    on: tuple[Ref, ...]
    name: str = ""


def reached(session: Session, text: str, prefer: str = "") -> Reached:
    """As `whom`. Raises Refused for an item without a number."""
    found = whom(session, text, prefer)
    if not found.number:
        shown = session.workspace.show_ref(found.on[0])
        raise Refused(_("{ref} has no phone number, nor has its client.").format(ref=shown))
    return found


def whom(session: Session, text: str, prefer: str = "") -> Reached:
    """Whom a ref or a number means. An item's own number comes first, else that of its clients, else there is no number; `prefer` is
    a sort (such as mobile) that is taken where there is such a one.

    Raises NotFound for what is neither, and for an item that may not be read."""
    if is_number(text):
        number = read_number(session, text)
        on = reached_by(session, number)
        return Reached(number, on, _name(session, on))
    ref = read_ref(session, text)
    item = session.get(ref)
    for one in _asked(session, item, prefer):
        if numbers := phones(one, prefer):
            on = tuple(dict.fromkeys((ref, one.ref)))
            return Reached(numbers[0], on, session.title_of(one))
    return Reached("", (ref,), session.title_of(item))


def numbers(session: Session, ref: Ref, prefer: str = "") -> list[Reached]:
    """All numbers of an item and of its clients, each once, in the order in which `whom` takes them.

    Raises NotFound for an item that may not be read."""
    item = session.get(ref)
    found: dict[str, Reached] = {}
    for one in _asked(session, item, prefer):
        for number in phones(one, prefer):
            found.setdefault(number, Reached(number, tuple(dict.fromkeys((ref, one.ref))), session.title_of(one)))
    return list(found.values())


def _asked(session: Session, item: Item, prefer: str) -> list[Item]:
    """Whose numbers are looked at: the item's own, then its clients'. Where a sort is preferred, who has such a one is first of these,
    and people are before companies, whose switchboard reads no text."""
    theirs = list(clients(session, item))
    if prefer:
        theirs.sort(key=lambda one: (not _has(one, prefer), _PERSON not in session.workspace.type(one.type).alike))
    return [item, *theirs]


def _has(item: Item, sort: str) -> bool:
    return any(point.get("type") == sort for point in _points(item, _PHONES))


def messenger(session: Session, text: str, sort: str) -> str:
    """The name in a messenger (`telegram`) of an item or of its clients; "" where they tell no such name."""
    if is_number(text):
        return ""
    item = session.get(read_ref(session, text))
    for one in (item, *clients(session, item)):
        for point in _points(one, _MESSENGERS):
            if point.get("type") == sort:
                return str(point["value"])
    return ""


def is_number(text: str) -> bool:
    """Whether a text is a phone number, rather than a ref."""
    return _NUMBER.fullmatch(text.strip()) is not None


def read_number(session: Session, text: str) -> str:
    """A number in its stored form. Raises NotFound for what is no number."""
    try:
        return phone_in(text.strip(), session.context().country)["value"]
    except BadValue as error:
        raise NotFound(error.message) from error


def reached_by(session: Session, number: str) -> tuple[Ref, ...]:
    """The contacts, companies and leads that a number reaches, as far as they may be read; the first fifty."""
    form = reach.form_of(number)
    if not form:
        return ()
    found: list[Ref] = []
    for type_key in contact_lookup.reached_types(session.workspace):
        where: Condition = contact_lookup.reached_by([form])
        if session.workspace.pipelines(type_key):
            # A lead that is done with is its client's by now.
            where = And((where, repeats.in_stages(session.workspace, type_key, "process")))
        found += (Ref(type_key, item_id) for item_id in session.ids(type_key, where)[: MESSAGE_ITEMS.most])
    return tuple(found[: MESSAGE_ITEMS.most])


def clients(session: Session, item: Item) -> Iterator[Item]:
    """The clients of an item that may be read."""
    for stored in repeats.clients_of(session.workspace.type(item.type), item.fields):
        ref = Ref.read(stored)
        if ref is not None and (found := session.peek(ref)) is not None:
            yield found


def phones(item: Item, prefer: str = "") -> list[str]:
    """An item's numbers in their stored form, those of a sort first."""
    points = sorted(_points(item, _PHONES), key=lambda point: point.get("type") != prefer)
    return [str(point["value"]) for point in points]


def _points(item: Item, key: str) -> list[dict[str, Any]]:
    value = item.get(key)
    found: Sequence[Any] = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict) and isinstance(one.get("value"), str) and one["value"]]


def _name(session: Session, on: Sequence[Ref]) -> str:
    item = session.peek(on[0]) if on else None
    return session.title_of(item) if item is not None else ""
