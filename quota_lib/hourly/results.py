"""What the hourly data of a year come to, as the annual report takes it.

Source  TOTAL-2; contract §5, online and substitutions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.amounts import Mass
from quota_lib.hourly.emission import Whole, kilograms
from quota_lib.hourly.flags import WORDS
from quota_lib.hourly.flows import Volume
from quota_lib.hourly.replaced import Replaced, rule_of
from quota_lib.hourly.span import Span
from quota_lib.periods import Quarter
from quota_lib.problems import Problem

Key = tuple[str, str, str]
"""Unit, outlet, factor."""


class OnlineQuarter(NamedTuple):
    """A quarter of one outlet and factor: a row of online.csv.

    Units   hours; mg.  normal + substituted + stopped + missing are the quarter's hours.
    ``capture`` None: stopped throughout.  ``computed`` None: not usable, and ``why``.  ``days``: what water comes to
    by day, ng, before the sum is rounded; () of air, and where the quarter is not usable.
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
    days: tuple[int, ...]


class Rows(NamedTuple):
    """A stretch of one file in which rows of a series stand: the first and the last row."""

    file: str
    first: int
    last: int


class OnlineYear(NamedTuple):
    """A year of one outlet and factor.

    ``invalid``: hours that needed substitution, of ``hours``.  ``usable`` False, and ``why``: the 25 % rule bars the year.
    ``digest`` is equal where the concentrations are; ``nonzero`` counts those above 0.  ``flat_*``: the longest run of
    one concentration above 0 in normal hours.  ``most``: the highest hourly emission of a normal hour, ``most_at`` its
    hour, None without one.  ``rows``: where the year's rows stand.
    """

    unit: str
    outlet: str
    factor: str
    medium: str
    hours: int
    stopped: int
    invalid: int
    usable: bool
    why: str
    rows: tuple[Rows, ...]
    digest: str
    nonzero: int
    flat_hours: int
    flat_from: datetime | None
    flat_value: str
    most: Mass
    most_at: datetime | None

    @property
    def invalid_share(self) -> Fraction:
        return Fraction(self.invalid, self.hours)


class Substitution(NamedTuple):
    """One hour that was replaced: a row of substitutions.csv.  ``old_kg`` None: the row gave no emission."""

    unit: str
    outlet: str
    factor: str
    time: datetime
    flag: str
    old_kg: Decimal | None
    new_kg: Decimal
    rule: str
    from_: datetime
    hours_used: int


class Substituted(NamedTuple):
    """The replaced hours of one outlet and factor, with what stood there."""

    key: Key
    flag: NDArray[np.int8]
    old: Whole
    given: NDArray[np.bool_]
    new: Replaced


class Substitutions:
    """Every replaced hour of a year, in columns; iterating gives the rows in the order of the table."""

    def __init__(self, span: Span, parts: Sequence[Substituted]) -> None:
        self.span = span
        self.parts = parts

    def __len__(self) -> int:
        return sum(len(part.flag) for part in self.parts)

    def __iter__(self) -> Iterator[Substitution]:
        for part in self.parts:
            yield from self._rows(part)

    def of(self, key: Key) -> Iterator[Substitution]:
        """Return the replaced hours of one outlet and factor."""
        for part in self.parts:
            if part.key == key:
                yield from self._rows(part)

    def _rows(self, part: Substituted) -> Iterator[Substitution]:
        hour, amount, kind, wanted, source, used, _ = (one.tolist() for one in part.new)
        old, given = part.old.tolist(), part.given.tolist()
        for row, flag in enumerate(part.flag.tolist()):
            yield Substitution(
                *part.key,
                self.span.time(hour[row]),
                WORDS[flag],
                kilograms(old[row]) if given[row] else None,
                kilograms(amount[row]),
                rule_of(kind[row], wanted[row]),
                self.span.time(source[row]),
                used[row],
            )


class Hourly(NamedTuple):
    """A year of hourly data, judged.

    ``volumes``: the water by unit, outlet and quarter.
    ``hours``: kg of the hours that were asked for, as computed; hours of quarters that are not usable are absent.
    """

    quarters: list[OnlineQuarter]
    years: list[OnlineYear]
    substitutions: Substitutions
    problems: list[Problem]
    volumes: Mapping[tuple[str, str, Quarter], Volume]
    hours: Mapping[tuple[str, str, str, datetime], Decimal]

    @property
    def barred(self) -> dict[Key, str]:
        """Return the outlets and factors whose data may not be used this year, and why."""
        return {(one.unit, one.outlet, one.factor): one.why for one in self.years if not one.usable}
