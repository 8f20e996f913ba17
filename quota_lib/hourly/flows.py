"""The water of an outlet, hour by hour: of which hours the flow counts, and from which factor's row.

A flag is a factor's, the flow is the outlet's.  Where one factor's analyser failed, the flow still counts if another
factor's row of that hour does; where no row of the hour counts, a fault of the flow meter cannot be ruled out and the
hour has no flow.  Which flags count is a parameter (monitoring.water_flow_flags).  A flow that was refused never counts.

Source  methods §4, Q of 外排环境量; §5
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.flags import STOPPED
from quota_lib.hourly.span import HOURS_A_DAY

LITRES = 1000  # a m³
_STANDS, _LACKS = 2**15 - 2, 2**15 - 1  # beyond any factor's place in the order


class Volume(NamedTuple):
    """The water of one outlet in one quarter.

    Units   m³; hours.  ``due``: not stopped; ``counted``: of them with a flow that counts, together ``water``.
    ``aside``: what rows of hours without one show, which does not count, in ``aside_hours``.
    ``days``: by day what was counted in litres, the hours counted, the hours that lack.
    """

    due: int
    counted: int
    water: Decimal
    aside_hours: int
    aside: Decimal
    days: tuple[tuple[int, int, int], ...]


class Flows:
    """The hours of one outlet, gathered from its factors in any order; the first factor whose row counts gives an hour."""

    def __init__(self, hours: int) -> None:
        self._from = np.full(hours, _LACKS, np.int16)
        self._litres = np.zeros(hours, np.int64)
        self._aside = np.full(hours, -1, np.int64)

    def add(self, place: int, status: NDArray[np.int8], flow: NDArray[np.float64], counting: frozenset[int]) -> None:
        """Add the hours of one factor; ``place``: where it stands in the order of factors."""
        given = flow >= 0  # not: blank
        counts = given & np.isin(status, list(counting))
        mine = np.where(counts, place, np.where(status == STOPPED, _STANDS, _LACKS)).astype(np.int16)
        litres = np.rint(np.where(given, flow, 0) * LITRES).astype(np.int64)
        better = mine < self._from
        self._litres[better] = np.where(counts, litres, 0)[better]
        self._from[better] = mine[better]
        self._aside = np.maximum(self._aside, np.where(given & ~counts, litres, -1))

    def volume(self, first: int, after: int) -> Volume:
        """Return the water of whole days, by the places of their first hour and of the hour after their last."""
        source, litres = self._from[first:after], self._litres[first:after]
        lacks, counted = source == _LACKS, source < _STANDS
        aside = self._aside[first:after][lacks]
        days = (litres, counted, lacks)
        return Volume(
            int(np.count_nonzero(source != _STANDS)),
            int(np.count_nonzero(counted)),
            _cubic_metres(litres),
            int(np.count_nonzero(aside >= 0)),
            _cubic_metres(aside[aside >= 0]),
            tuple(zip(*(_by_day(one) for one in days), strict=True)),
        )


def _by_day(hours: NDArray[np.int64] | NDArray[np.bool_]) -> Sequence[int]:
    return hours.reshape(-1, HOURS_A_DAY).sum(axis=1).tolist()  # type: ignore[no-any-return]


def _cubic_metres(litres: NDArray[np.int64]) -> Decimal:
    return Decimal(int(litres.sum())).scaleb(-3)
