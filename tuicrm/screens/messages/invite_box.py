"""A link and its code that the person sends themselves; they say whether they did."""

from __future__ import annotations

import os

from tuicrm.errors import Refusal, StorageError
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.items.actions import copy
from tuicrm.screens.messages.code_box import LinkBox
from tuicrm.services.messages import dialling


async def ask_sent(host: Host, title: str, link: str, *, short: str = "", copied: str = "") -> bool:
    """Show a link and its code, until the person says that they sent it, or did not.

    `short` is what the code says where there is no room for the whole, `copied` what is copied in place of the link."""
    box = InviteBox(host.surface, title, link, link, lambda text: copy(host, copied or text), short)
    box.opened = link
    return bool(await host.ask(box))


class InviteBox(LinkBox[bool]):
    """Ends with whether it was sent."""

    scope = "invite"
    from_the_top = True
    opened = ""
    """The link that a desktop opens."""

    def why_not(self, action_id: str) -> str | None:
        """Why a link cannot be opened here, as a sentence."""
        # In the browser the desktop is another machine's.
        if action_id == "invite.open" and (self.app.is_web or not dialling.has_desktop(os.environ)):
            return _("No desktop is here that could open it: your phone reads the code.")
        return None

    def do_invite_open(self) -> None:
        try:
            dialling.open_link(self.opened, os.environ)
        except (Refusal, StorageError) as problem:
            self.host.say(problem.message, "refused")

    def do_invite_sent(self) -> None:
        self.leave(True)

    def do_invite_leave(self) -> None:
        self.leave(False)
