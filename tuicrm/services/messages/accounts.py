"""Channels: made, changed, retired, removed. Everybody has their own; those of others and of departments need the right `channels`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tuicrm.channels.asking import checked_url
from tuicrm.channels.mail.composing import checked_address
from tuicrm.channels.texts.sms_command import read_sms_command
from tuicrm.channels.texts.sms_http import PLACES, filled
from tuicrm.domain import named
from tuicrm.domain.access import nearness
from tuicrm.domain.channel_settings import KINDS, ChannelSetting
from tuicrm.domain.channels import TAKEN, TEXT_KINDS, Channel, ChannelSecret, read_secret
from tuicrm.domain.conditions import Test
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.pipeline_steps import checked_name
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused, UsageError
from tuicrm.i18n import _
from tuicrm.limits import CHANNEL_NAME
from tuicrm.services.kernel.permissions import owns_channel
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import trust
from tuicrm.services.workspace.members import DEPARTMENT, check_members, find_member
from tuicrm.store.protocol import Find

_GAP = 10
_ADDRESS, _SECRET, _TAKE = "address", "secret", "take"
_OF_ALL = (_ADDRESS, _SECRET, _TAKE)
"""What can be said of a channel of every kind, beside the settings of its own."""


# -- which there are ---------------------------------------------------------------------------------------------------
def channels(session: Session, *, retired: bool = False) -> list[Channel]:
    """All there are, in their order; retired ones when asked for."""
    return [one for one in session.workspace.channels.values() if retired or not one.retired]


def find_channel(session: Session, text: str, *, begins: bool = False) -> Channel:
    """A channel by key or name; where it is only looked for (`begins`), by a beginning. Raises NotFound, Refused."""
    known = [
        named.labelled(one, one.key, one.label, session.language, retired=one.retired)
        for one in session.workspace.channels.values()
    ]
    try:
        return named.the(text, known, _("There is no channel “{name}”").format(name=text), begins=begins)
    except named.NotNamed as missing:
        problem = [FieldProblem("channel", missing.message, text)]
        raise (Refused if missing.several else NotFound)(missing.message, problem) from missing


def may_use(session: Session, channel: Channel) -> bool:
    """Whether a person may send by a channel: their own, one of their department or of one above it."""
    if channel.retired:
        return False
    if channel.person:
        return channel.person == session.person_key
    return nearness(session.workspace, session.person, [DEPARTMENT + channel.department]) is not None


def require_use(session: Session, channel: Channel) -> None:
    """Raise AccessDenied where a person may neither send by a channel nor change it."""
    if not may_use(session, channel) and not may_change(session, channel):
        raise AccessDenied(_("{channel} is somebody else's channel.").format(channel=channel.label))


def may_change(session: Session, channel: Channel) -> bool:
    """Whether a person may change a channel, and sees where its secret is found."""
    return owns_channel(session.access, channel.person)


def words_of(channel: Channel) -> dict[str, str]:
    """What is said of a channel, by the words that say it."""
    secret = {_SECRET: str(channel.secret)} if channel.secret is not None else {}
    return {_ADDRESS: channel.address, **channel.settings, **secret, _TAKE: channel.take}


def known_words(kind: str = "") -> list[str]:
    """The words that can be said of channels of a kind; without one, of any."""
    of_kinds = [one.key for key, settings in KINDS.items() if kind in ("", key) for one in settings]
    return list(dict.fromkeys((*_OF_ALL, *of_kinds)))


def kind_settings(kind: str = "") -> list[tuple[str, ChannelSetting]]:
    """What can be said of channels of a kind ("": of all), each with its kind. Raises Refused for an unknown one."""
    if kind and kind not in KINDS:
        raise _wrong("kind", _("choose one of: {known}").format(known=", ".join(KINDS)), kind)
    return [(name, one) for name, settings in KINDS.items() if kind in ("", name) for one in settings]


# -- making and changing -----------------------------------------------------------------------------------------------
def add_channel(
    session: Session, label: str, kind: str, words: Mapping[str, str], *, whose: str = "", key: str = ""
) -> Channel:
    """A new one, at the end of the list: of this person, or of `whose` (a person or department, as typed). `words` as `words_of` has
    them. Raises Refused with each that is wrong, AccessDenied."""
    session.store.refresh()
    known = session.workspace.channels
    if kind not in KINDS:
        raise _wrong("kind", _("choose one of: {known}").format(known=", ".join(KINDS)), kind)
    if key and (key in known or key != slug(key, "channel")):
        told = (
            _("a channel with this key already exists")
            if key in known
            else _("use lower-case letters, digits and _ only")
        )
        raise _wrong("key", told, key)
    fields = _read(kind, words)
    _refuse_lacking(kind, fields)
    _check_words(kind, fields["settings"])
    doc: dict[str, Any] = {"label": _name(session, label), "kind": kind, **_owner(session, whose), **fields}
    doc["key"] = key or unused(slug(doc["label"], "channel"), known)
    doc["sort"] = max((one.sort for one in known.values()), default=0) + _GAP
    with session.change(_("add a channel")) as change:
        change.put("channel", {name: value for name, value in doc.items() if value is not None})
    return _agreed(session, doc["key"])


def edit_channel(
    session: Session, key: str, words: Mapping[str, str], *, label: str | None = None, whose: str | None = None
) -> Channel:
    """Change what is given of a channel; an empty word takes a setting away. Raises Refused, NotFound, AccessDenied."""
    entry = _entry(session, key)
    before = session.workspace.channels[key]
    fields: dict[str, Any] = _read(before.kind, words)
    settings = {**before.settings, **fields.pop("settings")}
    fields["settings"] = {name: value for name, value in settings.items() if value}
    _refuse_lacking(before.kind, {_ADDRESS: before.address, **fields})
    _check_words(before.kind, fields["settings"])
    if label is not None:
        fields["label"] = _name(session, label, key)
    if whose is not None:
        fields |= {"person": None, "department": None, **_owner(session, whose)}
    with session.change(_("change a channel")) as change:
        change.patch("channel", entry.id, fields, base={name: entry.doc.get(name) for name in fields})
    return _agreed(session, key)


def retire_channel(session: Session, key: str, *, back: bool = False) -> Channel:
    """Nothing goes out or comes in by it any more; what did stays. Or again."""
    entry = _entry(session, key)
    with session.change(_("offer a channel again") if back else _("retire a channel")) as change:
        change.patch("channel", entry.id, {"retired": None if back else True})
    return session.workspace.channels[key]


def remove_channel(session: Session, key: str) -> None:
    """Remove one that no message names. Raises Refused where one does: it can be retired."""
    entry = _entry(session, key)
    where = Test("account", "string", "=", key)
    if session.whole.find(Find(MESSAGES, where, limit=1)).records:
        raise Refused(_("Messages went by this channel: retire it instead."))
    with session.change(_("remove a channel")) as change:
        change.remove("channel", entry.id)
        change.still(MESSAGES, [], where)


def _agreed(session: Session, key: str) -> Channel:
    """A channel that the person has just written: their secret may go where they said."""
    channel = session.workspace.channels[key]
    trust.agree(channel)
    return channel


def _entry(session: Session, key: str) -> ConfigRecord:
    entry = session.workspace.entry("channel", key)
    if entry is None:
        raise NotFound(_("This channel was removed by someone. Choose another."))
    return entry


# -- what is said of one -----------------------------------------------------------------------------------------------
def _read(kind: str, words: Mapping[str, str]) -> dict[str, Any]:
    """The fields that words say, as they are kept; those of the kind are in `settings`. Raises Refused with each that is wrong."""
    settings = {one.key: one for one in KINDS.get(kind, ())}
    fields: dict[str, Any] = {"settings": {}}
    problems = []
    for key, text in words.items():
        try:
            if key == _ADDRESS:
                fields[_ADDRESS] = _address(kind, text) if text.strip() else None
            elif key == _SECRET:
                fields[_SECRET] = msgspec.to_builtins(_secret(text)) if text.strip() else None
            elif key == _TAKE:
                fields[_TAKE] = _taken(text)
            elif key in settings:
                fields["settings"][key] = settings[key].read(text) if text.strip() else ""
            else:
                raise BadValue(
                    _("there is no such setting; choose one of: {known}").format(known=", ".join(known_words(kind))), ""
                )
        except BadValue as bad:
            problems.append(FieldProblem(key, bad.message, None if bad.value == "" else bad.value))
        except Refused as bad:
            problems.append(FieldProblem(key, bad.message, text[:80]))
    if problems:
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)
    return fields


def _address(kind: str, text: str) -> str:
    """What a channel sends as: of mail an address, of texts a number or a name. Raises BadValue, Refused."""
    if kind not in TEXT_KINDS:
        return checked_address(text)
    word = text.strip()
    if not word.isprintable() or len(word) > 40:
        raise BadValue(_("a number or a name is expected"), text[:80])
    return word


def _secret(text: str) -> ChannelSecret:
    """Where a secret is found, as typed: `keyring`, `command:pass show mail`. What is no such place is not repeated: it may be the
    secret itself. Raises BadValue."""
    found = read_secret(text)
    if found is not None:
        return found
    told = _("say where it is found, never what it is: keyring, command:PROGRAM, variable:NAME or file:PATH")
    raise BadValue(told, "")


def _taken(text: str) -> str:
    word = text.strip().casefold() or TAKEN[0]
    if word not in TAKEN:
        raise BadValue(_("choose one of: {known}").format(known=", ".join(TAKEN)), text)
    return word


def _refuse_lacking(kind: str, fields: Mapping[str, Any]) -> None:
    """Raise Refused where something is not said that a channel of this kind needs."""
    lacking = [one.key for one in KINDS.get(kind, ()) if one.required and not fields["settings"].get(one.key)]
    lacking += [] if fields.get(_ADDRESS) or kind in TEXT_KINDS else [_ADDRESS]
    if lacking:
        problems = [FieldProblem(key, _("this is needed")) for key in lacking]
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)


def _check_words(kind: str, settings: Mapping[str, str]) -> None:
    """Raise Refused for an address that may not be asked, and a command that would make a program of a text."""
    for key in ("url", "status_url", "incoming_url"):
        if kind in TEXT_KINDS and settings.get(key):
            try:
                checked_url(filled(settings[key], dict.fromkeys(PLACES, "x"), "url"))
            except Refused as bad:
                raise _wrong(key, bad.message.removeprefix("url: "), None) from bad
    if kind == "sms_command":
        try:
            read_sms_command(settings["command"])
        except UsageError as bad:
            raise _wrong("command", bad.message.removeprefix("command: "), settings["command"]) from bad


def _owner(session: Session, whose: str) -> dict[str, str]:
    """Whose a channel is, as it is kept. Raises NotFound, Refused."""
    member = find_member(session, whose) if whose.strip() else session.person_key
    (checked,) = check_members(session, [member])
    if checked.startswith(DEPARTMENT):
        return {"department": checked.removeprefix(DEPARTMENT)}
    return {"person": checked}


def _name(session: Session, name: str, but: str = "") -> str:
    others = (one.label for one in session.workspace.channels.values() if one.key != but)
    label = checked_name(name, others, _("a channel with this name already exists"))
    CHANNEL_NAME.check("label", label)
    return label


def _wrong(field: str, message: str, value: object) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])
