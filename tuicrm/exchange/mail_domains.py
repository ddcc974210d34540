"""Which domain of an e-mail address says where somebody works: those of mail providers, where anyone has an address, say nothing."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec
from msgspec import Struct

from tuicrm.files import data_folder

_COUNTRY = re.compile(r"[a-z]{2,3}(\.[a-z]{2})?")
"""What stands behind the name of a provider that is in many countries: `com`, `it`, `co.uk`."""


class _Providers(Struct, frozen=True, forbid_unknown_fields=True):
    """`names` are those of many countries (`yahoo`), `domains` are whole."""

    names: frozenset[str]
    domains: frozenset[str]


@lru_cache(maxsize=1)
def _providers() -> _Providers:
    return msgspec.json.decode((data_folder() / "exchange" / "free_mail.json").read_bytes(), type=_Providers)


def domain_of_work(address: str) -> str:
    """The domain of an e-mail address, as domains are compared; "" where there is none, or where it is a mail provider's."""
    _name, at, domain = address.strip().casefold().rpartition("@")
    domain = domain.rstrip(".")
    if not at or "." not in domain:
        return ""
    name, _dot, behind = domain.partition(".")
    known = _providers()
    free = domain in known.domains or (name in known.names and _COUNTRY.fullmatch(behind))
    return "" if free else domain
