"""Looking a workspace over without opening it for work: faults by name, and what of a damaged one can be saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tuicrm.domain.conditions import Empty, Not
from tuicrm.errors import StorageError
from tuicrm.i18n import _
from tuicrm.store.protocol import Fault, Op, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.domain.workspace import Workspace
    from tuicrm.store import JournalStore

_CHUNK = 500


class Saved(Struct, frozen=True):
    """How many records were brought over, and what could not be read."""

    records: int
    damage: tuple[str, ...]


def faults(folder: Path) -> list[Fault]:
    """Every fault in a workspace folder; [] for a sound one. Raises NotAWorkspace, NewerFormat.

    Where every byte is sound, definitions that are none (a script may have written them) are faults too, and attachments that
    are gone."""
    from tuicrm.store.fsck import verify

    return verify(folder) or _of_records(folder)


def _of_records(folder: Path) -> list[Fault]:
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.session import config_records
    from tuicrm.services.shipped import load_types
    from tuicrm.store import open_store

    store = open_store(folder)
    try:
        workspace = Workspace(load_types(), config_records(store))
        misshapen = [Fault(f"{one.table} {one.id}", -1, one.reason) for one in workspace.misshapen]
        return [*misshapen, *_gone_files(store, folder, workspace)]
    finally:
        store.close()


def _gone_files(store: Store, folder: Path, workspace: Workspace) -> Iterator[Fault]:
    """Files that items name and `blobs/` has not."""
    kept = {path.name for path in (folder / "blobs").glob("??/*")}
    for type_key in workspace.types:
        for field in workspace.fields(type_key).values():
            if field.kind != "file":
                continue
            ids = store.ids(type_key, Not(Empty(field.key)))
            for record in store.get(type_key, ids):
                value = record.doc.get(field.key)
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, dict) and one.get("blob") not in kept:
                        told = _("the file “{name}” of {field} is missing").format(
                            name=one.get("name"), field=field.key
                        )
                        yield Fault(f"{type_key} {record.id}", -1, told)


def salvage(folder: Path, target: Path, *, by: str) -> Saved:
    """Write what can still be read of a damaged workspace into a new one; the damaged folder is not touched.

    History is not brought over. Raises StorageError when the target holds anything."""
    from tuicrm.store import create_store, open_store

    if target.exists() and any(target.iterdir()):
        raise StorageError(_("{path} is not empty").format(path=target))
    broken = open_store(folder, salvage=True)
    try:
        store = create_store(target)
        try:
            count = _records(broken, store, by)
            damage = [*broken.damage, *_attachments(broken, store, folder)]
        finally:
            store.close()
    finally:
        broken.close()
    return Saved(count, tuple(damage))


def _records(broken: JournalStore, store: Store, by: str) -> int:
    """Bring over every record, under its own id."""
    count = 0
    for table in sorted(broken.tables):
        ids = broken.ids(table)
        for start in range(0, len(ids), _CHUNK):
            records = broken.get(table, ids[start : start + _CHUNK])
            ops = [Op(table, record.id, record.doc) for record in records]
            store.commit(ops, by=by, note=_("salvage"), meta={"fixed": True})
            count += len(ops)
    return count


def _attachments(broken: Store, store: Store, folder: Path) -> list[str]:
    """Bring over every attachment; returns what could not be read."""
    lost = []
    for digest in sorted(path.name for path in (folder / "blobs").glob("??/*")):
        try:
            with broken.open_blob(digest) as file:
                store.put_blob(file)
        except (StorageError, OSError) as problem:
            lost.append(str(problem))
    return lost
