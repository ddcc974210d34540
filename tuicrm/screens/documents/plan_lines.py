"""What the preview of a document lists: what it is, what is missing, what is kept back, what will stand in it."""

from __future__ import annotations

from collections.abc import Iterator

from tuicrm.domain.documents.languages import locale_of
from tuicrm.i18n import _
from tuicrm.services.documents.making import DocumentPlan
from tuicrm.services.documents.nameable import Nameable
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.widgets.table_pane import PaneGroup, TableRow

TITLE, PDF = "-title", "-pdf"
"""Keys of lines that are no placeholder's."""
_NUMBER, _LANGUAGE = "-number", "-language"
_BACK = "-back "


def groups_of(planned: DocumentPlan, words: Vocabulary, language: str, *, pdf: bool) -> list[PaneGroup]:
    """The lines in their groups, told in a language; of a placeholder, its name (with the modifier) is the key."""
    facts = [
        TableRow(TITLE, (_("Title"), planned.title)),
        TableRow(_NUMBER, (_("Number"), _("{number} (given once it is created)").format(number=planned.number))),
        TableRow(_LANGUAGE, (_("Language"), language_name(planned.language, language))),
        TableRow(PDF, (_("PDF as well"), _("yes") if pdf else _("no"))),
    ]
    found = [PaneGroup("", facts)]
    missing = set(planned.missing)
    back = dict.fromkeys(planned.kept_back)
    lacking = [TableRow(name, (label_of(words, name), _("— prints empty"))) for name in planned.missing]
    hidden = [TableRow(f"{_BACK}{name}", (f"{{{name}}}", _("prints empty: you may not see it"))) for name in back]
    filled = [
        TableRow(name, (label_of(words, name), text_of(value)))
        for name, value in planned.values.items()
        if name not in missing and name.partition("~")[0] not in back and name not in back
    ]
    found += [PaneGroup(_("Missing"), lacking)] if lacking else []
    found += [PaneGroup(_("Not for you"), hidden)] if hidden else []
    found += [PaneGroup(_("Filled in"), filled)] if filled else []
    return found


def language_name(code: str, shown_in: str) -> str:
    """`Italian`: what a language is called in another one."""
    return locale_of(code).get_display_name(shown_in) or code


def is_placeholder(key: str) -> bool:
    """Whether a line's key is a placeholder's, whose value can be said."""
    return bool(key) and not key.startswith("-")


def meant_by(words: Vocabulary, name: str) -> Nameable | None:
    """What a placeholder, with its modifier or without, stands for."""
    return next(iter(words.find(name.partition("~")[0])), None)


def label_of(words: Vocabulary, name: str) -> str:
    """What people read for a placeholder: `Amount`, `Client: Phone`, `Sum (W=Y)`."""
    bare, _sign, modifier = name.partition("~")
    found = meant_by(words, bare)
    if found is None:
        return f"{{{name}}}"
    own = found.route in ("item", "document")
    label = found.label if own else _("{group}: {label}").format(group=found.group, label=found.label)
    return f"{label} ({modifier})" if modifier else label


def text_of(value: object) -> str:
    """A value in one line; of a list, its rows one after the other."""
    return " · ".join(_texts(value))


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if text := " ".join(str(one).split()):
            yield text
