"""Files that templates and documents are read from and written to: a path, or a pipe."""

from __future__ import annotations

import sys
from pathlib import Path

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import NotFound, StorageError, UsageError
from tuicrm.i18n import _
from tuicrm.limits import TEMPLATE_SIZE

FILE = typer.Argument(metavar="FILE", help=_("A Word file (.docx); - reads stdin."))
OUTPUT = typer.Option(
    "", "-o", "--output", metavar="FILE", help=_("The file or folder to write; - is stdout, the default for a pipe.")
)
FORCE = typer.Option(False, "--force", help=_("Replace the file if it exists."))


def file_bytes(path: str) -> bytes:
    """What a file holds; `-` is stdin. Raises NotFound, StorageError, Refused for more than a template may be."""
    try:
        if path == "-":
            content = sys.stdin.buffer.read(TEMPLATE_SIZE.most + 1)
        else:
            with Path(path).expanduser().open("rb") as file:
                content = file.read(TEMPLATE_SIZE.most + 1)
    except (FileNotFoundError, IsADirectoryError, ValueError) as error:
        raise NotFound(_("There is no file {path}.").format(path=path)) from error
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
    if len(content) > TEMPLATE_SIZE.most:
        raise TEMPLATE_SIZE.refused("file", path)
    return content


def hand_over(work: CommandRun, content: bytes, name: str, output: str, *, force: bool, **told: object) -> None:
    """Write a file where it is wanted: to a path, into a folder under its own name, to stdout. Raises Refused where something is there
    already, StorageError, UsageError for a file's bytes on a terminal."""
    from tuicrm.services.kernel.saving import save_file

    if output == "-" or (not output and not work.out.terminal and not work.out.json):
        if work.out.terminal:
            raise UsageError(_("a file cannot be shown on a terminal: use -o FILE"))
        work.out.content(content)
        return
    path = Path(output or ".").expanduser()
    if path.is_dir():
        path /= Path(name).name
    save_file(path, content, replace=force)
    if work.out.json:
        work.out.envelope(path=str(path), size=len(content), **told)
    else:
        work.out.text(str(path))
