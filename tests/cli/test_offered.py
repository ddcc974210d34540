"""Whatever an error or a help offers as a form is taken by the very door that offered it; and what was understood is told."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Crm
from tuicrm.domain.filters import compile_filter
from tuicrm.errors import Refused, UsageError
from tuicrm.services.items import items
from tuicrm.services.kernel.filter_scope import scope_for
from tuicrm.services.kernel.session import Session

LOCALES = ("en_US", "it_IT", "fr_FR")
"""With the month first, with a comma for a point, and with blanks between thousands."""
_SUCH_AS = re.compile(r"(?:such as|come) (.*?)(?:, (?:not|non) “|: (?:what|quanto) |\(at |$)", re.MULTILINE)
_BETWEEN = re.compile(r", (?:or a moment: |o un momento: )?(?:or |o |oppure )?| or | o | oppure ")


def forms(message: str) -> list[str]:
    """The forms that a message offers: `such as 38000, 38k or 38,000.50 EUR`."""
    offered = _SUCH_AS.search(message)
    assert offered, message
    found = [
        one.strip() for one in _BETWEEN.split(offered[1].removesuffix(" is expected").removesuffix("\n")) if one.strip()
    ]
    assert found, message
    return found


FIELDS = ("amount", "probability", "margin", "share", "size", "fee", "close_date", "call_back")
"""One of each kind that people write in their own way, and some that take but a part of it."""


@pytest.fixture
def fields(crm: Crm) -> Crm:
    assert crm("field", "add", "deal", "Margin", "--kind", "number").code == 0
    assert crm("field", "add", "deal", "Share", "--kind", "number", "precision=0").code == 0
    assert crm("field", "add", "deal", "Size", "--kind", "integer", "min=100000").code == 0
    assert crm("field", "add", "deal", "Fee", "--kind", "money", "max=500").code == 0
    assert crm("field", "add", "deal", "Call back", "--kind", "datetime", "--key", "call_back").code == 0
    return crm


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("words", "last", "code"),
    [(("deal", "edit", "D-1"), "{key}={form}", 4), (("deal", "list", "--where"), "{key} > {form}", 2)],
    ids=["edit", "where"],
)
def test_the_command_line_and_filters_take_what_their_errors_offer(
    fields: Crm, locale: str, words: tuple[str, ...], last: str, code: int
) -> None:
    env = {"LANG": f"{locale}.UTF-8"}
    for key in FIELDS:
        told = fields(*words, last.format(key=key, form="???"), env=env)
        assert told.code == code, told
        for form in forms(told.err):
            ran = fields(*words, last.format(key=key, form=form), env=env)
            assert ran.code == 0, (key, form, ran)


DOORS = [
    ("activity", "add", "D-1", "call", "--at", "{}"),
    ("log", "--since", "{}"),
    ("deal", "history", "D-1", "--at", "{}"),
    ("field", "edit", "deal", "margin", "min={}"),
    ("field", "edit", "deal", "margin", "default={}"),
    ("currency", "set", "USD", "{}"),
    ("deal", "products", "add", "D-1", '"x" @ 5', "quantity={}"),
    ("deal", "products", "add", "D-1", '"x" @ 5', "price={}"),
    ("deal", "move", "D-1", "preparation", "amount={}"),
    ("deal", "edit", "D-1", "D-2", "amount={}"),
    ("deal", "edit", "D-1", "D-2", "close_date={}"),
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_every_other_door_takes_what_its_errors_offer(fields: Crm, door: tuple[str, ...], locale: str) -> None:
    env = {"LANG": f"{locale}.UTF-8"}

    def with_form(form: str) -> tuple[str, ...]:
        return tuple(word.format(form) for word in door)

    for form in forms(fields(*with_form("???"), env=env).err):
        ran = fields(*with_form(form), env=env)
        # A rate, or a time before there was the item, may be refused for what it is, never for how it is written.
        assert ran.code == 0 or "There was no D-1 then" in ran.err or "Allora D-1" in ran.err, (form, ran)


@pytest.mark.parametrize("locale", LOCALES)
def test_screens_take_what_their_errors_offer(seeded: Session, locale: str) -> None:
    seeded.locale = locale
    for key in ("amount", "close_date"):
        with pytest.raises(Refused) as told:
            items.values(seeded, "deal", {key: "???"}, canonical=False)
        for form in forms(told.value.message):
            assert items.values(seeded, "deal", {key: form}, canonical=False)[key], form


@pytest.mark.parametrize("locale", LOCALES)
def test_screen_command_line_and_filter_read_alike(seeded: Session, locale: str) -> None:
    """Every form that any of them offers means the same to all three."""
    seeded.locale = locale
    for key in ("amount", "close_date"):
        offered = set[str]()
        for canonical in (True, False):
            with pytest.raises(Refused) as refused:
                items.values(seeded, "deal", {key: "???"}, canonical=canonical)
            offered.update(forms(refused.value.message))
        with pytest.raises(UsageError) as wrong:
            compile_filter(f"{key} = ???", scope_for(seeded, "deal"))
        offered.update(form for form in forms(wrong.value.message) if "now" not in form and '"' not in form)
        for form in offered:
            values = [items.values(seeded, "deal", {key: form}, canonical=way)[key] for way in (True, False)]
            assert values[0] == values[1], form
            value = values[0]["amount"] + " EUR" if key == "amount" else values[0]
            scope = scope_for(seeded, "deal")
            assert compile_filter(f'{key} = "{form}"', scope) == compile_filter(f"{key} = {value}", scope), form


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("deal", "edit", "D-1", "close_date=fri"), "“fri” is read as Fri "),
        (("deal", "edit", "D-1", "close_date=18/12"), "“18/12” is read as "),
        (("deal", "edit", "D-1", "amount=38k"), "“38k” is read as 38,000.00"),
        (("deal", "edit", "D-1", "D-2", "amount=38k"), "“38k” is read as 38,000.00"),
        (("deal", "add", "title=x", "amount=€ 1.5k"), "“€ 1.5k” is read as € 1,500.00"),
        (("deal", "move", "D-1", "preparation", "close_date=+3d"), "“+3d” is read as "),
        (("deal", "list", "--where", "close_date < fri"), "“fri” is read as Fri "),
        (("activity", "add", "D-1", "call", "--at", "tomorrow 9:30"), "“tomorrow 9:30” is read as "),
        (("log", "--since", "yesterday"), "“yesterday” is read as "),
    ],
    ids=str,
)
def test_what_was_understood_is_told_once_and_not_to_programs(crm: Crm, words: tuple[str, ...], told: str) -> None:
    ran = crm(*words)
    assert ran.code == 0, ran
    assert ran.err.count(told) == 1, ran.err
    assert told not in crm(*words, "--quiet").err
    assert crm(*words, "--json").err == ""


def test_canonical_forms_mean_themselves_in_every_locale_and_nothing_is_told(crm: Crm) -> None:
    for locale in LOCALES:
        env = {"LANG": f"{locale}.UTF-8"}
        ran = crm("deal", "edit", "D-1", "amount=1234.50 EUR", "close_date=2026-12-18", "--json", env=env)
        assert ran.fields["amount"] == {"amount": "1234.50", "currency": "EUR"}
        assert ran.fields["close_date"] == "2026-12-18"
        assert " is read as " not in crm("deal", "edit", "D-1", "amount=99.50", env=env).err


HELP = [
    ("deal add", 'deal add title="ERP connector" amount="38000 EUR"', ("title=ERP connector", "amount=38000 EUR")),
    ("activity add", "2026-12-18T09:30", ("D-1", "call", "--at", "2026-12-18T09:30")),
    ("activity add", "+3d", ("D-1", "call", "--at", "+3d")),
    ("deal history", "", ("D-1", "--at", "now")),
    ("log", "", ("--since", "today")),
]


@pytest.mark.parametrize(("command", "said", "words"), HELP, ids=str)
def test_what_help_shows_is_taken(crm: Crm, command: str, said: str, words: tuple[str, ...]) -> None:
    if said and said in words:
        assert said in crm(*command.split(), "--help").out
    assert crm(*command.split(), *words).code == 0


def test_a_filter_is_kept_in_english_and_read_by_everyone(crm: Crm) -> None:
    italian = {"LANG": "it_IT.UTF-8"}
    text = "importo > 0 e chiusura < oggi+60g o responsible = io".replace("chiusura", "close_date")
    assert crm("filter", "save", "deal", "mine", text, "--shared", env=italian).code == 0
    kept = crm("filter", "list", "deal", "--json").json["filters"][0]
    assert kept["text"] == "importo > 0 and close_date < oggi+60g or responsible = io"
    here = crm("deal", "list", "--where", "@mine", "--json").json["total"]
    there = crm("deal", "list", "--where", "@mine", "--json", env=italian).json["total"]
    assert here == there == crm("deal", "list", "--where", text, "--json", env=italian).json["total"]
    narrowed = crm("deal", "list", "--where", "@mine e titolo ~ ERP", "--json", env=italian)
    assert narrowed.code == 0, narrowed
