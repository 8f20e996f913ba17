"""Online quarters as the hourly room gives them."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import Mass, mass
from quota_lib.periods import Quarter
from quota_lib.totals.online import Online
from tests.totals.worlds import A

HOURS = {1: 2160, 2: 2184, 3: 2208, 4: 2208}


class Quarterly(NamedTuple):
    unit: str
    outlet: str
    factor: str
    quarter: Quarter
    normal: int
    substituted: int
    stopped: int
    missing: int
    computed: Mass | None
    usable: bool
    why: str
    days: tuple[int, ...] = ()


class Measured(NamedTuple):
    """Water that every hour of a quarter tells."""

    due: int
    counted: int
    water: Decimal
    aside_hours: int = 0
    aside: Decimal = Decimal(0)
    days: tuple[tuple[int, int, int], ...] = ()


def quarter(
    number: int, amount: str | None = "1", factor: str = "NOX", outlet: str = "DA001", stopped: int = 0
) -> Quarterly:
    """Return a quarter with an amount, or (None) one that may not be used."""
    hours = HOURS[number] - stopped
    known = None if amount is None else mass(amount)
    why = "" if known is not None else "捕集率 70 %，低于 75 %"
    return Quarterly(A, outlet, factor, Quarter(2025, number), hours, 0, stopped, 0, known, known is not None, why)


def online(*amounts: str | None, factor: str = "NOX", outlet: str = "DA001", **more: object) -> Online:
    """Return the four quarters of one outlet and factor."""
    found = [quarter(number, amount, factor, outlet) for number, amount in enumerate(amounts, start=1)]
    return Online(tuple(found), **more)  # type: ignore[arg-type]
