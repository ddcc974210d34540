"""What can be said of a channel, by its kind: one table, which making, changing, help and completion read."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.channel_setting import ChannelSetting
from tuicrm.domain.setting_words import host, line, lines, one_of, port
from tuicrm.domain.text_channel_settings import TEXT_KINDS
from tuicrm.i18n import N_

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

KINDS: Mapping[str, tuple[ChannelSetting, ...]] = {"smtp": _SMTP, **TEXT_KINDS}
"""The kinds of channels that can be made, with what can be said of each."""
OF_ADDRESSES = ("smtp", "imap", "maildir")
"""The kinds that are an address's; others may do without."""
