"""The user's own settings: config.toml, declared once here. They are about the program on this machine, not the workspace."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from tuicrm.errors import StorageError, UsageError
from tuicrm.i18n import LANGUAGES, N_, _
from tuicrm.limits import CONFIG_SIZE
from tuicrm.login import at_home, comer

FILE = "config.toml"


class ConfigSetting(msgspec.Struct, frozen=True):
    """One setting: its name, what it may be ("" is the default: asked of the system), and what it is for (English source).

    `values` lists what it may be; empty for any text that `check` lets pass. `hint` says what may have been meant otherwise.
    """

    name: str
    default: str
    help: str
    values: Sequence[str] = ()
    check: Callable[[str], bool] | None = None
    hint: Callable[[str], str] | None = None


def _is_zone(name: str) -> bool:
    from tuicrm.services.workspace.zones import zone_named

    return zone_named(name) is not None


def _zone_hint(name: str) -> str:
    from tuicrm.services.workspace.zones import hint

    return hint(name)


def _is_locale(name: str) -> bool:
    # 60 ms, only for those who set one.
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _is_mail_server(text: str) -> bool:
    from tuicrm.services.workspace.mail_servers import is_server

    return is_server(text)


def _is_address(text: str) -> bool:
    return "@" in text and not any(sign.isspace() or not sign.isprintable() for sign in text)


def _is_country(name: str) -> bool:
    return len(name) == 2 and name.isascii() and name.isalpha() and name.isupper()


SETTINGS = (
    ConfigSetting("language", "", N_("Language of the program; leave empty to use the system's"), ("", *LANGUAGES)),
    ConfigSetting("locale", "", N_("How numbers and dates are written, such as it_IT"), check=_is_locale),
    ConfigSetting(
        "time_zone",
        "",
        N_("Time zone, such as Europe/Rome; over SSH the server's is not yours"),
        check=_is_zone,
        hint=_zone_hint,
    ),
    ConfigSetting("country", "", N_("Country of phone numbers without a prefix, such as IT"), check=_is_country),
    ConfigSetting(
        "theme",
        "auto",
        N_("Colours for a dark or a light terminal, or the terminal's own"),
        ("auto", "dark", "light", "terminal"),
    ),
    ConfigSetting("contrast", "auto", N_("Whether all text stands out clearly"), ("auto", "usual", "high")),
    ConfigSetting("ascii", "auto", N_("Only ASCII signs"), ("auto", "yes", "no")),
    ConfigSetting(
        "notify",
        "off",
        N_("Whether the terminal tells of reminders: by its bell, or by a notice of its own where it knows how"),
        ("off", "bell", "terminal"),
    ),
    ConfigSetting(
        "notify_titles",
        "yes",
        N_("Whether such a notice says what it is about, or only that there is something"),
        ("yes", "no"),
    ),
    ConfigSetting(
        "mail_server",
        "",
        N_("Server that mail is sent by, such as smtp://localhost:25 or smtps://anna@mail.example.com"),
        check=_is_mail_server,
    ),
    ConfigSetting("mail_from", "", N_("Address that mail is sent from; by default, yours"), check=_is_address),
    ConfigSetting(
        "call_command",
        "",
        N_("Program that dials, such as linphonecsh dial {}; {} stands for the number, and no shell reads it"),
    ),
    ConfigSetting("preset", "vi", N_("Key set: vi also has letters that move, plain has arrows only"), ("vi", "plain")),
)
"""All settings but the table [keys]: action id = key or list of keys."""

_NAMES = tuple(setting.name for setting in SETTINGS)


class Config(msgspec.Struct, frozen=True):
    """The settings in use."""

    language: str = ""
    locale: str = ""
    time_zone: str = ""
    country: str = ""
    theme: str = "auto"
    contrast: str = "auto"
    ascii: str = "auto"
    notify: str = "off"
    notify_titles: str = "yes"
    mail_server: str = ""
    mail_from: str = ""
    call_command: str = ""
    preset: str = "vi"
    keys: Mapping[str, Sequence[str]] = {}

    @property
    def zone(self) -> tzinfo | None:
        """The time zone that was set; None for the system's."""
        from tuicrm.services.workspace.zones import zone_named

        return zone_named(self.time_zone)


