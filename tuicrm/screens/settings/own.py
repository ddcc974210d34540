"""How the program looks and speaks to the person: chosen from a menu, and so at once, in every session of theirs."""

from __future__ import annotations

from collections.abc import Callable

from tuicrm.config import config_path, is_set, read_config
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens.host import Host
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import own_settings
from tuicrm.services.workspace.own_settings import OwnSetting
from tuicrm.widgets.menu import Menu, MenuEntry, letter


def told(session: Session, setting: OwnSetting) -> str:
    """What holds, and where it was said when that is not here."""
    config = read_config()
    if not is_set(config, setting.key):
        return own_settings.told(session, setting)
    value = getattr(config, setting.key)
    return f"{own_settings.told(session, setting, value)} {DOT} {_('set in {file}').format(file=config_path())}"


async def choose_own(screen: Host, setting: OwnSetting) -> None:
    """Ask what it is to be."""
    session = screen.session
    if is_set(read_config(), setting.key):
        screen.say(_("{file} says it: change it there.").format(file=config_path()))
        return
    now, taken = own_settings.chosen(session).get(setting.key, next(iter(setting.values))), set[str]()

    def to(value: str) -> Callable[[], None]:
        def choose() -> None:
            own_settings.choose(session, {setting.key: value})

        return choose

    entries = []
    for value in setting.values:
        label = own_settings.told(session, setting, value)
        entries.append(MenuEntry(letter(label, taken), label, to(value), here=value == now))
    if (entry := await screen.ask(Menu(screen.surface, _(setting.label), entries))) is not None:
        entry.go()
