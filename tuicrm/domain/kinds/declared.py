"""All kinds of fields, in the order in which they are offered. A new one begins here; the tests name what else it needs."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.kinds.traits import Traits
from tuicrm.i18n import N_

ADDRESS_PARTS = ("line1", "line2", "postcode", "city", "province", "region", "country")
"""In the order in which they are told."""

_LINE, _SEMICOLON, _COMMA = "\n", "\n;", "\n;,"

DECLARED: Mapping[str, Traits] = {
    "string": Traits(
        made_by=("text", "LineKind"), label=N_("Text of one line"), editor="words", cells=16, breaks=_SEMICOLON, custom=True,
        has_default=True, settings=("min_length", "max_length", "pattern"), has_words=True, is_ordered=True, sorts=True,
        is_searched=True, joined_by=", ", is_text=True, is_spelt=True,
        source=("string",),
    ),
    "text": Traits(
        made_by=("text", "TextKind"), label=N_("Text of several lines"), editor="lines", cells=24, breaks=_LINE, custom=True,
        has_default=True, settings=("rows", "min_length", "max_length", "pattern"), has_words=True, is_ordered=False, sorts=False,
        is_searched=True, a_line_each=True, joined_by="\n", is_text=True,
    ),
    "integer": Traits(
        made_by=("numbers", "IntegerKind"), label=N_("Whole number"), editor="line", cells=8, breaks=_SEMICOLON, custom=True,
        has_default=True, settings=("min", "max", "unit"), has_words=False, is_ordered=True, sorts=True, is_searched=True,
        is_number=True, is_whole=True, is_own_hand=True, is_told_back=True, sums=True, aligns_right=True,
        source=("integer",),
    ),
    "number": Traits(
        made_by=("numbers", "NumberKind"), label=N_("Number"), editor="line", cells=10, breaks=_SEMICOLON, custom=True,
        has_default=True, settings=("min", "max", "precision", "unit"), has_words=False, is_ordered=True, sorts=True,
        is_searched=True, is_number=True, is_own_hand=True, is_told_back=True, sums=True, aligns_right=True,
        source=("double",),
    ),
    "boolean": Traits(
        made_by=("numbers", "BooleanKind"), label=N_("Yes or no"), editor="choice", cells=4, breaks=_COMMA, custom=True,
        has_default=True, settings=(), has_words=False, is_ordered=False, sorts=True, is_searched=False,
        can_be_several=False, is_told_back=True, is_yes_no=True,
        source=("boolean", "char"),
    ),
    "date": Traits(
        made_by=("dates", "DateKind"), label=N_("Day"), editor="line", cells=11, breaks=_COMMA, custom=True, has_default=True,
        settings=(), has_words=False, is_ordered=True, sorts=True, is_searched=False, is_day=True, is_own_hand=True,
        is_told_back=True,
        source=("date",),
    ),
    "datetime": Traits(
        made_by=("dates", "DateTimeKind"), label=N_("Day and time"), editor="line", cells=18, breaks=_COMMA, custom=True,
        has_default=True, settings=(), has_words=False, is_ordered=True, sorts=True, is_searched=False, is_moment=True,
        is_own_hand=True, is_told_back=True,
        source=("datetime",),
    ),
    "duration": Traits(
        made_by=("duration", "DurationKind"), label=N_("Hours and minutes"), editor="line", cells=8, breaks=_SEMICOLON, custom=True,
        has_default=True, settings=("min", "max"), has_words=False, is_ordered=True, sorts=True, is_searched=False,
        is_span=True, is_told_back=True, sums=True, aligns_right=True,
    ),
    "money": Traits(
        made_by=("money", "MoneyKind"), label=N_("Money"), editor="line", cells=14, breaks=_SEMICOLON, custom=True,
        has_default=True, settings=("min", "max", "precision"), has_words=False, is_ordered=True, sorts=True, is_searched=True,
        is_number=True, has_currency=True, is_own_hand=True, is_told_back=True, sums=True, aligns_right=True,
        parts=("currency",), columns=("amount", "currency"),
        source=("money",),
    ),
    "link": Traits(
        made_by=("text", "LinkKind"), label=N_("Link"), editor="words", cells=16, breaks=_SEMICOLON, custom=True, has_default=True,
        settings=("min_length", "max_length"), has_words=True, is_ordered=False, sorts=True, is_searched=True,
        is_told_back=True, is_link=True,
        source=("url",),
    ),
    "address": Traits(
        made_by=("address", "AddressKind"), label=N_("Address"), editor="words", cells=16, breaks=_LINE, custom=True,
        has_default=False, settings=(), has_words=True, is_ordered=False, sorts=False, is_searched=True, a_line_each=True,
        is_told_back=True, is_spelt=True, is_address=True, parts=ADDRESS_PARTS, columns=ADDRESS_PARTS,
        source=("address",),
    ),
    "list": Traits(
        made_by=("choices", "ListKind"), label=N_("List of options"), editor="choice", cells=14, breaks=_COMMA, custom=True,
        has_default=True, settings=(), has_words=False, is_ordered=False, sorts=True, is_searched=True, has_own_options=True,
        source=("enumeration",),
    ),
    "file": Traits(
        made_by=("file", "FileKind"), label=N_("File"), editor="line", cells=16, breaks=_SEMICOLON, custom=True,
        has_default=False, settings=("extensions", "max_size"), has_words=True, is_ordered=False, sorts=False,
        is_searched=True, a_line_each=True, holds_file=True,
        source=("file",),
    ),
    "person": Traits(
        made_by=("choices", "PersonKind"), label=N_("Person"), editor="choice", cells=14, breaks=_COMMA, custom=True,
        has_default=False, settings=(), has_words=False, is_ordered=False, sorts=True, is_searched=True, names_people=True,
        source=("employee", "user"),
    ),
    "item": Traits(
        made_by=("choices", "ItemKind"), label=N_("Another item"), editor="choice", cells=20, breaks=_COMMA, custom=True,
        has_default=False, settings=(), has_words=False, is_ordered=False, sorts=True, is_searched=True, names_items=True,
        source=("crm", "crm_entity", "crm_lead", "crm_deal", "crm_contact", "crm_company", "crm_quote"),
    ),
    "dictionary": Traits(
        made_by=("choices", "DictionaryKind"), label=N_("Value of a dictionary"), editor="choice", cells=14, breaks=_COMMA,
        custom=True, has_default=True, settings=(), has_words=False, is_ordered=False, sorts=True, is_searched=True,
        has_dictionary=True,
        source=("crm_status",),
    ),
    "phone": Traits(
        made_by=("contact_points", "PhoneKind"), label=N_("Phone"), editor="line", cells=17, breaks=_COMMA, custom=True,
        has_default=False, settings=(), has_words=True, is_ordered=False, sorts=True, is_searched=True, a_line_each=True,
        is_told_back=True, reaches=True, is_phone=True, parts=("type",),
        source=("PHONE",),
    ),
    "email": Traits(
        made_by=("contact_points", "EmailKind"), label=N_("E-mail"), editor="line", cells=24, breaks=_COMMA, custom=True,
        has_default=False, settings=(), has_words=True, is_ordered=False, sorts=True, is_searched=True, a_line_each=True,
        reaches=True, is_email=True, parts=("type",),
        source=("EMAIL",),
    ),
    "web": Traits(
        made_by=("contact_points", "WebKind"), label=N_("Website"), editor="line", cells=24, breaks=_SEMICOLON, custom=True,
        has_default=False, settings=(), has_words=True, is_ordered=False, sorts=True, is_searched=True, a_line_each=True,
        is_told_back=True, reaches=True, is_website=True, parts=("type",),
        source=("WEB", "LINK"),
    ),
    "messenger": Traits(
        made_by=("contact_points", "MessengerKind"), label=N_("Messenger"), editor="line", cells=16, breaks=_SEMICOLON,
        custom=True, has_default=False, settings=(), has_words=True, is_ordered=False, sorts=True, is_searched=True,
        a_line_each=True, reaches=True, parts=("type",),
        source=("IM",),
    ),
    "booking": Traits(
        made_by=("booking", "BookingKind"), label=N_("Resource booking"), editor="words", cells=26, breaks=_LINE, custom=True,
        has_default=False, settings=(), has_words=False, is_ordered=True, sorts=True, is_searched=False, a_line_each=True,
        is_own_hand=True, is_told_back=True, books=True, parts=("rooms",),
        source=("resourcebooking",),
    ),
    "stage": Traits(
        made_by=("text", "StageKind"), label=N_("Stage"), editor="line", cells=16, breaks=_COMMA, custom=False,
        has_default=False, settings=(), has_words=False, is_ordered=False, sorts=True, is_searched=False, is_stage=True,
    ),
    "pipeline": Traits(
        made_by=("text", "PipelineKind"), label=N_("Pipeline"), editor="line", cells=16, breaks=_COMMA, custom=False,
        has_default=False, settings=(), has_words=False, is_ordered=False, sorts=True, is_searched=False, is_pipeline=True,
    ),
    "products": Traits(
        made_by=("products", "ProductsKind"), label=N_("Product rows"), editor="line", cells=16, breaks=_COMMA, custom=False,
        has_default=False, settings=(), has_words=True, is_ordered=False, sorts=False, is_searched=True, is_told_back=True,
        holds_rows=True,
    ),
}  # fmt: skip
