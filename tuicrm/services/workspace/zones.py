"""Whose time it is: what the person set, else what their workspace entry says, else TZ (SSH can forward it), else the server's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from tuicrm.i18n import _

_ZONEINFO = "zoneinfo/"
ZoneSource: TypeAlias = Literal["setting", "person", "TZ", "server"]


class OwnZone(NamedTuple):
    """The zone in use and where it is from. `wrong` is what was named before it and is no zone here, `at` where that stands."""

    zone: tzinfo
    source: ZoneSource
    wrong: str = ""
    at: ZoneSource = "server"

    @property
    def warning(self) -> str:
        """What to know of a name that no time zone has; "" where all is well."""
        if not self.wrong:
            return ""
        told = (
            _("TZ is {name!r}, which is not a time zone here: use a name such as Europe/Rome.")
            if self.at == "TZ"
            else _("Your entry in the workspace says {name!r}, which is not a time zone here.")
        )
        parts = [told.format(name=self.wrong), hint(self.wrong), _("Times are shown in {zone}.").format(zone=self.zone)]
        return " ".join(part for part in parts if part)


def own_zone(
    setting: tzinfo | None = None,
    person: str | None = None,
    environ: Mapping[str, str] = os.environ,
    localtime: Path = Path("/etc/localtime"),
) -> OwnZone:
    """The first that is there of: the setting, the person's entry in the workspace, TZ, the server's zone (UTC where it has none)."""
    if setting is not None:
        return OwnZone(setting, "setting")
    wrong: tuple[str, ZoneSource] = ("", "server")
    named: tuple[tuple[ZoneSource, str], ...] = (("person", person or ""), ("TZ", _name(environ.get("TZ", ""))))
    for source, name in named:
        if zone := zone_named(name):
            return OwnZone(zone, source, *wrong)
        if name and not wrong[0]:
            wrong = name, source
    return OwnZone(_server(localtime), "server", *wrong)


def zone_of(environ: Mapping[str, str] = os.environ, localtime: Path = Path("/etc/localtime")) -> tzinfo:
    """The zone of this process: TZ, else the server's."""
    return own_zone(None, None, environ, localtime).zone


def zone_named(name: str) -> tzinfo | None:
    """A zone by its IANA name; None when there is no such zone."""
    if not name or name in ("UTC", "Etc/UTC"):
        return UTC if name else None
    # 6 ms, not needed where the clock is in UTC.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def hint(name: str) -> str:
    """What may have been meant by a name that is no zone: the nearest, or why there is none at all."""
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    known = available_timezones()
    if not known:
        return _("This machine knows no time zones: install the package tzdata.")
    # Who writes a city alone means that city.
    cities = sorted(zone for zone in known if zone.rpartition("/")[2].lower() == name.lower())
    near = cities or get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return _("Did you mean {name!r}?").format(name=near[0]) if near else ""


def _name(text: str) -> str:
    """The name in a TZ: `:Europe/Rome` and `/usr/share/zoneinfo/Europe/Rome` name a zone too; `:/etc/localtime` is the server's."""
    text = text.lstrip(":")
    return "" if text == "/etc/localtime" else text.partition(_ZONEINFO)[2] or text


def _server(localtime: Path) -> tzinfo:
    try:
        named = zone_named(str(localtime.readlink()).partition(_ZONEINFO)[2])
    except OSError:
        named = None
    if named is not None:
        return named
    from zoneinfo import ZoneInfo

    try:
        with localtime.open("rb") as file:
            return ZoneInfo.from_file(file, key=str(localtime))
    except (OSError, ValueError):
        return UTC
