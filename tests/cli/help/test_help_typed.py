"""The page of days, times and amounts cannot lie: each text on it is given to a command, which understands what the page says."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.cli.conftest import Crm
from tuicrm.cli.help.help_topics import TOPICS
from tuicrm.cli.help.help_typed import asking, groups
from tuicrm.domain.language import ENGLISH, WORDS

FIELDS = {"date": "close_date", "datetime": "moment", "number": "weight", "money": "amount"}
LOCALES = ("en_GB", "en_US", "it_IT", "fr_CH", "de_DE")


@dataclass
class Page:
    """What `tuicrm help dates` says in a locale, and the examples it is made of."""

    locale: str
    crm: Crm

    def __post_init__(self) -> None:
        self.env = {"LC_ALL": f"{self.locale}.UTF-8", "TZ": "UTC", "COLUMNS": "100"}

    def lines(self) -> list[str]:
        return self.crm("help", "dates", env=self.env).out.splitlines()

    def understood(self, text: str, field: str) -> str:
        """What an edit tells, or what it kept where it tells nothing."""
        ran = self.crm("deal", "edit", "D-1", f"{field}={text}", env=self.env)
        assert ran.code == 0, (text, ran.err)
        for line in ran.err.splitlines():
            if line.startswith(f"“{text}”"):
                return line.rpartition(" è letto come " if self.locale == "it_IT" else " is read as ")[2]
        assert ran.err.count("“") == 0, ran.err
        return ""

    def kept(self, field: str) -> object:
        return self.crm("deal", "show", "D-1", "--json", env=self.env).fields[field]


@pytest.fixture(params=LOCALES)
def page(request: pytest.FixtureRequest, crm: Crm, monkeypatch: pytest.MonkeyPatch) -> Page:
    found = Page(request.param, crm)
    for key, kind in (("moment", "datetime"), ("weight", "number")):
        assert crm("field", "add", "deal", key, "--kind", kind).code == 0
    for name, value in found.env.items():
        monkeypatch.setenv(name, value)
    return found


def test_each_example_is_understood_as_the_page_says(page: Page) -> None:
    canonical = []
    for group in groups(asking()):
        for one in group.examples:
            before = page.lines()
            told = page.understood(one.text, FIELDS[one.kind])
            if told:
                shown = [line for line in (*before, *page.lines()) if line.startswith(f"  {one.text}  ")]
                assert any(line.split(one.text, 1)[1].strip().startswith(told) for line in shown), (
                    one.text,
                    told,
                    shown,
                )
            else:
                canonical.append((one.text, page.kept(FIELDS[one.kind])))
    by_text = dict(canonical)
    assert by_text["2026-12-18"] == "2026-12-18"
    assert by_text["2026-12-18T09:30"] == by_text["2026-12-18T09:30Z"] == "2026-12-18T09:30:00Z"
    assert by_text["38000.50"] == "38000.50"
    assert by_text["38000 USD"] == {"amount": "38000.00", "currency": "USD"}
    assert len(by_text) <= 7  # those, 1.234 where it looks so, and what is written as it is shown


def test_what_is_typed_likewise_is_taken(page: Page) -> None:
    for group in groups(asking()):
        for one in group.examples:
            shown = " ".join(" ".join(page.lines()).split())  # however the lines are broken
            assert all(text in shown for text in (one.text, *one.also)), one
            for text in one.also:
                page.understood(text, FIELDS[one.kind])


SAME = {
    "18/12": ("18.12",),
    "18 dec": ("18 dicembre",),
    "fri": ("friday", "ven", "venerdì"),
    "15:00": ("3pm",),
    "1.2M": ("1.2mln", "1.2mio"),
    "2b": ("2mrd",),
    "(5)": ("-5",),
    "+2w": ("+2s",),
    "+1y": ("+1a",),
    "today+14d": ("oggi+14g",),
}


def test_what_says_the_same_means_the_same(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"LC_ALL": "en_GB.UTF-8", "TZ": "UTC"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    for key, kind in (("moment", "datetime"), ("weight", "number")):
        crm("field", "add", "deal", key, "--kind", kind)
    found = {one.text: one for group in groups(asking()) for one in group.examples}
    for text, others in SAME.items():
        field = FIELDS[found[text].kind]
        values = []
        for other in (text, *others):
            assert crm("deal", "edit", "D-1", f"{field}={other}", env=env).code == 0
            values.append(crm("deal", "show", "D-1", "--json", env=env).fields[field])
        assert len(set(values)) == 1, (text, values)


@pytest.mark.parametrize("page", ["en_US", "it_IT"], indirect=True)
def test_filters_and_options_take_them_too(page: Page) -> None:
    assert page.crm("currency", "set", "USD", "0.9").code == 0
    for group in groups(asking()):
        for one in group.examples:
            for text in (one.text, *one.also):
                where = f'{FIELDS[one.kind]} > "{text}"'
                ran = page.crm("deal", "list", "--where", where, "--format", "ids", env=page.env)
                assert ran.code == 0, (where, ran.err)
                if one.kind in ("date", "datetime"):
                    assert page.crm("log", f"--since={text}", env=page.env).code == 0, text


def test_a_mistake_in_the_settings_does_not_hide_it(crm: Crm, tmp_path: object) -> None:
    assert "Days:" in crm("help", "dates", env={"TUICRM_CONFIG": str(tmp_path)}).out


# -- filters -----------------------------------------------------------------------------------------------------------
FILTERS = {
    "and": "amount > 1000 {and} stage = New",
    "or": "amount > 1000 {or} stage = New",
    "not": "{not} rossi",
    "in": "stage {in} (New, Won)",
    "is": "amount {is} {empty}",
    "empty": "amount {is} {empty}",
    "me": "responsible = {me}",
    "yes": "flag = {yes}",
    "no": "flag = {no}",
    "today": "close_date < {today}+14d",
}


@pytest.mark.parametrize("language", sorted(WORDS))
def test_each_word_of_a_language_is_one_of_its_filters(crm: Crm, language: str) -> None:
    env = {"LC_ALL": "it_IT.UTF-8" if language == "it" else "en_GB.UTF-8"}
    crm("field", "add", "deal", "flag", "--kind", "boolean")
    shown = crm("help", "filters", env=env).out
    for english, words in WORDS[language].items():
        if language != ENGLISH:
            assert f"\n  {', '.join(words)} " in shown
        for word in words:
            here = {name: others[0] for name, others in WORDS[language].items()} | {english: word}
            text = FILTERS[english].format(**here)
            meant = FILTERS[english].format(**{name: name for name in FILTERS})
            ran = crm("deal", "list", "--where", text, "--format", "ids", env=env)
            assert (ran.code, ran.out) == (0, crm("deal", "list", "--where", meant, "--format", "ids").out), text


def test_the_comparisons_that_help_shows_are_comparisons(crm: Crm) -> None:
    """All of the first column, as it stands there."""
    shown = crm("help", "filters", env={"COLUMNS": "100"}).out
    block = shown.partition("Comparisons:\n")[2].partition("\n\n")[0]
    texts = [line[2:].partition("  ")[0] for line in block.splitlines() if line[2] != " "]
    assert len(texts) > 8
    assert crm("filter", "save", "deal", "hot", "amount > 1").code == 0
    assert crm("stage", "add", "deal", "Proposal").code == 0
    for text in texts:
        noun = "contact" if "phone" in text else "deal"
        ran = crm(noun, "list", "--where", text, "--format", "ids")
        assert ran.code == 0, (text, ran.err)


def test_every_topic_is_made_in_every_language(crm: Crm) -> None:
    for locale in ("en_GB", "it_IT", "C", "xx_XX"):
        for topic in TOPICS:
            assert crm("help", topic, env={"LC_ALL": f"{locale}.UTF-8"}).code == 0
