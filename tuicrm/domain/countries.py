"""Countries by whatever they are called: codes of two and three letters, names in every language that ships and in the country's own,
and what people usually say. One table for phones and for places."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from tuicrm.regex import regex

# What no list of names has, in the order of ISO 3166.
_ALSO = {
    "AE": "UAE|U A E|Emirates|Emirati Arabi|VAE",
    "BA": "Bosnia|Bosnia Erzegovina",
    "BN": "Brunei Darussalam",
    "BO": "Bolivia Plurinational State of|Plurinational State of Bolivia",
    "BY": "Belorussia|Bielorussia",
    "CD": "DR Congo|DRC|Democratic Republic of the Congo|Congo Democratic Republic of the|Congo the Democratic Republic of the|Zaire",
    "CG": "Congo|Republic of the Congo|Congo Brazzaville",
    "CH": "Swiss Confederation|Helvetia",
    "CI": "Ivory Coast|Cote d Ivoire",
    "CN": "People s Republic of China|PR China|PRC|Mainland China",
    "CV": "Cabo Verde",
    "CY": "Kypros",
    "CZ": "Czech Republic|Czechia|Ceca Repubblica|Repubblica Ceca|Ceska republika",
    "DE": "Federal Republic of Germany|Bundesrepublik Deutschland|BRD|FRG",
    "FM": "Micronesia|Federated States of Micronesia|Micronesia Federated States of",
    "GB": "UK|U K|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Gran Bretagna|Inghilterra|Scozia|Galles|"
    "Irlanda del Nord|United Kingdom of Great Britain and Northern Ireland|GB UK",
    "GM": "The Gambia",
    "HK": "Hong Kong|Hong Kong SAR",
    "IE": "Republic of Ireland|Eire",
    "IR": "Islamic Republic of Iran|Iran Islamic Republic of|Persia",
    "KP": "North Korea|Democratic People s Republic of Korea|Korea Democratic People s Republic of|DPRK",
    "KR": "South Korea|Republic of Korea|Korea Republic of|Korea South|Korea|ROK",
    "LA": "Lao People s Democratic Republic|Lao PDR|Lao",
    "MD": "Republic of Moldova|Moldova Republic of|Moldavia",
    "MK": "Macedonia|FYROM|Republic of North Macedonia|Macedonia the Former Yugoslav Republic of",
    "MM": "Burma|Birmania|Myanmar",
    "MO": "Macau|Macao|Macao SAR",
    "NL": "Holland|Olanda|Niederlande|Pays Bas|Paises Bajos|Kingdom of the Netherlands",
    "PS": "Palestine|State of Palestine|Palestine State of|Palestinian Territories|Palestina",
    "RU": "Russia|Russian Federation|Federazione Russa|Российская Федерация|РФ",
    "SY": "Syrian Arab Republic|Syria",
    "SZ": "Swaziland",
    "TL": "East Timor|Timor Est",
    "TR": "Turkey|Turchia|Turkiye",
    "TW": "Taiwan|Taiwan Province of China|Republic of China",
    "TZ": "Tanzania|United Republic of Tanzania|Tanzania United Republic of",
    "US": "USA|U S A|U S|United States of America|America|Stati Uniti d America|Etats Unis|Vereinigte Staaten|"
    "Estados Unidos|США",
    "VA": "Vatican|Vatican City|Holy See|Holy See Vatican City State|Vaticano|Santa Sede",
    "VE": "Venezuela|Bolivarian Republic of Venezuela|Venezuela Bolivarian Republic of",
    "VN": "Viet Nam|Vietnam|Socialist Republic of Viet Nam",
}
_NO_LETTERS = regex(r"[\W_]+")


def fold(name: str) -> str:
    """A name without case, accents, signs and articles, as two people may write it: `U.S.A.` and `usa` are one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = _NO_LETTERS.sub(" ", plain.replace("&", " and ")).split()
    saints = ("saint" if word == "st" else word for word in words)
    return " ".join(word for word in saints if word not in ("the", "and", "e"))


@cache
def _table() -> dict[str, str]:
    """The code by every folded name; a name that two countries have is nobody's."""
    # 10 ms, for who types or imports an address.
    from tuicrm.domain.country_names import NAMES

    found: dict[str, str] = {}
    shared: set[str] = set()
    for code, names in NAMES.items():
        for name in {fold(name) for name in (code, *names.split("|"))}:
            if found.setdefault(name, code) != code:
                shared.add(name)
    for name in shared:
        del found[name]
    # What people say goes before what a list of names says: "Congo" is one of two there.
    return found | {fold(name): code for code, names in _ALSO.items() for name in names.split("|")}


@lru_cache(maxsize=1024)
def country_code(name: str) -> str:
    """IT for `IT`, `ITA`, `Italy`, `Italia`; "" for what is no country, and for a name that several have."""
    folded = fold(name)
    table = _table()
    # "U.S." is a name, "u s" of two letters and dots: without its spaces it is a code.
    return table.get(folded) or table.get(folded.replace(" ", "")) or "" if folded else ""
