"""What a card shows, as data that needs no store: made by `services/items/cards.py` and `timeline.py`, drawn by `render/`.

Texts are formatted for the person but not yet cleaned; render cleans them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

EntryGroup: TypeAlias = Literal["planned", "pinned", "day"]


class StageStep(Struct, frozen=True):
    """One stage of the stage bar."""

    key: str
    label: str
    colour: str
    semantics: str
    state: Literal["past", "here", "ahead"]


class TabView(Struct, frozen=True):
    """One tab; `count` is None where nothing is counted; `told` is what these come to, where they are a client's."""

    key: str
    label: str
    count: int | None = None
    told: str = ""


class FieldView(Struct, frozen=True):
    """One field on a card.

    `value` is formatted text, several lines for several values or for text with line ends; "" when empty.
    `required` when it must be filled here and now (marked `*`); `missing` when it is required here and empty (an import
    let it pass); `needed_for` is the label of the next stage that needs it; `link` the ref that `enter` opens from a link
    (`CO-7`), "" for none; `only` names who may see it, "" for all; `changed` says who changed it while the card was open, and
    when; `told` what else is to be known of the value, in many words and in few. `of` is the ref of the client whose value it is: such
    a line stands under the field that names the client, and is no field of the item; "" for all others. `offered`: that one is
    recognised as the client, and no client is named yet.
    """

    key: str
    label: str
    kind: str
    value: str = ""
    empty: bool = True
    required: bool = False
    missing: bool = False
    needed_for: str = ""
    read_only: bool = False
    link: str = ""
    only: str = ""
    changed: str = ""
    always: bool = False
    help: str = ""
    told: tuple[str, ...] = ()
    of: str = ""
    offered: bool = False


class SectionView(Struct, frozen=True):
    """One section with the fields that stand in it, empty ones too; `folded` by the person who looks at it."""

    key: str
    title: str
    fields: tuple[FieldView, ...]
    folded: bool = False


class CardView(Struct, frozen=True):
    """Everything on a card but its timeline. `hidden` counts fields in no section; `position` is "12/240" or ""; `sign` is what else
    is to be known first (`Repeat lead`)."""

    ref: str
    type: str
    noun: str
    place: str
    title: str
    steps: tuple[StageStep, ...]
    days: str
    tabs: tuple[TabView, ...]
    sections: tuple[SectionView, ...]
    hidden: int = 0
    layout: str = ""
    saved: str = ""
    position: str = ""
    sign: str = ""


class ProductView(Struct, frozen=True):
    """One product row: its id within the item, and its texts by column (`domain/products.COLUMNS`)."""

    id: int
    texts: tuple[str, ...]


class SumView(Struct, frozen=True):
    """One line under the product rows: what it is, and how much; `strong` for the total."""

    label: str
    amount: str
    strong: bool = False


class ProductsView(Struct, frozen=True):
    """An item's product rows and what they come to. `note` says whether the item's amount is their sum, in many words and in few."""

    rows: tuple[ProductView, ...]
    sums: tuple[SumView, ...] = ()
    note: tuple[str, ...] = ()


class EntryView(Struct, frozen=True):
    """One timeline entry or planned activity.

    `kind`: comment, activity, created, stage, responsible, amount, imported, undone, …: it chooses symbol and colour.
    `table` and `id` name the record. `when` is the short form of its place (time today, date else); `day` the heading it
    stands under ("Today", "12 Nov"). `note` is the short text attached to it. `late` for activities past due. `own` for what
    the person wrote themselves. `sign` is that of an activity of a kind of one's own, `colour` ("1" to "7", "" for no such) that of an
    activity or its kind.
    """

    table: str
    id: int
    kind: str
    group: EntryGroup
    day: str
    title: str
    when: str
    text: str = ""
    by: str = ""
    note: str = ""
    pinned: bool = False
    late: bool = False
    done: bool = False
    edited: bool = False
    own: bool = False
    sign: str = ""
    colour: str = ""


class TimelineView(Struct, frozen=True):
    """A card's timeline in the order shown: planned, pinned, then days newest first. `kinds` are those shown, () for all."""

    entries: tuple[EntryView, ...]
    kinds: tuple[str, ...] = ()
    total: int = 0
