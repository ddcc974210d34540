"""`tuicrm settings`: what holds, what is chosen, and what goes before it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Crm


def test_what_is_chosen_holds_for_the_next_command(crm: Crm, tmp_path: Path) -> None:
    assert crm("settings").out.splitlines() == [
        "theme     as the terminal is",
        "contrast  usual",
        "language  that of the system",
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
