"""Eight people at once, shortly here and ten minutes with `-m slow`: nothing acknowledged is lost, no program grows or stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.soak import soak
from benchmarks.soak_check import missing
from tuicrm.domain.items import Ref
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.session import Session


def _holds(folder: Path, seconds: float, seed: int) -> None:
    outcome = soak(folder, seconds, seed)
    assert outcome.wrong == []
    assert outcome.acknowledged > seconds / 4
    assert outcome.transactions > outcome.acknowledged  # those at terminals too


def test_eight_people_for_three_seconds(tmp_path: Path) -> None:
    _holds(tmp_path, 3, seed=7)


@pytest.mark.slow
def test_eight_people_for_a_minute(tmp_path: Path) -> None:
    _holds(tmp_path, 60, seed=7)


@pytest.mark.slow
def test_ten_minutes_of_eight_people(tmp_path: Path) -> None:
    _holds(tmp_path, 600, seed=1)


def test_what_was_acknowledged_and_is_not_there_is_found(seeded: Session, workspace_path: Path, tmp_path: Path) -> None:
    entry = timeline.comment(seeded, Ref("deal", 1), "kept")
    item = items.edit(seeded, Ref("deal", 1), {"title": "renamed"})
    items.edit(seeded, Ref("deal", 1), {"title": "renamed again"})
    seq = seeded.store.seq()
    seeded.close()
    kept = [
        f'{{"by": "anna", "what": "comment", "id": {entry}, "text": "kept"}}',
        f'{{"by": "anna", "what": "item", "table": "deal", "id": 1, "seq": {item.rev}, "fields": {{"title": "renamed"}}}}',
        f'{{"by": "anna", "what": "transaction", "seq": {seq}, "titles": ["renamed again"]}}',
    ]
    false = [
        kept[0].replace("kept", "lost"),
        kept[1].replace("renamed", "other"),
        kept[1].replace('"id": 1', '"id": 2'),
        kept[2].replace("anna", "luca"),
        '{"by": "anna", "what": "delete", "table": "deal", "id": 1, "after": 0}',
    ]
    acks = tmp_path / "acks"
    acks.write_text("\n".join(kept))
    assert missing(workspace_path, acks, ["anna"])[0] == []
    acks.write_text("\n".join(false))
    assert missing(workspace_path, acks, ["anna", "luca"])[0] == [
        *(f"lost: {line}" for line in false),
        "luca changed nothing",
    ]
