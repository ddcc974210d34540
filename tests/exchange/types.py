"""Small item types for the tests of this folder: the tests do not follow what ships."""

from __future__ import annotations

from tuicrm.domain.schema import Field, ItemType, Label, Layout


def field(key: str, kind: str, label: Label, *, many: bool = False, read_only: bool = False) -> Field:
    return Field(key, kind, label, many=many, read_only=read_only)


def item_type(key: str, title: list[str], *fields: Field) -> ItemType:
    return ItemType(
        key,
        key.title(),
        f"{key.title()}s",
        {"contact": "C", "company": "CO"}.get(key, key[0].upper()),
        "x",
        list(fields),
        Layout([]),
        title,
    )


_COMMON = (
    field("phone", "phone", {"en": "Phone", "it": "Telefono"}, many=True),
    field("email", "email", "E-mail", many=True),
    field("web", "web", "Site", many=True),
    field("address", "address", {"en": "Address", "it": "Indirizzo"}),
    field("responsible", "person", {"en": "Responsible", "it": "Responsabile"}),
    field("comment", "text", "Comment"),
    field("created", "datetime", "Created", read_only=True),
)
COMPANY = item_type(
    "company",
    ["title"],
    field("title", "string", {"en": "Company name", "it": "Ragione sociale"}),
    field("industry", "dictionary", "Industry"),
    field("employees", "integer", "Employees"),
    field("revenue", "money", "Annual revenue"),
    *_COMMON,
)
CONTACT = item_type(
    "contact",
    ["first_name", "last_name"],
    field("first_name", "string", {"en": "First name", "it": "Nome"}),
    field("last_name", "string", {"en": "Last name", "it": "Cognome"}),
    field("company", "item", "Company"),
    field("companies", "item", "Companies", many=True),
    field("position", "string", "Position"),
    field("birthday", "date", "Birthday"),
    *_COMMON,
)
DEAL = item_type(
    "deal",
    ["title"],
    field("title", "string", {"en": "Title", "it": "Titolo"}),
    field("stage", "string", "Stage"),
    field("pipeline", "string", "Pipeline"),
    field("amount", "money", {"en": "Amount", "it": "Importo"}),
    Field("currency", "string", {"en": "Currency", "it": "Valuta"}, derived="amount.currency"),
    field("close_date", "date", "Expected close"),
    field("company", "item", "Company"),
    field("contacts", "item", "Contacts", many=True),
    field("tags", "string", "Tags", many=True),
    *_COMMON,
)
TYPES = {one.key: one for one in (DEAL, COMPANY, CONTACT)}
