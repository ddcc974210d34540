"""Which of a series is meant: `--this`, `--following`, `--all`, `--occurrence`; and how it repeats: `--repeat`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.grammar import typed as typer
from tuicrm.errors import FieldProblem, Refused, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.cli.running.work import CommandRun
    from tuicrm.services.calendar.series_changes import Which
    from tuicrm.services.kernel.session import Session

REPEAT = typer.Option(
    None, "--repeat", metavar="RULE", help=_('How it repeats: "every monday until 2027-03-01"; "" for no longer.')
)
_THIS = typer.Option(False, "--this", help=_("Of a series: only the next one."))
_FOLLOWING = typer.Option(False, "--following", help=_("Of a series: this one and all that follow."))
_ALL = typer.Option(False, "--all", help=_("Of a series: all that are open."))
_OCCURRENCE = typer.Option(
    "", "--occurrence", metavar="WHEN", help=_("Of a series: the one on that day, not the next.")
)


class SeriesChoice(msgspec.Struct, frozen=True):
    """What was given of these."""

    this: bool = False
    following: bool = False
    all: bool = False
    occurrence: str = ""

    def __bool__(self) -> bool:
        return self != SeriesChoice()

    @property
    def which(self) -> Which | None:
        """What is meant; None where nothing was said. Raises UsageError."""
        found: list[Which] = []
        found += ["this"] if self.this else []
        found += ["following"] if self.following else []
        found += ["all"] if self.all else []
        if len(found) > 1:
            raise UsageError(_("--this, --following and --all cannot be used together."))
        return found[0] if found else None

    def of(self, session: Session, number: int) -> Which | None:
        """What is meant of an activity; None for one that does not repeat. Raises UsageError where one that does needs a choice."""
        from tuicrm.domain.activities.rule_told import told
        from tuicrm.services.calendar.series_changes import is_series
        from tuicrm.services.items.activities import known

        which = self.which
        if is_series(session, number):
            if which is None and self.occurrence:
                return "this"
            if which is None:
                rule = told(str(known(session, number).doc["rule"]), session.language)
                raise UsageError(_("This repeats, {rule}: say --this, --following or --all.").format(rule=rule))
            return which
        if which is not None or self.occurrence:
            message = _("This activity does not repeat.")
            raise Refused(message, [FieldProblem("rule", message, None)])
        return None

    def named(self, session: Session, number: int) -> str:
        """The name of the occurrence on the day that was given; "" for the next one. Raises Refused."""
        if not self.occurrence:
            return ""
        from tuicrm.services.calendar.series_changes import on_day

        return on_day(session, number, _day(session, self.occurrence))


CHOICE: Any = typer.Options(SeriesChoice, this=_THIS, following=_FOLLOWING, all=_ALL, occurrence=_OCCURRENCE)


def rule_of(session: Session, text: str | None) -> dict[str, str | None]:
    """The field of `--repeat`: {} where it was not given. Raises Refused naming the option."""
    if text is None:
        return {}
    if not text.strip():
        return {"rule": None}
    from tuicrm.domain.activities.series import read_rule
    from tuicrm.domain.kinds.base import BadValue

    try:
        return {"rule": read_rule(text, session.context())}
    except BadValue as bad:
        raise Refused(f"--repeat: {bad.message}", [FieldProblem("repeat", bad.message, text)]) from bad


def _day(session: Session, text: str) -> str:
    """A day as it is typed, or the whole name of an occurrence."""
    from tuicrm.domain import typed as read
    from tuicrm.domain.activities.wall import read_wall, wall_of
    from tuicrm.domain.kinds.base import BadValue

    if read_wall(text) is not None:
        return text
    try:
        found = read.when(text, session.context(canonical=True))
    except BadValue as bad:
        raise Refused(f"--occurrence: {bad.message}", [FieldProblem("occurrence", bad.message, text)]) from bad
    return found if isinstance(found, str) else wall_of(found, session.zone).date().isoformat()


def say_clocks(work: CommandRun, number: int) -> None:
    """Say what to know of a series whose time the clocks jump over, or show twice, and until when it has its rooms."""
    from tuicrm.services.items.activities import known

    record = known(work.session, number)
    if record.doc.get("rule"):
        from tuicrm.services.calendar.repeating import clock_changes

        for told in clock_changes(number, record.doc, work.session.context()):
            work.out.say(told)
        _say_rooms(work, number)


def _say_rooms(work: CommandRun, number: int) -> None:
    """Say until when a series that goes on has its rooms."""
    from tuicrm.services.calendar.rooms import booked_until, moment_words

    until = booked_until(work.session, number)
    if until is not None:
        told = _("Its rooms are booked until {when}; later ones are booked as earlier ones are done.")
        work.out.say(told.format(when=moment_words(work.session, until)))
