"""Water: days, not hours, are valid or not; an invalid day takes the highest daily emission of the last valid days.

A day is valid from a share of the readings that were due: one an hour (or what ``carried`` makes of readings at longer
intervals), less the stopped ones.  In a valid day the mean of its valid hours stands for those that lack; an invalid
day, whatever valid hours it has, takes the maximum as a whole, in equal parts on the hours that were not stopped.
A day that was stopped throughout emits nothing and is neither.

Source  TOTAL-2; methods §5, HJ 356-2019
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.amounts import Ratio
from quota_lib.hourly.air import UNUSABLE
from quota_lib.hourly.emission import Whole, means, shared
from quota_lib.hourly.flags import NORMAL, STOPPED
from quota_lib.hourly.gaps import needs_substitution
from quota_lib.hourly.limits import Limits
from quota_lib.hourly.replaced import DAY_MAXIMUM, DAY_MEAN, Replaced, together
from quota_lib.hourly.span import HOURS_A_DAY


class Days(NamedTuple):
    """Days of 24 hours: how many were due and how many valid, which days are valid.

    ``mean``: of a day's valid hours; ``emission``: of the day, with the mean for what lacks.
    """

    due: Whole
    valid: Whole
    good: NDArray[np.bool_]
    mean: Whole
    emission: Whole


def carried(rows: NDArray[np.bool_], interval: int) -> Whole:
    """Return for each hour the hour whose reading stands for it, -1 without one.

    Its own, else the last one less than ``interval`` hours before.

    >>> carried(np.array([False, True, False, False, True, True, False]), 2)
    array([-1,  1,  1, -1,  4,  5,  5])
    """
    own = np.arange(len(rows))
    last = np.maximum.accumulate(np.where(rows, own, -interval))
    return np.where(own - last < interval, last, -1)


def days_of(status: NDArray[np.int8], emission: Whole, share: Ratio) -> Days:
    """Return the days of consecutive hours that begin at midnight; valid from a share of what was due."""
    hours = status.reshape(-1, HOURS_A_DAY)
    due = HOURS_A_DAY - (hours == STOPPED).sum(axis=1)
    valid = (hours == NORMAL).sum(axis=1)
    measured = np.where(hours == NORMAL, emission.reshape(-1, HOURS_A_DAY), 0).sum(axis=1)
    good = (valid > 0) & (valid * share.denominator >= due * share.numerator)
    mean = means(measured, valid)
    return Days(due, valid, good, mean, measured + mean * (due - valid))


def replace_water(status: NDArray[np.int8], emission: Whole, grade: Whole, limits: Limits) -> tuple[Replaced, Whole]:
    """Return what replaces each hour that needs it, and the hours before which there is no valid day.

    Shape   one outlet and factor, whole days; ``grade`` by hour: UNUSABLE where nothing is replaced.
    Source  TOTAL-2; methods §5, HJ 356-2019
    """
    days = days_of(status, emission, limits.water_day_share)
    needed = needs_substitution(status) & (grade != UNUSABLE)
    in_good = np.repeat(days.good, HOURS_A_DAY)
    good = np.flatnonzero(days.good)
    bad = np.unique(np.flatnonzero(needed & ~in_good) // HOURS_A_DAY)
    able = bad[np.searchsorted(good, bad) > 0]
    parts = [_highest(status, days, good, day, limits.water_history_days) for day in able.tolist()]
    parts.append(_mean(np.flatnonzero(needed & in_good), days))
    unable = np.isin(np.arange(len(status)) // HOURS_A_DAY, bad[: len(bad) - len(able)])
    return together(parts), np.flatnonzero(needed & unable)


def _mean(hour: Whole, days: Days) -> Replaced:
    """Return the hours that lack in valid days: each takes its day's mean."""
    day = hour // HOURS_A_DAY
    none = np.zeros(len(hour), np.int64)
    return Replaced(hour, days.mean[day], none + DAY_MEAN, none, day * HOURS_A_DAY, days.valid[day], none)


def _highest(status: NDArray[np.int8], days: Days, good: Whole, day: int, most: int) -> Replaced:
    """Return all hours of an invalid day that were not stopped: together the highest of the last valid days' emissions."""
    up_to = int(np.searchsorted(good, day))
    last = good[max(up_to - most, 0) : up_to]
    highest = int(last[days.emission[last].argmax()])
    first = day * HOURS_A_DAY
    hour = first + np.flatnonzero(status[first : first + HOURS_A_DAY] != STOPPED)
    row = (DAY_MAXIMUM, most, highest * HOURS_A_DAY, int(days.valid[last].sum()), most - len(last))
    return Replaced(hour, shared(int(days.emission[highest]), len(hour)), *(np.full(len(hour), one) for one in row))
