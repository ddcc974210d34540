"""Documents made of items by the services, as `tuicrm document make` and the screens do, beside bare docxtpl with the same content:

    python -m benchmarks.documents_made [--rows 50 200 1000] [--times 10]

A deal has so many product rows; the template is that of `benchmarks.documents`. What is worked out for the preview, the file, its
number, its record and its entry on the timeline count, down to the disk: by the clock, the fastest of so many times. Then how many
times as long that takes as docxtpl takes to fill a file of the same content, which it is given.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.documents import by_docxtpl, offer
from tuicrm.login import system_login
from tuicrm.services.documents import making, templates
from tuicrm.services.documents.templates import TemplateDetails
from tuicrm.services.items import items, products
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session


def fastest(act: object, times: int) -> float:
    """Milliseconds by the clock."""
    assert callable(act)
    figures = []
    for _time in range(times):
        begun = perf_counter()
        act()
        figures.append(perf_counter() - begun)
    return min(figures) * 1000


def made(session: Session, rows: int, key: str, times: int) -> float:
    """Milliseconds that a document of a deal with so many rows takes."""
    ref = items.add(session, "deal", {"title": f"{rows} rows"}).ref
    row = {"price": {"amount": "9.5", "currency": "EUR"}, "quantity": "3"}
    products.apply(session, ref, products.adding([{**row, "name": f"Product {number}"} for number in range(rows)]))
    template = session.workspace.doc_templates[key]
    return fastest(lambda: making.make(session, making.plan(session, ref, template)), times)


def main() -> None:
    """Measure, and write the table."""
    asked = argparse.ArgumentParser(description="Documents made by the services, beside docxtpl.")
    asked.add_argument("--rows", type=int, nargs="+", default=[50, 200, 1000])
    asked.add_argument("--times", type=int, default=10)
    given = asked.parse_args()
    theirs = offer("{{{{{}}}}}", "{{{{one.{}}}}}", around=("{%tr for one in products %}", "{%tr endfor %}"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workspace"
        create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
        session = open_session(path)
        templates.add_template(session, offer("{{{}}}", "{{Products{}}}"), TemplateDetails("Offer", ("deal",)))
        print(f"{'rows':>6} {'services ms':>12} {'docxtpl ms':>11} {'times as long':>14}", file=sys.stdout)
        for rows in given.rows:
            times = max(given.times * 50 // max(rows, 50), 3)
            own = made(session, rows, "offer", times)
            other = fastest(lambda rows=rows: by_docxtpl(theirs, rows), times)
            print(f"{rows:>6} {own:>12.1f} {other:>11.1f} {own / other:>14.2f}")
        session.close()


if __name__ == "__main__":
    main()
