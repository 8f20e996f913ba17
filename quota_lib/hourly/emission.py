"""Concentration times flow as whole nanograms, so that sums are exact and the same in every order and on every machine.

Source  TOTAL-2; methods §5: air mg/m³·m³/h·1e-9 t, water mg/L·m³/h·1e-6 t
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from quota_lib.amounts import Mass, Ratio, times

Whole = NDArray[np.int64]

NG_PER_MG = 10**6
NG_PER_G = 10**9
NG_PER_KG = 10**12


def emissions(concentration: NDArray[np.float64], flow: NDArray[np.float64], per: int) -> Whole:
    """Return each hour's emission in ng, 0 where concentration or flow is blank (NaN).

    Units   mg/m³ with ``per`` NG_PER_MG, or mg/L with NG_PER_G; m³/h.
    Source  contract §3: the product of the two numbers as stored is rounded to the nanogram, half to even;
            sums of nanograms are exact; a sum is rounded once to the milligram (``milligrams``).
    """
    product = concentration * flow
    return np.rint(np.where(np.isnan(product), 0, product) * per).astype(np.int64)  # type: ignore[no-any-return]


def sums(amounts: Whole, starts: list[int]) -> NDArray[np.object_]:
    """Return exact sums, as Python integers, of consecutive parts along the last axis; each part has an hour.

    >>> sums(np.array([2**62, 2**62, 2**62, 1]), [0, 3])
    array([13835058055282163712, 1], dtype=object)
    """
    high = np.add.reduceat(amounts >> 32, starts, axis=-1)
    low = np.add.reduceat(amounts & 0xFFFFFFFF, starts, axis=-1)
    return high.astype(object) * 2**32 + low


def milligrams(nanograms: int) -> Mass:
    """Return an amount rounded to the milligram, half to even.

    >>> milligrams(1_500_000), milligrams(2_500_000), milligrams(2_500_001)
    (2, 2, 3)
    """
    return times(Mass(nanograms), Ratio(1, NG_PER_MG))


def kilograms(nanograms: int) -> Decimal:
    """Return an amount as an exact decimal number of kilograms."""
    return Decimal(nanograms).scaleb(-12)


def shared(whole: int, parts: int) -> Whole:
    """Return an amount in equal whole parts, the remainder on the first ones.

    >>> shared(11, 4).tolist()
    [3, 3, 3, 2]
    """
    each, rest = divmod(whole, parts)
    return each + (np.arange(parts) < rest).astype(np.int64)


def means(whole: Whole, parts: Whole) -> Whole:
    """Return means in whole nanograms, half to even; 0 of nothing.

    >>> means(np.array([5, 7, 8, 0]), np.array([2, 2, 3, 0])).tolist()
    [2, 4, 3, 0]
    """
    count = np.maximum(parts, 1)
    low, rest = np.divmod(whole, count)
    return low + ((2 * rest > count) | ((2 * rest == count) & (low % 2 == 1)))  # type: ignore[no-any-return]
