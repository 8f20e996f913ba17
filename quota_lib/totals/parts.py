"""A part of a year's discharge at one outlet: how much, over which days, in how much water.

Amounts are exact fractions of a milligram until the one rounding at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from quota_lib.amounts import Mass

MG_PER_GRAM = 1000  # mg/L · m³ = g


class Part(NamedTuple):
    """What one route says of some days, mg and m³.  ``volume`` None: not known, or air."""

    route: str
    first: date
    last: date
    load: Fraction
    volume: Fraction | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, first: date, last: date) -> Part:
        """Return the share of these days in it, evenly spread.

        Shape   the days lie within the part's.
        """
        share = Fraction((last - first).days + 1, self.days)
        volume = None if self.volume is None else self.volume * share
        return Part(self.route, first, last, self.load * share, volume)

    def times(self, share: Fraction, first: date, last: date) -> Part:
        """Return a given share of it, as what was discharged on some days."""
        return Part(self.route, first, last, self.load * share, None if self.volume is None else self.volume * share)


def total(parts: Iterable[Part]) -> Mass:
    """Return the load of parts in milligrams, rounded once, half to even.

    Source  GB/T 8170
    """
    return rounded(sum((part.load for part in parts), Fraction(0)))


def rounded(exact: Fraction) -> Mass:
    """Return a fraction of milligrams rounded once, half to even.

    Source  GB/T 8170
    """
    return Mass(round(exact))


def segments(first: date, last: date, changes: Iterable[date]) -> list[tuple[date, date]]:
    """Return the days from first to last, split where something changes."""
    starts = [first, *sorted({day for day in changes if first < day <= last})]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), last]
    return list(zip(starts, ends, strict=True))
