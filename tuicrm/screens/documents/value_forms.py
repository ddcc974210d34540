"""Values of a document said by hand: a text, of a list a text for each of its rows."""

from __future__ import annotations

from tuicrm.i18n import _, ngettext
from tuicrm.screens.host import Asks
from tuicrm.widgets.form import Form
from tuicrm.widgets.question import NOTE, Question

_MOST_ROWS = 40
"""Rows of a list that are asked for; whoever has more of them changes the item."""


async def value_form(host: Asks, label: str, name: str, value: object) -> dict[str, str]:
    """Ask for what a placeholder is to print in one document; {} when left, or left as it was. Rows are counted from 1
    (`ProductsPrice/2`)."""
    texts = [str(one) for one in value][:_MOST_ROWS] if isinstance(value, list) else [str(value)]
    keys = [f"{name}/{n}" for n in range(1, len(texts) + 1)] if isinstance(value, list) else [name]
    labels = [_("row {n}").format(n=n) for n in range(1, len(texts) + 1)] if isinstance(value, list) else [label]
    kinds = ["text" if "\n" in text else "string" for text in texts]
    questions = [
        Question(key, shown, kind, text) for key, shown, kind, text in zip(keys, labels, kinds, texts, strict=True)
    ]
    told = _("For this document only: the item is not changed.")
    if isinstance(value, list) and len(value) > _MOST_ROWS:
        more = len(value) - _MOST_ROWS
        told += " " + ngettext("{n} more row is not shown.", "{n} more rows are not shown.", more)
    answers = await host.ask(Form(host.surface, label, [*questions, Question("-", "", NOTE, hint=told)]))
    if answers is None:
        return {}
    before = dict(zip(keys, texts, strict=True))
    return {key: str(answers[key]) for key in keys if str(answers[key]) != before[key]}
