"""An everyday command imports nothing that it does not need: lists of modules are the same everywhere, times are not
(`python -m benchmarks.commands`)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.commands import COMMANDS
from tests.cli.conftest import ROOT

HEAVY = {
    "typer", "rich", "textual", "babel", "phonenumbers", "email_validator", "rapidfuzz", "tinydb", "tomlkit", "tomllib",
    "platformdirs", "typing_extensions", "inspect", "ast", "asyncio", "hashlib", "_hashlib", "secrets", "shutil", "tempfile",
    "subprocess", "json", "difflib", "csv", "socket",
}  # fmt: skip
ALLOWED = {
    # The index of the search is a database; its words are hashed and near ones sought.
    "find": {"sqlite3", "rapidfuzz", "difflib"},
    "deal edit": {"difflib"},
    "deal move": {"difflib"},
}
CODE = """
import os, sys
before = set(sys.modules)  # what the machine's own .pth files load is not ours
os._exit = sys.exit  # a command leaves at once
sys.argv[0] = "tuicrm"
from tuicrm.__main__ import main
try:
    main()
finally:
    print("LOADED", *(sys.modules.keys() - before), file=sys.stderr)
"""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_nothing_heavy_is_imported(data: Path, name: str) -> None:
    env = {**os.environ, "TUICRM_DATA": str(data), "LANG": "en_GB.UTF-8", "TZ": "UTC"}
    command = [sys.executable, "-c", CODE, *COMMANDS[name]]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.rpartition("LOADED")[2].split())
    assert "tuicrm.cli.grammar.grammar" in loaded
    assert loaded & HEAVY <= ALLOWED.get(name, {"difflib"})


def test_what_stays_collects_as_usual() -> None:
    code = (
        "import gc; usual = gc.get_threshold()\n"
        "from tuicrm.collecting import as_usual, seldom\n"
        "seldom(); assert gc.get_threshold() != usual; as_usual(); assert gc.get_threshold() == usual"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
