"""The demo with its documents: templates that ship, and what its people made of them (data/demo/documents.json)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import partial

from tuicrm.domain.schema import label_text
from tuicrm.services.documents import making
from tuicrm.services.documents.starter_templates import starter_content, starters
from tuicrm.services.documents.templates import TemplateDetails, add_template
from tuicrm.services.kernel.builtin_definitions import load_json
from tuicrm.services.kernel.session import Session, utc_now
from tuicrm.services.workspace.demo import ADMINISTRATOR, MadeDemo, make_demo
from tuicrm.store.protocol import StorePlace

_PATTERN = "{YEAR}-{NUMBER}"


def make_demo_with_documents(
    place: StorePlace, *, login: str, clock: Callable[[], datetime] = utc_now, zone: tzinfo = UTC, language: str = "en"
) -> None:
    """As `make_demo`, with templates and documents."""
    add = partial(_add_documents, zone=zone, language=language)
    make_demo(place, login=login, clock=clock, zone=zone, language=language, then=add)


def _add_documents(made: MadeDemo, *, zone: tzinfo, language: str) -> None:
    numbering = {"pattern": _PATTERN, "reset": "year"}
    session = _then(made, ADMINISTRATOR, "-30d 09:00", zone, language)
    for one in starters():
        name, content = label_text(one.label, language), starter_content(one.key, language)
        add_template(session, content, TemplateDetails(name, one.types, numbering=numbering), key=one.key)
    for row in load_json("demo", "documents.json"):
        session = _then(made, row["by"], row["at"], zone, language)
        template = session.workspace.doc_templates[row["template"]]
        making.make_unseen(session, made.refs[row["item"]], template)


def _then(made: MadeDemo, person: str, at: str, zone: tzinfo, language: str) -> Session:
    """The session of one of its people at some moment in the past, over a store that is not its own: it is not closed. What it writes
    is no step of anybody's undo."""
    when = made.moment(at).astimezone(UTC)
    session = Session(made.store, person, clock=lambda: when, zone=zone, language=language)
    session.marks["fixed"] = True
    return session
