"""Imports of whole files through a session. All files are written here, small, after the shapes of real ones."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.services.importing.conftest import Put
from tests.services.importing.exports import (
    AS_DEALS,
    COMPANIES,
    DEALS,
    NAMED,
    all_of,
    hubspot,
    whole,
)
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.importing.options import Decisions, ImportOptions
from tuicrm.services.importing.run.running import ImportStopped, run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def fingerprint(folder: Path) -> dict[str, tuple[int, bytes]]:
    """What a workspace holds; not what is derived from it."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "lock" not in path.name and ".cache" not in path.parts
    }


# -- files of one run --------------------------------------------------------------------------------------------------
def test_numbers_follow_on_without_gaps(workspace: Session, put: Put) -> None:
    files = hubspot(put)
    run_import(workspace, [*files, put("bad.csv", DEALS + "Two,,1,,,,,,,,,\n")])
    run_import(workspace, files)
    added = [items.add(workspace, key, items.values(workspace, key, {name: "x"})).id for key, name in NAMED.items()]
    assert added == [3, 2, 2]


def test_phones_and_countries_are_those_of_the_rows_address(workspace: Session, put: Put) -> None:
    rows = (
        "Name,Company Type,Phone,Mobile,Street,City,Country\n"
        "Bay,Company,(415) 765-4321,,1 Main St,San Francisco,United States\n"
        "Torre,Company,02 5555 0142,,Via Roma 1,Milano,\n"
        "Ghost,Company,888-482-7768,+1 415 765 4322,,,Nowhere\n"
    )
    run_import(workspace, [put("partners.csv", rows)], ImportOptions(type="company"))
    found = {item.fields["title"]: item.fields for item in all_of(workspace, "company")}
    assert found["Bay"]["address"]["country"] == "US"
    assert found["Bay"]["phone"][0]["value"] == "+14157654321"
    assert found["Torre"]["phone"][0]["value"] == "+390255550142"
    assert [phone["value"] for phone in found["Ghost"]["phone"]] == ["8884827768", "+14157654322"]
    assert found["Ghost"]["address"]["country"] == "Nowhere"
    ref = next(item.ref for item in all_of(workspace, "company") if item.fields["title"] == "Bay")
    items.edit(workspace, ref, {"phone": found["Bay"]["phone"], "comment": "written again from here"})
    assert workspace.get(ref).fields["phone"] == found["Bay"]["phone"]


def test_a_map_decides_of_codes_too(workspace: Session, put: Put) -> None:
    file = put("crm.deal.get.json", {"result": BITRIX_DEAL})
    decisions = Decisions({"UF_CRM_1": "comment", "TITLE": "Source information", "IS_NEW": ""})
    report = run_import(workspace, [file], ImportOptions(decisions=decisions))
    (deal,) = all_of(workspace, "deal")
    assert (deal.fields["comment"], deal.fields["source_info"], "title" in deal.fields) == ("Hello", "ERP", False)
    assert report.unused_columns == []
    with pytest.raises(Refused, match="nonsense"):
        run_import(workspace, [file], ImportOptions(decisions=Decisions({"TITLE": "nonsense"})))


@pytest.mark.parametrize(
    "decisions",
    [Decisions(people={"jd": "nobody"}), Decisions(stages={"Won it": "Nope"}), Decisions(pipelines={"Main": "Nix"})],
)
def test_a_decision_for_what_there_is_not_is_refused(workspace: Session, put: Put, decisions: Decisions) -> None:
    with pytest.raises(Refused, match=r"nobody|Nope|Nix"):
        run_import(workspace, hubspot(put), ImportOptions(decisions=decisions))
    assert all_of(workspace, "deal") == []


def test_a_decision_about_a_column_that_no_file_has_is_told(workspace: Session, put: Put) -> None:
    report = run_import(workspace, hubspot(put), ImportOptions(decisions=Decisions({"Deal Nmae": "title"})))
    assert (report.made, report.unused_columns) == (3, ["Deal Nmae"])


BITRIX_DEAL = {
    "ID": "1", "TITLE": "ERP", "STAGE_ID": "NEW", "OPPORTUNITY": "5.00", "CURRENCY_ID": "EUR", "CONTACT_ID": "7",
    "PARENT_ID_1220": "22", "UF_CRM_1": "Hello", "UF_CRM_2": ["3", "4"], "UF_CRM_3": "", "IS_NEW": "N",
}  # fmt: skip


