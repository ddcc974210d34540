"""A board's lines: column heads, cards of three or four lines, folded columns. Every line is exactly as wide as asked."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from tuicrm.domain.board import BoardColumn, Card
from tuicrm.domain.due import Due
from tuicrm.i18n import _
from tuicrm.render.board_layout import FOLDED_CELLS
from tuicrm.render.compose import blank, line_width, on, pad, spread
from tuicrm.render.due_signs import card_badge, signs_within
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import (
    ABOVE,
    BAR,
    BELOW,
    CLOCK,
    DOT,
    LATE,
    MARKED,
    RAIL,
    REQUIRED,
    RULE,
    VERTICAL_MORE,
)
from tuicrm.render.text import clean, clusters, cut, fit, width, wrap

CardLines: TypeAlias = tuple[Line, ...]

CARD_LINES = 3
CARD_PITCH = CARD_LINES + 1
"""Screen lines from one card to the next: three and one that is blank, unless the card has a fourth."""

_SIGNS = {"planned": (CLOCK, "dim"), "today": (CLOCK, "today"), "late": (LATE, "late")}


def head_lines(compact: bool, airy: bool = False) -> int:
    """How many lines a column's head takes; `airy` where a blank one parts it from the cards."""
    return (2 if compact else 3) + airy


def column_head(
    column: BoardColumn, cells: int, *, compact: bool, here: bool = False, airy: bool = False
) -> tuple[Line, ...]:
    """A rule in the stage's colour, then name, count and sum; unless `compact`, what has no rate and the weighted sum in one line.

    The name is underlined where the cursor is in this column (`here`).
    """
    ink = f"fg:{column.colour}"
    rule = (Run(RULE * cells, ink),)
    count = f" {column.count}"
    roomy = width(clean(column.label)) + len(count) + width(clean(column.sum)) + 2 <= cells
    total = column.sum if roomy and not compact else column.sum_short or column.sum
    right = (Run(clean(total), "dim"),) if total else ()
    name_room = cells - len(count) - (width(right[0].text) + 1 if right else 0)
    name: Line = (
        Run(cut(column.label, max(name_room, 3)), f"{ink} bold{' underline' if here else ''}"),
        Run(count, "dim"),
    )
    second, told = ((), False) if compact else _second_sums(column, cells)
    if not told and not column.due.is_nothing:
        name = _with_due(name, column.due, cells - line_width(right))
    lines = (rule, spread(name, right, cells), *(() if compact else (second,)))
    return (*lines, blank(cells)) if airy else lines


def _with_due(name: Line, due: Due, cells: int) -> Line:
    """A name and count with what is due behind them, where there is room."""
    signs = signs_within(due, cells - line_width(name) - 2)
    return (*name, Run(" "), *signs) if signs else name


def _second_sums(column: BoardColumn, cells: int) -> tuple[Line, bool]:
    """What has no rate, and the weighted sum: in the fullest words that fit beside one another, without these the last ones cut. What
    is due stands between, where they leave room: whether it does."""
    lacking = [clean(text) for text in (column.unrated, *column.unrated_shorter)]
    weighted = [_weighted(column), clean(column.weighted)] if column.weighted else [""]
    pairs = [(text, likely) for likely in weighted for text in lacking]
    left, right = next((pair for pair in pairs if width(pair[0]) + width(pair[1]) + 2 <= cells), pairs[-1])
    start: Line = (Run(left, "today"),)
    gap = 2 if left else 0
    signs = signs_within(column.due, cells - width(left) - gap - (width(right) + 2 if right else 0))
    if signs:
        start = (*((*start, Run("  ")) if left else ()), *signs)
    return spread(start, (Run(right, "faint"),) if right else (), cells), bool(signs)


def _weighted(column: BoardColumn) -> str:
    return _("{sum} weighted").format(sum=clean(column.weighted)) if column.weighted else ""


def card_lines(
    card: Card, cells: int, *, selected: bool = False, compact: bool = False, tall: bool = False
) -> CardLines:
    """Title; client, days in stage and who is responsible; amount and next activity.

    A title that is too long goes on in the second line where that holds no client, or the client can stand in the third in place
    of an amount. A full card takes a fourth line for it where it may (`tall`), which has no rail: what parts it from the next card.

    The cursor has a bar and a ground, a marked card `✓`, a card with a required field empty `*`.
    """
    rail = (Run(BAR, "accent"),) if selected else (Run(RAIL, "rule"),)
    start, end = ((), ()) if compact else ((Run(" "),), (Run(" "),))
    inside = cells - 1 - len(start) - len(end)
    lines = _lines_of_two(card, inside, tall=tall) or (
        _title(card, inside),
        _client(card, inside),
        _money(card, inside),
    )
    ground = "on:cursor" if selected else "on:mark" if card.marked else ""
    parted = (Run(" "),) if not selected else rail
    rails = [rail if at < CARD_LINES else parted for at in range(len(lines))]
    drawn = [(*before, *start, *line, *end) for before, line in zip(rails, lines, strict=True)]
    if ground:
        drawn = [on(line, ground) for line in drawn]
    return tuple(drawn)


def _lines_of_two(card: Card, cells: int, *, tall: bool) -> CardLines | None:
    """The lines of a card whose title takes two; None where one is enough, or the card is full."""
    room, is_full = _title_cells(card, cells), bool(card.client and card.amount)
    if (is_full and not tall) or width(clean(card.title)) <= room:
        return None
    first, *rest = wrap(card.title, room, limit=3)
    if is_full:
        more = (Run(fit(" ".join(rest), cells), "title"),)
        return _title(replace(card, title=first), cells), more, _client(card, cells), _money(card, cells)
    title = _title(replace(card, title=first), cells)
    beside = _client(replace(card, client=" ".join(rest)), cells)
    second = (Run(beside[0].text, "title"), *beside[1:])
    if not card.client:
        return title, second, _money(card, cells)
    third = _money(replace(card, amount=cut(card.client, cells)), cells)
    return title, second, (Run(third[0].text, "dim"), *third[1:])


