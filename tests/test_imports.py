"""Import hygiene: what a start must not pay for. Lists of modules are the same on every machine; times are not.

Each case runs in a fresh interpreter: in this one, other tests have imported everything already.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCREEN = ("textual",)
HEAVY = (
    "babel",
    "phonenumbers",
    "rapidfuzz",
    "docx",
    "docxtpl",
    "lxml",
    "email_validator",
    "tomlkit",
    "asyncio",
    "pydantic",
    "num2words",
    "segno",
)
# Measured on the reference machine: babel, phonenumbers and rapidfuzz cost 20 to 60 ms each, docx 120.


def modules_of(package: str) -> list[str]:
    """Every module under a package, by its dotted name."""
    folder = ROOT / package.replace(".", "/")
    names = [path.relative_to(ROOT).with_suffix("").parts for path in sorted(folder.rglob("*.py"))]
    return [".".join(parts[:-1] if parts[-1] == "__init__" else parts) for parts in names]


def loaded_by(*modules: str) -> set[str]:
    """The top-level packages in memory after importing `modules` in a new interpreter."""
    code = f"import sys\nimport {', '.join(modules)}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "package", ["domain", "store", "exchange", "documents", "channels", "render", "services", "cli"]
)
def test_no_module_below_the_screens_loads_textual(package: str) -> None:
    assert not loaded_by(*modules_of(f"tuicrm.{package}")).intersection(SCREEN)


@pytest.mark.parametrize("package", ["domain", "exchange", "render", "services", "cli"])
def test_heavy_libraries_wait_until_they_are_used(package: str) -> None:
    assert not loaded_by(*modules_of(f"tuicrm.{package}")).intersection(HEAVY)


def test_nothing_loads_the_engine_of_documents_before_one_is_made() -> None:
    names = ", ".join([*modules_of("tuicrm.services"), *modules_of("tuicrm.cli"), *modules_of("tuicrm.screens")])
    code = f"import sys\nimport {names}\nprint(*[name for name in sys.modules if name.startswith('tuicrm.documents')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) <= {"tuicrm.documents"}


def test_drawing_loads_neither_textual_nor_rich() -> None:
    assert not loaded_by(*modules_of("tuicrm.render")).intersection(("textual", "rich"))


def test_the_schema_loads_only_msgspec() -> None:
    assert not loaded_by("tuicrm.domain.schema").intersection((*SCREEN, *HEAVY, "rich", "tinydb", "typer", "click"))