def test_every_column_of_an_answer_is_reported(workspace: Session, put: Put) -> None:
    report = run_import(workspace, [put("crm.deal.get.json", {"result": BITRIX_DEAL})])
    whole(report)
    (table,) = report.tables()
    told = {column.column: column for column in table.columns}
    assert set(BITRIX_DEAL) <= set(told)
    assert (told["ID"].field, told["ID"].reason) == ("", "the row's own id")
    assert (told["CURRENCY_ID"].field, told["CONTACT_ID"].field) == ("amount.currency", "contacts")
    assert (told["PARENT_ID_1220"].filled, told["PARENT_ID_1220"].reason) == (1, "items of that type are not here")
    offered = {column.column: column.offered for column in table.columns if column.offered}
    assert offered == {"UF_CRM_1": "string", "UF_CRM_2": "integer"}


def test_codes_without_a_field_become_fields_where_asked_for(workspace: Session, put: Put) -> None:
    file = put("crm.deal.get.json", {"result": BITRIX_DEAL})
    report = run_import(workspace, [file], ImportOptions(create_fields=True))
    assert [one.name for one in report.files[0].definitions] == ["UF_CRM_1", "UF_CRM_2"]
    (deal,) = all_of(workspace, "deal")
    assert (deal.fields["uf_crm_1"], deal.fields["uf_crm_2"]) == ("Hello", [3, 4])
    again = run_import(workspace, [file], ImportOptions(create_fields=True))
    assert (again.made, again.definitions_made) == (0, 0)
    undo(workspace)
    assert workspace.workspace.field("deal", "uf_crm_1") is None


def test_all_of_it_is_one_undo(seeded: Session, put: Put) -> None:
    before = {key: all_of(seeded, key) for key in ("deal", "contact", "company")}
    report = run_import(seeded, hubspot(put))
    after = {key: all_of(seeded, key) for key in before}
    undone = undo(seeded)
    assert undone.label == "import 3 files"
    assert {key: all_of(seeded, key) for key in before} == before
    redo(seeded)
    assert {key: [one.fields for one in all_of(seeded, key)] for key in before} == {
        key: [one.fields for one in found] for key, found in after.items()
    }
    assert report.seq


def test_a_dry_run_says_the_same_and_writes_nothing(workspace: Session, workspace_path: Path, put: Put) -> None:
    files = [*hubspot(put), put("bad.csv", DEALS + "One,,lots,,,,,,,,,\n")]
    before = fingerprint(workspace_path)
    dry = run_import(workspace, files, ImportOptions(type="", dry_run=True))
    assert fingerprint(workspace_path) == before
    assert not list(files[0].parent.glob("*.rejects*"))
    real = run_import(workspace, files)
    assert [(t.made, t.known, t.rejected) for t in dry.tables()] == [
        (t.made, t.known, t.rejected) for t in real.tables()
    ]
    assert (dry.seq, dry.rejected) == (0, 1)


def test_stopping_leaves_nothing(workspace: Session, put: Put) -> None:
    rows = "".join(f",Company {n},,,,,{n},\n" for n in range(700))
    told: list[int] = []

    def stop(_name: str, done: int) -> None:
        told.append(done)
        if done >= 400:
            raise ImportStopped

    report = run_import(workspace, [put("companies.csv", COMPANIES + rows)], progress=stop)
    assert (report.stopped, report.seq, told) == (True, 0, [200, 400])
    assert all_of(workspace, "company") == []
    assert run_import(workspace, [put("companies.csv", COMPANIES + rows)]).made == 700


# -- names of stages, people, dropdown values --------------------------------------------------------------------------
def test_an_unknown_stage_is_the_first_an_unknown_person_the_importer_and_both_are_told(
    seeded: Session, put: Put
) -> None:
    rows = "A,in progress,luca\nB,Nowhere,Nobody\nC,Nowhere,Luca Riva\n"
    report = run_import(seeded, [put("deals.csv", "Deal Name,Deal Stage,Deal Owner\n" + rows)], AS_DEALS)
    found = {
        deal.fields["title"]: (deal.fields["stage"], deal.fields["responsible"])
        for deal in all_of(seeded, "deal")
        if len(deal.fields["title"]) == 1
    }
    first = seeded.workspace.pipelines("deal")[0].stages[0].key
    assert found == {"A": ("executing", "luca"), "B": (first, "anna"), "C": (first, "luca")}
    told = {(remark.kind, remark.value, remark.count) for remark in report.remarks}
    assert told >= {("stage", "Nowhere", 2), ("person", "Nobody", 1)}


