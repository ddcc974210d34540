"""Filter text → syntax, by recursive descent.

filter     := [ either ]
either     := both { "or" both }
both       := part { "and" part }            between bare words "and" may be left out
part       := "not" part | "(" either ")" | comparison | word
comparison := name operator value | name [ "not" ] "in" "(" value { "," value } ")" | name "is" [ "not" ] "empty"
            | name "not" "is" "empty"        (`non è vuoto`)
value      := word | amount                  (`1000 USD`, `€ 38.000,50`)

The words in quotes may be those of the person's language (`domain/language.py`). Where one of these could only be a mistake (it comes
first, or last), it is what somebody looks for: whoever types `rossi officina` comes by `rossi o`.
"""

from __future__ import annotations

from tuicrm.domain.filters.syntax import (
    Comparison,
    Conjunction,
    Disjunction,
    Emptiness,
    Membership,
    Negation,
    Node,
    Phrase,
    Word,
)
from tuicrm.domain.filters.tokens import Token, tokenise
from tuicrm.domain.language import ENGLISH
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.limits import FILTER_DEPTH, FILTER_TERMS, FILTER_TEXT, FILTER_VALUES
from tuicrm.regex import regex

_NUMBER = regex(r"[+-]?\d[\d.']*[a-zA-Z]{0,3}\Z")
_DIGITS = regex(r"\d[\d.]*[a-zA-Z]{0,3}\Z")
_CURRENCY = regex(r"[A-Z]{3}\Z|\W+\Z")
_SIGN = regex(r"[^\w\s+.-]{1,2}\Z")
"""A currency's sign: `€`."""


def parse(text: str, language: str = ENGLISH) -> Node:
    """What the filter says; the empty text is a conjunction of nothing. Raises UsageError with position and what was expected."""
    return _Parser(text, language).filter()


def in_english(text: str, language: str) -> str:
    """The same text with the words of the filter language in English, whatever else stands in it. Raises UsageError."""
    parser = _Parser(text, language)
    parser.filter()
    for start, end, word in sorted(parser.translated, reverse=True):
        text = f"{text[:start]}{word}{text[end:]}"
    return text


