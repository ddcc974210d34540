"""Rooms to be booked."""

from __future__ import annotations

import pytest

from tests.services.kernel.rooms_to_book import put_room
from tuicrm.services.kernel.session import Session


@pytest.fixture
def office(seeded: Session) -> Session:
    for key in ("blue", "green"):
        put_room(seeded, key)
    return seeded
