"""What a person should know of a series: hours without a row, what could not be replaced, what may not be used.

Source  TOTAL-2; methods §5
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from quota_lib.amounts import Ratio, plain
from quota_lib.hourly.faults import Faults
from quota_lib.hourly.flags import MISSING, STOPPED
from quota_lib.hourly.grid import Twice
from quota_lib.hourly.intake import File
from quota_lib.hourly.judging import Judged
from quota_lib.hourly.limits import WATER
from quota_lib.hourly.results import OnlineQuarter, OnlineYear, Rows
from quota_lib.hourly.span import Span
from quota_lib.problems import Problem, problem


def percent(share: Fraction | Ratio | None) -> str:
    """Return a share in percent, cut (never rounded up to a line it does not reach) after two decimals.

    >>> percent(Fraction(8999999, 10000000)), percent(Ratio(3, 4))
    ('89.99 %', '75 %')
    """
    from decimal import Decimal

    if share is None:
        return "—"
    return f"{plain(Decimal(share.numerator * 10_000 // share.denominator).scaleb(-2))} %"


class Places:
    """Where rows stand: the number of a row over all files → its file and its row there."""

    def __init__(self, files: Sequence[File], span: Span) -> None:
        self.files = files
        self.span = span
        self._bases = [file.base for file in files]

    def of(self, row: int) -> tuple[str, int]:
        """Return the file of a row, and its number in the file."""
        file = self.files[bisect_right(self._bases, row) - 1]
        return file.name, row - file.base

    def rows(self, numbers: NDArray[np.uint32]) -> tuple[Rows, ...]:
        """Return the stretches of files in which rows stand."""
        found = numbers[numbers > 0]
        low, high = int(found.min()), int(found.max())
        if self.of(low)[0] == self.of(high)[0]:
            return (Rows(self.of(low)[0], self.of(low)[1], self.of(high)[1]),)
        file = np.searchsorted(self._bases, found, side="right") - 1
        each = ((found[file == one], self.files[one]) for one in np.unique(file).tolist())
        return tuple(Rows(one.name, int(part.min()) - one.base, int(part.max()) - one.base) for part, one in each)

    def note_twice(self, twice: Twice, faults: Faults) -> None:
        """Note hours with two rows, by the files of both and whether the rows say the same."""
        here, there = (np.searchsorted(self._bases, one, side="right") - 1 for one in (twice.row, twice.first))
        kinds = np.stack([here, there, twice.same])
        for file, other, same in np.unique(kinds, axis=1).T.tolist():
            found = np.flatnonzero((here == file) & (there == other) & (twice.same == same))
            first = int(found[twice.row[found].argmin()])
            time = self.span.time(int(twice.cell[first]) % self.span.length)
            place = f"{self.files[other].name} 第 {int(twice.first[first]) - self.files[other].base} 行"
            said = (("time", f"{time:%Y-%m-%d %H:%M}"), ("other", place))
            row = int(twice.row[first]) - self.files[file].base
            faults.add("Q622" if same else "Q623", self.files[file].name, row, len(found), said)


def findings(
    one: Judged, quarters: Sequence[OnlineQuarter], year: OnlineYear, places: Places, span: Span, label: str
) -> Iterator[Problem]:
    """Return what is to be said of a year of one outlet and factor."""
    unit, outlet, _ = one.series.key
    words = {"unit": unit, "outlet": outlet, "factor": label}

    def at(code: str, hours: NDArray[np.int64], **more: object) -> Problem:
        """Return a complaint at the last row before the first hour, else at the series' first row."""
        first = int(hours[0]) if len(hours) else span.own
        rows = np.flatnonzero(one.series.row[: first + 1])
        row = int(one.series.row[rows[-1]]) if len(rows) else int(one.series.row[np.flatnonzero(one.series.row)[0]])
        file, number = places.of(row)
        time = f"{span.time(first):%Y-%m-%d %H:%M}"
        return problem(code, file, cell=str(number), **words, count=len(hours), time=time, **more)  # type: ignore[arg-type]

    own = span.own
    absent = own + np.flatnonzero(one.series.status[own:] == MISSING)
    if len(absent):
        yield at("Q625", absent)
    short = one.replaced.hour[one.replaced.lacking > 0]
    if len(short):
        most = int(one.replaced.lacking.argmax())
        wanted, lacking = int(one.replaced.wanted[most]), int(one.replaced.lacking[most])
        yield at("Q626", short, wanted=wanted, there=wanted - lacking, what="日" if year.medium == WATER else "小时")
    if len(one.none):
        yield at("Q627", one.none)
    for quarter in quarters:
        if not quarter.usable:
            first = next(first for which, first, _ in span.quarters if which == quarter.quarter)
            yield at("Q628", np.array([first]), why=quarter.why)
    if not year.usable:
        yield at("Q629", np.zeros(0, np.int64), why=year.why)
    running = own + np.flatnonzero((one.series.status[own:] == STOPPED) & (one.emission[own:] > 0))
    if len(running):
        yield at("Q630", running)
    if year.medium == WATER:
        step = _step(one.series.row[own:])
        if step > one.series.interval:
            yield at("Q631", np.zeros(0, np.int64), step=step, interval=one.series.interval)


def _step(rows: NDArray[np.uint32]) -> int:
    """Return the hours from row to row where more than half of them are the same and more than one; else 1."""
    steps = np.diff(np.flatnonzero(rows))
    if not len(steps):
        return 1
    usual = int(np.bincount(steps).argmax())
    return usual if 2 * int((steps == usual).sum()) > len(steps) else 1
