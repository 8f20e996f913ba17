"""Pictures as SVG with real text: they scale with the page, follow its colours, and say in words what they show.

Places along an axis are shares of the width; figures beside them are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from quota_lib.amounts import text
from quota_lib.report.html import MINUS, visible
from quota_lib.report.table import UNSEEN, spelt_out

ROW, TOP = 58, 8
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
    return (
        f'<figure class="chart" id="chart-{escape(name)}"><figcaption>{visible(title)}{key}</figcaption>'
        f'<svg role="img" aria-label="{escape(title)}" width="100%" height="{height}">'
        f"<desc>{worded(words)}</desc>{rows}</svg></figure>"
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
        f'<text class="quiet" x="0" y="{top + 46}">{worded(_said(one, unit, marks))}</text></g>'
    )


def _said(one: Bar, unit: str, marks: tuple[str, str]) -> str:
    """Return a bar in words: its figures, exact."""
    parts = [f"{marks[0]} {_figure(one.at)} {unit}".strip()]
    if one.other is not None:
        parts.append(f"{marks[1]} {_figure(one.other)} {unit}".strip())
    if (one.least, one.most) != (one.at, one.at):
        parts.append(f"范围 {_figure(one.least)} 至 {_figure(one.most)} {unit}")
    return "，".join(parts)


def _figure(amount: int) -> str:
    return text(amount).replace("-", MINUS)


def _share(value: int, low: int, span: int) -> str:
    """Return a place on the axis in per cent of the width, a little inside both edges."""
    place = 100 + (value - low) * (PARTS - 200) // span
    return f"{place // 100}.{place % 100:02d}%"


def worded(words: str) -> str:
    """Return text for a picture: escaped, with what would reorder or hide it spelt out."""
    return escape(UNSEEN.sub(spelt_out, words))
