"""One series, judged without a file."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from quota_lib.hourly.air import passed
from quota_lib.hourly.flags import WORDS
from quota_lib.hourly.judging import Judged, Series, at_intervals, judge, without_history
from quota_lib.hourly.limits import AIR, limits_of
from quota_lib.hourly.span import span_of
from quota_lib.rules import Rules
from tests.oracle.compare import PARAMETERS

RULES = Rules({path.stem: path.read_text(encoding="utf-8") for path in PARAMETERS.glob("*.yaml")})
YEAR = 2025
HOUR, FIRST = timedelta(hours=1), datetime(YEAR, 1, 1)
LIMITS = limits_of(RULES, YEAR)


def judged(hours, medium=AIR, calibrations=(), before=False, interval=1, limits=LIMITS) -> Judged:
    """Judge hours: flag and amount (mg, of water g) by time; what is not there has no row."""
    span = span_of(YEAR, before)
    status = np.zeros(span.length, np.int8)
    amounts = np.full(span.length, np.nan)
    for time, (flag, amount) in hours.items():
        status[span.place(time)] = WORDS.index(flag)
        amounts[span.place(time)] = amount
    row = np.where(status > 0, np.arange(1, span.length + 1), 0).astype(np.uint32)
    series = Series(("unit", "outlet", "NOX"), medium, status, amounts, np.ones(span.length), row)
    whole = without_history(at_intervals(series, interval), span)
    times = [(span.place(one), bool(one.minute)) for one in calibrations]
    return judge(whole, span, limits, passed(times))


def steady(amount=10, days=365, year=YEAR):
    """Return normal hours of one amount."""
    first = datetime(year, 1, 1)
    return {first + HOUR * n: ("normal", amount) for n in range(24 * days)}


def new(one: Judged, time: datetime) -> int | None:
    """Return what stands for an hour, in ng."""
    place = one.series.status.size - 8760 + (time - FIRST) // HOUR
    found = np.flatnonzero(one.replaced.hour == place)
    return int(one.replaced.amount[found[0]]) if len(found) else None


def used(one: Judged, time: datetime) -> int | None:
    """Return how many valid hours an hour's new value was taken from."""
    place = one.series.status.size - 8760 + (time - FIRST) // HOUR
    found = np.flatnonzero(one.replaced.hour == place)
    return int(one.replaced.used[found[0]]) if len(found) else None
