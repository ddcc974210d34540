"""Templates added, changed, replaced, shared, retired and deleted; what is refused of them, and by whom they may be changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.hostile import HOSTILE_FEW
from tests.services.documents.files import D1, L1, add, file_of, make, said_in, says
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.definitions.pipelines import add_pipeline
from tuicrm.services.documents import making, templates
from tuicrm.services.documents.template_checks import check
from tuicrm.services.documents.templates import TemplateDetails
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.kernel.session import Session


def known(session: Session) -> list[str]:
    return [one.key for one in templates.templates(session)]


def test_one_is_added_and_its_file_comes_out_as_it_came(seeded: Session) -> None:
    file = file_of("{Title}")
    made = templates.add_template(seeded, file, TemplateDetails("Our offer", ["Deals", "lead"]), name="our offer.docx")

    assert (made.key, made.label, made.types, made.file, made.size) == (
        "our_offer",
        "Our offer",
        ["deal", "lead"],
        "our offer.docx",
        len(file),
    )
    assert templates.content(seeded, made) == file
    assert templates.find_template(seeded, "our OFFER").key == "our_offer"
    undo(seeded)
    assert known(seeded) == []
    redo(seeded)
    assert known(seeded) == ["our_offer"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"label": "Offer"}, "already exists"),
        ({"types": ()}, "types"),
        ({"types": ("boats",)}, "boats"),
        ({"types": ("deal/nothing",)}, "nothing"),
        ({"language": "klingon"}, "language"),
        ({"numbering": {"pattern": "same"}}, "NUMBER"),
        ({"numbering": {"step": "0"}}, "step"),
        ({"numbers": "nothing"}, "nothing"),
        ({"users": ("nobody",)}, "nobody"),
        *(({"label": text}, "") for text in HOSTILE_FEW if not text.strip()),
    ],
    ids=str,
)
def test_what_is_said_wrongly_is_refused_by_name(seeded: Session, said: dict[str, Any], told: str) -> None:
    add(seeded)
    details = TemplateDetails("Other", ["deal"])._replace(**said)
    with pytest.raises((Refused, NotFound)) as refused:
        templates.add_template(seeded, file_of("x"), details)
    assert told in refused.value.message
    assert known(seeded) == ["offer"]


def zipped(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    "file", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 200, zipped(x="y"), file_of("{#Title} open"), file_of("{/Title}")],
    ids=["empty", "pdf", "encrypted", "zip", "open section", "closed section"],
)  # fmt: skip
def test_what_is_no_template_is_refused_and_leaves_nothing(seeded: Session, file: bytes) -> None:
    made = add(seeded)
    blobs = list(seeded.store.blobs.digests())
    acts: list[Callable[[], object]] = [
        lambda: templates.add_template(seeded, file, TemplateDetails("Other", ["deal"])),
        lambda: templates.replace_template(seeded, made.key, file),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert known(seeded) == ["offer"]
    assert list(seeded.store.blobs.digests()) == blobs


def test_a_replaced_or_deleted_template_leaves_documents_as_they_are(seeded: Session) -> None:
    add(seeded, "First {Title}")
    before = make(seeded)
    first = says(seeded, before)
    templates.replace_template(seeded, "offer", file_of("Second {Title}"), name="second.docx")
    after = make(seeded)

    assert (first, says(seeded, before), says(seeded, after)) == (
        ["First Website redesign"], ["First Website redesign"], ["Second Website redesign"],
    )  # fmt: skip
    assert (seeded.workspace.doc_templates["offer"].revision, seeded.workspace.doc_templates["offer"].file) == (
        2,
        "second.docx",
    )
    templates.delete_template(seeded, "offer")
    assert says(seeded, before) == first
    assert making.fitting(seeded, D1) == []
    with pytest.raises(NotFound):
        templates.find_template(seeded, "offer")
    assert add(seeded).key == "offer_2"
    with pytest.raises(Refused, match="already exists"):
        templates.restore_template(seeded, "offer")


def test_a_template_is_for_its_types_pipelines_and_people(seeded: Session, open_as: OpenAs) -> None:
    big = add_pipeline(seeded, "deal", "Big")
    add(seeded, label="All")
    add(seeded, label="Big", types=(f"deal/{big.key}",))
    add(seeded, label="Lead", types=("lead",))
    add(seeded, label="Mine", users=("anna",))
    luca = open_as("luca")

    assert {one.label for one in making.fitting(seeded, D1)} == {"All", "Mine"}
    assert {one.label for one in making.fitting(seeded, L1)} == {"Lead"}
    assert {one.label for one in making.fitting(luca, D1)} == {"All"}
    assert {one.label for one in templates.templates(luca)} == {"All", "Big", "Lead"}
    templates.retire_template(seeded, "all")
    assert {one.label for one in making.fitting(seeded, D1)} == {"Mine"}
    with pytest.raises(Refused, match="is not for L-1"):
        making.find_fitting(seeded, L1, "Mine")


def test_the_newest_used_comes_first_then_their_order(seeded: Session) -> None:
    for label in ("A", "B", "C"):
        add(seeded, label=label)
    assert [one.label for one in making.fitting(seeded, D1)] == ["A", "B", "C"]
    make(seeded, template="b")
    make(seeded, template="c")
    assert [one.label for one in making.fitting(seeded, D1)] == ["C", "B", "A"]
    templates.move_template(seeded, "c", -1)
    assert known(seeded) == ["a", "c", "b"]


def test_only_who_may_changes_them(seeded: Session, open_as: OpenAs) -> None:
    made = add(seeded)
    luca = open_as("luca")
    acts: list[Callable[[], object]] = [
        lambda: add(luca, label="Other"),
        lambda: templates.edit_template(luca, "offer", TemplateDetails("x")),
        lambda: templates.replace_template(luca, "offer", file_of("x")),
        lambda: templates.retire_template(luca, "offer"),
        lambda: templates.delete_template(luca, "offer"),
        lambda: templates.move_template(luca, "offer", 1),
    ]
    for act in acts:
        with pytest.raises(AccessDenied):
            act()
    with pytest.raises(AccessDenied), luca.change("past the service") as change:
        change.patch("template", 1, {"label": "x"})
    assert seeded.workspace.doc_templates["offer"] == made
    role = seeded.workspace.entry("role", "manager")
    assert role is not None
    with seeded.change("rights") as change:
        change.patch("role", role.id, {"specials": ["templates"]})
    luca.store.refresh()
    assert templates.edit_template(luca, "offer", TemplateDetails("Luca's")).label == "Luca's"


# -- numbers -----------------------------------------------------------------------------------------------------------
def test_each_counts_for_itself_or_shares_anothers_numbers(seeded: Session) -> None:
    add(seeded, numbering={"pattern": "{YEAR}-{NUMBER:3}", "reset": "year", "next": "41"})
    add(seeded, label="Invoice")
    add(seeded, label="Short offer", numbers="offer")

    assert [make(seeded, template=key).record.number for key in ("offer", "invoice", "short_offer", "offer", "invoice")] == [
        "2026-041", "1", "2026-042", "2026-043", "2",
    ]  # fmt: skip
    assert templates.next_of(seeded, seeded.workspace.doc_templates["short_offer"]) == "2026-044"
    templates.edit_template(seeded, "offer", TemplateDetails(numbering={"next": "43"}))
    assert make(seeded).record.number == "2026-044", "one that is there is passed over"


# -- checks ------------------------------------------------------------------------------------------------------------
def test_a_file_is_checked_by_name_and_place(seeded: Session) -> None:
    faults = check(seeded, file_of("{Title}", "{Titel}", "{Amount~d.m.Y}", "{#Comments}x{/Comments}"), ["deal"])

    assert [(one.kind, one.where, one.name, one.near) for one in faults] == [
        ("unknown", "paragraph 2", "Titel", "Title"),
        ("modifier", "paragraph 3", "Amount", ""),
    ]


def test_a_name_that_some_types_lack_is_told_with_them(seeded: Session) -> None:
    (fault,) = check(seeded, file_of("{CloseDate}"), ["deal", "company"])
    assert "does not exist for companies" in fault.message


def test_a_field_that_some_do_not_see_is_told(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", key="margin")
    restrict_field(seeded, "deal", "margin", ["anna"])
    file = file_of("{UfMargin}")

    assert [one.kind for one in check(seeded, file, ["deal"])] == ["unseen"]
    assert [one.kind for one in check(open_as("luca"), file, ["deal"])] == ["unknown"], "not even that there is one"


@pytest.mark.parametrize("doc", [{"key": "x"}, {"key": "x", "label": "x", "types": "deal", "blob": "x", "file": "x"}])
def test_the_door_refuses_what_is_no_template(seeded: Session, doc: dict[str, Any]) -> None:
    with pytest.raises(Refused), seeded.change("a script") as change:
        change.put("template", doc)
    assert isinstance(seeded.workspace, Workspace)
    assert said_in(file_of("x")) == ["x"]
