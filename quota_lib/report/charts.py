"""Pictures as SVG with real text: they scale with the page, follow its colours, and say in words what they show.

Places along an axis are shares of the width; figures beside them are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from quota_lib.amounts import text
from quota_lib.report.html import MINUS, visible
from quota_lib.report.table import UNSEEN, spelt_out

ROW, TOP = 92, 4
PARTS = 10_000  # of the width: two decimals of a per cent


class Bar(NamedTuple):
    """A figure inside its range, mg; ``other``: a second figure to hold it against."""

    label: str
    at: int
    least: int
    most: int
    other: int | None = None


def range_chart(name: str, title: str, bars: Sequence[Bar], unit: str, marks: tuple[str, str] = ("", "")) -> str:
    """Return each figure as a mark on a line from its least to its most; ``marks``: what the two marks are."""
    ends = [0, *(value for one in bars for value in (one.at, one.least, one.most, one.other or 0))]
    low, span = min(ends), max(max(ends) - min(ends), 1)
    rows = "".join(_row(one, place, low, span, unit, marks) for place, one in enumerate(bars))
    height = TOP + ROW * len(bars)
    words = "；".join(f"{one.label} {_said(one, unit, marks)}" for one in bars)
    key = "".join(
        f'<span class="key {style}">{mark}</span>' for style, mark in zip(("mark", "other"), marks, strict=True) if mark
    )
    return picture(name, visible(title) + key, title, height, words, rows, "img", "chart")


def picture(name: str, caption: str, title: str, height: int, words: str, drawn: str, role: str, style: str) -> str:
    """Return what is drawn as a figure with its caption (HTML) and, for those who do not see it, its words."""
    return (
        f'<figure class="{style}" id="chart-{escape(name)}"><figcaption>{caption}</figcaption>'
        f'<svg role="{role}" aria-label="{worded(title)}" width="100%" height="{height}">'
        f"<desc>{worded(words)}</desc>{drawn}</svg></figure>"
    )


def _row(one: Bar, place: int, low: int, span: int, unit: str, marks: tuple[str, str]) -> str:
    """Return a figure's words, which take a second line where there is no room, above its line and its figures."""
    top = TOP + ROW * place
    middle = top + 42
    upright = f'y1="{middle - 8}" y2="{middle + 8}"'
    x = {name: _share(value, low, span) for name, value in (("a", one.least), ("b", one.most), ("c", one.at))}
    other = ""
    if one.other is not None:
        at = _share(one.other, low, span)
        other = f'<line class="other" x1="{at}" x2="{at}" {upright}/>'
    nought = _share(0, low, span)
    zero = f'<line class="zero" x1="{nought}" x2="{nought}" {upright}/>'
    return (
        f"<g><title>{worded(f'{one.label} {_said(one, unit, marks)}')}</title>"
        f'<foreignObject x="0" y="{top}" width="100%" height="34"><div class="label"><span>{worded(one.label)}</span></div>'
        f'</foreignObject>{zero}<line class="range" x1="{x["a"]}" x2="{x["b"]}" y1="{middle}" y2="{middle}"/>{other}'
        f'<circle class="mark" cx="{x["c"]}" cy="{middle}" r="5"/>'
        + "".join(
            f'<text class="quiet" x="0" y="{middle + 22 + 16 * at}">{worded(line)}</text>'
            for at, line in enumerate(_lines(one, unit, marks))
        )
        + "</g>"
    )


def _said(one: Bar, unit: str, marks: tuple[str, str]) -> str:
    """Return a bar in words: its figures, exact."""
    return "，".join(_lines(one, unit, marks))


def _lines(one: Bar, unit: str, marks: tuple[str, str]) -> list[str]:
    """Return a bar's figures in one or two lines, which fit a narrow screen."""
    parts = [f"{marks[0]} {_figure(one.at)} {unit}".strip()]
    if one.other is not None:
        parts.append(f"{marks[1]} {_figure(one.other)} {unit}".strip())
    lines = ["，".join(parts)]
    if (one.least, one.most) != (one.at, one.at):
        lines.append(f"范围 {_figure(one.least)} 至 {_figure(one.most)} {unit}")
    return lines


def _figure(amount: int) -> str:
    return text(amount).replace("-", MINUS)


def _share(value: int, low: int, span: int) -> str:
    """Return a place on the axis in per cent of the width, a little inside both edges."""
    place = 100 + (value - low) * (PARTS - 200) // span
    return place_of(place)


def worded(words: str) -> str:
    """Return text for a picture: escaped, with what would reorder or hide it spelt out."""
    return escape(UNSEEN.sub(spelt_out, words))


