"""`tuicrm settings`: what holds, what is chosen, and what goes before it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.cli.conftest import Crm


def test_what_is_chosen_holds_for_the_next_command(crm: Crm, tmp_path: Path) -> None:
    assert crm("settings").out.splitlines() == [
        "theme           as the terminal is",
        "contrast        usual",
        "language        that of the system",
        "working_hours   09:00-18:00",
        "working_days    mon-fri",
        "holidays        only weekends",
        "ask_next_step   off",
        "soon_minutes    15",
        "counter_of      activities",
        "send_delay      10",
        "invite_by_mail  off",
        "idle_end        0",
    ]
    ran = crm("settings", "theme=dark", "contrast=high", "language=it", "--json")
    assert ran.json["settings"]["theme"] == {"value": "dark", "chosen": "dark", "set_in": ""}
    assert crm("settings", "--json").json["settings"]["contrast"]["value"] == "high"
    config = tmp_path / "own.toml"
    config.write_text('theme = "light"\n')
    held = crm("settings", "--json", env={"TUICRM_CONFIG": str(config)}).json["settings"]["theme"]
    assert held == {"value": "light", "chosen": "dark", "set_in": str(config)}
    assert str(config) in crm("settings", env={"TUICRM_CONFIG": str(config)}).out
    assert crm("settings", "theme=", "language=en", "--json").json["settings"]["theme"]["value"] == "auto"


def test_what_is_wrong_names_what_there_is(crm: Crm) -> None:
    ran = crm("settings", "theme=drak")
    assert ran.code == 4
    assert "dark" in ran.err
    assert crm("settings", "colour=red").code == 4
    assert crm("settings", "theme").code == 2


def test_what_holds_for_everyone_needs_the_right_and_is_one_undo(crm: Crm) -> None:
    ran = crm(
        "settings", "working_hours=8.30-17", "working_days=lun-gio", "holidays=it, 12-24", "ask_next_step=yes", "--json"
    )
    found = {key: one["value"] for key, one in ran.json["settings"].items()}
    assert (found["working_hours"], found["working_days"], found["ask_next_step"]) == ("08:30-17:00", "mon-thu", "on")
    assert found["holidays"] == "IT, 12-24"
    crm("settings", "working_days=tue", "holidays=")
    at = datetime.fromisoformat(crm("activity", "add", "D-1", "Ring", "--json").json["at"])
    # Before work begins, or late in the evening, it is when work begins.
    assert (at.weekday(), at.minute) == (1, 30 if at.hour == 8 else 0)
    assert 8 <= at.hour <= 17
    assert crm("undo", "3").code == 0
    assert crm("settings", "--json").json["settings"]["working_hours"] == {
        "value": "09:00-18:00",
        "chosen": "",
        "set_in": "",
    }
    assert crm("settings", "ask_next_step=on", "ask_next_step=").code == 2
    for said in (
        "working_hours=18-9",
        "working_days=someday",
        "holidays=XX",
        "ask_next_step=perhaps",
        "working_hours=9-17",
    ):
        ran = crm("settings", said, *(["--as", "luca"] if said.endswith("17") else []))
        assert ran.code == (5 if said.endswith("17") else 4)
        assert said.partition("=")[0] in ran.err or ran.code == 5
