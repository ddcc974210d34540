"""`tuicrm field options`: a list's options, listed and changed; all that is said is one change, in the order below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.arguments import option_words as words
from tuicrm.cli.arguments.places import FIELD, TYPE
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field


def options(
    context: typer.CommandContext,
    type: str = TYPE,
    field: str = FIELD,
    add: list[str] = words.ADD,
    rename: list[str] = words.RENAME,
    up: list[str] = words.UP,
    down: list[str] = words.DOWN,
    retire: list[str] = words.RETIRE,
    restore: list[str] = words.RESTORE,
    delete: list[str] = words.DELETE,
    default: list[str] = typer.Option(
        [], metavar="OPTION", help=_("The value new items start with; an empty text for no value.")
    ),
) -> None:
    from tuicrm.services.definitions import field_options
    from tuicrm.services.kernel.lookup import find_type, named_field

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    found = named_field(session, type_key, field)
    said = words.OptionChanges(add, rename, up, down, retire, restore, delete)
    if said.anything or default:
        begins = [text for text in default if text.strip()] if default else None
        used = field_options.in_use(session, type_key, found) if delete else {}
        changed = field_options.change_options(session, type_key, found.key, said.steps(used), begins)
        words.tell_retired(work, found.options, changed.options, delete)
        found = changed
    _list(work, type_key, found)


def _list(work: CommandRun, type_key: str, field: Field) -> None:
    from tuicrm.services.definitions.field_options import held, options_of

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
