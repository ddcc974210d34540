"""Who takes part, and what they have said to that: accepted, declined, maybe. One's own answer needs no more than reading the item."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.activities.planned import read
from tuicrm.domain.language import every
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import N_, _
from tuicrm.services.items.activities import known, label_of
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Key

ACCEPTED, DECLINED, MAYBE, ASKED = "accepted", "declined", "maybe", "asked"
_TOLD: Mapping[str, str] = {
    ACCEPTED: N_("You take part."),
    DECLINED: N_("You do not take part."),
    MAYBE: N_("You may take part."),
    ASKED: N_("You have not answered yet."),
}
ANSWER_WORDS: Mapping[str, str] = {
    ASKED: N_("not answered"),
    ACCEPTED: N_("accepted"),
    DECLINED: N_("declined"),
    MAYBE: N_("maybe"),
}
"""What somebody has said, in words (English sources)."""


def read_answer(text: str) -> str:
    """An answer as it is kept, from what people type: yes, no, maybe, in any language that ships. Raises Refused."""
    word = text.strip().casefold()
    for value, words in (
        (ACCEPTED, ("yes", "accept", ACCEPTED, "accetto", *every("yes"))),
        (DECLINED, ("no", "decline", DECLINED, "rifiuto", *every("no"))),
        (MAYBE, (MAYBE, "tentative", "forse")),
    ):
        if word in words:
            return value
    message = _("yes, no or maybe is expected")
    raise Refused(f"answer: {message}", [FieldProblem("answer", message, text)])


def answer_of(session: Session, activity: int) -> str:
    """What this person has said so far; "" where nobody asked them to take part. Raises NotFound."""
    record = known(session, activity)
    return read(record.id, record.rev, record.doc).people.get(session.person_key, "")


def answer(session: Session, activity: int, said: str) -> str:
    """Say whether one takes part; returns that. Raises NotFound, and Refused where nobody asked this person."""
    record = known(session, activity)
    me, key = session.person_key, Key(ACTIVITIES, activity)

    def intent(draft: Draft) -> None:
        doc = draft.get(key)
        if doc is None:
            raise NotFound(_("There is no activity {n}.").format(n=activity))
        people = read(activity, 0, doc).people
        if me not in people:
            raise Refused(_("Nobody asked you to take part in activity {n}.").format(n=activity))
        if people[me] != said:
            draft.put(key, {**doc, "people": {**people, me: said}})

    with session.change(label_of(_("answer “{what}”"), record.doc)) as change:
        change.follow(intent)
    return said


def told(said: str) -> str:
    """An answer as a sentence."""
    return _(_TOLD[said])
