"""What two records have in common that makes them likely to be of the same person, company or inquiry.

A *sign* is a value in the form in which it is compared: a phone number by its digits, an e-mail address in small letters, a name as
its words in any order, without titles of courtesy and legal forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.words import digits, words
from tuicrm.i18n import N_, _

_WEIGHTS = {"email": 0.9, "phone": 0.8, "company": 0.7, "person": 0.6, "title": 0.5}
"""How likely two are one for a sign that they share."""

KINDS = {
    "phone": N_("phone"),
    "email": N_("e-mail"),
    "company": N_("company name"),
    "person": N_("name"),
    "title": N_("title"),
}
"""Kinds of signs in the order in which they are told, with what people call them."""

LEAST = 0.5
"""From which likelihood on two are told of."""

COMMON = 20
"""A sign that more records have tells nothing of any two: a switchboard's number, "New inquiry"."""

_LEAST_DIGITS = 6
_LEAST_LETTERS = 3


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEGAL = _set("""
    srl srls spa sapa snc sas scarl scrl soc coop societa cooperativa ditta gmbh mbh ag kg ohg gbr ug ek kgaa ltd limited llc llp lp
    inc incorporated corp corporation co company plc pty sa sarl sasu eurl sl slu nv bv bvba oy oyj ab aps as asa hf ehf sro sp zoo
    spzoo kft zrt nyrt doo dd ood eood ad sia uab ooo oao zao pao pte pvt lda ltda cia
""")
_COURTESY = _set("""
    mr mrs ms miss mister sir dr prof professor doctor ing avv dott dottore dottssa ssa dottoressa sig sigra signor signora geom arch
    rag herr frau fraulein dipl med mme mlle madame monsieur m sr sra srta senor senora don dona
""")


class Sign(NamedTuple):
    """What something can be known by."""

    kind: str
    value: str


def signs(item_type: ItemType, fields: Mapping[str, Field], doc: Mapping[str, Any]) -> dict[Sign, tuple[str, ...]]:
    """The signs of a record, each with the keys of the fields that it stands in. Only `fields` are looked at."""
    found: dict[Sign, tuple[str, ...]] = {}
    for key, value in doc.items():
        field = fields.get(key)
        if field is not None and value and field.traits.is_identity:
            for one in _values(field, value):
                found.setdefault(Sign(field.kind, one), (key,))
    for kind, keys in item_type.alike.items():
        told = [(key, doc[key]) for key in keys if key in fields and isinstance(doc.get(key), str) and doc[key]]
        named = name_sign(kind, " ".join(text for _key, text in told))
        if named:
            found.setdefault(Sign(kind, named), tuple(key for key, _text in told))
    return found


def _values(field: Field, value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else (value,):
        text = one.get("value") if isinstance(one, dict) else one
        if not isinstance(text, str):
            continue
        if field.traits.is_email:
            plain = text.strip().casefold()
            if "@" in plain:
                yield plain
        else:
            number = digits(text.partition(";")[0])
            if len(number) >= _LEAST_DIGITS:
                yield number


@lru_cache(maxsize=4096)
def name_sign(whose: str, text: str) -> str:
    """A name as it is compared; "" for one that tells nothing."""
    told = list(_joined(words(text)))
    dropped = _COURTESY if whose == "person" else _LEGAL if whose == "company" else frozenset[str]()
    left = [word for word in told if word not in dropped] or told
    if whose == "person" and len(left) < 2:
        return ""  # one name alone is a name of many
    if sum(map(len, left)) < _LEAST_LETTERS:
        return ""
    return " ".join(left if whose == "title" else sorted(left))


def _joined(found: Iterable[str]) -> Iterator[str]:
    """Single letters that follow one another as one word: `S.r.l.` is `Srl`."""
    letters = ""
    for word in found:
        if len(word) == 1 and word.isascii() and word.isalpha():
            letters += word
            continue
        if letters:
            yield letters
            letters = ""
        yield word
    if letters:
        yield letters


def likelihood(shared: Iterable[Sign]) -> float:
    """From 0 to 1: each kind of sign that is shared makes it likelier."""
    unlike = 1.0
    for kind in {sign.kind for sign in shared}:
        unlike *= 1 - _WEIGHTS.get(kind, 0)
    return 1 - unlike


def kinds_of(shared: Iterable[Sign]) -> tuple[str, ...]:
    """The kinds of some signs, in the order in which they are told."""
    kinds = {sign.kind for sign in shared}
    return tuple(kind for kind in KINDS if kind in kinds)


def why(kinds: Iterable[str]) -> str:
    """Kinds of signs as people read them."""
    return ", ".join(_(KINDS[kind]) for kind in kinds)
