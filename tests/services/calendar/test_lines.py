"""A typed line in a workspace: whom and what it names there, and that what is shown is what is saved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import HOSTILE_FEW
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused
from tuicrm.services.calendar import lines, planning
from tuicrm.services.items import items
from tuicrm.services.items.activity_kinds import add_kind
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.people import Details, add_person

D1 = Ref("deal", 1)
LINE = "call Paolo tomorrow 15 30min @Sala blu +luca !15m"


def test_the_line_of_the_issue(seeded: Session) -> None:
    fields = lines.fields_of(seeded, LINE)
    assert fields == {
        "what": "call Paolo", "kind": "call", "place": "Sala blu", "people": ["luca"], "reminders": [15],
        "start": "2026-11-24T15:00:00Z", "end": "2026-11-24T15:30:00Z",
    }  # fmt: skip
    assert lines.told(seeded, D1, fields) == [
        "Call", "call Paolo", "Tue 15:00–15:30", "Sala blu", "with Luca Riva (asked)", "reminder 15 min before",
    ]  # fmt: skip


def test_names_are_those_of_the_workspace(seeded: Session) -> None:
    add_kind(seeded, "Site visit")
    assert lines.fields_of(seeded, "Site visit Rossi fri 10")["kind"] == "site_visit"
    assert lines.fields_of(seeded, 'Talk +"Maria Rossi" +"Rossi Srl" +me')["contacts"] == ["contact:1", "company:1"]
    assert lines.fields_of(seeded, "Talk +C-1")["contacts"] == ["contact:1"]
    assert lines.fields_of(seeded, "Talk +luc", begins=True)["people"] == ["luca"]
    with pytest.raises(Refused):
        lines.fields_of(seeded, "Talk +luc")
    add_person(seeded, Details("Luca Riva"), key="luca2")
    items.add(seeded, "contact", {"last_name": "Verdi"})
    items.add(seeded, "contact", {"last_name": "Verdi"})
    for text in ('Talk +"Luca Riva"', "Talk +Verdi", "Talk +nobody", "", "tomorrow", "Meet !99999"):
        with pytest.raises(Refused) as caught:
            lines.fields_of(seeded, text)
        assert caught.value.fields[0].field == "what"


def test_without_a_time_it_is_due_in_three_working_days_and_days_are_days(seeded: Session) -> None:
    assert lines.fields_of(seeded, "Send it 45min") == {
        "what": "Send it", "start": "2026-11-26T10:00:00Z", "end": "2026-11-26T10:45:00Z",
    }  # fmt: skip
    assert lines.fields_of(seeded, "Fair fri all day")["day"] == "2026-11-27"


def test_a_line_says_how_it_repeats_and_begins_where_that_first_falls(seeded: Session) -> None:
    fields = lines.fields_of(seeded, "Standup every tuesday 9:00 15min until 1 mar 2027")
    assert (fields["start"], fields["rule"]) == ("2026-11-24T09:00:00Z", "FREQ=WEEKLY;UNTIL=20270301;BYDAY=TU")
    told = lines.told(seeded, D1, fields)
    assert told[1:4] == ["Standup", "Tue 09:00–09:15", "every week on Tuesday, until 1 Mar 2027"]
    number = planning.plan(seeded, D1, **fields)
    doc = seeded.record(ACTIVITIES, number).doc
    assert (doc["at"], doc["wall"], doc["rule"]) == ("2026-11-24T09:00:00Z", "2026-11-24T09:00", fields["rule"])
    every_day = lines.fields_of(seeded, "Look at the mail every day")
    assert every_day["start"][:10] == "2026-11-23", "it begins at once, not in three working days"
    at = "2026-12-01T08:00:00Z"
    assert lines.fields_of(seeded, "Mail every day", usual=at)["start"] == at, "the place it is planned at counts"


PIECES = st.sampled_from(
    [
        "call",
        "meeting",
        "Paolo",
        "tomorrow",
        "15",
        "30min",
        "@Sala",
        "blu",
        "+luca",
        "!15m",
        "!!",
        "#2",
        "all day",
        "9-10",
        "31 dec 9999",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=9).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_what_is_shown_is_what_is_saved_and_nothing_but_refusals_comes_of_it(seeded: Session, text: str) -> None:
    try:
        fields: dict[str, Any] = lines.fields_of(seeded, text)
        shown = lines.told(seeded, D1, fields)
    except Refused:
        return
    what = str(fields.pop("what"))
    try:
        number = planning.plan(seeded, D1, what, **fields)
    except Refused as refused:  # what no store can keep: half characters
        assert "\x00" in text or any(0xD800 <= ord(one) < 0xE000 for one in text), refused.message  # noqa: PT017
        return
    assert lines.doc_told(seeded, seeded.record(ACTIVITIES, number).doc) == shown


@pytest.mark.parametrize("text", HOSTILE_FEW)
def test_hostile_names_are_nobody(seeded: Session, text: str) -> None:
    for line in (f"Meet +x{text}", f'Meet @"{text}" +"{text}"', f"{text} tomorrow"):
        try:
            lines.told(seeded, D1, lines.fields_of(seeded, line))
        except Refused as refused:
            assert refused.fields  # noqa: PT017
