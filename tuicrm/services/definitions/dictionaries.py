"""Dictionaries, the values that fields of several types choose from: new ones, and their entries (reference §5.1, §5.3).

Entries that came with the program can be renamed and retired, not deleted; one in use is retired. Each is one step of the dictionary's
record as it stands when it is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from tuicrm.domain import named
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.pipeline_steps import checked_name
from tuicrm.domain.schema import Dictionary, Field, Option, label_text
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import DICTIONARIES
from tuicrm.services.definitions import option_lists as lists
from tuicrm.services.definitions.field_options import held, in_use
from tuicrm.services.definitions.fields import refuse
from tuicrm.services.kernel.builtin_definitions import load_dictionaries
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session


class DictionaryUse(NamedTuple):
    """A field that chooses from a dictionary: its type's key and itself."""

    type: str
    field: Field


# -- rights, records ---------------------------------------------------------------------------------------------------
def why_not_change(session: Session) -> str | None:
    """Why this person may not change dictionaries; None when they may."""
    return (
        None
        if session.access.has("settings")
        else _("You may not change dictionaries: ask someone who may change settings.")
    )


def require_change(session: Session) -> None:
    """Raise AccessDenied unless this person may change dictionaries."""
    reason = why_not_change(session)
    if reason is not None:
        raise AccessDenied(reason)


def dictionaries(session: Session) -> list[Dictionary]:
    """All there are, in the order in which they were made."""
    return list(session.workspace.dictionaries.values())


def find_dictionary(session: Session, text: str) -> Dictionary:
    """A dictionary by key or by a label, in any language. Raises NotFound listing those there are, Refused for several."""
    known = [
        replace(named.labelled(one, one.key, one.label, session.language), shown=one.key)
        for one in dictionaries(session)
    ]
    try:
        return named.the(text, known, _("There is no dictionary “{name}”").format(name=text))
    except named.NotNamed as missing:
        raise (Refused if missing.several else NotFound)(missing.message) from missing


def uses(session: Session, key: str) -> list[DictionaryUse]:
    """The fields that choose from a dictionary, whoever may see them."""
    workspace = session.workspace
    return [
        DictionaryUse(type_key, field)
        for type_key in workspace.types
        for field in workspace.fields(type_key).values()
        if field.traits.has_dictionary and field.dictionary == key
    ]


def seen_uses(session: Session, key: str) -> list[DictionaryUse]:
    """Those that this person may see."""
    return [use for use in uses(session, key) if session.access.sees(use.field)]


def counts(session: Session, key: str) -> Counter[str]:
    """How many items hold each entry, in all fields together, whoever may see them."""
    counted: Counter[str] = Counter()
    for use in uses(session, key):
        counted.update(in_use(session, use.type, use.field))
    return counted


def seen_counts(session: Session, key: str) -> Counter[str]:
    """How many items hold each entry, in the fields and of the items that this person sees."""
    counted: Counter[str] = Counter()
    for use in seen_uses(session, key):
        counted.update(held(session, use.type, use.field))
    return counted


def system_entries(key: str) -> Collection[str]:
    """Keys of the entries that came with the program."""
    shipped = load_dictionaries().get(key)
    return {entry.key for entry in shipped.entries} if shipped else ()


def _living(session: Session, key: str) -> Dictionary:
    found = session.workspace.dictionaries.get(key)
    if found is None:
        raise NotFound(_("This dictionary was deleted by someone. Choose another."))
    return found


def _entry(session: Reader, key: str) -> ConfigRecord:
    entry = session.workspace.entry("dictionary", key)
    if entry is None:
        raise NotFound(_("This dictionary was deleted by someone. Choose another."))
    return entry


def _shape(session: Session, key: str, label: str, step: Callable[[Dictionary], Dictionary]) -> Dictionary:
    require_change(session)
    session.store.refresh()
    step(_living(session, key))  # what is wrong is said before anything is written

    def shaped(doc: dict[str, Any]) -> dict[str, Any]:
        before = msgspec.convert(doc, Dictionary)
        after = step(before)
        return doc if after == before else msgspec.to_builtins(after)

    with session.change(label) as change:
        change.reshape("dictionary", _entry(session, key).id, shaped)
    return _living(session, key)


# -- dictionaries ------------------------------------------------------------------------------------------------------
def add_dictionary(session: Session, name: str, entries: Sequence[str] = ()) -> Dictionary:
    """A new one with these entries. Raises Refused, AccessDenied, as all that follow, and NotFound."""
    require_change(session)
    session.store.refresh()
    label = _checked(session, name)
    present = session.workspace.dictionaries
    DICTIONARIES.check_room("label", len(present), name)
    options = lists.all_added([], entries)
    made = Dictionary(unused(slug(label, "dictionary"), [*present, *load_dictionaries()]), label, options)
    with session.change(_("add the dictionary {dictionary}").format(dictionary=label)) as change:
        change.put("dictionary", msgspec.to_builtins(made))
    return _living(session, made.key)


