"""Files to import."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Put: TypeAlias = Callable[[str, str | bytes | dict[str, Any]], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a file to import, in a folder that is not the present one."""
    folder = tmp_path / "files"
    folder.mkdir()

    def write(name: str, content: str | bytes | dict[str, Any]) -> Path:
        path = folder / name
        if isinstance(content, dict):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
