"""A mail becomes one record, bound to the items that it belongs to: once, by however many accounts and times it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.channels.mail.parsed import ParsedMail
from tuicrm.channels.mail.parsing import parse
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message, threads
from tuicrm.domain.messages.addresses import all_compared, compared
from tuicrm.domain.messages.message import Message, MessageFile, MessageWay
from tuicrm.domain.stamps import read_stamp
from tuicrm.i18n import _, ngettext
from tuicrm.limits import MESSAGE_ITEMS
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.changes import Intent
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES, MESSAGES_KNOWN
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.matching import Matcher
from tuicrm.store.protocol import Doc, Key

TakenHow: TypeAlias = Literal["new", "known", "gone", "unknown", "loop", "unread"]
"""Made; here already; here once and deleted; of nobody who is known, and so left where it is; sent round in a loop; too large."""

_MOST_HOPS = 50
"""Servers that a mail comes by at most: one that came by more goes round and round."""
_WAITS = timedelta(days=14)
"""How old what comes may be and still wait for an answer."""
_AT_ONCE = 200
"""Mails that are written in one commit."""


class MailTaking(Struct, frozen=True):
    """How mails are taken in: of which account ("" by hand), for whom (the person at work without; `department:KEY` for all of one),
    for them alone, bound to which items by hand, which way they went where that is known (what is written by one of the `addresses`
    went out), and whether those of nobody who is known wait in the inbox (`everything`) or are left."""

    account: str = ""
    owner: str = ""
    addresses: tuple[str, ...] = ()
    private: bool = True
    on: tuple[Ref, ...] = ()
    way: MessageWay | None = None
    everything: bool = True
    again: bool = False


class TakenMail(Struct, frozen=True):
    """What became of a mail: its message (0 where there is none), and the items that it is on."""

    how: TakenHow
    id: int = 0
    on: tuple[Ref, ...] = ()
    failed: int = 0
    problems: tuple[str, ...] = ()


class TakingIn:
    """Takes mails in, for one person; what it found of addresses holds for some mails."""

    def __init__(self, session: Session, taking: MailTaking) -> None:
        self._session, self._taking = session, taking
        self._matcher = Matcher(session)

    def one(self, content: bytes) -> TakenMail:
        """Take a mail in. Raises Refused for one that is too large, or bound to more items than may be."""
        return self.several([content])[0]

    def all(self, contents: Iterable[bytes]) -> Iterator[TakenMail]:
        """Take mails in as they come, some in each commit: what is taken in stays, wherever this ends. Little of them is in memory."""
        waiting: list[bytes] = []
        for content in contents:
            waiting.append(content)
            if len(waiting) >= _AT_ONCE or sum(map(len, waiting)) > _MOST_BYTES:
                yield from self.several(waiting)
                waiting = []
        yield from self.several(waiting)

    def several(self, contents: Sequence[bytes], beside: Intent | None = None) -> list[TakenMail]:
        """Take some in, in one commit. What comes by a channel writes down `beside` how far it has come: that is no step of the
        person's, and is never undone."""
        self._matcher.forget()
        mails = [_Mail(self._session, self._taking, self._matcher, content) for content in contents]
        label = ngettext("take in a mail", "take in {n} mails", len(mails))
        with self._session.change(label, **({"fixed": True} if beside is not None else {})) as change:
            for mail in mails:
                change.follow(mail.write)
            if beside is not None:
                change.follow(beside)
        return [mail.taken for mail in mails]


_MOST_BYTES = 64 << 20


