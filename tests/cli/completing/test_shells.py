"""Completion in the real bash, zsh and fish: what stands in the line after TAB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.cli.conftest import Crm
from tests.shells import Shell
from tuicrm.cli.completing import SHELLS

Start: TypeAlias = Callable[..., Shell]


@pytest.fixture
def start(data: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts a shell in a home with a file, a folder and a name that ends in none of ours."""
    home, running = tmp_path / "home", list[Shell]()

    def start_it(name: str, **environ: str) -> Shell:
        (home / "exports").mkdir(parents=True)
        (home / "export.csv").touch()
        running.append(Shell(name, home, data, environ))
        return running[-1]

    yield start_it
    for shell in running:
        shell.close()


# One of each sort that a shell treats in a way of its own; what is offered where, test_answers.py tries.
SAME = [
    ("tuicrm deal li", "tuicrm deal list "),
    ("tuicrm deal list --whe", "tuicrm deal list --where "),
    ("tuicrm deal move D-1 Prepayment", r"tuicrm deal move D-1 Prepayment\ invoice "),
    ("tuicrm deal edit D-1 respo", "tuicrm deal edit D-1 responsible="),
    ("tuicrm deal edit D-1 responsible=lu", "tuicrm deal edit D-1 responsible=luca "),
    ("tuicrm deal list --sort -amou", "tuicrm deal list --sort -amount "),
    # Files where one fits, and only there.
    ("tuicrm import export.", "tuicrm import export.csv "),
    ("tuicrm export deal -o export.", "tuicrm export deal -o export.csv "),
    ("tuicrm export deal --output=export.", "tuicrm export deal --output=export.csv "),
    ("tuicrm --data exp", "tuicrm --data exports/"),
    ("tuicrm deal show export.", "tuicrm deal show export."),
    ("tuicrm comment D-1 export.", "tuicrm comment D-1 export."),
    # What cannot be completed stays as it is.
    ("tuicrm nonsense x", "tuicrm nonsense x"),
    ("tuicrm deal edit D-999 stage=zz", "tuicrm deal edit D-999 stage=zz"),
]


@pytest.mark.parametrize("name", SHELLS)
def test_each_shell_completes(name: str, start: Start) -> None:
    shell = start(name)
    for line, whole in SAME:
        assert shell.completed(line).rstrip() == whole.rstrip(), (name, line, shell.shown)
        assert "Traceback" not in shell.shown


@pytest.mark.parametrize("name", SHELLS)
def test_titles_and_labels_stand_beside_what_is_offered(name: str, start: Start) -> None:
    shell = start(name)
    shell.completed("tuicrm deal show D-", tabs=2)
    assert "Website redesign" in shell.shown
    assert "ERP connector" in shell.shown
    shell.completed("tuicrm deal edit D-1 responsible=", tabs=2)
    assert "Luca Riva" in shell.shown


@pytest.mark.parametrize("name", SHELLS)
def test_values_with_blanks_and_signs_are_quoted_as_the_shell_needs_it(name: str, start: Start, crm: Crm) -> None:
    for title in ("Proposal: on hold", "O'Hara & sons"):
        assert crm("stage", "add", "deal", title).code == 0
    shell = start(name)
    whole = shell.completed("tuicrm deal move D-1 Proposal:")
    assert whole.rstrip() in (r"tuicrm deal move D-1 Proposal:\ on\ hold", "tuicrm deal move D-1 'Proposal: on hold'")
    whole = shell.completed('tuicrm deal edit D-1 stage="Proposal:')
    assert whole.rstrip() in (
        'tuicrm deal edit D-1 stage="Proposal: on hold"',
        r"tuicrm deal edit D-1 stage=Proposal:\ on\ hold",
    )
    whole = shell.completed("tuicrm deal move D-1 O")
    assert whole.rstrip() in (
        r"tuicrm deal move D-1 O\'Hara\ \&\ sons",
        r"tuicrm deal move D-1 O\'Hara\ &\ sons",
        '''tuicrm deal move D-1 "O'Hara & sons"''',
    )


@pytest.mark.parametrize("name", SHELLS)
def test_a_filter_is_completed_inside_its_quotes(name: str, start: Start) -> None:
    shell = start(name)
    whole = shell.completed('tuicrm deal list --where "stage = prepay')
    assert whole.startswith('tuicrm deal list --where "stage = prepayment')


@pytest.mark.parametrize("name", SHELLS)
def test_nothing_is_written_where_there_is_no_workspace(name: str, start: Start, tmp_path: Path) -> None:
    shell = start(name, TUICRM_DATA=str(tmp_path / "nowhere"))
    assert shell.completed("tuicrm deal show D-") == "tuicrm deal show D-"
    assert shell.completed("tuicrm deal li").rstrip() == "tuicrm deal list"
    assert "rror" not in shell.shown