def with_own(config: Config, own: Mapping[str, str]) -> Config:
    """The settings in use: what a person chose in the workspace (`own_settings.py`) holds where the file says nothing else."""
    return replace(config, **{key: value for key, value in own.items() if not is_set(config, key)})


def is_set(config: Config, name: str) -> bool:
    """Whether the file says something of a setting."""
    return bool(getattr(config, name) != getattr(Config(), name))


def config_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the settings lie: TUICRM_CONFIG, else the user's folder for settings."""
    from tuicrm.services.workspace.environment import config_folder

    named = environ.get("TUICRM_CONFIG")
    return at_home(named, own=True) if named else config_folder() / FILE


def read_config(path: Path | None = None) -> Config:
    """The settings; the defaults where there is no file.

    Raises UsageError naming file, key and nearest match for what is not a setting or not one of its values; StorageError when the
    file cannot be read.
    """
    if path is None and comer() is not None:
        # The account's settings are nobody's who comes in on it.
        return Config()
    path = path or config_path()
    try:
        with path.open("rb") as file:
            data = file.read(CONFIG_SIZE.most + 1)
        text = data.decode("utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise StorageError(_("{file} cannot be read: {why}").format(file=path, why=why)) from error
    if len(data) > CONFIG_SIZE.most:
        raise UsageError(f"{path}: {CONFIG_SIZE.told}")
    # 4 ms, and what it needs: only for those who have settings.
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_("{file} is not TOML: {why}").format(file=path, why=error)) from error
    try:
        return _checked(found)
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}") from error


def _checked(found: Mapping[str, Any]) -> Config:
    values: dict[str, str] = {}
    for name, value in found.items():
        if name == "keys":
            continue
        setting = next((setting for setting in SETTINGS if setting.name == name), None)
        if setting is None:
            raise _unknown(_("There is no setting {name!r}.").format(name=name), name, (*_NAMES, "keys"))
        values[name] = check(setting, value)
    keys = _keys(found.get("keys", {}))
    config = Config(**values, keys=keys)
    # The table of all actions, checked only where somebody has settings.
    from tuicrm.keymap import keymap

    keymap(config.preset, keys)
    return config


def _unknown(message: str, name: str, known: Sequence[str]) -> UsageError:
    from tuicrm.keymap import unknown

    return UsageError(unknown(message, name, known))


def check(setting: ConfigSetting, value: object) -> str:
    """The value as it is kept. Raises UsageError with the setting, what was given and what it may be."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    known = isinstance(value, str) and (
        value in setting.values if setting.values else not value or setting.check is None or setting.check(value)
    )
    if known:
        return str(value)
    message = _("{name} cannot be set to {value!r}.").format(name=setting.name, value=value)
    if setting.values:
        choices = ", ".join(one or '""' for one in setting.values)
        message = f"{message} {_('Choose one of: {choices}.').format(choices=choices)}"
        raise _unknown(message, str(value), setting.values)
    near = setting.hint(value) if setting.hint and isinstance(value, str) else ""
    raise UsageError(f"{message} {_(setting.help)}{'. ' if near else ''}{near}")


def _keys(table: object) -> dict[str, tuple[str, ...]]:
    """`[keys]` flattened: `stage.next = ">"` is a table `stage` in TOML, `"stage.next"` a name."""
    if not isinstance(table, Mapping):
        raise UsageError(_("[keys] must be a table of action = key."))
    keys: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            keys.update((f"{name}.{rest}", bound) for rest, bound in _keys(value).items())
        elif isinstance(value, str):
            keys[name] = (value,)
        elif isinstance(value, list) and all(isinstance(key, str) for key in value):
            keys[name] = tuple(value)
        else:
            raise UsageError(_("[keys] {name}: expected a key or a list of keys.").format(name=name))
    return keys
