"""Filter text → tokens with their places. Everything that is no sign and no quote is a word: `today+14d`, `D-42`, `a@b.it`."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

from tuicrm.domain.language import all_keywords, keywords
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.regex import regex

TokenKind: TypeAlias = Literal["word", "quoted", "operator", "(", ")", ",", "end"]

OPERATORS = ("!=", "!~", "<=", ">=", "=", "<", ">", "~")
_SIGNS: dict[str, TokenKind] = {"(": "(", ")": ")", ",": ","}
_SPACE = regex(r"\s*")
_OPERATOR = regex("|".join(map(re.escape, OPERATORS)))
# An exclamation mark or an apostrophe inside a word belongs to it: `dell'acqua`, `wow!`.
_WORD = regex(r"(?:[^\s\"'(),=<>~!]|!(?![=~]))(?:[^\s\"(),=<>~!]|!(?![=~]))*")
_QUOTED = {'"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL), "'": re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)}
_ESCAPED = regex(r"\\(.)", re.DOTALL)
_SAFE = regex(rf"(?:{_WORD.pattern})\Z")


class Token(msgspec.Struct, frozen=True):
    """`text` is what is meant (without quotes); `start` and `end` where it stands, in characters."""

    kind: TokenKind
    text: str
    start: int
    end: int

    def keyword(self, language: str) -> str:
        """Which word of the filter language it is, in English; "" for none."""
        return keywords(language).get(self.text.casefold(), "") if self.kind == "word" else ""


def tokenise(text: str) -> list[Token]:
    """All tokens, an `end` last. Raises UsageError for a quote that is not closed."""
    tokens: list[Token] = []
    at = _skip(text, 0)
    while at < len(text):
        tokens.append(_token(text, at))
        at = _skip(text, tokens[-1].end)
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _token(text: str, at: int) -> Token:
    sign = text[at]
    if sign in _SIGNS:
        return Token(_SIGNS[sign], sign, at, at + 1)
    if sign in _QUOTED:
        quoted = _QUOTED[sign].match(text, at)
        if quoted is None:
            raise UsageError(_("this quote is never closed"), at)
        return Token("quoted", _ESCAPED.sub(r"\1", quoted[1]), at, quoted.end())
    operator = _OPERATOR.match(text, at)
    if operator:
        return Token("operator", operator[0], at, operator.end())
    word = _WORD.match(text, at)
    if word is None:  # cannot be: every other sign was looked at above
        raise UsageError(_("“{sign}” has no meaning here").format(sign=sign), at)
    return Token("word", word[0], at, word.end())


def quote(text: str) -> str:
    """The text in quotes, as `tokenise` reads it back."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def as_word(text: str) -> str:
    """The text as it can be typed: in quotes where it would be read as something else."""
    plain = _SAFE.match(text) is not None and text.casefold() not in all_keywords()
    return text if plain else quote(text)
