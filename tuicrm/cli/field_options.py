"""`tuicrm field options`: a list's options, listed and changed; all that is said is one change, in the order below."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import typer

from tuicrm.cli.places import FIELD, TYPE
from tuicrm.cli.work import Work, work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field, Option
    from tuicrm.services.field_options import Step
    from tuicrm.services.session import Session


def options(
    context: typer.Context,
    type: str = TYPE,
    field: str = FIELD,
    add: list[str] = typer.Option([], metavar="LABEL", help=_("One more, at the end; each of these once for each.")),
    rename: list[str] = typer.Option([], metavar="OPTION=LABEL", help=_("Another label; the values stay.")),
    up: list[str] = typer.Option([], metavar="OPTION", help=_("One place up.")),
    down: list[str] = typer.Option([], metavar="OPTION", help=_("One place down.")),
    retire: list[str] = typer.Option(
        [], metavar="OPTION", help=_("Still shown where it stands, not offered any more.")
    ),
    restore: list[str] = typer.Option([], metavar="OPTION", help=_("Offered again.")),
    delete: list[str] = typer.Option([], metavar="OPTION", help=_("Gone; one in use is retired instead.")),
    default: list[str] = typer.Option(
        [], metavar="OPTION", help=_("What new items begin with; an empty text for nothing.")
    ),
) -> None:
    from tuicrm.services import field_options
    from tuicrm.services.items import find_type, named_field

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    found = named_field(session, type_key, field)
    steps: list[Step] = [partial(field_options.added, label=label) for label in add]
    steps += [_renaming(session, word) for word in rename]
    steps += [_moving(session, text, -1) for text in up]
    steps += [_moving(session, text, 1) for text in down]
    steps += [_retiring(session, text, back=False) for text in retire]
    steps += [_retiring(session, text, back=True) for text in restore]
    steps += [_deleting(session, type_key, text) for text in delete]
    if steps or default:
        begins = [text for text in default if text.strip()] if default else None
        changed = field_options.change_options(session, type_key, found.key, steps, begins)
        _tell_retired(work, found, changed, delete)
        found = changed
    _list(work, type_key, found)


def _option(session: Session, field: Field, text: str) -> Option:
    from tuicrm.services.field_options import find_option

    return find_option(session, field, text)


def _renaming(session: Session, word: str) -> Step:
    """`OLD=NEW`, where the old label may hold a sign of equality itself."""
    from tuicrm.errors import Refused
    from tuicrm.services.field_options import renamed

    places = [at for at, sign in enumerate(word) if sign == "="]
    if not places:
        raise UsageError(_("expected OPTION=LABEL, not “{word}”").format(word=word))

    def step(field: Field) -> list[Option]:
        for at in places:
            try:
                return renamed(field, _option(session, field, word[:at]).key, word[at + 1 :])
            except Refused:
                if at == places[-1]:
                    raise
        return field.options

    return step


def _moving(session: Session, text: str, way: int) -> Step:
    from tuicrm.services.field_options import moved

    return lambda field: moved(field, _option(session, field, text).key, way)


def _retiring(session: Session, text: str, *, back: bool) -> Step:
    from tuicrm.services.field_options import retired

    return lambda field: retired(field, _option(session, field, text).key, back=back)


def _deleting(session: Session, type_key: str, text: str) -> Step:
    from tuicrm.services.field_options import dropped

    return lambda field: dropped(session, type_key, field, _option(session, field, text).key)


def _tell_retired(work: Work, before: Field, after: Field, deleted: list[str]) -> None:
    """Which were to be deleted and are in use."""
    living = {option.key: option for option in after.options if option.retired}
    was = {option.key for option in before.options if option.retired}
    kept = [work.session.label(option.label) for key, option in living.items() if key not in was]
    if deleted and kept:
        work.out.say(_("In use, so retired and not deleted: {options}.").format(options=", ".join(kept)))


def _list(work: Work, type_key: str, field: Field) -> None:
    from tuicrm.services.field_options import held, options_of

    session = work.session
    found, counts = options_of(session, field), held(session, type_key, field)
    begins = field.default if isinstance(field.default, list) else [field.default]
    if work.out.json:
        rows = [
            {
                "key": option.key,
                "label": session.label(option.label),
                "retired": option.retired,
                "default": option.key in begins,
                "items": counts.get(option.key, 0),
            }
            for option in found
        ]
        work.out.envelope(type=type_key, field=field.key, options=rows, total=len(rows))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Label")), TableColumn("")]
    table = [
        [
            option.key,
            session.label(option.label),
            _("retired") if option.retired else _("default") if option.key in begins else "",
            str(counts.get(option.key, 0)),
        ]
        for option in found
    ]
    work.out.table([*heads, TableColumn(_("Items"), "right")], table)
