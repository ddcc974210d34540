"""The program in which a person writes texts ($VISUAL, $EDITOR), on the terminal that it is given."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from shutil import which

from tuicrm.errors import Refused, StorageError
from tuicrm.i18n import _
from tuicrm.limits import IN_LINES
from tuicrm.login import refuse_here

_USUAL = ("editor", "nano", "vi")


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The program and its words. Raises Refused where there is no such program."""
    refuse_here(_("No editor of the server can be used from where you come in."))
    said = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        words = shlex.split(said)
    except ValueError:
        words = []
    if words and which(words[0]):
        return words
    if said:
        raise Refused(_("$EDITOR names {program}, which is not here.").format(program=said))
    found = next((one for one in _USUAL if which(one)), None)
    if found is None:
        raise Refused(_("No editor is here: set EDITOR to the name of yours."))
    return [found]


def written_in(command: list[str], text: str) -> str | None:
    """What an editor left of a text; None where it ended with an error. Raises StorageError, Refused for more than can be kept."""
    with tempfile.TemporaryDirectory(prefix="tuicrm-") as folder:
        path = Path(folder) / "message.txt"
        try:
            path.write_text(text, encoding="utf-8")
            done = subprocess.run([*command, str(path)], check=False)  # noqa: S603 - what the person named
            with path.open("rb") as file:
                content = file.read(IN_LINES.most * 4 + 1)
        except OSError as error:
            raise StorageError(f"{command[0]}: {error.strerror}") from error
    left = content.decode("utf-8", "replace").removesuffix("\n")
    if len(left) > IN_LINES.most:
        raise IN_LINES.refused("text", len(left))
    return left if done.returncode == 0 else None
