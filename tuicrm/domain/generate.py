"""Generated companies, contacts and deals with a past, for measuring: any number, the same every time, on every machine.

Everything is drawn from a generator of our own (`generate_drawing.py`). Times are minutes from the moment of making (negative: ago),
people are numbers from 0, links are positions in the other lists.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tuicrm.domain import generate_sales as sales
from tuicrm.domain.generate_drawing import Random, pick, stream
from tuicrm.domain.generate_words import (
    COUNTRIES,
    CURRENCIES,
    GOODS,
    NEWS,
    OUTCOMES,
    PLANS,
    POSITIONS,
    SCOPES,
    SOURCES,
    Country,
)

STAGES: dict[str, int] = {
    "new": 22, "preparation": 14, "prepayment": 9, "executing": 8, "final_invoice": 5, "won": 27, "lost": 11, "apology": 4,
}  # fmt: skip
"""The stages of the shipped deal pipeline, in order, and how many of a hundred deals stand there."""

_PROCESS = ("new", "preparation", "prepayment", "executing", "final_invoice")
_DAY = 24 * 60
_DEALS_A_COMPANY = 5


class GeneratedCompany(NamedTuple):
    """`country` is ISO 3166, `phone` E.164."""

    title: str
    city: str
    country: str
    phone: str


class GeneratedContact(NamedTuple):
    """`company` is the position in the companies; `phone` E.164."""

    first_name: str
    last_name: str
    company: int
    position: str
    email: str
    phone: str


class GeneratedEntry(NamedTuple):
    """One line of a timeline: "created", "comment" (with `text`) or "stage" (from `before` to `after`, keys of STAGES)."""

    kind: str
    at: int
    by: int
    text: str = ""
    before: str = ""
    after: str = ""


class GeneratedActivity(NamedTuple):
    """Planned (`done` False, before now when late) or done work; `kind` is call, meeting or todo."""

    kind: str
    what: str
    at: int
    done: bool


class GeneratedDeal(NamedTuple):
    """`amount` is a decimal text in `currency`, the sum of `rows` where there are any; `close_in` are days from today; `entries` are
    in the order of time."""

    title: str
    company: int
    contact: int
    amount: str
    currency: str
    stage: str
    responsible: int
    source: str
    created: int
    stage_since: int
    close_in: int
    entries: tuple[GeneratedEntry, ...]
    activities: tuple[GeneratedActivity, ...]
    rows: tuple[sales.GeneratedRow, ...] = ()
    papers: tuple[sales.GeneratedPaper, ...] = ()


def company_count(deals: int) -> int:
    """How many companies a workspace of so many deals has."""
    return max(1, deals // _DEALS_A_COMPANY)


def contact_count(deals: int) -> int:
    """How many contacts: the first ones are one a company, then every other company has a second."""
    return company_count(deals) * 3 // 2


def companies(deals: int, seed: int = 1) -> Iterator[GeneratedCompany]:
    """The companies of a workspace of so many deals."""
    drawn = stream(seed, "companies")
    for number, country in enumerate(_countries(company_count(deals), seed)):
        title = country.form.format(last=pick(drawn, country.last_names), stem=pick(drawn, country.stems))
        yield GeneratedCompany(title, pick(drawn, country.cities), country.code, f"{country.phone}{number % 10_000:04}")


def contacts(deals: int, seed: int = 1) -> Iterator[GeneratedContact]:
    """The contacts of a workspace of so many deals, in the language of their company's country."""
    drawn = stream(seed, "contacts")
    known = company_count(deals)
    countries = list(_countries(known, seed))
    for number in range(contact_count(deals)):
        country = countries[number % known]
        first, last = pick(drawn, country.first_names), pick(drawn, country.last_names)
        phone = f"{country.phone}{(number + 5_000) % 10_000:04}"
        yield GeneratedContact(first, last, number % known, pick(drawn, POSITIONS), _email(first, number), phone)


