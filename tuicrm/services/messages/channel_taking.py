"""Mails that a channel brings are taken in: for whom the account is, some in each commit, with how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tuicrm.domain.channels import Channel, is_shared
from tuicrm.i18n import _
from tuicrm.limits import MAIL_SIZE
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import positions
from tuicrm.services.messages.positions import Position
from tuicrm.services.messages.receiving import ReceivedStep
from tuicrm.services.messages.taking_in import MailTaking, TakingIn
from tuicrm.services.workspace.members import DEPARTMENT


class ChannelTaking:
    """Takes in what one folder of a channel brings. `sent`: it holds what went out."""

    def __init__(self, session: Session, channel: Channel, folder: str, *, sent: bool, named: str = "") -> None:
        """`named` is what the account calls the folder, where that is other than what it is called there."""
        self._session, self._channel, self.folder = session, channel, folder
        said = channel.settings
        # Another server, another Maildir, and whose mail is taken in, make it another folder to look through.
        place = said.get("path") or f"{said.get('user', '')}@{said.get('host', '')}"
        self._place = f"{folder} {place} {channel.take}"
        shared = is_shared(channel, folder) or (bool(named) and is_shared(channel, named))
        taking = MailTaking(
            account=channel.key,
            owner=channel.person or f"{DEPARTMENT}{channel.department}",
            addresses=(channel.address,),
            private=not shared,
            way="out" if sent else None,
            everything=channel.take == "all",
        )
        self._taking = TakingIn(session, taking)

    def mark(self) -> Mapping[str, int | str | list[str]]:
        """How far the folder has been looked through."""
        return positions.position(self._session, self._channel.key, self._place).mark

    def take(
        self,
        contents: Sequence[bytes | None],
        mark: Mapping[str, int | str | list[str]],
        is_further: Callable[[Mapping[str, object]], bool],
    ) -> Iterator[ReceivedStep]:
        """Take some in (None: one that is too large), and write down in the same commit how far that is; where somebody else
        `is_further` by then, theirs stands."""
        now = Position(self._channel.key, self._place, mark)

        def beside(draft: Draft) -> None:
            if not is_further(positions.kept(draft, now)):
                positions.put(draft, now)

        sound = [one for one in contents if one is not None]
        for taken in self._taking.several(sound, beside):
            yield ReceivedStep(self._channel.key, taken.how, taken.id, taken.on, taken.failed, taken.problems)
        for _one in range(len(contents) - len(sound)):
            told = _("{folder}: a mail is larger than {n} bytes, and was left").format(
                folder=self.folder, n=MAIL_SIZE.most
            )
            yield ReceivedStep(self._channel.key, "unread", problems=(told,))
