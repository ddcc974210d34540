"""What can be said of a channel, by its kind: one table, which making, changing, help and completion read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from tuicrm.domain.channels import read_secret
from tuicrm.domain.kinds.base import BadValue
from tuicrm.i18n import N_, _


class ChannelSetting(Struct, frozen=True):
    """What can be said of a channel of a kind: its key, what it is (English), and how it is read (raises BadValue)."""

    key: str
    label: str
    read: Callable[[str], str]
    required: bool = False


# -- how settings are read ---------------------------------------------------------------------------------------------
def _host(text: str) -> str:
    host = text.strip()
    if not host or len(host) > 253 or not host.isprintable() or any(sign in " /@?#\\,;<>\"'" for sign in host):
        raise BadValue(_("the name of a server is expected, such as mail.example.com"), text)
    return host


def _port(text: str) -> str:
    word = text.strip()
    if not (word.isascii() and word.isdigit()) or len(word) > 5 or not 0 < int(word) < 65536:
        raise BadValue(_("a port is expected, such as 587"), text)
    return str(int(word))


def _one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        word = text.strip().casefold()
        if word not in known:
            raise BadValue(_("choose one of: {known}").format(known=", ".join(known)), text)
        return word

    return read


def _line(text: str) -> str:
    if not text.isprintable() or len(text) > 500:
        raise BadValue(_("one line of at most {n} characters is expected").format(n=500), text)
    return text.strip()


def _lines(text: str) -> str:
    if len(text) > 4000:
        raise BadValue(_("at most {n} characters are expected").format(n=4000), text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def _days(text: str) -> str:
    word = text.strip()
    if not (word.isascii() and word.isdigit()) or len(word) > 5:
        raise BadValue(_("a number of days is expected"), text)
    return str(int(word))


def _folder_path(text: str) -> str:
    path = _line(text)
    if not path.startswith(("/", "~/")):
        raise BadValue(_("a folder is expected, from / or ~/"), text)
    return path


def _digits(text: str) -> str:
    word = text.strip()
    if not (word.isascii() and word.isdigit()) or len(word) > 30:
        raise BadValue(_("a number is expected"), text)
    return word


def _place(text: str) -> str:
    """Where a secret is found; what is no such place is not repeated: it may be the secret itself."""
    secret = read_secret(text)
    if secret is None:
        raise BadValue(
            _("say where it is found, never what it is: keyring, command:PROGRAM, variable:NAME or file:PATH"), ""
        )
    return str(secret)


_TAKING = (
    ChannelSetting(
        "folders", N_("The folders that are looked through, with commas: INBOX, SENT (what was sent)"), _line
    ),
    ChannelSetting("shared", N_("Whether what comes is for all: yes, no, or the folders of which it is"), _line),
    ChannelSetting("days", N_("How many days back the first look goes"), _days),
)
_IMAP = (
    ChannelSetting("host", N_("The server's name"), _host, required=True),
    ChannelSetting("port", N_("Its port: 993 or 143"), _port),
    ChannelSetting("security", N_("starttls, tls or plain"), _one_of("starttls", "tls", "plain")),
    ChannelSetting("user", N_("Who logs in there"), _line, required=True),
    ChannelSetting("ca", N_("A file with the certificates that are trusted there"), _line),
    *_TAKING,
)
_MAILDIR = (
    ChannelSetting("path", N_("The Maildir: a folder of this machine"), _folder_path, required=True),
    ChannelSetting("move", N_("Whether what was looked at goes from new to cur: yes or no"), _one_of("yes", "no")),
    *_TAKING,
)
_SMTP = (
    ChannelSetting("host", N_("The server's name"), _host, required=True),
    ChannelSetting("port", N_("Its port: 587, 465 or 25"), _port),
    ChannelSetting("security", N_("starttls, tls or plain"), _one_of("starttls", "tls", "plain")),
    ChannelSetting("user", N_("Who logs in there"), _line),
    ChannelSetting("ca", N_("A file with the certificates that are trusted there"), _line),
    ChannelSetting("name", N_("The name beside the address"), _line),
    ChannelSetting("signature", N_("What stands below each mail"), _lines),
    ChannelSetting("html", N_("Whether a simple HTML part is added: yes or no"), _one_of("yes", "no")),
)

_URL_TOLD = N_("Its address: https, or http to this machine")
_CA = ChannelSetting("ca", N_("A file with the certificates that are trusted there"), _line)
_HOOK = ChannelSetting(
    "hook", N_("Where the secret of its webhook is found: keyring, command:…, variable:… or file:…"), _place
)
_SMS_COMMAND = (
    ChannelSetting(
        "command", N_("A program with its arguments; {to} the number, {text} the text"), _line, required=True
    ),
)
_SMS_FOLDER = (
    ChannelSetting("path", N_("The daemon's folder, in which its outbox lies"), _folder_path, required=True),
    ChannelSetting("layout", N_("Whose folders they are: gammu or smstools"), _one_of("gammu", "smstools")),
    ChannelSetting(
        "unicode", N_("Whether gammu-smsd is set to transmitformat = auto: yes or no"), _one_of("yes", "no")
    ),
)
_SMS_HTTP = (
    ChannelSetting("url", _URL_TOLD, _line, required=True),
    ChannelSetting("method", N_("GET or POST"), _one_of("get", "post")),
    ChannelSetting("headers", N_("Headers, one a line; {secret} the secret"), _lines),
    ChannelSetting("body", N_("What is sent: {to}, {text}, {from}, {secret}"), _lines),
    ChannelSetting("id", N_("Where the answer names the message: messages.0.id, text, after:ID:"), _line),
    ChannelSetting("status", N_("Where an answer names the status"), _line),
    ChannelSetting("accepted", N_("Words of a status that mean: taken"), _line),
    ChannelSetting("status_url", N_("The address that tells the status of {id}"), _line),
    ChannelSetting("delivered", N_("Words of a status that mean: arrived"), _line),
    ChannelSetting("failed", N_("Words of a status that mean: will not arrive"), _line),
    ChannelSetting("incoming_url", N_("The address that lists what came"), _line),
    ChannelSetting("incoming", N_("Where in that the list stands"), _line),
    ChannelSetting("incoming_id", N_("The id of one of them"), _line),
    ChannelSetting("incoming_from", N_("Its number"), _line),
    ChannelSetting("incoming_text", N_("Its text"), _line),
    _CA,
    _HOOK,
)
_WHATSAPP = (
    ChannelSetting("number_id", N_("The id of your number at Meta"), _digits, required=True),
    ChannelSetting("url", _URL_TOLD, _line),
    _CA,
    _HOOK,
)
_TELEGRAM = (
    ChannelSetting("bot", N_("The name of the bot, such as rossi_bot"), _line, required=True),
    ChannelSetting("url", _URL_TOLD, _line),
    _CA,
)

KINDS: Mapping[str, tuple[ChannelSetting, ...]] = {
    "smtp": _SMTP,
    "imap": _IMAP,
    "maildir": _MAILDIR,
    "sms_command": _SMS_COMMAND,
    "sms_folder": _SMS_FOLDER,
    "sms_http": _SMS_HTTP,
    "whatsapp": _WHATSAPP,
    "telegram": _TELEGRAM,
}
"""The kinds of channels that can be made, with what can be said of each."""


def takes_in(kind: str) -> bool:
    """Whether mail comes by channels of a kind, out of folders."""
    return any(one in _TAKING for one in KINDS.get(kind, ()))
