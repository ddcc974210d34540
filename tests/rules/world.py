"""A small workspace with one ruled field, and the people who come upon it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.command import Ran, run_here
from tests.conftest import Clock
from tests.doors import add_field, require_field, restrict_field
from tests.screens.opening import show
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

LABEL, KEY, VALUE = "Zugriffscode", "geheim", "Quittenmus"
"""A field's label and key and the value it holds: words that stand nowhere else."""

WAITING, THERE = "new", "preparation"
"""The stage in which everything begins, and the one that the rules are about."""


class World(NamedTuple):
    """Anna administers it and works as the system's user; Luca, a manager, does what the tests are about. Sessions are their own."""

    anna: Session
    luca: Session
    folder: Path
    patch: pytest.MonkeyPatch

    def command(self, *words: str, by: str = "luca", stdin: str = "") -> Ran:
        """A command of theirs."""
        return run_here(self.folder, self.patch, *words, "--as", by, stdin=stdin)

    def deal(self, title: str = "Hotel Aurora", stage: str = WAITING, value: str = "", **more: Any) -> Ref:
        """A deal of Luca's, with or without a value in the ruled field, whatever the rule says."""
        fields: Mapping[str, Any] = {"title": title, "stage": stage, "responsible": "luca", **more}
        with self.anna.change("add") as change:
            ref = change.add("deal", {**fields, **({KEY: value} if value else {})}, enforce=False)
        self.look()
        return ref

    def lead(self, title: str = "Fair", **more: Any) -> Ref:
        """A lead of Luca's."""
        ref = items.add(self.anna, "lead", {"title": title, "responsible": "luca", **more}).ref
        self.look()
        return ref

    def look(self) -> None:
        """Both see what the other did."""
        self.anna.store.refresh()
        self.luca.store.refresh()

    def get(self, ref: Ref) -> Mapping[str, Any]:
        """All of an item."""
        self.look()
        return self.anna.get(ref).fields


class Rule(NamedTuple):
    """What is said of the field: where it is required, and whether Luca may see it."""

    name: str
    always: bool = False
    at: str = ""
    hidden: bool = False

    @property
    def binds(self) -> bool:
        """Whether Luca may not be in, or come to, `THERE` without a value."""
        return not self.hidden and (self.always or self.at == THERE)

    def make(self, world: World) -> None:
        """Let it hold."""
        if self.always or self.at:
            require_field(
                world.anna, "deal", KEY, always=self.always, pipeline="general", stages=[self.at] if self.at else None
            )
        if self.hidden:
            restrict_field(world.anna, "deal", KEY, [world.anna.person_key])
        world.look()


RULES = (
    Rule("required everywhere", always=True),
    Rule("required there", at=THERE),
    Rule("required elsewhere", at="executing"),
    Rule("required everywhere, not his to see", always=True, hidden=True),
    Rule("required there, not his to see", at=THERE, hidden=True),
)


def write_world(folder: Path) -> None:
    """The workspace to copy: the field is a text on the card that nothing is said of yet."""
    from tuicrm.services.workspace.people import Details, add_person

    clock = Clock()
    create_workspace(
        folder,
        person=Maker(system_login(), "Anna Bianchi"),
        settings=Settings("Test company", country="IT"),
        clock=clock,
    )
    anna = open_session(folder, clock=clock)
    add_person(anna, Details("Luca Riva", logins=["luca"], roles=["manager"]), key="luca")
    items.add(anna, "company", {"title": "Rossi Srl"})
    show(anna, "deal", add_field(anna, "deal", LABEL, "string", key=KEY).key)
    anna.close()


def open_world(folder: Path, patch: pytest.MonkeyPatch, closing: Callable[[Session], object]) -> World:
    """The sessions of both in a copy of it."""
    clock = Clock()
    anna = open_session(folder, clock=clock)
    luca = open_session(folder, login="luca", clock=clock, locale="en_GB")
    for session in (luca, anna):
        closing(session)
    return World(anna, luca, folder, patch)
