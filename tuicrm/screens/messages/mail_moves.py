"""From field to field of a mail's form: lists of channels and files, addresses found by name."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.kinds.base import BadValue
from tuicrm.i18n import _
from tuicrm.render.sizes import size_told
from tuicrm.screens.messages.mail_fields import AddressesField, FilesField, choice_of
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.address_query import FoundAddress
from tuicrm.services.messages.correspondents import looked_for
from tuicrm.services.messages.typed_addresses import read_addresses
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.form_field import ChosenField
from tuicrm.widgets.picker import Picker, picker_for


class KnownAddresses:
    """The addresses of the items of a mail, and all that were found while it is written."""

    def __init__(self, session: Session, known: Sequence[FoundAddress], key: str) -> None:
        """`key` looks up by name what is typed."""
        self._session, self._key = session, key
        self._first = list(known)
        self._by_address = {one.address.casefold(): one for one in known}

    def told(self, text: str) -> str:
        """Who is meant by addresses, where that is known of one. Raises BadValue for what is no address."""
        try:
            addresses = read_addresses(text)
        except BadValue as bad:
            if "@" in str(bad.value):
                raise
            told = _("{text} is not a mail address; {key} looks it up by name").format(text=bad.value, key=self._key)
            raise BadValue(told, bad.value) from bad
        found = [(one, self._by_address.get(one.casefold())) for one in addresses]
        if not any(known is not None and known.name for _address, known in found):
            return ""
        return ", ".join(known.name if known is not None and known.name else address for address, known in found)

    def search(self, typed: str) -> list[Choice]:
        """Those of the items whose name or address holds what is typed, then all that are found. Raises UsageError for long text."""
        sought = typed.strip().casefold()
        if not sought:
            return list(map(choice_of, self._first))
        near = [one for one in self._first if sought in one.name.casefold() or sought in one.address.casefold()]
        found = {one.address.casefold(): one for one in near}
        for one in looked_for(self._session, typed):
            found.setdefault(one.address.casefold(), one)
        self._by_address = {**found, **self._by_address}
        return list(map(choice_of, found.values()))

    def choices(self, present: Sequence[str]) -> list[Choice]:
        """What is offered before anything is typed: the addresses of the items, and those that stand there."""
        keys = {one.address.casefold() for one in self._first}
        others = [
            self._by_address.get(one.casefold(), FoundAddress(one, "", ""))
            for one in present
            if one.casefold() not in keys
        ]
        return list(map(choice_of, (*self._first, *others)))


class MailMoves(Controller):
    """Goes from field to field, and has them answered from lists."""

    def __init__(self, form: MailForm, known: KnownAddresses) -> None:
        self._form = form
        self._known = known

    def why_not(self, action_id: str) -> str | None:
        here = self._form.steps.here
        if action_id != "form.choose" or isinstance(here, AddressesField):
            return None
        if isinstance(here, FilesField) and not self._form.files:
            return _("No file is attached yet.")
        return None if isinstance(here, ChosenField) else _("Type a value here; there is no list.")

    async def do_form_next(self) -> None:
        """On to the next field; where a name is typed in place of an address, it is looked up first."""
        here, steps = self._form.steps.here, self._form.steps
        if self._form.host.dispatcher.pressed == "tab":
            steps.do_form_on()
        elif isinstance(here, AddressesField) and here.sought:
            await self._choose_addresses(here)
        elif here is None or here.look_again(leaving=True):
            steps.step(1)

    async def do_form_choose(self) -> None:
        here = self._form.steps.here
        if isinstance(here, AddressesField):
            await self._choose_addresses(here)
        elif isinstance(here, ChosenField):
            await self.choose(here)

    async def choose(self, field: ChosenField, typed: str = "") -> None:
        """Have a field answered from its list."""
        form = self._form
        if isinstance(field, FilesField):
            await self._choose_files()
            return
        picker = picker_for(form.surface, field.asked, typed)
        chosen = await form.host.ask(picker)
        if chosen is not None:
            field.take(chosen, picker.labels)
            form.show_signature()

    async def _choose_addresses(self, field: AddressesField) -> None:
        """By name, several at once."""
        present = field.present
        picker = Picker(
            self._form.surface,
            field.question.label,
            self._known.choices(present),
            search=self._known.search,
            chosen=present,
            many=True,
            typed=field.sought,
        )
        chosen = await self._form.host.ask(picker)
        if chosen is not None:
            field.put(chosen)
            field.look_again()

    async def _choose_files(self) -> None:
        """Let go of some of the files."""
        form = self._form
        choices = [Choice(str(at), one.name, size_told(one.size)) for at, one in enumerate(form.files)]
        keys = [one.key for one in choices]
        kept = await form.host.ask(Picker(form.surface, _("Attached files"), choices, chosen=keys, many=True))
        if kept is not None:
            form.show_files([one for at, one in enumerate(form.files) if str(at) in kept])
