"""`tuicrm role …` and `user hand-over`: as people type them, and as scripts read them."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Crm


def test_a_role_by_command_from_its_making_to_its_end(crm: Crm, tmp_path: Path) -> None:
    listed = crm("role", "list", "--json").json
    assert [one["key"] for one in listed["roles"]] == ["administrator", "manager"]
    assert len(listed["roles"][0]["holders"]) == 1
    made = crm(
        "role", "add", "Back office", "--set", "*.read=all", "--set", "deal/general/won.edit=none", "--allow", "merge"
    )
    assert (made.code, made.out) == (0, "back_office\n")
    assert crm("role", "edit", "back_office", "--set", "deal.edit=department", "--deny", "merge").code == 0
    shown = crm("role", "show", "Back office")
    assert "deal/general/won" in shown.out
    assert "nobody" in shown.out
    role = crm("role", "show", "back_office", "--json").json["role"]
    assert role["rules"] == {"*": {"read": "all"}, "deal": {"edit": "department"}, "deal/general/won": {"edit": "none"}}
    assert role["specials"] == []
    assert crm("role", "give", "back_office", "luca").code == 0
    assert crm("deal", "list", "--as", "luca", "--json").json["items"]
    file = tmp_path / "roles.toml"
    assert crm("role", "export", "-o", str(file)).code == 0
    assert crm("role", "export", "-o", str(file)).code == 4, "it is there"
    assert "luca keeps" in crm("role", "delete", "back_office", "--dry-run").out.replace("Luca Riva", "luca")
    assert crm("role", "delete", "back_office").code == 0
    assert crm("role", "show", "back_office").code == 3
    told = crm("role", "import", str(file), "--json").json
    assert (told["added"], told["unchanged"]) == (["back_office"], ["administrator", "manager"])
    assert crm("role", "import", "-", stdin="[role.x]\nwhat = 1\n").code == 4


def test_what_is_wrong_is_told_and_changes_nothing(crm: Crm) -> None:
    for words, told in (
        (("role", "edit", "manager"), "Nothing to change"),
        (("role", "edit", "manager", "--set", "deal.edit=lots"), "choose one of: none, own"),
        (("role", "edit", "administrator", "--set", "deal.edit=own"), "may do everything"),
        (("role", "edit", "nobody", "--name", "X"), "There is no role"),
        (("role", "take", "administrator", "Anna Bianchi"), "this is the last one"),
        (("role", "delete", "administrator"), "this is the last one"),
        (("role", "add", "Manager"), "already exists"),
    ):
        ran = crm(*words)
        assert ran.code in (2, 3, 4), words
        assert told in ran.err, words
    assert crm("role", "list", "--as", "luca").code == 0
    assert crm("role", "add", "Mine", "--as", "luca").code == 5


def test_items_are_handed_over(crm: Crm) -> None:
    def hers() -> int:
        return len(crm("deal", "list", "--where", "responsible = 'Anna Bianchi'", "--json").json["items"])

    before = hers()
    to_luca = ("user", "hand-over", "Anna Bianchi", "--to", "luca")
    counted = crm(*to_luca, "--type", "deal", "--dry-run", "--json").json
    assert (counted["total"], counted["items"]) == (before, {"deal": before})
    ran = crm(*to_luca)
    assert ran.code == 0
    assert "Handed over to Luca Riva" in ran.err
    assert hers() == 0
    assert crm("undo").code == 0
    assert hers() == before
