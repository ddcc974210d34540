"""A QR code on the terminal, in what it can show and as large as it is."""

from __future__ import annotations

from tuicrm.cli.running.output import Output
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.render import qr
from tuicrm.render.qr import CodeRoom, Ground


def show_code(out: Output, code: str, told: str, *, light: bool = False) -> None:
    """Draw the code of a text; below it what it leads to, where there is room. Raises Refused where the window is too small."""
    try:
        found = qr.modules(code)
    except ValueError as error:
        raise Refused(_("This is too long for a QR code: {told}").format(told=told)) from error
    only_ascii = out.only_ascii
    # The line behind it is the shell's.
    room = CodeRoom(out.cells, out.height - 1) if out.terminal else CodeRoom()
    drawn = qr.lines(found, _ground(out, light=light), room, only_ascii=only_ascii)
    if not drawn:
        cells, height = qr.size(len(found), 1, only_ascii=only_ascii)
        wanted = _("The code needs a window of {cells} × {lines}, and this one is smaller. It leads to {told}")
        raise Refused(wanted.format(cells=cells, lines=height + 1, told=told))
    out.lines(drawn)
    if room.holds(0, len(drawn) + 1 + len(told) // max(out.cells, 1)):
        out.say(told)


def _ground(out: Output, *, light: bool) -> Ground:
    palette = out.palette
    if palette is not None and palette.depth != "none":
        return "painted"
    return "light" if light else "dark"
