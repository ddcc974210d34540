"""The program over a real ssh beside the local terminal: `python -m benchmarks.ssh [--items 1000] [--keys 20]`.

First data: from the start of the command to the board with its deals. A key: to the last byte of its answer, the median. The slow line
is a proxy of ours before sshd: 150 ms each way, 64 kbit/s in each direction. Bytes are what the program writes to the terminal; on a
line, ssh packs them once more.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.front import ROOT, Front, free_port, front, ssh_config
from benchmarks.probe import Probe

DELAY, BYTES_A_SECOND = 0.15, 8_000
KEYS = (b"j", b"k", b"l", b"h")
_PIECE = 1_024


def main(arguments: Sequence[str]) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000)
    parser.add_argument("--keys", type=int, default=20)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = folder / "workspace"
        words = [sys.executable, "-m", "tuicrm", "init", str(workspace), "--items", str(asked.items)]
        subprocess.run(words, check=True, capture_output=True, cwd=ROOT)
        local = [sys.executable, "-m", "tuicrm", "--data", str(workspace)]
        print(f"{'':<22}{'first data, ms':>16}{'key, ms':>10}{'bytes a key':>13}")
        row("local terminal", local, asked.keys)
        with front(folder, workspace) as served:
            row("ssh", [*served.ssh, "-tt", "crm"], asked.keys)
            with slow_line(served) as slow:
                row("ssh, slow line", [*slow, "-tt", "crm"], asked.keys)
            begun = time.perf_counter()
            served.run("deal", "list", "--limit", "1", "--json")
            print(f"ssh crm deal list: {(time.perf_counter() - begun) * 1000:.0f} ms")


def row(name: str, command: Sequence[str], keys: int) -> None:
    """One line of the table: the median of three starts, then keys in the last one."""
    firsts = []
    for turn in range(3):
        probe = Probe(command, (140, 40))
        firsts.append(probe.first(r"[€$£] ?\d", 60) or float("nan"))
        if turn < 2:
            probe.close()
    answers = [probe.press(KEYS[n % len(KEYS)], 5, 0.6) for n in range(keys)]
    probe.close()
    times = [one.ms for one in answers if one.ms is not None]
    print(f"{name:<22}{median(firsts):>16.0f}{median(times):>10.0f}{median(one.bytes for one in answers):>13.0f}")


@contextmanager
def slow_line(served: Front) -> Iterator[tuple[str, ...]]:
    """The words of ssh over a line that is slow."""
    port = free_port()
    config = served.folder / "slow_config"
    config.write_text(ssh_config(served.folder, port))
    with socket.create_server(("127.0.0.1", port)) as listening:
        threading.Thread(target=_serve, args=(listening, served.port), daemon=True).start()
        yield (served.ssh[0], "-F", str(config))


def _serve(listening: socket.socket, port: int) -> None:
    while True:
        try:
            near, _address = listening.accept()
        except OSError:
            return
        far = socket.create_connection(("127.0.0.1", port))
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    """What one says reaches the other later, and no faster than the line takes it."""
    free_at = 0.0
    waiting: list[tuple[float, bytes]] = []
    news = threading.Condition()

    def hand_on() -> None:
        while True:
            with news:
                while not waiting:
                    news.wait()
                moment, piece = waiting.pop(0)
            time.sleep(max(0.0, moment - time.monotonic()))
            try:
                other.sendall(piece)
            except OSError:
                return

    threading.Thread(target=hand_on, daemon=True).start()
    while True:
        try:
            piece = one.recv(_PIECE)
        except OSError:
            return
        if not piece:
            return
        free_at = max(free_at, time.monotonic()) + len(piece) / BYTES_A_SECOND
        with news:
            waiting.append((free_at + DELAY, piece))
            news.notify()


if __name__ == "__main__":
    main(sys.argv[1:])
