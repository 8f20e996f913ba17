"""Monitors that stand still, and what the checks need to know of a year of hourly values.

Source  SAFE-4
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.findings import Seen
from quota_lib.plausibility.registry import Asked, plausibility_check


@plausibility_check("W565")
def flat_monitor(asked: Asked) -> Iterator[Seen]:
    """A monitor shows one identical value above 0 for so many hours on end."""
    least = asked.rules.count("plausibility.flat_hours", asked.day)
    for one in sorted(asked.facts.series, key=lambda one: one.order):
        if one.flat_hours >= least:
            words = {
                "unit": one.unit,
                "outlet": one.outlet,
                "factor": asked.label(one.factor),
                "what": one.what,
                "hours": one.flat_hours,
                "since": one.flat_from,
                "value": one.flat_value,
            }
            yield Seen(one.zone, one.unit, "", one.factor, words, one.at)


class Shape(NamedTuple):
    """A year of hourly values in short; ``start`` is the place of the flat run's first value, -1 without a value."""

    digest: str
    nonzero: int
    start: int
    hours: int


def shape_of(values: NDArray[np.float64]) -> Shape:
    """Return what the checks need of a year's values in the order of their hours, one an hour; NaN: no value.

    A missing hour ends a run.  The longest run of one value above 0 counts, of equal ones the first.

    >>> shape_of(np.array([0, 0, 0, 5, 5, np.nan, 5, 2]))[1:]
    (4, 3, 2)
    """
    whole = np.ascontiguousarray(values, dtype="<f8") + 0  # -0 becomes 0
    whole = np.where(np.isnan(whole), np.nan, whole)  # one NaN for all
    digest = sha256(whole.tobytes()).hexdigest()
    if not len(whole):
        return Shape(digest, 0, -1, 0)
    starts = np.flatnonzero(np.r_[True, whole[1:] != whole[:-1]])  # NaN differs from itself
    lengths = np.diff(np.r_[starts, len(whole)])
    lengths = np.where(whole[starts] > 0, lengths, 0)
    longest = int(lengths.argmax())
    hours = int(lengths[longest])
    return Shape(digest, int((whole > 0).sum()), int(starts[longest]) if hours else -1, hours)
