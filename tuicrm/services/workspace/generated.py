"""`tuicrm init --items N`: a workspace of any size to measure with, the same every time, written straight to the store."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice

from tuicrm.domain import generate
from tuicrm.domain.generate_sales import CATALOGUE
from tuicrm.domain.schema import DEFAULT_PIPELINE
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.builtin_definitions import load_types
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES
from tuicrm.services.kernel.session import utc_now
from tuicrm.services.workspace.generated_sales import Papers, in_catalogue, sold
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, indexes, person_key
from tuicrm.store import open_store
from tuicrm.store.places import made_whole
from tuicrm.store.protocol import Doc, Op, Store, StorePlace

_LINE = 200
"""Deals a journal line: some 2,500 records, half a megabyte in memory."""

_TOLD = 10_000
"""Progress is told every so many deals."""

_FOLDED = 25_000
"""The journal is compacted every so many deals: the more at once the faster, and the more memory (350 MB here)."""

_LONG_AGO = 800 * 24 * 60
"""When companies and contacts came, in minutes: before the oldest deal."""

_CLOCK = [f"T{minute // 60:02}:{minute % 60:02}:00Z" for minute in range(24 * 60)]
"""The minutes of a day, as they end a time."""

_COLLEAGUES = (("mario", "Mario Conti"), ("luca", "Luca Riva"), ("giulia", "Giulia Moretti"))
_ROLE = "manager"


def make_items(
    place: StorePlace,
    count: int,
    *,
    person: Maker,
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    progress: Callable[[int], None] = lambda _done: None,
) -> None:
    """Make a workspace with `count` deals, their companies, contacts and timelines. `progress` is told how many are done.

    Stopped, there are fewer deals. Raises StorageError when the folder holds anything, or cannot be written; nothing is left of it
    then."""
    with made_whole(place):
        create_workspace(place, person=person, settings=settings, clock=clock)
        _fill(place, count, person_key(person), clock(), progress)


def _fill(place: StorePlace, count: int, person: str, now: datetime, progress: Callable[[int], None]) -> None:
    # Compacted when we say so: by itself it would be at it all the time, which takes twice as long.
    store = open_store(place, indexes(), compact_at=0)
    collecting = gc.isenabled()
    # Nothing here refers to itself, and the collector would look at a million records again and again (a sixth of the time).
    gc.disable()
    try:
        writer = _Writer(store, now, person)
        writer.colleagues()
        writer.write(count, progress)
        store.files.compact()
    finally:
        store.close()
        if collecting:
            gc.enable()


class _Writer:
    """Turns what is generated into records. Ids are those of an empty workspace: from 1, in order."""

    def __init__(self, store: Store, now: datetime, me: str) -> None:
        self.people = [me, *(key for key, _name in _COLLEAGUES if key != me)]
        self._store = store
        self._now = now.astimezone(UTC).replace(second=0, microsecond=0)
        self._minute = self._now.hour * 60 + self._now.minute
        self._entry = self._activity = 0
        self._stages = {stage.key: stage for stage in load_types()["deal"].pipelines[0].stages}
        self._day = lru_cache(maxsize=4096)(self._date)
        self.sales = Papers(self._at, self._day)

    def colleagues(self) -> None:
        """The others who are responsible for something."""
        names = dict(_COLLEAGUES)
        docs: list[Doc] = [
            {"key": key, "name": names[key], "department": "company", "roles": [_ROLE]} for key in self.people[1:]
        ]
        ids = self._store.new_ids("person", len(docs))
        ops = [Op("person", person_id, doc) for person_id, doc in zip(ids, docs, strict=True)]
        self._store.commit(ops, by=self.people[0], note=_("add colleagues"), meta={"fixed": True})

    def write(self, count: int, progress: Callable[[int], None]) -> None:
        note = ngettext("generate {n} deal", "generate {n} deals", count)
        for records in (self._companies(count), self._contacts(count), self._products()):
            while line := list(islice(records, _LINE * 5)):
                self._commit(line, note)
        deals, done = enumerate(generate.deals(count, people=len(self.people)), 1), 0
        while line := [op for number, deal in islice(deals, _LINE) for op in self._deal(number, deal)]:
            self._commit(line, note)
            done = min(done + _LINE, count)
            if done % _TOLD == 0 or done == count:
                progress(done)
            if done % _FOLDED == 0:
                self._store.files.compact()
        self._commit([self.sales.counted()], note)

    def _commit(self, ops: list[Op], note: str) -> None:
        self._store.commit(ops, by=self.people[0], note=note, meta={"fixed": True})

    # -- records -------------------------------------------------------------------------------------------------------
    def _companies(self, count: int) -> Iterator[Op]:
        for number, company in enumerate(generate.companies(count), 1):
            doc = self._item(number % len(self.people), -_LONG_AGO)
            doc |= {"title": company.title, "address": {"city": company.city, "country": company.country}}
            doc["phone"] = [_phone(company.phone)]
            yield Op("company", number, doc)

    def _contacts(self, count: int) -> Iterator[Op]:
        for number, contact in enumerate(generate.contacts(count), 1):
            doc = self._item(number % len(self.people), -_LONG_AGO)
            doc |= {"first_name": contact.first_name, "last_name": contact.last_name, "position": contact.position}
            doc |= {"company": f"company:{contact.company + 1}", "phone": [_phone(contact.phone)]}
            doc["email"] = [{"value": contact.email, "type": "work"}]
            yield Op("contact", number, doc)

    def _products(self) -> Iterator[Op]:
        for number, product in enumerate(CATALOGUE, 1):
            yield Op("product", number, {**self._item(number % len(self.people), -_LONG_AGO), **in_catalogue(product)})

    def _deal(self, number: int, deal: generate.GeneratedDeal) -> Iterator[Op]:
        stage, responsible = self._stages[deal.stage], self.people[deal.responsible]
        doc = self._item(deal.responsible, deal.created)
        doc |= {
            "title": deal.title,
            "pipeline": DEFAULT_PIPELINE,
            "stage": stage.key,
            "stage_since": self._at(deal.stage_since),
            "moved_by": responsible,
            "closed": stage.semantics != "process",
            "amount": {"amount": deal.amount, "currency": deal.currency},
            "company": f"company:{deal.company + 1}",
            "contacts": [f"contact:{deal.contact + 1}"],
            "source": deal.source,
            "close_date": self._day(deal.close_in),
            "updated": self._at(deal.entries[-1].at),
            **sold(deal),
        }
        yield Op("deal", number, doc)
        owner = f"deal:{number}"
        for entry in deal.entries:
            self._entry += 1
            yield Op(ENTRIES, self._entry, self._told(owner, entry))
        for activity in deal.activities:
            self._activity += 1
            yield Op(ACTIVITIES, self._activity, self._planned(owner, responsible, activity, doc["created"]))
        for paper in deal.papers:
            op = self.sales.made(number, deal, paper, self._item(deal.responsible, paper.at))
            yield op
            self._entry += 1
            origin = {"pipeline": DEFAULT_PIPELINE, "stage": self.sales.first(paper.kind), "from": owner}
            told = {"owner": f"{op.table}:{op.id}", "kind": "created", "at": self._at(paper.at), "by": responsible}
            yield Op(ENTRIES, self._entry, {**told, "data": origin})

    def _item(self, person: int, created: int) -> Doc:
        who, at = self.people[person], self._at(created)
        return {"responsible": who, "created": at, "created_by": who, "updated": at, "updated_by": who}

    def _told(self, owner: str, entry: generate.GeneratedEntry) -> Doc:
        doc: Doc = {"owner": owner, "kind": entry.kind, "at": self._at(entry.at), "by": self.people[entry.by]}
        if entry.kind == "comment":
            doc["text"] = entry.text
        elif entry.kind == "created":
            doc["data"] = {"pipeline": DEFAULT_PIPELINE, "stage": next(iter(self._stages))}
        else:
            data: Doc = {}
            for side, key in (("from", entry.before), ("to", entry.after)):
                data |= {side: key, f"{side}_pipeline": DEFAULT_PIPELINE, f"{side}_label": self._stages[key].label}
            doc["data"] = data
        return doc

    def _planned(self, owner: str, who: str, activity: generate.GeneratedActivity, created: str) -> Doc:
        at = self._at(activity.at)
        doc: Doc = {"owner": owner, "what": activity.what, "at": at, "kind": activity.kind, "done": activity.done}
        doc |= {"responsible": who, "by": who, "created": created}
        if activity.done:
            doc |= {"done_at": at, "done_by": who}
        return doc

    def _at(self, minutes: int) -> str:
        """A time so many minutes from now, as `stamp` writes it: 1.2 million of them, so days and minutes are kept."""
        days, minute = divmod(self._minute + minutes, 24 * 60)
        return self._day(days) + _CLOCK[minute]

    def _date(self, days: int) -> str:
        return (self._now + timedelta(days=days)).date().isoformat()


def _phone(number: str) -> Doc:
    return {"value": number, "typed": number, "type": "work"}
