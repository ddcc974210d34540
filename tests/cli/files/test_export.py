"""`tuicrm export` of several types, and back into another workspace by `tuicrm import`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import Crm
from tests.command import run_here


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """The command line in another, new workspace."""
    other: Crm = partial(run_here, tmp_path / "elsewhere", monkeypatch)
    assert other("init").code == 0
    return other


def test_all_goes_into_one_file_and_comes_out_elsewhere(crm: Crm, elsewhere: Crm, tmp_path: Path) -> None:
    assert crm("link", "D-1", "D-2", "after it").code == 0
    assert crm("type", "add", "Delivery", "prefix=DEL", "parents=deal").code == 0
    assert crm("delivery", "add", "title=To Milano", "parent_deal=D-1").code == 0
    path = tmp_path / "all.json"
    ran = crm("export", "all", "-o", str(path), "--json").json
    assert (ran["withheld"], ran["links"], ran["links_outside"]) == (0, 1, 0)
    document = json.loads(path.read_text("utf-8"))
    assert {item["type"] for item in document["items"]} >= {"company", "contact", "deal", "delivery"}
    assert document["total"] == ran["written"]
    report = elsewhere("import", str(path), "--json").json["report"]
    assert sum(table["made"] for table in report["files"][0]["tables"]) == ran["written"]
    (delivery,) = elsewhere("delivery", "list", "--json").json["items"]
    assert elsewhere("relations", delivery["ref"], "--json").json["family"][0]["title"] == "Website redesign"
    assert elsewhere("undo").code == 0
    assert elsewhere("deal", "list", "--json").json["total"] == 0


def test_several_types_by_name(crm: Crm) -> None:
    ran = crm("export", "company,contact")
    assert {item["type"] for item in json.loads(ran.out)["items"]} == {"company", "contact"}


@pytest.mark.parametrize(
    "more",
    [
        ("--format", "csv"),
        ("--where", "title ~ x"),
        ("--sort", "title"),
        ("--columns", "title"),
        ("-o", "x.json", "--products"),
    ],
)
def test_what_goes_with_one_type_only(crm: Crm, more: tuple[str, ...]) -> None:
    assert crm("export", "all", *more).code == 2


def test_links_that_lead_out_are_told(crm: Crm) -> None:
    assert crm("link", "D-1", "C-1").code == 0
    ran = crm("export", "deal", "--format", "json")
    assert "1 link leads to an item that is not in this export" in ran.err
    assert [one["other"] for one in json.loads(ran.out)["links"]] == ["contact:1"]


def test_at_most_so_many_are_written(process: Crm) -> None:
    assert process("export", "deal", "--limit", "2", "--columns", "title").out.count("\n") == 3
    told = process("export", "deal", "--limit", "1", "--format", "json").json
    assert [item["ref"] for item in told["items"]] == ["D-1"]
    assert process("export", "all", "--limit", "1").code == 2


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [
        ("deals.xlsx", (), 2),
        ("deals.ods", (), 2),
        ("deals.txt", (), 2),
        ("deals.xlsx", ("--format", "csv"), 2),
        ("deals.json", ("--format", "csv"), 2),
        ("deals.csv", ("--format", "json"), 2),
        ("deals.CSV", (), 0),
        ("deals.Json", (), 0),
        ("deals", (), 0),
        ("deals.txt", ("--format", "csv"), 0),
        ("deals.csv", ("-q",), 0),
    ],
)
def test_a_file_is_what_its_name_says(crm: Crm, tmp_path: Path, name: str, more: tuple[str, ...], code: int) -> None:
    file = tmp_path / name
    ran = crm("export", "deal", "-o", str(file), *more)
    assert ran.code == code
    assert file.exists() == (code == 0)
    if code:
        assert name in ran.err
    else:
        assert file.read_text(encoding="utf-8").startswith("{" if "json" in name.casefold() else "ref,")
