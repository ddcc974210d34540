"""A whole message as lines: its heads, what became of it, its text with what is quoted fainter, its files."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LINE
from tuicrm.render.text import clean, fit, width, wrap


class MessageLook(Struct, frozen=True):
    """What is shown of a message: its heads by label, what became of it (`alarming` where somebody has to see to it), its text, its
    files with their sizes. Not cleaned yet."""

    heads: Sequence[tuple[str, str]]
    status: str
    text: str
    files: Sequence[str] = ()
    alarming: bool = False


def message_view(shown: MessageLook, cells: int) -> list[Line]:
    """The lines of a message, `cells` wide."""
    pairs = [(label, text, "value") for label, text in shown.heads if text]
    if shown.status:
        pairs.append((_("Status"), shown.status, "late" if shown.alarming else "value"))
    pairs += [(_("File {n}").format(n=n), text, "link") for n, text in enumerate(shown.files, start=1)]
    room = min(max((width(label) for label, _text, _style in pairs), default=0) + 2, max(cells // 3, 1))
    lines: list[Line] = []
    for label, text, style in pairs:
        for at, part in enumerate(wrap(text, max(cells - room, 1)) or [""]):
            lines.append(pad((Run(fit("" if at else label, room), "label"), Run(part, style)), cells))
    lines.append((Run(LINE * cells, "rule"),))
    for line in shown.text.splitlines():
        style = "faint" if clean(line).lstrip().startswith(">") else "value"
        lines += [pad((Run(part, style),), cells) for part in wrap(line, cells) or [""]]
    return lines
