"""Filters that are kept under a name: a person's own, and those for everyone. `@name` stands for one wherever a filter is typed."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from msgspec import Struct

from tuicrm.domain import named
from tuicrm.errors import FieldProblem, NotFound, Refused, UsageError
from tuicrm.i18n import _
from tuicrm.limits import FILTER_NAME, FILTER_TEXT
from tuicrm.services.kernel.filter_scope import SAVED_FILTERS, compile_text, why_not_read
from tuicrm.services.kernel.permissions import why_not_share
from tuicrm.services.kernel.session import Session

TABLE = SAVED_FILTERS
SIGN = "@"


class SavedFilter(Struct, frozen=True):
    """A filter of a type; `shared` ones are everybody's."""

    id: int
    type: str
    name: str
    text: str
    shared: bool = False


def saved(session: Session, type_key: str) -> list[SavedFilter]:
    """A person's own and the shared ones, by name. A shared one that speaks of what this person may not see is not there."""
    found = []
    for record_id, entry in session.workspace.records[TABLE].items():
        doc = entry.doc
        person = doc.get("person", "")
        if doc["type"] == type_key and person in ("", session.person_key):
            one = SavedFilter(record_id, type_key, doc["name"], doc["text"], not person)
            if not one.shared or session.access.admin or not why_unreadable(session, one):
                found.append(one)
    return sorted(found, key=lambda one: (one.name.casefold(), one.shared))


def why_unreadable(session: Session, one: SavedFilter) -> str:
    """What is wrong with a filter by now (a field of it is gone); "" for nothing."""
    return why_not_read(session, one.type, one.text)


def find(session: Session, type_key: str, name: str) -> SavedFilter:
    """The filter of a name, one's own before a shared one. Raises NotFound with the nearest."""
    known = [named.Named(one, "", (one.name,), one.name) for one in saved(session, type_key)]
    # One's own stands before a shared one of the same name.
    found = named.find(_bare(name), known)
    if found:
        return found[0]
    missing = _("There is no filter “{name}”").format(name=_bare(name)) + named.there_are(_bare(name), known)
    raise NotFound(missing)


def _bare(name: str) -> str:
    """A name without its sign and the quotes around it: `@"no phone"`."""
    return name.strip().removeprefix(SIGN).strip().strip('"')


def expanded(session: Session, type_key: str, text: str) -> str:
    """What a typed filter stands for: that of the name behind `@`, with what narrows or widens it (`@hot and amount > 1000`), which
    stays at the end as it is. Raises UsageError for a name that no filter has."""
    if not text.lstrip().startswith(SIGN):
        return text
    try:
        return find(session, type_key, text).text
    except NotFound as missing:
        there = {one.name.casefold(): one for one in saved(session, type_key)}
        # A name may hold an "and" too: the longest one counts.
        for joint in reversed(list(_joint(session.language).finditer(text))):
            if (one := there.get(_bare(text[: joint.start()]).casefold())) is not None:
                return f"({one.text}){text[joint.start() :]}"
        raise UsageError(missing.message, position=len(text) - len(text.lstrip())) from missing


@cache
def _joint(language: str) -> re.Pattern[str]:
    """Before what goes on behind the name of a filter."""
    from tuicrm.domain.language import keywords

    words = "|".join(word for word, english in keywords(language).items() if english in ("and", "or"))
    return re.compile(rf"\s(?=({words})\b)", re.IGNORECASE)


def save(session: Session, type_key: str, name: str, text: str, *, shared: bool = False) -> SavedFilter:
    """Keep a filter, in place of one of that name: its words in English, so that everyone can read it. Raises Refused, UsageError,
    AccessDenied."""
    from tuicrm.domain.filters import in_english

    FILTER_TEXT.check("text", text)
    name, text = _checked_name(name), expanded(session, type_key, text).strip()
    if not text:
        message = _("There is no filter to save.")
        raise Refused(message, [FieldProblem("text", message)])
    compile_text(session, type_key, text)
    text = in_english(text, session.language)
    there = next((one for one in saved(session, type_key) if (one.name, one.shared) == (name, shared)), None)
    doc: dict[str, Any] = {"type": type_key, "name": name, "text": text}
    if not shared:
        doc["person"] = session.person_key
    with session.change(_("save the filter “{name}”").format(name=name)) as change:
        record_id = change.put(TABLE, doc, there.id if there else 0)
    return SavedFilter(record_id, type_key, name, text, shared)


def rename(session: Session, one: SavedFilter, name: str) -> None:
    """Another name. Raises Refused where there is one of that name already."""
    name = _checked_name(name)
    if any((o.name, o.shared) == (name, one.shared) and o.id != one.id for o in saved(session, one.type)):
        message = _("A filter “{name}” already exists.").format(name=name)
        raise Refused(message, [FieldProblem("name", message)])
    with session.change(_("rename the filter “{name}”").format(name=one.name)) as change:
        change.patch(TABLE, one.id, {"name": name})


def share(session: Session, one: SavedFilter, *, shared: bool) -> None:
    """For everyone, or for oneself alone. Raises AccessDenied."""
    label = _("share the filter “{name}”") if shared else _("stop sharing the filter “{name}”")
    with session.change(label.format(name=one.name)) as change:
        change.patch(TABLE, one.id, {"person": None if shared else session.person_key})


def delete(session: Session, one: SavedFilter) -> None:
    """Delete a filter. Raises AccessDenied for a shared one that one may not change."""
    with session.change(_("delete the filter “{name}”").format(name=one.name)) as change:
        change.remove(TABLE, one.id)


def why_not_change(session: Session, one: SavedFilter) -> str | None:
    """Why a person may not change a filter; None where they may."""
    return why_not_share(session.access) if one.shared else None


def _checked_name(name: str) -> str:
    name = " ".join(name.split()).removeprefix(SIGN).strip()
    problem = _("is required") if not name else FILTER_NAME.told if len(name) > FILTER_NAME.most else ""
    if problem:
        raise Refused(problem, [FieldProblem("name", problem)])
    return name
