"""Colours as numbers: what a terminal of few colours shows for `#rrggbb`, mixing, and ink that can be read on a ground."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from tuicrm.regex import regex

Depth: TypeAlias = Literal["true", "256", "16", "none"]
Colour: TypeAlias = str | int
"""`#rrggbb`, or a number of the terminal's own table (0 to 255)."""

_HEX = regex(r"#(?:[0-9a-fA-F]{3}){1,2}")
_CUBE = (0, 95, 135, 175, 215, 255)
_GREYS = range(8, 239, 10)
_BLACK, _GREY, _SILVER, _WHITE = 0, 8, 7, 15
# Up to which degree of the colour wheel which of the terminal's colours is meant: red, yellow, green, cyan, blue, magenta, red.
_HUES = ((25, 1), (70, 3), (165, 2), (200, 6), (265, 4), (330, 5), (361, 1))


def normal(colour: str) -> str:
    """`#rrggbb` in small letters for `#RGB` or `#RRGGBB`; "" for anything else (stages' colours come from imports)."""
    if not _HEX.fullmatch(colour):
        return ""
    digits = colour[1:].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, ground: str, share: float) -> str:
    """`share` (0 to 1) of the colour, the rest ground."""
    channels = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in channels)


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1024)
def legible(colour: str, ground: str, least: float = 4.5) -> str:
    """The colour, moved towards white or black until it can be read on the ground."""
    pole = "#ffffff" if _luminance(ground) < 0.18 else "#000000"
    for step in range(11):
        found = mix(colour, pole, 1 - step / 10)
        if contrast(found, ground) >= least:
            return found
    return pole


@lru_cache(maxsize=1024)
def readable(colour: str, grounds: tuple[str, ...], least: float, depth: Depth) -> str:
    """The colour, moved towards white or black until a terminal of that depth shows it with `least` contrast on every ground."""
    pole = "#ffffff" if all(_luminance(ground) < 0.18 for ground in grounds) else "#000000"
    under = [_shown(ground, depth) for ground in grounds]
    for step in range(21):
        found = mix(colour, pole, 1 - step / 20)
        if min(contrast(_shown(found, depth), ground) for ground in under) >= least:
            return found
    return pole


def _shown(colour: str, depth: Depth) -> str:
    """What a terminal of that depth makes of a colour; of few colours nobody knows."""
    number = to_depth(colour, depth)
    return of_256(number) if isinstance(number, int) and number >= 16 else colour


def of_256(number: int) -> str:
    """`#rrggbb` of a number from 16 to 255 of the terminal's table: the cube, then the greys."""
    if number >= 232:
        return "#" + f"{_GREYS[number - 232]:02x}" * 3
    cube = number - 16
    return "#" + "".join(f"{_CUBE[level]:02x}" for level in (cube // 36, cube // 6 % 6, cube % 6))


def ink_on(ground: str) -> str:
    """Black or white, whichever reads better on the ground."""
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, ground))


@lru_cache(maxsize=1024)
def to_depth(colour: str, depth: Depth) -> Colour | None:
    """The colour as a terminal of that depth can show it; None without colours."""
    if depth == "true":
        return colour
    if depth == "256":
        return _nearest_256(colour)
    return _nearest_16(colour) if depth == "16" else None


def _nearest_256(colour: str) -> int:
    red, green, blue = _channels(colour)
    levels = [_CUBE.index(_nearest(value, _CUBE)) for value in (red, green, blue)]
    grey = _nearest((red + green + blue) / 3, _GREYS)

    def distance(candidate: tuple[int, int, int]) -> int:
        return sum((a - b) ** 2 for a, b in zip(candidate, (red, green, blue), strict=True))

    if distance((grey, grey, grey)) < distance((_CUBE[levels[0]], _CUBE[levels[1]], _CUBE[levels[2]])):
        return 232 + _GREYS.index(grey)
    return 16 + 36 * levels[0] + 6 * levels[1] + levels[2]


def _nearest(value: float, among: Sequence[int]) -> int:
    return min(among, key=lambda one: abs(one - value))


def _nearest_16(colour: str) -> int:
    """By hue, because the nearest of sixteen by distance is mostly a grey."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in _channels(colour)))
    if saturation < 0.2 or not 0.1 < lightness < 0.95:
        return (_BLACK, _GREY, _SILVER, _WHITE)[min(int(lightness * 4), 3)]
    number = next(number for degree, number in _HUES if hue * 360 < degree)
    return number + (8 if lightness > 0.6 else 0)
