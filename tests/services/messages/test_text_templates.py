"""Templates of texts: for whom and what they are, who changes them, and what they become for an item."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.history import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import text_templates
from tuicrm.services.messages.text_templates import (
    TextTemplateDetails,
    add_text_template,
    delete_text_template,
    edit_text_template,
    fill,
    find_text_template,
    fitting,
    retire_text_template,
)

D1 = Ref("deal", 1)
DETAILS = TextTemplateDetails(
    "Offer", "Dear client,\r\n{#Amount}\n{Title}: {Amount}\n{/Amount}\nAnna  \n", subject="On {Title}"
)


def test_it_is_filled_with_the_values_of_an_item_in_its_language(seeded: Session) -> None:
    items.edit(seeded, D1, {"title": "Hotel\u2028{Amount}\x1b[31m", "amount": {"amount": "1234.50", "currency": "EUR"}})
    made = add_text_template(seeded, DETAILS)
    assert (made.key, made.types, made.users) == ("offer", [], [])
    filled = fill(seeded, made, D1)
    assert filled.subject.startswith("On Hotel {Amount}"), "one line, and what is filled in is no placeholder"
    assert "1,234.50" in filled.text
    assert "1.234,50" in fill(seeded, made, D1, language="it").text
    edited = edit_text_template(seeded, "offer", TextTemplateDetails(language="it"))
    assert "1.234,50" in fill(seeded, edited, D1).text
    items.edit(seeded, D1, {"amount": None})
    assert fill(seeded, edited, D1).text == "Dear client,\nAnna"


def test_it_is_for_some_items_and_ways(seeded: Session) -> None:
    add_text_template(seeded, DETAILS._replace(label="Deals", types=["deal/general"], channel="mail"))
    add_text_template(seeded, DETAILS._replace(label="All", channel="sms"))
    add_text_template(seeded, DETAILS._replace(label="Leads", types=["lead"]))
    assert [one.key for one in fitting(seeded, D1)] == ["deals", "all"]
    assert [one.key for one in fitting(seeded, D1, "mail")] == ["deals"]
    retire_text_template(seeded, "deals")
    assert fitting(seeded, D1, "mail") == []
    assert retire_text_template(seeded, "deals", back=True).retired is False
    known = seeded.workspace.text_templates
    with pytest.raises(Refused, match="Leads is not for D-1"):
        fill(seeded, known["leads"], D1)
    with pytest.raises(Refused, match="All is for sms"):
        fill(seeded, known["all"], D1, channel="mail")
    with pytest.raises(NotFound):
        fill(seeded, known["all"], Ref("deal", 999))


def test_everybody_has_their_own_and_others_need_the_right(seeded: Session, open_as: OpenAs) -> None:
    for_anna = add_text_template(seeded, DETAILS._replace(label="Secret wording", users=[seeded.person_key]))
    for_all = add_text_template(seeded, DETAILS)
    luca = open_as("luca")
    assert [one.key for one in text_templates.text_templates(luca)] == ["offer"]
    with pytest.raises(NotFound) as missing:
        find_text_template(luca, for_anna.key)
    assert "Secret wording" not in missing.value.message
    with pytest.raises(AccessDenied):
        fill(luca, for_anna, D1)
    mine = add_text_template(luca, DETAILS._replace(label="Mine"))
    assert mine.users == ["luca"], "for oneself, where one may make no others"
    assert edit_text_template(luca, "mine", TextTemplateDetails(text="New")).text == "New"
    for refused in (
        lambda: edit_text_template(luca, for_all.key, TextTemplateDetails(text="New")),
        lambda: edit_text_template(luca, "mine", TextTemplateDetails(users=[])),
        lambda: add_text_template(luca, DETAILS._replace(label="Ours", users=["department:company"])),
        lambda: delete_text_template(luca, for_all.key),
        lambda: retire_text_template(luca, for_anna.key),
    ):
        with pytest.raises(AccessDenied, match="for you alone"):
            refused()
    delete_text_template(luca, "mine")
    assert "mine" not in luca.workspace.text_templates
    undo.undo(luca)
    assert "mine" in luca.workspace.text_templates
    with pytest.raises(NotFound):
        delete_text_template(luca, "nothing_such")


@pytest.mark.parametrize(("details", "told"), [
    (DETAILS._replace(text=" \n "), "text: a text is expected"),
    (DETAILS._replace(text="{#Title} x"), "text: {#Title} is never closed"),
    (DETAILS._replace(subject="x {/Title}"), "subject: {/Title} closes what was never opened"),
    (DETAILS._replace(subject="x\nBcc: eve@example.com"), "subject: one line"),
    (DETAILS._replace(cloud_name="x\ny"), "cloud_name: one line"),
    (DETAILS._replace(channel="fax"), "channel: choose one of"),
    (DETAILS._replace(language="xx_nonsense"), "language: "),
    (DETAILS._replace(label=" "), "label: "),
    (DETAILS._replace(text="x" * 100_001), "at most 100000"),
    (DETAILS._replace(subject="x" * 1_001), "at most 1000"),
])  # fmt: skip
def test_what_is_no_template_is_refused(seeded: Session, details: TextTemplateDetails, told: str) -> None:
    with pytest.raises(Refused) as refused:
        add_text_template(seeded, details)
    assert told in refused.value.message
    assert not seeded.workspace.text_templates
    with pytest.raises(Refused):
        add_text_template(seeded, DETAILS, key="Not a key")
    add_text_template(seeded, DETAILS, key="offer")
    with pytest.raises(Refused):
        add_text_template(seeded, DETAILS._replace(label="Other"), key="offer")
    with pytest.raises(Refused):
        add_text_template(seeded, DETAILS)


def test_names_that_nothing_answers_to_and_that_some_do_not_see_are_told(seeded: Session) -> None:
    add_field(seeded, "deal", "Access", "string", key="access")
    restrict_field(seeded, "deal", "access", [seeded.person_key])
    made = add_text_template(
        seeded, DETAILS._replace(text="x\n{Tittle} {UfAccess}\n{#Amont}\n{/Amont}", types=["deal"])
    )
    found = [(one.kind, one.where, one.name, one.near) for one in text_templates.faults(seeded, made)]
    assert found == [
        ("unknown", "text, line 2", "Tittle", "Title"),
        ("unseen", "text, line 2", "UfAccess", ""),
        ("unknown", "text, line 3", "Amont", "Amount"),
    ]