def deals(n: int, seed: int = 1, people: int = 4) -> Iterator[GeneratedDeal]:
    """So many deals, each with about ten timeline entries and its activities. `people` is how many may be responsible."""
    drawn, sold = stream(seed, "deals"), stream(seed, "sales")
    stages = [stage for stage, share in STAGES.items() for _each in range(share)]
    companies, contacts = company_count(n), contact_count(n)
    for _number in range(n):
        company = int(drawn() * companies)
        second = company + companies
        contact = second if second < contacts and drawn() < 0.4 else company
        stage, responsible = pick(drawn, stages), int(drawn() * people)
        way = _way(stage)
        is_open = stage in _PROCESS
        # Open deals are at most four months old, closed ones two years; most are young.
        age = int((1 + drawn() * drawn() * (120 if is_open else 730)) * _DAY)
        entries = _entries(drawn, way, age, responsible, people, rest=0 if is_open else int(age * drawn() * 0.6))
        moved = [entry.at for entry in entries if entry.kind == "stage"]
        title = pick(drawn, GOODS) + pick(drawn, SCOPES)
        amount = f"{round(10 ** (2.7 + 2.3 * drawn()) / 50) * 50}.00"
        rows, since = sales.rows(sold, title), moved[-1] if moved else -age
        yield GeneratedDeal(
            title=title,
            company=company,
            contact=contact,
            amount=sales.money(sum(row.net + row.tax for row in rows)) if rows else amount,
            currency=pick(drawn, CURRENCIES),
            stage=stage,
            responsible=responsible,
            source=pick(drawn, SOURCES),
            created=-age,
            stage_since=since,
            close_in=int(drawn() * 60) - 5 if is_open else entries[-1].at // _DAY,
            entries=entries,
            activities=_activities(drawn, age, is_open=is_open),
            rows=rows,
            papers=sales.papers(sold, stage, since, rows),
        )


def _entries(
    drawn: Random, way: Sequence[str], age: int, responsible: int, people: int, rest: int
) -> tuple[GeneratedEntry, ...]:
    """From creation, `age` minutes ago, until `rest` minutes ago: the moves of the way, and comments in between."""
    moves = len(way) - 1
    comments = 3 + int(drawn() * 7) + (4 - moves) // 2
    count = moves + comments
    entries = [GeneratedEntry("created", -age, responsible)]
    told = done = 0
    span = age - rest
    for number in range(count):
        at = int(span * (number + drawn()) / count) - age
        # The moves are spread among the comments; the last entry of a closed deal is its closing.
        if (number + 1) * moves >= (done + 1) * count:
            entries.append(GeneratedEntry("stage", at, responsible, "", way[done], way[done + 1]))
            done += 1
        else:
            by = responsible if told % 3 else int(drawn() * people)
            entries.append(GeneratedEntry("comment", at, by, f"{pick(drawn, NEWS)}: {pick(drawn, OUTCOMES)}"))
            told += 1
    return tuple(entries)


def _activities(drawn: Random, age: int, *, is_open: bool) -> tuple[GeneratedActivity, ...]:
    activities = []
    if drawn() < 0.6:
        kind, what = pick(drawn, PLANS)
        activities.append(GeneratedActivity(kind, what, -int(drawn() * age), done=True))
    if is_open and drawn() < 0.7:
        kind, what = pick(drawn, PLANS)
        # One in seven is late, by up to three days; the others lie in the next fortnight.
        late = -int(drawn() * min(3 * _DAY, age)) if drawn() < 0.15 else int(drawn() * 14 * _DAY)
        activities.append(GeneratedActivity(kind, what, late, done=False))
    return tuple(activities)


def _way(stage: str) -> tuple[str, ...]:
    """The stages a deal went through, its own last; a lost one gave up after the second."""
    if stage in _PROCESS:
        return _PROCESS[: _PROCESS.index(stage) + 1]
    return (*_PROCESS, stage) if stage == "won" else (*_PROCESS[:2], stage)


def _countries(count: int, seed: int) -> Iterator[Country]:
    """The countries that the companies lie in, by their shares."""
    drawn = stream(seed, "countries")
    of_a_hundred = [country for country in COUNTRIES for _each in range(country.share)]
    return (pick(drawn, of_a_hundred) for _number in range(count))


def _email(name: str, number: int) -> str:
    """An address that reaches nobody: `helene.17@mail.example`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{plain or 'contact'}.{number}@mail.example"
