"""What is typed in goes away with its dialog."""

from __future__ import annotations

import gc
from collections import Counter

from tests.driver import running
from tests.screens.opening import D1
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.inputs import PlainInput, PlainText


def _alive() -> Counter[str]:
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, PlainInput | PlainText))


async def test_inputs_that_were_closed_are_let_go_of(seeded: Session) -> None:
    async with running(seeded, lambda session, surface: CardScreen(session, surface, D1)) as crm:
        for _turn in range(4):
            await crm.press_action("field.edit")
            await crm.press("esc")
            await crm.press_action("comment")
            await crm.press("esc")
        # The last of each may still be in the hands of a message.
        assert all(count <= 1 for count in _alive().values()), _alive()
