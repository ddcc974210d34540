"""Definitions: item types, fields, pipelines, stages, dictionaries, layouts. All of them are data (JSON), run by the same code.

Shipped definitions (`data/types/*.json`) decode straight into these structs; what a workspace adds or changes is kept in its
config tables and laid over them (`domain/config_records.py`, `domain/workspace.py`).
"""

# No `from __future__ import annotations` here: msgspec would evaluate each annotation anew at every start, which takes 4 ms.

from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.domain.kinds import Traits, traits_of

Label: TypeAlias = str | dict[str, str]
"""What people read: one text, or a text by language code (`{"en": "Amount", "it": "Importo"}`)."""

Semantics: TypeAlias = Literal["process", "success", "failure"]

DEFAULT_PIPELINE = "general"


def label_text(label: Label, language: str) -> str:
    """The label in `language` ("it", "it_IT"), else in English, else whatever there is."""
    if isinstance(label, str):
        return label
    return label.get(language.partition("_")[0]) or label.get("en") or next(iter(label.values()), "")


def all_labels(label: Label) -> list[str]:
    """Every shown form, for matching what people type in any shipped language."""
    return [label] if isinstance(label, str) else list(label.values())


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a list field or of a dictionary. `source` is the model product's code, for imports."""

    key: str
    label: Label
    retired: bool = False
    source: str = ""


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """One field of an item type.

    `kind` names an entry of the registry in `domain/kinds`, and `traits` is what that kind is.
    `required` means at every stage of every pipeline; `required_at` maps a pipeline's key to the stages that need the field there
    instead (reference §3.1).
    `derived` is a path into another value (`amount.currency`), shown and filtered but not stored.
    """

    key: str
    kind: str
    label: Label
    many: bool = False
    custom: bool = False
    required: bool = False
    required_at: dict[str, list[str]] = msgspec.field(default_factory=dict)
    read_only: bool = False
    immutable: bool = False
    derived: str = ""
    targets: list[str] = msgspec.field(default_factory=list)
    dictionary: str = ""
    options: list[Option] = msgspec.field(default_factory=list)
    settings: dict[str, Any] = msgspec.field(default_factory=dict)
    default: Any = None
    help: Label = ""
    visible_to: list[str] = msgspec.field(default_factory=list)
    source: str = ""
    deleted: bool = False

    @property
    def traits(self) -> Traits:
        """What the field is, by its kind."""
        return traits_of(self.kind)


class Stage(Struct, frozen=True, forbid_unknown_fields=True):
    """One stage of a pipeline. `probability` (per cent) weighs items that have none of their own; `asks` are fields that are asked
    for, and may be skipped, when an item comes here (a lost reason)."""

    key: str
    label: Label
    colour: str
    semantics: Semantics = "process"
    system: bool = False
    probability: int = 0
    source: str = ""
    asks: list[str] = msgspec.field(default_factory=list)


class Pipeline(Struct, frozen=True, forbid_unknown_fields=True):
    """An ordered path of stages: process…, exactly one success, failures (reference §5.3).

    What is deleted keeps its name for what happened in it: stages stand in `gone`, a pipeline stays as `deleted`."""

    key: str
    type: str
    label: Label
    stages: list[Stage]
    default: bool = False
    sort: int = 500
    source: str = ""
    gone: list[Stage] = msgspec.field(default_factory=list)
    deleted: bool = False

    def stage(self, key: str) -> Stage | None:
        """The stage of that key; None where there is no such."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def index(self, key: str) -> int:
        """Position of a stage; -1 when the pipeline has none of that key."""
        return next((i for i, stage in enumerate(self.stages) if stage.key == key), -1)


Reset: TypeAlias = Literal["never", "year", "month", "day"]


class Numerator(Struct, frozen=True, forbid_unknown_fields=True):
    """How the items of a type are numbered (reference §9): `{YEAR}-{NUMBER:4}` with a counter that begins anew in each period.

    The number is given into `field`, which people may fill themselves."""

    field: str = "number"
    pattern: str = "{NUMBER}"
    start: int = 1
    step: int = 1
    reset: Reset = "never"


class Dictionary(Struct, frozen=True, forbid_unknown_fields=True):
    """A dropdown's values, shared by fields and types (reference §5.1)."""

    key: str
    label: Label
    entries: list[Option]
    source: str = ""


class Placed(Struct, frozen=True, forbid_unknown_fields=True):
    """A field's place in a section; `always` keeps it shown while it is empty (the model's optionFlags).

    `options` are the model's own and kept for it; `source` is the name it came under where that is not the field's own code
    (`CLIENT`, which is company and contacts)."""

    field: str
    always: bool = False
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    source: str = ""


