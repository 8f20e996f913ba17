"""Steps in words: a label, the sum with its numbers put in, the value in tonnes."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from quota_lib.allowable.facts import Group, Step
from quota_lib.amounts import Ratio, text
from quota_lib.methods.formula import PRECISION, shown


def number(value: Fraction | int) -> str:
    """Return a number in full, or where it does not end in fifteen significant digits.

    >>> number(Fraction(1, 8)), number(Fraction(1, 3))
    ('0.125', '0.333333333333333')
    """
    with localcontext() as context:
        context.prec = PRECISION
        return shown(Decimal(value.numerator) / Decimal(value.denominator))


def percent(share: Ratio) -> str:
    """Return a share of 1 in per cent.

    >>> percent(Ratio(3, 40))
    '7.5 %'
    """
    return f"{number(Fraction(100 * share.numerator, share.denominator))} %"


def amount_step(label: str, formula: str, amount: int) -> Step:
    """Return a step whose value is an amount."""
    return Step(label, formula, text(amount))


def improved(formula: str, group: Group) -> str:
    """Return a sum less the improvement target; as it is where none counts."""
    return f"{formula} × (1 − {percent(group.target)})" if group.target.numerator else formula


def goal_step(group: Group) -> Step:
    """Return how much there is to share out: what is permitted less the improvement, at most what the cap leaves."""
    permitted = improved(text(sum(one.most for one in group.plants)), group)
    if group.available is None:
        return amount_step("可分配总量（未设限量）", permitted, group.goal)
    return amount_step("可分配总量", f"min({permitted}, 可用限量 {text(group.available)})", group.goal)
