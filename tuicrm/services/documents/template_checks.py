"""What is wrong with the file of a template: names that nothing answers to, sections never closed, fields that some do not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from tuicrm.domain.documents.printing import check_modifier
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.documents.nameable import Nameable
from tuicrm.services.documents.names import is_seen, nearest
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.services.kernel.session import Session

if TYPE_CHECKING:
    from tuicrm.documents.docx.template import Mention, Template

FaultKind: TypeAlias = Literal["section", "unknown", "modifier", "unseen"]


class TemplateFault(Struct, frozen=True):
    """What is wrong, and where: `table 1, row 2`; the placeholder's name, the nearest that is known ("" for no such), and the text of
    the paragraph in short. One that is `unseen` by some is no mistake: for them it prints nothing."""

    kind: FaultKind
    where: str
    message: str
    name: str = ""
    near: str = ""
    text: str = ""


def opened(file: bytes) -> Template:
    """The file read as a template. Raises BadTemplate (Refused), which says why it cannot be one."""
    from tuicrm.documents.docx.template import open_template

    return open_template(file)


def check(session: Session, file: bytes, types: Sequence[str]) -> list[TemplateFault]:
    """All that is wrong with a file as a template for these types (and `type/pipeline`). Raises BadTemplate for what is no template
    at all."""
    template = opened(file)
    found = [TemplateFault("section", where, what) for where, what in template.faults()]
    if template.is_jinja:
        return found
    keys = dict.fromkeys(place.partition("/")[0] for place in types)
    known = {key: _Names(session, key) for key in keys if key in session.workspace.types}
    for one in template.found():
        found += _of(session, one, known)
    return found


def check_template(session: Session, template: DocTemplate) -> list[TemplateFault]:
    """The same of a template as it is kept."""
    with session.store.blobs.open(template.blob) as file:
        return check(session, file.read(), template.types)


class _Names:
    """What this person can name of one type's items."""

    def __init__(self, session: Session, type_key: str) -> None:
        self._session, self._words = session, Vocabulary(session, type_key)

    def find(self, name: str) -> Nameable | None:
        """What a name stands for, a list's too; None for an unknown one, and for what is not for this person."""
        several = self._words.find(name)
        lists = self._words.lists.get(name)
        return next((one for one in (*several, *((lists,) if lists else ())) if is_seen(self._session, one)), None)

    def all(self) -> list[str]:
        """Every name that can be used."""
        return [name for name, several in self._words.names.items() if is_seen(self._session, several[0])]


def _of(session: Session, one: Mention, known: Mapping[str, _Names]) -> Iterator[TemplateFault]:
    meant = {key: names.find(one.name) for key, names in known.items()}
    named = [each for each in meant.values() if each is not None]
    lacking = [key for key, each in meant.items() if each is None]
    if lacking:
        near = nearest(one.name, dict.fromkeys(name for key in lacking for name in known[key].all()))
        if len(lacking) == len(known):
            message = _("there is nothing called {name}").format(name=f"{{{one.name}}}")
        else:
            message = _("{name} does not exist for {types}").format(
                name=f"{{{one.name}}}", types=", ".join(_type_name(session, key) for key in lacking)
            )
        if near and near != one.name:
            message = _("{what}; did you mean {near}?").format(what=message, near=f"{{{near}}}")
        yield TemplateFault("unknown", one.where, message, one.name, near or "", one.text)
    wrong = next((told for each in named if one.modifier and (told := check_modifier(each.kind, one.modifier))), None)
    if wrong:
        yield TemplateFault("modifier", one.where, f"{{{one.name}~{one.modifier}}}: {wrong}", one.name, "", one.text)
    if any(_is_for_some(session, source) for each in named for source in each.sources):
        message = _("{name} is visible to some people only: others get documents without it").format(
            name=f"{{{one.name}}}"
        )
        yield TemplateFault("unseen", one.where, message, one.name, "", one.text)


def _type_name(session: Session, type_key: str) -> str:
    return session.label(session.workspace.type(type_key).plural).lower()


def _is_for_some(session: Session, source: str) -> bool:
    type_key, _dot, key = source.partition(".")
    field = session.workspace.field(type_key, key) if type_key in session.workspace.types else None
    return field is not None and bool(field.visible_to)


def refuse(faults: Sequence[TemplateFault]) -> None:
    """Raise Refused where anything is wrong, naming all of it; what some do not see is no mistake."""
    wrong = [one for one in faults if one.kind != "unseen"]
    if wrong:
        told = [FieldProblem(one.where, one.message, one.name or None) for one in wrong]
        raise Refused("; ".join(f"{one.where}: {one.message}" for one in wrong), told)
