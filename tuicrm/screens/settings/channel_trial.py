"""A channel tried, step by step: each is shown as it comes, and `esc` ends it."""

from __future__ import annotations

import asyncio
import threading

from tuicrm.domain.channels import Channel
from tuicrm.errors import CrmError
from tuicrm.i18n import N_, _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import MARKED
from tuicrm.render.text import wrap
from tuicrm.services.messages import trials
from tuicrm.services.messages.servers import ChannelStep
from tuicrm.widgets.pages import Pages
from tuicrm.widgets.surface import Surface

STEP_LABELS = {
    "secret": N_("Secret"),
    "name": N_("Name"),
    "port": N_("Port"),
    "tls": N_("TLS"),
    "login": N_("Log-in"),
    "folder": N_("Folder"),
    "program": N_("Program"),
}
_FAILED = "!"


class ChannelTrial(Pages):
    """Tries it in a thread. Left before it is through, what is still asked of a server is heard by nobody."""

    def __init__(self, surface: Surface, channel: Channel) -> None:
        super().__init__(surface, _("Trying {channel}").format(channel=channel.label), self._told)
        self._channel = channel
        self._left = threading.Event()
        self.steps: list[ChannelStep] = []
        self.is_over = False

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._try(), exclusive=True)

    def on_unmount(self) -> None:
        self._left.set()

    async def _try(self) -> None:
        loop = asyncio.get_running_loop()

        def work() -> None:
            try:
                for step in trials.try_channel(self._channel):
                    if self._left.is_set():
                        return
                    loop.call_soon_threadsafe(self._came, step)
            except CrmError as problem:
                loop.call_soon_threadsafe(self._came, ChannelStep("", False, problem.message))

        await asyncio.to_thread(work)
        self.is_over = True
        self._again()

    def _came(self, step: ChannelStep) -> None:
        self.steps.append(step)
        self._again()

    def _again(self) -> None:
        if self.is_attached:
            self.show_again()

    def _told(self, cells: int) -> list[Line]:
        lines = [line for step in self.steps for line in _step_lines(step, cells)]
        if not self.is_over:
            return [*lines, pad((Run("  …", "faint"),), cells)]
        works = bool(self.steps) and all(step.works for step in self.steps)
        told = _("It works.") if works else _("It does not work yet.")
        return [*lines, pad((), cells), pad((Run(told, "ok" if works else "late"),), cells)]


def _step_lines(step: ChannelStep, cells: int) -> list[Line]:
    """`✓ Port: 587`."""
    name = _(STEP_LABELS.get(step.name, step.name))
    told = ": ".join(filter(None, (name, step.told)))
    sign = Run(f"{MARKED if step.works else _FAILED} ", "ok" if step.works else "late")
    first, *others = wrap(told, max(cells - 2, 1)) or [""]
    return [pad((sign, Run(first, "value")), cells), *(pad((Run("  "), Run(one, "value")), cells) for one in others)]
