"""Records of the config tables: the shapes of definitions as they are kept, and the names of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.domain.channels import Channel
from tuicrm.domain.departments import Department
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.messages.text_template import TextTemplate
from tuicrm.domain.rooms import BookableRoom
from tuicrm.domain.schema import Dictionary, Label, Layout, Numerator, Pipeline, Section
from tuicrm.domain.smart import SmartType

LayoutScope: TypeAlias = Literal["common", "personal", "view"]

INVITE_BY_MAIL = "invite_by_mail"
"""The setting by which people who take part are told by themselves."""

CONFIG_TABLES = (
    "setting", "currency", "type", "field", "dictionary", "pipeline", "numerator", "layout", "department", "role", "person",
    "filter", "activity_kind", "room", "template", "channel", "text_template",
)  # fmt: skip
"""Tables that hold definitions. Everything else holds items (a table a type), entries and activities."""

FORMER_TYPES = "former_types"
"""The setting that lists the keys of item types that were removed: no key is given twice."""


class SshKey(Struct, frozen=True):
    """A public key by which somebody comes in: its fingerprint (`SHA256:…`), itself (`ssh-ed25519 AAAA…`), what they call it, since
    when (UTC ISO)."""

    fingerprint: str
    text: str
    comment: str = ""
    added: str = ""


class Person(Struct, frozen=True):
    """Someone who works here. `key` never changes and is what items and the journal name; `logins` are system users."""

    key: str
    name: str
    logins: list[str] = msgspec.field(default_factory=list)
    department: str = ""
    roles: list[str] = msgspec.field(default_factory=list)
    email: str = ""
    language: str = ""
    zone: str = ""
    retired: bool = False
    keys: list[SshKey] = msgspec.field(default_factory=list)

    @property
    def initials(self) -> str:
        """Two letters for a card: "AB"."""
        words = self.name.split()
        letters = words[0][0] + words[-1][0] if len(words) > 1 else self.name[:2]
        return letters.upper()


class Role(Struct, frozen=True):
    """What its holders may do: operation → scope, by "*", type, type/pipeline or type/pipeline/stage (reference §12). `sort` is its
    place among the others."""

    key: str
    label: Any
    admin: bool = False
    rules: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    specials: list[str] = msgspec.field(default_factory=list)
    sort: int = 0


_MANAGER, _MAKES_DOCUMENTS = "manager", "make_documents"


_OF_MANY = ("merge", "bulk")


def _knows(made: object, since: int) -> bool:
    """Whether a workspace of this format of records was made when there was what came with the format `since`."""
    return isinstance(made, int) and made >= since


def roles_as_meant(roles: Sequence[Role], settings: Mapping[str, Any]) -> list[Role]:
    """Roles as whoever wrote them means them, in their order. Those of a workspace that was made before there were documents say
    nothing about them: there the managers that ship make documents, as in a new one, unless some role was given that right since.
    Before format 3 everybody merged and changed many at once who might change and delete each."""
    found, made = sorted(roles, key=lambda role: (not role.admin, role.sort, role.key)), settings.get("format")
    if not _knows(made, 2) and not any(_MAKES_DOCUMENTS in role.specials for role in found):
        found = [_also(role, (_MAKES_DOCUMENTS,)) if role.key == _MANAGER else role for role in found]
    if not _knows(made, 3) and not any({*_OF_MANY} & {*role.specials} for role in found):
        found = [_also(role, _OF_MANY) for role in found]
    return found


def _also(role: Role, specials: Sequence[str]) -> Role:
    return msgspec.structs.replace(role, specials=list(dict.fromkeys((*role.specials, *specials))))


class ActivityKind(Struct, frozen=True):
    """A kind of activities: a key that never changes, what people call it, a sign of one cell, a colour ("1" to "7")."""

    key: str
    label: Label
    symbol: str = ""
    colour: str = ""
    retired: bool = False


class LayoutRecord(Struct, frozen=True):
    """A kept layout of (type, variant): the common one, a person's own, or a named view.

    `person` is whose a personal one is. A view has a `key`, a `name`, and `members`: people's keys and `department:key`;
    `edited` (UTC ISO) tells the newest among equals, `sort` the order in which people list them."""

    type: str
    variant: str
    scope: LayoutScope
    sections: list[Section]
    tabs: list[str] = msgspec.field(default_factory=list)
    hidden_tabs: list[str] = msgspec.field(default_factory=list)
    person: str = ""
    key: str = ""
    name: str = ""
    members: list[str] = msgspec.field(default_factory=list)
    edited: str = ""
    sort: int = 0

    @property
    def layout(self) -> Layout:
        """The layout alone, without whom it is for."""
        return Layout(self.sections, self.tabs, self.hidden_tabs)


class KeptLayout(Struct, frozen=True):
    """A layout as it is kept: its record's id and revision, and what it says."""

    id: int
    rev: int
    record: LayoutRecord


class ConfigRecord(Struct, frozen=True):
    """One config record: its id and revision, for changing it."""

    id: int
    rev: int
    doc: dict[str, Any]


class _Setting(Struct, frozen=True):
    key: str
    value: Any = None


class _Currency(Struct, frozen=True):
    code: str
    rate: str = ""


class NumeratorRecord(Numerator, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the items of a type are numbered here."""

    type: str

    @property
    def numerator(self) -> Numerator:
        """The numbering alone, without the type it is of."""
        return Numerator(self.field, self.pattern, self.start, self.step, self.reset)


class _FieldRecord(Struct, frozen=True):
    """A custom field, or what changed of a shipped one."""

    type: str
    key: str


class _FilterRecord(Struct, frozen=True):
    """A kept filter of a type; of a person, or of everybody ("")."""

    type: str
    name: str
    text: str
    person: str = ""


SHAPES: dict[str, type[Any]] = {
    "setting": _Setting, "currency": _Currency, "type": SmartType, "field": _FieldRecord, "dictionary": Dictionary,
    "pipeline": Pipeline, "numerator": NumeratorRecord,
    "layout": LayoutRecord, "department": Department, "role": Role, "person": Person, "filter": _FilterRecord,
    "activity_kind": ActivityKind, "room": BookableRoom, "template": DocTemplate, "channel": Channel,
    "text_template": TextTemplate,
}  # fmt: skip


def sound_parts(doc: Mapping[str, Any], kind: type[Struct]) -> dict[str, Any] | None:
    """What of a document has the shape that its kind asks for; None where a part is wrong that it cannot be without, and where it may
    have meant that this is retired."""
    sound = dict[str, Any]()
    for part in msgspec.structs.fields(kind):
        try:
            sound[part.encode_name] = msgspec.convert(doc[part.encode_name], part.type)
        except (KeyError, msgspec.ValidationError):
            if part.required or (part.encode_name == "retired" and part.encode_name in doc):
                return None
    return sound
