"""A link and its code that the person sends themselves; they say whether they did."""

from __future__ import annotations

from tuicrm.screens.host import Host
from tuicrm.screens.items.actions import copy
from tuicrm.screens.messages.code_box import LinkBox


async def ask_sent(host: Host, title: str, link: str) -> bool:
    """Show a link and its code, until the person says that they sent it, or did not."""
    return bool(await host.ask(InviteBox(host.surface, title, link, link, lambda text: copy(host, text))))


class InviteBox(LinkBox[bool]):
    """Ends with whether it was sent."""

    scope = "invite"

    def do_invite_sent(self) -> None:
        self.leave(True)

    def do_invite_leave(self) -> None:
        self.leave(False)
