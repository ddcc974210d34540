"""Templates and documents with so much of something, for the limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.services.documents.files import D1, add, file_of, make
from tuicrm.services.documents import templates, versions
from tuicrm.services.documents.templates import TemplateDetails
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import text_templates
from tuicrm.services.messages.text_templates import TextTemplateDetails

if TYPE_CHECKING:
    from tests.limit_makers import Where


def add_template(session: Session, name: str) -> object:
    return templates.add_template(session, file_of("{Title}"), TemplateDetails(name, ["deal"]))


def add_text_template(session: Session, name: str) -> object:
    return text_templates.add_text_template(session, TextTemplateDetails(name, "{Title}"))


def template_types(at: Where, n: int) -> Callable[[], object]:
    """A template for so many types; the door counts what a service would say once."""
    made = add(at.session)
    entry = at.session.workspace.entry("template", made.key)
    assert entry is not None

    def put() -> None:
        with at.session.change("types") as change:
            change.patch("template", entry.id, {"types": [f"deal/p{number}" for number in range(n)]})

    return put


def title(at: Where, n: int) -> Callable[[], object]:
    add(at.session)
    found = make(at.session, D1)
    return lambda: versions.change(at.session, found, {}, title="x" * n)


def versions_of(at: Where, n: int) -> Callable[[], object]:
    """The last of so many versions."""
    add(at.session)
    found = make(at.session, D1)
    for _number in range(n - 2):
        versions.again(at.session, found)
    return lambda: versions.again(at.session, found)
