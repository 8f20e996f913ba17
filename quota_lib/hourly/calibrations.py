"""Calibrations of online monitors (校准记录): the passed ones, and the hours that a failed one puts in doubt.

Source  TOTAL-2; methods §5, HJ 75-2017: out of control from when it is found until the requirements are met again
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.air import Passed, passed
from quota_lib.hourly.flags import NORMAL, OUT_OF_CONTROL
from quota_lib.hourly.limits import BY_FLAG, SINCE_PASSED
from quota_lib.hourly.results import Key
from quota_lib.hourly.span import Span
from quota_lib.problems import Place, Problem, at

PASSED = "合格"


class Calibrated(Protocol):
    """A row of 校准记录."""

    @property
    def unit(self) -> str: ...
    @property
    def outlet(self) -> str: ...
    @property
    def factor(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def result(self) -> str: ...
    @property
    def at(self) -> Place: ...


class Failed(NamedTuple):
    """A failed calibration: the first hour that began after it, and how many passed ones were before it."""

    place: int
    before: int
    row: Calibrated


class Kept(NamedTuple):
    """The calibrations of one outlet and factor, in the order of time."""

    passed: Passed
    failed: tuple[Failed, ...]


NOTHING = Kept(passed(()), ())


class Doubt(NamedTuple):
    """Hours from ``first`` to before ``after`` that are in doubt for a failed calibration; ``normal`` of them count as valid."""

    first: int
    after: int
    normal: int
    row: Calibrated


def kept_by_series(rows: Iterable[Calibrated], span: Span) -> Mapping[Key, Kept]:
    """Return the calibrations by outlet and factor."""
    good: dict[Key, list[tuple[int, bool]]] = defaultdict(list)
    bad: dict[Key, list[Failed]] = defaultdict(list)
    for one in sorted(rows, key=lambda row: (row.time, row.result == PASSED)):
        key = (one.unit, one.outlet, one.factor)
        hour, inside = span.place(one.time), bool(one.time.minute or one.time.second or one.time.microsecond)
        if one.result == PASSED:
            good[key].append((hour, inside))
        else:
            bad[key].append(Failed(hour + inside, len(good[key]), one))
    return {key: Kept(passed(good[key]), tuple(bad[key])) for key in {*good, *bad}}


def doubts(kept: Kept, status: NDArray[np.int8], span: Span, reading: str) -> Iterator[Doubt]:
    """Return the hours of the year in doubt that are flagged normal, by failure; of several before one pass the first.

    From the failure to the next pass; where the reading is since_passed, from the last pass on, if there was one.
    """
    done = -1
    for place, before, row in kept.failed:
        if before == done:
            continue
        done, known = before, before < len(kept.passed.hour)
        after = min(int(kept.passed.hour[before]), span.length) if known else span.length
        earlier = reading == SINCE_PASSED and before > 0
        first = max(int(kept.passed.after[before - 1]) if earlier else place, span.own)
        normal = int(np.count_nonzero(status[first:after] == NORMAL)) if first < after else 0
        if normal:
            yield Doubt(first, after, normal, row)


def ruled_out(status: NDArray[np.int8], found: Iterable[Doubt]) -> NDArray[np.int8]:
    """Return hours in which those in doubt are out of control."""
    made = status.copy()
    for one in found:
        own = made[one.first : one.after]
        own[own == NORMAL] = OUT_OF_CONTROL
    return made


def complaint(one: Doubt, span: Span, reading: str, label: str) -> Problem:
    """Return what is to be said of a failed calibration, at its cell."""
    row = one.row
    return at(
        row.at,
        "result",
        "Q632",
        unit=row.unit,
        outlet=row.outlet,
        factor=label,
        time=f"{row.time:%Y-%m-%d %H:%M}",
        first=f"{span.time(one.first):%Y-%m-%d %H:%M}",
        after=f"{span.time(one.after):%Y-%m-%d %H:%M}",
        count=one.normal,
        how="按有效计" if reading == BY_FLAG else "按失控替代",
    )