class _Mail:
    """One mail on its way in. `write` may be called several times: each time it looks anew at what is here by then."""

    def __init__(self, session: Session, taking: MailTaking, matcher: Matcher, content: bytes) -> None:
        self._session, self._taking, self._matcher = session, taking, matcher
        self._owner = taking.owner or session.person_key
        self._parsed = parse(content, session.clock())
        self._content = content
        self._files: tuple[MessageFile, ...] | None = None
        self._raw = ""
        self._id = 0
        self.taken = TakenMail("unknown")

    def write(self, draft: Draft) -> None:
        """Draft what becomes of it."""
        self.taken = msgspec.structs.replace(self._written(draft), problems=self._parsed.problems)

    def _written(self, draft: Draft) -> TakenMail:
        if self._parsed.hops > _MOST_HOPS:
            return TakenMail("loop")
        failed = self._note_bounce(draft)
        known = KnownMails(draft, self._parsed)
        found = known.find(self._session, self._owner)
        if found is not None:
            doc = draft.get(Key(MESSAGES, found))
            if doc is not None:
                return self._again(draft, found, doc)
            if not self._taking.again:
                return TakenMail("gone", failed=failed)
        parent = self._parent(draft)
        refs = self._refs(parent)
        if not refs and not failed and not self._taking.everything:
            return TakenMail("unknown")
        self._id = self._id or draft.session.store.new_ids(MESSAGES, 1)[0]
        made = self._message(draft, parent, refs)
        doc = message.written(made)
        message.check(None, doc)
        draft.put(Key(MESSAGES, self._id), doc)
        known.add(self._id, made.digest)
        if made.way == "out":
            note_answer(draft, made)
        return TakenMail("new", self._id, tuple(refs), failed)

    def _again(self, draft: Draft, number: int, doc: Doc) -> TakenMail:
        """It is here: whose it is now too, and what it is bound to by hand, is added. What somebody else keeps to themselves stays so
        until it is shared."""
        there, after = message.read(number, doc), dict(doc)
        if self._owner in there.left and not self._taking.again:
            return TakenMail("gone")
        own = message_sight.is_own(self._session, doc)
        more: list[Ref] = []
        if self._owner not in (there.owner or there.by, *there.holders):
            after["holders"] = [*there.holders, self._owner]
            after["left"] = [one for one in there.left if one != self._owner]
            more = self._matcher.with_what_is_theirs(self._matched())
        on = list(dict.fromkeys([*message.bound_to(doc), *self._by_hand(), *more]))[: MESSAGE_ITEMS.most]
        after |= {"on": list(map(str, on))} if on else {}
        if own and not self._taking.private:
            after.pop("private", None)
        draft.put(Key(MESSAGES, number), {name: value for name, value in after.items() if value != []})
        return TakenMail("known", number, tuple(on))

    # -- what it is on -------------------------------------------------------------------------------------------------
    def _way(self) -> MessageWay:
        if self._taking.way is not None:
            return self._taking.way
        person = self._session.workspace.people.get(self._owner)
        own = all_compared((*self._taking.addresses, *([person.email] if person is not None else [])))
        return "out" if compared(self._parsed.sender) in own else "in"

    def _matched(self) -> list[Ref]:
        """Who wrote, or whom it was written to; where nobody of those is known, the others whom it names."""
        mail = self._parsed
        named = (*mail.to, *mail.cc)
        if self._way() == "out":
            return self._matcher.by_addresses(named)
        return self._matcher.by_addresses([mail.sender]) or self._matcher.by_addresses(named)

    def _by_hand(self) -> list[Ref]:
        for ref in self._taking.on:
            self._session.get(ref)
        return list(self._taking.on)

    def _refs(self, parent: Message | None) -> list[Ref]:
        """By hand, by the thread, by addresses with what is open of theirs."""
        by_thread = [ref for ref in (parent.refs if parent else ()) if self._session.peek(ref) is not None]
        matched = self._matcher.with_what_is_theirs(self._matched())
        return list(dict.fromkeys([*self._by_hand(), *by_thread, *matched]))[: MESSAGE_ITEMS.most]

    def _parent(self, draft: Draft) -> Message | None:
        """The message that it answers, by In-Reply-To, else by a reference with the same subject. Anybody can write anything there: it
        is believed where the sender takes part in that message, and this person may read it."""
        mail = self._parsed
        subject = threads.canonical_subject(mail.subject)
        names = [mail.in_reply_to, *(one for one in reversed(mail.references[-_LOOKED_AT:]) if one != mail.in_reply_to)]
        for name in filter(None, names):
            for found in _with_id(draft, name):
                same = name == mail.in_reply_to or threads.canonical_subject(found.subject) == subject
                if same and self._takes_part(found) and message_sight.may_read(self._session, message.written(found)):
                    return found
        return None

    def _takes_part(self, found: Message) -> bool:
        sender = compared(self._parsed.sender)
        people = self._session.workspace.people.values()
        ours = (one.email for one in people if one.email) if self._way() == "out" else ()
        return bool(sender) and sender in all_compared((found.sender, *found.to, *found.cc, *ours))

    # -- what it becomes -----------------------------------------------------------------------------------------------
    def _message(self, draft: Draft, parent: Message | None, refs: list[Ref]) -> Message:
        mail, way = self._parsed, self._way()
        return Message(
            id=self._id,
            channel="mail",
            way=way,
            status="received" if way == "in" else "sent",
            at=mail.at or draft.now,
            by=self._session.person_key,
            owner=self._owner,
            account=self._taking.account,
            private=self._taking.private,
            sender=mail.sender,
            to=mail.to,
            cc=mail.cc,
            subject=mail.subject,
            text=mail.text,
            raw=self._kept_raw(),
            files=self._kept_files(),
            message_id=mail.message_id,
            in_reply_to=mail.in_reply_to,
            references=mail.references,
            thread=parent.root if parent else 0,
            digest=digest_of(mail),
            automatic=mail.automatic,
            unanswered=way == "in" and not mail.automatic and self._is_recent(draft),
            on=tuple(map(str, refs)),
        )

    def _is_recent(self, draft: Draft) -> bool:
        """Whether somebody still waits for an answer: of what lies in an old folder nobody does."""
        at, now = read_stamp(self._parsed.at or draft.now), read_stamp(draft.now)
        return at is not None and now is not None and now - at < _WAITS

    def _kept_raw(self) -> str:
        if not self._raw:
            self._raw = self._session.store.blobs.put(self._content)
        return self._raw

    def _kept_files(self) -> tuple[MessageFile, ...]:
        if self._files is None:
            put = self._session.store.blobs.put
            self._files = tuple(MessageFile(put(one.content), one.name, len(one.content)) for one in self._parsed.files)
        return self._files

    # -- bounces -------------------------------------------------------------------------------------------------------
    def _note_bounce(self, draft: Draft) -> int:
        """Say on the message that did not arrive that it failed: one that was sent here, to somebody the report names. Its id; 0 of
        any other mail, and of a report that nothing here bears out."""
        bounce = self._parsed.bounce
        if bounce is None:
            return 0
        named = set(all_compared(bounce.recipients))
        for found in _with_id(draft, bounce.message_id):
            key = Key(MESSAGES, found.id)
            doc = draft.get(key)
            if doc is None or found.way != "out" or not message_sight.is_own(self._session, doc):
                continue
            if named & set(all_compared((*found.to, *found.cc))):
                reason = bounce.reason or _("the mail server of the recipient refused it")
                draft.put(key, {**doc, "status": "failed", "error": reason})
                return found.id
        return 0


