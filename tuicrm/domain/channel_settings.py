"""What can be said of a channel, by its kind: one table, which making, changing, help and completion read."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.channel_setting import ChannelSetting
from tuicrm.domain.setting_words import days, folder, host, line, lines, one_of, port
from tuicrm.domain.text_channel_settings import TEXT_KINDS
from tuicrm.i18n import N_

_TAKING = (
    ChannelSetting(
        "folders", N_("The folders that are looked through, with commas: INBOX, SENT (what was sent)"), line
    ),
    ChannelSetting("shared", N_("Whether what comes is for all: yes, no, or the folders of which it is"), line),
    ChannelSetting("days", N_("How many days back the first look goes"), days),
)
_IMAP = (
    ChannelSetting("host", N_("The server's name"), host, required=True),
    ChannelSetting("port", N_("Its port: 993 or 143"), port),
    ChannelSetting("security", N_("starttls, tls or plain"), one_of("starttls", "tls", "plain")),
    ChannelSetting("user", N_("Who logs in there"), line, required=True),
    ChannelSetting("ca", N_("A file with the certificates that are trusted there"), line),
    *_TAKING,
)
_MAILDIR = (
    ChannelSetting("path", N_("The Maildir: a folder of this machine"), folder, required=True),
    ChannelSetting("move", N_("Whether what was looked at goes from new to cur: yes or no"), one_of("yes", "no")),
    *_TAKING,
)
_SMTP = (
    ChannelSetting("host", N_("The server's name"), host, required=True),
    ChannelSetting("port", N_("Its port: 587, 465 or 25"), port),
    ChannelSetting("security", N_("starttls, tls or plain"), one_of("starttls", "tls", "plain")),
    ChannelSetting("user", N_("Who logs in there"), line),
    ChannelSetting("ca", N_("A file with the certificates that are trusted there"), line),
    ChannelSetting("name", N_("The name beside the address"), line),
    ChannelSetting("signature", N_("What stands below each mail"), lines),
    ChannelSetting("html", N_("Whether a simple HTML part is added: yes or no"), one_of("yes", "no")),
)

KINDS: Mapping[str, tuple[ChannelSetting, ...]] = {"smtp": _SMTP, "imap": _IMAP, "maildir": _MAILDIR, **TEXT_KINDS}
"""The kinds of channels that can be made, with what can be said of each."""
OF_ADDRESSES = ("smtp", "imap", "maildir")
"""The kinds that are an address's; others may do without."""


def takes_in(kind: str) -> bool:
    """Whether mail comes by channels of a kind, out of folders."""
    return any(one in _TAKING for one in KINDS.get(kind, ()))
