"""High contrast: every ink on every ground it can stand on, seven to one, with all colours and with 256."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tuicrm.domain.stage_colours import COLOURS
from tuicrm.render import palette as palettes
from tuicrm.render.colours import Colour, Depth, contrast, of_256
from tuicrm.render.palette import HIGH, Palette, Style, Theme, resolve, screen_colour

RENDER = Path(palettes.__file__).parent.parent
INKS = tuple(word for word in palettes._INKS if word != "rule")
GROUNDS = tuple(f"on:{name}" for name in palettes._GROUNDS if name != "accent")
STAGES = (
    *COLOURS.values(),
    "#000000",
    "#ffffff",
    "#777777",
    "#767676",
    "#ff0000",
    "#00ff00",
    "#0000ff",
    "#ffff00",
    "#123456",
)
FINE: tuple[tuple[Theme, Depth], ...] = (("dark", "true"), ("light", "true"), ("dark", "256"), ("light", "256"))
MANNERS = {"bold", "italic", "underline", "reverse"}


def _hex(colour: Colour | None) -> str:
    assert colour is not None
    return of_256(colour) if isinstance(colour, int) else colour


def _contrast(style: Style, palette: Palette) -> float:
    ground = style.bg if style.bg is not None else screen_colour(palette)
    return contrast(_hex(style.fg), _hex(ground))


@pytest.mark.parametrize(("theme", "depth"), FINE)
def test_every_ink_can_be_read_on_every_ground(theme: Theme, depth: Depth) -> None:
    palette = Palette(theme, depth, contrast=True)
    inks = ("", *INKS, *(f"fg:{colour}" for colour in STAGES))
    for ink, ground in product(inks, ("", *GROUNDS)):
        words = f"{ink} {ground}".strip()
        assert _contrast(resolve(words, palette), palette) >= HIGH, words
    for rule in ("rule", *(f"rule {ground}" for ground in GROUNDS)):
        assert _contrast(resolve(rule, palette), palette) >= 3, rule


@pytest.mark.parametrize(("theme", "depth"), FINE)
def test_what_stands_on_a_stages_colour_or_the_accents_can_be_read(theme: Theme, depth: Depth) -> None:
    palette = Palette(theme, depth, contrast=True)
    grounds = [f"{kind}:{colour}" for kind, colour in product(("on", "tint"), STAGES)]
    for ground in ("on:accent", *grounds):
        assert _contrast(resolve(f"bold {ground}", palette), palette) >= HIGH, ground


def test_no_ink_is_put_on_such_a_ground_but_its_own() -> None:
    """What is measured above is all there is: where a line is drawn on these grounds, its other words are manners."""
    found = []
    for file in RENDER.rglob("*.py"):
        for words in re.findall(r"f?\"([^\"\n]*(?:on:accent|on:\{|tint:\{)[^\"\n]*)\"", file.read_text()):
            found.append(words)
            assert {word for word in words.split() if ":" not in word} <= MANNERS, (file, words)
    assert len(found) >= 4


@pytest.mark.parametrize(
    "palette", [Palette("terminal", "true", True), Palette("terminal", "16", True), Palette("dark", "16", True)]
)
def test_in_the_terminals_own_colours_all_text_has_its_own_ink(palette: Palette) -> None:
    for word in (*INKS, "fg:#7bd500"):
        style = resolve(word, palette)
        assert (style.fg, style.bg, style.dim) == (None, None, False), word


def test_the_usual_colours_are_not_touched_by_it() -> None:
    assert resolve("late", Palette("dark", "true")).fg == "#ff6b66"
    assert screen_colour(Palette("dark", "true")) == "#0f1117"
    assert screen_colour(Palette("dark", "true", True)) == "#000000"


def test_red_is_lateness_alone() -> None:
    """No stage that ships has a colour that could be taken for lateness."""
    import colorsys
    import json

    from tuicrm.files import data_folder
    from tuicrm.services.kernel.builtin_definitions import load_types

    stages = [stage for one in load_types().values() for pipeline in one.pipelines for stage in pipeline.stages]
    colours = {stage.colour for stage in stages}
    demo = json.loads((data_folder() / "demo" / "pipelines.json").read_text())
    colours |= {stage["colour"] for pipeline in demo for stage in pipeline["stages"]}
    assert len(colours) > 8
    for colour in colours:
        hue, _lightness, saturation = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
        assert saturation < 0.2 or 20 < hue * 360 < 340, colour
