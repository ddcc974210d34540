"""What an import came to, as lines: each file with its columns, what it brought along, what found no place, the sum of it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tuicrm.domain.alike import why
from tuicrm.domain.importing import (
    MOST_EXAMPLES,
    ColumnReport,
    Definition,
    Fate,
    FileReport,
    Likeness,
    Remark,
    Report,
    TableReport,
)
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import pad
from tuicrm.render.import_readings import reading_lines
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LATE, LINE, MARKED, NEAR
from tuicrm.render.table import TableColumn, table_lines
from tuicrm.render.text import clean, width, wrap

_MOST_VALUES = 8
_BETWEEN, _INDENT = " · ", 4
_LEAST_CELLS = 24
"""What counts need beside what they are of; where there is less, they stand under it."""
_MOST_NAMES = 12
_UNBOUND = 500
"""Cells of a line that is as wide as it needs to be."""


def report_lines(report: Report, nouns: dict[str, str], cells: int, *, whole: bool = False) -> list[Line]:
    """The whole report, at most `cells` wide; with `whole`, tables are as wide as they need. `nouns` names item types by key, in
    the plural."""
    lines: list[Line] = []
    for file in report.files:
        lines += [*_file(file, nouns, cells, whole=whole), ()]
    if report.remarks:
        lines += [*_remarks(report.remarks, nouns, cells), ()]
    if report.unused_columns:
        told = _("no file has these columns of the map: {names}").format(names=", ".join(report.unused_columns))
        lines += [*_wrapped(LATE, "late", told, cells), ()]
    return [*lines, *_sum(report, _UNBOUND if whole else cells)]


# -- a file ------------------------------------------------------------------------------------------------------------
def _file(file: FileReport, nouns: dict[str, str], cells: int, *, whole: bool) -> Iterator[Line]:
    name = clean(file.name)
    label = f"  {clean(file.label)}" if file.label else ""
    rule = LINE * max(cells - width(name) - width(label) - 1, 0)
    yield pad((Run(name, "title"), Run(f"{label} ", "dim"), Run(rule, "rule")), cells)
    if file.problem:
        yield from _wrapped(LATE, "late", file.problem, cells)
    for note in file.notes:
        yield from _wrapped(" ", "", note, cells, "dim")
    yield from _definitions(file.definitions, cells)
    for table in file.tables:
        yield from _table(table, nouns, 0 if whole else max(cells - 4, 20))
    if file.rejected:
        told = ngettext("{n} row rejected", "{n} rows rejected", file.rejected)
        where = f" → {clean(file.rejects_file)}" if file.rejects_file else ""
        yield (Run(f"  {LATE} ", "late"), Run(told, "late"), Run(where, "dim"))
        for example in file.examples:
            yield from _wrapped(
                " ", "", _("line {n}: {reason}").format(n=example.line, reason=example.reason), cells, "dim"
            )
        more = file.rejected - len(file.examples)
        if more > 0:
            yield (Run("    "), Run(ngettext("and {n} more", "and {n} more", more), "faint"))


def _table(table: TableReport, nouns: dict[str, str], room: int) -> Iterator[Line]:
    counts = [
        ngettext("{n} row", "{n} rows", table.rows),
        *([ngettext("{n} new", "{n} new", table.made)] if table.made else []),
        *_common(table),
        *(
            [
                ngettext(
                    "{n} of them changed since, left as it is here",
                    "{n} of them changed since, left as they are here",
                    table.changed,
                )
            ]
            if table.changed
            else []
        ),
        *([ngettext("{n} repeated", "{n} repeated", table.repeated)] if table.repeated else []),
        *(
            [ngettext("{n} deleted in the source, skipped", "{n} deleted in the source, skipped", table.skipped)]
            if table.skipped
            else []
        ),
        *([ngettext("{n} rejected", "{n} rejected", table.rejected)] if table.rejected else []),
    ]
    yield from _told(Run(f"  {clean(nouns.get(table.type, table.type))}  ", "heading"), counts, room or _UNBOUND)
    rejecting = any(column.rejected for column in table.columns)
    columns = [
        TableColumn(_("Column")),
        TableColumn(_("Filled"), "right", shrinks=False),
        TableColumn(_("Empty"), "right", "faint", shrinks=False),
        *([TableColumn(_("Rejected"), "right", "late", shrinks=False)] if rejecting else []),
        TableColumn(_("Imported as"), style="value"),
    ]
    rows = [
        (
            column.column,
            str(column.filled),
            str(column.empty),
            *([str(column.rejected or "")] if rejecting else []),
            _place(column),
        )
        for column in table.columns
    ]
    for line in table_lines(columns, rows, room):
        yield (Run("    "), *line)
    yield from reading_lines(table.readings, room or _UNBOUND)
    yield from _likenesses(table, room)
    yield from _previews(table, room)


def _common(of: TableReport | Report) -> Iterator[str]:
    """What became of the rows that made nothing, in a table or in all."""
    if of.updated:
        yield ngettext("{n} merged into an existing item", "{n} merged into existing items", of.updated)
    if of.left_out:
        yield ngettext("{n} skipped as a duplicate", "{n} skipped as duplicates", of.left_out)
    if of.known and isinstance(of, TableReport):
        yield ngettext("{n} imported before", "{n} imported before", of.known)


def _likenesses(table: TableReport, room: int) -> Iterator[Line]:
    """The rows that look like items that are here, or like others of the run: like which, by what, what became of them."""
    if not table.alike:
        return
    told = ngettext(
        "{n} row looks like an existing item or another row",
        "{n} rows look like existing items or other rows",
        table.alike,
    )
    yield (Run(f"  {NEAR} ", "today"), Run(told, "today"))
    for one in table.likenesses[:MOST_EXAMPLES]:
        text = _("line {n}: {what} ({why}): {fate}").format(
            n=one.line, what=_looks_like(one), why=why(one.reasons), fate=_fate(one.fate)
        )
        yield from _wrapped(" ", "", text, room or _UNBOUND, "dim")
    more = table.alike - MOST_EXAMPLES
    if more > 0:
        yield (Run("    "), Run(ngettext("and {n} more", "and {n} more", more), "faint"))


def _previews(table: TableReport, room: int) -> Iterator[Line]:
    """The first rows as they would become: a line each, or where that is too wide a column each, the fields down the side."""
    if not table.previews:
        return
    told = ngettext("The first row would become:", "The first {n} rows would become:", len(table.previews))
    yield (Run("  "), Run(told.format(n=len(table.previews)), "heading"))
    line = _("Line")
    labels = {key: label for key, label in table.labels.items() if any(key in one.shown for one in table.previews)}
    columns = [TableColumn(line, "right", "faint", shrinks=False), *(TableColumn(text) for text in labels.values())]
    rows = [(str(one.line), *(one.shown.get(key, "") for key in labels)) for one in table.previews]
    lines = table_lines(columns, rows)
    if room and width("".join(run.text for run in lines[1])) > room:
        columns = [
            TableColumn(line, style="faint", shrinks=False),
            *(TableColumn(str(one.line)) for one in table.previews),
        ]
        rows = [(label, *(one.shown.get(key, "") for one in table.previews)) for key, label in labels.items()]
        lines = table_lines(columns, rows, room)
    for one in lines:
        yield (Run("    "), *one)


def _looks_like(one: Likeness) -> str:
    if one.ref:
        return f"{one.ref} {one.title}"
    return _("line {line} of {file}").format(line=one.like_line, file=one.like_file)


def _fate(fate: Fate) -> str:
    return {
        "made": _("added"),
        "left out": _("not imported"),
        "changed": _("merged into it"),
        "unchanged": _("nothing new"),
        "rejected": _("rejected"),
    }[fate]


def _how(how: str, confidence: int) -> str:
    words = {
        "asked": _("as asked"),
        "preset": _("recognised"),
        "id": _("row id"),
        "link": _("refers to another item"),
        "code": _("by code"),
        "key": _("by key"),
        "label": _("by name"),
        "synonym": _("by synonym"),
        "family": _("one of several"),
        "fuzzy": _("by similar name"),
        "content": _("by content"),
    }
    word = words.get(how, how)
    return f"{word} {confidence}%" if 0 < confidence < 100 else word


def _place(column: ColumnReport) -> str:
    """Where a column goes and why, or why nowhere."""
    if column.offered:
        return _("— (--create-fields creates a field: {kind})").format(kind=column.offered)
    if not column.field:
        return f"— ({column.reason})" if column.reason else "—"
    return " · ".join(filter(None, (column.field, _how(column.how, column.confidence), column.reason)))


# -- definitions -------------------------------------------------------------------------------------------------------
def _definitions(definitions: Sequence[Definition], cells: int) -> Iterator[Line]:
    def kind(one: Definition) -> tuple[str, str]:
        return one.outcome, one.what

    for (outcome, what), found in groupby(sorted(definitions, key=kind), kind):
        some = list(found)
        told = {"made": _("created"), "known": _("already here"), "not taken": _("not imported")}[outcome]
        sign = MARKED if outcome == "made" else " "
        reasons = {one.reason for one in some}
        names = [
            f"{one.name} ({one.reason})" if one.reason and len(reasons) > 1 and outcome != "known" else one.name
            for one in some[:_MOST_NAMES]
        ]
        if len(some) > _MOST_NAMES:
            names.append(_("and {n} more").format(n=len(some) - _MOST_NAMES))
        reason = next(iter(reasons)) if len(reasons) == 1 else ""
        text = f"{len(some)} × {_what(what)}, {told}{': ' + reason if reason else ''}: {', '.join(names)}"
        yield from _wrapped(sign, "ok", text, cells, "value" if outcome == "made" else "dim")


def _what(what: str) -> str:
    return {
        "type": _("item type"),
        "field": _("field"),
        "pipeline": _("pipeline"),
        "stage": _("stage"),
        "dropdown value": _("dropdown value"),
        "dictionary": _("dropdown"),
        "layout": _("card layout"),
        "room": _("room"),
    }.get(what, what)


# -- remarks -----------------------------------------------------------------------------------------------------------
def _remarks(remarks: Sequence[Remark], nouns: dict[str, str], cells: int) -> Iterator[Line]:
    heading = f"{_('Values that could not be imported').upper()} "
    yield pad((Run(heading, "heading"), Run(LINE * max(cells - width(heading), 0), "rule")), cells)

    def place(remark: Remark) -> tuple[str, str, str, str]:
        return remark.kind, remark.type, remark.field, remark.outcome

    for (kind, type_key, field, outcome), found in groupby(remarks, place):
        some = list(found)
        values = [f"{one.value} ({one.count})" if one.count > 1 else one.value for one in some[:_MOST_VALUES]]
        if len(some) > _MOST_VALUES:
            values.append(_("and {n} more").format(n=len(some) - _MOST_VALUES))
        noun = nouns.get(type_key, type_key)
        text = f"{noun}, {_remark(kind, field)}: {', '.join(values)} → {outcome}"
        yield from _wrapped(" ", "", text, cells, "value")


def _remark(kind: str, field: str) -> str:
    if kind == "lacking":
        return _("required but empty")
    texts = {
        "pipeline": _("unknown pipeline"),
        "stage": _("unknown stage"),
        "person": _("unknown person in {field}"),
        "option": _("unknown value of {field}"),
        "link": _("not found, in {field}"),
        "several": _("ambiguous, in {field}"),
        "further": _("more than it can hold, in {field}"),
        "shortened": _("shortened by a spreadsheet, in {field}"),
        "rounded": _("rounded, in {field}"),
    }
    return texts.get(kind, kind).format(field=field)


# -- the sum -----------------------------------------------------------------------------------------------------------
def _sum(report: Report, cells: int) -> Iterator[Line]:
    if report.stopped:
        yield (Run(f"{LATE} ", "late"), Run(_("Stopped: nothing was imported."), "late"))
        return
    counts = [
        ngettext("{n} item created", "{n} items created", report.made),
        *_common(report),
        *([ngettext("{n} possible duplicate", "{n} possible duplicates", report.alike)] if report.alike else []),
        ngettext("{n} imported before", "{n} imported before", report.known),
        ngettext("{n} rejected", "{n} rejected", report.rejected),
    ]
    if report.definitions_made:
        counts.append(ngettext("{n} definition created", "{n} definitions created", report.definitions_made))
    start = Run(_("Dry run, nothing is written: "), "today") if report.dry_run else Run(f"{MARKED} ", "ok")
    yield from _told(start, counts, cells)
    if report.conflicts:
        told = ngettext(
            "{n} record left out: it changed meanwhile",
            "{n} records left out: they changed meanwhile",
            report.conflicts,
        )
        yield (Run(f"{LATE} ", "late"), Run(told, "late"))


def _told(start: Run, counts: Sequence[str], cells: int) -> Iterator[Line]:
    """Counts behind what they are of, in as many lines as they take; none is broken that fits into one."""
    aside = width(start.text)
    if cells - aside < _LEAST_CELLS:
        yield (start,)
        start, aside = Run(" " * _INDENT), _INDENT
    lines, room = [""], max(cells - aside, _LEAST_CELLS)
    for one in counts:
        if lines[-1] and width(lines[-1]) + width(_BETWEEN) + width(one) > room:
            lines += wrap(one, room)
        else:
            lines[-1] += (_BETWEEN if lines[-1] else "") + one
    for at, line in enumerate(lines):
        yield (start if at == 0 else Run(" " * aside), Run(line, "value"))


def _wrapped(sign: str, style: str, text: str, cells: int, words: str = "late") -> Iterator[Line]:
    """A text in as many lines as it takes, its sign before the first."""
    for at, line in enumerate(wrap(clean(text), max(cells - 6, 10))):
        yield (Run(f"  {sign if at == 0 else ' '} ", style), Run(line if at == 0 else f"  {line}", words))
