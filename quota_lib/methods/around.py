"""Checks around a computation: the cap by permitted and actual amounts, what carbon and technology can do.

Source  REDUCE-2, RESERVE-1
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import ZERO, Mass, Ratio
from quota_lib.coefficients import PERCENT
from quota_lib.methods.computing import Computation
from quota_lib.methods.lookups import HUNDRED, Used, together
from quota_lib.methods.registry import METHODS

BY_BEFORE = "permitted_and_actual"
BY_FALL = "permitted_fall"


def permit_cap(before: Mass | None, after: Mass | None, reading: str) -> tuple[Mass | None, bool]:
    """Return what the permit lets a reduction count at most, and whether that is by how much it fell.

    Units   mg/a; None: not declared, caps nothing.
    Errors  ValueError for a reading that is none.
    Source  RESERVE-1
    """
    if reading not in (BY_BEFORE, BY_FALL):
        raise ValueError(f"reading {reading!r}: use {BY_BEFORE} or {BY_FALL}")
    if reading == BY_FALL and before is not None and after is not None:
        return Mass(max(before - after, ZERO)), True
    return before, False


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
    permitted, _ = permit_cap(permitted_before, permitted_after, reading)
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


class Beyond(NamedTuple):
    """Of one row: a stated percentage above what the named technology (or way of collection) reaches, %."""

    row: int
    label: str  # of the rate: 治理后去除率
    stated_in: str  # the input that states it
    stated: Decimal
    words: tuple[str, ...]  # the technologies that the row names
    most: Decimal


def beyond_reach(computation: Computation) -> Iterator[Beyond]:
    """Return each stated percentage that is above what its table gives for the technologies that the row names.

    Units   %; several in series reach 1 − Π(1 − η).
    Source  SAFE-4, REDUCE-2

    A stated percentage is allowed, with its evidence; that it exceeds the table is for a person to see.
    At the table's value, or at the top of its range, it is within reach.
    """
    lookups = METHODS[computation.method].card.lookups
    stated = {(one.row, one.name): one.value for one in computation.inputs}
    replaced: dict[tuple[int, str], list[Used]] = {}
    for used in computation.coefficients:
        if used.replaced and used.coefficient.unit == PERCENT:
            replaced.setdefault((used.row, used.name), []).append(used)
    for (row, name), found in replaced.items():
        lookup, value = lookups[name], stated.get((row, lookups[name].stated))
        tops = [one.coefficient.high or one.coefficient.value or Decimal(0) for one in found]
        most = together(lookup, [top / HUNDRED for top in tops]) * HUNDRED
        if isinstance(value, Decimal) and value > most:
            yield Beyond(row, lookup.label, lookup.stated, value, tuple(one.coefficient.word for one in found), most)
