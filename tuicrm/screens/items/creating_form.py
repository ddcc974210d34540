"""The form of what is made from an item: each part with what goes along and whence it comes; its answers become a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tuicrm.domain.context import Choice
from tuicrm.domain.conversion import Copied, Plan, PlannedItem, Proposal, WantedItem
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.render.text import cut
from tuicrm.screens.asking import NO, YES, question, value_of
from tuicrm.services.conversion import existing
from tuicrm.services.conversion.making import OWN, may_define
from tuicrm.services.conversion.proposing import told_made
from tuicrm.services.kernel import field_texts
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.name_lookup import find_items
from tuicrm.widgets.question import NOTE, Answer, Check, Question

_TAKE = "@"
"""Behind a type's key: which item is taken instead. No field's key has it in it."""
_MAKE = "@make"
_TOLD_CELLS = 60


class CreatingForm:
    """The questions about a proposal; `plan` reads their answers. `choose_key` is the key that opens a list."""

    def __init__(self, session: Session, proposal: Proposal, choose_key: str) -> None:
        self._session = session
        self._choose_key = choose_key
        self.proposal = proposal
        self.questions: list[Question] = []
        self._asked: dict[str, tuple[Field, Question]] = {}
        """Fields that are asked for, by `type.field`."""
        self._shown_fields = {part.type: part.fields for part in proposal.parts}
        """The values as they are shown, whatever becomes of the proposal."""
        self._build()

    # -- questions -----------------------------------------------------------------------------------------------------
    def _build(self) -> None:
        proposal = self.proposal
        if proposal.made:
            self._note(_("Made before"), told_made(self._session, proposal))
        for key in proposal.scenario.targets:
            part = proposal.part(key)
            self.questions.append(self._head(part))
            self.questions += self._questions_of(part)
        if proposal.lacking or proposal.asked:
            item = proposal.item
            stage = self._session.workspace.stage_of(
                item.type, {"pipeline": proposal.pipeline, "stage": proposal.stage}
            )
            label = self._session.label(stage.label) if stage else ""
            told = _("{stage} requires") if proposal.lacking else _("{stage} asks for")
            self._note(self._session.workspace.show_ref(item.ref), told.format(stage=label))
            for field in proposal.lacking:
                self.questions.append(self._ask(OWN, field, None, required=True))
            for field in proposal.asked:
                self.questions.append(self._ask(OWN, field, item.get(field.key)))
        self.questions += self._left()

    def _note(self, label: str, text: str = "", hint: str = "") -> None:
        self.questions.append(Question("", label, NOTE, text, hint=hint))

    def _names(self, refs: Sequence[Ref]) -> list[str]:
        return [name for ref in refs if (name := self._session.names.related(ref))]

    def _head(self, part: PlannedItem) -> Question:
        """The part by its name; of clients, which one is taken instead."""
        session = self._session
        noun = session.label(session.workspace.type(part.type).label)
        if not existing.can_be_taken(part.type):
            return Question("", f"{DOT} {noun}", NOTE, _("new"))
        choices = [
            Choice(str(ref), session.names.item(ref) or "", session.workspace.show_ref(ref)) for ref in part.existing
        ]
        if part.linked:
            hint = _("used as it is; clear this to create a new one from what follows")
        elif part.existing:
            hint = _("a new one; {key} uses an existing one: {items}").format(
                key=self._choose_key, items=", ".join(self._names(part.existing))
            )
        else:
            hint = _("a new one; {key} uses an existing one").format(key=self._choose_key)
        return Question(
            part.type + _TAKE,
            f"{DOT} {noun}",
            "item",
            chosen=(str(part.existing[0]),) if part.linked else (),
            choices=choices,
            search=lambda text: find_items(session, text, [part.type]),
            hint=hint,
        )

    def _questions_of(self, part: PlannedItem) -> Iterator[Question]:
        """What must be filled, then what goes along."""
        client = existing.can_be_taken(part.type)
        fields = self._session.workspace.fields(part.type)
        copied = {one.target.key: one for one in part.copied}
        wanted = dict.fromkeys(field.key for field in (*part.lacking, *part.named))
        for key in wanted:
            if key not in part.fields:
                asked = self._ask(part.type, fields[key], None, required=not client)
                yield asked._replace(hint=_("required for a new one")) if client else asked
        for key, value in part.fields.items():
            yield self._ask(part.type, fields[key], value, copied.get(key))

    def _ask(
        self, side: str, field: Field, value: object, copied: Copied | None = None, *, required: bool = False
    ) -> Question:
        session = self._session
        origin = self._origin(copied) if copied else ""
        # It goes along as it is: a line of a form is no place to change it.
        if field.traits.is_whole_thing:
            shown = self._text_of(field, value)
            return Question("", session.label(field.label), NOTE, shown, hint=origin)
        key = f"{side}.{field.key}"
        asked = question(session, field, value, required=required)._replace(key=key)
        if origin:
            check = asked.check
            asked = asked._replace(hint=origin, check=_with_origin(check, origin) if check else None)
        self._asked[key] = field, asked
        return asked

    def _origin(self, copied: Copied) -> str:
        """Which field of the source it comes from, and what stands there."""
        shown = self._text_of(copied.source, self.proposal.item.get(copied.source.key))
        return _("from {field}: {value}").format(field=self._session.label(copied.source.label), value=shown)

    def _text_of(self, field: Field, value: object) -> str:
        session = self._session
        shown = field_texts.show(session, self.proposal.item, field, value, session.context())
        return cut(", ".join(shown.splitlines()), _TOLD_CELLS)

    def _left(self) -> Iterator[Question]:
        """What does not go along, and whether fields are made for it."""
        session, proposal = self._session, self.proposal
        label = session.label
        makeable = [one for one in proposal.lost if one.makeable] if may_define(session) else []
        if makeable:
            noun = label(session.workspace.type(proposal.main).plural).lower()
            yield Question(
                _MAKE,
                _("Create fields"),
                "boolean",
                chosen=(NO,),
                choices=(Choice(YES, _("yes")), Choice(NO, _("no"))),
                hint=_("missing in {type}: {fields}").format(
                    type=noun, fields=", ".join(label(one.field.label) for one in makeable)
                ),
            )
        for lost in proposal.lost:
            if lost not in makeable:
                yield Question("", label(lost.field.label), NOTE, _("not copied"), hint=lost.reason)
        if proposal.stays:
            names = ", ".join(label(field.label) for field in proposal.stays)
            yield Question("", _("Not copied"), NOTE, names)

    # -- answers -------------------------------------------------------------------------------------------------------
    def plan(self, answers: Mapping[str, Answer]) -> Plan:
        """What was decided. Raises Refused with the problems by `type.field`."""
        problems: list[FieldProblem] = []
        wanted: dict[str, WantedItem] = {}
        for part in self.proposal.parts:
            take = answers.get(part.type + _TAKE)
            if take:
                wanted[part.type] = WantedItem(Ref.parse(take[0]))
            else:
                read = self._read(part.type, answers, problems)
                fields = {**self._shown_fields[part.type], **read}
                wanted[part.type] = WantedItem(
                    fields={key: value for key, value in fields.items() if value is not None}
                )
        own = self._read(OWN, answers, problems)
        if problems:
            raise Refused("; ".join(problem.message for problem in problems), problems)
        return Plan(self.proposal, wanted, own, answers.get(_MAKE) == (YES,))

    def _read(self, side: str, answers: Mapping[str, Answer], problems: list[FieldProblem]) -> dict[str, Any]:
        """The values of one side's fields that were changed."""
        values: dict[str, Any] = {}
        for name, (field, asked) in self._asked.items():
            at, _dot, key = name.partition(".")
            answer = answers[name]
            if at != side or answer == (asked.chosen if asked.is_chosen else asked.text):
                continue
            try:
                values[key] = value_of(self._session, field, answer)
            except BadValue as bad:
                problems.append(FieldProblem(name, bad.message, answer))
        return values


def _with_origin(check: Check, origin: str) -> Check:
    """What is understood, and whence it came; where that is all there is to say, the hint says it already."""

    def told(text: str) -> str:
        understood = check(text)
        return "" if understood in origin else f"{understood} {DOT} {origin}"

    return told
