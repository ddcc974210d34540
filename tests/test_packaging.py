"""What is built carries the shipped data: in the wheel inside the package, in the source distribution beside it."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent


def shipped() -> set[str]:
    """Every file of data/, as its path in the repository."""
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*") if path.is_file()}


def test_the_wheel_carries_data_inside_the_package(tmp_path: Path) -> None:
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        names = set(wheel.namelist())
    assert shipped()
    assert {f"tuicrm/{name}" for name in shipped()} <= names
    assert "tuicrm/errors.py" in names
    assert not [name for name in names if name.startswith("tests/")]


def test_the_source_distribution_carries_data_and_all_that_make_needs(tmp_path: Path) -> None:
    (built,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(built) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert shipped() <= names
    assert {"Makefile", "constraints.txt", "README.md", "LICENSE", "pyproject.toml", ".ci/run"} <= names
    # Whatever the tests import of this repository, so that they pass from the archive too.
    packages = [path.parent for path in ROOT.glob("*/__init__.py")]
    sources = {path.relative_to(ROOT).as_posix() for package in packages for path in package.rglob("*.py")}
    assert len(packages) >= 4
    assert sources <= names
