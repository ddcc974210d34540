"""Finding items by name while typing: what holds all the words first, then what sounds alike."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.conditions import And, Condition, Search, Sort
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item
from tuicrm.domain.words import fold
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.limits import SEARCH_TEXT, SEARCH_WORDS, Limit
from tuicrm.services.kernel.session import Session

LIMIT = 50
_RANKED = 200
"""Among so many that hold the words, those that begin with them come first."""
_FUZZY_AMONG = 20_000
_LEAST_SCORE = 70


def find_items(session: Session, text: str, targets: Sequence[str], limit: int = LIMIT) -> list[Choice]:
    """Items of these types whose name fits what was typed so far; the newest for no text. Keys are stored refs. Raises UsageError for
    more text or words than can be looked for."""
    check_search(text)
    found: list[Choice] = []
    for key in targets:
        if key in session.workspace.types and len(found) < limit:
            found += _of_type(session, text, key, limit - len(found))
    return found


def check_search(text: str) -> None:
    """Raise UsageError for more text or words than can be looked for."""
    if len(text) > SEARCH_TEXT.most:
        raise too_long(SEARCH_TEXT)
    if len(text.split()) > SEARCH_WORDS.most:
        raise too_long(SEARCH_WORDS)


def too_long(limit: Limit) -> UsageError:
    """That more is looked for than can be."""
    return UsageError(_("the search is too long: {expected}").format(expected=limit.told))


def _of_type(session: Session, text: str, type_key: str, limit: int) -> list[Choice]:
    item_type = session.workspace.type(type_key)
    ref = session.workspace.read_ref(text)
    if ref is not None and ref.type == type_key:
        item = session.peek(ref)
        return [_choice(session, item)] if item else []
    paths = tuple(item_type.title)
    words: list[Condition] = [Search(word, paths, plain=True) for word in fold(text).split()]
    order = (Sort("created", "datetime", descending=True),) if not words else tuple(Sort(p, "string") for p in paths)
    many = max(limit, _RANKED) if words else limit
    items = session.find(type_key, And(tuple(words)) if words else None, order, many).items
    choices = [_choice(session, item) for item in items]
    if words:
        first = fold(text).split()[0]
        # A stable sort: within a rank, the names' own order stays.
        choices.sort(key=lambda choice: _rank(fold(choice.label), first))
    choices = choices[:limit]
    if len(choices) < limit and len(text) > 2:
        known = {choice.key for choice in choices}
        alike = _alike(session, text, type_key, limit - len(choices))
        choices += [choice for choice in alike if choice.key not in known]
    return choices


def _rank(name: str, word: str) -> int:
    """0 for a name that begins with a word, 1 where one of its words does, 2 where it stands within one."""
    return 0 if name.startswith(word) else 1 if f" {word}" in name else 2


def _alike(session: Session, text: str, type_key: str, limit: int) -> list[Choice]:
    """Misspelt names: the nearest of the newest items."""
    from rapidfuzz import fuzz, process

    newest = (Sort("created", "datetime", descending=True),)
    items = session.find(type_key, None, newest, _FUZZY_AMONG).items
    names = [session.title_of(item).casefold() for item in items]
    scored = process.extract(text.casefold(), names, scorer=fuzz.WRatio, limit=limit, score_cutoff=_LEAST_SCORE)
    return [_choice(session, items[place]) for _name, _score, place in scored]


def _choice(session: Session, item: Item) -> Choice:
    return Choice(str(item.ref), session.title_of(item), session.workspace.show_ref(item.ref))
