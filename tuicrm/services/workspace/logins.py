"""Who came in through the front (SSH, a browser), when, from where and for what: kept with the workspace."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tuicrm.domain.conditions import ALWAYS, Condition, Test
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.login import Comer
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Key, Ordered

TABLE = "came_in"
_WORDS = 40


class ComingIn(Struct, frozen=True):
    """One log-in: who (a person's key), when (UTC ISO), from which address, by which key, and the first words of what was asked (""
    for the program itself)."""

    person: str
    at: str
    whence: str = ""
    key: str = ""
    what: str = ""


def note(session: Session, who: Comer, what: str = "") -> None:
    """Write down that somebody came in. No step of theirs: nothing to undo."""
    number = session.store.new_ids(TABLE, 1)[0]
    doc = {
        "person": who.person,
        "at": stamp(session.clock()),
        "from": who.whence,
        "key": who.key,
        "what": what[:_WORDS],
    }
    with session.change(_("come in"), fixed=True) as change:
        change.follow(
            lambda draft: draft.put(Key(TABLE, number), {name: value for name, value in doc.items() if value})
        )


def logins(session: Session, most: int) -> Sequence[ComingIn]:
    """The newest log-ins, so many at most: everybody's for administrators, else one's own."""
    where: Condition = ALWAYS if session.access.admin else Test("person", "string", "=", session.person_key)
    found = []
    for number in session.store.window(Ordered(TABLE, where), most, -most).ids[::-1]:
        for record in session.store.get(TABLE, [number]):
            said = {name: str(record.doc.get(name) or "") for name in ("person", "at", "from", "key", "what")}
            found.append(ComingIn(said["person"], said["at"], said["from"], said["key"], said["what"]))
    return found
