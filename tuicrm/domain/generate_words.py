"""The words that generated workspaces are made of: names of several languages and scripts, goods, what people write."""

from __future__ import annotations

from typing import NamedTuple


class Country(NamedTuple):
    """Names as one country has them. `share` of a hundred companies; `form` puts a company's name together."""

    code: str
    share: int
    phone: str
    form: str
    stems: tuple[str, ...]
    cities: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COUNTRIES: tuple[Country, ...] = (
    Country(
        "IT", 46, "+3902555", "{last} {stem} Srl",
        _words("Legnami Logistica Impianti Tessile Meccanica Vini Arredi Ceramiche Serramenti Packaging Conserve Ottica"),
        _words("Milano Torino Bergamo Verona Bologna Firenze Napoli Bari Genova Trieste Lodi Monza"),
        _words("Marta Paolo Chiara Davide Elena Stefano Giulia Nicolò Silvia Enrico Alice Tommaso"),
        _words("Ferrari Rossi Neri Galli Conti Moretti Riva Sarti Costa Barolo Zanin Parodi Vallet Cattaneo Deiana"),
    ),
    Country(
        "DE", 12, "+4930555", "{last} {stem} GmbH",
        _words("Werkzeuge Möbel Maschinenbau Großhandel Kälte Druck Verpackungen Bäder"),
        _words("Berlin München Köln Leipzig Nürnberg Stuttgart"),
        _words("Jürgen Käthe Lukas Sabine Björn Anneliese Günter Sophie"),
        _words("Müller Weiß Schäfer Krüger Vogel Böhm Jäger Lindner"),
    ),
    Country(
        "FR", 10, "+3314455", "{stem} {last} & Fils",
        _words("Maison Ateliers Domaine Librairie Transports Menuiserie Fromagerie"),
        _words("Lyon Bordeaux Nantes Lille Besançon Nîmes"),
        _words("Hélène Yves Amélie François Zoé Benoît Océane Jérôme"),
        _words("Lumière Lefèvre Gauthier Béranger Dupré Chevalier Noël Marchand"),
    ),
    Country(
        "PL", 7, "+4822555", "{last} {stem} sp. z o.o.",
        _words("Budowa Narzędzia Meble Żegluga Okna Spedycja"),
        _words("Kraków Łódź Gdańsk Wrocław Poznań"),
        _words("Wojciech Małgorzata Łukasz Zofia Paweł Agnieszka"),
        _words("Żółw Wiśniewski Dąbrowska Kowalczyk Zieliński Nowak"),
    ),
    Country(
        "CZ", 5, "+42022255", "{last} {stem} s.r.o.",
        _words("Stroje Sklo Nářadí Pekárna Doprava"),
        _words("Praha Brno Plzeň Olomouc"),
        _words("Jiřina Tomáš Eliška Ondřej Zdeněk"),
        _words("Dvořák Novotná Černý Procházka Růžička"),
    ),
    Country(
        "GB", 8, "+44207946", "{last} {stem} Ltd",
        _words("Fittings Interiors Logistics Bakery Instruments Supplies"),
        _words("London Leeds Bristol Glasgow Cardiff"),
        _words("Olivia Grace Owen Harriet Callum Priya"),
        _words("Hart O'Neill Ashworth Patel Llewellyn Sinclair"),
    ),
    Country(
        "GR", 4, "+30210555", "{last} {stem} ΑΕ",
        _words("Μεταφορές Έπιπλα Τρόφιμα Ναυτιλία"),
        _words("Αθήνα Θεσσαλονίκη Πάτρα"),
        _words("Νίκος Ελένη Γιώργος Κατερίνα"),
        _words("Παππάς Οικονόμου Βασιλείου Ιωάννου"),
    ),
    Country(
        "SE", 4, "+4640555", "{last} {stem} AB",
        _words("Möbler Bygg Kök Åkeri"),
        _words("Malmö Göteborg Örebro"),
        _words("Björn Åsa Göran Märta"),
        _words("Åström Öberg Sjögren Lindqvist"),
    ),
    Country(
        "JP", 2, "+8135550", "{last}{stem}株式会社",
        _words("システム 商事 製作所"),
        _words("東京 大阪 名古屋"),
        _words("由紀 健太 さくら"),
        _words("田中 山本 高橋"),
    ),
    Country(
        "MA", 2, "+21252255", "{stem} {last}",
        _words("شركة مؤسسة مجموعة"),
        _words("الرباط طنجة فاس"),
        _words("يوسف أمينة سعيد"),
        _words("العلوي الأطلس بناني"),
    ),
)  # fmt: skip

POSITIONS: tuple[str, ...] = (
    "Owner",
    "Purchasing",
    "IT lead",
    "Operations",
    "Sales",
    "Accounts",
    "Warehouse",
    "Partner",
)

GOODS: tuple[str, ...] = (
    "ERP connector", "Website redesign", "Annual support", "Warehouse labels", "Data migration", "Mobile app",
    "Group licence", "Help desk", "Training day", "Intranet", "CRM rollout", "POS replacement", "Two-site VPN",
    "Newsletter setup", "Stock scanners", "Card terminals", "Web shop", "Backup plan", "Phone system", "Loyalty cards",
    "Invoice archive", "Time clocks", "Order portal", "Price list sync", "Fleet tracking",
)  # fmt: skip

SCOPES: tuple[str, ...] = (
    "", ", pilot", ", phase two", " for 20 seats", " for three sites", ", second shop", " 24/7", ", renewal", " for the branch",
    ", extended", ", trial", " with training", ", new office", " for the season",
)  # fmt: skip

NEWS: tuple[str, ...] = (
    "Spoke on the phone", "Met at the fair", "Had the demo this morning", "They wrote back", "Called twice, then reached",
    "Short visit on site", "Went through the list together", "Their accountant asked again", "Video call with both sites",
    "Sent the revised figures", "Heard from purchasing", "Coffee with the owner",
)  # fmt: skip

OUTCOMES: tuple[str, ...] = (
    "the budget is approved for this quarter.", "they compare us with one other vendor.", "wants a fixed price, no surprises.",
    "asks for two references in the same trade.", "delivery before the season is what counts.",
    "support in their own language matters most.", "the floor plan is still missing.", "decision within the month.",
    "single sign-on has to work from the first day.", "they like it, the board decides on Thursday.",
    "price is fine, payment in three parts.", "nothing happens before the stocktaking.", "prefers to be called after five.",
    "happy with the trial so far.",
)  # fmt: skip

PLANS: tuple[tuple[str, str], ...] = (
    ("call", "Call about the delivery terms"), ("call", "Ask for the floor plan"), ("call", "Confirm the price"),
    ("meeting", "Demo for the board"), ("meeting", "Walk through the plan"), ("meeting", "Visit the warehouse"),
    ("todo", "Send the revised figures"), ("todo", "Prepare the trial"), ("todo", "Collect two references"),
)  # fmt: skip

SOURCES: tuple[str, ...] = (
    "trade_fair",
    "recommendation",
    "web",
    "email",
    "call",
    "advertising",
    "repeat_sale",
    "web_form",
)
CURRENCIES: tuple[str, ...] = ("EUR",) * 17 + ("CHF", "GBP", "USD")
