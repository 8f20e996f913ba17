"""One outlet and factor over its hours: what counts, what is replaced, what each quarter comes to.

Source  TOTAL-2; methods §5
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.air import FULL, LOW, UNUSABLE, Passed, replace_air
from quota_lib.hourly.capture import Count, reaches
from quota_lib.hourly.emission import NG_PER_G, NG_PER_MG, Whole, emissions, sums
from quota_lib.hourly.flags import MISSING, NORMAL, STOPPED
from quota_lib.hourly.limits import WATER, Limits
from quota_lib.hourly.replaced import Replaced
from quota_lib.hourly.results import Key
from quota_lib.hourly.span import HOURS_A_DAY, Span
from quota_lib.hourly.water import carried, replace_water


class Series(NamedTuple):
    """The hours of one outlet and factor; ``row`` is the number of the row that gave an hour, 0 without one.

    ``interval``: for how many hours a reading stands.
    """

    key: Key
    medium: str
    status: NDArray[np.int8]
    concentration: NDArray[np.float64]
    flow: NDArray[np.float64]
    row: NDArray[np.uint32]
    interval: int = 1


class Judged(NamedTuple):
    """What a year of a series comes to, by quarter where there are four.

    Units   ng.  ``computed`` None: the quarter is not usable.
    ``none``: hours that nothing could replace, of usable quarters.  ``emission`` is of all hours in view.
    ``days``: of water by quarter and day, () of air.
    """

    series: Series
    emission: Whole
    counts: tuple[Count, ...]
    substituted: tuple[int, ...]
    usable: tuple[bool, ...]
    as_given: tuple[int, ...]
    computed: tuple[int | None, ...]
    replaced: Replaced
    none: Whole
    days: tuple[tuple[int, ...], ...]


def at_intervals(series: Series, interval: int) -> Series:
    """Return a series in which each reading stands for the hours after it that have no row of their own."""
    if interval == 1:
        return series
    source = carried(series.row > 0, interval)
    blank = source < 0
    return series._replace(
        interval=interval,
        status=np.where(blank, MISSING, series.status[source]).astype(np.int8),
        concentration=np.where(blank, np.nan, series.concentration[source]),
        flow=np.where(blank, np.nan, series.flow[source]),
    )


def without_history(series: Series, span: Span) -> Series:
    """Return a series that begins with the year where no file of the year before has it: no gap reaches back further."""
    if not span.own or series.row[: span.own].any():
        return series
    status = series.status.copy()
    status[: span.own] = STOPPED
    return series._replace(status=status)


def judge(series: Series, span: Span, limits: Limits, calibrations: Passed) -> Judged:
    """Return what the rules make of a year of one outlet and factor.

    Source  TOTAL-2; methods §5: capture by quarter, then what stands for the hours that do not count
    """
    emission = emissions(series.concentration, series.flow, NG_PER_G if series.medium == WATER else NG_PER_MG)
    bounds = [(first - span.own, after - span.own) for _, first, after in span.quarters]
    status = series.status[span.own :]
    counts = _counts(status, bounds)
    usable = tuple(reaches(one, limits.capture(series.medium)) for one in counts)
    grade = _grades(counts, usable, bounds, span, limits)
    if series.medium == WATER:
        replaced, none = replace_water(series.status, emission, grade, limits)
    else:
        replaced, none = replace_air(series.status, emission, grade, limits, calibrations)
    starts = [first for first, _ in bounds]
    own, place = emission[span.own :], replaced.hour - span.own
    computed = np.where(status == NORMAL, own, 0)
    computed[place] = replaced.amount
    quarters = np.searchsorted(starts, place, side="right") - 1
    return Judged(
        series,
        emission,
        counts,
        tuple(np.bincount(quarters, minlength=len(bounds)).tolist()),
        usable,
        tuple(sums(own, starts)),
        tuple(amount if able else None for amount, able in zip(sums(computed, starts), usable, strict=True)),
        replaced,
        none,
        tuple(_by_day(computed[first:after]) if series.medium == WATER else () for first, after in bounds),
    )


def _by_day(hours: Whole) -> tuple[int, ...]:
    return tuple(hours.reshape(-1, HOURS_A_DAY).sum(axis=1).tolist())


def _counts(status: NDArray[np.int8], bounds: list[tuple[int, int]]) -> tuple[Count, ...]:
    return tuple(
        Count(
            after - first,
            int(np.count_nonzero(status[first:after] == NORMAL)),
            int(np.count_nonzero(status[first:after] == STOPPED)),
        )
        for first, after in bounds
    )


def _grades(
    counts: tuple[Count, ...], usable: tuple[bool, ...], bounds: list[tuple[int, int]], span: Span, limits: Limits
) -> Whole:
    """Return how each hour's quarter was captured; the year before is not looked at."""
    grades = [
        (FULL if reaches(count, limits.capture_full) else LOW) if able else UNUSABLE
        for count, able in zip(counts, usable, strict=True)
    ]
    return np.repeat([UNUSABLE, *grades], [span.own, *(after - first for first, after in bounds)])
