"""Channels: the accounts by which messages go out and come in; tried step by step, agreed to, retired, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tuicrm.domain.channel_settings import KINDS
from tuicrm.domain.channels import Channel
from tuicrm.domain.context import Choice
from tuicrm.i18n import N_, _
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging, arrange
from tuicrm.screens.host import Asks
from tuicrm.services.kernel.permissions import owns_channel
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts, trials, trust
from tuicrm.services.messages.servers import ChannelStep
from tuicrm.services.workspace.members import DEPARTMENT, member_choices
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.form import Form
from tuicrm.widgets.pages import Pages, paragraphs
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.progress import with_progress
from tuicrm.widgets.question import NOTE, Answer, Question
from tuicrm.widgets.surface import Surface

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
STEP_LABELS = {
    "secret": N_("Secret"),
    "name": N_("Name"),
    "port": N_("Port"),
    "tls": N_("TLS"),
    "login": N_("Log-in"),
    "folder": N_("Folder"),
    "program": N_("Program"),
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
_OF_ADDRESSES = ("smtp", "imap", "maildir")
_ANYBODY = ("channels.new", "channels.test", "channels.trust")


class Channels(Arranging):
    """All channels, retired ones too."""

    scope = "channels"
    steps = ("channels.",)

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Channels")
        self.empty = _("No channels yet: {key} adds the account that your mail or SMS goes by.").format(
            key=surface.keys.key("channels.new")
        )

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(one.key, one.label, "", channel_words(self.session, one), faint=one.retired)
            for one in accounts.channels(self.session, retired=True)
        ]

    def told(self) -> str:
        """Its address or server, and whether this machine's user agreed to it."""
        one = self._channel
        if one is None:
            return ""
        said = one.settings
        where = said.get("host") or said.get("url") or said.get("path") or said.get("command") or ""
        told = [one.address, where]
        if accounts.may_use(self.session, one) and not trust.is_agreed(one):
            told.append(_("you have not agreed to it here"))
        return f" {DOT} ".join(filter(None, told))

    @property
    def _channel(self) -> Channel | None:
        return self.session.workspace.channels.get(self.current)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id == "channels.new":
            return None
        one = self._channel
        if one is None:
            return self.empty
        if action_id in _ANYBODY:
            return None if accounts.may_use(self.session, one) else _("This channel is somebody else's, or retired.")
        return None if accounts.may_change(self.session, one) else _("This channel is somebody else's.")

    # -- adding, changing ----------------------------------------------------------------------------------------------
    async def do_channels_new(self) -> None:
        choices = [Choice(kind, _(KIND_LABELS[kind])) for kind in KINDS]
        chosen = await self.host.ask(Picker(self.surface, _("What kind of channel"), choices))
        if not chosen:
            return
        kind, made = chosen[0], list[Channel]()

        def save(answers: Mapping[str, Answer]) -> None:
            label, whose, words = said_in(answers)
            made.append(accounts.add_channel(self.session, label, kind, words, whose=whose))

        title = f"{_('Add a channel')} {DOT} {_(KIND_LABELS[kind])}"
        await self.host.ask(Form(self.surface, title, channel_questions(self.session, kind), save))
        if made:
            self.again(made[0].key)

    async def do_channels_change(self) -> None:
        one = self._channel
        if one is None:
            return

        def save(answers: Mapping[str, Answer]) -> None:
            label, whose, words = said_in(answers)
            accounts.edit_channel(self.session, one.key, words, label=label, whose=whose)

        title = _("Change {field}").format(field=one.label)
        if (
            await self.host.ask(Form(self.surface, title, channel_questions(self.session, one.kind, one), save))
            is not None
        ):
            self.again(one.key)

    # -- trying, agreeing ----------------------------------------------------------------------------------------------
    async def do_channels_test(self) -> None:
        """Try it step by step on a thread; what works and what does not is shown."""
        one = self._channel
        if one is None:
            return

        def work(tell: Callable[[int, int], None]) -> list[ChannelStep]:
            found = []
            for step in trials.try_channel(one):
                found.append(step)
                tell(len(found), 0)
            return found

        found = await with_progress(
            self.host, _("Trying {channel}").format(channel=one.label), work, stops=_("stops it")
        )
        if found is None:
            return
        texts = [step_line(step) for step in found]
        works = all(step.works for step in found)
        texts.append("")
        texts.append(_("It works.") if works else _("It does not work yet."))
        await self.host.ask(Pages(self.surface, one.label, lambda cells: paragraphs(texts, cells)))

    async def do_channels_trust(self) -> None:
        """Agree that its secret is taken from where it says, and goes where it says."""
        one = self._channel
        if one is None:
            return
        if trust.is_agreed(one):
            self.host.say(_("You agreed to it already."))
            return
        words = accounts.words_of(one)
        facts = "; ".join(
            f"{name}: {text}" for name, text in words.items() if text and name not in ("signature", "take")
        )
        text = _("It says: {facts}. Is that as you want it on this machine?").format(facts=facts)
        if await self.host.ask(Confirm(self.surface, _("Agree to {channel}").format(channel=one.label), text)):
            trust.agree(one)
            self.again(one.key)

    def do_channels_retire(self) -> None:
        one = self._channel
        if one is not None:
            self.step(lambda: accounts.retire_channel(self.session, one.key, back=one.retired))

    def do_channels_remove(self) -> None:
        one = self._channel
        if one is not None:
            self.step(lambda: accounts.remove_channel(self.session, one.key))


