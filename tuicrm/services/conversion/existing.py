"""Items that could be taken instead of made once more: the source's own client, then those with the same phone, e-mail or name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tuicrm.domain.conditions import Condition, Or, Test
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.matching import comparable_of
from tuicrm.domain.schema import Field
from tuicrm.services.kernel.builtin_definitions import load_carrying
from tuicrm.services.kernel.session import Session

_MOST = 5


def can_be_taken(type_key: str) -> bool:
    """Whether items of a type are clients, of whom there should be one each."""
    return type_key in load_carrying().clients


def linked(session: Session, item: Item, type_key: str) -> list[Ref]:
    """The clients of a type that an item names already, as far as they may be read."""
    fields = session.workspace.fields(item.type)
    found: dict[Ref, None] = {}
    for key in session.workspace.type(item.type).client:
        value = item.get(key) if key in fields and session.access.sees(fields[key]) else None
        for one in value if isinstance(value, list) else [value]:
            ref = Ref.read(one)
            if ref is not None and ref.type == type_key and session.peek(ref) is not None:
                found[ref] = None
    return list(found)


def alike(session: Session, type_key: str, fields: Mapping[str, Any]) -> list[Ref]:
    """Items of a type that are likely the one that these fields speak of."""
    same = list(_same(session, type_key, fields))
    found = session.ids(type_key, Or(tuple(same)))[:_MOST] if same else []
    refs = dict.fromkeys(Ref(type_key, item_id) for item_id in found)
    words = [str(fields[key]) for key in session.workspace.type(type_key).title if fields.get(key)]
    if words:
        named = session.names.items(" ".join(words), [type_key])
        refs |= dict.fromkeys(ref for choice in named if (ref := Ref.read(choice.key)) is not None)
    return list(refs)[:_MOST]


def _same(session: Session, type_key: str, fields: Mapping[str, Any]) -> Iterator[Condition]:
    """One of the same phones or e-mails."""
    for field, value in _telling(session, type_key, fields):
        yield Test(field.key, field.kind, "=", value)


def identity(session: Session, type_key: str, fields: Mapping[str, Any]) -> list[str]:
    """What tells that two of a batch are one and the same: phones and e-mails, and of companies, which have one name, that."""
    title = session.workspace.type(type_key).title
    names = [_folded(fields.get(key)) for key in title] if len(title) == 1 else []
    values = [f"{field.kind}:{value}" for field, value in _telling(session, type_key, fields)]
    return [*(f"name:{name}" for name in names if name), *values]


def _telling(session: Session, type_key: str, fields: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
    """Phones and e-mails, as they are compared."""
    for field in session.workspace.fields(type_key).values():
        if not field.traits.is_identity or not session.access.sees(field):
            continue
        value = fields.get(field.key)
        for one in value if isinstance(value, list) else [value]:
            if (told := comparable_of(field.kind, one)) is not None:
                yield field, told


def _folded(value: object) -> str:
    return " ".join(value.split()).casefold() if isinstance(value, str) else ""
