"""Settings that hold for everyone in a workspace: when people work, and what the screens ask. They need the right `settings`.

Kept as texts, in one form however they were typed. A new one is a line of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tuicrm.domain.activities import working
from tuicrm.domain.config_records import INVITE_BY_MAIL
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.language import every
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import N_, _
from tuicrm.limits import REMINDER_AHEAD, SEND_AT_LATEST
from tuicrm.services.kernel.session import Session


class SharedSetting(msgspec.Struct, frozen=True):
    """One setting: its key, what it is called (English), what holds where nobody has said, and how it is read (raises BadValue)."""

    key: str
    label: str
    usual: str
    read: Callable[[str], str]


def _yes_no(text: str) -> str:
    word = text.strip().casefold()
    for value, english in (("on", "yes"), ("off", "no")):
        if word == value or word in every(english):
            return value
    raise BadValue(_("on or off is expected"), text)


def _minutes(text: str) -> str:
    word = text.strip()
    if not (word.isascii() and word.isdigit()):
        raise BadValue(_("whole minutes are expected, such as 15"), text)
    if len(word) > len(str(REMINDER_AHEAD.most)) or int(word) > REMINDER_AHEAD.most:
        raise BadValue(REMINDER_AHEAD.told, text)
    return str(int(word))


def _seconds(text: str) -> str:
    word = text.strip()
    if (
        not (word.isascii() and word.isdigit())
        or len(word) > len(str(SEND_AT_LATEST.most))
        or int(word) > SEND_AT_LATEST.most
    ):
        raise BadValue(SEND_AT_LATEST.told, text)
    return str(int(word))


def _counted(text: str) -> str:
    word = text.strip().casefold()
    for value, words in (
        (ACTIVITIES_COUNT, ("activities", "attività")),
        (ITEMS_COUNT, ("items", "elementi", "schede")),
    ):
        if word in words:
            return value
    raise BadValue(_("activities or items is expected"), text)


ASK_NEXT_STEP, SOON_MINUTES, COUNTER_OF = "ask_next_step", "soon_minutes", "counter_of"
SEND_DELAY = "send_delay"
"""For how many seconds a message that was written can be recalled."""
IDLE_END = "idle_end"
"""After how many minutes without a key a session ends that came in by SSH or a browser; 0 never."""
ACTIVITIES_COUNT, ITEMS_COUNT = "activities", "items"

SHARED_SETTINGS = (
    SharedSetting(working.HOURS, N_("Working hours"), "09:00-18:00", working.read_hours),
    SharedSetting(working.DAYS, N_("Working days"), "mon-fri", working.read_days),
    SharedSetting(working.HOLIDAYS_SETTING, N_("Holidays"), "", working.read_holidays),
    SharedSetting(ASK_NEXT_STEP, N_("Ask for the next step"), "off", _yes_no),
    SharedSetting(SOON_MINUTES, N_("Minutes that count as soon"), "15", _minutes),
    SharedSetting(COUNTER_OF, N_("Counters count"), ACTIVITIES_COUNT, _counted),
    SharedSetting(SEND_DELAY, N_("Seconds before a message goes out"), "10", _seconds),
    SharedSetting(INVITE_BY_MAIL, N_("Invite by mail"), "off", _yes_no),
    SharedSetting(IDLE_END, N_("Minutes after which an idle session ends (SSH, browser)"), "0", _minutes),
)
"""All of them, in the order in which they are listed."""

_BY_KEY = {one.key: one for one in SHARED_SETTINGS}


def is_shared(key: str) -> bool:
    """Whether a setting of that key holds for everyone."""
    return key in _BY_KEY


def value_of(session: Session, key: str) -> str:
    """What holds: what somebody has said, else what is usual. Of what a script wrote, only what can be read."""
    setting, said = _BY_KEY[key], session.workspace.settings.get(key)
    if isinstance(said, str) and said:
        try:
            return setting.read(said)
        except BadValue:
            return setting.usual
    return setting.usual


def is_on(session: Session, key: str) -> bool:
    """Whether a setting that is on or off is on."""
    return value_of(session, key) == "on"


def soon_minutes(session: Session) -> int:
    """How many minutes before it is due something is due soon."""
    return int(value_of(session, SOON_MINUTES))


def change(session: Session, texts: Mapping[str, str]) -> None:
    """Say what holds for everyone, by key; "" for what is usual. All are read before any is kept, as one change.

    Raises Refused with each that is wrong, AccessDenied."""
    read: dict[str, str] = {}
    problems = []
    for key, text in texts.items():
        try:
            read[key] = _BY_KEY[key].read(text) if text.strip() else ""
        except BadValue as bad:
            problems.append(FieldProblem(key, bad.message, text))
    if problems:
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)
    with session.change(_("change the settings of the workspace")) as step:
        for key, value in read.items():
            entry = session.workspace.entry("setting", key)
            doc: dict[str, Any] = {"key": key, "value": value}
            if entry is None and value:
                step.put("setting", doc)
            elif entry is not None and value:
                step.put("setting", doc, entry.id, expect=entry.rev)
            elif entry is not None:
                step.remove("setting", entry.id)
