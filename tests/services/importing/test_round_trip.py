"""What is exported and imported again is what it was, whatever people wrote."""

from __future__ import annotations

import csv
import io
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doors import add_field
from tests.hostile import HOSTILE
from tuicrm.domain.conditions import Sort
from tuicrm.domain.kinds import traits_of
from tuicrm.domain.kinds.contact_points import SORTS
from tuicrm.services.exporting.exporting import export_csv, exported_fields
from tuicrm.services.exporting.exporting_json import export_json
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

WHOLE = [text for text in HOSTILE if text.encode("utf-8", "ignore").decode() == text and "\0" not in text]
"""Those that a record can hold: half a character and NUL are refused at the door."""

texts = st.sampled_from(WHOLE) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
lines = texts.filter(lambda text: not {"\n", "\r"} & set(text.strip()))
money = st.builds(
    lambda cents, currency: {"amount": f"{cents / 100:.2f}", "currency": currency},
    st.integers(-(10**11), 10**11),
    st.sampled_from(["EUR", "USD", "CHF"]),
)
days = st.dates().map(lambda day: day.isoformat())
numbers = st.decimals(-(10**9), 10**9, places=3).map(str)
deals = st.fixed_dictionaries(
    {"title": lines},
    optional={
        "comment": texts,
        "source_info": texts,
        "amount": money,
        "start_date": days,
        "close_date": days,
        "probability": st.integers(0, 100),
        "open_to_all": st.booleans(),
        "utm_source": lines,
        "uf_notes": st.lists(lines.filter(str.strip), min_size=1, max_size=4),
        "uf_weight": numbers,
        "uf_texts": st.lists(texts.filter(str.strip), min_size=1, max_size=3),
        "uf_prices": st.lists(money, min_size=1, max_size=3),
        "uf_days": st.lists(days, min_size=1, max_size=3),
        "uf_size": st.sampled_from(["small", "large"]),
    },
)


def opened(folder: Path) -> Session:
    """A new workspace with the custom fields that `deals` fills."""
    create_workspace(folder, person=Maker("anna", "Anna Bianchi"), settings=Settings("Test"))
    session = open_session(folder, login="anna", zone=UTC, language="en", locale="en_GB")
    add_field(session, "deal", "Notes", key="uf_notes", many=True)
    add_field(session, "deal", "Texts", "text", key="uf_texts", many=True)
    add_field(session, "deal", "Prices", "money", key="uf_prices", many=True)
    add_field(session, "deal", "Days", "date", key="uf_days", many=True)
    add_field(session, "deal", "Weight", "number", key="uf_weight")
    add_field(session, "deal", "Size", "list", key="uf_size", options=["small", "large"])
    return session


def exported(session: Session) -> bytes:
    fields = [field for field in exported_fields(session, "deal") if not field.read_only]
    content = io.BytesIO()
    export_csv(session, "deal", content, fields=fields)
    return content.getvalue()


def values(session: Session) -> list[dict[str, Any]]:
    """What the fields hold that were written, an item each."""
    keys = {field.key for field in exported_fields(session, "deal") if not field.read_only}
    page = session.find("deal", sort=[Sort("id", "integer")], limit=100)
    return [{key: value for key, value in item.fields.items() if key in keys} for item in page.items]


@settings(max_examples=25, deadline=None)
@given(st.lists(deals, min_size=1, max_size=4))
def test_export_then_import_changes_nothing(made: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        here, there = opened(folder / "here"), opened(folder / "there")
        try:
            for fields in made:
                items.add(here, "deal", fields)
            before = exported(here)
            (folder / "deal.csv").write_bytes(before)
            report = run_import(there, [folder / "deal.csv"])
            assert (report.made, report.rejected) == (len(made), 0)
            assert values(there) == values(here)
            assert exported(there) == before
            assert exported(here) == before
        finally:
            here.close()
            there.close()


def _point(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """A way to reach someone, as it is kept."""
    plain = st.from_regex(r"[a-z]{1,6}( (home|work|other|telegram|fax))?", fullmatch=True)
    sort_first = st.sampled_from(["home: a", "telegram: b;c", 'say "hi"', '"quoted"', "a, b", "skype:anna?call"])
    values = {
        "email": st.from_regex(r"[a-z]{1,5}@[a-z]{2,5}\.com", fullmatch=True),
        "phone": st.sampled_from(["+390255550142", "+14165550142;ext=752", "+390255550143"]),
        "web": st.sampled_from(["https://x.com/a;b?c=1,2", "https://y.com", "https://vk.com/ada"]),
        "messenger": plain | sort_first,
    }
    made = st.builds(lambda value, sort: {"value": value, "type": sort}, values[kind], st.sampled_from(SORTS[kind]))
    return made.map(lambda one: {**one, "typed": one["value"]}) if traits_of(kind).is_phone else made


POINTS = {kind: st.lists(_point(kind), min_size=1, max_size=4) for kind in SORTS}
people = st.lists(st.fixed_dictionaries({"last_name": st.just("Byron")}, optional=POINTS), min_size=1, max_size=3)


def _reached(session: Session) -> list[dict[str, Any]]:
    """What is kept of each contact's ways to be reached, whatever was typed for it."""
    page = session.find("contact", sort=[Sort("id", "integer")], limit=100)
    return [
        {key: [(one["value"], one["type"]) for one in item.fields.get(key, [])] for key in POINTS}
        for item in page.items
    ]


@settings(max_examples=20, deadline=None)
@given(people, st.sampled_from(["json", "our csv", "another's csv"]))
def test_ways_to_reach_someone_come_back_with_their_sorts(made: list[dict[str, Any]], door: str) -> None:
    """By every door: our own CSV, one that a spreadsheet took the refs from, our JSON."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        here, there = opened(folder / "here"), opened(folder / "there")
        try:
            for number, fields in enumerate(made):
                items.add(here, "contact", {**fields, "first_name": f"Ada {number}"})
            keys = {*POINTS, "first_name", "last_name"}
            wanted = [field for field in exported_fields(here, "contact") if field.key in keys]
            if door == "json":
                path = folder / "contact.json"
                with path.open("wb") as stream:
                    export_json(here, ["contact"], stream)
            else:
                content = io.BytesIO()
                export_csv(here, "contact", content, fields=wanted)
                rows = list(csv.reader(io.StringIO(content.getvalue().decode("utf-8-sig"))))
                path = folder / "contact.csv"
                with path.open("w", newline="", encoding="utf-8") as sheet:
                    csv.writer(sheet).writerows(row if door == "our csv" else row[1:] for row in rows)
            report = run_import(there, [path], ImportOptions(type="contact", duplicates="add"))
            assert (report.made, report.rejected) == (len(made), 0)
            assert _reached(there) == _reached(here)
        finally:
            here.close()
            there.close()
