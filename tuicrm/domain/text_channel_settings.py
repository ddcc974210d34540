"""What can be said of a channel that short texts go by, by its kind."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.channel_setting import ChannelSetting
from tuicrm.domain.setting_words import address, digits, folder, headers, line, lines, one_of
from tuicrm.i18n import N_

_COMMAND = (
    ChannelSetting(
        "command",
        N_("The program, with {to} and {text}; without {text} it reads that"),
        line,
        required=True,
    ),
)
_FOLDER = (
    ChannelSetting(
        "path",
        N_("The folder in which the daemon has its own: /var/spool/gammu, /var/spool/sms"),
        folder,
        required=True,
    ),
    ChannelSetting("style", N_("Whose folders they are: gammu or smstools"), one_of("gammu", "smstools")),
)
_HTTP = (
    ChannelSetting(
        "url", N_("The address that a text goes to; {to}, {text} and {secret} may stand in it"), address, required=True
    ),
    ChannelSetting("method", N_("POST or GET"), one_of("post", "get")),
    ChannelSetting("headers", N_("Headers, a line each; {secret} may stand in them"), headers),
    ChannelSetting("content", N_("What is sent: JSON or a form, with {to}, {text}, {secret}"), lines),
    ChannelSetting("id", N_("Where its answer has the id: messages.0.id, or text"), line),
    ChannelSetting("status_url", N_("The address that is asked what became of it, with {id}"), address),
    ChannelSetting("status", N_("Where that answer has the status"), line),
    ChannelSetting("delivered", N_("Words that mean: it arrived; with commas"), line),
    ChannelSetting("failed", N_("Words that mean: it did not; with commas"), line),
    ChannelSetting("ca", N_("A file with the certificates that are trusted there"), line),
)
_WHATSAPP = (
    ChannelSetting("phone_id", N_("The id of the phone number, as Meta's console shows it"), digits, required=True),
    ChannelSetting("base", N_("Another address than Meta's own"), address),
)
_TELEGRAM = (ChannelSetting("base", N_("Another address than Telegram's own"), address),)

TEXT_KINDS: Mapping[str, tuple[ChannelSetting, ...]] = {
    "sms_command": _COMMAND,
    "sms_folder": _FOLDER,
    "sms_http": _HTTP,
    "whatsapp": _WHATSAPP,
    "telegram": _TELEGRAM,
}
"""The kinds of channels for short texts, with what can be said of each."""
