"""Bounds at the door: how large a record may be, how much its parts may hold, how many of its kind there may be (`limits.py`).

Services say the same earlier, in the words of what was asked; here nobody gets past, whichever way a record comes. What is too much
already (kept before there was a limit) may stay as it is, and shrink.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import suppress
from typing import Any

import msgspec

from tuicrm import limits
from tuicrm.domain.relations import LINKS
from tuicrm.domain.workspace import Workspace
from tuicrm.limits import Limit
from tuicrm.services.kernel.reader import ACTIVITIES, DOCUMENTS, ENTRIES, MESSAGES
from tuicrm.store.protocol import Doc


class BoundedPart(msgspec.Struct, frozen=True):
    """A part of a record: the field that it is of, what stands there, and its limit."""

    field: str
    given: Sized
    limit: Limit


def check_record(table: str, doc: Doc) -> None:
    """Raise Refused for a record that is too large to be kept, naming its largest field."""
    # What is no JSON is refused where it is written, by name.
    with suppress(TypeError, ValueError, OverflowError, RecursionError):
        limits.check_size(table, doc, len(msgspec.json.encode(doc)))


def check_parts(table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Raise Refused where a part of a record that is no item is more than it was, and too much."""
    parts = _PARTS.get(table)
    if parts is None:
        return
    known: dict[str, int] = {}
    for part in parts(before or {}):
        known[part.field] = max(known.get(part.field, 0), len(part.given))
    for part in parts(after):
        if len(part.given) > max(part.limit.most, known.get(part.field, 0)):
            raise part.limit.refused(part.field, part.given)


def check_count(workspace: Workspace, table: str, doc: Mapping[str, Any]) -> None:
    """Raise Refused where a new definition would be one too many, and where a department would stand too deep."""
    count = _COUNTS.get(table)
    if count is not None:
        limit, others = count(workspace, doc)
        limit.check_room("label" if "label" in doc else "name" if "name" in doc else "key", others, _called(doc))


def check_depth(workspace: Workspace, table: str, doc: Mapping[str, Any]) -> None:
    """Raise Refused where a department would have too many others around it, itself or one within it."""
    if table != "department" or not doc.get("parent"):
        return
    above = len(list(workspace.departments.up(str(doc["parent"]))))
    if above + _height(workspace, str(doc.get("key"))) > limits.DEPARTMENT_DEPTH.most:
        raise limits.DEPARTMENT_DEPTH.refused("parent", doc["parent"])


def _height(workspace: Workspace, key: str) -> int:
    """How many departments deep one goes, itself counted."""
    height, level = 0, {key}
    while level and height <= limits.DEPARTMENT_DEPTH.most:
        height += 1
        level = {part.key for part in workspace.departments.values() if part.parent in level}
    return height


def _called(doc: Mapping[str, Any]) -> object:
    return next((doc[name] for name in ("label", "name", "code", "key") if doc.get(name)), None)


# -- parts -------------------------------------------------------------------------------------------------------------
def _texts(doc: Mapping[str, Any], *parts: tuple[str, Limit]) -> Iterator[BoundedPart]:
    """Texts by name; of a label in several languages each."""
    for name, limit in parts:
        value = doc.get(name)
        for text in value.values() if isinstance(value, dict) else (value,):
            if isinstance(text, str):
                yield BoundedPart(name, text, limit)


def _person(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("name", limits.PERSON_NAME), ("email", limits.CONTACT))
    logins = _list(doc, "logins")
    yield BoundedPart("logins", logins, limits.LOGINS)
    yield from (BoundedPart("login", login, limits.LOGIN) for login in logins if isinstance(login, str))


def _list(doc: Mapping[str, Any], name: str) -> list[Any]:
    value = doc.get(name)
    return value if isinstance(value, list) else []


def _named(doc: Mapping[str, Any], name: str, called: str, limit: Limit) -> Iterator[BoundedPart]:
    """The names of what a list of the record holds."""
    for one in _list(doc, name):
        if isinstance(one, dict):
            yield from (BoundedPart(f"{name}.{called}", part.given, limit) for part in _texts(one, (called, limit)))


def _dictionary(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("label", limits.NAME))
    yield BoundedPart("entries", _list(doc, "entries"), limits.OPTIONS)
    yield from _named(doc, "entries", "label", limits.OPTION_NAME)


def _pipeline(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("label", limits.NAME))
    yield BoundedPart("stages", _list(doc, "stages"), limits.STAGES)
    yield from _named(doc, "stages", "label", limits.NAME)


def _field(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("label", limits.FIELD_NAME), ("help", limits.FIELD_HELP))
    settings = doc.get("settings")
    if isinstance(settings, dict):
        yield from _texts(settings, ("unit", limits.UNIT), ("pattern", limits.PATTERN))
        yield BoundedPart("extensions", _list(settings, "extensions"), limits.EXTENSIONS)
    yield BoundedPart("options", _list(doc, "options"), limits.OPTIONS)
    yield from _named(doc, "options", "label", limits.OPTION_NAME)
    yield BoundedPart("visible_to", _list(doc, "visible_to"), limits.MEMBERS)


def _layout(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("name", limits.VIEW_NAME))
    yield BoundedPart("sections", _list(doc, "sections"), limits.SECTIONS)
    yield from _named(doc, "sections", "title", limits.SECTION_NAME)
    yield BoundedPart("members", _list(doc, "members"), limits.MEMBERS)


def _room(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("label", limits.ROOM_NAME), ("place", limits.ROOM_PLACE))
    yield BoundedPart("bookers", _list(doc, "bookers"), limits.MEMBERS)


def _channel(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("label", limits.CHANNEL_NAME), ("address", limits.CONTACT))


