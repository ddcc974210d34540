"""`tuicrm text-template`: made from a pipe, shown, filled, changed, put away."""

from __future__ import annotations

from tests.cli.conftest import Crm

TEXT = "Dear client,\n{#Amount}\n{Title}: {Amount}\n{/Amount}\n{Tittle}\n"


def test_a_template_is_made_shown_filled_and_put_away(crm: Crm) -> None:
    made = crm("text-template", "add", "Offer", "--type", "deal", "--subject", "On {Title}", stdin=TEXT)
    assert (made.code, made.out) == (0, "offer\n")
    assert "text, line 5: there is nothing called {Tittle}; did you mean {Title}?" in made.err
    filled = crm("text-template", "fill", "off", "D-1")
    assert filled.out == "On Website redesign\n\nDear client,\nWebsite redesign: €12,500.00\n\n"
    told = crm("text-template", "fill", "offer", "D-1", "--language", "it", "--json").json
    assert (told["language"], "12.500,00" in told["text"], told["kept_back"]) == ("it", True, [])
    assert crm("text-template", "edit", "offer", "--text", "-", "--channel", "mail", stdin="Hello {Title}").code == 0
    shown = crm("text-template", "show", "offer")
    assert "Hello {Title}" in shown.out
    assert shown.err == ""
    listed = crm("text-template", "list", "D-1", "--json").json["templates"]
    assert [(one["key"], one["channel"], one["types"]) for one in listed] == [("offer", "mail", ["deal"])]
    assert crm("text-template", "list", "C-1", "--json").json["total"] == 0
    assert crm("text-template", "list", "--channel", "sms", "--json").json["total"] == 0
    assert crm("text-template", "fill", "offer", "C-1").code == 4
    assert crm("text-template", "retire", "offer").code == 0
    assert "Offer" not in crm("text-template", "list").out
    assert crm("text-template", "restore", "offer").code == 0
    assert crm("text-template", "delete", "offer").code == 0
    assert crm("text-template", "show", "offer").code == 3
    assert crm("undo").code == 0
    assert crm("text-template", "show", "offer").code == 0


def test_what_is_no_template_is_refused_and_others_may_not_change_it(crm: Crm) -> None:
    assert crm("text-template", "add", "Empty").code == 4
    assert "never closed" in crm("text-template", "add", "Open", stdin="{#Title}").err
    assert crm("text-template", "add", "Offer", "--text", "{Title}").code == 0
    assert crm("text-template", "edit", "offer").code == 2
    assert crm("--as", "luca", "text-template", "edit", "offer", "--text", "Mine").code == 5
    own = crm("--as", "luca", "text-template", "add", "Mine", "--text", "{Title}", "--json").json["template"]
    assert own["users"] == ["luca"]
    assert crm("text-template", "fill", "mine", "D-1").code == 5
