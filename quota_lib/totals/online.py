"""Online data as the yearly account takes it: sums of the quarters, already substituted and judged.

Source  TOTAL-2 在线数据; contract §5, online
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

from quota_lib.amounts import Mass
from quota_lib.periods import Quarter
from quota_lib.totals.year import OutletFactor

MG_PER_KG = 10**6


class OnlineQuarter(Protocol):
    """A quarter of one outlet and factor.  ``computed`` None, or not ``usable``: another route, and ``why``.

    ``days``: of water by day, ng; () where that is not known.
    """

    @property
    def unit(self) -> str: ...
    @property
    def outlet(self) -> str: ...
    @property
    def factor(self) -> str: ...
    @property
    def quarter(self) -> Quarter: ...
    @property
    def normal(self) -> int: ...
    @property
    def substituted(self) -> int: ...
    @property
    def missing(self) -> int: ...
    @property
    def computed(self) -> Mass | None: ...
    @property
    def usable(self) -> bool: ...
    @property
    def why(self) -> str: ...
    @property
    def days(self) -> tuple[int, ...]: ...


class Measured(Protocol):
    """The water of an outlet's quarter as its hours tell, m³; ``counted`` of the ``due`` hours have a flow that counts.

    ``aside``: what rows of ``aside_hours`` others show.  ``days``: litres, hours counted and hours that lack, by day.
    """

    @property
    def due(self) -> int: ...
    @property
    def counted(self) -> int: ...
    @property
    def water(self) -> Decimal: ...
    @property
    def aside_hours(self) -> int: ...
    @property
    def aside(self) -> Decimal: ...
    @property
    def days(self) -> tuple[tuple[int, int, int], ...]: ...


class Online(NamedTuple):
    """A year's online data.

    ``barred``: outlets and factors whose data may not be used this year, and why (the 25 % rule).
    ``volumes``: the water by unit, outlet and quarter.  ``hours``: kg by unit, outlet,
    factor and hour, of the hours in which manual samples were taken.
    """

    quarters: Sequence[OnlineQuarter] = ()
    barred: Mapping[OutletFactor, str] = {}
    volumes: Mapping[tuple[str, str, Quarter], Measured] = {}
    hours: Mapping[tuple[str, str, str, datetime], Decimal] = {}


def unusable(one: OnlineQuarter | None, barred: str | None) -> str:
    """Return why a quarter's online data do not count; "" where they do."""
    if one is None:
        return "没有在线数据"
    if barred:
        return barred
    return "" if one.usable and one.computed is not None else one.why or "在线数据无效"


def operating(one: OnlineQuarter) -> Fraction:
    """Return the hours of a quarter in which the outlet was not stopped."""
    return Fraction(one.normal) + Fraction(one.substituted) + Fraction(one.missing)
