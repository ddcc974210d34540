"""A running app on a trial screen, small or large."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TypeAlias

import pytest

from tests.driver import SMALL, Crm, running
from tests.widgets.trial import TrialScreen
from tuicrm.services.kernel.session import Session

Trial: TypeAlias = Callable[..., AbstractAsyncContextManager[tuple[Crm, TrialScreen]]]


@pytest.fixture
def trial(workspace: Session) -> Trial:
    """`async with trial() as (crm, screen)`."""

    @asynccontextmanager
    async def run(
        size: tuple[int, int] = SMALL, texts: tuple[str, ...] = ("one", "two"), ascii_only: bool = False
    ) -> AsyncIterator[tuple[Crm, TrialScreen]]:
        async with running(workspace, partial(TrialScreen, texts=texts), size, ascii_only=ascii_only) as crm:
            assert isinstance(crm.screen, TrialScreen)
            yield crm, crm.screen

    return run
