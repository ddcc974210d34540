"""Channels: the accounts by which messages go out and come in; tried step by step, agreed to, retired, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tuicrm.domain.channel_settings import KINDS
from tuicrm.domain.channels import Channel
from tuicrm.domain.context import Choice
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging, arrange
from tuicrm.screens.host import Asks
from tuicrm.screens.settings.channel_forms import KIND_LABELS, channel_questions, has_secret, said_in
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts, trust
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.form import Form
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.question import Answer
from tuicrm.widgets.surface import Surface

_ANYBODY = ("channels.new", "channels.test", "channels.trust")
"""What is done with a channel that one may use, whoever may change it."""


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
        if action_id == "channels.secret" and not has_secret(one.kind):
            return _("It needs no password or token.")
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
            if has_secret(kind) and _needs_secret(made[0]):
                await self.do_channels_secret()

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
        """Try it step by step; what works and what does not is shown as it comes."""
        from tuicrm.screens.settings.channel_trial import ChannelTrial

        if (one := self._channel) is not None:
            await self.host.ask(ChannelTrial(self.surface, one))

    async def do_channels_secret(self) -> None:
        """Say where its secret is found, or put it into the keyring."""
        from tuicrm.screens.settings.channel_secrets import ask_secret

        one = self._channel
        if one is not None and await ask_secret(self.host, self.session, one):
            self.again(one.key)

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


def _needs_secret(one: Channel) -> bool:
    """Whether somebody logs in there."""
    known = {setting.key for setting in KINDS[one.kind]}
    return bool(one.settings.get("user")) or "user" not in known


def channel_words(session: Session, one: Channel) -> str:
    """What stands beside a channel's name: `Anna Bianchi · Mail that goes out (SMTP)`."""
    part = session.workspace.departments.get(one.department) if one.department else None
    person = session.workspace.people.get(one.person)
    whose = part.name if part is not None else person.name if person is not None else one.department or one.person
    return f" {DOT} ".join(filter(None, (_("retired") if one.retired else "", whose, _(KIND_LABELS[one.kind]))))


async def arrange_channels(host: Asks, session: Session, changed: Callable[[], None]) -> None:
    """The channels; `changed` is called after every step."""
    await arrange(host, Channels(session, host.surface), changed)
