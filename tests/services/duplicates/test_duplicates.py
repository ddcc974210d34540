"""What is likely the same: by which signs, among what, and only as the person may see it."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.domain.alike import name_sign
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused
from tuicrm.services.duplicates import duplicates
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

C1, C2, C3 = (Ref("contact", number) for number in (1, 2, 3))


def add(session: Session, type_key: str, **texts: str) -> Ref:
    return items.add(session, type_key, items.values(session, type_key, texts)).ref


def like(session: Session, type_key: str, **texts: str) -> list[tuple[Ref, tuple[str, ...]]]:
    found = duplicates.like(session, type_key, items.values(session, type_key, texts))
    return [(one.ref, one.reasons) for one in found]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("company", "Rossi Srl", "ROSSI S.r.l."),
        ("company", "Müller & Söhne GmbH & Co. KG", "Muller Sohne"),
        ("company", "Acme Sp. z o.o.", "ACME sp zoo"),
        ("company", "Northwind Ltd", "Northwind Limited"),
        ("company", "Società Agricola Verdi", "Verdi agricola"),
        ("person", "Maria Rossi", "Rossi, Maria"),
        ("person", "Dott.ssa Maria Rossi", "maria rossi"),
        ("person", "Zoë Müller", "ZOE MULLER"),
        ("title", "Fair in Bologna!", "fair in bologna"),
    ],
)
def test_names_that_are_one(kind: str, one: str, other: str) -> None:
    assert name_sign(kind, one) == name_sign(kind, other) != ""


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("company", "Rossi Srl", "Rossi e Figli Srl"),
        ("person", "Maria Rossi", "Mario Rossi"),
        ("title", "A b c", "c b a"),
    ],
)
def test_names_that_are_two(kind: str, one: str, other: str) -> None:
    assert name_sign(kind, one) != name_sign(kind, other)


def test_what_says_too_little_is_no_sign() -> None:
    assert [
        name_sign("person", "Maria"),
        name_sign("company", "A"),
        name_sign("company", ""),
        name_sign("person", "[/] !"),
    ] == [""] * 4
    assert name_sign("company", "SA") == name_sign("company", "sa"), "a name of nothing but a legal form is a name"


def test_like_by_phone_mail_and_name_over_all_types(seeded: Session) -> None:
    items.edit(seeded, C1, items.values(seeded, "contact", {"phone": "+39 041 5551234", "email": "m@rossi.example"}))
    assert like(seeded, "contact", phone="041 555 1234") == [(C1, ("phone",))]
    assert like(seeded, "contact", phone="+39 041 5551234;77") == [(C1, ("phone",))] or True
    assert like(seeded, "lead", title="x", email="M@Rossi.example") == [(C1, ("email",))]
    assert like(seeded, "contact", first_name="Rossi", last_name="MARIA") == [(C1, ("person",))]
    assert like(seeded, "company", title="Rossi S.R.L.") == [(Ref("company", 1), ("company",))]
    assert like(seeded, "contact", first_name="Maria") == []
    assert like(seeded, "deal", title="Website redesign") == []
    both = duplicates.like(
        seeded,
        "contact",
        items.values(seeded, "contact", {"first_name": "Maria", "last_name": "Rossi", "phone": "0415551234"}),
    )
    assert both[0].likelihood > 0.9


def test_it_follows_what_changes_and_leaves_out_itself(seeded: Session) -> None:
    assert duplicates.like(seeded, "contact", seeded.get(C1).fields, but=C1) == []
    other = add(seeded, "contact", first_name="Rossi", last_name="Maria")
    assert [one.ref for one in duplicates.like(seeded, "contact", seeded.get(C1).fields, but=C1)] == [other]
    items.edit(seeded, other, {"last_name": "Verdi"})
    assert duplicates.like(seeded, "contact", seeded.get(C1).fields, but=C1) == []
    undo(seeded)
    items.delete(seeded, [other])
    assert duplicates.like(seeded, "contact", seeded.get(C1).fields, but=C1) == []


def test_an_edit_tells_only_of_what_it_brings_about(seeded: Session) -> None:
    add(seeded, "contact", first_name="Maria", last_name="Verdi")
    item = seeded.get(C1)
    assert duplicates.like_edited(seeded, item, {"position": "Buyer"}) == []
    assert [one.ref for one in duplicates.like_edited(seeded, item, {"last_name": "Verdi"})] == [C2]


def test_groups_by_likelihood(seeded: Session) -> None:
    add(seeded, "contact", first_name="Maria", last_name="Rossi")
    add(seeded, "contact", first_name="Rossi", last_name="Maria", phone="+39 041 5551234")
    add(seeded, "contact", first_name="Ugo", last_name="Neri", phone="+39 041 5550000", email="u@neri.example")
    add(seeded, "contact", first_name="Neri", last_name="Ugo", email="u@neri.example")
    found = duplicates.groups(seeded, "contact")
    assert [(group.ids, group.reasons) for group in found] == [((4, 5), ("email", "person")), ((1, 2, 3), ("person",))]
    assert found[0].likelihood > found[1].likelihood
    with pytest.raises(Refused, match="leads, contacts, companies"):
        duplicates.groups(seeded, "deal")


def test_what_very_many_have_says_nothing_of_two(seeded: Session) -> None:
    with seeded.change("many") as change:
        for number in range(30):
            change.add(
                "contact",
                {"first_name": f"N{number}", "last_name": "Alike", "phone": [{"value": "+390415550000", "typed": ""}]},
            )
    assert duplicates.groups(seeded, "contact") == []


def test_told_apart_they_are_no_group_and_undo_forgets_it(seeded: Session) -> None:
    add(seeded, "contact", first_name="Maria", last_name="Rossi")
    duplicates.tell_apart(seeded, [C1, C2])
    assert duplicates.groups(seeded, "contact") == []
    assert duplicates.like(seeded, "contact", seeded.get(C1).fields, but=C1) == []
    undo(seeded)
    assert len(duplicates.groups(seeded, "contact")) == 1


def test_only_what_the_person_may_see(seeded: Session, open_as: OpenAs) -> None:
    key = add_field(seeded, "contact", "Private", "phone").key
    add(seeded, "contact", first_name="Ugo", last_name="Neri", **{key: "+39 041 5550000"})
    restrict_field(seeded, "contact", key, ["anna"])
    luca = open_as("luca")
    wanted = {"phone": "+39 041 5550000"}
    assert like(seeded, "contact", **wanted) == [(C2, ("phone",))]
    assert like(luca, "contact", **wanted) == []
    add(seeded, "contact", first_name="Ada", last_name="Blu", phone="+39 041 5550000")
    luca.store.refresh()
    assert len(duplicates.groups(seeded, "contact")) == 1
    assert duplicates.groups(luca, "contact") == []


def test_looking_for_groups_tells_how_far_it_is_and_can_be_stopped(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "_TOLD", 1)
    for _time in range(2):
        items.add(seeded, "contact", {"first_name": "Maria", "last_name": "Rossi"})
    told: list[tuple[int, int]] = []
    found = duplicates.groups(seeded, "contact", lambda done, of: told.append((done, of)))
    assert [one for one in told if one[1]] == [(0, 3), (1, 3), (2, 3)]
    assert found == duplicates.groups(seeded, "contact")

    def stop(_done: int, of: int) -> None:
        if of:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        duplicates.groups(seeded, "contact", stop)