def fact_of(amount: int) -> str:
    """Return the attribute that names the figure that an amount is (see quota_lib.tracing.fact.Figure); "" of any other."""
    name = getattr(amount, "fact", "")
    return f' data-fact="{escape(name)}"' if name else ""


def role_of(amounts: Iterable[int]) -> str:
    """Return what a picture is to those who cannot see it: one image, or a group of figures that open."""
    return "group" if any(getattr(one, "fact", "") for one in amounts) else "img"


class Move(NamedTuple):
    """A step of a flow, mg: what was there (``total``) or what came or went."""

    label: str
    amount: int
    total: bool = False


STEP, THICK = 22, 12
DRAWN = (3_400, 7_100)  # of the width, PARTS: labels stand left of the bars, figures right
Group = tuple[str, Sequence[Move]]


def waterfall(name: str, title: str, moves: Sequence[Move], unit: str) -> str:
    """Return a flow as bars that hang on each other, one below the other: opening, what came, what went, closing."""
    return waterfalls(name, title, [("", moves)], unit)


def waterfalls(name: str, title: str, groups: Sequence[Group], unit: str) -> str:
    """Return flows below each other, each under its name, all on one scale."""
    ends = [0, *(level for _, moves in groups for pair in _levels(moves) for level in pair)]
    scale = (min(ends), max(max(ends) - min(ends), 1))
    drawn, top = [], 0
    for label, moves in groups:
        if label:
            drawn.append(f'<text class="name" lang="zh-CN" translate="no" x="0" y="{top + 17}">{worded(label)}</text>')
            top += STEP
        drawn += _steps(moves, top, scale, unit)
        top += STEP * len(moves) + (THICK if label else 0)
    words = "；".join(_told(label, moves, unit) for label, moves in groups)
    role = role_of(one.amount for _, moves in groups for one in moves)
    return picture(name, visible(title), title, top, words, "".join(drawn), role, "chart flow")


def _told(label: str, moves: Sequence[Move], unit: str) -> str:
    steps = "；".join(f"{one.label} {_signed(one)} {unit}" for one in moves)
    return f"{label}：{steps}" if label else steps


def _levels(moves: Sequence[Move]) -> list[tuple[int, int]]:
    """Return from where to where each step goes."""
    found, level = [], 0
    for one in moves:
        before = 0 if one.total else level
        level = one.amount if one.total else level + one.amount
        found.append((before, level))
    return found


def _steps(moves: Sequence[Move], top: int, scale: tuple[int, int], unit: str) -> list[str]:
    """Return the steps of one flow, each with its words and its figure, and a line to the step below."""
    bars = []
    for at, (one, ends) in enumerate(zip(moves, _levels(moves), strict=True)):
        y, (left, right) = top + at * STEP, sorted(_along(end, *scale) for end in ends)
        style = "whole" if one.total else "came" if one.amount >= 0 else "went"
        level = place_of(_along(ends[1], *scale))
        below = at + 1 < len(moves)
        hung = f'<line class="zero" x1="{level}" x2="{level}" y1="{y + 5}" y2="{y + STEP + 5}"/>' if below else ""
        bars.append(
            f"<g{fact_of(one.amount)}><title>{worded(f'{one.label} {_signed(one)} {unit}')}</title>{hung}"
            f'<text class="quiet" x="0" y="{y + 16}">{worded(one.label)}</text>'
            f'<rect class="{style}" x="{place_of(left)}" width="{place_of(max(right - left, 20))}" '
            f'y="{y + 5}" height="{THICK}"/>'
            f'<text class="end" x="100%" y="{y + 16}">{_signed(one)}</text></g>'
        )
    return bars


def _along(value: int, low: int, span: int) -> int:
    """Return a place on the axis between labels and figures, in PARTS of the width."""
    return DRAWN[0] + (value - low) * (DRAWN[1] - DRAWN[0]) // span


def _signed(one: Move) -> str:
    return _figure(one.amount) if one.total or one.amount <= 0 else f"+{_figure(one.amount)}"


def place_of(part: int) -> str:
    """Return a part of the width, of PARTS, in per cent."""
    return f"{part // 100}.{part % 100:02d}%"


def flow_moves(
    opening: int, parts: Sequence[tuple[str, int]], closing: int, names: tuple[str, str] = ("期初", "期末")
) -> list[Move]:
    """Return the steps of a flow; what did not move is left out."""
    moved = [Move(label, amount) for label, amount in parts if amount]
    return [Move(names[0], opening, True), *moved, Move(names[1], closing, True)]
