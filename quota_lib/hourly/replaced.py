"""What was put in the place of hours: the columns, one entry an hour.

Source  TOTAL-2; contract §5, substitutions
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from quota_lib.hourly.emission import Whole

MAXIMUM, CALIBRATED, DAY_MAXIMUM, DAY_MEAN = range(4)


class Replaced(NamedTuple):
    """Hours that were replaced.

    ``amount`` ng; ``kind`` and ``wanted`` are the rule; ``source``: the hour whose emission was taken, of a day the day's
    first hour; ``used``: the valid hours it was taken from; ``lacking``: how many hours (days) fewer than wanted there were.
    """

    hour: Whole
    amount: Whole
    kind: Whole
    wanted: Whole
    source: Whole
    used: Whole
    lacking: Whole


def rule_of(kind: int, wanted: int) -> str:
    """Return a rule as the table of substitutions prints it.

    >>> rule_of(CALIBRATED, 180), rule_of(DAY_MAXIMUM, 30), rule_of(DAY_MEAN, 0)
    ('max_180h_before_calibration', 'max_30d', 'day_mean')
    """
    return (f"max_{wanted}h", f"max_{wanted}h_before_calibration", f"max_{wanted}d", "day_mean")[kind]


def compact(one: Replaced) -> Replaced:
    """Return the same in as few bytes as its numbers need."""
    return Replaced(*(column.astype(kind) for column, kind in zip(one, _BYTES, strict=True)))


_BYTES = (np.int32, np.int64, np.int8, np.int32, np.int32, np.int32, np.int32)


def columns(rows: Sequence[tuple[int, ...]], repeats: Whole, hour: Whole) -> Replaced:
    """Return hours of which runs of ``repeats`` share one row (amount, kind, wanted, source, used, lacking)."""
    table = np.array(rows, np.int64).reshape(-1, 6)
    return Replaced(hour, *np.repeat(table, repeats, axis=0).T)


def together(parts: Sequence[Replaced]) -> Replaced:
    """Return the hours of several parts in the order of time."""
    whole = (
        [np.concatenate([part[one] for part in parts]) for one in range(7)] if parts else [np.zeros(0, np.int64)] * 7
    )
    order = np.argsort(whole[0], kind="stable")
    return Replaced(*(one[order] for one in whole))
