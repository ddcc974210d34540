"""The form of an activity with every part: its questions, and the fields that the answers stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tuicrm.domain.activities.planned import COLOURS, Activity, read
from tuicrm.domain.activities.rule_told import told
from tuicrm.domain.activities.rule_words import read_rule
from tuicrm.domain.context import Choice, Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.kinds.values import edit_field
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.screens.asking import NO, YES, question
from tuicrm.services.calendar import lines, typed_parts
from tuicrm.services.calendar.planning import deadline_of
from tuicrm.services.items import activities, activity_files, activity_kinds
from tuicrm.services.items.activity_words import PRIORITIES
from tuicrm.services.items.room_names import room_choices, room_name
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.question import Answer, Question

AT = Field("at", "datetime", "When")
_DEADLINE = Field("deadline", "datetime", "Deadline")
_WHO = Field("responsible", "person", "Who")
_PEOPLE = Field("people", "person", "With", many=True)
"""What the form reads with: no item has these fields."""


class PlanningForm:
    """Of one activity as it was seen (`doc`; of a new one what it begins with)."""

    def __init__(self, session: Session, doc: Mapping[str, Any]) -> None:
        self._session = session
        self._context: Context = session.context()
        self._doc = doc
        self._activity: Activity = read(0, 0, doc)
        self.questions: list[Question] = list(self._asked())
        self._begun = {one.key: one.chosen if one.is_chosen else one.text for one in self.questions}

    def changed(self, answers: Mapping[str, Answer]) -> dict[str, Any]:
        """The fields (of `planning.plan` and `planning.edit`) that were answered otherwise than they stood. Raises Refused with each
        that cannot be read."""
        other = {key for key, answer in answers.items() if self._given(answer) != self._given(self._begun.get(key, ""))}
        fields: dict[str, Any] = {}
        problems: list[FieldProblem] = []
        readers: Mapping[str, Callable[[Answer], Any]] = {
            "what": str,
            "responsible": lambda answer: answer[0] if answer else None,
            "kind": lambda answer: answer[0] if answer else "todo",
            "people": lambda answer: list(answer) or None,
            "contacts": lambda answer: list(answer) or None,
            "also": lambda answer: list(answer) or None,
            "rooms": lambda answer: list(answer) or None,
            "place": lambda answer: str(answer).strip() or None,
            "text": lambda answer: str(answer).strip("\n") or None,
            "result": lambda answer: str(answer).strip("\n") or None,
            "reminders": lambda answer: typed_parts.read_reminders(str(answer)) or None,
            "priority": lambda answer: int(answer[0]) if answer else None,
            "colour": lambda answer: answer[0] if answer else None,
            "private": lambda answer: (answer and answer[0] == YES) or None,
            "rule": lambda answer: read_rule(str(answer), self._context) if str(answer).strip() else None,
            "files": lambda answer: activity_files.take(self._session, str(answer), list(self._activity.files)) or None,
        }
        for key in readers.keys() & other:
            try:
                fields[key] = readers[key](answers[key])
            except BadValue as bad:
                problems.append(FieldProblem(key, bad.message, answers[key]))
        if {"at", "end", "whole", "deadline"} & other:
            fields |= self._when(answers, other, problems)
        if problems:
            raise Refused("; ".join(one.message for one in problems), problems)
        return fields

    @staticmethod
    def _given(answer: Answer) -> Answer:
        return answer.strip() if isinstance(answer, str) else tuple(answer)

    # -- when ----------------------------------------------------------------------------------------------------------
    def _when(self, answers: Mapping[str, Answer], other: set[str], problems: list[FieldProblem]) -> dict[str, Any]:
        """What the answers say of when. What they say wrong is added to the problems."""
        at, end, deadline = (str(answers.get(key, "")).strip() for key in ("at", "end", "deadline"))
        whole = answers.get("whole") == (YES,)
        if not at:
            problems.append(FieldProblem("at", _("is required")))
            return {}
        here = "at"
        try:
            if whole:
                day = typed_parts.read_day(at, self._context)
                here = "end"
                return {"day": day, "last_day": typed_parts.read_day(end, self._context) if end else None}
            fields: dict[str, Any] = {"start": self._start(at)}
            here = "end"
            fields["end"] = (
                typed_parts.read_end(end, fields["start"], self._context) if end and "end" in other else None
            )
            if end and "end" not in other:
                del fields["end"]  # it goes along with the start
            here = "deadline"
            fields["deadline"] = activities.read_time(deadline, self._context, fields["start"]) if deadline else None
            return fields
        except BadValue as bad:
            problems.append(FieldProblem(here, bad.message, answers.get(here)))
            return {}

    def _start(self, text: str) -> str:
        return activities.read_time(text, self._context, "" if self._activity.whole_day else self._activity.begins)

    def _when_told(self, text: str) -> str:
        return preview(self._start(text), AT, self._context) if text.strip() else ""

    def _deadline_told(self, text: str) -> str:
        return (
            preview(activities.read_time(text, self._context, self._activity.begins), AT, self._context)
            if text.strip()
            else ""
        )

    def _end_told(self, text: str) -> str:
        """Until when, as far as it can be told before the beginning is read."""
        if not text.strip() or self._activity.whole_day:
            return ""
        return preview(typed_parts.read_end(text, self._activity.begins, self._context), AT, self._context)

    # -- what is asked -------------------------------------------------------------------------------------------------
    def _asked(self) -> Iterator[Question]:
        session, context, one = self._session, self._context, self._activity
        at = one.day if one.whole_day else edit_field(one.begins, AT, context)
        yield Question("what", _("What"), text=one.what, required=True)
        yield Question("at", _("When"), "datetime", at, check=self._when_told, required=True)
        yield question(session, _WHO, one.responsible or session.person_key)._replace(label=_("Who"))
        yield Question(
            "end", _("Until"), text=typed_parts.end_text(one, context), check=self._end_told, hint=_("11:00, 30m, 1h30")
        )
        yield self._yes_no("whole", _("Whole days"), on=one.whole_day)
        due = deadline_of(one)
        yield Question(
            "deadline",
            _("Deadline"),
            "datetime",
            edit_field(due, _DEADLINE, context) if due else "",
            check=self._deadline_told,
            hint=_("by when, where it begins before"),
        )
        kinds = [
            Choice(each.key, f"{each.symbol} {session.label(each.label)}".strip())
            for each in activity_kinds.kinds(session)
        ]
        if one.kind not in [each.key for each in kinds]:
            kinds.append(Choice(one.kind, session.label(activity_kinds.kind_of(session, one.kind).label)))
        yield Question("kind", _("Kind"), "list", chosen=(one.kind,), choices=kinds)
        yield question(session, _PEOPLE, list(one.people))._replace(label=_("With"))
        clients = Field("contacts", "item", "Guests", many=True, targets=lines.client_types(session))
        yield question(session, clients, [str(ref) for ref in one.contacts])._replace(label=_("Guests"))
        yield Question("place", _("Place"), text=one.place)
        yield from self._rooms(one.rooms)
        yield Question(
            "reminders",
            _("Reminders"),
            text=typed_parts.reminders_text(one.reminders),
            check=lambda text: typed_parts.reminders_text(typed_parts.read_reminders(text)) if text.strip() else "",
            hint=_("15m, 1h, 1d before"),
        )
        priorities = [Choice(str(key), _(label)) for key, label in PRIORITIES.items()]
        yield Question("priority", _("Priority"), "list", chosen=(str(one.priority),), choices=priorities)
        colours = [Choice(key, _("colour {n}").format(n=key)) for key in COLOURS]
        yield Question("colour", _("Colour"), "list", chosen=(one.colour,) if one.colour else (), choices=colours)
        yield self._yes_no("private", _("Private"), on=one.private, hint=_("others see only that you are busy"))
        also = Field("also", "item", "Also on", many=True, targets=list(session.workspace.types))
        yield question(session, also, [str(ref) for ref in one.also])._replace(label=_("Also on"))
        yield Question(
            "files",
            _("Files"),
            "file",
            activity_files.shown(list(one.files)),
            check=lambda text: activity_files.check(text, list(one.files)) if text.strip() else "",
            many=True,
            hint=_("the path of a file"),
        )
        yield Question(
            "rule",
            _("Repeats"),
            text=told(one.rule, context.language) if one.rule else "",
            check=lambda text: told(read_rule(text, context), context.language) if text.strip() else "",
            hint=_("every monday until 2027-03-01"),
        )
        yield Question("text", _("Text"), "text", one.text)
        if one.done:
            yield Question("result", _("Result"), "text", one.result)

    def _rooms(self, keys: Sequence[str]) -> Iterator[Question]:
        """Where the workspace has rooms."""
        found = [Choice(key, name) for key, name in room_choices(self._session)]
        found += [Choice(key, room_name(self._session, key)) for key in keys if key not in {one.key for one in found}]
        if found:
            yield Question("rooms", _("Room"), "list", chosen=tuple(keys), choices=found, many=True)

    @staticmethod
    def _yes_no(key: str, label: str, *, on: bool, hint: str = "") -> Question:
        choices = [Choice(YES, _("yes")), Choice(NO, _("no"))]
        return Question(key, label, "boolean", chosen=(YES if on else NO,), choices=choices, hint=hint)
