"""Rules in people's words, and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.activities.rule_told import told
from tuicrm.domain.activities.rule_words import read_rule
from tuicrm.domain.activities.rules import read
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.base import BadValue

CONTEXT = Context(NoNames(), datetime(2026, 11, 23, 10, tzinfo=UTC))
WORKING = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("every day", "FREQ=DAILY"),
        ("Daily", "FREQ=DAILY"),
        ("tutti i giorni", "FREQ=DAILY"),
        ("every 3 days", "FREQ=DAILY;INTERVAL=3"),
        ("ogni tre giorni", "FREQ=DAILY;INTERVAL=3"),
        ("weekly", "FREQ=WEEKLY"),
        ("settimanale", "FREQ=WEEKLY"),
        ("every monday", "FREQ=WEEKLY;BYDAY=MO"),
        ("Ogni  Lunedì", "FREQ=WEEKLY;BYDAY=MO"),
        ("mondays", "FREQ=WEEKLY;BYDAY=MO"),
        ("on tuesdays and fridays", "FREQ=WEEKLY;BYDAY=TU,FR"),
        ("il lunedì e la domenica", "FREQ=WEEKLY;BYDAY=MO,SU"),
        ("every mon, wed and fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("ogni martedì e giovedì", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("every weekday", WORKING),
        ("ogni giorno feriale", WORKING),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("every other monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("every 2 weeks on mon & thu", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"),
        ("ogni due settimane di martedì", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2"),
        ("monthly on 31", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("monthly on the 1st and the 15th", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ("mensile il 31", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("every month on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("ogni mese l'ultimo giorno", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("ogni mese l’ultimo giorno", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("monthly on the last friday", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("the last friday of the month", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("every first monday of the month", "FREQ=MONTHLY;BYDAY=1MO"),
        ("ogni primo lunedì del mese", "FREQ=MONTHLY;BYDAY=1MO"),
        ("monthly on the last working day", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
        ("every 3 months on the 15th", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15"),
        ("ogni trimestre", "FREQ=MONTHLY;INTERVAL=3"),
        ("yearly", "FREQ=YEARLY"),
        ("every year on 3 march", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3"),
        ("ogni anno il 3 marzo", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3"),
        ("yearly on 29 feb", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        ("every monday until 2027-03-01", "FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO"),
        ("every monday, until 1 mar", "FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO"),
        ("ogni lunedì fino al 3 marzo 2027", "FREQ=WEEKLY;UNTIL=20270303;BYDAY=MO"),
        ("every day 10 times", "FREQ=DAILY;COUNT=10"),
        ("every day, for 10 times", "FREQ=DAILY;COUNT=10"),
        ("ogni giorno, 10 volte", "FREQ=DAILY;COUNT=10"),
        ("freq=monthly;byday=-1su", "FREQ=MONTHLY;BYDAY=-1SU"),
        ("RRULE:FREQ=DAILY;COUNT=2", "FREQ=DAILY;COUNT=2"),
    ],
)
def test_people_say_how_it_repeats(words: str, rule: str) -> None:
    assert read_rule(words, CONTEXT) == rule


@pytest.mark.parametrize(
    "words",
    [
        "", " ", "every", "every second", "every lunch", "every 0 days", "ogni 0 giorni", "monday", "10 times",
        "until 2027-03-01", "every monday until never", "every day until", "every year on 31 nov", "monthly on 32",
        "monthly on the third", "weekly on 3", "daily on monday", "every day 0 times", "every day 1000000 times",
        "every 1001 days", "FREQ=SECONDLY", "every monday and lunch", "every " * 200, "\0", "ogni ²", "every ² days",
    ],
)  # fmt: skip
def test_what_is_no_repetition_is_refused(words: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_rule(words, CONTEXT)
    assert refused.value.message


@given(st.text(st.sampled_from("every monday 2 weeks,-0123456789 until ogni di il l'ultimo del mese"), max_size=40))
def test_nothing_that_is_typed_breaks_it(words: str) -> None:
    try:
        rule = read_rule(words, CONTEXT)
    except BadValue:
        return
    read(rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=1", "every 3 days, once"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20270303", "every week on Monday, until 3 Mar 2027"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=10", "every 2 weeks on Monday and Thursday, 10 times"),
        (WORKING, "every day from Monday to Friday"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
            "every 2 weeks on Monday, Tuesday, Wednesday, Thursday and Friday",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "every month on day 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3,1", "every month on day 1 and 3 from the end"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYDAY=1SU,2MO", "every month on the second Monday and on the first Sunday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last working day"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=3", "every month on number 3 of Monday and Tuesday"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3", "every year on 3 March"),
        ("FREQ=YEARLY;BYDAY=20MO", "every year on Monday number 20"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "every year on Monday in week 20"),
        ("FREQ=YEARLY;BYYEARDAY=100", "every year on day 100 of the year"),
        ("FREQ=DAILY;BYMONTH=6,7", "every day in June and July"),
        ("FREQ=WEEKLY;UNTIL=20270301T090000Z", "every week, until 1 Mar 2027"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_rule_is_told_in_words(rule: str, words: str) -> None:
    assert told(rule, "en") == words


@pytest.mark.parametrize(
    "words",
    ["every day", "every 2 weeks on Monday and Thursday, 10 times", "every month on the last Friday, until 3 Mar 2027",
     "every year on 3 March", "every month on day 31", "every month on the last working day"],
)  # fmt: skip
def test_what_is_told_can_be_typed(words: str) -> None:
    assert told(read_rule(words, CONTEXT), "en") == words
