"""Card layouts in the model product's form: read strictly, taken into our fields, and given again as they were."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.types import item_type
from tests.hostile import HOSTILE
from tuicrm.domain.schema import Field, Foreign, Layout, Placed, Section
from tuicrm.errors import Refused
from tuicrm.exchange.bitrix.layout_fields import TakenLayout, give_layout, take_layout
from tuicrm.exchange.bitrix.layout_form import COMPOSITES
from tuicrm.exchange.bitrix.recognise import read_layout

DEAL = item_type(
    "deal",
    ["title"],
    Field("title", "string", "Title", source="TITLE"),
    Field("amount", "money", "Amount", source="OPPORTUNITY"),
    Field("company", "item", "Company", source="COMPANY_ID"),
    Field("contacts", "item", "Contacts", many=True, source="CONTACT_IDS"),
    Field("observers", "person", "Observers", many=True, source="OBSERVER"),
    Field("utm_source", "string", "UTM source", source="UTM_SOURCE"),
    Field("utm_medium", "string", "UTM medium", source="UTM_MEDIUM"),
    Field("closed", "boolean", "Closed"),
    Field("margin", "number", "Margin", custom=True),
    Field("fee", "money", "Fee", custom=True, source="UF_CRM_2"),
)


def element(name: str, flags: Any = "0", **options: Any) -> dict[str, Any]:
    return {"name": name, "optionFlags": flags, **({"options": options} if options else {})}


def section(*elements: dict[str, Any], name: str = "main", title: str = "About", **more: Any) -> dict[str, Any]:
    return {"name": name, "title": title, "type": "section", "elements": list(elements), **more}


def taken(*sections: dict[str, Any]) -> TakenLayout:
    return take_layout(read_layout(json.dumps(sections).encode(), "x.json"), DEAL)


def given_again(*sections: dict[str, Any]) -> list[dict[str, Any]]:
    return give_layout(Layout(taken(*sections).sections), DEAL, "en")


# -- reading -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "place", "expected"),
    [
        ([], "layout", "a list of sections is expected"),
        ({"sections": []}, "layout", "a list of sections is expected"),
        ("text", "layout", "a list of sections is expected"),
        ([1], "section 1", "a section is expected"),
        ([section(), None], "section 2", "a section is expected"),
        ([{"title": "x"}], "section 1.name", "a text is expected"),
        ([{"name": 5, "title": "x"}], "section 1.name", "a text is expected"),
        ([{"name": "main"}], "main.title", "a text is expected"),
        ([{"name": "main", "title": "  "}], "main.title", "a text is expected"),
        ([section(title="a\0b")], "main.title", "NUL"),
        ([section(type="column")], "main.type", "“section” is expected"),
        ([section(elements={})], "main.elements", "a list of elements is expected"),
        ([section("TITLE")], "main, element 1", "an element is expected"),  # type: ignore[arg-type]
        ([section(element("TITLE"), {})], "main, element 2.name", "a text is expected"),
        ([section(element("TITLE", "2"))], "main.TITLE.optionFlags", "0 or 1 is expected"),
        ([section(element("TITLE", True))], "main.TITLE.optionFlags", "0 or 1 is expected"),
        ([section(element("TITLE", [1]))], "main.TITLE.optionFlags", "0 or 1 is expected"),
        ([section({"name": "TITLE", "options": "x"})], "main.TITLE.options", "an object is expected"),
        ([section(), section()], "main", "each section needs a name of its own"),
        ([section(titles=["x"])], "main.titles", "a name by language is expected"),
    ],
)
def test_what_is_no_layout_is_refused_with_its_place_and_what_is_expected(
    content: Any, place: str, expected: str
) -> None:
    for document in (content, {"result": content}):
        with pytest.raises(Refused, match=expected) as refused:
            read_layout(json.dumps(document).encode(), "x.json")
        assert refused.value.fields[0].field == place
        assert place in refused.value.message


def test_other_files_are_refused() -> None:
    for content in (b"{", b"\xff", b'{"error": "x", "error_description": "Access denied"}', b"[" * 100_000):
        with pytest.raises(Refused):
            read_layout(content, "x.json")


def test_null_says_that_nothing_is_stored() -> None:
    assert read_layout(b"null", "x").sections == ()
    assert read_layout(b'{"result": null, "time": {"start": 1.5}}', "x").sections == ()


def test_what_its_own_program_takes_is_taken() -> None:
    bare: list[dict[str, Any]] = [
        {"name": "main", "title": "About"},
        {"name": "more", "title": "More", "elements": [{"name": "TITLE"}]},
    ]
    assert [one.key for one in taken(*bare).sections] == ["main", "more"]
    flags = (1, "1", 0, "0", "", None)
    for given_flag, kept in zip(flags, (True, True, False, False, False, False), strict=True):
        (found,) = taken(section(element("TITLE", given_flag))).sections
        assert found.fields == [Placed("title", kept)]
    assert taken(section({"name": "TITLE", "options": []})).sections[0].fields == [Placed("title")]


def test_what_else_stands_there_is_told() -> None:
    strange = section({**element("TITLE"), "colour": "red"}, editable=True, titles={"en": "Other"})
    read = read_layout(json.dumps([strange]).encode(), "x")
    assert read.unread == ("main: editable", "main.TITLE: colour", "main: titles")


def test_options_are_kept_as_they_are() -> None:
    options = {"a": {"b": [1, 2.5, None, True, "x"]}, "big": 12345678901234567890}
    (found,) = taken(section(element("TITLE", **options))).sections
    assert found.fields[0].options == options
    assert given_again(section(element("TITLE", **options))) == [section(element("TITLE", **options))]
    deep: Any = 1
    for _level in range(30):
        deep = {"x": deep}
    with pytest.raises(Refused, match=r"main\.TITLE\.options: at most 20 objects in each other are expected$"):
        taken(section(element("TITLE", x=deep)))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_titles_and_options_are_only_text_and_names_are_printable(text: str) -> None:
    hostile = section(element("TITLE", "1", **{text: text}), title=text)
    named = section(element(text), name=text)
    kept = text.strip() and "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
    for layout, taken_in in ((hostile, kept), (named, kept and text.isprintable())):
        if taken_in:
            assert given_again(layout) == [layout]
        else:
            with pytest.raises(Refused):
                given_again(layout)


# -- into our fields, and back -----------------------------------------------------------------------------------------
def test_composites_are_the_fields_they_stand_for_and_come_back_as_they_were() -> None:
    layout = [
        section(element("TITLE"), element("CLIENT", "1", defaultCountry="RU"), element("OBSERVER", "1")),
        section(element("OPPORTUNITY_WITH_CURRENCY", "1", isPayButtonVisible="false"), element("UTM"), name="more"),
    ]
    main, more = taken(*layout).sections
    client = [Placed(key, True, {"defaultCountry": "RU"}, "CLIENT") for key in ("company", "contacts")]
    assert main.fields == [Placed("title"), *client, Placed("observers", True)]
    assert [(one.field, one.source) for one in more.fields] == [
        ("amount", "OPPORTUNITY_WITH_CURRENCY"),
        ("utm_source", "UTM"),
        ("utm_medium", "UTM"),
    ]
    assert given_again(*layout) == layout


def test_a_composite_that_was_taken_apart_is_told_by_its_parts() -> None:
    (main,) = taken(section(element("CLIENT", "1"), element("TITLE"))).sections
    company, contacts, title = main.fields
    apart = Layout([Section("main", "About", [company, title, contacts])])
    told = give_layout(apart, DEAL, "en")
    assert [one["name"] for one in told[0]["elements"]] == ["COMPANY_ID", "TITLE", "CONTACT_IDS"]
    one_of_them = Layout([Section("main", "About", [company, Placed("contacts", False, source="CLIENT")])])
    assert [(one["name"], one["optionFlags"]) for one in give_layout(one_of_them, DEAL, "en")[0]["elements"]] == [
        ("COMPANY_ID", "1"),
        ("CONTACT_IDS", "0"),
    ]


def test_elements_without_a_field_are_told_and_come_back_in_their_place() -> None:
    layout = [
        section(element("REQUISITES", "1"), element("TITLE"), element("UF_CRM_9", "1", a=1), element("UF_CRM_2")),
        section(element("PRODUCT_ROW_SUMMARY"), name="products", title="Products"),
    ]
    found = taken(*layout)
    assert found.left == ("REQUISITES", "UF_CRM_9", "PRODUCT_ROW_SUMMARY")
    assert found.sections[0].fields == [Placed("title"), Placed("fee")]
    assert found.sections[0].foreign == [Foreign("REQUISITES", "", True), Foreign("UF_CRM_9", "title", True, {"a": 1})]
    assert given_again(*layout) == layout


def test_a_field_stands_once_where_it_came_first() -> None:
    found = taken(
        section(element("COMPANY_ID"), element("TITLE"), element("NONE")),
        section(element("TITLE", "1"), element("CLIENT"), element("NONE"), name="more"),
    )
    assert found.twice == ("TITLE", "CLIENT", "NONE")
    assert [[one.field for one in each.fields] for each in found.sections] == [["company", "title"], ["contacts"]]


def test_our_own_names_where_the_source_has_none() -> None:
    layout = Layout([Section("main", "About", [Placed("margin", True), Placed("closed"), Placed("fee")])])
    told = give_layout(layout, DEAL, "en")
    assert [one["name"] for one in told[0]["elements"]] == ["margin", "closed", "UF_CRM_2"]
    assert taken(*told).sections == layout.sections


def test_names_in_several_languages_are_kept_unless_the_title_was_changed() -> None:
    layout = Layout([Section("main", {"en": "About", "it": "La trattativa"}, [])])
    for language, title in (("en", "About"), ("it", "La trattativa"), ("de", "About")):
        (told,) = give_layout(layout, DEAL, language)
        assert told["title"] == title
        assert taken(told).sections == layout.sections
    assert taken({**told, "title": "Heart"}).sections[0].title == "Heart"


def test_fields_that_are_not_handed_over_are_neither_told_nor_known() -> None:
    seen = item_type("deal", ["title"], *(field for field in DEAL.fields if field.key != "fee"))
    layout = Layout([Section("main", "About", [Placed("title"), Placed("fee")])])
    assert [one["name"] for one in give_layout(layout, seen, "en")[0]["elements"]] == ["TITLE"]
    read = read_layout(json.dumps(give_layout(layout, DEAL, "en")).encode(), "x")
    assert take_layout(read, seen).left == ("UF_CRM_2",)


# -- round trips -------------------------------------------------------------------------------------------------------
SINGLE = [
    "TITLE",
    "OPPORTUNITY_WITH_CURRENCY",
    "OBSERVER",
    "margin",
    "closed",
    "UF_CRM_2",
    "UF_CRM_77",
    "REQUISITES",
    "RECURRING",
]
OPTIONS = st.dictionaries(st.sampled_from(["defaultCountry", "x"]), st.sampled_from(["RU", 1, None]), max_size=2)
calm = settings(deadline=None)


@calm
@given(st.permutations([*SINGLE, "CLIENT", "UTM"]), st.lists(st.integers(0, 11), max_size=4), st.data())
def test_any_file_comes_back_as_it_was(names: list[str], cuts: list[int], data: st.DataObject) -> None:
    bounds = [0, *sorted(cuts), len(names)]
    layout = [
        section(
            *(
                element(name, data.draw(st.sampled_from("01")), **data.draw(OPTIONS))
                for name in names[bounds[at] : bounds[at + 1]]
            ),
            name=f"s{at}",
            title=f"Section {at}",
        )
        for at in range(len(bounds) - 1)
    ]
    assert given_again(*layout) == layout


PLACED = st.builds(
    Placed,
    st.sampled_from([field.key for field in DEAL.fields]),
    st.booleans(),
    OPTIONS,
    st.sampled_from(["", *COMPOSITES]),
)
FOREIGN = st.builds(Foreign, st.sampled_from(["UF_CRM_77", "REQUISITES", "X"]), st.sampled_from(["", "title", "fee"]))
TITLE = st.sampled_from(["One", {"en": "One", "it": "Uno"}, {"it": "Uno"}])


@calm
@given(st.lists(st.tuples(TITLE, st.lists(PLACED, max_size=6), st.lists(FOREIGN, max_size=2)), min_size=1, max_size=4))
def test_any_layout_comes_back_as_it_was(drawn: list[tuple[Any, list[Placed], list[Foreign]]]) -> None:
    seen: set[str] = set()

    def fresh(name: str) -> bool:
        return name not in seen and not seen.add(name)  # type: ignore[func-returns-value]

    layout = Layout(
        [
            Section(f"s{n}", title, [p for p in fields if fresh(p.field)], [f for f in foreign if fresh(f.name)])
            for n, (title, fields, foreign) in enumerate(drawn)
        ]
    )

    def again(one: Layout) -> Layout:
        return Layout(taken(*json.loads(json.dumps(give_layout(one, DEAL, "en")))).sections)

    def said(one: Layout) -> list[Any]:
        return [(each.key, each.title, [(p.field, p.always, p.options) for p in each.fields]) for each in one.sections]

    back = again(layout)
    assert said(back) == said(layout)
    assert give_layout(back, DEAL, "en") == give_layout(layout, DEAL, "en")
    # What a name came from is forgotten where it means nothing any more, and then no more changes.
    assert again(back) == back
