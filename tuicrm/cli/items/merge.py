"""`tuicrm merge`: several items become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.services.duplicates.merging import MergePlan, MergeRow
    from tuicrm.services.kernel.session import Session

merge = verb()


_LEAST = 2


@merge.command(cls=CrmCommand, help=_("Merge items into the first one, with everything that belongs to the others."))
def _merge(
    context: typer.CommandContext,
    refs: list[str] = typer.Argument(metavar="REF REF...", help=_("C-7 C-9: the first one is kept.")),
    keep: list[str] = typer.Option(
        [], "--keep", metavar="FIELD=REF", help=_("Whose value to keep where they differ; repeat for several fields.")
    ),
    main: bool = typer.Option(False, "--main", help=_("Where they differ, keep the first one's values.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Only show what would change.")),
) -> None:
    from tuicrm.services.duplicates import merging
    from tuicrm.services.duplicates.duplicates import read_refs
    from tuicrm.services.exporting.exportable import plain_item

    work = work_of(context)
    session = work.session
    if len(refs) < _LEAST:
        raise UsageError(_("Name at least two items: C-7 C-9."))
    plan = merging.plan(session, read_refs(session, refs))
    _tell_better(work, plan)
    choices = _choices(session, plan, keep)
    if main:
        choices = {**{row.field.key: plan.main.ref for row in plan.rows if row.is_open}, **choices}
    if dry_run:
        _tell_plan(work, plan, choices)
        return
    left = merging.undecided(plan, choices)
    if left and not work.out.json:
        work.out.warn(_("They differ; choose which values to keep: --keep FIELD=REF, or --main."))
        for row in left:
            work.out.warn(f"  {row.field.key}: {_sides(session, plan, row)}")
    item = merging.merge(session, plan, choices)
    if work.out.json:
        others = [session.workspace.show_ref(one.ref) for one in plan.others]
        work.out.envelope(items=[plain_item(session, item)], total=1, merged=others)
        return
    work.out.text(session.workspace.show_ref(item.ref))
    work.out.say(_("Merged; `tuicrm undo` separates them again."))


def _tell_better(work: CommandRun, plan: MergePlan) -> None:
    """Say which one is the oldest and fullest, where that is not the one that was named first."""
    from tuicrm.services.duplicates.staying import best

    main = best(plan.items)
    if main.ref != plan.main.ref:
        ref = work.session.workspace.show_ref(main.ref)
        work.out.say(_("{ref} is the oldest and fullest: named first, it would be the one that stays.").format(ref=ref))


def _choices(session: Session, plan: MergePlan, keep: list[str]) -> dict[str, Ref]:
    """`FIELD=REF` words as choices. Raises UsageError, Refused."""
    from tuicrm.services.kernel.lookup import find_field, read_ref

    choices: dict[str, Ref] = {}
    for word in keep:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageError(_("expected FIELD=REF, not “{word}”").format(word=word))
        field = find_field(session, plan.main.type, name)
        ref = read_ref(session, text, plan.main.type)
        if ref not in {item.ref for item in plan.items}:
            raise UsageError(_("{ref} is not one of the items to merge.").format(ref=text))
        row = plan.row(field.key)
        if row is None or not row.may_choose:
            raise Refused(_("There is nothing to choose in {field}.").format(field=session.label(field.label)))
        choices[field.key] = ref
    return choices


def _sides(session: Session, plan: MergePlan, row: MergeRow) -> str:
    from tuicrm.services.kernel.field_texts import show_value

    return " · ".join(
        f"{session.workspace.show_ref(item.ref)} {show_value(session, item, row.field) or '—'}" for item in plan.items
    )


def _tell_plan(work: CommandRun, plan: MergePlan, choices: Mapping[str, Ref]) -> None:
    """What would be done: each field, and what comes along."""
    from tuicrm.services.duplicates import merging

    session = work.session
    if work.out.json:
        found = plan.belongings
        rows = [_plain(session, plan, row, choices) for row in plan.rows]
        refs = [session.workspace.show_ref(item.ref) for item in plan.items]
        carried = {"entries": found.entries, "activities": found.activities, "items": found.items}
        work.out.envelope(main=refs[0], others=refs[1:], fields=rows, carried=carried, merged=False)
        return
    from tuicrm.render.table import TableColumn
    from tuicrm.services.kernel.field_texts import show_value

    heads = [TableColumn(_("Field"), style="label")]
    heads += [TableColumn(session.workspace.show_ref(item.ref)) for item in plan.items]
    words = {"same": _("equal"), "one": _("only one has it"), "united": _("combined")}
    words |= {"follows": _("calculated from the products"), "chosen": _("to choose")}
    table = []
    for row in plan.rows:
        told = words[row.outcome]
        if row.field.key in choices:
            told = session.workspace.show_ref(choices[row.field.key])
        values = [show_value(session, item, row.field) for item in plan.items]
        table.append([session.label(row.field.label), *values, told])
    work.out.table([*heads, TableColumn("→", style="accent")], table)
    if amount := merging.amount_told(session, plan, choices):
        work.out.say(amount)
    for text in merging.told(plan):
        work.out.say(_("Also merged: {what}").format(what=text))
    work.out.say(_("Nothing was changed: --dry-run only shows what would happen."))


def _plain(session: Session, plan: MergePlan, row: MergeRow, choices: Mapping[str, Ref]) -> dict[str, Any]:
    from tuicrm.services.duplicates import merging

    show = session.workspace.show_ref
    values = {show(item.ref): value for item, value in zip(plan.items, row.values, strict=True)}
    told: dict[str, Any] = {"field": row.field.key, "values": values, "outcome": row.outcome}
    if row.outcome == "follows":
        return {**told, "result": merging.amount_after(session, plan, choices)}
    if row.is_open and row.field.key not in choices:
        return told
    return {**told, "result": merging.chosen_value(plan, row, choices)}
