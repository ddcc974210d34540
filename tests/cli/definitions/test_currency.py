"""`tuicrm currency`: rates kept by hand, and what they do to sums."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_a_rate_is_set_and_sums_convert_by_it(crm: Crm) -> None:
    assert crm("deal", "add", "title=Overseas", "amount=1000 USD").code == 0
    unrated = {"amount": "1000.00", "currency": "USD"}
    assert "\n+ USD " in crm("board", "deal").out
    assert crm("board", "deal", "--json").json["columns"][0]["unrated"] == [unrated]
    ran = crm("currency", "set", "usd", "0.5")
    assert (ran.code, "1 USD = 0.5 EUR" in ran.err) == (0, True)
    board = crm("board", "deal").out
    assert "no rate" not in board
    assert "+ US" not in board
    assert "≈ € 51,000" in board
    assert "Overseas" in crm("deal", "list", "--where", "amount > 499 and amount < 501").out
    assert crm("undo").code == 0
    assert "\n+ USD " in crm("board", "deal").out
    assert crm("board", "deal", "--json").json["columns"][0]["unrated"] == [unrated]


def test_the_list_says_which_is_the_base(crm: Crm) -> None:
    crm("currency", "set", "GBP", "1.15")
    listed = crm("currency", "list", "--json").json
    assert listed["currencies"][0] == {"code": "EUR", "rate": "1", "base": True}
    assert {"code": "GBP", "rate": "1.15", "base": False} in listed["currencies"]
    assert "no rate" in crm("currency", "list").out


def test_a_new_currency_comes_and_goes(crm: Crm) -> None:
    assert crm("currency", "set", "NOK", "0.085", "--json").json["rate"] == "0.085"
    assert crm("currency", "set", "NOK", "").code == 0
    assert crm("currency", "remove", "nok").code == 0
    assert crm("currency", "remove", "nok").code == 3


def test_mistakes_and_rights(crm: Crm) -> None:
    for code, rate in (("EURO", "1"), ("USD", "lots"), ("USD", "0"), ("USD", "-1"), ("EUR", "2")):
        ran = crm("currency", "set", "--", code, rate)
        assert ran.code == 4, (code, rate, ran.out, ran.err)
    assert crm("currency", "remove", "EUR").code == 4
    assert crm("currency", "set", "USD", "0.9", "--as", "luca").code == 5
