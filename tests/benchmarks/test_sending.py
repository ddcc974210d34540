"""Two workers, real processes, send into a real Postfix and are killed meanwhile: each mail arrives once, and no mail is lost."""

from __future__ import annotations

from pathlib import Path

from benchmarks.sending import SendingDrill
from tests.postfix import Postfix


def test_each_mail_arrives_once_however_workers_die(postfix: Postfix, tmp_path: Path) -> None:
    done = SendingDrill(tmp_path, postfix, 40).run(workers=2, kills=2)
    assert (done.arrived, done.twice, done.lost) == (40, 0, 0)
    assert done.listed == done.unknown <= done.kills == 2
    assert done.statuses == {"sent": 40}
