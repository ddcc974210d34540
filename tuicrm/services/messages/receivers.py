"""What comes in by channels: one table, kind of channel → how it takes in; and all channels of a person together.

A kind that takes something in adds a maker to `RECEIVERS`, and its settings to `domain/channel_settings.KINDS`.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Event
from types import TracebackType

from tuicrm.domain.channels import Channel
from tuicrm.errors import Refusal, StorageError, Unreachable
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import positions, trust
from tuicrm.services.messages.accounts import may_use
from tuicrm.services.messages.receiving import ReceivedStep, Receiver

AGAIN = 120.0
"""Seconds until a channel that did not work is asked again."""


class Receivers:
    """All channels by which this person may take in here. Close it when done. Raises StorageError for the workspace alone: channels
    that do not work are in `troubles`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: dict[str, Receiver] = {}
        self._made_of: dict[str, Channel] = {}
        self._next: dict[str, float] = {}
        self._sockets: dict[str, socket.socket] = {}
        self.troubles: dict[str, str] = {}
        """Channels that do not work here, by key, and why."""

    def __enter__(self) -> Receivers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        for key in list(self._open):
            self._drop(key)

    def channels(self) -> list[Channel]:
        """Those that something can come by, for this person."""
        known = self._session.workspace.channels.values()
        return [one for one in known if one.kind in RECEIVERS and may_use(self._session, one)]

    def forget(self) -> None:
        """Look through all folders anew: mail of people who are known only by now comes in, and nothing comes twice."""
        for channel in self.channels():
            positions.forget(self._session, channel.key)

    def take(self) -> Iterator[ReceivedStep]:
        """Take in what has come, by every channel that is to be looked at by now."""
        self._session.store.refresh()
        wanted = self.channels()
        for key in set(self._open) - {one.key for one in wanted}:
            self._drop(key)
        for channel in wanted:
            if self._next.get(channel.key, 0) <= time.monotonic():
                yield from self._taken(channel)

    def _taken(self, channel: Channel) -> Iterator[ReceivedStep]:
        key = channel.key
        self._sockets.pop(key, None)
        self.troubles.pop(key, None)
        try:
            receiver = self._receiver(channel)
            yield from receiver.take()
            if receiver.troubles():
                self.troubles[key] = "; ".join(receiver.troubles())
            self._next[key] = time.monotonic() + receiver.every
        except StorageError:
            self._drop(key)
            raise
        except (Refusal, Unreachable) as problem:
            self._drop(key)
            self.troubles[key] = problem.message
            self._next[key] = time.monotonic() + AGAIN

    def _receiver(self, channel: Channel) -> Receiver:
        key = channel.key
        if key in self._open and self._made_of[key] != channel:
            self._drop(key)
        if key not in self._open:
            trust.require(channel)
            self._open[key] = RECEIVERS[channel.kind](self._session, channel)
            self._made_of[key] = channel
        return self._open[key]

    def _drop(self, key: str) -> None:
        self._sockets.pop(key, None)
        receiver = self._open.pop(key, None)
        if receiver is not None:
            receiver.close()

    # -- waiting -------------------------------------------------------------------------------------------------------
    def listen(self) -> None:
        """Have the servers that can tell of what comes, until the next look."""
        for key, receiver in list(self._open.items()):
            if key not in self._sockets:
                try:
                    found = receiver.listen()
                except (Refusal, Unreachable):
                    # That a server ended a connection which nobody used is nothing that people are told of: it is asked anew.
                    self._drop(key)
                    self._next[key] = time.monotonic()
                    continue
                if found is not None:
                    self._sockets[key] = found
                self._next[key] = time.monotonic() + receiver.every

    def wait(self, seconds: float, end: Event) -> bool:
        """Wait until some channel is to be looked at, so long at most, or to the `end`; whether one is."""
        now = time.monotonic()
        known = {one.key for one in self.channels()}
        soonest = min((self._next.get(key, now) for key in known), default=now + seconds)
        left = max(0.0, min(seconds, soonest - now))
        if not self._sockets:
            end.wait(left)
        else:
            told = select.select(list(self._sockets.values()), [], [], left)[0]
            for key, one in list(self._sockets.items()):
                if one in told:
                    self._next[key] = time.monotonic()
        return any(self._next.get(key, 0) <= time.monotonic() for key in known)


def _imap(session: Session, channel: Channel) -> Receiver:
    from tuicrm.services.messages.imap_receiving import ImapReceiver

    return ImapReceiver(session, channel)


def _maildir(session: Session, channel: Channel) -> Receiver:
    from tuicrm.services.messages.maildir_receiving import MaildirReceiver

    return MaildirReceiver(session, channel)


def _sms_folder(session: Session, channel: Channel) -> Receiver:
    from tuicrm.services.messages.text_receiving import FolderReceiver

    return FolderReceiver(session, channel)


def _sms_http(session: Session, channel: Channel) -> Receiver:
    from tuicrm.services.messages.text_receiving import GatewayReceiver

    return GatewayReceiver(session, channel)


def _telegram(session: Session, channel: Channel) -> Receiver:
    from tuicrm.services.messages.text_receiving import TelegramReceiver

    return TelegramReceiver(session, channel)


RECEIVERS: Mapping[str, Callable[[Session, Channel], Receiver]] = {
    "imap": _imap,
    "maildir": _maildir,
    "sms_folder": _sms_folder,
    "sms_http": _sms_http,
    "telegram": _telegram,
}
"""Kinds of channels that something comes by, and what takes it in. Makers raise Refusal or Unreachable, and import what is large
themselves."""
