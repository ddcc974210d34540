"""The domain of an address says where somebody works, unless it is a mail provider's."""

from __future__ import annotations

import pytest

from tuicrm.exchange.mail_domains import domain_of_work


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ada@Engine.Example", "engine.example"),
        (" ada@engine.example. ", "engine.example"),
        ("ada@mail.engine.example", "mail.engine.example"),
        ("ada@yahoo.engineworks.example", "yahoo.engineworks.example"),
        ("ada@livery.com", "livery.com"),
        ("ada@gmail.com", ""),
        ("ADA@GMAIL.COM", ""),
        ("ada@yahoo.co.uk", ""),
        ("ada@hotmail.it", ""),
        ("ada@outlook.com", ""),
        ("ada@gmx.de", ""),
        ("ada@web.de", ""),
        ("ada@libero.it", ""),
        ("ada@mail.ru", ""),
        ("ada@qq.com", ""),
        ("ada@proton.me", ""),
        ("ada@pec.it", ""),
        ("ada@localhost", ""),
        ("ada", ""),
        ("@", ""),
        ("", ""),
        ("a@b@engine.example", "engine.example"),
        ("a@" + "x" * 10_000, ""),
    ],
)
def test_domains(address: str, domain: str) -> None:
    assert domain_of_work(address) == domain
