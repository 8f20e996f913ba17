"""An amount shared out in whole milligrams: nothing lost, nobody above a bound, the same every time.

The rule is that of the largest remainder: each gets its exact share rounded down, and the milligrams
that are left go one each to the largest remainders; equal remainders by the plant's id, as text.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from quota_lib.amounts import Mass


def divide(total: int, weights: Mapping[str, int | Fraction], most: Mapping[str, int]) -> dict[str, Mass]:
    """Return ``total`` in proportion to ``weights``, each at most its bound; what one cannot take the others share.

    Shape   less than ``total`` in sum only where all bounds together (of weights above 0) are less.

    >>> divide(10, {"b": 1, "a": 1, "c": 1}, {"a": 9, "b": 9, "c": 9})
    {'b': 3, 'a': 4, 'c': 3}
    >>> divide(10, {"a": 3, "b": 1}, {"a": 4, "b": 9})
    {'a': 4, 'b': 6}
    """
    given = {name: Mass(0) for name in weights}
    open_ = {name: weight for name, weight in weights.items() if weight > 0}
    left = total
    while open_ and left > 0:
        whole = sum(open_.values())
        full = [name for name, weight in open_.items() if left * weight >= most[name] * whole]
        if not full:
            return given | _largest_remainder(left, open_)
        for name in full:
            given[name] = Mass(most[name])
            left -= most[name]
            del open_[name]
    return given


def _largest_remainder(total: int, weights: Mapping[str, int | Fraction]) -> dict[str, Mass]:
    whole = sum(weights.values())
    shares = {name: Fraction(total * weight) / whole for name, weight in weights.items()}
    floors = {name: share.numerator // share.denominator for name, share in shares.items()}
    order = sorted(shares, key=lambda name: (floors[name] - shares[name], name))
    first = set(order[: total - sum(floors.values())])
    return {name: Mass(floor + (name in first)) for name, floor in floors.items()}
