"""A document handed over at the other end of SSH: where it lies is said whatever the terminal does with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.driver import SMALL
from tests.screens.opening import D1, card
from tuicrm import handing_kitty
from tuicrm.errors import CrmError, Interrupted, Refused, Unreachable
from tuicrm.screens.documents import handing_over
from tuicrm.services.kernel.session import Session


class Aside:
    """The screens that stand aside: a test has no terminal to give back."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_raised: object) -> None: ...


class Keyboard:
    def fileno(self) -> int:
        return 0


@pytest.mark.parametrize("problem", [Unreachable("Quark"), Refused("Quark"), Interrupted("Quark")])
async def test_where_it_lies_is_said_though_the_terminal_takes_nothing(
    seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: CrmError
) -> None:
    def fails(*_given: object) -> None:
        raise problem

    monkeypatch.setattr(handing_over, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(handing_kitty, "send_to_kitty", fails)
    monkeypatch.setattr("sys.__stdin__", Keyboard())
    monkeypatch.setenv("SSH_CONNECTION", "1")
    monkeypatch.setenv("TERM", "xterm-kitty")
    monkeypatch.delenv("TMUX", raising=False)
    async with card(seeded, D1, SMALL) as (crm, screen):
        monkeypatch.setattr(crm.app, "suspend", Aside)
        path = await handing_over.hand_over(screen, "Offer 1.docx", b"content")
        await crm.settle()
        assert path is not None
        assert path.read_bytes() == b"content"
        assert crm.said().startswith("It lies here: ")
        assert crm.said().endswith("; Quark")
