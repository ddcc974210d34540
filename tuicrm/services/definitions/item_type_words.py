"""Item types of one's own by words: `plural=Visits prefix=VIS stages=yes parents="deal, company several"`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.smart import Relation, SmartType, bonds
from tuicrm.errors import FieldProblem, Refusal, Refused
from tuicrm.i18n import _
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.item_type_checks import switches
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.kernel.session import Session

SEVERAL, NO_TAB = "several", "no-tab"
_TEXTS = ("label", "plural", "prefix", "symbol")


def add(session: Session, label: str, texts: Mapping[str, str], *, key: str = "") -> ItemType:
    """Make a type. Raises Refused listing all that is wrong, AccessDenied."""
    return item_types.add(session, read(session, {"label": label, **texts}, item_types.FIRST_SWITCHES), key=key)


def change(session: Session, text: str, texts: Mapping[str, str]) -> ItemType:
    """Change a type. Raises Refused listing all that is wrong, NotFound, AccessDenied."""
    record = item_types.find_own(session, text)
    return item_types.change(session, record.key, read(session, texts, record.has))


def read(session: Session, texts: Mapping[str, str], has: tuple[str, ...] | list[str]) -> TypeChanges:
    """What words say of a type that has these switches. Raises Refused listing all that cannot be read."""
    known = [switch.key for switch in switches(session)]
    said: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    on = list(has)
    for word, text in texts.items():
        try:
            if word in _TEXTS:
                said[word] = text
            elif word == "has":
                on = [one.strip() for one in text.split(",") if one.strip()]
            elif word in ("parents", "children"):
                said[word] = _relations(session, text)
            elif word in known:
                on = [*(one for one in on if one != word), *([word] if _yes(session, text) else [])]
            else:
                every = ", ".join(known_words(session))
                raise BadValue(_("there is no such setting; choose from: {known}").format(known=every), text)
        except (BadValue, Refusal) as problem:
            problems.append(FieldProblem(word, problem.message, text))
    if problems:
        raise Refused("; ".join(f"{problem.field}: {problem.message}" for problem in problems), problems)
    ordered = [key for key in known if key in on] + [key for key in on if key not in known]
    return TypeChanges(has=ordered if set(texts) - {*_TEXTS, "parents", "children"} else None, **said)


def known_words(session: Session) -> tuple[str, ...]:
    """The words that `read` takes."""
    return (*_TEXTS, "has", "parents", "children", *(switch.key for switch in switches(session)))


def is_switch(session: Session, word: str) -> bool:
    """Whether a word is one of yes or no."""
    return any(switch.key == word for switch in switches(session))


def _yes(session: Session, text: str) -> bool:
    from tuicrm.domain.kinds.values import parse_field

    return parse_field(text, Field("switch", "boolean", "switch"), session.context()) is True


def _relations(session: Session, text: str) -> list[Relation]:
    """`deal, company several, lead no-tab`. Raises NotFound for an unknown type, BadValue for another word."""
    from tuicrm.services.kernel.lookup import find_type

    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, words = part, list[str]()
        while (before := name.rpartition(" "))[2] in (SEVERAL, NO_TAB):
            name, words = before[0].strip(), [*words, before[2]]
        found.append(Relation(find_type(session, name).key, SEVERAL in words, NO_TAB not in words))
    return found


def told_relations(session: Session, relations: list[Relation]) -> str:
    """The same, written out."""
    types = session.workspace.types
    parts = []
    for one in relations:
        name = one.type if one.type in types else f"{one.type} ({_('gone')})"
        parts.append(" ".join([name, *([SEVERAL] if one.many else []), *([] if one.tab else [NO_TAB])]))
    return ", ".join(parts)


def told_family(session: Session, key: str) -> list[str]:
    """`belongs to: Deals`, `has: Visits`: whose child and whose parent a type is, whoever of them says so; the client aside."""
    types, found = session.workspace.types, bonds(session.workspace.smart, session.workspace.types)
    names = [
        (_("belongs to: {types}"), [bond.parent for bond in found if bond.child == key]),
        (_("has: {types}"), [bond.child for bond in found if bond.parent == key]),
    ]
    return [
        text.format(types=", ".join(session.label(types[one].plural) for one in keys)) for text, keys in names if keys
    ]


def told_switches(session: Session, record: SmartType) -> str:
    """What a type has, in words."""
    label = session.label
    return ", ".join(label(switch.label) for switch in switches(session) if switch.key in record.has)