def _title_cells(card: Card, cells: int) -> int:
    """How wide a title may be beside the card's signs."""
    return max(cells - (len(MARKED) + 1 if card.marked else 0) - (len(REQUIRED) + 1 if card.missing else 0), 1)


def _title(card: Card, cells: int) -> Line:
    mark = f"{MARKED} " if card.marked else ""
    missing = f" {REQUIRED}" if card.missing else ""
    title = Run(fit(card.title, cells - len(mark) - len(missing)), "title")
    if not mark and not missing:
        return (title,)
    return tuple(run for run in (Run(mark, "accent bold"), title, Run(missing, "required")) if run.text)


def _client(card: Card, cells: int) -> Line:
    client = clean(card.client)
    if card.repeat:
        client = f"{_('returning')} {DOT} {client}" if client else _("returning")
    initials = cut(card.initials, 4)
    signs = card_badge(card.due, cells // 3)
    room = cells - width(initials) - 1 - (line_width(signs) + 1 if signs else 0)
    badge: Line = (Run(" "), *signs) if signs else ()
    days = clean(card.stage) or (_("{n} d").format(n=clean(card.days)) if card.days else "")
    if days and width(client) + width(days) + 3 <= room:
        if badge:
            return Run(fit(client, room - width(days)), "dim"), Run(days, "faint"), *badge, Run(f" {initials}", "faint")
        return Run(fit(client, room - width(days) - 1), "dim"), Run(f"{days}  {initials}", "faint")
    return Run(fit(client, room), "dim"), *badge, Run(f" {initials}", "faint")


def _money(card: Card, cells: int) -> Line:
    """The amount is kept whole where it can be: half a number misleads, half a date does not."""
    amount = cut(card.amount, cells)
    sign, style = _SIGNS.get(card.timing, ("", "faint"))
    words = f"{sign} {clean(card.next)}" if sign else clean(card.next)
    room = cells - width(amount) - (1 if amount else 0)
    if not words or room < 1:
        return (Run(fit(amount, cells), "value"),)
    if width(words) > room:
        words = _shorter(words, room, late=card.timing == "late") if room > len(sign) + 3 else sign
    return Run(fit(amount, cells - width(words)), "value"), Run(words, style)


def _shorter(words: str, cells: int, *, late: bool) -> str:
    """`◷ Sun` says more than `◷ Sun 10:…`, and `! 3 d` more than `! 3 d la…`."""
    pieces = words.split(" ")
    whole = " ".join(pieces[:3] if late else pieces[:-1] if ":" in pieces[-1] else pieces)
    return whole if width(whole) <= cells else cut(words, cells)


def empty_column(
    cells: int, *, selected: bool = False, compact: bool = False, filtered: bool = False, key: str = ""
) -> CardLines:
    """What stands in a column without cards, so that the cursor can be seen there; under the cursor, the `key` that adds one,
    or of a `filtered` board the one that takes the filter away."""
    start = (Run(BAR if selected else " ", "accent"), *(() if compact else (Run(" "),)))
    words, does = (_("nothing matches"), _(" shows all")) if filtered else (_("nothing here"), _(" adds one"))
    lines = [(*start, Run(words, "faint")), *([(*start, Run(key, "key"), Run(does, "faint"))] if key else [])]
    ground = "on:cursor" if selected else ""
    drawn = [on(pad(line, cells), ground) if ground else pad(line, cells) for line in lines]
    return drawn[0], drawn[1] if key else blank(cells), blank(cells)


def more_line(count: int, cells: int, *, above: bool = False, compact: bool = False) -> Line:
    """`↓ 13 more`, or `↑ 4 above`; blank for none."""
    if count <= 0:
        return blank(cells)
    words = _("{n} above").format(n=count) if above else _("{n} more").format(n=count)
    return pad((Run(f"{' ' if compact else '  '}{ABOVE if above else BELOW} {words}", "faint"),), cells)


def short_count(count: int) -> str:
    """A count in three cells: 999, 1k, 99k, .1M, 1M."""
    if count < 1_000:
        return str(count)
    if count < 100_000:
        return f"{count // 1_000}k"
    return f".{count // 100_000}M" if count < 1_000_000 else f"{min(count // 1_000_000, 99)}M"


def folded_column(
    column: BoardColumn, height: int, *, compact: bool, here: bool = False, airy: bool = False
) -> list[Line]:
    """A folded column in `height` lines: rule, count (in reverse for `here`), and the name downwards."""
    ink = f"fg:{column.colour}"
    lines: list[Line] = [
        (Run(RULE * FOLDED_CELLS, ink),),
        (Run(fit(short_count(column.count), FOLDED_CELLS, "center"), "dim reverse" if here else "dim"),),
    ]
    lines += [blank(FOLDED_CELLS)] * (head_lines(compact, airy) - len(lines))
    letters = [letter for letter, _cells in clusters(clean(column.label))]
    room = max(height - len(lines), 0)
    if len(letters) > room > 0:
        letters = [*letters[: room - 1], VERTICAL_MORE]
    lines += [(Run(fit(letter, FOLDED_CELLS, "center"), ink),) for letter in letters[:room]]
    lines += [blank(FOLDED_CELLS)] * (height - len(lines))
    return lines[:height]