def channel_words(session: Session, one: Channel) -> str:
    """What stands beside a channel's name: `Anna Bianchi · Mail that goes out (SMTP)`."""
    part = session.workspace.departments.get(one.department) if one.department else None
    person = session.workspace.people.get(one.person)
    whose = part.name if part is not None else person.name if person is not None else one.department or one.person
    return f" {DOT} ".join(filter(None, (_("retired") if one.retired else "", whose, _(KIND_LABELS[one.kind]))))


def step_line(step: ChannelStep) -> str:
    """`✓ Port: 587`."""
    sign = "✓" if step.works else "✗"
    name = _(STEP_LABELS.get(step.name, step.name))
    return f"{sign} {name}: {step.told}" if step.told else f"{sign} {name}"


def channel_questions(session: Session, kind: str, one: Channel | None = None) -> list[Question]:
    """What is asked of a channel of a kind: all that can be said of it, as the table of kinds has it."""
    words = accounts.words_of(one) if one is not None else {}
    found = [Question("label", _("Name"), text=one.label if one else "", required=True)]
    if owns_channel_of_others(session):
        whose = _member_of(one) if one is not None else session.person_key
        choices = member_choices(session, (whose,))
        found.append(Question("whose", _("Whose"), "person", chosen=(whose,), choices=choices, required=True))
    if kind in _OF_ADDRESSES:
        found.append(Question("address", _("Address"), text=words.get("address", ""), required=True))
    elif kind.startswith("sms"):
        found.append(
            Question("address", _("Our address"), text=words.get("address", ""), hint=_("a number or a name, or empty"))
        )
    for setting in KINDS[kind]:
        long = setting.key in ("signature", "headers", "body")
        label, text = _(SETTING_LABELS[setting.key]), words.get(setting.key, "")
        asked = Question(
            setting.key, label, "text" if long else "string", text, required=setting.required, hint=_(setting.label)
        )
        found.append(asked)
    told = _("Never the secret itself: keyring, command:pass show mail, variable:NAME or file:~/.secret")
    if not kind.startswith("sms_command") and kind not in ("maildir", "sms_folder"):
        found.append(Question("secret", _("Its secret is in"), text=words.get("secret", ""), hint=told))
    if one is None:
        found.append(Question("-", "", NOTE, hint=_("Afterwards it can be tried, step by step.")))
    return found


def owns_channel_of_others(session: Session) -> bool:
    """Whether this person may make channels for others and for departments."""
    return owns_channel(session.access, "")


def _member_of(one: Channel) -> str:
    return one.person or f"{DEPARTMENT}{one.department}"


def said_in(answers: Mapping[str, Answer]) -> tuple[str, str, dict[str, str]]:
    """The name, whose it is ("": mine), and the words that say the rest."""
    words = {
        key: str(answer) for key, answer in answers.items() if isinstance(answer, str) and key not in ("label", "-")
    }
    whose = answers.get("whose", ())
    words.pop("whose", None)
    return str(answers["label"]), next(iter(whose), "") if not isinstance(whose, str) else whose, words


async def arrange_channels(host: Asks, session: Session, changed: Callable[[], None]) -> None:
    """The channels; `changed` is called after every step."""
    await arrange(host, Channels(session, host.surface), changed)
