"""Pictures as text: what a screen shows is compared with a file.

`UPDATE_SNAPSHOTS=1 pytest …` writes the files anew: look at the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_snapshot(name: str, lines: list[str]) -> None:
    """Fails where the screen is another than in `snapshots/<name>.txt`."""
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    path = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path} is missing: UPDATE_SNAPSHOTS=1 writes it"
    assert text == path.read_text(encoding="utf-8")
