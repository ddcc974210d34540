"""Roles, scopes and what they leave of a list: `may` on one item and `readable` on many agree."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tuicrm.domain.access import SCOPES, Access, nearness
from tuicrm.domain.conditions import ALWAYS
from tuicrm.domain.matching import matcher
from tuicrm.domain.schema import Field, ItemType, Layout, Stage
from tuicrm.domain.workspace import ConfigRecord, Workspace

STAGES = [Stage("new", "New", "#fff"), Stage("won", "Won", "#fff", "success")]
DEAL = ItemType(
    "deal",
    "Deal",
    "Deals",
    "D",
    "$",
    [Field("title", "string", "Title"), Field("margin", "integer", "Margin", visible_to=["department:sales", "zoe"])],
    Layout([]),
    ["title"],
    has_stages=True,
)
PEOPLE: list[dict[str, Any]] = [
    {"key": "anna", "name": "Anna Bianchi", "roles": ["admin"], "department": "sales"},
    {"key": "luca", "name": "Luca Riva", "roles": ["seller"], "department": "sales"},
    {"key": "mario", "name": "Mario Conti", "roles": ["seller"], "department": "north"},
    {"key": "zoe", "name": "Zoe", "roles": [], "department": ""},
    {"key": "lisa", "name": "Lisa", "roles": ["seller"], "department": "west"},
    {"key": "old", "name": "Old", "roles": ["admin"], "department": "sales", "retired": True},
]
DEPARTMENTS: list[dict[str, Any]] = [
    {"key": "sales", "name": "Sales"},
    {"key": "north", "name": "North", "parent": "sales"},
    {"key": "west", "name": "West"},
]


def workspace(rules: dict[str, dict[str, str]]) -> Workspace:
    roles: list[dict[str, Any]] = [
        {"key": "admin", "label": "Administrator", "admin": True},
        {"key": "seller", "label": "Seller", "rules": rules},
    ]
    pipelines = [{"key": key, "type": "deal", "label": key, "stages": STAGES} for key in ("shop", "trade")]

    def entries(docs: list[dict[str, Any]]) -> list[ConfigRecord]:
        return [ConfigRecord(n, 1, doc) for n, doc in enumerate(docs, 1)]

    records = {"person": PEOPLE, "department": DEPARTMENTS, "role": roles, "pipeline": pipelines}
    return Workspace({"deal": DEAL}, {table: entries(docs) for table, docs in records.items()})


def access(person: str, rules: dict[str, dict[str, str]] | None = None) -> Access:
    made = workspace(rules or {})
    return Access(made.people[person], made)


def deal(responsible: str, **more: Any) -> dict[str, Any]:
    return {"responsible": responsible, "pipeline": "shop", "stage": "new", **more}


def test_each_scope_covers_what_the_reference_says() -> None:
    expected = {
        "none": [],
        "own": ["luca"],
        "department": ["anna", "luca"],
        "subdepartments": ["anna", "luca", "mario"],
        "open": ["anna", "luca", "mario"],
        "all": ["anna", "luca", "mario", "zoe"],
    }
    for scope in SCOPES:
        luca = access("luca", {"*": {"edit": scope}})
        people = [key for key in ("anna", "luca", "mario", "zoe") if luca.may("edit", "deal", deal(key))]
        assert people == expected[scope], scope
    assert access("luca", {"*": {"edit": "open"}}).may("edit", "deal", deal("zoe", open_to_all=True))


def test_the_most_specific_rule_wins_within_a_role() -> None:
    rules = {"*": {"read": "all"}, "deal/trade": {"read": "own"}, "deal/trade/won": {"read": "none"}}
    luca = access("luca", rules)
    assert luca.may("read", "deal", deal("zoe"))
    assert not luca.may("read", "deal", deal("zoe", pipeline="trade"))
    assert luca.may("read", "deal", deal("luca", pipeline="trade"))
    assert not luca.may("read", "deal", deal("luca", pipeline="trade", stage="won"))


def test_observers_read_and_nothing_more() -> None:
    luca = access("luca", {"*": {"read": "own", "edit": "own"}})
    watched = deal("zoe", observers=["luca"])
    assert luca.may("read", "deal", watched)
    assert not luca.may("edit", "deal", watched)


def test_administrators_may_all_and_the_retired_nothing() -> None:
    assert access("anna").readable("deal") == ALWAYS
    assert access("anna").has("settings")
    retired = access("old")
    assert not retired.may("read", "deal", deal("old"))
    assert not retired.has("settings")


def test_a_restricted_field_is_seen_by_the_named_and_administrators() -> None:
    seeing = [key for key in ("anna", "luca", "mario", "zoe", "lisa") if not access(key).hidden("deal")]
    assert seeing == ["anna", "luca", "mario", "zoe"]
    assert access("lisa").hidden("deal") == {"margin"}


def test_a_department_names_those_in_it_and_beneath_it() -> None:
    made = workspace({})
    luca, mario, zoe = (made.people[key] for key in ("luca", "mario", "zoe"))
    assert [nearness(made, one, ["department:sales"]) for one in (luca, mario, zoe)] == [1, 2, None]
    assert nearness(made, mario, ["department:sales", "department:north"]) == 1
    assert nearness(made, mario, ["department:sales", "mario"]) == 0


def test_what_a_list_leaves_is_what_may_be_read_one_by_one() -> None:
    rule_sets = [
        {"*": {"read": scope}, "deal/trade": {"read": trade}, "deal/trade/won": {"read": won}}
        for scope, trade, won in product(SCOPES, repeat=3)
    ]
    deals = [
        deal(person, pipeline=pipeline, stage=stage, **more)
        for person in ("anna", "luca", "mario", "zoe")
        for pipeline in ("shop", "trade")
        for stage in ("new", "won")
        for more in ({}, {"open_to_all": True}, {"observers": ["luca"]})
    ]
    for rules in rule_sets:
        luca = access("luca", rules)
        readable = matcher(luca.readable("deal"))
        for doc in deals:
            assert readable(doc) == luca.may("read", "deal", doc), (rules, doc)


@pytest.mark.parametrize(
    ("made", "specials", "may"),
    [
        (None, ["personal_layout"], True),
        (1, ["personal_layout"], True),
        (1, [], True),
        (2, ["personal_layout"], False),
        (2, ["make_documents"], True),
    ],
)
def test_managers_of_workspaces_from_before_there_were_documents_make_them(
    made: int | None, specials: list[str], may: bool
) -> None:
    manager: dict[str, Any] = {"key": "manager", "label": "Manager", "specials": specials}
    roles: list[dict[str, Any]] = [manager, {"key": "other", "label": "Other"}]
    settings = [] if made is None else [{"key": "format", "value": made}]
    people = [{"key": "luca", "name": "Luca", "roles": ["manager"]}, {"key": "zoe", "name": "Zoe", "roles": ["other"]}]

    def access(roles: list[dict[str, Any]], who: str) -> Access:
        tables: dict[str, list[dict[str, Any]]] = {"person": people, "role": roles, "setting": settings}
        records = {table: [ConfigRecord(n, 0, doc) for n, doc in enumerate(docs, 1)] for table, docs in tables.items()}
        workspace = Workspace({}, records)
        return Access(workspace.people[who], workspace)

    assert access(roles, "luca").has("make_documents") is may
    assert not access(roles, "zoe").has("make_documents")
    given = [roles[0], {**roles[1], "specials": ["make_documents"]}]
    assert access(given, "luca").has("make_documents") is ("make_documents" in specials), "somebody decided since"
