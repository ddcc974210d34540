"""The way of a text that is being written: its channel and whom it reaches, and what of that is told before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tuicrm.domain.channels import Channel
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.dates import short_when
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.domain.messages.sms_parts import sms_parts
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _, ngettext
from tuicrm.limits import SMS_PARTS
from tuicrm.screens.messages.texting_fields import BY_HAND
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import text_targets, texting
from tuicrm.services.messages.reaching import Reached
from tuicrm.services.messages.texting import WhatsappTemplate
from tuicrm.services.messages.ways import LABELS, TEXT_WAYS, sending_by

INVITED = "invitation"
"""Stands for a client who has no chat with the bot yet."""


class TextingWay:
    """Knows by what a text about an item goes, whom it can reach so, and what is to be known before it does."""

    def __init__(self, session: Session, ref: Ref, sends: MessageChannel) -> None:
        self._session, self._ref, self.sends = session, ref, sends
        self.channels = {one.key: one for one in sending_by(session, TEXT_WAYS[sends])}
        self.template: tuple[WhatsappTemplate, str] | None = None
        """The template that was put in, and what it became: changed, it is a text like any other."""
        self._typed: dict[str, Reached] = {}
        self._known: dict[str, list[Reached]] = {}
        self._closes: dict[tuple[str, str], datetime | None] = {}

    # -- by what, and to whom ------------------------------------------------------------------------------------------
    def by_choices(self) -> list[Choice]:
        """The channels; a messenger goes by hand too."""
        own = _("your {messenger}, by a link").format(messenger=_(LABELS[self.sends]))
        found = [Choice(one.key, one.label, one.address) for one in self.channels.values()]
        return found if self.sends == "sms" else [*found, Choice(BY_HAND, own)]

    def channel(self, key: str) -> Channel | None:
        """A channel; None by hand."""
        return self.channels.get(key)

    def reached(self, by: str) -> list[Reached]:
        """Whom a text reaches by a channel ("": by hand), the likeliest first."""
        if by not in self._known:
            self._known[by] = text_targets.targets(self._session, self._ref, self.sends, self.channel(by))
        return self._known[by]

    def know(self, by: str, to: str) -> None:
        """Count a number or chat among those that are reached, as what is answered or gone on with: the likeliest then."""
        found = self.reached(by)
        if all(one.number != to for one in found):
            name = self._session.title_of(self._session.get(self._ref))
            chat = Reached(to, (self._ref,), name) if self.is_bot(by) or self.sends == "telegram" else None
            one = chat or text_targets.typed_target(self._session, self._ref, to)
            self._known[by] = [one, *found] if one is not None else found

    def to_choices(self, by: str) -> list[Choice]:
        """The same as choices."""
        return [self._choice(one, by) for one in self.reached(by)]

    def _choice(self, one: Reached, by: str) -> Choice:
        if self.is_bot(by):
            told = _("{name}, in the chat with the bot") if one.number else _("{name}, by an invitation")
            return Choice(one.number or INVITED, told.format(name=one.name))
        return Choice(one.number, f"{text_targets.shown_target(one.number)}  {one.name}".rstrip())

    def search(self, by: str, typed: str) -> list[Choice]:
        """Those whose number or name holds what is typed; a number that was typed whole too."""
        sought = typed.strip().casefold()
        found = [one for one in self.to_choices(by) if sought in one.label.casefold() or sought in one.key]
        other = None if self.is_bot(by) else text_targets.typed_target(self._session, self._ref, typed)
        if other is not None and all(one.key != other.number for one in found):
            self._typed[other.number] = other
            found.append(self._choice(other, by))
        return found

    def is_bot(self, by: str) -> bool:
        """Whether a channel is a bot, which knows chats in place of numbers."""
        return self.sends == "telegram" and by in self.channels

    def target(self, by: str, key: str) -> Reached:
        """Whom a key means."""
        found = {one.number or INVITED: one for one in self.reached(by)}
        return found.get(key) or self._typed.get(key) or Reached(key, (self._ref,))

    # -- what is told --------------------------------------------------------------------------------------------------
    def template_of(self, text: str) -> WhatsappTemplate | None:
        """The template that a text is, as long as it is word for word what that became."""
        if self.template is None or text.strip() != self.template[1].strip():
            return None
        return self.template[0]

    def is_open(self, by: str, number: str) -> bool:
        """Whether WhatsApp takes any text to a number now, by a channel."""
        closes = self.closes(by, number)
        return closes is not None and closes > self._session.clock()

    def closes(self, by: str, number: str) -> datetime | None:
        """Until when it does; None where nobody wrote from there."""
        channel = self.channel(by)
        if channel is None or not number:
            return None
        if (by, number) not in self._closes:
            self._closes[by, number] = texting.window_closes(self._session, channel, number)
        return self._closes[by, number]

    def told(self, form: TextingForm) -> Sequence[tuple[str, str]]:
        """What is to be known of the text in the form, each with its style."""
        if self.sends == "sms":
            return _sms_told(form.text)
        if not form.channel:
            return [(_("You send it yourself: a link and a code for your phone come next."), "dim")]
        if self.sends == "whatsapp":
            return [self._window_told(form)]
        if form.target == INVITED:
            return [(_("No chat with the bot yet: a link goes with the text, and who follows it has one."), "dim")]
        return [(_("It goes to the chat that the client opened."), "dim")]

    def why_not(self, form: TextingForm) -> str:
        """Why the text in the form cannot go as it stands; "" where nothing is known against it."""
        if self.sends != "whatsapp" or not form.channel or not form.target:
            return ""
        told, style = self._window_told(form)
        return told if style == "late" else ""

    def _window_told(self, form: TextingForm) -> tuple[str, str]:
        key = form.surface.keys.key("texting.template")
        if (template := self.template_of(form.text)) is not None:
            told = _("It goes as the template {name}, which WhatsApp knows; changed, it is a text like any other.")
            return told.format(name=template.name), "done"
        closes = self.closes(form.channel, form.target)
        when = short_when(stamp(closes), self._session.context()) if closes is not None else ""
        if self.is_open(form.channel, form.target):
            return _("WhatsApp takes any text until {when}.").format(when=when), "done"
        if closes is None:
            told = _(
                "They have not written yet: only a template that WhatsApp knows goes ({key}), or your own WhatsApp."
            )
            return told.format(key=key), "late"
        told = _("Their 24 hours ended {when}: only a template that WhatsApp knows goes ({key}), or your own WhatsApp.")
        return told.format(when=when, key=key), "late"


def _sms_told(text: str) -> list[tuple[str, str]]:
    found = sms_parts(text.rstrip(" \n\t"))
    n = len(found.parts)
    parts = ngettext("{n} part", "{n} parts", n)
    left = ngettext("{n} character left", "{n} characters left", found.left)
    told = [(f"{parts} · {found.alphabet} · {left}", "dim" if n <= SMS_PARTS.most else "late")]
    if found.odd:
        why = _("UCS-2 has room for fewer characters. It is because of: {signs}")
        told.append((why.format(signs=" ".join(found.odd)), "faint"))
    return told
