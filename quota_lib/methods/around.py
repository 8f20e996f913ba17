"""Checks around a computation: the cap by permitted and actual amounts, the carbon that must take it up.

Source  REDUCE-2, RESERVE-1
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import ZERO, Mass, Ratio
from quota_lib.methods.computing import Computation

BY_BEFORE = "permitted_and_actual"
BY_FALL = "permitted_fall"


def capped(
    amount: Mass, permitted_before: Mass | None, permitted_after: Mass | None, actual_before: Mass | None, reading: str
) -> Mass:
    """Return how much of a computed reduction may count.

    Units   mg/a; None: not declared, caps nothing.
    Errors  ValueError for a reading that is none.
    Source  RESERVE-1

    Recomputing an old plant upward must not mint quota: ``permitted_and_actual`` counts at most
    what the source was permitted and what it discharged before; ``permitted_fall`` at most by how
    much the permit fell, and what it discharged.  A negative amount stays negative.
    """
    if reading not in (BY_BEFORE, BY_FALL):
        raise ValueError(f"reading {reading!r}: use {BY_BEFORE} or {BY_FALL}")
    permitted = permitted_before
    if reading == BY_FALL and permitted_before is not None and permitted_after is not None:
        permitted = Mass(max(permitted_before - permitted_after, ZERO))
    return min(cap for cap in (amount, permitted, actual_before) if cap is not None)


class CarbonCheck(NamedTuple):
    """Of one row: what the control removes, the carbon replaced in a year, and the most it can have taken up, t."""

    row: int
    removed_t: Decimal
    carbon_t: Decimal
    most_t: Decimal

    @property
    def holds(self) -> bool:
        return self.removed_t <= self.most_t


def activated_carbon_check(computation: Computation, uptake: Ratio) -> tuple[CarbonCheck, ...]:
    """Return, for each row that states its carbon, whether the carbon can have taken up what is removed.

    Units   t of VOCs; ``uptake`` t of VOCs per t of carbon.
    Source  REDUCE-2 去除量 ≤ 活性炭更换量 × 0.15（转引）

    Exactly at the limit the check holds.
    """
    carbon = {one.row: one.value for one in computation.inputs if one.name == "carbon_t_after"}
    removed = {one.row: one.value for one in computation.steps if one.name == "removed_after" and one.row is not None}
    return tuple(
        CarbonCheck(row, removed[row], tonnes, tonnes * uptake.numerator / uptake.denominator)
        for row, tonnes in carbon.items()
        if row in removed and isinstance(tonnes, Decimal)
    )
