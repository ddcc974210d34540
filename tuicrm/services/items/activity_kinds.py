"""Kinds of activities: those that ship, and those of a workspace's own, with a symbol and a colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from tuicrm.domain import named
from tuicrm.domain.activities.planned import COLOURS, KINDS
from tuicrm.domain.config_records import ActivityKind, ConfigRecord
from tuicrm.domain.schema import all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import N_, _
from tuicrm.limits import ACTIVITY_KINDS, KIND_NAME
from tuicrm.services.kernel.session import Session

TABLE = "activity_kind"
KIND_LABELS = {"call": N_("Call"), "meeting": N_("Meeting"), "todo": N_("Task")}
"""What people call the kinds that ship, in the order in which they are offered."""
SYMBOLS = {"call": "☏", "meeting": "●", "todo": "◷"}


class KindChanges(Struct, frozen=True):
    """What is said of a kind; None leaves it as it is. A symbol is one sign, a colour "1" to "7" ("" for no own)."""

    label: str | None = None
    symbol: str | None = None
    colour: str | None = None


def kinds(session: Session, *, retired: bool = False) -> list[ActivityKind]:
    """Those that can be chosen, the shipped ones first; with those no longer in use as well when asked for."""
    shipped = [ActivityKind(key, _(label), SYMBOLS[key]) for key, label in KIND_LABELS.items()]
    own = sorted(
        session.workspace.activity_kinds.values(), key=lambda one: (session.label(one.label).casefold(), one.key)
    )
    return [*shipped, *(one for one in own if retired or not one.retired)]


def find_kind(session: Session, text: str, *, begins: bool = False) -> ActivityKind:
    """A kind by its key or what it is called. Raises NotFound, listing them; Refused where several are called so."""
    found = kinds(session, retired=True)
    try:
        return named.the(
            text, map(_named, found), _("There is no kind of activity “{name}”").format(name=text), begins=begins
        )
    except named.NotNamed as missing:
        problem = [FieldProblem("kind", missing.message, text)]
        raise (
            Refused(missing.message, problem) if missing.several else NotFound(missing.message, problem)
        ) from missing


def kind_of(session: Session, key: str) -> ActivityKind:
    """The kind of a key; one that nobody knows is called by its key."""
    label = KIND_LABELS.get(key)
    if label is not None:
        return ActivityKind(key, _(label), SYMBOLS[key])
    return session.workspace.activity_kinds.get(key) or ActivityKind(key, key)


def add_kind(session: Session, label: str, *, symbol: str = "", colour: str = "") -> ActivityKind:
    """Make a kind of one's own. Raises Refused, AccessDenied."""
    own = session.workspace.activity_kinds
    doc = _checked(session, {}, KindChanges(label, symbol, colour))
    ACTIVITY_KINDS.check_room("label", len(own), label)
    doc["key"] = unused(slug(doc["label"], "kind"), {*own, *KINDS})
    with session.change(_("add the kind of activity {name}").format(name=doc["label"])) as change:
        change.put(TABLE, doc)
    return session.workspace.activity_kinds[doc["key"]]


def edit_kind(session: Session, key: str, changes: KindChanges) -> ActivityKind:
    """Change what is given of a kind of one's own. Raises NotFound, Refused (for those that ship too), AccessDenied."""
    entry = _entry(session, key)
    doc = _checked(session, entry.doc, changes)
    with session.change(_("change the kind of activity {name}").format(name=doc["label"])) as change:
        change.put(TABLE, doc, entry.id, expect=entry.rev)
    return session.workspace.activity_kinds[key]


def retire_kind(session: Session, key: str, *, back: bool = False) -> ActivityKind:
    """Offer a kind no more, or again; activities of it keep it. Raises NotFound, Refused, AccessDenied."""
    entry = _entry(session, key)
    label = _("restore the kind of activity {name}") if back else _("retire the kind of activity {name}")
    with session.change(label.format(name=session.label(entry.doc["label"]))) as change:
        change.patch(TABLE, entry.id, {"retired": None if back else True})
    return session.workspace.activity_kinds[key]


def _entry(session: Session, key: str) -> ConfigRecord:
    if key in KINDS:
        told = _("{name} is built in and cannot be changed").format(name=_(KIND_LABELS[key]))
        raise Refused(told, [FieldProblem("kind", told, key)])
    entry = session.workspace.entry(TABLE, key)
    if entry is None:
        raise NotFound(_("There is no kind of activity “{name}”").format(name=key))
    return entry


def _checked(session: Session, before: Mapping[str, Any], changes: KindChanges) -> dict[str, Any]:
    """A kind as it is kept. Raises Refused with all that is wrong."""
    doc = dict(before)
    problems: list[FieldProblem] = []
    if changes.label is not None:
        doc["label"] = " ".join(changes.label.split())
        problems += _name_problems(session, doc["label"], before)
    if changes.symbol is not None:
        doc["symbol"] = changes.symbol.strip()
        if not _is_sign(doc["symbol"]):
            problems.append(FieldProblem("symbol", _("one sign that takes one place is expected"), changes.symbol))
    if changes.colour is not None:
        doc["colour"] = changes.colour.strip()
        if doc["colour"] not in ("", *COLOURS):
            told = _("one of these is expected: {list}").format(list=", ".join(COLOURS))
            problems.append(FieldProblem("colour", told, changes.colour))
    if problems:
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)
    return {name: value for name, value in doc.items() if value != ""}


def _name_problems(session: Session, label: str, before: Mapping[str, Any]) -> Sequence[FieldProblem]:
    if not label:
        return [FieldProblem("label", _("is required"), label)]
    taken = [one for one in kinds(session, retired=True) if one.key != before.get("key")]
    if named.find(label, map(_named, taken)):
        return [FieldProblem("label", _("another kind is called so"), label)]
    return KIND_NAME.problems("label", label)


def _named(kind: ActivityKind) -> named.Named[ActivityKind]:
    english = (KIND_LABELS[kind.key],) if kind.key in KIND_LABELS else ()
    return named.Named(kind, kind.key, (*all_labels(kind.label), *english), kind.key, kind.retired)


def _is_sign(text: str) -> bool:
    """Whether a text is nothing, or one printable sign that takes one place."""
    from wcwidth import wcswidth

    return not text or (len(text) <= 2 and text.isprintable() and wcswidth(text) == 1)
