"""Figures far from what one would expect: of the plant's year before, of its industry.

Source  SAFE-4
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import median

from quota_lib.amounts import Ratio, plain, text
from quota_lib.findings import Seen
from quota_lib.plausibility.copies import digits
from quota_lib.plausibility.facts import Declared
from quota_lib.plausibility.registry import Asked, plausibility_check

FEWEST_DIGITS = 3  # of a quotient that people read


@plausibility_check("W566")
def jump(asked: Asked) -> Iterator[Seen]:
    """A plant's actual amount is beyond so many times that of the year before, or below the inverse."""
    ratio = asked.rules.ratio("plausibility.jump", asked.day)
    least = asked.rules.mass("plausibility.jump_least", asked.day) or 0
    earlier = asked.facts.declared_before
    for one in asked.facts.declared_now:
        before = earlier.get((one.unit, one.factor))
        if before is None or max(one.actual, before.actual) < least:
            continue
        if _beyond(one.actual, before.actual, ratio) or _beyond(before.actual, one.actual, ratio):
            words = {"factor": asked.label(one.factor), "year": one.year, "actual": text(one.actual)}
            words |= {"before": before.year, "earlier": text(before.actual), "ratio": str(ratio)}
            yield Seen(one.zone, one.unit, "", one.factor, dict(words), one.at)


@plausibility_check("W569")
def intensity_far_off(asked: Asked) -> Iterator[Seen]:
    """A plant emits beyond so many times the median of its industry for its output, or below the inverse."""
    ratio = asked.rules.ratio("plausibility.intensity", asked.day)
    length = asked.rules.count("plausibility.intensity_digits", asked.day)
    least = asked.rules.count("plausibility.intensity_plants", asked.day)
    groups: dict[tuple[str, str], list[tuple[Declared, Fraction]]] = defaultdict(list)
    for one in asked.facts.declared_now:
        if one.intensity and len(one.industry) >= length:
            groups[(one.industry[:length], one.factor)].append((one, one.intensity))
    for (industry, factor), found in sorted(groups.items()):
        middle = median(own for _, own in found)
        for one, own in found:
            if len(found) >= least and (_beyond(own, middle, ratio) or _beyond(middle, own, ratio)):
                words = {"factor": asked.label(factor), "industry": industry, "plants": len(found)}
                figures = max(digits(one.actual), FEWEST_DIGITS)
                words |= {"own": rounded_to(figures, own), "median": rounded_to(figures, middle), "ratio": str(ratio)}
                yield Seen(one.zone, one.unit, "", factor, dict(words), one.at)


def rounded_to(figures: int, value: Fraction) -> str:
    """Return a quotient with so many significant digits, half to even: as many as the amount has that it is made of.

    >>> rounded_to(3, Fraction(1, 3000)), rounded_to(4, Fraction(5, 2))
    ('0.000333', '2.5')
    """
    with localcontext() as context:
        context.prec = figures
        return plain(Decimal(value.numerator) / Decimal(value.denominator))


def _beyond(one: int | Fraction, other: int | Fraction, ratio: Ratio) -> bool:
    """Return whether one is strictly more than so many times the other."""
    return one * ratio.denominator > other * ratio.numerator
