"""Words on the command line that are the same in every workspace, by the name that a value has in help (`FORMAT`, `COLOUR`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping


def _field_kinds() -> Iterable[str]:
    from tuicrm.domain.kinds import CUSTOM_KINDS

    return CUSTOM_KINDS


def _starters() -> Iterable[str]:
    from tuicrm.services.documents.starter_templates import starters

    return [one.key for one in starters()]


def _room_kinds() -> Iterable[str]:
    from tuicrm.domain.rooms import ROOM_KINDS

    return ROOM_KINDS


def _handlings() -> Iterable[str]:
    from tuicrm.services.importing.options import HANDLINGS

    return HANDLINGS


def _signs() -> Iterable[str]:
    from tuicrm.domain.alike import KINDS

    return KINDS


def _groups() -> Iterable[str]:
    from tuicrm.services.items.timeline import GROUPS

    return GROUPS


def _parts() -> Iterable[str]:
    from tuicrm.domain.kinds.product_parts import PARTS

    return [f"{part}=" for part in PARTS]


def _languages() -> Iterable[str]:
    from tuicrm.i18n import LANGUAGES

    return LANGUAGES


def _zones() -> Iterable[str]:
    from zoneinfo import available_timezones

    return sorted(available_timezones())


def _colours() -> Iterable[str]:
    from tuicrm.domain.stage_colours import COLOURS
    from tuicrm.i18n import _

    return [_(name) for name in COLOURS]


def days() -> Iterable[str]:
    from tuicrm.domain.language import own
    from tuicrm.i18n import language

    return (own("today", language()), "+1d", "+3d", "+1w", "+1m")


def _apps() -> Iterable[str]:
    from tuicrm.services.messages.dialling import APPS

    return APPS


def _outcomes() -> Iterable[str]:
    from tuicrm.domain.messages.message import OUTCOMES

    return filter(None, OUTCOMES)


def _ways() -> Iterable[str]:
    from tuicrm.services.messages.dialling import WAYS

    return WAYS


def _channel_kinds() -> Iterable[str]:
    from tuicrm.domain.channel_settings import KINDS

    return KINDS


def _text_channels() -> Iterable[str]:
    from tuicrm.domain.messages.text_template import TEXT_CHANNELS

    return TEXT_CHANNELS


def _channel_words() -> Iterable[str]:
    from tuicrm.services.messages.accounts import known_words

    return [f"{word}=" for word in known_words()]


def _own_settings() -> Iterable[str]:
    from tuicrm.domain.config_records import INVITE_BY_MAIL
    from tuicrm.services.workspace.own_settings import OWN_SETTINGS
    from tuicrm.services.workspace.shared_settings import ASK_NEXT_STEP, SHARED_SETTINGS

    own = [f"{one.key}={value}" for one in OWN_SETTINGS for value in one.values]
    usual = [f"{one.key}={one.usual}" for one in SHARED_SETTINGS if one.usual]
    return [*own, *usual, f"{ASK_NEXT_STEP}=on", f"{INVITE_BY_MAIL}=on"]


def _special_rights() -> Iterable[str]:
    from tuicrm.domain.access import SPECIALS

    return SPECIALS


def _operations() -> Iterable[str]:
    from tuicrm.domain.access import OPERATIONS

    return (*OPERATIONS, "reach")


def _role_cells() -> Iterable[str]:
    """Of all types; a type's own are typed in its name."""
    from tuicrm.domain.access import OPERATIONS, SCOPES

    return [f"*.{operation}={scope}" for operation in OPERATIONS for scope in SCOPES]


WORDS: Mapping[str | tuple[str, str], Callable[[], Iterable[str]]] = {
    "SHELL": lambda: ("bash", "zsh", "fish"),
    ("export", "FORMAT"): lambda: ("csv", "json"),
    "FORMAT": lambda: ("table", "json", "csv", "tsv", "ids"),
    ("field add", "KIND"): _field_kinds,
    ("field convert", "KIND"): _field_kinds,
    ("room add", "KIND"): _room_kinds,
    ("room edit", "KIND"): _room_kinds,
    ("channel add", "KIND"): _channel_kinds,
    "ACCOUNT=VALUE": _channel_words,
    ("--channel", "WAY"): _text_channels,
    "STARTER": _starters,
    "RIGHT": _special_rights,
    "OPERATION": _operations,
    "PLACE.OPERATION=SCOPE": _role_cells,
    "ANSWER": lambda: ("yes", "no", "maybe"),
    "1-7": lambda: "1234567",
    "1-3": lambda: "123",
    "LENGTH": lambda: ("15m", "30m", "1h", "1d"),
    "RULE": lambda: ("daily", "weekly", "monthly", "quarterly", "yearly"),
    ("board", "VIEW"): lambda: ("board", "deadlines", "activities"),
    "HOW": _handlings,
    "SIDE": lambda: ("mine", "theirs"),
    "SIGNS": _signs,
    "KINDS": _groups,
    "PART=VALUE": _parts,
    "SETTING=VALUE": _own_settings,
    "LANGUAGE": _languages,
    ("--language", "CODE"): _languages,
    "ZONE": _zones,
    "COLOUR": _colours,
    ("--color", "WHEN"): lambda: ("auto", "always", "never"),
    "WHEN": days,
    "APP": _apps,
    "OUTCOME": _outcomes,
    "WAY": _ways,
    "COLUMNS": lambda: ("ref", "type", "id", "rev", "title", "in", "text", "near"),
}
"""Words that are the same in every workspace, by value, or by a command's or option's name and a value."""
