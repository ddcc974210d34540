"""How reminders leave: a line for a program holds nothing that steers or hides, mail goes to an address."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.hostile_workspace import TEXTS
from tuicrm.errors import Refused, UsageError
from tuicrm.harmless import is_harmful
from tuicrm.services.calendar.reminder_ways import by_command, mail_address, plain
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op


def test_a_line_for_a_program_holds_nothing_that_steers_or_hides() -> None:
    assert not any(is_harmful(sign) or sign == "\n" for text in TEXTS for sign in plain(text))


def test_a_command_is_run_with_each_line(tmp_path: Path) -> None:
    got = tmp_path / "got"
    tell = by_command(f"{sys.executable} -c 'import sys; open(sys.argv[1], \"a\").write(sys.argv[2])' {got} {{}}")
    tell("10:00 Call")
    tell("11:00 Call $(id)")
    assert got.read_text() == "10:00 Call11:00 Call $(id)"
    with pytest.raises(UsageError, match="must not be part of a program"):
        by_command("sh -c")


def test_mail_goes_to_an_address_or_is_refused(seeded: Session) -> None:
    with pytest.raises(Refused):
        mail_address(seeded)
    for evil in ("a@b.it\nBcc: eve@example.com", "a@b.it, eve@example.com", "anna", "a b@c"):
        person = next(one for one in seeded.workspace.records["person"].values() if one.doc["key"] == "anna")
        seeded.store.commit([Op("person", person.id, {**person.doc, "email": evil})], by="anna")
        with pytest.raises(Refused):
            mail_address(seeded)
