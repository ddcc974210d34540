"""Prints the lowest version of each dependency that pyproject.toml allows, as constraints of pip."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lowest(requirements: Sequence[str]) -> list[str]:
    """`name==version` of each that is needed here. Raises ValueError for one that says no lowest version."""
    found = []
    for requirement in requirements:
        name, _semicolon, marker = requirement.partition(";")
        if "win32" in marker:
            continue
        bound = re.fullmatch(r"([\w-]+)>=([\d.]+)(?:,<[\d.]+)?", name.replace(" ", ""))
        if bound is None:
            raise ValueError(f"{requirement}: no lowest version")
        found.append(f"{bound[1]}=={bound[2]}")
    return found


def dependencies() -> list[str]:
    """What pyproject.toml says is needed to run."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [str(one) for one in project["dependencies"]]


if __name__ == "__main__":
    print("\n".join(lowest(dependencies())))
