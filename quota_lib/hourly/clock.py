"""Hours as numbers from the first hour of the data, and back.

Shape   with the year before: its hours come first.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from quota_lib.periods import Quarter
from quota_lib.words import fold

SECONDS_OF_HOUR = 3600
_EPOCH = datetime(1970, 1, 1)
_TIME = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))"
    r"(?:[ T]*(\d{1,2})(?::?(\d\d)(?::?(\d\d)(?:\.0*)?)?|时)?)?"
)
_BARE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d))?")


class Clock(NamedTuple):
    """The hours of a year, with or without those of the year before."""

    year: int
    with_before: bool

    @property
    def start(self) -> datetime:
        return datetime(self.year - self.with_before, 1, 1)

    @property
    def first(self) -> int:
        """Return the number of the year's first hour."""
        return hours_of(self.year - 1) if self.with_before else 0

    @property
    def hours(self) -> int:
        return self.first + hours_of(self.year)

    def bounds(self, year: int) -> tuple[int, int]:
        """Return the seconds since 1970 at which a year starts and ends."""
        return _seconds(datetime(year, 1, 1)), _seconds(datetime(year + 1, 1, 1))

    def number(self, time: datetime) -> int:
        """Return the number of the hour that a time lies in."""
        return int((time - self.start) // timedelta(hours=1))

    def time(self, number: int) -> datetime:
        return self.start + timedelta(hours=int(number))

    def quarters(self) -> list[tuple[Quarter, int, int]]:
        """Return the year's quarters with their first hour and the one after their last."""
        quarters = (Quarter(self.year, number) for number in (1, 2, 3, 4))
        return [(one, self.number(_midnight(one.start)), self.number(_midnight(one.next.start))) for one in quarters]


def hours_of(year: int) -> int:
    """Return the hours of a year."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days * 24


def seconds_of(text: str) -> int | None:
    """Return what a cell says as seconds since 1970 of a clock on the wall, or None.

    >>> seconds_of("2025-01-01 01:00") == seconds_of("2025/1/1 1:00:00") == seconds_of("2025010101")
    True
    """
    plain = fold(text)
    bare = _BARE.fullmatch(plain)
    match = None if bare else _TIME.fullmatch(plain)
    if bare:
        parts = [int(part or 0) for part in bare.groups()]
    elif match:
        year, month, day, month_, day_, hour, minute, second = (int(part or 0) for part in match.groups())
        parts = [year, month or month_, day or day_, hour, minute, second]
    else:
        return None
    try:
        return _seconds(datetime(*parts))  # type: ignore[arg-type]
    except ValueError:
        return None


def words_of(seconds: int) -> str:
    """Return seconds since 1970 as a cell shows them."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"


def _seconds(time: datetime) -> int:
    return int((time - _EPOCH).total_seconds())


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
