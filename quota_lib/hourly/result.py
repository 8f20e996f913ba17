"""What comes of a year's hourly data: sums of the quarters, verdicts of the year, every substituted hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.amounts import Mass
from quota_lib.periods import Quarter
from quota_lib.problems import Problem

MG_PER_KG = 1e6


class OnlineQuarter(NamedTuple):
    """A quarter of one outlet and factor.

    Units   hours; mg.  normal + substituted + stopped + missing are the quarter's hours.
    Shape   ``capture`` None: the outlet was stopped all quarter; ``computed`` None: not usable, and ``why``.
    """

    unit: str
    outlet: str
    factor: str
    quarter: Quarter
    normal: int
    substituted: int
    stopped: int
    missing: int
    capture: Fraction | None
    as_given: Mass
    computed: Mass | None
    usable: bool
    why: str


class FileRows(NamedTuple):
    """The part of a file that belongs to one series: its first and last row there."""

    file: str
    first: int
    last: int


class SeriesYear(NamedTuple):
    """A year of one outlet and factor.

    Shape   ``barred``: why its online data may not be used this year; "".  ``digest``: SHA-256 of flags and
            concentrations, equal where two outlets have the same.  ``flat_hours``: the longest run of hours in
            which a normal concentration above 0 stayed the same, from ``flat_since`` on.
    """

    unit: str
    outlet: str
    factor: str
    invalid: int
    operating: int
    share: Fraction | None
    barred: str
    files: tuple[FileRows, ...]
    digest: str
    flat_hours: int
    flat_since: datetime | None
    distinct: int


class Substitution(NamedTuple):
    """One hour of which the emission was replaced.

    Units   kg.  ``old_kg`` None: the hour had no value.  ``taken_from``: the hour (water: the day) of the maximum.
    Shape   ``hours_used``: the valid hours (water: days) among which it is the maximum.
    """

    unit: str
    outlet: str
    factor: str
    time: datetime
    flag: str
    old_kg: float | None
    new_kg: float
    rule: str
    taken_from: datetime
    hours_used: int


class Substitutions(NamedTuple):
    """Every substituted hour, as columns; iterating ``rows`` gives them one by one, in order.

    Units   mg; hours since ``start``.
    """

    start: datetime
    series: tuple[tuple[str, str, str], ...]
    flags: tuple[str, ...]
    rules: tuple[str, ...]
    of: NDArray[np.int32]
    hour: NDArray[np.int32]
    flag: NDArray[np.int8]
    old: NDArray[np.float64]
    new: NDArray[np.float64]
    rule: NDArray[np.int8]
    since: NDArray[np.int32]
    used: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.of)

    def rows(self, chosen: slice = slice(None)) -> Iterator[Substitution]:
        """Return the substituted hours in the order of outlet, factor and time."""
        for of, hour, flag, old, new, rule, since, used in zip(
            *(column[chosen].tolist() for column in self[4:]), strict=True
        ):
            yield Substitution(
                *self.series[of],
                self.start + timedelta(hours=hour),
                self.flags[flag],
                None if old != old else old / MG_PER_KG,
                new / MG_PER_KG,
                self.rules[rule],
                self.start + timedelta(hours=since),
                used,
            )


class Hourly(NamedTuple):
    """A year's hourly data, judged."""

    year: int
    quarters: Sequence[OnlineQuarter]
    years: Sequence[SeriesYear]
    substitutions: Substitutions
    problems: Sequence[Problem]

    @property
    def barred(self) -> Mapping[tuple[str, str, str], str]:
        """Return the outlets and factors whose data may not be used this year, and why."""
        return {(one.unit, one.outlet, one.factor): one.barred for one in self.years if one.barred}


Columns = tuple[NDArray[Any], ...]
