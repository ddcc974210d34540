"""Custom fields that files bring along (reference §2): made like the source's, or known and left as they are here.

A known list gets the options it lacks, since rows name them. A field that is required in the source is required here when it is made;
of those known already it is only told: the source's own answers call fields required that its records lack (NAME, SECOND_NAME and
LAST_NAME of a contact, all three)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from tuicrm.domain.importing import FileReport
from tuicrm.domain.schema import Field, Label, Option, all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.exchange.bitrix.field_making import Left, differences, make_field
from tuicrm.exchange.bitrix.payloads import Fields, SourceField
from tuicrm.exchange.bitrix.taking import fields_by_code, why_left
from tuicrm.i18n import _
from tuicrm.limits import FIELD_NAME, FIELDS, OPTION_NAME, OPTIONS
from tuicrm.services.definitions.fields import field_record, used_keys
from tuicrm.services.importing.definitions import layout_definitions
from tuicrm.services.importing.definitions.records import Records, tell
from tuicrm.services.importing.naming import match
from tuicrm.services.items.stages import why_not_required

_SHOWN = 60


def take(records: Records, type_key: str, payload: Fields, report: FileReport) -> None:
    """All fields of one answer; what of them is not kept stands in the notes of the report."""
    taking = _TakenFields(records, type_key, report)
    for source in payload.fields:
        taking.field(source)
    taking.close(payload.switches)


class _TakenFields:
    """What is known while the fields of one answer are taken."""

    def __init__(self, records: Records, type_key: str, report: FileReport) -> None:
        self._records, self._type, self._report = records, type_key, report
        workspace = records.workspace
        self._types = records.types
        fields = self._types[type_key].fields
        self._by_code = fields_by_code(self._types[type_key])
        self._names = [(label.casefold(), field.key) for field in fields for label in all_labels(field.label)]
        self._taken = used_keys(workspace, type_key)
        self._custom = sum(field.custom for field in workspace.fields(type_key).values())
        self._gone = self._unseen_codes()
        self._dictionaries = {one.source: one.key for one in workspace.dictionaries.values() if one.source}
        self._context = records.session.context(canonical=True)
        self._unlike: dict[tuple[str, ...], list[str]] = {}
        self._required: list[str] = []
        self._made: dict[str, str] = {}

    def _unseen_codes(self) -> set[str]:
        """Codes of fields that were deleted here, and of those that the person may not see: both are told alike."""
        kept = self._records.workspace.records["field"].values()
        codes = {entry.doc.get("source") for entry in kept if entry.doc["type"] == self._type}
        living = self._records.workspace.fields(self._type).values()
        return {code for code in (*codes, *(field.source for field in living)) if code} - set(self._by_code)

    # -- one field -----------------------------------------------------------------------------------------------------
    def field(self, source: SourceField) -> None:
        name = self._records.session.label(source.label)
        known = self._by_code.get(source.code)
        if known is not None:
            self._known(known, source)
        elif source.code in self._gone:
            tell(self._report, "field", name, "not taken", _("a field with this code exists or existed"))
        elif not source.custom:
            tell(self._report, "field", name, "not taken", _(why_left(source.code, None)))
        elif self._custom >= FIELDS.most:
            message = FIELDS.told
            tell(self._report, "field", name, "not taken", message)
        else:
            self._make(source)

    def _make(self, source: SourceField) -> None:
        made, told = self._like(source)
        key = unused(slug(self._label(made.label), "field"), self._taken)
        made = replace(made, key=key)
        self._records.put("field", field_record(self._type, made))
        self._made[source.code] = key
        self._taken.add(key)
        self._by_code[source.code] = made
        self._names += [(label.casefold(), key) for label in all_labels(made.label)]
        self._custom += 1
        reason = _("as {kind}").format(kind=made.kind)
        left = self._left(self._label(made.label), told)
        tell(
            self._report,
            "field",
            self._label(made.label),
            "made",
            f"{reason}, {_('required')}" if made.required else reason,
            left,
        )
        if made.traits.has_own_options and not made.options:
            self._note(made, _("its options are not in this file"))

    def _like(self, source: SourceField, key: str = "") -> tuple[Field, list[Left]]:
        """A field like the source's, with names that can stand here; `key` is that of the field which it is."""
        made, left = make_field(source, key, dictionaries=self._dictionaries, types=self._types, context=self._context)
        label = self._own_label(made.label, source.code, key)
        if label != made.label:
            reason = _("its name here: {name}").format(name=self._label(label))
            left = (*left, Left("EDIT_FORM_LABEL", self._label(made.label), reason))
        options, more = _own_options(made.options)
        required = made.required and why_not_required(made) is None
        return replace(made, label=label, options=options, required=required), [*left, *more]

    def _own_label(self, label: Label, code: str, key: str) -> Label:
        """The name in one line, not too long, with its code behind it where another field has it."""
        taken = {name for name, of in self._names if of != key}
        texts = label if isinstance(label, dict) else {"": label}
        plain = {language: _line(text, FIELD_NAME.most) for language, text in texts.items()}
        if any(text.casefold() in taken for text in plain.values()):
            mark = f" ({code[: FIELD_NAME.most // 2]})"
            plain = {language: _line(text, FIELD_NAME.most - len(mark)) + mark for language, text in plain.items()}
        return plain if isinstance(label, dict) else plain[""]

    # -- a known one ---------------------------------------------------------------------------------------------------
    def _known(self, known: Field, source: SourceField) -> None:
        name = self._label(known.label)
        reason = _("here it is {key}").format(key=known.key)
        if not known.custom:
            if source.required and not (known.required or known.required_at):
                self._required.append(name)
            tell(self._report, "field", self._label(source.label), "known", reason)
            return
        there, _left = self._like(source, known.key)
        told = [*differences(known, there), *self._options(known, there)]
        tell(self._report, "field", name, "known", "; ".join([reason, *told]))
        if told:
            self._note(known, "; ".join(told))

    def _options(self, known: Field, there: Field) -> list[str]:
        """Add the options that a known list lacks, at its end; what else differs is told."""
        if not (known.traits.has_own_options and there.traits.has_own_options):
            return []
        options = list(known.options)
        added, told = [], []
        for option in there.options:
            same = match(options, option.source, accents=True) or match(options, str(option.label), accents=True)
            if same is None:
                if len(options) < OPTIONS.most:
                    key = unused(option.key, [one.key for one in options])
                    options.append(replace(option, key=key))
                    added.append(str(option.label))
                continue
            if not same.source:
                options[options.index(same)] = replace(same, source=option.source)
            elif str(option.label) not in all_labels(same.label):
                there_name = _("option {here}, called {there} there")
                told.append(there_name.format(here=self._label(same.label), there=option.label))
        if added:
            told.insert(0, _("options added: {names}").format(names=", ".join(added)))
        if options != known.options:
            self._put_options(known, options)
        return told

    def _put_options(self, known: Field, options: Sequence[Option]) -> None:
        records = self._records.workspace.records["field"].values()
        entry = next(one for one in records if (one.doc["type"], one.doc["key"]) == (self._type, known.key))
        self._records.put("field", {**entry.doc, "options": msgspec.to_builtins(list(options))}, entry.id)
        self._by_code[known.source] = replace(known, options=list(options))

    # -- what is told --------------------------------------------------------------------------------------------------
    def _label(self, label: Label) -> str:
        return self._records.session.label(label)

    def _note(self, field: Field, text: str) -> None:
        self._report.notes.append(f"{self._label(field.label)}: {text}")

    def _left(self, name: str, left: Iterable[Left]) -> tuple[str, ...]:
        """Note what is not kept of a field; what nothing here is like is told of all fields together."""
        left = list(left)
        unlike = tuple(sorted(one.key for one in left if not one.reason))
        if unlike:
            self._unlike.setdefault(unlike, []).append(name)
        for one in left:
            if one.reason:
                text = _("{field}: without {key} “{value}”: {reason}")
                value = str(one.value)[:_SHOWN]
                self._report.notes.append(text.format(field=name, key=one.key, value=value, reason=one.reason))
        return tuple(one.key for one in left)

    def close(self, switches: Sequence[str]) -> None:
        """Put new fields where layouts have a place for them, and note what was gathered of all fields."""
        layout_definitions.settle_everywhere(self._records, self._type, self._made)
        notes = self._report.notes
        for keys, names in self._unlike.items():
            text = _("nothing here is similar to {keys}: {fields}")
            notes.append(text.format(keys=", ".join(keys), fields=", ".join(names)))
        if self._required:
            text = _("required in the source, left as they are here: {fields}")
            notes.append(text.format(fields=", ".join(self._required)))
        if switches:
            text = _("every field can be filtered, searched and shown in lists here, whatever {keys} say")
            notes.append(text.format(keys=", ".join(switches)))


def _own_options(options: Sequence[Option]) -> tuple[list[Option], list[Left]]:
    """Options with names of their own, in one line, not too many; and what was changed for it."""
    kept: list[Option] = []
    left: list[Left] = []
    taken: set[str] = set()
    for option in options:
        if len(kept) == OPTIONS.most:
            left.append(Left("LIST", option.label, OPTIONS.told))
            continue
        text = _line(str(option.label), OPTION_NAME.most)
        if text.casefold() in taken:
            mark = f" ({option.source})"
            text = _line(text, OPTION_NAME.most - len(mark)) + mark
        if text != option.label:
            left.append(Left("LIST", option.label, _("its name here: {name}").format(name=text)))
        taken.add(text.casefold())
        kept.append(replace(option, label=text))
    return kept, left


def _line(text: str, most: int) -> str:
    """The text in one line of at most so many characters."""
    return " ".join(text.split())[:most].rstrip() or "?"
