"""The demo workspace: a small company with a past, written from `data/demo/` (its README gives the shapes).

Entries carry their own times and authors, so this writes to the store itself, before anyone works there; each record is one that
the door would have let in, and a test reads the whole demo back through a session to see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any, NamedTuple

from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.values import parse_field
from tuicrm.domain.schema import Field, Pipeline, Stage
from tuicrm.domain.stamps import stamp
from tuicrm.domain.workspace import Workspace
from tuicrm.i18n import _
from tuicrm.regex import regex
from tuicrm.services.kernel.builtin_definitions import load_json, load_types
from tuicrm.services.kernel.numbers import COUNTERS
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES, MESSAGES
from tuicrm.services.kernel.session import utc_now
from tuicrm.services.workspace import demo_messages, demo_rows
from tuicrm.services.workspace.demo_numbers import DemoNumbers
from tuicrm.services.workspace.demo_words import demo_words, in_words
from tuicrm.services.workspace.start import Settings, definitions, indexes
from tuicrm.store import create_store
from tuicrm.store.places import made_whole
from tuicrm.store.protocol import Doc, Op, Store, StorePlace

COMPANY = "Bianchi Sistemi"
ADMINISTRATOR = "anna"

_DAYS = {"close": "close_date", "valid": "valid_until", "pay": "pay_before"}
"""Dates that a row gives in days from today."""

_WRITTEN = ("departments", "text_templates")
"""Definitions that the demo's people wrote in their own language."""

_MOMENT = regex(r"(?:today|([+-]\d+)d) (\d\d):(\d\d)")


class MadeDemo(NamedTuple):
    """The demo as it was written: its items by the names that the rows give them, and how a row's moment is read."""

    store: Store
    refs: Mapping[str, Ref]
    moment: Callable[[str], datetime]


def make_demo(
    place: StorePlace,
    *,
    login: str,
    clock: Callable[[], datetime] = utc_now,
    zone: tzinfo = UTC,
    language: str = "en",
    then: Callable[[MadeDemo], None] = lambda _made: None,
) -> None:
    """Make the demo in a folder that is missing or empty. The system's user is Anna, its administrator.
    Its own people write in `language`, where the demo has its words. `then` adds what is made of its items.

    Raises StorageError when the folder holds anything, or cannot be written; nothing is left of it then."""
    with made_whole(place), closing(create_store(place, indexes())) as store:
        then(_Maker(store, clock(), zone, login, language).write())


