"""How the program looks and speaks to one person, wherever they work: kept for them in the workspace, and no step of undo.

What they set for the program on a machine (config.toml) goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tuicrm.domain import named
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import N_, _
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences
from tuicrm.services.workspace.preferences import SYSTEM


class OwnSetting(msgspec.Struct, frozen=True):
    """One thing to choose: its key, its name, and what it may be with the words for that (English sources), the usual one first."""

    key: str
    label: str
    values: Mapping[str, str]


OWN_SETTINGS = (
    OwnSetting(
        "theme",
        N_("Theme"),
        {
            "auto": N_("as the terminal is"),
            "dark": N_("dark"),
            "light": N_("light"),
            "terminal": N_("the terminal's own colours"),
        },
    ),
    OwnSetting("contrast", N_("Contrast"), {"usual": N_("usual"), "high": N_("high")}),
    OwnSetting("language", N_("Language"), {SYSTEM: N_("that of the system"), "en": "English", "it": "italiano"}),
)
"""All of them, by the names that config.toml has for them too."""


def own_setting(text: str) -> OwnSetting:
    """The one that is named, by its key or its label. Raises Refused listing them."""
    known = [named.Named(one, one.key, (one.label, _(one.label)), one.key) for one in OWN_SETTINGS]
    try:
        return named.the(text, known, _("There is no setting “{name}”").format(name=text))
    except named.NotNamed as missing:
        raise Refused(missing.message, [FieldProblem("setting", missing.message, text)]) from missing


def chosen(session: Session) -> dict[str, str]:
    """What the person chose, by key; nothing of what they did not."""
    found = {one.key: preferences.own_choice(session, one.key) for one in OWN_SETTINGS}
    return {one.key: found[one.key] for one in OWN_SETTINGS if found[one.key] in one.values}


def choose(session: Session, texts: Mapping[str, str]) -> None:
    """Keep choices, by key, each named by its key or what it is called; "" for the usual one. All are read before any is kept.

    Raises Refused for what cannot be chosen."""
    read = {own_setting(key).key: _value(own_setting(key), text) for key, text in texts.items()}
    for key, value in read.items():
        if preferences.own_choice(session, key) != value:
            preferences.choose_own(session, key, value)


def _value(setting: OwnSetting, text: str) -> str:
    if not text.strip():
        return ""
    known = [named.Named(key, key, (label, _(label)), key) for key, label in setting.values.items()]
    try:
        return named.the(text, known, _("{name} cannot be “{value}”").format(name=setting.key, value=text))
    except named.NotNamed as missing:
        raise Refused(missing.message, [FieldProblem(setting.key, missing.message, text)]) from missing


def told(session: Session, setting: OwnSetting, value: str = "") -> str:
    """A value in words; without one, what the person chose or what holds where they did not."""
    value = value or chosen(session).get(setting.key, "")
    if not value and setting.key == "language" and session.person.language:
        value = session.person.language.partition("_")[0]
    return _(setting.values.get(value, value or next(iter(setting.values.values()))))
