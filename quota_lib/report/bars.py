"""Bars and columns as SVG with real text: amounts side by side, and amounts from quarter to quarter.

Like :mod:`quota_lib.report.charts`: they scale with the page, follow its colours, and say in words what they show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from quota_lib.amounts import text
from quota_lib.report.charts import PARTS, fact_of, picture, place_of, role_of, worded
from quota_lib.report.html import visible

LINE, THICK, TALL, HEAD, FOOT = 44, 14, 84, 18, 22
STYLES = ("solid", "hollow", "dashed")


class Amount(NamedTuple):
    """An amount of at least 0, mg, under its words; ``style``: one of STYLES, so that kinds differ not by colour alone."""

    label: str
    amount: int
    style: str = "solid"


def bars(name: str, title: str, rows: Sequence[Amount], unit: str) -> str:
    """Return amounts as bars below each other, each with its words and its exact figure."""
    most = max((one.amount for one in rows), default=0) or 1
    drawn = []
    for at, one in enumerate(rows):
        top = at * LINE
        wide = one.amount * PARTS // most
        said = f"{text(one.amount)} {unit}"
        drawn.append(
            f"<g{fact_of(one.amount)}><title>{worded(f'{one.label} {said}')}</title>"
            f'<text x="0" y="{top + 14}">{worded(one.label)}</text><text class="end" x="100%" y="{top + 14}">{said}</text>'
            f'<rect class="bar {one.style}" x="0" width="{place_of(wide)}" y="{top + 20}" height="{THICK}"/></g>'
        )
    return _figure(name, title, LINE * len(rows), "".join(drawn), rows, unit)


def columns(name: str, title: str, points: Sequence[Amount], unit: str) -> str:
    """Return amounts as columns beside each other; the last, the first and the highest bear their figures.

    Where two would lie on each other, the one named first here is told.
    """
    most = max((one.amount for one in points), default=0) or 1
    peak = max(range(len(points)), key=lambda at: points[at].amount, default=0)
    wide = PARTS // max(len(points), 1)
    told = _apart([len(points) - 1, 0, peak], len(points))
    drawn = []
    for at, one in enumerate(points):
        high = one.amount * TALL // most
        top, middle = HEAD + TALL - high, place_of(at * wide + wide // 2)
        anchor = "start" if at == 0 else "end" if at == len(points) - 1 else "middle"
        place = {"start": "0%", "end": "100%", "middle": middle}[anchor]
        figure = f'<text class="{anchor}" x="{place}" y="{top - 4}">{text(one.amount)}</text>' if at in told else ""
        under = at in (0, len(points) - 1)
        label = f'<text class="{anchor} quiet" x="{place}" y="{HEAD + TALL + 16}">{worded(one.label)}</text>'
        drawn.append(
            f"<g{fact_of(one.amount)}><title>{worded(f'{one.label} {text(one.amount)} {unit}')}</title>"
            f'<rect class="bar {one.style}" x="{place_of(at * wide + wide // 8)}" width="{place_of(wide * 3 // 4)}" '
            f'y="{top}" height="{max(high, 1)}"/>{figure}{label if under else ""}</g>'
        )
    return _figure(name, title, HEAD + TALL + FOOT, "".join(drawn), points, unit)


def _apart(wanted: Sequence[int], count: int) -> set[int]:
    """Return which of some places can bear a figure without one lying on the other."""
    found: list[int] = []
    for at in sorted(set(wanted), key=wanted.index):
        if all(abs(at - other) * 3 >= count for other in found):
            found.append(at)
    return set(found)


def _figure(name: str, title: str, height: int, drawn: str, amounts: Sequence[Amount], unit: str) -> str:
    words = "；".join(f"{one.label} {text(one.amount)} {unit}" for one in amounts)
    role = role_of(one.amount for one in amounts)
    return picture(name, visible(title), title, height, words, drawn, role, "chart flow")
