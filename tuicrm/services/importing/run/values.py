"""Texts that name something become keys: stages, dropdown values, people. What names nothing is counted, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from tuicrm.domain import named
from tuicrm.domain.importing import RemarkKind
from tuicrm.domain.kinds.money import most_decimals
from tuicrm.domain.money import money_json, money_of, round_to
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field, ItemType, Label, Option, Pipeline, Stage, all_labels, label_text
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import NotFound, Refused
from tuicrm.exchange.ranges import fitting
from tuicrm.i18n import _, language
from tuicrm.services.importing.entries import ENDED
from tuicrm.services.importing.naming import match, match_stage
from tuicrm.services.importing.options import BadDecision, Decisions
from tuicrm.services.importing.places import placed
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.stage_words import StageMatch, place_of
from tuicrm.services.workspace.people import find_person, named_people

_Named = TypeVar("_Named", Option, Stage, Pipeline)

RESPONSIBLE = "responsible"
_MOST_LIKE, _KEPT = 3, 10_000


def check_decisions(decisions: Decisions, workspace: Workspace, me: str) -> None:
    """Raise BadDecision for a person, stage or pipeline that this workspace does not have. `me` is whoever decides."""
    pipelines = [one for key in workspace.types for one in workspace.pipelines(key)]
    for source, text in decisions.people.items():
        try:
            find_person(workspace, text, me=me)
        except Refused as wrong:
            raise BadDecision(f"[people] {source}: {wrong.message}") from wrong
        except NotFound as wrong:
            told = _("[people] {name}: there is no person “{person}”").format(name=source, person=text)
            raise BadDecision(told + named.there_are(text, named_people(workspace))) from wrong
    for source, text in decisions.stages.items():
        if not any(match_stage(one, text) for one in pipelines):
            stages = _each_once(stage for one in pipelines for stage in one.stages)
            told = _("[stages] {name}: there is no stage “{stage}”").format(name=source, stage=text)
            raise BadDecision(told + named.there_are(text, stages))
    for source, text in decisions.pipelines.items():
        if not any(match([one], text) for one in pipelines):
            told = _("[pipelines] {name}: there is no pipeline “{pipeline}”").format(name=source, pipeline=text)
            raise BadDecision(told + named.there_are(text, _each_once(pipelines)))


def _each_once(things: Iterable[_Named]) -> list[named.Named[_Named]]:
    """Things to choose among; of those that are called the same, one."""
    found = [named.labelled(one, one.key, one.label, language()) for one in things]
    return list({one.shown: one for one in reversed(found)}.values())[::-1]


class _Unknown(NamedTuple):
    """A text that names nobody, or `several`; `like` are names that it may be meant for."""

    several: bool
    like: Sequence[str] = ()


class Values:
    """Resolves the values of one type's rows."""

    def __init__(
        self,
        workspace: Workspace,
        item_type: ItemType,
        decisions: Decisions,
        remarks: Remarks,
        me: str,
        country: str = "",
        *,
        as_kept: bool = False,
    ) -> None:
        """`country` is that of phones in rows that name no country. Values `as_kept` stay as they are where nothing is to be looked
        up."""
        self._workspace = workspace
        self._type = item_type
        self._decisions = decisions
        self._remarks = remarks
        self._me = me
        self._country, self._as_kept = country, as_kept
        self._people: dict[str, str | _Unknown] = {}
        self._known = named_people(workspace)
        self._options: dict[tuple[str, str], Option | None] = {}
        self._places: dict[tuple[str, str, str], StageMatch | None] = {}

    def resolve(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values with codes for countries and keys for names; what is unknown is left out (a stage becomes the first, the
        responsible whoever imports) and remarked, and so are amounts that had to be rounded."""
        resolved = dict(values) if self._as_kept else placed(values, self._type, self._country, self._shortened)
        for field in self._type.fields:
            if is_empty(resolved.get(field.key)):
                resolved.pop(field.key, None)
            elif field.traits.has_currency:
                resolved[field.key] = self._rounded(field, resolved[field.key])
            elif field.traits.has_options:
                self._set(resolved, field, self._option)
            elif field.traits.names_people:
                self._set(resolved, field, self._person)
        self._place(resolved)
        return resolved

    def _set(self, values: dict[str, Any], field: Field, find: Callable[[Field, str], str | None]) -> None:
        given = values.pop(field.key)
        found = [key for text in (given if isinstance(given, list) else [given]) if (key := find(field, str(text)))]
        if found:
            values[field.key] = found if field.many else found[0]

    def _option(self, field: Field, text: str) -> str | None:
        options = self.options(field)
        found = self._matched(field, text, options)
        if found is None and (fit := fitting(text, [all_labels(option.label) for option in options])):
            found = options[fit.place]
            if not fit.whole:
                told = _("“{name}”, where most of it falls").format(name=self._label(found.label))
                self._remark("option", field.key, text, told)
        elif found is None:
            self._remark("option", field.key, text, _("left empty"))
        return found.key if found else None

    def _matched(self, field: Field, text: str, options: Sequence[Option]) -> Option | None:
        """Files say the same few values in row after row."""
        if (field.key, text) not in self._options:
            if len(self._options) >= _KEPT:
                self._options.clear()
            self._options[field.key, text] = match(options, text)
        return self._options[field.key, text]

    def options(self, field: Field) -> Sequence[Option]:
        """What a list or dictionary field may hold."""
        if field.traits.has_own_options:
            return field.options
        words = self._workspace.dictionaries.get(field.dictionary)
        return words.entries if words else ()

    # -- phones and amounts ---------------------------------------------------------------------------------------------
    def _shortened(self, field: str, text: str) -> None:
        self._remark("shortened", field, text, _("left empty"))

    def _rounded(self, field: Field, value: object) -> object:
        """An amount, or several, with as many decimals as its currency has."""
        if isinstance(value, list):
            return [self._rounded(field, one) for one in value]
        if isinstance(value, dict) and not value.get("currency"):
            value = {**value, "currency": self._workspace.base_currency}
        amount = money_of(value)
        if amount is None:
            return value
        rounded = round_to(amount, most_decimals(amount.currency, field))
        if rounded.amount != amount.amount:
            before, after = (f"{one.amount:f} {one.currency}" for one in (amount, rounded))
            self._remark("rounded", field.key, before, after)
            return money_json(rounded)
        return value

    # -- people --------------------------------------------------------------------------------------------------------
    def _person(self, field: Field, text: str) -> str | None:
        found = self._meant(text)
        if not isinstance(found, _Unknown):
            return found
        mine = field.key == RESPONSIBLE
        self._unknown(found, field.key, text, _("you instead") if mine else _("left empty"))
        return self._me if mine else None

    def author(self, text: str) -> str:
        """Who wrote something: the person of that name or id, else whoever imports (and that is remarked)."""
        found = self._meant(text)
        if not isinstance(found, _Unknown):
            return found
        self._unknown(found, "author", text, _("you instead"))
        return self._me

    def _meant(self, text: str) -> str | _Unknown:
        """The key of a person: whom a decision says, else who is called so. “me” is nobody in another program's file."""
        if text not in self._people:
            told = self._decisions.people.get(text)
            try:
                person = find_person(self._workspace, told or text, me=self._me if told else "")
            except Refused:
                self._people[text] = _Unknown(True)
            except NotFound:
                like = named.nearest(text, self._known, only_near=True)
                self._people[text] = _Unknown(False, [one.shown for one in like[:_MOST_LIKE]])
            else:
                self._people[text] = person.key
        return self._people[text]

    def _unknown(self, unknown: _Unknown, field: str, text: str, outcome: str) -> None:
        like = _("{outcome} (similar: {names})").format(outcome=outcome, names=", ".join(unknown.like))
        if unknown.several:
            self._remark("several", field, text, outcome)
        else:
            self._remark("person", field, text, like if unknown.like else outcome)

    # -- stages --------------------------------------------------------------------------------------------------------
    def _place(self, values: dict[str, Any]) -> None:
        """Pipeline and stage. A stage alone says its pipeline where only one has it."""
        pipelines = self._workspace.pipelines(self._type.key)
        told = str(values.pop("pipeline", "") or "")
        wanted = str(values.pop("stage", "") or "")
        ended = str(values.pop(ENDED, ""))
        if not pipelines:
            return
        told, wanted = self._decisions.pipelines.get(told, told), self._decisions.stages.get(wanted, wanted)
        pipeline = match(pipelines, told) if told else None
        if told and pipeline is None:
            default = self._label(pipelines[0].label)
            self._remark("pipeline", "pipeline", told, _("“{name}” instead").format(name=default))
        if wanted or ended:
            found = self._place_of([pipeline] if pipeline else pipelines, wanted, ended)
            if found:
                values.update(pipeline=found.pipeline.key, stage=found.stage.key)
                if found.by_meaning and wanted:
                    meant = _("“{name}”, which means the same").format(name=self._label(found.stage.label))
                    self._remark("stage", "stage", wanted, meant)
                return
        if wanted:
            first = (pipeline or pipelines[0]).stages[0]
            self._remark("stage", "stage", wanted, _("“{name}” instead").format(name=self._label(first.label)))
        values["pipeline"] = (pipeline or pipelines[0]).key
        values["stage"] = (pipeline or pipelines[0]).stages[0].key

    def _place_of(self, pipelines: Sequence[Pipeline], wanted: str, ended: str) -> StageMatch | None:
        key = (pipelines[0].key if len(pipelines) == 1 else "", wanted, ended)
        if key not in self._places:
            if len(self._places) >= _KEPT:
                self._places.clear()
            self._places[key] = place_of(pipelines, wanted, ended)
        return self._places[key]

    def _label(self, label: Label) -> str:
        return label_text(label, language())

    def _remark(self, kind: RemarkKind, field: str, value: str, outcome: str) -> None:
        self._remarks.add(kind, self._type.key, field, value, outcome)
