"""Options that stand together reach a command as one struct."""

from __future__ import annotations

import msgspec

from tuicrm.cli.grammar import typed


class Wanted(msgspec.Struct, frozen=True):
    colour: str | None = None
    people: list[str] | None = None
    loud: bool = False


WANTED = typed.Options(
    Wanted, colour=typed.Option(None, "--color"), people=typed.Option(None), loud=typed.Option(False)
)
QUIET = typed.Options(Wanted, colour=typed.Option(None, "--color"))


def command(
    _context: typed.CommandContext,
    what: str = typed.Argument(),
    wanted: Wanted = WANTED,
    last: int = typed.Option(3),
) -> None:
    del what, wanted, last


def quieter(_context: typed.CommandContext, wanted: Wanted = QUIET) -> None:
    del wanted


def test_they_stand_where_the_struct_does_each_by_its_fields_type() -> None:
    found = [(one.name, one.opts, one.type, one.many, one.is_flag) for one in typed.parameters_of(command)]
    assert found == [
        ("what", [], "str", False, False),
        ("colour", ("--color",), "str", False, False),
        ("people", ["--people"], "str", True, False),
        ("loud", ["--loud"], "bool", False, True),
        ("last", ["--last"], "int", False, False),
    ]


def test_the_function_gets_the_struct() -> None:
    values = {"what": "x", "colour": "red", "people": ["luca"], "loud": True, "last": 4}
    assert typed.together(command, values) == {"what": "x", "wanted": Wanted("red", ["luca"], loud=True), "last": 4}


def test_what_a_command_does_not_take_is_as_the_struct_has_it() -> None:
    assert typed.together(quieter, {"colour": None}) == {"wanted": Wanted()}
