"""What a board shows, as data that needs no store: made by `services/boards/board.py`, drawn by `render/board.py`.

Texts are as people read them (formatted in their language and zone) but not yet cleaned; render cleans them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from tuicrm.domain.due import NOTHING_DUE, Due

Timing: TypeAlias = Literal["none", "planned", "today", "late"]


class Card(Struct, frozen=True):
    """One card on a board. `timing` and `next` speak of the next activity: "Wed 09:30", "today 15:00", "3 d late".

    `stage` stands where the columns are no stages; `days` are those in the stage; `repeat` of a lead from somebody who is known."""

    ref: str
    title: str
    client: str = ""
    amount: str = ""
    initials: str = ""
    timing: Timing = "none"
    next: str = ""
    days: str = ""
    stage: str = ""
    marked: bool = False
    missing: bool = False
    repeat: bool = False
    due: Due = NOTHING_DUE


class BoardColumn(Struct, frozen=True):
    """A column of the board, most often a stage: sums are already text (`≈ € 96,300`). `unrated` says what has no rate,
    `unrated_shorter` the same in ever fewer cells."""

    key: str
    label: str
    colour: str
    semantics: str
    count: int
    sum: str = ""
    sum_short: str = ""
    weighted: str = ""
    unrated: str = ""
    folded: bool = False
    unrated_shorter: tuple[str, ...] = ()
    due: Due = NOTHING_DUE


class BoardHead(Struct, frozen=True):
    """The top line: where one is (`view`: other than the usual one of the type) and what the filter holds."""

    noun: str
    place: str
    count: int
    count_text: str
    sum: str = ""
    weighted: str = ""
    filter: str = ""
    due: Due = NOTHING_DUE
    others: tuple[str, ...] = ()
    sum_short: str = ""
    view: str = ""
