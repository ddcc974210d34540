"""What is said of a list of options on the command line: `--add`, `--rename OLD=NEW`, …, in the order below, all of it one change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.schema import Option
    from tuicrm.services.definitions.option_lists import OptionList, OptionStep

ADD = typer.Option([], metavar="LABEL", help=_("Add one at the end; repeat for several."))
RENAME = typer.Option([], metavar="OPTION=LABEL", help=_("Rename it; values are kept."))
UP = typer.Option([], metavar="OPTION", help=_("Move it one place up."))
DOWN = typer.Option([], metavar="OPTION", help=_("Move it one place down."))
RETIRE = typer.Option([], metavar="OPTION", help=_("Stop offering it; it is still shown where used."))
RESTORE = typer.Option([], metavar="OPTION", help=_("Offer it again."))
DELETE = typer.Option([], metavar="OPTION", help=_("Delete it; if in use, it is retired instead."))


class OptionChanges(NamedTuple):
    """What was said, by what is to be done."""

    add: Sequence[str]
    rename: Sequence[str]
    up: Sequence[str]
    down: Sequence[str]
    retire: Sequence[str]
    restore: Sequence[str]
    delete: Sequence[str]

    @property
    def anything(self) -> bool:
        """Whether any change is asked for."""
        return any(self)

    def steps(self, used: Mapping[str, int], kept: Collection[str] = ()) -> list[OptionStep]:
        """The steps; `used` and `kept` as in `option_lists.dropped`. Raises UsageError."""
        from tuicrm.services.definitions.option_lists import added

        steps: list[OptionStep] = [partial(added, label=label) for label in self.add]
        steps += [_renaming(word) for word in self.rename]
        steps += [_moving(text, -1) for text in self.up]
        steps += [_moving(text, 1) for text in self.down]
        steps += [_retiring(text, back=False) for text in self.retire]
        steps += [_retiring(text, back=True) for text in self.restore]
        return steps + [_deleting(text, used, kept) for text in self.delete]


def _renaming(word: str) -> OptionStep:
    """`OLD=NEW`, where the old label may hold a sign of equality itself."""
    from tuicrm.services.definitions.option_lists import find_option, renamed

    places = [at for at, sign in enumerate(word) if sign == "="]
    if not places:
        raise UsageError(_("expected OPTION=LABEL, not “{word}”").format(word=word))

    def step(options: OptionList) -> list[Option]:
        for at in places:
            try:
                return renamed(options, find_option(options, word[:at]).key, word[at + 1 :])
            except Refused:
                if at == places[-1]:
                    raise
        return list(options)

    return step


def _moving(text: str, way: int) -> OptionStep:
    from tuicrm.services.definitions.option_lists import find_option, moved

    return lambda options: moved(options, find_option(options, text).key, way)


def _retiring(text: str, *, back: bool) -> OptionStep:
    from tuicrm.services.definitions.option_lists import find_option, retired

    return lambda options: retired(options, find_option(options, text).key, back=back)


def _deleting(text: str, used: Mapping[str, int], kept: Collection[str]) -> OptionStep:
    from tuicrm.services.definitions.option_lists import dropped, find_option

    return lambda options: dropped(options, find_option(options, text).key, used, kept)


def tell_retired(work: CommandRun, before: OptionList, after: OptionList, deleted: Sequence[str]) -> None:
    """Which were to be deleted and are in use."""
    was = {option.key for option in before if option.retired}
    kept = [work.session.label(option.label) for option in after if option.retired and option.key not in was]
    if deleted and kept:
        work.out.say(
            _("Retired instead of deleted because they are in use: {options}.").format(options=", ".join(kept))
        )
