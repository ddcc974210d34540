"""`tuicrm import` as people and programs run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.conftest import ROOT, Crm

DEALS = "Deal Name,Deal Stage,Amount,Deal Owner,Shoe size\nBig one,New,10000,luca,42\nSmall one,Nowhere,lots,anna,43\n"


def deals(data: Path) -> Path:
    path = data.parent / "deals.csv"
    path.write_text(DEALS, encoding="utf-8")
    return path


def test_a_report_for_people(crm: Crm, data: Path) -> None:
    ran = crm("import", str(deals(data)), "--type", "deal", "--rejects", str(data.parent))
    assert ran.code == 0
    for said in (
        "deals.csv",
        "title",
        "--create-fields creates a field: integer",
        "1 row rejected",
        "deals.rejects.csv",
        "1 item created",
        "“lots”",
    ):
        assert said in ran.out, said
    assert "Big one" in crm("deal", "list").out
    assert crm("undo").code == 0
    assert "Big one" not in crm("deal", "list").out


def test_a_report_for_programs(crm: Crm, data: Path) -> None:
    ran = crm("import", str(deals(data)), "--type", "deal", "--dry-run", "--json")
    report = ran.json["report"]
    assert (report["dry_run"], report["seq"]) == (True, 0)
    table = report["files"][0]["tables"][0]
    assert (table["type"], table["rows"], table["made"], table["rejected"]) == ("deal", 2, 1, 1)
    assert report["files"][0]["examples"][0]["line"] == 3
    assert not list(data.parent.glob("*.rejects.csv"))


def test_rejected_rows_go_where_one_stands_or_where_one_says(crm: Crm, data: Path) -> None:
    file = deals(data)
    elsewhere = data.parent / "elsewhere"
    elsewhere.mkdir()
    assert "deals.rejects.csv" in crm("import", str(file), "--type", "deal").out
    assert "lots" in Path("deals.rejects.csv").read_text("utf-8")
    assert crm("import", str(file), "--type", "deal", "--rejects", str(elsewhere)).code == 0
    assert [path.name for path in elsewhere.iterdir()] == ["deals.rejects.csv"]


def test_a_file_that_is_not_taken_is_a_failure_also_beside_others(crm: Crm, data: Path) -> None:
    unknown = data.parent / "what.csv"
    unknown.write_text("column1,column2\nx,y\n", encoding="utf-8")
    answer = data.parent / "crm.deal.list.json"
    answer.write_text('{"result": [{"ID": "1", "TITLE": "Big one", "STAGE_ID": "NEW"}]}', encoding="utf-8")
    ran = crm("import", str(answer), str(unknown), "--json")
    assert (ran.code, ran.json["status"], ran.json["error"]["code"]) == (4, "error", "refused")
    assert "what.csv" in ran.json["error"]["message"]
    assert [bool(file["problem"]) for file in ran.json["report"]["files"]] == [False, True]
    assert "Big one" in crm("deal", "list").out
    ran = crm("import", str(unknown))
    assert (ran.code, "what.csv" in ran.err, "set it with --type" in ran.out) == (4, True, True)


def test_a_file_from_stdin(process: Crm, data: Path) -> None:
    ran = process("import", "-", "--type", "deal", stdin=DEALS)
    assert (ran.code, "1 item created" in ran.out) == (0, True)
    assert "lots" in (data.parent / "stdin.rejects.csv").read_text("utf-8")
    assert process("import", "-", "-", "--type", "deal", stdin=DEALS).code == 2
    shape = '{"result": [{"ID": "1", "TITLE": "ERP", "STAGE_ID": "NEW"}], "total": 1}'
    assert "1 item created" in process("import", "-", stdin=shape).out


def test_a_map_file_and_its_mistakes(crm: Crm, data: Path) -> None:
    decisions = data.parent / "map.toml"
    decisions.write_text('[columns]\n"Shoe size" = "comment"\n[people]\n"luca" = "Anna Bianchi"\n', encoding="utf-8")
    ran = crm("import", str(deals(data)), "--type", "deal", "--map", str(decisions), "--rejects", str(data.parent))
    assert ran.code == 0
    decisions.write_text("[colums]\n", encoding="utf-8")
    wrong = crm("import", str(deals(data)), "--map", str(decisions))
    assert (wrong.code, "colums" in wrong.err, "columns" in wrong.err) == (4, True, True)


def test_mistakes_have_their_exit_codes(crm: Crm, data: Path) -> None:
    unknown = data.parent / "what.csv"
    unknown.write_text("column1,column2\nx,y\n", encoding="utf-8")
    assert crm("import").code == 2
    assert crm("import", str(unknown), str(unknown)).code == 2
    assert crm("import", str(data.parent / "none.csv")).code == 3
    assert crm("import", str(unknown)).code == 4
    assert crm("import", str(unknown), "--type", "nonsense").code in (2, 3, 4)
    assert crm("import", str(deals(data)), "--as", "luca", "--create-fields", "--type", "deal").code == 5


def test_interrupted_nothing_stays(data: Path) -> None:
    """A real process, stopped by ctrl+c in the middle of 40,000 rows."""
    big = data.parent / "big.csv"
    big.write_text("Deal Name,Amount\n" + "".join(f"Deal {n},{n}\n" for n in range(40_000)), encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data)}
    command = [sys.executable, "-m", "tuicrm", "import", str(big), "--type", "deal"]
    size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    process = subprocess.Popen([*command, "--json"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) > size + 50_000:
            process.send_signal(signal.SIGINT)
            break
        time.sleep(0.01)  # between two looks at another process: nothing tells when its file has grown
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert json.loads(out)["error"]["code"] == "interrupted"
    listed = subprocess.run(
        [sys.executable, "-m", "tuicrm", "deal", "list", "--json"], env=environ, capture_output=True, check=True
    )
    assert b"Deal 1" not in listed.stdout
    assert subprocess.run([sys.executable, "-m", "tuicrm", "fsck"], env=environ, check=False).returncode == 0


CONTACTS = "First name,Last name,E-mail\nMaria,Rossi,maria@rossi.example\nAda,Byron,ada@engine.example\n"


def test_rows_that_look_like_items_here(crm: Crm, data: Path) -> None:
    added = crm("contact", "add", "first_name=Maria", "last_name=Rossi", "email=maria@rossi.example", "--json")
    ref = added.json["items"][0]["ref"]
    people = data.parent / "people.csv"
    people.write_text(CONTACTS, encoding="utf-8")
    dry = crm("import", str(people), "--type", "contact", "--dry-run")
    assert f"line 2: {ref} Maria Rossi (e-mail, name): added" in dry.out
    assert "2 items created · 1 possible duplicate" in dry.out
    ran = crm("import", str(people), "--type", "contact", "--duplicates", "skip", "--json").json["report"]
    table = ran["files"][0]["tables"][0]
    assert (table["made"], table["left_out"], table["likenesses"][0]["ref"]) == (1, 1, ref)


def test_words_about_duplicates_that_there_are_not(crm: Crm, data: Path) -> None:
    for words in (["--duplicates", "merge"], ["--alike-by", "phone,shoes"]):
        ran = crm("import", str(deals(data)), *words)
        assert (ran.code, "choose" in ran.err) == (2, True)
