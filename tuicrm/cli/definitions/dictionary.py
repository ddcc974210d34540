"""`tuicrm dictionary list`, `entries`, `add`, `rename`, `delete`: the values that fields of several types choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments import option_words as words
from tuicrm.cli.arguments.places import DRY_RUN, only_told
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import Dictionary

app = noun(_("Dictionaries: values shared by fields of several types."))

_WHICH = typer.Argument(metavar="DICTIONARY", help=_("A dictionary, by key or label."))
_NAME = typer.Argument(metavar="NAME", help=_("The label people see."))


@app.command("list", cls=CrmCommand, help=_("List the dictionaries and the fields that use them."))
def list_(context: typer.CommandContext) -> None:
    from tuicrm.services.definitions.dictionaries import dictionaries

    work = work_of(context)
    found = dictionaries(work.session)
    if work.out.json:
        work.out.envelope(dictionaries=[_plain(work, one) for one in found], total=len(found))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Label")), TableColumn(_("Entries"), "right")]
    rows = [
        [
            one.key,
            work.session.label(one.label),
            str(sum(not entry.retired for entry in one.entries)),
            ", ".join(_used_by(work, one.key)),
        ]
        for one in found
    ]
    work.out.table([*heads, TableColumn(_("Used by"))], rows)


@app.command(cls=TextCommand, help=_("Add a dictionary; prints its key."))
def add(
    context: typer.CommandContext,
    name: str = _NAME,
    entry: list[str] = typer.Option([], metavar="LABEL", help=_("An entry; repeat for several.")),
) -> None:
    from tuicrm.services.definitions.dictionaries import add_dictionary

    work = work_of(context)
    _answer(work, add_dictionary(work.session, name, entry))


@app.command(cls=TextCommand, help=_("Rename a dictionary."))
def rename(context: typer.CommandContext, which: str = _WHICH, name: str = _NAME) -> None:
    from tuicrm.services.definitions.dictionaries import find_dictionary, rename_dictionary

    work = work_of(context)
    _answer(work, rename_dictionary(work.session, find_dictionary(work.session, which).key, name))


@app.command(cls=TextCommand, help=_("List the entries; add, rename, reorder, retire and delete them."))
def entries(
    context: typer.CommandContext,
    which: str = _WHICH,
    add: list[str] = words.ADD,
    rename: list[str] = words.RENAME,
    up: list[str] = words.UP,
    down: list[str] = words.DOWN,
    retire: list[str] = words.RETIRE,
    restore: list[str] = words.RESTORE,
    delete: list[str] = words.DELETE,
) -> None:
    from tuicrm.services.definitions import dictionaries

    work = work_of(context)
    session = work.session
    found = dictionaries.find_dictionary(session, which)
    said = words.OptionChanges(add, rename, up, down, retire, restore, delete)
    if said.anything:
        dictionaries.require_change(session)
        used = dictionaries.counts(session, found.key) if delete else {}
        steps = said.steps(used, dictionaries.system_entries(found.key))
        changed = dictionaries.change_entries(session, found.key, steps)
        words.tell_retired(work, found.entries, changed.entries, delete)
        found = changed
    _list(work, found)


@app.command(cls=CrmCommand, help=_("Delete a dictionary that no field uses."))
def delete(context: typer.CommandContext, which: str = _WHICH, dry_run: bool = DRY_RUN) -> None:
    from tuicrm.services.definitions import dictionaries

    work = work_of(context)
    session = work.session
    key = dictionaries.find_dictionary(session, which).key
    if dry_run:
        dictionaries.require_change(session)
        if reason := dictionaries.why_not_delete(session, key):
            raise Refused(reason)
    else:
        dictionaries.delete_dictionary(session, key)
    if work.out.json:
        work.out.envelope(key=key, deleted=not dry_run)
        return
    work.out.text(key)
    work.out.say(only_told(dry_run) or _("Deleted; `tuicrm undo` restores it."))


def _list(work: CommandRun, dictionary: Dictionary) -> None:
    """Its entries in order, with how many of the items that this person sees hold each."""
    from tuicrm.services.definitions.dictionaries import seen_counts

    counts = seen_counts(work.session, dictionary.key)
    label = work.session.label
    if work.out.json:
        rows = [
            {"key": one.key, "label": label(one.label), "retired": one.retired, "items": counts[one.key]}
            for one in dictionary.entries
        ]
        work.out.envelope(dictionary=dictionary.key, entries=rows, total=len(rows))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Label")), TableColumn(_("Items"), "right")]
    shown = [
        [one.key, label(one.label), str(counts[one.key]), _("retired") if one.retired else ""]
        for one in dictionary.entries
    ]
    work.out.table([*heads, TableColumn("")], shown)


def _answer(work: CommandRun, dictionary: Dictionary) -> None:
    if work.out.json:
        work.out.envelope(dictionary=_plain(work, dictionary))
    else:
        work.out.text(dictionary.key)


def _plain(work: CommandRun, dictionary: Dictionary) -> dict[str, Any]:
    from tuicrm.services.definitions.dictionaries import seen_uses

    return {
        "key": dictionary.key,
        "label": work.session.label(dictionary.label),
        "entries": [entry.key for entry in dictionary.entries if not entry.retired],
        "used_by": [{"type": use.type, "field": use.field.key} for use in seen_uses(work.session, dictionary.key)],
    }


def _used_by(work: CommandRun, key: str) -> list[str]:
    from tuicrm.services.definitions.dictionaries import seen_uses

    session = work.session
    return [
        f"{session.label(session.workspace.type(use.type).plural)}: {session.label(use.field.label)}"
        for use in seen_uses(session, key)
    ]
