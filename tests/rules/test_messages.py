"""Messages that one may not read, and items that one may not: nothing of them is told, wherever messages are looked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.rules.world import World
from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.items.due_counts import DueCounts
from tuicrm.services.messages import records
from tuicrm.services.messages.taking_in import MailTaking, TakingIn

WORD, NAME = "Quittenmus", "Geheimkunde"
"""A word of the text of each message, and the name of the deal that Luca may not read: words that stand nowhere else."""


class Sent(NamedTuple):
    """The refs of the messages: `private` is Anna's alone, on Luca's deal; `elsewhere` is shared, on hers; `both` is shared, and on
    both."""

    private: str
    elsewhere: str
    both: str
    mine: Ref
    hers: Ref


@pytest.fixture
def sent(world: World) -> Sent:
    """Luca reads his own items alone."""
    anna = world.anna
    mine = world.deal("Hotel Aurora")
    hers = items.add(anna, "deal", {"title": NAME, "responsible": anna.person_key}).ref
    role = next(record for record in anna.workspace.records["role"].values() if not record.doc.get("admin"))
    with anna.change("rules") as change:
        rules = {where: {**rule, "read": "own", "export": "own"} for where, rule in role.doc["rules"].items()}
        change.put("role", {**role.doc, "rules": rules}, role.id)
    refs = []
    for n, (on, private) in enumerate([((mine,), True), ((hers,), False), ((mine, hers), False)]):
        content = mail(f"Matter {n}", f"It is about {WORD} number{n}.", number=f"{n}@rules.example")
        content = content.replace(b"Tue, 03 Nov 2026", anna.clock().strftime("%a, %d %b %Y").encode())
        taken = TakingIn(anna, MailTaking(on=on, private=private)).one(content)
        refs.append(records.by_id(anna, taken.id).ref)
    world.look()
    alone, elsewhere, both = refs
    return Sent(alone, elsewhere, both, mine, hers)


Look = Callable[[World, Sent, str], str]


def command(*words: str) -> Look:
    def look(world: World, sent: Sent, by: str) -> str:
        named = {
            "private": sent.private,
            "elsewhere": sent.elsewhere,
            "both": sent.both,
            "mine": world.anna.workspace.show_ref(sent.mine),
        }
        ran = world.command(*(word.format(**named) for word in words), by=by)
        return ran.out + ran.err

    return look


def counter(world: World, sent: Sent, by: str) -> str:
    session = world.luca if by == "luca" else world.anna
    session.store.refresh()
    counts = DueCounts(session, "deal")
    counts.follow()
    return "number0 " * (counts.of(sent.mine.id, own=True).asked == 2)


def searched(world: World, sent: Sent, by: str) -> str:
    ran = world.command("find", "number0", "--json", by=by)
    return ran.out.replace('"number0"', "")  # what was asked


PRIVATE: dict[str, Look] = {
    "list": command("mail", "list", "--all", "--json"),
    "list of the item": command("mail", "list", "{mine}", "--json"),
    "list of what waits": command("mail", "list", "--unanswered", "--json"),
    "show": command("mail", "show", "{private}"),
    "original": command("mail", "show", "{private}", "--raw"),
    "timeline": command("timeline", "{mine}"),
    "timeline as JSON": command("timeline", "{mine}", "--json"),
    "search": searched,
    "answer": command("mail", "reply", "{private}", "--text", "x"),
    "passed on": command("mail", "forward", "{private}", "--to", "x@y.it", "--text", "x"),
    "log": command("log", "--limit", "50", "--json"),
    "history of the item": command("history", "{mine}"),
    "counter": counter,
}
"""Where a message of Anna's alone, on an item that Luca may read, could be told of. Anna sees it in those of `SEEN`."""
SEEN = (
    "list",
    "list of the item",
    "list of what waits",
    "show",
    "original",
    "timeline",
    "timeline as JSON",
    "search",
    "counter",
)


@pytest.mark.parametrize("place", PRIVATE)
def test_a_private_message_on_an_item_that_one_reads_is_told_nowhere(world: World, sent: Sent, place: str) -> None:
    luca = PRIVATE[place](world, sent, "luca")
    assert "number0" not in luca
    assert "Matter 0" not in luca
    if place in SEEN:
        anna = PRIVATE[place](world, sent, world.anna.person_key)
        assert "number0" in anna or "Matter 0" in anna, "or the place shows nothing at all"


@pytest.mark.parametrize("words", [
    ("mail", "list", "--all", "--json"), ("mail", "show", "{elsewhere}"), ("mail", "show", "{elsewhere}", "--raw"), ("find", WORD),
    ("mail", "link", "{elsewhere}", "{mine}"), ("mail", "share", "{elsewhere}", "--private"), ("mail", "done", "{elsewhere}"),
    ("mail", "delete", "{elsewhere}"), ("mail", "reply", "{elsewhere}", "--text", "x"),
])  # fmt: skip
def test_a_message_of_items_that_one_may_not_read_is_as_if_it_were_not(
    world: World, sent: Sent, words: tuple[str, ...]
) -> None:
    told = command(*words)(world, sent, "luca")
    assert "number1" not in told
    assert "Matter 1" not in told
    assert NAME not in told
    if sent.elsewhere in "".join(words).format(**sent._asdict()):
        missing = command(*("MSG-999" if "elsewhere" in word else word for word in words))(world, sent, "luca")
        assert told.replace(sent.elsewhere, "MSG-999") == missing
    world.look()
    assert records.find_message(world.anna, sent.elsewhere).record.subject == "Matter 1"


@pytest.mark.parametrize("words", [
    ("mail", "list", "--all", "--json"), ("mail", "show", "{both}"), ("mail", "show", "{both}", "--json"), ("timeline", "{mine}"),
    ("mail", "list", "--all"),
])  # fmt: skip
def test_of_a_message_that_one_reads_the_items_that_one_may_not_are_not_named(
    world: World, sent: Sent, words: tuple[str, ...]
) -> None:
    told = command(*words)(world, sent, "luca")
    assert "Matter 2" in told
    assert NAME not in told
    assert f'"{world.anna.workspace.show_ref(sent.hers)}"' not in told
    assert f" {world.anna.workspace.show_ref(sent.hers)} " not in told
