"""The form of a channel: what is asked by its kind, as the table of kinds has it, and what the answers say."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.channel_settings import KINDS, takes_in
from tuicrm.domain.channels import Channel
from tuicrm.domain.context import Choice
from tuicrm.i18n import N_, _
from tuicrm.services.kernel.permissions import owns_channel
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts
from tuicrm.services.workspace.members import DEPARTMENT, member_choices
from tuicrm.widgets.question import NOTE, Answer, Question

KIND_LABELS = {
    "smtp": N_("Mail that goes out (SMTP)"),
    "imap": N_("Mail that comes in (IMAP)"),
    "maildir": N_("Mail that comes in (a Maildir of this machine)"),
    "sms_command": N_("SMS by a program of yours"),
    "sms_folder": N_("SMS by gammu-smsd or smstools"),
    "sms_http": N_("SMS by a gateway over HTTP"),
    "whatsapp": N_("WhatsApp (Cloud API)"),
    "telegram": N_("Telegram (a bot)"),
}
SETTING_LABELS = {
    "host": N_("Server"),
    "port": N_("Port"),
    "security": N_("Encryption"),
    "user": N_("Log-in name"),
    "ca": N_("Certificates"),
    "name": N_("Sender's name"),
    "signature": N_("Signature"),
    "html": N_("HTML part"),
    "folders": N_("Folders"),
    "shared": N_("For all"),
    "days": N_("Days back"),
    "path": N_("Folder"),
    "move": N_("Move"),
    "command": N_("Program"),
    "layout": N_("Daemon"),
    "unicode": N_("All characters"),
    "url": N_("Web address"),
    "method": N_("Method"),
    "headers": N_("Headers"),
    "body": N_("Content"),
    "id": N_("Id in the answer"),
    "status": N_("Status in it"),
    "accepted": N_("Means taken"),
    "status_url": N_("Status address"),
    "delivered": N_("Means arrived"),
    "failed": N_("Means failed"),
    "incoming_url": N_("Inbox address"),
    "incoming": N_("List in it"),
    "incoming_id": N_("Id of one"),
    "incoming_from": N_("Number of one"),
    "incoming_text": N_("Text of one"),
    "hook": N_("Webhook's secret"),
    "number_id": N_("Number's id"),
    "bot": N_("Bot"),
}
"""What people read for the settings of the kinds; each has a line below that says more (`KINDS`)."""
_LONG = ("signature", "headers", "body")
_OF_ADDRESSES = ("smtp", "imap", "maildir")
_NO_SECRET = ("sms_command", "maildir", "sms_folder")


def has_secret(kind: str) -> bool:
    """Whether a channel of a kind may need a secret."""
    return kind not in _NO_SECRET


def channel_questions(session: Session, kind: str, one: Channel | None = None) -> list[Question]:
    """What is asked of a channel of a kind: all that can be said of it, as the table of kinds has it, but for its secret."""
    words = accounts.words_of(one) if one is not None else {}
    found = [Question("label", _("Name"), text=one.label if one else "", required=True)]
    if owns_channel(session.access, ""):
        whose = _member_of(one) if one is not None else session.person_key
        choices = member_choices(session, (whose,))
        found.append(Question("whose", _("Whose"), "person", chosen=(whose,), choices=choices, required=True))
    if kind in _OF_ADDRESSES:
        found.append(Question("address", _("Address"), text=words.get("address", ""), required=True))
    elif kind.startswith("sms"):
        hint = _("a number or a name, or empty")
        found.append(Question("address", _("Our address"), text=words.get("address", ""), hint=hint))
    for setting in KINDS[kind]:
        label = _(SETTING_LABELS.get(setting.key, setting.key))
        shape, text = "text" if setting.key in _LONG else "string", words.get(setting.key, "")
        found.append(Question(setting.key, label, shape, text, required=setting.required, hint=_(setting.label)))
    if takes_in(kind):
        takes = (Choice("known", _("of people who are known here")), Choice("all", _("everything")))
        hint = _("what is of nobody here waits in the inbox")
        taken = (words.get("take") or "known",)
        found.append(Question("take", _("Takes in"), "list", chosen=taken, choices=takes, required=True, hint=hint))
    if one is None:
        told = _("Afterwards it can be tried, step by step.")
        if has_secret(kind):
            told = _("Where its password or token is found is asked next; then it can be tried, step by step.")
        found.append(Question("-", "", NOTE, hint=told))
    return found


def _member_of(one: Channel) -> str:
    return one.person or f"{DEPARTMENT}{one.department}"


def said_in(answers: Mapping[str, Answer]) -> tuple[str, str, dict[str, str]]:
    """The name, whose it is ("": mine), and the words that say the rest."""
    said = {key: answer if isinstance(answer, str) else next(iter(answer), "") for key, answer in answers.items()}
    label, whose = said.pop("label"), said.pop("whose", "")
    said.pop("-", None)
    return label, whose, said