class _Maker:
    """Collects the demo's records by table, then writes them as one transaction that nobody undoes."""

    def __init__(self, store: Store, now: datetime, zone: tzinfo, login: str, language: str) -> None:
        self._store = store
        self._now = now
        self._zone = zone
        self._login = login
        self._language = language
        self._words = demo_words(language)
        self._ops: list[Op] = []
        self._next: dict[str, int] = {}
        self._refs: dict[str, Ref] = {}
        self._numbers = DemoNumbers()

    def write(self) -> MadeDemo:
        workspace = self._definitions()
        context = Context(NoNames(), self._now, self._zone, country="IT", canonical=True)
        for file, type_key in load_json("demo", "files.json").items():
            for row in load_json("demo", f"{file}.json"):
                self._item(workspace, context, type_key, in_words(row, self._words))
        rows = in_words(load_json("demo", "messages.json"), self._words)
        for doc in demo_messages.message_docs(rows, self._refs, self._moment):
            self._put(MESSAGES, doc)
        self._put(COUNTERS, self._numbers.counted())
        self._store.commit(self._ops, by=ADMINISTRATOR, note=_("create the demo"), meta={"fixed": True})
        return MadeDemo(self._store, self._refs, self._at)

    def _put(self, table: str, doc: Doc) -> int:
        record_id = self._next.get(table, 1)
        self._next[table] = record_id + 1
        self._ops.append(Op(table, record_id, doc))
        return record_id

    # -- definitions ---------------------------------------------------------------------------------------------------
    def _definitions(self) -> Workspace:
        settings = Settings(COMPANY, "EUR", "IT", self._language)
        with_own_pipelines = {doc["type"] for doc in load_json("demo", "pipelines.json")}
        for table, doc in definitions(settings, made=stamp(self._now)):
            if table == "currency" or (table == "pipeline" and doc["type"] in with_own_pipelines):
                continue
            self._put(table, doc)
        for table, name in (
            ("currency", "currencies"),
            ("department", "departments"),
            ("pipeline", "pipelines"),
            ("field", "fields"),
            ("layout", "layouts"),
            ("text_template", "text_templates"),
        ):
            for doc in load_json("demo", f"{name}.json"):
                self._put(table, in_words(doc, self._words) if name in _WRITTEN else doc)
        for person in load_json("demo", "people.json"):
            self._put(
                "person", {**person, "logins": [self._login] if person["key"] == ADMINISTRATOR else [person["key"]]}
            )
        records: dict[str, list[ConfigRecord]] = {}
        for op in self._ops:
            records.setdefault(op.table, []).append(ConfigRecord(op.id, 0, op.doc or {}))
        return Workspace(load_types(), records)

    # -- items ---------------------------------------------------------------------------------------------------------
    def _item(self, workspace: Workspace, context: Context, type_key: str, row: Mapping[str, Any]) -> None:
        created = self._day(row.get("created", -60), hour=9)
        who = row.get("responsible", ADMINISTRATOR)
        doc: Doc = {"created": created, "created_by": who, "updated": created, "updated_by": who, "open_to_all": True}
        for key, value in row.items():
            field = workspace.field(type_key, key)
            if field is not None and key not in ("created", "stage_since"):
                doc[key] = self._value(field, value, context)
        demo_rows.follow(workspace.type(type_key), doc)
        for key, field_key in _DAYS.items():
            if key in row:
                doc[field_key] = self._date(row[key])
        self._numbers.give(workspace, type_key, doc, self._when(row.get("created", -60)))
        pipeline = workspace.pipeline_of(type_key, doc)
        stage = pipeline.stage(doc["stage"]) if pipeline else None
        if pipeline and stage:
            doc.setdefault("pipeline", pipeline.key)
            since = self._day(row.get("stage_since", 0), hour=11, minute=20)
            doc.update(
                stage_since=since, updated=max(since, created), moved_by=who, closed=stage.semantics != "process"
            )
        ref = Ref(type_key, self._put(type_key, doc))
        if "id" in row:
            self._refs[row["id"]] = ref
        self._past(ref, row, doc, pipeline)

    def _value(self, field: Field, value: Any, context: Context) -> object:
        """A row's value in JSON form: refs by local id, texts of money and contact points as people type them."""
        if field.traits.names_items:
            return [str(self._refs[each]) for each in value] if isinstance(value, list) else str(self._refs[value])
        if field.traits.holds_rows:
            told = [{**one, "product": str(self._refs[one["product"]])} if "product" in one else one for one in value]
            return demo_rows.rows(field, told, self._catalogue(), context)
        if field.traits.has_currency or field.traits.reaches:
            return parse_field("\n".join(value) if isinstance(value, list) else value, field, context)
        return value

    def _catalogue(self) -> dict[str, Doc]:
        return {str(Ref(op.table, op.id)): op.doc for op in self._ops if op.table == "product" and op.doc}

    def _past(self, ref: Ref, row: Mapping[str, Any], doc: Doc, pipeline: Pipeline | None) -> None:
        """Creation, the way through the stages, comments, activities."""
        who = doc["created_by"]
        way = _way(pipeline, doc.get("stage", "")) if pipeline else []
        stages = [stage for stage in way if stage.key not in row.get("skips", ())]
        first = {"pipeline": pipeline.key, "stage": stages[0].key} if pipeline and stages else {}
        if origin := doc.get("quote") or doc.get("deal"):
            first["from"] = origin
            self._entry(Ref.parse(origin), "made", doc["created"], who, data={"to": str(ref)})
        self._entry(ref, "created", doc["created"], who, data=first)
        for at, (before, after) in zip(self._between(doc, len(stages) - 1), _pairs(stages), strict=False):
            data = {
                "from": before.key,
                "to": after.key,
                "from_pipeline": doc["pipeline"],
                "to_pipeline": doc["pipeline"],
                "from_label": before.label,
                "to_label": after.label,
            }
            self._entry(ref, "stage", at, who, data=data)
        for told in row.get("timeline", ()):
            self._told(ref, told)
        for planned in row.get("activities", ()):
            self._activity(ref, planned, who, done=False)
        for done in row.get("done", ()):
            self._activity(ref, done, who, done=True)

    def _told(self, ref: Ref, told: Mapping[str, Any]) -> None:
        at = min(self._moment(told["at"]), stamp(self._now))
        if told["kind"] == "comment":
            more = {key: told[key] for key in ("pinned", "note") if key in told}
            self._entry(ref, "comment", at, told["by"], text=told["text"], **more)
        else:
            sides = {side: _money(told[side]) for side in ("from", "to")}
            self._entry(ref, told["kind"], at, told["by"], data={"field": told["kind"], **sides})

    def _entry(self, ref: Ref, kind: str, at: str, by: str, **more: object) -> None:
        doc = {"owner": str(ref), "kind": kind, "at": at, "by": by}
        self._put(ENTRIES, doc | {key: value for key, value in more.items() if value})

    def _activity(self, ref: Ref, plan: Mapping[str, Any], who: str, *, done: bool) -> None:
        at = self._moment(plan["at"])
        doc = {
            "owner": str(ref),
            "what": plan["what"],
            "at": at,
            "kind": plan["kind"],
            "done": done,
            "responsible": who,
            "by": who,
            "created": stamp(self._now - timedelta(days=5)),
        }
        if plan.get("text"):
            doc["text"] = plan["text"]
        self._put(ACTIVITIES, doc | ({"done_at": at, "done_by": who} if done else {}))

    # -- time ----------------------------------------------------------------------------------------------------------
    def _between(self, doc: Doc, steps: int) -> Iterator[str]:
        """Moments from creation to entering the present stage, evenly spread; the last is `stage_since`."""
        if steps < 1:
            return
        begin, end = (datetime.fromisoformat(doc[key]) for key in ("created", "stage_since"))
        for step in range(1, steps + 1):
            yield stamp(begin + (end - begin) * step / steps)

    def _when(self, days: int) -> date:
        return self._now.astimezone(self._zone).date() + timedelta(days=days)

    def _date(self, days: int) -> str:
        return self._when(days).isoformat()

    def _day(self, days: int, *, hour: int, minute: int = 0) -> str:
        """A time of day so many days ago; never in the future, and in the order of the days."""
        day = self._now.astimezone(self._zone) + timedelta(days=days)
        return min(stamp(day.replace(hour=hour, minute=minute, second=0)), stamp(self._now))

    def _moment(self, text: str) -> str:
        return stamp(self._at(text))

    def _at(self, text: str) -> datetime:
        """`today 15:00`, `+2d 09:30`."""
        found = _MOMENT.fullmatch(text)
        if found is None:
            raise ValueError(f"data/demo: {text!r} is no moment")
        day = self._now.astimezone(self._zone) + timedelta(days=int(found[1] or 0))
        return day.replace(hour=int(found[2]), minute=int(found[3]), second=0)


def _way(pipeline: Pipeline, stage: str) -> list[Stage]:
    """The stages an item went through: all of process before it, then its own."""
    at = pipeline.index(stage)
    return [each for each in pipeline.stages[:at] if each.semantics == "process"] + [pipeline.stages[at]]


def _pairs(stages: list[Stage]) -> Iterable[tuple[Stage, Stage]]:
    return pairwise(stages)


def _money(text: str) -> dict[str, str]:
    amount, currency = text.split()
    return {"amount": f"{amount}.00", "currency": currency}
