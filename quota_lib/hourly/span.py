"""The hours in view: those of the year, and of the year before where its data are there; every hour has a place.

Source  contract §2, Hourly data
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from quota_lib.periods import Quarter
from quota_lib.words import fold

EPOCH = datetime(1970, 1, 1)
HOURS_A_DAY = 24
_TIME = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
    r"[ T]?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?",
    re.ASCII,
)


class Span(NamedTuple):
    """Consecutive hours from a 1 January on.  ``own``: the place of the year's first hour; ``start``: hours since 1970."""

    year: int
    start: int
    own: int
    length: int

    def year_of(self, before: bool) -> range:
        """Return the places of the hours that a file of the year, or of the year before, may hold."""
        return range(0, self.own) if before else range(self.own, self.length)

    def time(self, place: int) -> datetime:
        return EPOCH + timedelta(hours=self.start + int(place))

    def place(self, time: datetime) -> int:
        """Return the place of the hour that a time lies in."""
        return (time - EPOCH) // timedelta(hours=1) - self.start

    @property
    def hours(self) -> int:
        """Return how many hours the year has."""
        return self.length - self.own

    @property
    def quarters(self) -> tuple[tuple[Quarter, int, int], ...]:
        """Return the year's quarters with the places of their first hour and of the hour after their last."""
        return _quarters(self)


@cache
def _quarters(span: Span) -> tuple[tuple[Quarter, int, int], ...]:
    quarters = [Quarter(span.year, number) for number in range(1, 5)]
    return tuple((one, span.place(_midnight(one.start)), span.place(_midnight(one.next.start))) for one in quarters)


def span_of(year: int, with_before: bool) -> Span:
    """Return the hours of a year, with those of the year before in front of them where asked."""
    first, own, after = (hours_since_1970(datetime(one, 1, 1)) for one in (year - with_before, year, year + 1))
    return Span(year, first, own - first, after - first)


def hours_since_1970(time: datetime) -> int:
    """Return the whole hours since 1970-01-01 00:00, local time."""
    return (time - EPOCH) // timedelta(hours=1)


def hour_of_text(text: str) -> int | None:
    """Return the hours since 1970 of a written time; None if it is not one, or not the start of an hour.

    >>> hour_of_text("1970-01-02 03:00"), hour_of_text("1970/1/2 3:00"), hour_of_text("1970-01-02T03:30")
    (27, 27, None)
    """
    found = _TIME.fullmatch(fold(text))
    if not found:
        return None
    year, *days, hour, minute, second, fraction = found.groups()
    month, day = (int(one) for one in days if one is not None)
    if int(minute) or int(second or 0) or int(fraction or 0):
        return None
    try:
        return hours_since_1970(datetime(int(year), month, day, int(hour)))
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
