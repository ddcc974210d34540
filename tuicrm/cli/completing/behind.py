"""What may stand behind the sign of equality: values of the field, stage or word before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tuicrm.cli.completing.known import by_key
from tuicrm.cli.completing.offers import CommandLine, Completion
from tuicrm.cli.completing.sources import items_of, numbering_now, options_of, people, pipelines, stages
from tuicrm.cli.completing.words import days

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field
    from tuicrm.services.kernel.session import Session


def behind(
    session: Session, said: CommandLine, value: str, head: str, field: Field | None, begun: str
) -> Iterable[Completion]:
    """What may stand behind `FIELD=`, `STAGE=` and the like."""
    if value == "STAGE=STAGE":
        return stages(session, said, begun)
    if value == "FIELD=REF":
        return [Completion(word) for word in said.arguments]
    if value == "WORD=VALUE":
        return _behind_word(session, said, head)
    return _values_of(session, said, field, begun) if field is not None else ()


def _behind_word(session: Session, said: CommandLine, word: str) -> Iterable[Completion]:
    """What may stand behind a word of a type or of numbers: what can be chosen, else what it says now."""
    if said.path[0] == "numbering":
        from tuicrm.domain.numbering import RESETS
        from tuicrm.i18n import _

        if word == "reset":
            return [Completion(key, _(told)) for key, told in RESETS.items()]
        now = numbering_now(session, said).get(word)
        return [Completion(now)] if now else ()
    if said.path[0] == "type":
        from tuicrm.services.definitions.item_type_words import is_switch

        return (Completion("yes"), Completion("no")) if is_switch(session, word) else ()
    return ()


def _values_of(session: Session, said: CommandLine, field: Field, begun: str) -> Iterable[Completion]:
    traits = field.traits
    if traits.is_stage:
        return stages(session, said, begun)
    if traits.is_pipeline:
        return pipelines(session, said, begun)
    if traits.has_options:
        return by_key(session, options_of(session, field), begun)
    if traits.names_people:
        return people(session, said, begun)
    if traits.names_items:
        return items_of(session, field.targets, begun)
    if traits.is_yes_no:
        return (Completion("yes"), Completion("no"))
    return [Completion(word) for word in days()] if traits.is_time else ()
