"""What one run of the command line works with: the global options, the session (opened when first asked for), the output."""

from __future__ import annotations

import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.cli.running.output import Output
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _, set_language
from tuicrm.limits import STDIN

if TYPE_CHECKING:
    from tuicrm.services.kernel.session import Session


class CommandRun:
    """Made once a run and handed to every command as the context's `obj`."""

    def __init__(self, output: Output) -> None:
        self.out = output
        self.as_user = ""
        self.folder: str | PathLike[str] | None = None
        self._session: Session | None = None
        self._heard: set[str] = set()

    @property
    def place(self) -> str | PathLike[str]:
        """Where the workspace lies."""
        from tuicrm.services.workspace.environment import default_place

        return self.folder or default_place()

    @property
    def path(self) -> Path:
        """The same, of a workspace that is a folder."""
        return Path(self.place)

    @property
    def session(self) -> Session:
        """The session in the workspace. Raises what `open_session` raises."""
        if self._session is None:
            from tuicrm.config import read_config
            from tuicrm.opening import OpeningLine
            from tuicrm.services.workspace.start import open_session
            from tuicrm.services.workspace.zones import own_zone

            config = read_config()
            with OpeningLine(self.place, quiet=self.out.quiet or self.out.json):
                self._session = open_session(
                    self.place,
                    as_user=self.as_user,
                    zone=config.zone,
                    language=config.language,
                    locale=config.locale,
                    country=config.country,
                )
            set_language(self._session.language)
            self._session.heard = self.hear
            if warning := own_zone(config.zone, self._session.person.zone).warning:
                self.out.warn(warning)
        return self._session

    def hear(self, text: str, understood: str) -> None:
        """Tell once how a text was read that is not in canonical form; what is to be known of no text alone is told as it stands."""
        if not text and understood not in self._heard:
            self._heard.add(understood)
            self.out.say(understood)
        elif text and text not in self._heard:
            self._heard.add(text)
            self.out.say(_("“{text}” is read as {understood}").format(text=text, understood=understood))

    def close(self) -> None:
        """Let go of the workspace."""
        if self._session is not None:
            self._session.close()
            self._session = None


def stdin_for(text: str) -> str:
    """`-` is stdin, without the line end that shells put last; anything else is the text itself. Raises Refused for no UTF-8, and for
    more than `limits.STDIN`: a pipe may never end."""
    if text != "-":
        return text
    try:
        read = stdin_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused(_("stdin is not UTF-8 text (byte {n})").format(n=problem.start)) from problem
    return read.replace("\r\n", "\n").removesuffix("\n")


def stdin_bytes() -> bytes:
    """What stdin gives, to its end. Raises Refused for more than `limits.STDIN`."""
    read = sys.stdin.buffer.read(STDIN.most + 1)
    if len(read) > STDIN.most:
        raise Refused(f"stdin: {STDIN.told}")
    return read


def assignments(words: list[str], *, piped: bool = False) -> dict[str, str]:
    """`key=value` words as a dict; a value of `-` is read from stdin, unless that is `piped` into something else already.

    Raises UsageError for anything else, Refused for no UTF-8."""
    given: dict[str, str] = {}
    if piped + sum(word.endswith("=-") and word.count("=") == 1 for word in words) > 1:
        raise UsageError(_("only one value can come from stdin"))
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise UsageError(_("expected FIELD=VALUE, not “{word}”").format(word=word))
        if key in given:
            raise UsageError(_("{field} is given twice").format(field=key))
        given[key] = stdin_for(value)
    return given
