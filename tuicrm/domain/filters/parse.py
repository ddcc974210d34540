"""Filter text → syntax, by recursive descent.

filter     := [ either ]
either     := both { "or" both }
both       := part { "and" part }            between bare words "and" may be left out
part       := "not" part | "(" either ")" | comparison | word
comparison := name operator value | name [ "not" ] "in" "(" value { "," value } ")" | name "is" [ "not" ] "empty"
value      := word | amount currency         (`1000 USD`)
"""

from __future__ import annotations

import re

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
from tuicrm.domain.filters.tokens import KEYWORDS, Token, tokenise
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.limits import FILTER_DEPTH, FILTER_TERMS, FILTER_TEXT, FILTER_VALUES

_AMOUNT = re.compile(r"[+-]?\d[\d.]*\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


def parse(text: str) -> Node:
    """What the filter says; the empty text is a conjunction of nothing. Raises UsageError with position and what was expected."""
    return _Parser(text).filter()


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > FILTER_TEXT.most:
            raise UsageError(FILTER_TEXT.told, FILTER_TEXT.most)
        self._tokens = tokenise(text)
        self._terms = self._values = 0
        self._at = 0
        self._depth = 0

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

    def _take_keyword(self, word: str) -> bool:
        if self._here.is_keyword(word):
            self._at += 1
            return True
        return False

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
        follows = self._here.kind == "quoted" or (self._here.kind == "word" and not self._here.is_keyword("or"))
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
        if token.kind not in ("word", "quoted") or _is_keyword(token):
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
        if self._take_keyword("is"):
            negated = self._take_keyword("not")
            if not self._here.is_keyword("empty"):
                raise self._expected(_("“empty”") if negated else _("“empty” or “not empty”"))
            return Emptiness(field, negated, field.start, self._take().end)
        if token.is_keyword("in") or (token.is_keyword("not") and self._ahead(1).is_keyword("in")):
            negated = self._take_keyword("not")
            self._take()
            return self._members(field, negated)
        return Phrase(field, field.start, field.end)

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
        return self._value()

    def _value(self) -> Word:
        if self._here.kind not in ("word", "quoted"):
            raise self._expected(_("a value"))
        token = self._take()
        if _is_keyword(token):
            self._at -= 1
            raise self._expected(_("a value (words of the language go into quotes)"))
        if token.kind == "word" and _AMOUNT.match(token.text):
            currency = self._here
            if currency.kind == "word" and _CURRENCY.match(currency.text) and not _is_keyword(currency):
                self._take()
                return Word(f"{token.text} {currency.text}", token.start, currency.end)
        return _word(token)


def _is_keyword(token: Token) -> bool:
    return token.kind == "word" and token.text.casefold() in KEYWORDS


def _word(token: Token) -> Word:
    return Word(token.text, token.start, token.end, token.kind == "quoted")
