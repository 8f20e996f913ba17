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
    """What one route says of some days, mg and m³.  ``volume`` None: not known, or air.

    ``load_by_day``, ``volume_by_day``: in what proportion the days have it, in any unit, where hourly data tell; ()
    for evenly.  A concentration changes at midnight, so that days are as fine as hours.
    """

    route: str
    first: date
    last: date
    load: Fraction
    volume: Fraction | None = None
    load_by_day: tuple[int | Fraction, ...] = ()
    volume_by_day: tuple[int | Fraction, ...] = ()

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, first: date, last: date) -> Part:
        """Return what of it these days have: by the hours where they are known, else evenly spread.

        Shape   the days lie within the part's.  What is between any days that part it adds up to the whole, exactly:
                nothing is rounded here.
        """
        start = (first - self.first).days
        own = slice(start, start + (last - first).days + 1)
        load, volume = _share(self.load_by_day, own, self.days), _share(self.volume_by_day, own, self.days)
        return Part(
            self.route,
            first,
            last,
            self.load * load,
            None if self.volume is None else self.volume * volume,
            self.load_by_day[own],
            self.volume_by_day[own],
        )

    def times(self, share: Fraction, first: date, last: date) -> Part:
        """Return a given share of it, as what was discharged on some days."""
        return Part(self.route, first, last, self.load * share, None if self.volume is None else self.volume * share)


def _share(by_day: tuple[int | Fraction, ...], own: slice, days: int) -> Fraction:
    """Return the share of some days; evenly where no day is told from another."""
    whole = sum(by_day)
    return Fraction(sum(by_day[own])) / whole if whole else Fraction(own.stop - own.start, days)


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
