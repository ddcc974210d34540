"""A session goes on whatever a script makes of the entry of who it is for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.services.workspace.people import Details, edit_person
from tuicrm.store.protocol import Op


def _overwrite(session: Session, fields: dict[str, Any] | None) -> None:
    """As a script writes that goes past everything we check."""
    entry = session.workspace.entry("person", "anna")
    assert entry is not None
    session.store.commit([Op("person", entry.id, None if fields is None else {**entry.doc, **fields})])


@pytest.mark.parametrize("wrong", [{"email": 5}, {"zone": ["Europe/Rome"], "language": {}}, {"department": 1.5}])
def test_one_wrong_value_shuts_nobody_out_and_is_mended_by_them(
    seeded: Session, open_as: OpenAs, wrong: dict[str, Any]
) -> None:
    _overwrite(seeded, wrong)
    assert (seeded.person.name, seeded.person.email, seeded.access.admin) == ("Anna Bianchi", "", True)
    assert [one.table for one in seeded.workspace.misshapen] == ["person"]
    again = open_as("anna")
    assert again.person.key == "anna"
    edit_person(again, "anna", Details(email="a@x.it", language="it", zone="Europe/Rome", department="company"))
    assert (again.person.email, again.workspace.misshapen) == ("a@x.it", [])


@pytest.mark.parametrize("wrong", [None, {"name": 5}, {"retired": "yes"}, {"roles": 7}])
def test_whose_entry_is_gone_or_says_nothing_of_their_rights_may_do_nothing(
    seeded: Session, wrong: dict[str, Any] | None
) -> None:
    _overwrite(seeded, wrong)
    assert (seeded.person.key, seeded.access.admin) == ("anna", False)
    assert presence.names(seeded) == ()
    with pytest.raises(NotFound):
        items.edit(seeded, Ref("deal", 1), {"title": "Mine"})
