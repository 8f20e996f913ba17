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

ROW, TOP = 74, 8
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
    top = TOP + ROW * place
    x = {name: _share(value, low, span) for name, value in (("a", one.least), ("b", one.most), ("c", one.at))}
    other = ""
    if one.other is not None:
        at = _share(one.other, low, span)
        other = f'<line class="other" x1="{at}" x2="{at}" y1="{top + 16}" y2="{top + 32}"/>'
    nought = _share(0, low, span)
    zero = f'<line class="zero" x1="{nought}" x2="{nought}" y1="{top + 16}" y2="{top + 32}"/>'
    return (
        f"<g><title>{worded(f'{one.label} {_said(one, unit, marks)}')}</title>"
        f'<text x="0" y="{top + 10}">{worded(one.label)}</text>'
        f'{zero}<line class="range" x1="{x["a"]}" x2="{x["b"]}" y1="{top + 24}" y2="{top + 24}"/>{other}'
        f'<circle class="mark" cx="{x["c"]}" cy="{top + 24}" r="5"/>'
        + "".join(
            f'<text class="quiet" x="0" y="{top + 46 + 16 * at}">{worded(line)}</text>'
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


TALL, HEAD, FOOT = 110, 18, 22


def waterfall(name: str, title: str, moves: Sequence[Move], unit: str) -> str:
    """Return a flow as bars that hang on each other: opening, what came, what went, closing."""
    levels, level = [], 0
    for one in moves:
        before = 0 if one.total else level
        level = one.amount if one.total else level + one.amount
        levels.append((before, level))
    ends = [0, *(value for pair in levels for value in pair)]
    low, span = min(ends), max(max(ends) - min(ends), 1)

    def height(value: int) -> int:
        return HEAD + TALL - (value - low) * TALL // span

    wide = PARTS // len(moves)
    bars = []
    for at, (one, (before, after)) in enumerate(zip(moves, levels, strict=True)):
        top, bottom = sorted((height(before), height(after)))
        style = "whole" if one.total else "came" if one.amount >= 0 else "went"
        left, middle = at * wide + wide // 8, at * wide + wide // 2
        bars.append(
            f"<g{fact_of(one.amount)}><title>{worded(f'{one.label} {_signed(one)} {unit}')}</title>"
            f'<rect class="{style}" x="{place_of(left)}" width="{place_of(wide * 3 // 4)}" y="{top}" '
            f'height="{max(bottom - top, 1)}"/>'
            f'<text class="middle" x="{place_of(middle)}" y="{top - 4}">{_signed(one)}</text>'
            f'<text class="middle quiet" x="{place_of(middle)}" y="{HEAD + TALL + 16}">{worded(one.label)}</text></g>'
        )
    words = "；".join(f"{one.label} {_signed(one)} {unit}" for one in moves)
    role = role_of(one.amount for one in moves)
    return picture(name, visible(title), title, HEAD + TALL + FOOT, words, "".join(bars), role, "chart flow")


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
