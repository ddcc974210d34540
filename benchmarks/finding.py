"""The search and duplicates on a workspace of any size: `python -m benchmarks.finding FOLDER`.

The index is built anew first; each question is then asked several times, as it would be letter by letter. Figures are medians in
milliseconds; building is in seconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tuicrm.services.duplicates import duplicates
from tuicrm.services.search.engine import finder
from tuicrm.services.search.sign_texts import alike_index
from tuicrm.services.workspace.start import open_session
from tuicrm.store.follower import Follower

QUESTIONS = (
    "r",
    "ro",
    "ros",
    "ross",
    "rossi",
    "rosi",
    "mar",
    "maria rossi",
    "1234",
    "39",
    "call",
    "web red",
    "D-42",
    "xyzzz",
    "ferari",
)
TIMES = 5


def took(work: Callable[[], Any]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    session = open_session(parser.parse_args().folder)
    finding, alike = finder(session), alike_index(session)
    for name, index in (("search", finding.index), ("duplicates", alike)):
        assert isinstance(index, Follower)
        index.file.make_anew()
        count = index.lacks()
        seconds = took(index.catch_up) / 1_000
        print(f"{name}: {count:,} items read in {seconds:.1f} s, {index.file.path.stat().st_size / 1e6:.0f} MB")
    for text in QUESTIONS:
        print(f"find {text!r}: {median(took(partial(finding.find, text)) for _n in range(TIMES)):.1f} ms")
    for item_type in duplicates.looked_at(session):
        some = session.find(item_type.key, None, (), 20).items
        if some:
            asked = [took(partial(duplicates.like, session, one.type, one.fields, one.ref)) for one in some]
            groups = took(partial(duplicates.groups, session, item_type.key))
            print(f"like a {item_type.key}: {median(asked):.1f} ms; all groups of {item_type.key}: {groups:.0f} ms")
    session.close()


if __name__ == "__main__":
    main()
