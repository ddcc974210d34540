"""`tuicrm deal edit` of several items, or of all that match a filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.items import asked_output
from tuicrm.cli.running.work import CommandRun
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, CrmError, FieldProblem, Refused, RequiredFields, UsageError
from tuicrm.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.services.items.bulk_edit import EditPreview
    from tuicrm.services.items.stages import Lacking
    from tuicrm.services.kernel.session import Session

_TOLD = 20
"""Items that stay as they are and are told one by one."""


def ids_meant(session: Session, type_key: str, refs: Sequence[str], where: str) -> list[int]:
    """The items that are named, or that match. Raises NotFound, UsageError."""
    from tuicrm.services.boards.filters import compile_for
    from tuicrm.services.kernel.lookup import read_refs

    if refs and where:
        raise UsageError(_("Give either items or a filter, not both."))
    if where:
        return session.ids(type_key, compile_for(session, type_key, where))
    return list(dict.fromkeys(session.get(ref).id for ref in read_refs(session, refs, type_key)))


def edit_many(work: CommandRun, type_key: str, ids: Sequence[int], words: Mapping[str, str], *, dry_run: bool) -> None:
    """Change those that can be changed, as one undo; the others are told with the reason, and make the exit code."""
    from tuicrm.services.exporting.exportable import plain_item
    from tuicrm.services.items import bulk_edit

    session, out = work.session, work.out
    steps = bulk_edit.read_steps(session, type_key, words)
    preview = bulk_edit.look(session, type_key, ids, steps)
    moves = any(step.field.traits.is_place for step in steps)
    before = session.many(type_key, preview.changing) if moves and not dry_run else []
    left_out = set[int]()
    if preview.changing and not dry_run:
        left_out = set(bulk_edit.apply(session, type_key, preview.changing, steps))
    changed = [item_id for item_id in preview.changing if item_id not in left_out]
    failed = _not_changed(session, preview.stayed)
    asked = asked_output.lacking(session, before, session.many(type_key, changed)) if before else {}
    if out.json:
        items = [plain_item(session, item) for item in session.many(type_key, changed)]
        more = {"unchanged": preview.same, "stayed": [_plain(session, one) for one in preview.stayed]}
        more |= asked_output.plain(asked)
        if failed:
            out.fail(failed, items=items, total=len(items), **more)
        else:
            out.envelope(items=items, total=len(items), **more)
    else:
        if dry_run:
            _examples(work, preview)
        for item_id in changed:
            out.text(session.workspace.show_ref(Ref(type_key, item_id)))
        _tell(work, preview, len(left_out))
        asked_output.tell(work, type_key, asked)
        if dry_run:
            out.say(_("Nothing was changed: --dry-run only shows what would happen."))
        if failed:
            out.fail(type(failed)(failed.message))
    if failed:
        raise typer.Exit(failed.exit_code)


def _examples(work: CommandRun, preview: EditPreview) -> None:
    for one in preview.examples:
        ref = work.session.workspace.show_ref(one.ref)
        changes = "; ".join(f"{label}: {before or '—'} → {after or '—'}" for label, before, after in one.changes)
        work.out.say(f"{ref} {one.title}: {changes}")


def _tell(work: CommandRun, preview: EditPreview, left_out: int) -> None:
    from tuicrm.services.items import bulk_edit

    work.out.say(", ".join(bulk_edit.tally(preview)))
    for one in preview.stayed[:_TOLD]:
        work.out.warn(bulk_edit.told(work.session, one))
    if len(preview.stayed) > _TOLD:
        for reason, count in bulk_edit.reasons(work.session, preview.stayed):
            work.out.warn(f"{count}: {reason}")
    if left_out:
        work.out.warn(ngettext("{n} was changed by others meanwhile", "{n} were changed by others meanwhile", left_out))


def _plain(session: Session, one: Lacking) -> dict[str, object]:
    ref = session.workspace.show_ref(one.ref)
    return {"ref": ref, "lacks": [field.key for field in one.fields], "reason": one.reason}


def _not_changed(session: Session, stayed: Sequence[Lacking]) -> CrmError | None:
    """What it comes to that these stay as they are; None where there are none."""
    if not stayed:
        return None
    counted = ngettext("{n} is unchanged", "{n} are unchanged", len(stayed))
    names = {session.label(field.label): None for one in stayed for field in one.fields}
    if names:
        must, ref_of = _("is required"), session.workspace.show_ref
        problems = [FieldProblem(f.key, f"{ref_of(one.ref)}: {must}") for one in stayed for f in one.fields]
        return RequiredFields(_("{what}; required: {fields}").format(what=counted, fields=", ".join(names)), problems)
    if all(one.barred for one in stayed):
        return AccessDenied(counted)
    return Refused(f"{counted}: {next(one.reason for one in stayed if one.reason)}")
