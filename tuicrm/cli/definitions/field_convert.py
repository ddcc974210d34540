"""`tuicrm field convert`: another field of another kind, with the values converted; what cannot be is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.places import DRY_RUN, FIELD, TYPE, only_told
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.i18n import _, ngettext
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field
    from tuicrm.services.definitions.field_conversion import Converted


def convert(
    context: typer.CommandContext,
    type: str = TYPE,
    field: str = FIELD,
    kind: str = typer.Option(..., metavar="KIND", help=_("string, money, date, list, …")),
    label: str = typer.Option(
        "", metavar="LABEL", help=_("The label people see; by default, the old label and the type.")
    ),
    many: bool = typer.Option(False, "--many", help=_("Allow several values.")),
    option: list[str] = typer.Option(
        [], metavar="LABEL", help=_("An option of a list; by default, each existing value.")
    ),
    target: list[str] = typer.Option(
        [], metavar="TYPE", help=_("An item type this field may refer to; repeat for several.")
    ),
    dictionary: str = typer.Option("", metavar="KEY", help=_("The dictionary for a dictionary field.")),
    words: list[str] = typer.Argument(None, metavar="[SETTING=VALUE...]", help=_("Settings of the new field: min=0.")),
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.services.definitions import field_conversion, field_words
    from tuicrm.services.kernel.lookup import find_type, named_field

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    old = named_field(session, type_key, field)
    name = label or f"{session.label(old.label)} ({_(kind)})"
    said: dict[str, Any] = {"many": many, "options": option, "dictionary": dictionary}
    said["targets"] = [find_type(session, text).key for text in target]
    said["settings"] = field_words.settings(session, type_key, kind, assignments(words or []))
    made = field_conversion.other_field(session, type_key, old.key, name, kind, **said)
    act = field_conversion.preview if dry_run else field_conversion.convert
    with Telling(work) as telling:
        done = act(session, type_key, old.key, made, lambda at, of: telling.tell(f"{name}: {at}/{of}"))
    _answer(work, old, made, done, dry_run=dry_run)


def _answer(work: CommandRun, old: Field, made: Field, done: Converted, *, dry_run: bool) -> None:
    """The new field's key, and what cannot be converted with the reason."""
    from tuicrm.services.kernel.bulk import left_out_text

    show_ref = work.session.workspace.show_ref
    failures = [(show_ref(one.ref), one.text, one.reason) for one in done.first]
    if work.out.json:
        listed = [{"ref": ref, "value": text, "reason": reason} for ref, text, reason in failures]
        work.out.envelope(
            field={"key": made.key, "kind": made.kind},
            converted=done.taken,
            failed=done.failed,
            left_out=done.left_out,
            failures=listed,
            made=not dry_run,
        )
        return
    if not dry_run:
        work.out.text(made.key)
    if failures:
        heads = [TableColumn(_("Ref"), style="accent", shrinks=False), TableColumn(work.session.label(old.label))]
        work.out.table([*heads, TableColumn(_("Not converted"))], failures)
    if done.failed > len(failures):
        work.out.say(_("and {n} more").format(n=done.failed - len(failures)))
    if done.left_out:
        work.out.warn(left_out_text(done.left_out))
    items = ngettext("{n} item", "{n} items", done.taken)
    told = _("Converted: {items}; not converted: {n}.").format(items=items, n=done.failed)
    work.out.say(f"{told} {only_told(dry_run)}".rstrip())
