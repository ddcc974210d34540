"""A folder as it was: only what a try changed is written again, since copying all of it costs more than most tries."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def contents(folder: str | Path, below: str = "") -> Iterator[tuple[str, bytes | None]]:
    """Every file with its content, and every folder, whose content is None, before what is in it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = below + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield name, None
                yield from contents(entry.path, f"{name}/")
            else:
                yield name, Path(entry.path).read_bytes()


class PutBack:
    """A copy of a folder for tries, whatever they do to it."""

    def __init__(self, whole: Path, copy: Path) -> None:
        shutil.copytree(whole, copy)
        self._whole, self.copy = whole, copy
        self.first = dict(contents(copy))
        """What is in it before a try, as `contents` tells it."""

    def put_back(self) -> None:
        """Every file and folder has its old content again, and there is no other."""
        now = dict(contents(self.copy))
        if now == self.first:
            return
        for name in [name for name in reversed(now) if name not in self.first]:
            path = self.copy / name
            path.rmdir() if now[name] is None else path.unlink()
        for name, content in self.first.items():
            path = self.copy / name
            if content is None:
                path.mkdir(exist_ok=True)
            elif name not in now:
                shutil.copy2(self._whole / name, path)
            elif now[name] != content:
                path.write_bytes(content)
