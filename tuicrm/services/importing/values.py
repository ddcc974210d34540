"""Texts that name something become keys: stages, dropdown values, people. What names nothing is counted, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from tuicrm.domain.kinds.money import most_decimals
from tuicrm.domain.money import money_json, money_of, round_to
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field, ItemType, Option, Pipeline, Stage, all_labels
from tuicrm.domain.workspace import Person, Workspace
from tuicrm.exchange.ranges import fitting
from tuicrm.i18n import _
from tuicrm.services.importing.entries import ENDED
from tuicrm.services.importing.options import BadDecision, Decisions
from tuicrm.services.importing.places import placed
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.stage_words import place_of

_Named = TypeVar("_Named", Option, Stage, Pipeline)

RESPONSIBLE = "responsible"


def match(things: Sequence[_Named], text: str) -> _Named | None:
    """By key, then by the source's code, then by any label; case aside. None for nothing and for several."""
    wanted = text.strip().casefold()
    readings: tuple[Callable[[_Named], Iterable[str]], ...] = (
        lambda thing: [thing.key],
        lambda thing: [thing.source] if thing.source else [],
        lambda thing: all_labels(thing.label),
    )
    for names in readings:
        found = [thing for thing in things if wanted in (name.casefold() for name in names(thing))]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def match_stage(pipeline: Pipeline, text: str) -> Stage | None:
    """A stage; a code of another pipeline (`C1:NEW`) also means the stage of the same own code."""
    return match(pipeline.stages, text) or (match(pipeline.stages, text.rpartition(":")[2]) if ":" in text else None)


def check_decisions(decisions: Decisions, workspace: Workspace) -> None:
    """Raise BadDecision for a person, stage or pipeline that is none of this workspace's."""
    pipelines = [one for key in workspace.types for one in workspace.pipelines(key)]
    for source, text in decisions.people.items():
        if find_person(workspace, text) is None:
            raise BadDecision(_("[people] {name}: there is no person “{person}”").format(name=source, person=text))
    for source, text in decisions.stages.items():
        if not any(match_stage(one, text) for one in pipelines):
            raise BadDecision(_("[stages] {name}: there is no stage “{stage}”").format(name=source, stage=text))
    for source, text in decisions.pipelines.items():
        if not any(match([one], text) for one in pipelines):
            raise BadDecision(
                _("[pipelines] {name}: there is no pipeline “{pipeline}”").format(name=source, pipeline=text)
            )


def find_person(workspace: Workspace, text: str) -> str | None:
    """The key of a person by key, login, e-mail or name, case aside; None for nobody and for several."""
    wanted = text.strip().casefold()
    people = list(workspace.people.values())
    readings: tuple[Callable[[Person], Iterable[str]], ...] = (
        lambda person: [person.key],
        lambda person: person.logins,
        lambda person: [person.email] if person.email else [],
        lambda person: [person.name],
    )
    for names in readings:
        found = [person for person in people if wanted in (name.casefold() for name in names(person))]
        if found:
            return found[0].key if len(found) == 1 else None
    return None


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
        self._people: dict[str, str | None] = {}

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
        found = match(options, text)
        if found is None and (fit := fitting(text, [all_labels(option.label) for option in options])):
            found = options[fit.place]
            if not fit.whole:
                told = _("“{name}”, where most of it lies").format(name=self._label(found.label))
                self._remark("option", field.key, text, told)
        elif found is None:
            self._remark("option", field.key, text, _("left empty"))
        return found.key if found else None

    def options(self, field: Field) -> Sequence[Option]:
        """What a list or dictionary field may hold."""
        if field.traits.has_own_options:
            return field.options
        words = self._workspace.dictionaries.get(field.dictionary)
        return words.entries if words else ()

    # -- phones and amounts ---------------------------------------------------------------------------------------------
    def _shortened(self, field: str, text: str) -> None:
        self._remark("shortened", field, text, _("left empty"))

    def _rounded(self, field: Field, value: Any) -> Any:
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
        if text not in self._people:
            self._people[text] = find_person(self._workspace, self._decisions.people.get(text, text))
        found = self._people[text]
        if found is not None:
            return found
        mine = field.key == RESPONSIBLE
        self._remark("person", field.key, text, _("you instead") if mine else _("left empty"))
        return self._me if mine else None

    def author(self, text: str) -> str:
        """Who wrote something: the person of that name or id, else whoever imports (and that is remarked)."""
        found = find_person(self._workspace, self._decisions.people.get(text, text))
        if found is None:
            self._remark("person", "author", text, _("you instead"))
        return found or self._me

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
            found = place_of([pipeline] if pipeline else pipelines, wanted, ended)
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

    def _label(self, label: Any) -> str:
        from tuicrm.domain.schema import label_text
        from tuicrm.i18n import language

        return label_text(label, language())

    def _remark(self, kind: Any, field: str, value: str, outcome: str) -> None:
        self._remarks.add(kind, self._type.key, field, value, outcome)
