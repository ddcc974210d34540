"""What a worker's process of `benchmarks.sending` does; in a module of its own, which processes are forked with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tuicrm.services.messages import outbox
from tuicrm.services.messages.worker import Worker
from tuicrm.services.workspace.start import open_session


def send_all(folder: Path, environ: Mapping[str, str], sent: Any) -> None:
    """Send until nothing is due. `sent` counts: -1 until it has begun."""
    os.environ.update(environ)
    session = open_session(folder)
    sent.value = 0
    with Worker(session) as worker:
        while outbox.due(session):
            for _step in worker.send_due():
                sent.value += 1
            session.store.refresh()
    session.close()
