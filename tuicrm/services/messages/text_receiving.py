"""What comes by channels of texts: SMS from a daemon's folder or a gateway, a bot's chats; and what became of what was sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any

from tuicrm.channels.texts.sms_folder import folder_reports, folder_texts
from tuicrm.channels.texts.sms_http import gateway_report, gateway_texts
from tuicrm.channels.texts.telegram import TelegramUpdates, telegram_updates
from tuicrm.domain.channels import Channel
from tuicrm.errors import Refusal, Unreachable
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import positions, reports
from tuicrm.services.messages.positions import Position
from tuicrm.services.messages.receiving import ReceivedStep
from tuicrm.services.messages.text_servers import bot_of, folders_of_daemon, gateway_of, text_secret
from tuicrm.services.messages.text_taking import TextTaking

_ASKED = 50
"""Statuses that are asked for in one look."""
_HOLDS = 25
"""Seconds that Telegram holds a question where nothing came."""


def _is_further(offset: int, kept: Mapping[str, Any]) -> bool:
    return positions.number(kept, "offset") > offset


class PollingReceiver:
    """What all of them share: nothing is held between two looks, and nobody tells them of anything."""

    every = 60.0

    def __init__(self, session: Session, channel: Channel) -> None:
        self._session, self._channel = session, channel
        self._taking = TextTaking(session, channel)
        self._troubles: list[str] = []

    def close(self) -> None:
        """Nothing is held."""

    def troubles(self) -> list[str]:
        """What did not work in the last look."""
        return self._troubles

    def listen(self) -> socket.socket | None:
        """Nobody tells of what comes."""
        return None


class FolderReceiver(PollingReceiver):
    """SMS that a daemon put down, and those that it could not send. Its files stay where they are: they are its own."""

    every = 10.0

    def take(self) -> Iterator[ReceivedStep]:
        """Take in what has come. Raises Unreachable, StorageError."""
        where = folders_of_daemon(self._channel)
        names = set(reports.waiting(self._session, self._channel))
        for told in folder_reports(where, names):
            number = reports.report(self._session, self._channel, told)
            yield ReceivedStep(self._channel.key, "known", number, failed=number)
        mark = positions.position(self._session, self._channel.key).mark.get("names")
        known = set(mark) if isinstance(mark, list) else set()
        found = list(folder_texts(where))
        there = [name for files, _text in found for name in files]
        new = [text for files, text in found if not known.issuperset(files)]
        if new:
            now = Position(self._channel.key, "", {"names": sorted(there)})
            yield from self._taking.take(new, now)


class GatewayReceiver(PollingReceiver):
    """SMS that a gateway lists, and the statuses that it tells when asked."""

    def take(self) -> Iterator[ReceivedStep]:
        """Take in what has come. Raises Unreachable, AccessDenied, StorageError."""
        gateway, secret, key = gateway_of(self._channel), text_secret(self._channel), self._channel.key
        if gateway.status_url:
            for name in reports.waiting(self._session, self._channel, _ASKED):
                told = gateway_report(gateway, name, self._channel.address, secret)
                number = reports.report(self._session, self._channel, told) if told is not None else 0
                if number and told is not None:
                    yield ReceivedStep(key, "known", number, failed=number if told.status == "failed" else 0)
        if gateway.incoming_url:
            yield from self._taking.take(list(gateway_texts(gateway, self._channel.address, secret)))


class TelegramReceiver(PollingReceiver):
    """What people write to a bot. Between looks one question stands open, which Telegram answers as soon as something comes; how far
    it was answered is kept with the messages that it brought."""

    every = 60.0

    def __init__(self, session: Session, channel: Channel) -> None:
        super().__init__(session, channel)
        self._bot = bot_of(channel)
        self._asking: Thread | None = None
        self._told: socket.socket | None = None
        self._came: list[TelegramUpdates | Refusal | Unreachable] = []

    def take(self) -> Iterator[ReceivedStep]:
        """Take in what has come. Raises Unreachable, StorageError."""
        # What came is there a moment before the thread that brought it has ended.
        if not self._came and self._asking is not None and self._asking.is_alive():
            return
        self._let_go()
        offset = self._offset()
        came = self._came.pop() if self._came else telegram_updates(self._bot, offset, 0)
        while not isinstance(came, (Refusal, Unreachable)):
            if came.offset <= offset:
                return
            offset = came.offset
            now = Position(self._channel.key, "", {"offset": offset})
            yield from self._taking.take(came.texts, now, partial(_is_further, offset))
            came = telegram_updates(self._bot, offset, 0)
        raise came

    def listen(self) -> socket.socket | None:
        """Have a question stand open."""
        if self._told is not None:
            return self._told
        offset = self._offset()
        ours, theirs = socket.socketpair()

        def ask() -> None:
            try:
                self._came.append(telegram_updates(self._bot, offset, _HOLDS))
            except (Refusal, Unreachable) as problem:
                self._came.append(problem)
            with suppress(OSError):
                theirs.close()

        self._came.clear()
        self._told = ours
        self._asking = Thread(target=ask, daemon=True)
        self._asking.start()
        return ours

    def close(self) -> None:
        """The question that stands open is left to itself: what it brings is asked for again, as nothing of it is written."""
        self._let_go()

    def _let_go(self) -> None:
        if self._told is not None:
            self._told.close()
        self._asking = self._told = None

    def _offset(self) -> int:
        return positions.number(positions.position(self._session, self._channel.key).mark, "offset")
