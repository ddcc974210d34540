"""The demo has documents, in the language of its people; they are there from the beginning, and nobody's last step."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.services.documents.files import said_in
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.errors import NotFound
from tuicrm.services.checks.checking import faults
from tuicrm.services.documents import reading, template_checks
from tuicrm.services.documents.demo import make_demo_with_documents
from tuicrm.services.documents.reading import Document
from tuicrm.services.history.undo import undo
from tuicrm.services.items import timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session

NOW = datetime(2026, 7, 1, 10, tzinfo=UTC)


def _made(folder: Path, language: str) -> tuple[list[bytes], list[Document], list[DocTemplate]]:
    """The files, the documents and the templates of a demo that was looked through."""
    make_demo_with_documents(folder, login="me", clock=lambda: NOW, language=language)
    with closing(open_session(folder, login="me", clock=lambda: NOW)) as session:
        found = reading.newest(session, 9)
        templates = list(session.workspace.doc_templates.values())
        assert not [fault for one in templates for fault in template_checks.check_template(session, one)]
        _has_its_past(session, found)
        files = [reading.content(session, one) for one in found]
    assert faults(folder) == []
    return files, found, templates


def _has_its_past(session: Session, found: list[Document]) -> None:
    for one in found:
        assert one.record.owner is not None
        entry = timeline.records(session, one.record.owner)
        assert [(each["at"], each["by"]) for each in entry if each["kind"] == "document"] == [
            (one.record.at, one.record.by)
        ]
        assert one.record.at < "2026-06-30"
    with pytest.raises(NotFound):
        undo(session)


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [("en", ["Offer", "Invoice", "Contract"], "Dear Ms Marta"), ("it", ["Offerta", "Fattura", "Contratto"], "Marta")],
)
def test_the_demo_has_two_documents(tmp_path: Path, language: str, names: list[str], said: str) -> None:
    files, found, templates = _made(tmp_path / "a", language)
    assert [one.label for one in templates] == names
    assert [(one.on, one.record.number, one.record.language) for one in found] == [
        ("D-42", "2026-1", language), ("INV-9", "2026-1", language),
    ]  # fmt: skip
    assert [one.record.title for one in found] == [f"{names[0]} 2026-1", f"{names[1]} 2026-1"]
    assert any(said in text for text in said_in(files[0]))
    if language == "en":
        assert _made(tmp_path / "b", language)[0] == files, "the same bytes each time"
