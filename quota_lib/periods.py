"""Quarters, years, and the two clocks: when a row was booked and when its event happened."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple


class Quarter(NamedTuple):
    """A booking quarter; quarters order as they follow each other."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def start(self) -> date:
        return _days(self.year, self.number)[0]

    @property
    def end(self) -> date:
        return _days(self.year, self.number)[1]

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> Quarter:
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def year_before(self) -> Quarter:
        return Quarter(self.year - 1, self.number)


@cache
def _days(year: int, number: int) -> tuple[date, date]:
    after = date(year + number // 4, 3 * (number % 4) + 1, 1)
    return date(year, 3 * number - 2, 1), after - timedelta(days=1)


Period = Quarter | int
"""What a folder below ``data/`` stands for: a quarter, or a year (an ``int``)."""

_PERIOD = re.compile(r"(\d{4})(?:Q([1-4]))?")


def parse_period(name: str) -> Period | None:
    """Return the period that a folder name or an argument stands for ("2025Q1", "2025"), or None."""
    match = _PERIOD.fullmatch(name)
    if not match:
        return None
    year = int(match[1])
    return Quarter(year, int(match[2])) if match[2] else year


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def posting_day(day: date, booked: Quarter) -> date:
    """Return the day on which a row counts: its business date, or of a late one (补报) the quarter's first day.

    Source  contract §1, two clocks
    """
    return max(day, booked.start)