def test_decisions_say_what_words_mean(seeded: Session, put: Put) -> None:
    decisions = Decisions(
        {"What": "title", "Who": "responsible", "Where": "stage"}, {"LR": "luca"}, {"Hot": "In progress"}
    )
    report = run_import(
        seeded, [put("list.csv", "What,Who,Where\nX,LR,Hot\n")], ImportOptions(type="deal", decisions=decisions)
    )
    deal = next(deal for deal in all_of(seeded, "deal") if deal.fields["title"] == "X")
    assert (deal.fields["responsible"], deal.fields["stage"], report.remarks) == ("luca", "executing", [])
    with pytest.raises(Refused, match="no field nonsense"):
        run_import(
            seeded,
            [put("list.csv", "What\nX\n")],
            ImportOptions(type="deal", decisions=Decisions({"What": "nonsense"})),
        )


def test_a_column_without_a_field_is_offered_and_made_when_asked(workspace: Session, put: Put) -> None:
    file = put("deals.csv", "Deal Name,Shoe size,Colour\nOne,42,red\nTwo,43,\n")
    offered = run_import(workspace, [file], ImportOptions(type="deal", dry_run=True))
    columns = {c.column: c.offered for c in next(iter(offered.tables())).columns}
    assert columns == {"Deal Name": "", "Shoe size": "integer", "Colour": "string"}
    report = run_import(workspace, [file], ImportOptions(type="deal", create_fields=True))
    assert report.definitions_made == 2
    sizes = {deal.fields["title"]: deal.fields["shoe_size"] for deal in all_of(workspace, "deal")}
    assert sizes == {"One": 42, "Two": 43}
    undo(workspace)
    assert workspace.workspace.field("deal", "shoe_size") is None


# -- shapes of files ---------------------------------------------------------------------------------------------------
def test_a_byte_order_mark_and_escaped_quotes(workspace: Session, put: Put) -> None:
    content = '"Name","Website"\r\n"The ""Best"" Company","https://best.example"'
    run_import(workspace, [put("companies.csv", b"\xef\xbb\xbf" + content.encode())], ImportOptions(type="company"))
    assert [company.fields["title"] for company in all_of(workspace, "company")] == ['The "Best" Company']


def test_what_cannot_be_recognised_is_said_and_nothing_made(workspace: Session, put: Put) -> None:
    files = [
        put("a.csv", "column1,column2\nx,y\n"),
        put("b.json", {"hello": 1}),
        put("c.csv", b""),
        put("d.csv", b"\x00\xff"),
    ]
    report = run_import(workspace, files)
    assert [bool(file.problem) for file in report.files] == [True] * 4
    assert (report.made, report.seq) == (0, 0)
    with pytest.raises(NotFound, match="There is no file"):
        run_import(workspace, [Path("nowhere.csv")])


def test_our_own_export_comes_back_whole(seeded: Session, put: Put, tmp_path: Path) -> None:
    from tuicrm.services.exporting.exporting import export_csv
    from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

    files = []
    for key in ("company", "contact", "deal"):
        content = io.BytesIO()
        export_csv(seeded, key, content, where=None, sort=[], fields=[])
        files.append(put(f"{key}.csv", content.getvalue()))
    same = run_import(seeded, files)
    assert (same.made, same.known) == (0, 6)
    create_workspace(tmp_path / "other", person=Maker("anna", "Anna Bianchi"), settings=Settings("Other"))
    other = open_session(tmp_path / "other", login="anna", locale="en_GB")
    try:
        report = run_import(other, files)
        assert (report.made, report.rejected) == (6, 0)
        for key, name in (("company", "title"), ("contact", "last_name"), ("deal", "title")):
            assert sorted(one.fields[name] for one in all_of(other, key)) == sorted(
                one.fields[name] for one in all_of(seeded, key)
            )
        deal = next(one for one in all_of(other, "deal") if one.fields["title"] == "Website redesign")
        company = other.get(Ref.parse(deal.fields["company"]))
        assert (deal.fields["amount"], company.fields["title"]) == (
            {"amount": "12500.00", "currency": "EUR"},
            "Rossi Srl",
        )
        assert run_import(other, files).made == 0
    finally:
        other.close()


# -- who may -----------------------------------------------------------------------------------------------------------
def test_without_the_right_nothing_is_imported(seeded: Session, open_as: OpenAs, put: Put) -> None:
    from tuicrm.services.workspace.people import Details, add_person

    add_person(seeded, Details("No Body", logins=["nobody"]), key="nobody")
    with pytest.raises(AccessDenied, match="import"):
        run_import(open_as("nobody"), [put("deals.csv", "Deal Name,Amount\nX,1\n")], AS_DEALS)


def test_fields_are_made_only_by_who_may(seeded: Session, open_as: OpenAs, put: Put) -> None:
    with pytest.raises(AccessDenied, match="definitions"):
        run_import(open_as("luca"), [put("deals.csv", "Deal Name,Hue\nX,1\n")], ImportOptions(create_fields=True))
