"""Outcomes of calls, as people name them."""

from __future__ import annotations

from tuicrm.domain.messages.message import OUTCOMES, CallOutcome
from tuicrm.domain.named import Named, NotNamed, the
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.items.message_lines import outcome_label


def outcome_named(text: str) -> CallOutcome:
    """An outcome by its key or what it is called. Raises Refused with those there are."""
    known = [Named(one, one, (one.replace("_", " "), outcome_label(one)), one) for one in OUTCOMES if one]
    nothing = _("there is no outcome {name}").format(name=text)
    try:
        return the(text, known, nothing)  # type: ignore[return-value]
    except NotNamed as missing:
        raise Refused(missing.message, [FieldProblem("outcome", missing.message, text)]) from missing
