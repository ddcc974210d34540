"""The table of limits, walked: each entry tried just below, at and above through what people use; above, nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.limits import PAGE, with_table
from tests.conftest import OpenAs
from tests.limit_cases import CASES, ON_SCREEN
from tests.limit_makers import D1, ROOT, Where
from tuicrm.errors import CrmError, Refused, UsageError
from tuicrm.limits import DOCUMENT, LIMITS, Limit, shortened
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.services.workspace.start import Maker, Settings, create_workspace
from tuicrm.store.protocol import Key, Op


def tried() -> Iterator[Any]:
    """Each limit with what is one less, just as much, and one more."""
    for limit in LIMITS:
        if limit.key in CASES:
            for step in (-1, 0, 1):
                yield pytest.param(limit, step, id=f"{limit.key}-{('below', 'at', 'above')[step + 1]}")


def test_every_limit_has_a_case_and_a_key_of_its_own() -> None:
    keys = [limit.key for limit in LIMITS]
    assert len(set(keys)) == len(keys)
    assert set(keys) == CASES.keys() | ON_SCREEN
    assert all(limit.most > 0 and limit.what for limit in LIMITS)


def test_no_bound_stands_outside_of_the_table() -> None:
    """What a text says is the most comes from a limit, a field's own setting or a pattern: never from a constant beside it."""
    own = re.compile(r"""(?:at most|more than) \{n\}[^"]*"\)\s*\.format\(\s*n=(_?[A-Z][A-Z_]*)\)""")
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tuicrm").rglob("*.py")}
    assert {str(path): found for path, text in sources.items() if (found := own.findall(text))} == {}
    assert own.findall('_("at most {n} characters").format(n=_LONGEST)') == ["_LONGEST"]


def test_the_page_is_written_from_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page, "python -m scripts.limits writes it anew"


@pytest.mark.parametrize(("limit", "step"), list(tried()))
def test_as_much_as_the_limit_is_taken_and_no_more(
    seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: Limit, step: int
) -> None:
    case = CASES[limit.key]
    if case.lowered:
        monkeypatch.setattr(limit, "most", case.lowered)
    act = case.ready(Where(seeded, tmp_path, monkeypatch), limit.most + step)
    if step <= 0:
        act()
        return
    before = seeded.store.seq()
    with pytest.raises((Refused, UsageError)) as caught:
        act()
    assert case.told(limit.most) in caught.value.message.replace(",", "")
    assert seeded.store.seq() == before
    for problem in caught.value.fields:
        assert len(str(problem.message)) < 200


# -- past the services -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("table", "doc", "field"),
    [
        ("person", {"key": "p", "name": "x" * 201}, "name"),
        ("person", {"key": "p", "name": "P", "logins": [f"l{n}" for n in range(21)]}, "logins"),
        ("department", {"key": "p", "name": "x" * 201}, "name"),
        ("dictionary", {"key": "d", "label": {"en": "x" * 256}, "entries": []}, "label"),
        ("dictionary", {"key": "d", "label": "D", "entries": [{"key": "a", "label": "x" * 201}]}, "entries.label"),
        (
            "pipeline",
            {"key": "p", "type": "deal", "label": "P", "stages": [{"key": f"s{n}", "label": "S"} for n in range(101)]},
            "stages",
        ),
        ("field", {"type": "deal", "key": "f", "kind": "string", "label": "x" * 101, "custom": True}, "label"),
        (
            "layout",
            {
                "type": "deal",
                "variant": "general",
                "scope": "common",
                "sections": [{"key": "s", "title": "x" * 20_001, "fields": []}],
            },
            "sections.title",
        ),
        ("filter", {"type": "deal", "name": "f", "text": "x" * 10_001, "person": "anna"}, "text"),
        ("setting", {"key": "name", "value": "x" * 256}, "value"),
        ("activity", {"owner": "deal:1", "what": "x" * 20_001, "at": "2026-12-01T09:00:00Z", "kind": "todo"}, "what"),
        ("entry", {"owner": "deal:1", "kind": "comment", "text": "x" * 100_001}, "text"),
    ],
)  # fmt: skip
def test_the_door_holds_whichever_way_a_record_comes(
    seeded: Session, table: str, doc: dict[str, Any], field: str
) -> None:
    before = seeded.store.seq()
    with pytest.raises(Refused) as caught, seeded.change("past the services") as change:
        change.put(table, doc)
    assert [problem.field for problem in caught.value.fields] == [field]
    assert seeded.store.seq() == before


@pytest.mark.parametrize(("who", "what"), [("x" * 201, "W"), ("Anna", "x" * 256)])
def test_a_workspace_is_not_made_under_a_name_that_is_too_long(tmp_path: Path, who: str, what: str) -> None:
    with pytest.raises(Refused, match="at most"):
        create_workspace(tmp_path / "new", person=Maker("anna", who), settings=Settings(what))
    assert not (tmp_path / "new").exists()


def test_what_was_too_much_already_may_stay_and_shrink(seeded: Session) -> None:
    """Kept before there was a limit, by hand past the door."""
    entry = next(one for one in seeded.workspace.records["person"].values() if one.doc["key"] == "luca")
    seeded.store.commit([Op("person", entry.id, {**entry.doc, "name": "x" * 300})])
    people.edit_person(seeded, "luca", people.Details(email="luca@example.com"))
    for name, taken in (("y" * 301, False), ("y" * 150, True)):
        if taken:
            assert people.edit_person(seeded, "luca", people.Details(name)).name == name
        else:
            with pytest.raises(Refused, match="at most 200"):
                people.edit_person(seeded, "luca", people.Details(name))


def test_a_record_that_is_too_large_is_refused_by_the_store_too(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scripts come past the door: the size holds there as well, and names the largest field."""
    monkeypatch.setattr(DOCUMENT, "most", 5_000)
    before, doc = seeded.store.seq(), {"title": "T", "extra": "y" * 5_000}
    with pytest.raises(Refused, match="extra; at most 5000 bytes") as caught:
        seeded.store.commit([Op("deal", 1, doc)])
    (problem,) = caught.value.fields
    assert problem.field == "extra"
    assert len(problem.value) <= 60
    assert seeded.store.seq() == before
    assert seeded.store.get("deal", [1])[0].doc["title"] == "Website redesign"
    assert len(seeded.store.past.history(Key("deal", 1))) == 1


def test_a_rehearsal_tells_of_a_record_that_is_too_large(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be refused when it is written is refused when it is tried."""
    from tuicrm.services.kernel.changes import Change

    monkeypatch.setattr(DOCUMENT, "most", 5_000)
    trial = Change(seeded, "try")
    trial.edit(D1, {"comment": "x" * 5_000})
    with pytest.raises(Refused, match="comment"):
        trial.try_out()


def test_a_department_does_not_go_below_itself_by_depth(open_as: OpenAs) -> None:
    session = open_as("anna")
    chain = [people.add_department(session, "P0").key]
    for number in range(1, 20):
        chain.append(people.add_department(session, f"P{number}", parent=chain[-1]).key)
    with pytest.raises(CrmError, match="at most 20"):
        people.add_department(session, "too deep", parent=chain[-1])
    with pytest.raises(CrmError, match="inside itself"):
        people.edit_department(session, chain[0], parent=chain[-1])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("short", "short"),
        ("x" * 100, f"{'x' * 59}…"),
        (["a", "b"], ["a", "b"]),
        (list("abcdef"), ["a", "b", "c", "… (6)"]),
        (7, 7),
        (None, None),
    ],
)
def test_a_value_is_told_of_in_short(given: Any, told: Any) -> None:
    assert shortened(given) == told
