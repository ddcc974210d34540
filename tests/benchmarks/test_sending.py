"""Two workers, real processes, send into a real Postfix and are killed meanwhile: each mail arrives once, and no mail is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sending import SendingDrill
from tests.postfix import Postfix


@pytest.mark.parametrize(("mails", "kills"), [(120, 12), pytest.param(1_000, 60, marks=pytest.mark.slow)])
def test_each_mail_arrives_once_however_workers_die(postfix: Postfix, tmp_path: Path, mails: int, kills: int) -> None:
    done = SendingDrill(tmp_path, postfix, mails).run(workers=2, kills=kills)
    assert (done.arrived, done.twice, done.lost) == (mails, 0, 0)
    assert done.listed == done.unknown <= done.kills
    assert done.kills > kills // 2, "they were at work"
    assert done.unknown, "some of them in the middle of a message"
    assert done.statuses == {"sent": mails}
