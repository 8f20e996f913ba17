"""Tonnes as whole milligrams, ratios as two integers; nothing here is a binary float.

A *mass* is an ``int`` of milligrams (1 mg = 1e-9 t), so that amounts compare, add and
hash exactly.  Decimals in tonnes stand only at the edges: cells, tables, pages.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import NamedTuple, NewType

Mass = NewType("Mass", int)

ZERO = Mass(0)
MG_PER_TONNE = 10**9
DECIMALS = 9


class Ratio(NamedTuple):
    """An exact ratio of two integers, such as 11/10; the denominator is above 0."""

    numerator: int
    denominator: int

    def __str__(self) -> str:
        """Return the ratio as a plain decimal ("1.1"), or as "1/3" where it has none."""
        with localcontext() as context:
            context.prec = 28
            value = Decimal(self.numerator) / Decimal(self.denominator)
        return plain(value) if value * self.denominator == self.numerator else f"{self.numerator}/{self.denominator}"


def mass(tonnes: Decimal | str) -> Mass:
    """Return ``tonnes`` in milligrams.

    Errors  ValueError if the amount has more than nine decimals.
    """
    scaled = Decimal(tonnes).scaleb(DECIMALS)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{tonnes} t is not a whole number of milligrams")
    return Mass(whole)


def ratio(value: Decimal | str) -> Ratio:
    """Return a decimal, or a fraction written "4/5", as a ratio of integers in lowest terms."""
    text = str(value)
    if "/" in text:
        over, under = (int(part) for part in text.split("/"))
    else:
        over, under = Decimal(text).as_integer_ratio()
    if under <= 0:
        raise ValueError(f"{text} is not a ratio")
    return Ratio(over, under)


def times(amount: Mass, by: Ratio) -> Mass:
    """Return ``amount`` times a ratio, rounded once to the milligram, half to even.

    Source  GB/T 8170
    """
    whole, rest = divmod(amount * by.numerator, by.denominator)
    double = 2 * rest
    return Mass(whole + (double > by.denominator or (double == by.denominator and whole % 2 == 1)))


def below_share(actual: Mass, whole: Mass, share: Ratio) -> bool:
    """Return whether ``actual`` is strictly less than ``share`` of ``whole``, in integers."""
    return actual * share.denominator < whole * share.numerator


def tonnes(amount: int) -> Decimal:
    """Return milligrams as an exact decimal number of tonnes."""
    return Decimal(amount).scaleb(-DECIMALS)


def text(amount: int) -> str:
    """Return milligrams as plain tonnes: no exponent, no trailing zeros, "0" for zero.

    >>> text(mass("1.250")), text(0), text(-1)
    ('1.25', '0', '-0.000000001')
    """
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), MG_PER_TONNE)
    return f"{sign}{whole}.{rest:09d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"


def plain(value: Decimal) -> str:
    """Return a decimal without exponent and trailing zeros."""
    shown = format(value, "f")
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown
