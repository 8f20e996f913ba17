"""A slow, obvious reckoning of a year of one water outlet and factor, day by day, from methods §5 alone.

Amounts are grams an hour; a day that is valid with hours that lack has its mean for them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Hours = dict[datetime, tuple[str, int]]
"""Flag and grams by hour; an hour that is not there is missing."""


def of_day(hours: Hours, day: datetime) -> list[tuple[str, int]]:
    return [hours.get(day + HOUR * n, ("missing", 0)) for n in range(24)]


def valid(hours: Hours, day: datetime) -> bool:
    flags = [flag for flag, _ in of_day(hours, day)]
    due = 24 - flags.count("stopped")
    return flags.count("normal") > 0 and 4 * flags.count("normal") >= 3 * due


def emission(hours: Hours, day: datetime) -> Fraction:
    """Return what a valid day emitted."""
    flags = [flag for flag, _ in of_day(hours, day)]
    measured = sum(amount for flag, amount in of_day(hours, day) if flag == "normal")
    return Fraction(measured * (24 - flags.count("stopped")), flags.count("normal"))


def reckon_days(hours: Hours, first: datetime, own: datetime, after: datetime) -> dict[date, Fraction | None]:
    """Return what each day from ``own`` on counts for, None for an invalid day before which there is no valid one."""
    days = [first + DAY * n for n in range((after - first) // DAY)]
    found: dict[date, Fraction | None] = {}
    for day in days:
        flags = [flag for flag, _ in of_day(hours, day)]
        if day < own:
            continue
        if flags.count("stopped") == 24:
            found[day.date()] = Fraction(0)
        elif valid(hours, day):
            found[day.date()] = emission(hours, day)
        else:
            last = [one for one in days if one < day and valid(hours, one)][-30:]
            found[day.date()] = max((emission(hours, one) for one in last), default=None)
    return found