def _template(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("label", limits.TEMPLATE_NAME), ("pattern", limits.NUMBER_PATTERN))
    yield BoundedPart("types", _list(doc, "types"), limits.TEMPLATE_TYPES)
    yield BoundedPart("users", _list(doc, "users"), limits.MEMBERS)


def _text_template(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(
        doc, ("label", limits.TEXT_TEMPLATE_NAME), ("subject", limits.MESSAGE_SUBJECT), ("text", limits.COMMENT)
    )
    yield BoundedPart("types", _list(doc, "types"), limits.TEMPLATE_TYPES)
    yield BoundedPart("users", _list(doc, "users"), limits.MEMBERS)


def _document(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("title", limits.DOCUMENT_TITLE))
    yield BoundedPart("versions", _list(doc, "versions"), limits.DOCUMENT_VERSIONS)


def _message(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    yield from _texts(doc, ("subject", limits.MESSAGE_SUBJECT), ("text", limits.COMMENT), ("note", limits.COMMENT))
    yield BoundedPart("on", _list(doc, "on"), limits.MESSAGE_ITEMS)
    yield BoundedPart("files", _list(doc, "files"), limits.MAIL_FILES)


def _setting(doc: Mapping[str, Any]) -> Iterator[BoundedPart]:
    if doc.get("key") == "name":
        yield from _texts(doc, ("value", limits.NAME))


def _plain(*parts: tuple[str, Limit]) -> Callable[[Mapping[str, Any]], Iterator[BoundedPart]]:
    return lambda doc: _texts(doc, *parts)


_PARTS: Mapping[str, Callable[[Mapping[str, Any]], Iterable[BoundedPart]]] = {
    "person": _person,
    "department": _plain(("name", limits.DEPARTMENT_NAME)),
    "dictionary": _dictionary,
    "pipeline": _pipeline,
    "type": _plain(("label", limits.TYPE_NAME), ("plural", limits.TYPE_NAME)),
    "field": _field,
    "layout": _layout,
    "filter": _plain(("name", limits.FILTER_NAME), ("text", limits.FILTER_TEXT)),
    "numerator": _plain(("pattern", limits.NUMBER_PATTERN)),
    "setting": _setting,
    "room": _room,
    "channel": _channel,
    "template": _template,
    "text_template": _text_template,
    DOCUMENTS: _document,
    MESSAGES: _message,
    ENTRIES: _plain(("text", limits.COMMENT), ("note", limits.COMMENT)),
    ACTIVITIES: _plain(("what", limits.ACTIVITY), ("text", limits.COMMENT), ("note", limits.COMMENT)),
    LINKS: _plain(("word", limits.LINK_WORD)),
}


# -- how many ----------------------------------------------------------------------------------------------------------
def _others(workspace: Workspace, table: str, doc: Mapping[str, Any], *alike: str) -> int:
    """The definitions of a table beside this one that are the same in `alike`. A run that adds several at once knows them already."""
    own = [doc.get(name) for name in ("key", "name", "code", *alike)]
    found = 0
    for entry in workspace.records[table].values():
        if all(entry.doc.get(name, "") == doc.get(name, "") for name in alike):
            found += [entry.doc.get(name) for name in ("key", "name", "code", *alike)] != own
    return found


_COUNTS: Mapping[str, Callable[[Workspace, Mapping[str, Any]], tuple[Limit, int]]] = {
    "person": lambda workspace, doc: (limits.PEOPLE, _others(workspace, "person", doc)),
    "department": lambda workspace, doc: (limits.DEPARTMENTS, _others(workspace, "department", doc)),
    "currency": lambda workspace, doc: (limits.CURRENCIES, _others(workspace, "currency", doc)),
    "type": lambda workspace, doc: (limits.TYPES, _others(workspace, "type", doc)),
    "room": lambda workspace, doc: (limits.ROOMS, _others(workspace, "room", doc)),
    "channel": lambda workspace, doc: (limits.CHANNELS, _others(workspace, "channel", doc)),
    "template": lambda workspace, doc: (limits.TEMPLATES, _others(workspace, "template", doc)),
    "text_template": lambda workspace, doc: (limits.TEXT_TEMPLATES, _others(workspace, "text_template", doc)),
    "dictionary": lambda workspace, doc: (limits.DICTIONARIES, _others(workspace, "dictionary", doc)),
    "pipeline": lambda workspace, doc: (limits.PIPELINES, _living_pipelines(workspace, doc)),
    "field": lambda workspace, doc: (limits.FIELDS, _custom_fields(workspace, doc)),
    "layout": lambda workspace, doc: (limits.VIEWS, _views(workspace, doc)),
    "filter": lambda workspace, doc: (limits.SAVED_FILTERS, _others(workspace, "filter", doc, "type", "person")),
}


def _living_pipelines(workspace: Workspace, doc: Mapping[str, Any]) -> int:
    return sum(1 for one in workspace.pipelines(str(doc.get("type"))) if one.key != doc.get("key"))


def _custom_fields(workspace: Workspace, doc: Mapping[str, Any]) -> int:
    """Those of one's own; what is changed of a field of the system is no new one."""
    type_key = str(doc.get("type"))
    if not doc.get("custom") or type_key not in workspace.types:
        return 0
    return sum(1 for field in workspace.fields(type_key).values() if field.custom and field.key != doc.get("key"))


def _views(workspace: Workspace, doc: Mapping[str, Any]) -> int:
    if doc.get("scope") != "view":
        return 0
    kept = workspace.kept_layouts(str(doc.get("type")), str(doc.get("variant")))
    return sum(1 for one in kept if one.record.scope == "view" and one.record.key != doc.get("key"))
