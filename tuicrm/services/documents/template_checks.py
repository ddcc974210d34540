"""What is wrong with the file of a template: names that nothing answers to, sections never closed, fields that some do not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from tuicrm.domain.documents.placeholders import placeholders
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
    keys = dict.fromkeys(place.partition("/")[0] for place in types)
    known = {key: _Names(session, key) for key in keys if key in session.workspace.types}
    if template.is_jinja:
        for spoken, one in _of_jinja(template, file, known):
            found += _of(session, one, known, spoken)
        return found
    return [*found, *_of_mentions(session, template.found(), known)]


def check_text(session: Session, texts: Mapping[str, str], types: Sequence[str]) -> list[TemplateFault]:
    """All that is wrong with plain texts as templates for these types, each by what it is called (`subject`). Raises Refused."""
    from tuicrm.documents.docx.template import Mention
    from tuicrm.documents.plain_text import read_template

    keys = dict.fromkeys(place.partition("/")[0] for place in types)
    known = {key: _Names(session, key) for key in keys if key in session.workspace.types}
    found: list[TemplateFault] = []
    for called, text in texts.items():
        lines = text.split("\n")
        told = [
            _("{text}, line {n}").format(text=called, n=n + 1) if len(lines) > 1 else called for n in range(len(lines))
        ]
        found += [TemplateFault("section", told[one.line - 1], one.message) for one in read_template(text).faults]
        mentions = [
            Mention(one.name, one.modifier, one.sign, told[n], line[:60])
            for n, line in enumerate(lines)
            for one in placeholders(line)
            if one.sign != "/"
        ]
        found += _of_mentions(session, mentions, known)
    return found


def _of_mentions(session: Session, mentions: Iterable[Mention], known: Mapping[str, _Names]) -> Iterator[TemplateFault]:
    for one in mentions:
        yield from _of(session, one, known, f"{{{one.name}}}")


def _of_jinja(template: Template, file: bytes, known: Mapping[str, _Names]) -> Iterator[tuple[str, Mention]]:
    """What a template in Jinja names, as it says it (`{{ Client.Name }}`). Raises Refused where it is no sound one."""
    from tuicrm.documents.docx.template import Mention
    from tuicrm.documents.jinja import names

    for name, parts in names(file).items():
        # A list is named by a loop; alone it is no value, though it may be asked whether it has rows.
        alone = [""] if not parts or any(one.is_list(name) for one in known.values()) else []
        for part in (*alone, *parts):
            where, text = template.where_is(*filter(None, (name, part)))
            where, text = (where, text) if where or not part else template.where_is(part)
            spoken = f"{{{{ {name}.{part} }}}}" if part else f"{{{{ {name} }}}}"
            yield spoken, Mention(name + part, "", "", where or _("document"), text)


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

    def is_list(self, name: str) -> bool:
        """Whether it names a list."""
        return name in self._words.lists

    def all(self) -> list[str]:
        """Every name that can be used."""
        return [name for name, several in self._words.names.items() if is_seen(self._session, several[0])]


def _of(session: Session, one: Mention, known: Mapping[str, _Names], spoken: str) -> Iterator[TemplateFault]:
    """What is wrong with one; `spoken` is how the template says it."""
    meant = {key: names.find(one.name) for key, names in known.items()}
    named = [each for each in meant.values() if each is not None]
    lacking = [key for key, each in meant.items() if each is None]
    if lacking:
        near = nearest(one.name, dict.fromkeys(name for key in lacking for name in known[key].all()))
        if len(lacking) == len(known):
            message = _("there is nothing called {name}").format(name=spoken)
        else:
            message = _("{name} does not exist for {types}").format(
                name=spoken, types=", ".join(_type_name(session, key) for key in lacking)
            )
        if near and near != one.name:
            shown = f"{{{{ {near} }}}}" if spoken.startswith("{{") else f"{{{near}}}"
            message = _("{what}; did you mean {near}?").format(what=message, near=shown)
        yield TemplateFault("unknown", one.where, message, one.name, near or "", one.text)
    wrong = next((told for each in named if one.modifier and (told := check_modifier(each.kind, one.modifier))), None)
    if wrong:
        yield TemplateFault("modifier", one.where, f"{{{one.name}~{one.modifier}}}: {wrong}", one.name, "", one.text)
    if any(_is_for_some(session, source) for each in named for source in each.sources):
        message = _("{name} is visible to some people only: others get documents without it").format(name=spoken)
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
