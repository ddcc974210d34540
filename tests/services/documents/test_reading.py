"""Documents and templates that a script wrote past the door: read, listed and told by every way in, or left out."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile_workspace import hostile_texts, wrong_kinds
from tests.services.documents.files import D1, add, file_of, make
from tuicrm.domain.items import Ref
from tuicrm.errors import CrmError
from tuicrm.services.documents import making, reading, template_checks, templates, versions
from tuicrm.services.history.log import read_log
from tuicrm.services.items import timeline
from tuicrm.services.kernel.reader import DOCUMENTS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

ACTS: list[Callable[[Session, reading.Document], object]] = [
    lambda session, found: reading.plain(session, found, values=True),
    lambda session, found: reading.file_name(found),
    reading.content,
    lambda session, found: reading.content(session, found, 2),
    versions.again,
    lambda session, found: versions.change(session, found, {"Title": "x"}, title="Mine"),
    lambda session, found: versions.upload(session, found, file_of("x")),
    versions.delete,
    lambda session, found: versions.restore(session, found.record.id),
]


def tried(act: Callable[[], object]) -> bool:
    """Whether it went well; what is refused is told in words."""
    try:
        act()
    except CrmError:
        return False
    return True


def test_whatever_stands_in_a_document_it_is_read_or_refused_in_words(seeded: Session) -> None:
    wrong_kinds(seeded)
    hostile_texts(seeded)
    read = 0
    for record in seeded.whole.find(Find(DOCUMENTS)).records:
        if record.id % 3 and 2000 < record.id < 6000:
            continue  # each part of each kind is reached by the others
        owner = Ref.read(record.doc.get("owner"))
        if owner is None or not tried(lambda at=record.id: reading.by_id(seeded, at)):  # type: ignore[misc]
            continue
        read += 1
        for act in ACTS[:4]:
            tried(lambda do=act, at=record.id: do(seeded, reading.by_id(seeded, at)))  # type: ignore[misc]
    assert read > 50
    for number in (1001, 2001, 2003, 2006, 6001, 6010):
        for act in ACTS:
            tried(lambda do=act, at=number: do(seeded, reading.by_id(seeded, at)))  # type: ignore[misc]
    assert len(reading.documents(seeded, Ref("deal", 2001))) > 50
    assert timeline.view(seeded, Ref("deal", 2001)).total
    assert list(read_log(seeded, limit=3))


def test_whatever_stands_in_a_template_it_can_be_listed_and_others_made_of(seeded: Session) -> None:
    wrong_kinds(seeded)
    hostile_texts(seeded)
    known = templates.templates(seeded, retired=True)
    assert len(known) > 20
    for one in known:
        assert templates.plain(one)["key"] == one.key
        tried(lambda one=one: templates.next_of(seeded, one))  # type: ignore[misc]
        tried(lambda one=one: template_checks.check_template(seeded, one))  # type: ignore[misc]
    add(seeded, label="Sound")
    assert make(seeded, D1, "sound").record.number == "1"
    assert making.find_fitting(seeded, D1, "sound").label == "Sound"
