"""What an answer of the model product's REST interface holds, in our words. Codes stay the source's own, in UPPER_SNAKE.

Both dialects read alike: the new one's `companyId` and `ufCrm_17` come out as `COMPANY_ID` and `UF_CRM_17`.
An item type is given by our key ("deal"), or "smart:177" for a smart process (its entityTypeId), or "" where nothing tells. Where its
number is not told, a smart process is "smart", or "smart#16" by the id that custom fields name it by.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct

from tuicrm.domain.schema import Label, Semantics


class PartColumn(Struct, frozen=True):
    """A column of a record that is no value of its own: `name` is the part that it is of the code `of` (ADDRESS_CITY is `city` of
    ADDRESS); without `of`, `why` it is none."""

    filled: bool
    of: str = ""
    name: str = ""
    why: str = ""


class SourceItem(Struct, frozen=True):
    """One record. `id` is stable in its portal; `values` are by code, empty ones as None, cleaned as `values.py` says; `parts` are
    the columns that became part of one of them, or of none.

    Links (COMPANY_ID, CONTACT_IDS, ASSIGNED_BY_ID, PARENT_ID_1220) hold the source's ids as text. STAGE_ID, STATUS_ID and
    CATEGORY_ID are codes of `Directory` and `SourcePipeline`.
    """

    id: str
    values: dict[str, Any]
    parts: dict[str, PartColumn] = {}


class Items(Struct, frozen=True):
    """Records of one type. `total` is how many the portal has, `len(items)` or more; 0 when the answer does not say."""

    type: str
    items: tuple[SourceItem, ...]
    total: int = 0


class SourceOption(Struct, frozen=True):
    """A value of a list field: items hold its `id`. `default` ones are what a new item begins with."""

    id: str
    label: str
    default: bool = False


class SourceField(Struct, frozen=True):
    """One field's definition. `kind` is ours; `source_kind` theirs. `dictionary` is a directory's code (SOURCE); `targets` are the
    types that a link may name, as `types.py` calls them. `others` is what else is said of it, that nothing here is like."""

    code: str
    kind: str
    source_kind: str
    label: Label
    many: bool = False
    required: bool = False
    read_only: bool = False
    custom: bool = False
    options: tuple[SourceOption, ...] = ()
    dictionary: str = ""
    targets: tuple[str, ...] = ()
    settings: dict[str, Any] = {}
    help: Label = ""
    others: dict[str, Any] = {}


class Fields(Struct, frozen=True):
    """Field definitions of one type. `switches` are those of lists and filters that stand with every field."""

    type: str
    fields: tuple[SourceField, ...]
    switches: tuple[str, ...] = ()


class SourceEntry(Struct, frozen=True):
    """A stage or a dropdown's value. `colour` is "#rrggbb" or ""; `semantics` matters for stages only."""

    code: str
    label: str
    colour: str
    semantics: Semantics
    sort: int
    system: bool


class Directory(Struct, frozen=True):
    """The stages of one pipeline, or one dropdown's values, in their order.

    `type` is "" for a dropdown; `pipeline` is the id in CATEGORY_ID, "0" being the default one.
    """

    code: str
    type: str
    pipeline: str
    entries: tuple[SourceEntry, ...]


class Directories(Struct, frozen=True):
    """crm.status.list: one directory when it was asked for, all of them otherwise."""

    directories: tuple[Directory, ...]


class SourcePipeline(Struct, frozen=True):
    """`id` is what CATEGORY_ID holds."""

    id: str
    label: str
    sort: int
    default: bool


class PayloadPipelines(Struct, frozen=True):
    """Pipelines of one type."""

    type: str
    pipelines: tuple[SourcePipeline, ...]


class Element(Struct, frozen=True):
    """A field's place on the card. `codes` are the fields it stands for: CLIENT is a company and contacts."""

    code: str
    codes: tuple[str, ...]
    always: bool
    options: dict[str, Any] = {}


class SourceSection(Struct, frozen=True):
    """A section. `titles` are its name by language, where an export of ours tells them."""

    key: str
    title: str
    elements: tuple[Element, ...]
    titles: dict[str, str] = {}


class CardLayout(Struct, frozen=True):
    """The sections of a card, in order; none when the portal has nothing stored (its default holds). `unread` names what else stood
    in them."""

    type: str
    sections: tuple[SourceSection, ...]
    unread: tuple[str, ...] = ()


class SourceRelation(Struct, frozen=True):
    """A relation to another type; `listed`: the parent's card lists the children."""

    type: str
    listed: bool = True


class SourceType(Struct, frozen=True):
    """A smart process. `type` is as other payloads name it (smart:177), `id` what names it in custom fields (CRM_16); `has` are
    switches by our keys, `left` those that are on and that nothing here is like, by theirs."""

    type: str
    id: str
    label: str
    has: tuple[str, ...] = ()
    parents: tuple[SourceRelation, ...] = ()
    children: tuple[SourceRelation, ...] = ()
    left: tuple[str, ...] = ()


class PayloadTypes(Struct, frozen=True):
    """Item types of a portal's own."""

    types: tuple[SourceType, ...]


class SourceComment(Struct, frozen=True):
    """A timeline comment: plain text, `created` in UTC, the names of attached files (their content is not in the answer)."""

    id: str
    type: str
    item: str
    created: str
    author: str
    text: str
    files: tuple[str, ...] = ()


class Comments(Struct, frozen=True):
    """Comments on the timelines of items."""

    comments: tuple[SourceComment, ...]


class SourceRow(Struct, frozen=True):
    """A product row of the item `item` of a type. `price` is a unit's before the discount, in the item's currency; `product` the
    source's id, "" for free text; `measure` the code of its unit, `unit` what it is called."""

    id: str
    type: str
    item: str
    product: str
    name: str
    quantity: str
    price: str
    discount: dict[str, str] | None
    tax: str | None
    included: bool
    measure: str
    unit: str


class PayloadProductRows(Struct, frozen=True):
    """Rows of products, of whatever items."""

    rows: tuple[SourceRow, ...]


class NotTaken(Struct, frozen=True):
    """Recognised, and nothing of it is imported: `what` it is and why, both for people."""

    what: str
    reason: str
    count: int = 0


Payload: TypeAlias = (
    Items
    | PayloadTypes
    | Fields
    | Directories
    | PayloadPipelines
    | CardLayout
    | Comments
    | PayloadProductRows
    | NotTaken
)