class _Parser:
    def __init__(self, text: str, language: str) -> None:
        if len(text) > FILTER_TEXT.most:
            raise UsageError(FILTER_TEXT.told, FILTER_TEXT.most)
        self._tokens = tokenise(text)
        self._language = language
        self._terms = self._values = 0
        self._at = 0
        self._depth = 0
        self.translated: list[tuple[int, int, str]] = []
        """Where words of the language stood that are no English, and what they are."""

    def filter(self) -> Node:
        if self._ended():
            return Conjunction((), 0, 0)
        node = self._either()
        if not self._ended():
            raise self._after_part()
        return node

    # -- tokens --------------------------------------------------------------------------------------------------------
    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _ahead(self, by: int) -> Token:
        return self._tokens[min(self._at + by, len(self._tokens) - 1)]

    def _ended(self) -> bool:
        return self._here.kind == "end"

    def _take(self) -> Token:
        token = self._here
        if not self._ended():
            self._at += 1
        return token

    def _is(self, token: Token, word: str) -> bool:
        return token.keyword(self._language) == word

    def _take_keyword(self, word: str) -> bool:
        if self._is(self._here, word) and not self._is_text(self._here):
            self._translate(self._take(), word)
            return True
        return False

    def _translate(self, token: Token, word: str) -> None:
        if token.text.casefold() != word:
            self.translated.append((token.start, token.end, word))

    def _is_text(self, token: Token) -> bool:
        """Whether a word that only the person's language knows is what somebody looks for: nothing comes behind it."""
        foreign = token.text.casefold() != token.keyword(self._language)
        return foreign and self._tokens[self._tokens.index(token) + 1].kind == "end"

    def _expect(self, kind: str, expected: str) -> Token:
        if self._here.kind != kind:
            raise self._expected(expected)
        return self._take()

    def _expected(self, expected: str) -> UsageError:
        if self._ended():
            return UsageError(
                _("the filter ends where {expected} is expected").format(expected=expected), self._here.start
            )
        found = self._here.text
        message = _("{expected} is expected here, not “{found}”").format(expected=expected, found=found)
        return UsageError(message, self._here.start)

    def _after_part(self) -> UsageError:
        if self._here.kind in ("word", "quoted"):
            return self._expected(_("“and”, “or” or the end (a value of several words goes into quotes)"))
        return self._expected(_("“and”, “or” or the end"))

    # -- grammar -------------------------------------------------------------------------------------------------------
    def _either(self) -> Node:
        parts = [self._both()]
        while self._take_keyword("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Disjunction(tuple(parts), parts[0].start, parts[-1].end)

    def _both(self) -> Node:
        parts = [self._part()]
        while self._take_keyword("and") or self._another_bare_word(parts[-1]):
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else Conjunction(tuple(parts), parts[0].start, parts[-1].end)

    def _another_bare_word(self, before: Node) -> bool:
        joins = self._is(self._here, "or") and not self._is_text(self._here)
        follows = self._here.kind == "quoted" or (self._here.kind == "word" and not joins)
        return isinstance(before, Phrase) and follows

    def _part(self) -> Node:
        self._depth += 1
        if self._depth > FILTER_DEPTH.most:
            raise UsageError(FILTER_DEPTH.told, self._here.start)
        try:
            return self._nested()
        finally:
            self._depth -= 1

    def _nested(self) -> Node:
        token = self._here
        if self._take_keyword("not"):
            part = self._part()
            return Negation(part, token.start, part.end)
        if token.kind == "(":
            self._take()
            inner = self._either()
            if self._here.kind != ")":
                raise self._expected(_("“)”, “and” or “or”"))
            self._take()
            return inner
        if token.kind not in ("word", "quoted") or self._is_english(token):
            raise self._expected(_("a field, a text or “(”"))
        return self._comparison()

    def _comparison(self) -> Node:
        self._terms += 1
        if self._terms > FILTER_TERMS.most:
            raise UsageError(FILTER_TERMS.told, self._here.start)
        field = _word(self._take())
        token = self._here
        if token.kind == "operator":
            self._take()
            value = self._value()
            return Comparison(field, token.text, token.start, value, field.start, value.end)
        if self._is(token, "not") and self._is(self._ahead(1), "is"):
            return self._not_empty(field)
        if self._take_keyword("is"):
            negated = self._take_keyword("not")
            return Emptiness(field, negated, field.start, self._empty(negated=negated))
        if self._is(token, "in") or (self._is(token, "not") and self._is(self._ahead(1), "in")):
            negated = self._take_keyword("not")
            self._take()
            return self._members(field, negated)
        return Phrase(field, field.start, field.end)

    def _not_empty(self, field: Word) -> Node:
        """`telefono non è vuoto`, which English says as `phone is not empty`."""
        first, second = self._take(), self._take()
        self.translated.append((first.start, second.end, "is not"))
        return Emptiness(field, True, field.start, self._empty(negated=True))

    def _empty(self, *, negated: bool) -> int:
        """Take the word that a comparison with nothing ends with; where it ends."""
        if not self._is(self._here, "empty"):
            raise self._expected(_("“empty”") if negated else _("“empty” or “not empty”"))
        self._translate(self._here, "empty")
        return self._take().end

    def _members(self, field: Word, negated: bool) -> Node:
        self._expect("(", _("“(” with the values in it"))
        values = [self._listed()]
        while self._here.kind == ",":
            self._take()
            values.append(self._listed())
        closing = self._expect(")", _("“,” or “)”"))
        return Membership(field, tuple(values), negated, field.start, closing.end)

    def _listed(self) -> Word:
        self._values += 1
        if self._values > FILTER_VALUES.most:
            raise UsageError(FILTER_VALUES.told, self._here.start)
        return self._value(listed=True)

    def _value(self, *, listed: bool = False) -> Word:
        """A value; in a list (`listed`) a comma ends it."""
        if self._here.kind not in ("word", "quoted"):
            raise self._expected(_("a value"))
        token = self._take()
        if self._is_english(token):
            self._at -= 1
            raise self._expected(_("a value (words of the language go into quotes)"))
        if token.kind == "word" and (_NUMBER.match(token.text) or _SIGN.match(token.text)):
            return self._amount(token, listed=listed)
        return _word(token)

    def _amount(self, first: Token, *, listed: bool) -> Word:
        """A number with what belongs to it: a currency before or behind it, and, where no list is meant, what stands behind a comma
        without a blank (`1.234,56`)."""
        text, last = first.text, first
        if _SIGN.match(first.text):
            if not (self._here.kind == "word" and _NUMBER.match(self._here.text)):
                return _word(first)
            last = self._take()
            text = f"{text} {last.text}"
        while not listed and self._here.kind == "," and self._here.start == last.end and self._goes_on(self._ahead(1)):
            comma, last = self._take(), self._take()
            text += comma.text + last.text
        here = self._here
        if here.kind == "word" and _CURRENCY.match(here.text) and not here.keyword(self._language):
            last = self._take()
            text = f"{text} {last.text}"
        return Word(text, first.start, last.end)

    def _goes_on(self, token: Token) -> bool:
        return token.kind == "word" and token.start == self._here.end and _DIGITS.match(token.text) is not None

    def _is_english(self, token: Token) -> bool:
        """Whether it is a word of the language to everybody: then it is no name and no value."""
        word = token.text.casefold()
        return token.kind == "word" and word != "empty" and token.keyword(ENGLISH) == word


def _word(token: Token) -> Word:
    return Word(token.text, token.start, token.end, token.kind == "quoted")
