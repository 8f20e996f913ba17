"""What the plausibility checks want to know of a year's values: a digest, and the longest run of one value.

Source  SAFE-4
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.gaps import changes, lengths


class Flat(NamedTuple):
    """The longest run of one value above 0: its first place (-1 without any) and its hours; of equal ones the first."""

    start: int
    hours: int


def digest_of(values: NDArray[np.float64]) -> str:
    """Return SHA-256 of values in the order of their hours, as little-endian doubles; NaN where there is none.

    -0 counts as 0.  Equal where the values are, whatever wrote them.
    """
    whole = np.where(np.isnan(values), np.nan, values + 0)
    return sha256(np.ascontiguousarray(whole, dtype="<f8").tobytes()).hexdigest()


def flat_of(values: NDArray[np.float64]) -> Flat:
    """Return the longest run of consecutive hours with one identical value above 0; NaN, or 0, ends a run.

    >>> flat_of(np.array([0, 0, 0, 5, 5, np.nan, 5, 2]))
    Flat(start=3, hours=2)
    """
    starts = changes(values[1:] != values[:-1], len(values))  # NaN differs from itself
    hours = lengths(starts, len(values)) * (values[starts] > 0)
    longest = int(hours.argmax())
    return Flat(int(starts[longest]), int(hours[longest])) if hours[longest] else Flat(-1, 0)
