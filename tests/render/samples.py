"""A board and a card like those of the pictures."""

from __future__ import annotations

from tuicrm.domain.board import BoardColumn, BoardHead, Card
from tuicrm.domain.card import CardView, EntryView, FieldView, SectionView, StageStep, TabView, TimelineView
from tuicrm.domain.due import Due

HEAD = BoardHead("Deals", "Wholesale", 63, "63 deals", "€ 1,050,430", "€ 250k", sum_short="€ 1.05 M", due=Due(5, 3))
QUALIFIED = BoardColumn("qualified", "Qualified", "#55d0e0", "process", 11, "€ 142,900", "€ 142.9k", "€ 28.6k")
NEGOTIATION = BoardColumn("negotiation", "Negotiation", "#a77bff", "process", 4, "€ 210,000", "€ 210k")
REDESIGN = Card("D-1", "Website redesign", "Rossi Srl", "€ 12,500", "AB", "today", "today 15:00", "3")
CONNECTOR = Card("D-42", "ERP connector", "Ferrari Legnami", "€ 38,000", "AB", "planned", "Wed 09:30", "4")
POS = Card("D-9", "POS replacement", "Caffè Vero", "€ 21,300", "LR", "late", "3 d late", "12")


def field(label: str, value: str = "", **more: object) -> FieldView:
    """A text field named by its label."""
    return FieldView(label.lower(), label, "text", value, not value, **more)  # type: ignore[arg-type]  # kwargs are typed at their use


def steps(here: int) -> tuple[StageStep, ...]:
    """The stages of a pipeline with one being present."""
    names = ("New", "Qualified", "Proposal", "Negotiation", "Won", "Lost")
    colours = ("#2fc6f6", "#55d0e0", "#ffa900", "#a77bff", "#7bd500", "#8a8f98")
    return tuple(
        StageStep(name.lower(), name, colour, "process", "here" if at == here else "past" if at < here else "ahead")
        for at, (name, colour) in enumerate(zip(names, colours, strict=True))
    )


TABS = (
    TabView("general", "General"),
    TabView("products", "Products", 3),
    TabView("quotes", "Quotes", 1),
    TabView("relations", "Relations", 5),
    TabView("documents", "Documents", 2),
    TabView("history", "History"),
)
ABOUT = SectionView(
    "about",
    "About the deal",
    (
        field("Amount", "€ 38,000.00", needed_for="Proposal"),
        field("Expected close", "18 Dec 2026"),
        field("Source"),
        field("Probability"),
    ),
)
CLIENT = SectionView(
    "client",
    "Client",
    (
        field("Company", "Ferrari Legnami Srl", link="CO-7"),
        field("Order number", required=True),
        field("Serial", required=True, missing=True),
        field("Margin", "31 %", only="Sales leads"),
        field("Comment", "Wants the connector live before the January stocktaking."),
    ),
)
CARD = CardView(
    "D-42",
    "deal",
    "Deals",
    "Wholesale",
    "ERP connector",
    steps(1),
    "day 4 in Qualified",
    TABS,
    (ABOUT, CLIENT),
    hidden=3,
    saved="saved 14:02",
    position="3/11",
)
TIMELINE = TimelineView(
    (
        EntryView("activity", 1, "activity", "planned", "Wed", "Call Marta", "Wed 25 Nov 09:30", by="Anna Bianchi"),
        EntryView("activity", 2, "activity", "planned", "Mon", "Send offer", "2 d late", late=True),
        EntryView(
            "timeline",
            3,
            "comment",
            "pinned",
            "12 Nov",
            "Comment",
            "12 Nov",
            "Their IT lead insists on single sign-on.",
            by="Luca Riva",
            note="Confirmed",
            edited=True,
        ),
        EntryView("timeline", 4, "stage", "day", "Today", "New → Qualified", "11:20", by="Anna Bianchi"),
        EntryView("timeline", 5, "created", "day", "12 Nov", "Created", "09:00"),
    ),
    total=5,
)
