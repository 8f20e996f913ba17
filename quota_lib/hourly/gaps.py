"""Gaps: maximal runs of consecutive hours that need substitution.

A stopped hour ends a gap, as a valid one does: the hours on its two sides are not consecutive.  Hours of every kind
(maintenance, fault, out_of_control, missing, invalid) in one run are one gap.  A gap keeps its whole length where it
crosses the end of a quarter or of the year before.

Source  TOTAL-2; methods §5, HJ 75-2017
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.flags import NORMAL, STOPPED

Places = NDArray[np.int64]


class Gaps(NamedTuple):
    """Every hour that needs substitution, with the first hour and the length of its gap."""

    hour: Places
    first: Places
    length: Places


def needs_substitution(status: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which hours are neither valid nor stopped."""
    return (status != NORMAL) & (status != STOPPED)  # type: ignore[no-any-return]


def gaps(status: NDArray[np.int8]) -> Gaps:
    """Return the gaps of a series of hours, by code (flags.py).

    >>> gaps(np.array([0, 1, 3, 4, 5, 0], np.int8))
    Gaps(hour=array([0, 2, 3, 5]), first=array([0, 2, 2, 5]), length=array([1, 2, 2, 1]))
    """
    hour = np.flatnonzero(needs_substitution(status))
    starts = changes(hour[1:] - hour[:-1] > 1, len(hour))
    length = lengths(starts, len(hour))
    return Gaps(hour, np.repeat(hour[starts], length), np.repeat(length, length))


def changes(changed: NDArray[np.bool_], whole: int) -> Places:
    """Return where runs begin in a row of ``whole`` values, of which each but the first differs from the one before or not.

    >>> changes(np.array([False, True, False]), 4), changes(np.zeros(0, bool), 0)
    (array([0, 2]), array([], dtype=int64))
    """
    starts = np.ones(whole, bool)
    starts[1:] = changed
    return np.flatnonzero(starts)


def lengths(starts: Places, whole: int) -> Places:
    """Return how long runs are that begin at ``starts`` in a row of ``whole`` values; none in an empty one."""
    after = np.empty_like(starts)
    after[:-1] = starts[1:]
    after[-1:] = whole
    return after - starts
