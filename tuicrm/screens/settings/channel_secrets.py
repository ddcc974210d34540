"""Where the secret of a channel is found: chosen, named, or typed straight into the system's keyring. It is never in the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.channels import Channel, SecretSource
from tuicrm.i18n import N_, _
from tuicrm.render.symbols import DOT
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import secret_places
from tuicrm.widgets.form import Form
from tuicrm.widgets.form_field import TypedField
from tuicrm.widgets.inputs import PlainInput
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.menu import Menu, MenuEntry
from tuicrm.widgets.question import Answer, Question

_KEYS: Mapping[SecretSource, str] = {"keyring": "k", "command": "c", "variable": "v", "file": "f"}
_LABELS: Mapping[SecretSource, str] = {
    "keyring": N_("In the system's keyring"),
    "command": N_("A program prints it"),
    "variable": N_("In a variable"),
    "file": N_("In a file of yours"),
}
_ASKED: Mapping[SecretSource, tuple[str, str]] = {
    "command": (N_("Program"), N_("with its words, such as: pass show mail; it runs through no shell")),
    "variable": (N_("Variable"), N_("its name, such as MAIL_PASSWORD")),
    "file": (N_("File"), N_("its path, such as ~/.mail-password; nobody else may read it (chmod 600)")),
}


class SecretForm(Form):
    """A form whose only answer is not shown while it is typed."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for field in self.fields:
            if isinstance(field, TypedField) and isinstance(field.input, PlainInput):
                field.input.password = True


async def ask_secret(host: Keyed[Any], session: Session, channel: Channel) -> bool:
    """Ask where the secret of a channel is found, and keep that; whether it was said. Raises AccessDenied, Refused."""
    source = await _which(host, channel)
    if source is None:
        return False
    title = f"{channel.label} {DOT} {_(_LABELS[source])}"
    if source == "keyring":
        return await _into_keyring(host, session, channel, title)
    label, hint = _ASKED[source]
    kept = channel.secret.name if channel.secret is not None and channel.secret.source == source else ""

    def save(answers: Mapping[str, Answer]) -> None:
        secret_places.say_place(session, channel, source, str(answers["secret"]))

    asked = Question("secret", _(label), text=kept, required=True, hint=_(hint))
    return await host.ask(Form(host.surface, title, [asked], save)) is not None


async def _which(host: Keyed[Any], channel: Channel) -> SecretSource | None:
    entries = {
        source: MenuEntry(
            _KEYS[source],
            _(label),
            _nothing,
            here=channel.secret is not None and channel.secret.source == source,
            why=secret_places.why_no_keyring() if source == "keyring" else "",
        )
        for source, label in _LABELS.items()
    }
    menu = Menu(host.surface, _("Where its secret is found"), list(entries.values()))
    menu.cells = 50
    chosen = await host.ask(menu)
    source = next((source for source, entry in entries.items() if entry is chosen), None)
    if source is not None and entries[source].why:
        host.say(f"{_(_LABELS[source])}: {entries[source].why}", "refused")
        return None
    return source


async def _into_keyring(host: Keyed[Any], session: Session, channel: Channel, title: str) -> bool:
    """What is typed goes into the keyring; empty, what is there already is meant."""

    def save(answers: Mapping[str, Answer]) -> None:
        secret_places.keep_in_keyring(session, channel, str(answers["typed"]))

    hint = _("goes into the keyring of this machine alone; empty where it is there already")
    questions: Sequence[Question] = [Question("typed", _("Secret"), hint=hint)]
    return await host.ask(SecretForm(host.surface, title, questions, save)) is not None


def _nothing() -> None:
    """What is chosen is done by who asked."""
