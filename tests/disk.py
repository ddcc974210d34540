"""A small disk that can be filled to the byte: a tmpfs where we may mount one, else a limit on how long a file may grow."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIZE = 16 << 20
_BALLAST = "ballast"
_ATTEMPTS = 200


class SmallDisk:
    """A folder of its own, `place`, on a disk that is this small."""

    def __init__(self, place: Path, *, mounted: bool) -> None:
        self.place = place
        self.mounted = mounted

    def used(self) -> int:
        """Bytes that are taken; without a disk of our own, the length of the longest file."""
        if self.mounted:
            found = os.statvfs(self.place)
            return (found.f_blocks - found.f_bfree) * found.f_frsize
        return self._longest()

    @contextmanager
    def filled_but(self, room: int) -> Iterator[None]:
        """Only so many bytes are left in the block."""
        if not self.mounted:
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (self._longest() + room, hard))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            return
        ballast = self.place / _BALLAST
        try:
            self._fill(ballast, room)
            yield
        finally:
            ballast.unlink()

    @staticmethod
    def _fill(ballast: Path, room: int) -> None:
        """What was deleted and is open somewhere still takes its place: wait for that, and look again at what is left."""
        gc.collect()
        with ballast.open("wb") as file:
            size = short = 0
            for _attempt in range(_ATTEMPTS):
                left = os.statvfs(ballast.parent)
                more = left.f_bavail * left.f_frsize - room - short
                if more < left.f_frsize:
                    return
                try:
                    os.posix_fallocate(file.fileno(), 0, size + more)
                    size += more
                except OSError:
                    short += left.f_frsize  # so much less is there than it tells of

    def _longest(self) -> int:
        return max((path.stat().st_size for path in self.place.rglob("*") if path.is_file()), default=0)


@contextmanager
def small_disk(place: Path) -> Iterator[SmallDisk]:
    """Mounted at a folder that is made for it, and gone afterwards."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield SmallDisk(place, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