class Foreign(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An element of a card in the model product that nothing here answers to (`PRODUCT_ROW_SUMMARY`): cards do not show it, layouts
    keep it for the way back. It stands after the field `after`, "" for the section's beginning."""

    name: str
    after: str = ""
    always: bool = False
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class Section(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A titled group of fields on the card. `key` never changes; user-made ones are `user_` + 8 characters."""

    key: str
    title: Label
    fields: list[Placed]
    foreign: list[Foreign] = msgspec.field(default_factory=list)


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """Which sections and fields a card shows, in order. A field stands in at most one section.

    `tabs` are keys in the order wanted; those not named follow in their type's order. `hidden_tabs` are not in the bar."""

    sections: list[Section]
    tabs: list[str] = msgspec.field(default_factory=list)
    hidden_tabs: list[str] = msgspec.field(default_factory=list)


class Variant(Struct, frozen=True, forbid_unknown_fields=True):
    """Some of a type's items that have card layouts of their own: those whose yes/no field `when` says yes, all others for "".

    `layout` is the built-in one where it is not the type's."""

    key: str
    label: Label
    when: str = ""
    layout: Layout | None = None


class Tab(Struct, frozen=True, forbid_unknown_fields=True):
    """A tab an item type can have: "general", "activities", "deals", … (`kind` says what fills it)."""

    key: str
    label: Label
    kind: str = ""


class Switch(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that item types of one's own may have: the fields, tabs and attributes of `ItemType` that come and go with it.

    `needs` is another switch that it makes no sense without. What is named here and is not there, nothing is taken away of."""

    key: str
    label: Label
    help: Label = ""
    needs: str = ""
    fields: list[str] = []
    attributes: list[str] = []
    tabs: list[str] = []


class Repeats(Struct, frozen=True, forbid_unknown_fields=True):
    """How items of clients who came before are marked (reference §13). `mark` is the yes/no field.

    With `reach`, by clients named on the item and by phones and e-mails that are known; without, by the client's earlier items of
    the same type: `mark` where one of them was won, else `inquiry`."""

    mark: str
    inquiry: str = ""
    reach: bool = False


class Scenario(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What can be made from an item in one go: an item of each of these types (reference §8). `finishes`: the item it is made from
    then is in its success stage."""

    targets: list[str]
    finishes: bool = False

    @property
    def key(self) -> str:
        """`deal,contact`: what it is called in JSON, in options and in preferences."""
        return ",".join(self.targets)


class ItemType(Struct, frozen=True, forbid_unknown_fields=True):
    """An item type: what the seven built-in kinds and every smart process are made of.

    `title` names the fields that make an item's name ("first_name", "last_name"); `code` the text field by which an item is called as
    well, "" for none; `client` the item fields that name its client (company first); `amount` the money field that boards sum, ""
    for none, and `products` whether it follows product rows (the field of that key). `pipelines` are the defaults that a new
    workspace starts with; the living ones are in the workspace. `variants` are who has a layout of their own where that is not each
    pipeline. `numbering` is how its items are numbered, unless the workspace says otherwise; None: not at all. `creates` is what
    can be made from an item, besides the types that name this one as their parent.
    `smart` is the template of the types of one's own (`domain/smart.py`), with all that its `switches` can take away,
    and whatever is made of it. `documents`: whether documents can be made of its items.
    `alike` says by which fields items are the same person, company or inquiry (`domain/alike.py`), by kind of name; types that have
    it are looked at for duplicates. `reached`: phones and e-mails of its items reach someone (reference §13). `looked_up_by` are
    the item fields by which its items are looked for all the time: who a client is, and what is theirs. `sort` is its place among
    the types.
    """

    key: str
    label: Label
    plural: Label
    prefix: str
    symbol: str
    fields: list[Field]
    layout: Layout
    title: list[str]
    client: list[str] = msgspec.field(default_factory=list)
    code: str = ""
    amount: str = ""
    products: bool = False
    probability: str = ""
    due: str = ""
    has_stages: bool = False
    has_pipelines: bool = False
    pipelines: list[Pipeline] = msgspec.field(default_factory=list)
    variants: list[Variant] = msgspec.field(default_factory=list)
    tabs: list[Tab] = msgspec.field(default_factory=list)
    creates: list[Scenario] = msgspec.field(default_factory=list)
    card: list[str] = msgspec.field(default_factory=list)
    columns: list[str] = msgspec.field(default_factory=list)
    quick: list[str] = msgspec.field(default_factory=list)
    auto_title: Label = ""
    smart: bool = False
    switches: list[Switch] = []
    documents: bool = False
    repeats: Repeats | None = None
    settings: dict[str, Any] = msgspec.field(default_factory=dict)
    source: str = ""
    numbering: Numerator | None = None
    alike: dict[str, list[str]] = msgspec.field(default_factory=dict)
    sort: int = 500
    reached: bool = False
    looked_up_by: list[str] = msgspec.field(default_factory=list)
