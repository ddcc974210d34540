"""What a field's kind is, apart from how its values are read and shown: facts that every part of the program asks for.

They stand here rather than with the kinds' own code, so that asking for them loads none of it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

EditorName: TypeAlias = Literal["line", "words", "lines", "choice"]
"""What a value is edited in: a line that is typed anew (`38k`), one whose words are rather mended, lines, a list to choose from."""


class Traits(Struct, frozen=True, kw_only=True):
    """One kind of field. What stands first every kind has to say; what follows is true of some.

    The tables of other layers (`ByKind`) say the rest: how a cell of another program is read, what a filter compares, …
    """

    made_by: tuple[str, str]
    """The module in this package and the class in it."""
    label: str
    """What people read where a kind is chosen; translated where it is shown."""
    editor: EditorName
    cells: int
    """The width that a list's column would like."""
    breaks: str
    """The signs that stand between several typed values, beside which a value with one of them is quoted."""
    custom: bool
    """A field of one's own may be of it."""
    has_default: bool
    """A new item can have a value of it from the start."""
    settings: tuple[str, ...]
    """What can be set of such a field (`field_settings.SETTINGS`), in the order in which it is asked for."""
    has_words: bool
    """Its values are texts: a filter looks for words in them."""
    is_ordered: bool
    """Filters compare its values by `<` and `>`."""
    sorts: bool
    """A list can be sorted by it."""
    is_searched: bool
    """A search finds items by it; "new" would find everything that is in the first stage."""

    # -- several values ------------------------------------------------------------------------------------------------
    can_be_several: bool = True
    a_line_each: bool = False
    """Several values are shown on lines of their own."""
    joined_by: str | None = None
    """What joins several values into one; None where they cannot be one."""

    # -- numbers and times ---------------------------------------------------------------------------------------------
    is_number: bool = False
    is_whole: bool = False
    has_currency: bool = False
    is_day: bool = False
    is_moment: bool = False
    books: bool = False
    """Its values take rooms, which the commit sees to (`services/kernel/bookings.py`)."""
    is_span: bool = False
    """A length of time."""
    is_own_hand: bool = False
    """People write it each in their own way (`1.234`), so that what was understood is told."""
    is_told_back: bool = False
    """What was understood of a typed value is shown beside the editor."""
    sums: bool = False
    """A list adds its values up."""
    aligns_right: bool = False

    # -- what is named elsewhere ---------------------------------------------------------------------------------------
    is_yes_no: bool = False
    has_own_options: bool = False
    has_dictionary: bool = False
    names_people: bool = False
    names_items: bool = False
    is_stage: bool = False
    is_pipeline: bool = False

    # -- texts and what has parts --------------------------------------------------------------------------------------
    is_text: bool = False
    """Nothing but a text."""
    is_link: bool = False
    is_spelt: bool = False
    """Its words are kept for whoever misspells them; of long texts they would be too many."""
    is_address: bool = False
    reaches: bool = False
    """A way to reach someone, of a sort (work, mobile, …)."""
    is_phone: bool = False
    is_email: bool = False
    is_website: bool = False
    source: tuple[str, ...] = ()
    """What the model product calls its fields of the kind (reference §2.1), in capitals those of its multifields; none where it has no
    such kind."""
    parts: tuple[str, ...] = ()
    """Parts of a value that filters compare by themselves: `amount.currency`."""
    columns: tuple[str, ...] = ()
    """Parts of a value that have columns of their own in another program's file."""
    holds_file: bool = False
    holds_rows: bool = False
    """Its one value is a list: product rows."""

    @property
    def is_time(self) -> bool:
        """A day or a moment."""
        return self.is_day or self.is_moment

    @property
    def is_measure(self) -> bool:
        """A number of something, which holds no text to look in."""
        return self.is_number or self.is_span

    @property
    def is_plain_number(self) -> bool:
        """A number without a currency."""
        return self.is_number and not self.has_currency

    @property
    def has_options(self) -> bool:
        """Whether a value is one of a list: the field's own, or a dictionary's."""
        return self.has_own_options or self.has_dictionary

    @property
    def is_pointing(self) -> bool:
        """Its values are keys of what has its name elsewhere: options, people, items."""
        return self.has_options or self.names_people or self.names_items

    @property
    def is_place(self) -> bool:
        """Where an item stands: a stage or pipeline, which services show by its name."""
        return self.is_stage or self.is_pipeline

    @property
    def is_identity(self) -> bool:
        """Its values are one person's or company's alone."""
        return self.is_phone or self.is_email

    @property
    def of_each_item(self) -> bool:
        """The same text means something else on another item: its currency, its pipeline's stages."""
        return self.has_currency or self.is_place

    @property
    def is_whole_thing(self) -> bool:
        """A value of it is no line to type: a file, product rows."""
        return self.holds_file or self.holds_rows
