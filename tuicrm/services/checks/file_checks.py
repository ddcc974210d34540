"""Files that are kept as blobs, and what names them: items in their fields, templates, documents with their PDFs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tuicrm.domain.conditions import Empty, Not
from tuicrm.domain.documents import document
from tuicrm.domain.workspace import Workspace
from tuicrm.i18n import _
from tuicrm.services.kernel.reader import DOCUMENTS
from tuicrm.store.parts import Fault
from tuicrm.store.protocol import Find, Store


class NamedFile(NamedTuple):
    """A file that a record names: the record (`deal 3`), the name of the content, and what is said where that is gone."""

    where: str
    blob: object
    missing: str


class UnnamedFiles(NamedTuple):
    """How many files nothing names today, and their bytes. What was deleted or replaced is among them, which undo and the past may
    still ask for."""

    files: int
    size: int


def named(store: Store, workspace: Workspace) -> Iterator[NamedFile]:
    """All files that records name today."""
    for entry in workspace.records["template"].values():
        told = _("the file “{name}” is missing").format(name=entry.doc.get("file"))
        yield NamedFile(f"template {entry.id}", entry.doc.get("blob"), told)
    for record in store.find(Find(DOCUMENTS)).records:
        found = document.read(record.id, record.doc)
        for one in found.versions:
            for blob in dict.fromkeys((one.blob, found.pdfs.get(one.blob, one.blob))):
                told = _("the file of version {n} is missing").format(n=one.n)
                yield NamedFile(f"{DOCUMENTS} {record.id}", blob, told)
    yield from _of_items(store, workspace)


def _of_items(store: Store, workspace: Workspace) -> Iterator[NamedFile]:
    for type_key in workspace.types:
        for field in workspace.fields(type_key).values():
            if not field.traits.holds_file:
                continue
            for record in store.get(type_key, store.ids(type_key, Not(Empty(field.key)))):
                value = record.doc.get(field.key)
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, dict):
                        told = _("the file “{name}” of {field} is missing").format(
                            name=one.get("name"), field=field.key
                        )
                        yield NamedFile(f"{type_key} {record.id}", one.get("blob"), told)


def gone(store: Store, workspace: Workspace) -> Iterator[Fault]:
    """Files that something names and the store has not, and documents of which nothing can be read."""
    kept = set(store.blobs.digests())
    for record in store.find(Find(DOCUMENTS)).records:
        found = document.read(record.id, record.doc)
        if found.owner is None or not found.versions:
            yield Fault(f"{DOCUMENTS} {record.id}", _("no item and version of it can be read"))
    lost = [one for one in named(store, workspace) if one.blob not in kept]
    yield from (Fault(where, told) for where, told in dict.fromkeys((one.where, one.missing) for one in lost))


def unnamed(store: Store, workspace: Workspace) -> UnnamedFiles:
    """The files that nothing names today."""
    known = {one.blob for one in named(store, workspace)}
    sizes = [store.blobs.size(one) for one in store.blobs.digests() if one not in known]
    return UnnamedFiles(len(sizes), sum(sizes))
