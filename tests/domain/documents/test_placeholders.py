from __future__ import annotations

import pytest

from tuicrm.domain.documents.placeholders import placeholders


def told(text: str) -> list[tuple[str, str, str]]:
    return [(one.sign, one.name, one.modifier) for one in placeholders(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{DocumentNumber}", [("", "DocumentNumber", "")]),
        (
            "No. {DocumentNumber} of {DocumentCreateTime~d.m.Y}",
            [("", "DocumentNumber", ""), ("", "DocumentCreateTime", "d.m.Y")],
        ),
        ("{TotalSum~W=Y,NO_SIGN=Y}", [("", "TotalSum", "W=Y,NO_SIGN=Y")]),
        ("{Name~Format=#LAST_NAME# #NAME#}", [("", "Name", "Format=#LAST_NAME# #NAME#")]),
        ("{A~}", [("", "A", "")]),
        ("{A~{B}", [("", "B", "")]),
        (
            "{#Products}{ProductsName}{/Products}",
            [("#", "Products", ""), ("", "ProductsName", ""), ("/", "Products", "")],
        ),
        ("{^Discount}-{/Discount}", [("^", "Discount", ""), ("/", "Discount", "")]),
        ("{{Name}}", [("", "Name", "")]),
        ("{UfCrm_1700000000}{A9}", [("", "UfCrm_1700000000", ""), ("", "A9", "")]),
    ],
)
def test_what_a_template_names(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected


NO_PLACEHOLDERS = (
    *(
        "",
        "{ }",
        "{}",
        "{1}",
        "{a}",
        "{ Name}",
        "{Name }",
        "{Näme}",
        "{Ü}",
        "{#}",
        "{/}",
        "{#name}",
        "{#Name~x}",
        "{Na\nme}",
    ),
    *("{A~x\ny}", "{Name", "Name}", "{Na{me", "{%if%}", "{{ name }}", "{", "}"),
    *("{" * 100_000, "{A~" * 100_000, "{A" * 100_000, "{#A" * 100_000),
)


@pytest.mark.parametrize("text", NO_PLACEHOLDERS)
def test_what_else_is_text(text: str) -> None:
    assert placeholders(text) == []


def test_each_knows_where_it_stands() -> None:
    text = "a {B} c {#D}"
    assert [text[one.start : one.end] for one in placeholders(text)] == ["{B}", "{#D}"]