def rename_dictionary(session: Session, key: str, name: str) -> Dictionary:
    """Another name; fields know it by its key."""
    what = _("rename the dictionary {dictionary}").format(dictionary=session.label(_living(session, key).label))
    return _shape(session, key, what, lambda now: replace(now, label=_checked(session, name, but=key)))


def why_not_delete(session: Session, key: str) -> str | None:
    """Why a dictionary cannot be deleted; None when it can."""
    if key in load_dictionaries():
        return _("This dictionary is built in: it can be renamed, but not deleted.")
    used, seen = uses(session, key), seen_uses(session, key)
    if not used:
        return None
    label = session.label
    names = [f"{label(session.workspace.type(use.type).plural)}: {label(use.field.label)}" for use in seen]
    if len(seen) < len(used):
        names.append(_("fields you cannot see"))
    return _("Fields use it: {fields}. Delete or change them first.").format(fields=", ".join(names))


def delete_dictionary(session: Session, key: str) -> None:
    """Delete one that no field chooses from."""
    require_change(session)
    session.store.refresh()
    found = _living(session, key)
    reason = why_not_delete(session, key)
    if reason is not None:
        raise Refused(reason)
    with session.change(
        _("delete the dictionary {dictionary}").format(dictionary=session.label(found.label))
    ) as change:
        change.remove("dictionary", _entry(session, key).id)


def _checked(session: Session, name: str, but: str = "") -> str:
    others = (one.label for one in dictionaries(session) if one.key != but)
    return checked_name(name, others, _("a dictionary with this name already exists"))


# -- entries -----------------------------------------------------------------------------------------------------------
def add_entry(session: Session, key: str, label: str) -> Option:
    """One more, at the end."""
    what = _("add the entry {entry}").format(entry=label.strip())
    return _steps(session, key, what, lambda now: lists.added(now, label)).entries[-1]


def rename_entry(session: Session, key: str, entry: str, label: str) -> None:
    """`entry` is a key, here and below."""
    what = _told(session, key, entry, _("rename the entry {entry}"))
    _steps(session, key, what, lambda now: lists.renamed(now, entry, label))


def move_entry(session: Session, key: str, entry: str, step: int) -> None:
    """One place down (1) or up (-1)."""
    what = _told(session, key, entry, _("move the entry {entry}"))
    _steps(session, key, what, lambda now: lists.moved(now, entry, step))


def retire_entry(session: Session, key: str, entry: str, *, back: bool = False) -> None:
    """No longer offered, still shown where it stands; or offered again."""
    what = _("offer the entry {entry} again") if back else _("retire the entry {entry}")
    _steps(session, key, _told(session, key, entry, what), lambda now: lists.retired(now, entry, back=back))


def delete_entry(session: Session, key: str, entry: str) -> bool:
    """Take an entry away. One in use is retired instead, and still shown where it stands. Whether it is gone."""
    used, kept = counts(session, key), system_entries(key)
    what = _("retire the entry {entry}") if used.get(entry) else _("delete the entry {entry}")
    after = _steps(session, key, _told(session, key, entry, what), lambda now: lists.dropped(now, entry, used, kept))
    return all(option.key != entry for option in after.entries)


def change_entries(session: Session, key: str, steps: Sequence[lists.OptionStep]) -> Dictionary:
    """Take steps one after the other, as one change; all of it or, where something is wrong, nothing. Raises Refused listing all that
    is wrong."""
    require_change(session)
    found: list[FieldProblem] = []
    options: list[Option] = list(_living(session, key).entries)
    for step in steps:
        try:
            options = step(options)
        except Refused as problem:
            found += problem.fields
    refuse(found)

    def all_steps(now: lists.OptionList) -> list[Option]:
        for step in steps:
            now = step(now)
        return list(now)

    name = session.label(_living(session, key).label)
    return _steps(session, key, _("change the entries of {dictionary}").format(dictionary=name), all_steps)


def _steps(session: Session, key: str, label: str, step: lists.OptionStep) -> Dictionary:
    def shaped(now: Dictionary) -> Dictionary:
        entries = step(now.entries)
        if entries:
            lists.require_offered(entries)
        return replace(now, entries=entries)

    return _shape(session, key, label, shaped)


def _told(session: Session, key: str, entry: str, what: str) -> str:
    entries = _living(session, key).entries
    return what.format(entry=label_text(entries[lists.place(entries, entry)].label, session.language))
