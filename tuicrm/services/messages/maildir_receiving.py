"""What comes into a Maildir of this machine: each mail looked at once, and left where it lies unless the account says otherwise."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from tuicrm.channels.mail.folders import MaildirMail, is_maildir, maildir_mails, move_to_cur, whole
from tuicrm.domain.channels import SENT_NAMES, Channel, first_days, folders_of
from tuicrm.errors import Refused, Unreachable
from tuicrm.i18n import _
from tuicrm.limits import MAIL_SIZE
from tuicrm.login import at_home
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.channel_taking import ChannelTaking
from tuicrm.services.messages.positions import number, texts
from tuicrm.services.messages.receiving import ReceivedStep

_EVERY = 5.0
_AT_ONCE, _BYTES = 200, 8 << 20
_SECOND = 1_000_000_000


class _Folder(Struct, frozen=True):
    """A folder of a Maildir: what it is called, where it lies, whether it holds what was sent."""

    name: str
    path: Path
    sent: bool


class MaildirReceiver:
    """Looks through a Maildir and the folders within it that the account names."""

    def __init__(self, session: Session, channel: Channel) -> None:
        self._session, self._channel = session, channel
        self._root = maildir_of(channel)
        self._troubles: list[str] = []
        self.every = _EVERY

    def close(self) -> None:
        """Nothing is held."""

    def troubles(self) -> list[str]:
        return self._troubles

    def listen(self) -> socket.socket | None:
        """A folder tells nobody of anything."""
        return None

    def take(self) -> Iterator[ReceivedStep]:
        """Take in what has come. Raises Unreachable, StorageError."""
        self._troubles = []
        for named in folders_of(self._channel):
            try:
                folder = _folder(self._root, named)
            except OSError as problem:
                raise Unreachable(f"{self._root}: {problem.strerror}") from problem
            if folder is not None:
                yield from self._look(folder)
            elif named.upper() != "SENT":
                self._troubles.append(_("there is no folder {name}").format(name=named))

    def _look(self, folder: _Folder) -> Iterator[ReceivedStep]:
        """Take in what came since the last look: a file is newer than what was looked at, or as new and another one. One that a mail
        program only marks as read is newer too, and is known."""
        taking = ChannelTaking(self._session, self._channel, folder.name, sent=folder.sent)
        mark = taking.mark()
        since = number(mark, "changed")
        known = set(texts(mark, "names"))
        oldest = 0 if since else int(self._session.clock().timestamp() - first_days(self._channel) * 86_400) * _SECOND
        new = [
            one
            for one in maildir_mails(folder.path)
            if one.delivered >= oldest and (one.changed > since or (one.changed == since and one.name not in known))
        ]
        for group in _groups(sorted(new, key=lambda one: (one.changed, one.name))):
            last = group[-1].changed
            known = {one.name for one in group if one.changed == last} | (known if last == since else set())
            since = last
            now: dict[str, int | str | list[str]] = {"changed": last, "names": sorted(known)}
            contents = [whole(one.path) for one in group]
            yield from taking.take(contents, now, partial(_is_newer, last))
            if self._channel.settings.get("move") == "yes":
                for one in group:
                    move_to_cur(one.path)


def _is_newer(last: int, kept: Mapping[str, object]) -> bool:
    return number(kept, "changed") > last


def maildir_of(channel: Channel) -> Path:
    """Where the Maildir of an account lies. Raises Refused where there is no such."""
    path = at_home(channel.settings.get("path", ""), own=True)
    if not is_maildir(path):
        raise Refused(_("{path} is not a Maildir (a folder with cur and new).").format(path=path))
    return path


def _folder(root: Path, named: str) -> _Folder | None:
    """A folder that an account names: INBOX is the Maildir itself, SENT what was sent, others lie in it as `.Name`."""
    if named.upper() == "INBOX":
        return _Folder("INBOX", root, sent=False)
    inner = {one.name[1:]: one for one in root.iterdir() if one.name.startswith(".") and is_maildir(one)}
    if named.upper() == "SENT":
        return next(
            (_Folder(name, inner[name], sent=True) for name in sorted(inner) if name.casefold() in SENT_NAMES), None
        )
    return _Folder(named, inner[named], named.casefold() in SENT_NAMES) if named in inner else None


def _groups(mails: list[MaildirMail]) -> Iterator[list[MaildirMail]]:
    group: list[MaildirMail] = []
    size = 0
    for one in mails:
        if group and (len(group) >= _AT_ONCE or size + one.size > _BYTES):
            yield group
            group, size = [], 0
        group.append(one)
        size += min(one.size, MAIL_SIZE.most)
    if group:
        yield group


def folder_counts(channel: Channel) -> Mapping[str, Any]:
    """The folders of an account that are there, with how many mails lie in each; None for one that is not. Raises Refused."""
    root = maildir_of(channel)
    found: dict[str, int | None] = {}
    for named in folders_of(channel):
        folder = _folder(root, named)
        if folder is not None:
            found[folder.name] = len(list(maildir_mails(folder.path)))
        elif named.upper() != "SENT":
            found[named] = None
    return found
