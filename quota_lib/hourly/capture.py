"""Which share of a quarter's hours a monitor captured, and whether that is enough: in whole hours, never in floats.

Source  TOTAL-2; methods §5, HJ 75/76-2017 有效捕集率
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from quota_lib.amounts import Ratio


class Count(NamedTuple):
    """The hours of a stretch of time: of them valid, and stopped; all others need substitution."""

    hours: int
    valid: int
    stopped: int

    @property
    def due(self) -> int:
        """Return the hours in which the outlet was not stopped."""
        return self.hours - self.stopped

    @property
    def invalid(self) -> int:
        return self.due - self.valid


def capture(count: Count) -> Fraction | None:
    """Return (hours − stopped − invalid) / (hours − stopped); None where every hour was stopped."""
    return Fraction(count.valid, count.due) if count.due else None


def reaches(count: Count, share: Ratio) -> bool:
    """Return whether the capture is at least a share; a stretch that was stopped throughout lacks nothing.

    >>> [reaches(Count(2200, valid, 200), Ratio(9, 10)) for valid in (1799, 1800, 1801)]
    [False, True, True]
    """
    return count.valid * share.denominator >= count.due * share.numerator


def exceeds(part: int, whole: int, share: Ratio) -> bool:
    """Return whether a part is strictly more than a share of the whole."""
    return part * share.denominator > whole * share.numerator
