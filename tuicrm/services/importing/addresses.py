"""The addresses of an item by which others name it: e-mails, and domains of websites."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tuicrm.domain.kinds import Traits
from tuicrm.domain.schema import ItemType
from tuicrm.exchange.mail_domains import domain_of_work

WANTED: dict[str, Callable[[Traits], bool]] = {
    "email": lambda traits: traits.is_email,
    "domain": lambda traits: traits.is_website,
}
"""By what a link names an item: the fields that it is looked for in."""


def host(text: str) -> str:
    """The host of a web address, as hosts are compared: `https://www.Engine.example/about` is `engine.example`."""
    plain = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().casefold())
    return re.split(r"[/?#:\s]", plain, maxsplit=1)[0].removeprefix("www.").rstrip(".")


def addresses_of(values: Mapping[str, Any], item_type: ItemType) -> Iterator[tuple[str, str]]:
    """("email", address) and ("domain", host) of an item's values."""
    for field in item_type.fields:
        if not (field.traits.is_email or field.traits.is_website):
            continue
        given = values.get(field.key)
        for one in given if isinstance(given, list) else [given]:
            text = one.get("value") if isinstance(one, dict) else one
            if isinstance(text, str) and text.strip():
                yield ("email", text.strip().casefold()) if field.traits.is_email else ("domain", host(text))


def own_domains(values: Mapping[str, Any], item_type: ItemType) -> list[str]:
    """The domains of an item's e-mail addresses that say where somebody works."""
    found = (domain_of_work(address) for by, address in addresses_of(values, item_type) if by == "email")
    return list(dict.fromkeys(domain for domain in found if domain))
