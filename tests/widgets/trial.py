"""A screen on which widgets and dialogs are tried."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.geometry import Region

from tests.screens.stage import StageScreen
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.editor import Editor

Story = Callable[["TrialScreen"], Coroutine[Any, Any, Any]]

PENDING = object()


class TrialScreen(StageScreen):
    """`begin` starts an async story; what it returned is in `outcome`."""

    outcome: Any = PENDING

    def begin(self, story: Story) -> None:
        self.outcome = PENDING

        async def run() -> None:
            self.outcome = await story(self)

        self.start(run())

    def open(self, dialog: Dialog[Any]) -> None:
        self.begin(lambda screen: screen.ask(dialog))

    def begin_edit(self, make: Callable[[TrialScreen], Editor], save: Callable[[str], Any]) -> None:
        self.begin(lambda screen: screen.asker.edit(make(screen), lambda: Region(20, 3, 40, 1), save))
