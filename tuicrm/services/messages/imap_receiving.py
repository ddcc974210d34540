"""What comes into the folders of an account on a server: each mail looked at once, by UIDVALIDITY and UID."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tuicrm.channels.mail.imap import SENT_FOLDER, ImapFolder, ImapLine
from tuicrm.domain.channels import SENT_NAMES, Channel, first_days, folders_of
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.channel_taking import ChannelTaking
from tuicrm.services.messages.positions import number, text
from tuicrm.services.messages.receiving import ReceivedStep
from tuicrm.services.messages.servers import imap_server, secret_for

_EVERY = 120.0
"""Seconds between two looks: where the server cannot tell, and for the folders that it does not tell of."""


class ImapReceiver:
    """Looks through the folders of an account."""

    def __init__(self, session: Session, channel: Channel) -> None:
        self._session, self._channel = session, channel
        self._line = ImapLine(imap_server(channel), secret_for(channel))
        self._seen: dict[str, int] = {}
        self._troubles: list[str] = []
        self._sent: str | None = None
        self.every = _EVERY

    def close(self) -> None:
        self._line.close()

    def troubles(self) -> list[str]:
        return self._troubles

    # -- looking -------------------------------------------------------------------------------------------------------
    def take(self) -> Iterator[ReceivedStep]:
        """Take in what has come into its folders. Raises Unreachable, StorageError."""
        self._line.end_idle()
        self.every = _EVERY
        self._troubles = []
        for named in folders_of(self._channel):
            name = self._folder_of_sent() if named.upper() == SENT_FOLDER else named
            folder = self._line.open(name) if name else None
            if folder is not None:
                yield from self._look(folder, named)
            elif name or named.upper() != SENT_FOLDER:
                self._troubles.append(_("there is no folder {name}").format(name=name))

    def _folder_of_sent(self) -> str:
        if self._sent is None:
            self._sent = self._line.folder_of_sent()
        return self._sent

    def _look(self, folder: ImapFolder, named: str) -> Iterator[ReceivedStep]:
        """Take in what is new of a folder. Whose UIDs mean something else now is looked through anew: what is here stays one."""
        sent = named.upper() == SENT_FOLDER or folder.name.casefold() in SENT_NAMES
        taking = ChannelTaking(self._session, self._channel, folder.name, sent=sent, named=named)
        mark = taking.mark()
        same = number(mark, "validity") == folder.validity
        last = number(mark, "uid") if same else 0
        since = _day(text(mark, "since")) or (self._session.clock().date() - timedelta(days=first_days(self._channel)))

        def further(kept: Mapping[str, Any]) -> bool:
            return number(kept, "validity") == folder.validity and number(kept, "uid") >= last

        if not (same and last and folder.next_uid and folder.next_uid <= last + 1):
            for group in self._line.mails(self._line.uids(last, since)):
                last = max([last, *(mail.uid for mail in group)])
                yield from taking.take([mail.content for mail in group], _mark(folder, last, since), further)
        if folder.next_uid - 1 > last or not same:
            last = max(last, folder.next_uid - 1)
            yield from taking.take([], _mark(folder, last, since), further)
        self._seen[folder.name] = last

    # -- waiting -------------------------------------------------------------------------------------------------------
    def listen(self) -> socket.socket | None:
        """Have the server tell of what comes into the first folder. Raises Unreachable."""
        name = next(iter(self._seen), "")
        folder = self._line.open(name) if name else None
        if folder is None:
            return None
        if folder.next_uid - 1 > self._seen[name]:
            self.every = 0.0
            return None
        found = self._line.idle()
        if found is not None and self._line.has_something():
            self.every = 0.0
        return found


def _mark(folder: ImapFolder, uid: int, since: date) -> dict[str, int | str | list[str]]:
    return {"validity": folder.validity, "uid": uid, "since": since.isoformat()}


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
