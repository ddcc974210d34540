"""A file handed to the person: opened by their desktop, sent through their terminal, else laid down, and its path told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from textual.app import SuspendNotSupported

from tuicrm import handing
from tuicrm.errors import FieldProblem, Interrupted, Refused, StorageError, Unreachable
from tuicrm.i18n import _
from tuicrm.login import at_home, comer, refuse_here
from tuicrm.screens.host import Host
from tuicrm.services.kernel.saving import save_file
from tuicrm.services.workspace.environment import cache_folder
from tuicrm.widgets.form import Form
from tuicrm.widgets.question import Answer, Question


async def save_asked(
    host: Host, title: str, name: str, content: Callable[[Path], Awaitable[bytes]], *, hint: str = ""
) -> None:
    """Ask for a path, beginning with the name in the person's own folder, and write there what `content` gives for it. A file that is
    there is asked about; what is refused stays in the form."""
    asked, refused = list[Path](), list[Path]()

    async def take(answers: Mapping[str, Answer]) -> None:
        path = at_home(str(answers["path"]).strip())
        if path.is_dir():
            path /= name
        if not path.name:
            raise Refused(_("Which file?"), [FieldProblem("path", _("is required"))])
        if path.exists() and path not in refused:
            refused.append(path)
            key = host.surface.keys.key("form.save")
            told = _("This file exists; press {key} again to replace it").format(key=key)
            raise Refused(told, [FieldProblem("path", told)])
        write_file(path, await content(path), replace=path in refused)
        asked.append(path)

    question = Question("path", _("File"), text=f"~/{name}", required=True, hint=hint)
    await host.ask(Form(host.surface, title, [question], take))
    if asked:
        host.say(_("Saved: {path}").format(path=asked[-1]), "done")


def write_file(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file that a form asked the path of. Raises Refused with the field `path` where that cannot be."""
    try:
        save_file(path, content, replace=replace, waits=False)
    except (Refused, StorageError) as error:
        raise Refused(error.message, [FieldProblem("path", error.message)]) from error


def lay_down(name: str, content: bytes) -> Path:
    """The file in a folder of the person's own, where it can be fetched; the same content is laid down once. Raises StorageError, and
    Refused where no folder is theirs."""
    refuse_here()
    folder = cache_folder() / "documents"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / handing.harmless_name(name)
        if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
            return path
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror}") from error
    return handing.lay_down(folder, name, content)


def _to_who_came_in(host: Host, ways: handing.Ways, name: str, content: bytes) -> Path | None:
    """To somebody without files on this machine: by their terminal, where it takes one; else it is told how to fetch it."""
    told = _("Your terminal takes no files: fetch it from your own machine, with ssh … document get REF > FILE")
    if ways.transfer and _sent(host, ways.transfer, name, content):
        host.say(_("Sent to your terminal"), "done")
    else:
        host.say(told, "refused")
    return None


async def hand_over(host: Host, name: str, content: bytes) -> Path | None:
    """Open it, or offer it to the terminal; over SSH its path is told. Returns where it lies; None where it lies nowhere.

    Raises Refused, StorageError, Unreachable; not for a terminal that does not take it."""
    ways = handing.ways()
    if comer() is not None:
        return _to_who_came_in(host, ways, name, content)
    path = lay_down(name, content)
    if ways.opener:
        await asyncio.to_thread(handing.open_file, path, ways.opener)
        host.say(_("Opened: {path}").format(path=path), "done")
        return path
    told = _("It lies here: {path}  ({key} copies the path)")
    told = told.format(path=path, key=host.surface.keys.key("copy.value"))
    try:
        if ways.transfer and _sent(host, ways.transfer, name, content):
            told = _("Sent to your terminal; it also lies here: {path}").format(path=path)
    except (Refused, Unreachable, Interrupted) as why:
        # Whatever the terminal does with it, the file is there.
        told = f"{told}; {why.message}"
    host.say(told, "done")
    return path


def _sent(host: Host, transfer: handing.Transfer, name: str, content: bytes) -> bool:
    """Whether the terminal was given the file: the screens stand aside meanwhile, as its answers come by the keyboard."""
    try:
        with host.app.suspend():
            if transfer == "kitty":
                from tuicrm.handing_kitty import send_to_kitty

                send_to_kitty(sys.__stdin__.fileno(), sys.__stdout__.fileno(), name, content)  # type: ignore[union-attr]
            else:
                sys.__stdout__.write(handing.for_iterm2(name, content))  # type: ignore[union-attr]
                sys.__stdout__.flush()  # type: ignore[union-attr]
    except SuspendNotSupported:
        return False
    return True
