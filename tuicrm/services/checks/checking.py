"""Looking a workspace over without opening it for work: faults by name, and what of a damaged one can be saved."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from tuicrm.domain.entering import administers
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.errors import CrmError, ReadOnlyStore, Refused, StorageError, StorageFull
from tuicrm.i18n import _
from tuicrm.store import places
from tuicrm.store.parts import Fault
from tuicrm.store.protocol import Find, Key, Op, Store, StorePlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.checks.file_checks import UnnamedFiles
    from tuicrm.store.leftovers import Leftover as Leftover  # noqa: PLC0414 - for the command line, which has no other door
    from tuicrm.store.rescue import Rescue

_CHUNK = 500


class Saved(Struct, frozen=True):
    """How many records were brought over, and what could not be read."""

    records: int
    damage: tuple[str, ...]


def left_over(place: StorePlace) -> list[Leftover]:
    """Files that nothing names: they take room, and do no harm. Raises NotAWorkspace, NewerFormat, StorageError."""
    return places.left_over(place)


def unnamed_files(place: StorePlace) -> UnnamedFiles:
    """Files in blobs/ that nothing names today, of a sound workspace. Raises as `left_over`."""
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.checks import file_checks
    from tuicrm.services.kernel.builtin_definitions import load_types
    from tuicrm.services.kernel.session import config_records

    store = places.open_store(place)
    try:
        return file_checks.unnamed(store, Workspace(load_types(), config_records(store)))
    finally:
        store.close()


def faults(place: StorePlace, *, whole: bool = False, tell: Tell = lambda _done, _of: None) -> list[Fault]:
    """Every fault in a workspace folder; [] for a sound one. Raises NotAWorkspace, NewerFormat, and what `tell` raises.

    What was derived from the records is looked at in a sample, `whole` all of it.

    Where every byte is sound, definitions that are none (a script may have written them) are faults too, and attachments that
    are gone; bookings that overlap, that nothing has, or that are missing."""
    from tuicrm.services.checks import derived_checks

    return places.verify(place) or _of_records(place) or derived_checks.faults(place, whole=whole, tell=tell)


def _of_records(place: StorePlace) -> list[Fault]:
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.checks import booking_checks, file_checks
    from tuicrm.services.kernel.builtin_definitions import load_types
    from tuicrm.services.kernel.session import config_records, utc_now

    store = places.open_store(place)
    try:
        workspace = Workspace(load_types(), config_records(store))
        misshapen = [Fault(f"{one.table} {one.id}", one.reason) for one in workspace.misshapen]
        bookings = booking_checks.faults(store, workspace, utc_now())
        return [*misshapen, *_wrong_links(store, workspace), *bookings, *file_checks.gone(store, workspace)]
    finally:
        store.close()


def _wrong_links(store: Store, workspace: Workspace) -> Iterator[Fault]:
    """Links of what never was an item; one that was deleted may come back."""
    from tuicrm.domain.relations import LINKS

    for record in store.find(Find(LINKS)).records:
        for side in ("owner", "other"):
            ref = Ref.read(record.doc.get(side))
            known = ref is not None and ref.type in workspace.types
            if ref is None or not known or not (store.get(ref.type, [ref.id]) or store.past.history(Key(*ref))):
                told = _("it links to “{name}”, which is not an item").format(name=record.doc.get(side))
                yield Fault(f"{LINKS} {record.id}", told)


def salvage(place: StorePlace, target: StorePlace, *, by: str) -> Saved:
    """Write what can still be read of a damaged workspace into a new one; the damaged folder is not touched.

    `by` is the login of whoever does it: they become an administrator where no person could be read. History stays where it is.
    Raises NotAWorkspace, NewerFormat, and StorageError when the target holds anything."""
    if not places.is_free(target):
        raise StorageError(_("{path} is not empty").format(path=target))
    damage = [f"{fault.place}: {fault.what}" for fault in faults(place)]
    readable = places.rescue(place)
    store = places.create_store(target)
    try:
        count, refused = _records(readable, store, by)
        damage += refused
        damage += _missing_definitions(store, by)
        damage += _attachments(readable, store)
    finally:
        store.close()
        readable.close()
    return Saved(count, tuple(damage))


def _records(readable: Rescue, store: Store, by: str) -> tuple[int, list[str]]:
    """Bring over every record, under its own id; how many, and what cannot be kept, with the reason."""
    count, refused = 0, list[str]()

    def write(ops: list[Op]) -> None:
        nonlocal count
        try:
            store.commit(ops, by=by, note=_("salvage"), meta={"fixed": True})
        except Refused as problem:
            if len(ops) > 1:
                for op in ops:
                    write([op])
            else:
                refused.append(f"{ops[0].table} {ops[0].id}: {problem.message}")
        else:
            count += len(ops)

    for table in readable.tables:
        docs = readable.docs(table)
        while ops := [Op(table, record_id, doc) for record_id, doc in islice(docs, _CHUNK)]:
            write(ops)
    return count, refused


def _missing_definitions(store: Store, login: str) -> list[str]:
    """Put the built-in definitions where none could be read: without roles and people, nobody could open what was saved."""
    from tuicrm.domain.stamps import stamp
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.kernel.session import config_records, utc_now
    from tuicrm.services.workspace.start import Maker, Settings, definitions, first_people, write_records

    told = []
    records = [*definitions(Settings(login), made=stamp(utc_now()))]
    lost = {table for table, _doc in records if not store.ids(table)}
    if lost:
        write_records(store, [(table, doc) for table, doc in records if table in lost], by=login, note=_("salvage"))
        told.append(
            _("no {tables} could be read: the built-in ones are used instead").format(tables=", ".join(sorted(lost)))
        )
    people = Workspace({}, config_records(store, ("person", "department", "role")))
    if not any(administers(people, one) for one in people.people.values()):
        write_records(store, list(first_people(Maker(login, login), Settings(login))), by=login, note=_("salvage"))
        told.append(_("no administrator could be read: {login} is now one").format(login=login))
    return told


def _attachments(readable: Rescue, store: Store) -> list[str]:
    """Bring over every attachment; returns what could not be read."""
    lost = []
    for digest in readable.blobs():
        try:
            with readable.open_blob(digest) as file:
                store.blobs.put(file)
        except (StorageFull, ReadOnlyStore):
            raise
        except (CrmError, OSError) as problem:
            lost.append(str(problem))
    return lost
