"""Each command once as the process that people start; what it does is tested without one, ten times as fast (`crm`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Crm
from tests.cli.every_command import TYPES, Leaf, files, leaves

COMMANDS = [leaf for leaf in leaves() if leaf.path[0] not in TYPES or leaf.path[0] == "deal"]
"""The verbs of one type stand for those of all: they are the same code with other data."""


@pytest.mark.parametrize("leaf", COMMANDS, ids=[leaf.key for leaf in COMMANDS])
def test_a_command_is_a_process(process: Crm, tmp_path: Path, leaf: Leaf) -> None:
    """It is found, loaded and acts, or says in words why not."""
    files(tmp_path)
    words = [word.replace("1001", "1").replace("1002", "2") for word in leaf.acts()[0]]
    ran = process(*words)
    assert ran.code in (0, 1, 2, 3, 4, 7), ran
    assert ran.out or ran.err
    assert "Traceback" not in ran.out + ran.err
    assert (ran.code == 0) == (not ran.err.startswith("Error")), ran
