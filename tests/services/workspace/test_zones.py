"""Whose time it is, and what is said of a name that is no zone."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tuicrm.services.workspace.zones import hint, own_zone

ROME, NEW_YORK = ZoneInfo("Europe/Rome"), ZoneInfo("America/New_York")


@pytest.fixture
def rome(tmp_path: Path) -> Path:
    """The /etc/localtime of a server in Rome."""
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Rome")
    return link


def test_the_setting_comes_before_the_entry_before_tz_before_the_server(rome: Path) -> None:
    environ = {"TZ": "Asia/Tokyo"}
    assert own_zone(NEW_YORK, "Europe/Paris", environ, rome)[:2] == (NEW_YORK, "setting")
    assert own_zone(None, "Europe/Paris", environ, rome)[:2] == (ZoneInfo("Europe/Paris"), "person")
    assert own_zone(None, None, environ, rome)[:2] == (ZoneInfo("Asia/Tokyo"), "TZ")
    assert own_zone(None, "", {}, rome)[:2] == (ROME, "server")


@pytest.mark.parametrize("text", ["America/New_York", ":America/New_York", "/usr/share/zoneinfo/America/New_York"])
def test_tz_is_read_in_all_its_forms(rome: Path, text: str) -> None:
    assert own_zone(None, None, {"TZ": text}, rome)[:2] == (NEW_YORK, "TZ")


def test_a_tz_that_means_the_server_or_nothing_is_the_servers(rome: Path) -> None:
    for text in ("", ":", ":/etc/localtime"):
        found = own_zone(None, None, {"TZ": text}, rome)
        assert (found.zone, found.source, found.warning) == (ROME, "server", "")


@pytest.mark.parametrize(
    "text", ["Europe/Roma", "CET-1CEST,M3.5.0,M10.5.0/3", "../../etc/passwd", "a\x00b", "è" * 5000]
)
def test_a_tz_that_is_none_is_told_and_the_servers_is_taken(rome: Path, text: str) -> None:
    found = own_zone(None, None, {"TZ": text}, rome)
    assert found[:2] == (ROME, "server")
    assert repr(text) in found.warning
    assert "use a name such as Europe/Rome" in found.warning
    assert "Times are shown in Europe/Rome." in found.warning


def test_a_wrong_entry_in_the_workspace_is_told_and_tz_is_taken(rome: Path) -> None:
    found = own_zone(None, "Moon/Base", {"TZ": "Asia/Tokyo"}, rome)
    assert found[:2] == (ZoneInfo("Asia/Tokyo"), "TZ")
    assert "Your entry in the workspace says 'Moon/Base'" in found.warning


def test_what_is_set_aside_is_not_complained_about(rome: Path) -> None:
    assert own_zone(NEW_YORK, None, {"TZ": "nonsense"}, rome).warning == ""


def test_a_server_without_a_name_for_its_zone(tmp_path: Path) -> None:
    copy = tmp_path / "localtime"
    shutil.copy("/usr/share/zoneinfo/Europe/Rome", copy)
    found = own_zone(None, None, {}, copy)
    assert datetime(2026, 7, 1, tzinfo=found.zone).utcoffset() == datetime(2026, 7, 1, tzinfo=ROME).utcoffset()
    copy.write_bytes(b"no zone")
    assert own_zone(None, None, {}, copy)[:2] == (UTC, "server")
    assert own_zone(None, None, {}, tmp_path / "none")[:2] == (UTC, "server")


def test_the_nearest_name_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hint("Europe/Roma") == "Did you mean 'Europe/Rome'?"
    assert hint("rome") == "Did you mean 'Europe/Rome'?"
    assert hint("qqqqqqqq") == ""
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    assert "tzdata" in hint("Europe/Rome")
