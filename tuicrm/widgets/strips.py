"""Lines as Textual strips: the one place where drawn text meets Textual, as ready segments that are never parsed."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tuicrm.render.colours import Colour, to_depth
from tuicrm.render.line import Line
from tuicrm.render.palette import Palette, resolve, screen_colour
from tuicrm.render.symbols import to_ascii


@lru_cache(maxsize=4096)
def rich_style(words: str, palette: Palette) -> Style:
    """A style's words as a Rich style. Kept, because Rich styles are slow to make and drawing asks for few different ones."""
    style = resolve(words, palette)
    ground = style.bg if style.bg is not None else _screen_ground(palette)
    return Style(
        color=_rich_colour(style.fg),
        bgcolor=_rich_colour(ground),
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
    )


def _screen_ground(palette: Palette) -> Colour | None:
    """What lies under drawn text: Textual paints its own ground around a drawn line, not behind it."""
    colour = screen_colour(palette)
    return to_depth(colour, palette.depth) if colour and palette.depth in ("true", "256") else None


def _rich_colour(colour: Colour | None) -> Color | None:
    if colour is None:
        return None
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.parse(colour)


def strip(line: Line, width: int, palette: Palette, ascii_only: bool = False) -> Strip:
    """The line as a strip of exactly `width` cells (as Textual counts them), cut or filled at its end."""
    segments: list[Segment] = []
    left = width
    for text, words in to_ascii(line) if ascii_only else line:
        shown = text if cell_len(text) <= left else set_cell_size(text, left)
        if shown:
            segments.append(Segment(shown, rich_style(words, palette)))
            left -= cell_len(shown)
    if left:
        segments.append(Segment(" " * left, rich_style("", palette)))
    return Strip(segments, width)