_LOOKED_AT = 20


class KnownMails:
    """Which messages are known by a Message-ID (or, without one, by a digest): one record, so that of two who take the same mail in
    at once the later is drafted again and finds it."""

    def __init__(self, draft: Draft, mail: ParsedMail) -> None:
        self._draft, self._mail = draft, mail
        self._digest = digest_of(mail)
        self._name = mail.message_id or self._digest
        self._key = Key(MESSAGES_KNOWN, threads.slot(self._name))

    def _all(self) -> dict[str, Any]:
        """Of this name, the messages by their digests; names that share the record stand beside it."""
        kept = (self._draft.get(self._key) or {}).get(self._name)
        return dict(kept) if isinstance(kept, dict) else {}

    def find(self, session: Session, owner: str) -> int | None:
        """The message that this mail is, living or deleted; None where it is new."""
        kept = self._all()
        same = kept.get(self._digest)
        if isinstance(same, int):
            return same
        for number in kept.values():
            doc = self._draft.get(Key(MESSAGES, number)) if isinstance(number, int) else None
            if doc is not None and self._is_same(session, owner, message.read(number, doc), doc):
                return int(number)
        return None

    def _is_same(self, session: Session, owner: str, there: Message, doc: Doc) -> bool:
        """Whether what is here is this mail, with or without a footer that a list put behind it. What is somebody else's stays theirs
        alone unless this one holds all that it says."""
        mail = self._mail
        if compared(there.sender) != compared(mail.sender):
            return False
        if threads.canonical_subject(there.subject) != threads.canonical_subject(mail.subject):
            return False
        own = message_sight.is_of(session, owner) and message_sight.is_own(session, doc)
        if own and (there.way == "out" and there.status != "received"):
            return True  # what was sent here, by the copy that a server keeps of it
        if own and threads.continues(there.text, mail.text):
            return True
        return threads.continues(mail.text, there.text) and not there.files

    def add(self, number: int, digest: str) -> None:
        """Say that a message is this mail."""
        there = self._draft.get(self._key) or {}
        self._draft.put(self._key, {**there, self._name: {**self._all(), digest: number}})


def digest_of(mail: ParsedMail) -> str:
    """What makes a mail itself."""
    files = (f"{one.name}\0{hashlib.sha256(one.content).hexdigest()}" for one in mail.files)
    return threads.digest(mail.message_id, mail.sender, mail.subject, mail.text, files)


def know(draft: Draft, made: Message) -> None:
    """Say of a message that is written here which Message-ID it has: its copy in a folder of what was sent is it."""
    mail = ParsedMail(message_id=made.message_id, sender=made.sender, subject=made.subject, text=made.text)
    KnownMails(draft, mail).add(made.id, made.digest or digest_of(mail))


def note_answer(draft: Draft, made: Message) -> None:
    """Say of the messages that one which goes out answers, and of those before them in its thread, that they are answered."""
    for name in dict.fromkeys((made.in_reply_to, *made.references[-_LOOKED_AT:])):
        for found in _with_id(draft, name) if name else ():
            key = Key(MESSAGES, found.id)
            doc = draft.get(key)
            if doc is not None and found.unanswered and message_sight.may_read(draft.session, doc):
                draft.put(key, {name: value for name, value in doc.items() if name != "unanswered"})


def _with_id(draft: Draft, message_id: str) -> list[Message]:
    """The messages of a Message-ID: in the store, and those that are being written."""
    name = Key(MESSAGES_KNOWN, threads.slot(message_id))
    kept = (draft.get(name) or {}).get(message_id)
    found: list[Message] = []
    for number in kept.values() if isinstance(kept, dict) else ():
        doc = draft.get(Key(MESSAGES, number)) if isinstance(number, int) else None
        if doc is not None and doc.get("message_id") == message_id:
            found.append(message.read(number, doc))
    return found
