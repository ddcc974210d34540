"""One menu for all ways to a client: mail, call, SMS, messengers; what cannot be says why."""

from __future__ import annotations

from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.host import Host
from tuicrm.services.messages import drafts
from tuicrm.services.messages.showing import begins
from tuicrm.services.messages.ways import LABELS, ClientWay, ways
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.menu import Menu, MenuEntry

_KEYS = {"mail": "m", "call": "c", "sms": "s", "whatsapp": "w", "telegram": "t"}
"""What is pressed for each, in every language."""
_LOG = "l"
_DRAFT, _MOST_DRAFTS = "d", 3


async def choose_way(host: Host, ref: Ref) -> None:
    """Ask how to reach the client of an item, and open what that is done with. Raises NotFound, AccessDenied."""
    found = {one.key: one for one in ways(host.session, ref) if opening.is_way(one.key)}
    entries = {key: MenuEntry(_KEYS[key], _(LABELS[key]), _nothing, why=one.why) for key, one in found.items()}
    begun = {
        one.record.id: MenuEntry(
            "" if at else _DRAFT,
            _("Draft: {subject}").format(subject=one.record.subject or begins(one.record.text)),
            _nothing,
        )
        for at, one in enumerate(drafts.drafts(host.session, ref)[:_MOST_DRAFTS])
    }
    item = host.session.get(ref)
    title = f"{host.session.workspace.show_ref(ref)} {host.session.title_of(item)}"
    log = MenuEntry(_LOG, _("Log a call that was"), _nothing)
    menu = Menu(host.surface, title, [*entries.values(), log, *begun.values()])
    menu.cells = 44
    chosen = await host.ask(menu)
    draft = next((number for number, entry in begun.items() if entry is chosen), 0)
    way = next((found[key] for key, entry in entries.items() if entry is chosen), None)
    if chosen is log:
        await opening.log_call(host, ref)
    elif draft:
        await opening.show_message(host, draft)
    elif way is None:
        return
    elif not way.why:
        await opening.open_message(host, way.key, ref)
    elif way.lacks_channel:
        await _offer_channel(host, way, ref)
    else:
        host.say(f"{_(LABELS[way.key])}: {way.why}", "refused")


async def _offer_channel(host: Host, way: ClientWay, ref: Ref) -> None:
    """Say that nothing is there to send by, go where that is set up, and on from there."""
    title = _("{way}: no channel to send by").format(way=_(LABELS[way.key]))
    text = _("A channel says which account or gateway it goes by. Set one up now, in the settings?")
    if not await host.ask(Confirm(host.surface, title, text)):
        return
    await opening.arrange_channels(host, host.session, host.reload)
    if any(one.key == way.key and not one.why for one in ways(host.session, ref)):
        await opening.open_message(host, way.key, ref)


def _nothing() -> None:
    """What is chosen is done by who asked."""
