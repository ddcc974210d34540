"""What of an item goes along into another: system fields by what they mean, fields of one's own by name and kind.

A value goes along only for those who see both fields: to whom a field is hidden, it is not there (reference §3.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tuicrm.domain.conversion import Copied, Lost, alike, tells_more
from tuicrm.domain.items import Item
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.values import is_empty, read_field
from tuicrm.domain.schema import Field, ItemType, all_labels
from tuicrm.domain.smart import PARENT
from tuicrm.i18n import _
from tuicrm.services.kernel.builtin_definitions import load_carrying
from tuicrm.services.kernel.session import Session


class Carried(NamedTuple):
    """What goes into one target, and the fields of one's own that find no place in it."""

    copied: list[Copied]
    lost: list[Lost]


def carried(session: Session, item: Item, target: ItemType) -> Carried:
    """What of an item goes into a new one of the target's type."""
    copied = [*_system(session, item, target)]
    lost: list[Lost] = []
    for field in own_fields(session, item):
        found = _own(session, item, field, target)
        if isinstance(found, Lost):
            lost.append(found)
        else:
            copied.append(found)
    return Carried(copied, lost)


def own_fields(session: Session, item: Item) -> list[Field]:
    """The fields of one's own that hold a value and that the person sees."""
    fields = session.workspace.fields(item.type).values()
    return [
        field for field in fields if field.custom and session.access.sees(field) and not is_empty(item.get(field.key))
    ]


def _system(session: Session, item: Item, target: ItemType) -> Iterator[Copied]:
    fields = session.workspace.fields(item.type)
    there = {field.key: field for field in target.fields if not field.custom and session.access.sees(field)}
    for key, other in load_carrying().pairs(item.type, target.key):
        # A type of one's own names its parents under keys of their own.
        source, field = fields.get(key) or fields.get(PARENT + key), there.get(other) or there.get(PARENT + other)
        if source is None or field is None or source.kind != field.kind or is_empty(item.get(source.key)):
            continue
        if field.derived or not session.access.sees(source):
            continue
        try:
            yield Copied(source, field, _fitting(session, item.get(source.key), source, field))
        except BadValue:
            continue  # what another program wrote there that is no value


def _own(session: Session, item: Item, field: Field, target: ItemType) -> Copied | Lost:
    found = [one for one in target.fields if alike(field, one) and session.access.sees(one)]
    found.sort(key=lambda one: one.key != field.key)
    for one in found:
        if tells_more(field, one):
            return Lost(field, _("more people could see the field there"))
        try:
            return Copied(field, one, _fitting(session, item.get(field.key), field, one))
        except BadValue as bad:
            return Lost(field, bad.message)
    return Lost(field, _("there is no similar field"), _is_makeable(session, field, target))


def _is_makeable(session: Session, field: Field, target: ItemType) -> bool:
    """Whether a field of this name can be made there: none that the person sees has the name."""
    names = {label.casefold() for label in all_labels(field.label)}
    seen = (one for one in target.fields if session.access.sees(one))
    return field.traits.custom and names.isdisjoint(label.casefold() for one in seen for label in all_labels(one.label))


def _fitting(session: Session, value: object, source: Field, target: Field) -> object:
    """The value as the target's field keeps it. Raises BadValue saying why it cannot."""
    values = value if isinstance(value, list) and not source.traits.holds_rows else [value]
    if source.traits.has_own_options:
        values = [_option(session, one, source, target) for one in values]
    if len(values) > 1 and not target.many:
        raise BadValue(_("the field there takes one value"), value)
    read = read_field(values if target.many else values[0], target, session.context(canonical=True))
    if is_empty(read):
        raise BadValue(_("nothing of the value can be used"), value)
    return read


def _option(session: Session, key: object, source: Field, target: Field) -> str:
    """The target's option of the same name."""
    option = next((one for one in source.options if one.key == key), None)
    if option is None:
        raise BadValue(_("there is no such option"), key)
    names = {label.casefold() for label in all_labels(option.label)}
    for one in target.options:
        if not names.isdisjoint(label.casefold() for label in all_labels(one.label)):
            return one.key
    raise BadValue(_("the field there has no option {name}").format(name=session.label(option.label)), key)
