"""What the plausibility checks look at: plain facts, which the caller makes of its records.

``at`` is the cell where a person can look, None where a fact stands in no workbook.

Source  SAFE-4
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from quota_lib.amounts import Mass, tonnes
from quota_lib.problems import Place

At = tuple[Place, str] | None


class Applied(NamedTuple):
    """What a construction project applies for of one factor: its increase, and the plant's of that year up to it.

    Applications that were refused or withdrawn are not given.
    """

    project: str
    unit: str
    zone: str
    factor: str
    day: date
    increase: Mass
    plant_year_new: Mass
    at: At = None


class Declared(NamedTuple):
    """What a plant declares of one factor for one year: one 口径 and 范围 for all that are given together."""

    year: int
    unit: str
    zone: str
    factor: str
    permitted: Mass
    actual: Mass
    industry: str = ""  # 行业代码
    output: Decimal | None = None  # 工业总产值, 万元
    at: At = None

    @property
    def intensity(self) -> Fraction | None:
        """Return t per 万元; None without output."""
        return Fraction(tonnes(self.actual)) / Fraction(self.output) if self.output else None


class Series(NamedTuple):
    """A year of an outlet's hourly values of one kind (``what``: 浓度, 流量).

    ``digest`` is equal where the values are; ``nonzero`` counts the values above 0.  ``flat_*`` is the
    longest run of hours with one identical value above 0: hours, its first hour, the value.
    """

    unit: str
    zone: str
    outlet: str
    factor: str
    digest: str
    nonzero: int
    flat_hours: int = 0
    flat_from: str = ""
    flat_value: str = ""
    what: str = "浓度"
    at: At = None

    @property
    def order(self) -> tuple[str, str, str, str]:
        return self.unit, self.outlet, self.factor, self.what


class PlausibilityInput(NamedTuple):
    """Everything that the checks look at: of the year, and of the years before what they compare with."""

    year: int
    applications: tuple[Applied, ...] = ()
    declarations: tuple[Declared, ...] = ()
    series: tuple[Series, ...] = ()

    @property
    def declared_now(self) -> tuple[Declared, ...]:
        """Return the declarations of the year, by plant and factor."""
        return tuple(sorted((one for one in self.declarations if one.year == self.year), key=_key))

    @property
    def declared_before(self) -> dict[tuple[str, str], Declared]:
        """Return the declarations of the year before, by plant and factor."""
        return {_key(one): one for one in self.declarations if one.year == self.year - 1}


def _key(one: Declared) -> tuple[str, str]:
    return one.unit, one.factor
