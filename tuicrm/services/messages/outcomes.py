"""Outcomes of calls, as people name them."""

from __future__ import annotations

from typing import get_args

from tuicrm.domain.messages.message import CallOutcome
from tuicrm.domain.named import Named, NotNamed, the
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.items.message_lines import outcome_label


def outcome_named(text: str) -> CallOutcome:
    """An outcome by its key or what it is called. Raises Refused with those there are."""
    found: tuple[CallOutcome, ...] = get_args(CallOutcome)
    known = [Named(one, one, (one.replace("_", " "), outcome_label(one)), one) for one in found if one]
    nothing = _("there is no outcome {name}").format(name=text)
    try:
        return the(text, known, nothing)
    except NotNamed as missing:
        raise Refused(missing.message, [FieldProblem("outcome", missing.message, text)]) from missing
