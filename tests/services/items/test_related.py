"""Items that belong together, from either side; what a new one begins with."""

from __future__ import annotations

from typing import Any

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.smart import delivery
from tuicrm.domain.items import Ref
from tuicrm.services.items import items, related
from tuicrm.services.kernel.session import Session

CO1, C1, D1 = Ref("company", 1), Ref("contact", 1), Ref("deal", 1)


def listed(session: Session, ref: Ref, kind: str) -> list[int]:
    return related.ids(session, session.get(ref), kind)


def test_contacts_belong_to_several_companies_whoever_says_so(seeded: Session) -> None:
    ada = items.add(seeded, "contact", {"first_name": "Ada"}).ref
    items.edit(seeded, CO1, {"contacts": [str(ada)]})
    items.edit(seeded, ada, {"companies": ["company:2"]})
    assert listed(seeded, CO1, "contact") == [C1.id, ada.id]
    assert listed(seeded, Ref("company", 2), "contact") == [ada.id]
    assert listed(seeded, ada, "company") == [1, 2]
    items.delete(seeded, [CO1])
    assert listed(seeded, ada, "company") == [2]


def test_a_quote_lists_its_deal_and_a_deal_its_quotes(seeded: Session) -> None:
    quote = items.add(seeded, "quote", {"title": "Q", "deal": "deal:1"}).ref
    assert listed(seeded, quote, "deal") == [1]
    assert listed(seeded, D1, "quote") == [quote.id]


def test_ones_own_company_does_not_list_every_quote(seeded: Session) -> None:
    items.add(seeded, "quote", {"title": "Q", "own_company": "company:1"})
    assert listed(seeded, CO1, "quote") == []


def test_what_links_them_is_told_to_those_who_see_it(seeded: Session, open_as: OpenAs) -> None:
    key = add_field(seeded, "deal", "Partner", "item", targets=["company"]).key
    items.edit(seeded, Ref("deal", 2), {key: "company:1"})
    restrict_field(seeded, "deal", key, ["anna"])
    assert listed(seeded, CO1, "deal") == [1, 2]
    assert listed(open_as("luca"), CO1, "deal") == [1]


def test_a_new_one_names_it_and_takes_its_client(seeded: Session) -> None:
    delivery(seeded)

    def values(ref: Ref, kind: str) -> dict[str, Any]:
        found = related.new_values(seeded, seeded.get(ref), kind)
        assert found.pop("pipeline", "general") == "general"
        assert found.pop("stage", "new") in ("new", "draft")
        return found

    assert values(CO1, "deal") == {"company": "company:1"}
    assert values(C1, "deal") == {"company": "company:1", "contacts": ["contact:1"]}
    assert values(D1, "quote") == {"company": "company:1", "deal": "deal:1"}
    assert values(D1, "delivery") == {"company": "company:1", "parent_deal": "deal:1"}
    assert values(CO1, "contact") == {"company": "company:1"}
    assert values(C1, "company") == {"contacts": ["contact:1"]}


def test_what_follows_from_elsewhere_is_not_added_to(seeded: Session) -> None:
    assert related.why_not_new(seeded, "company", "deal") is None
    told = "This list comes from deals themselves: nothing can be added here."
    assert related.why_not_new(seeded, "lead", "deal") == told
    assert related.why_not_new(seeded, "product", "deal") == told
