"""按绩效差别核减: what must be cut is cut less where a plant emits less for its output, or has a better grade.

Source  TOTAL-3 年度绩效
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from quota_lib.allowable.dividing import divide
from quota_lib.allowable.facts import Candidate, Group, Step, Wish
from quota_lib.allowable.registry import allowable_method
from quota_lib.allowable.saying import amount_step, goal_step, number
from quota_lib.amounts import MG_PER_TONNE, Mass, text, tonnes
from quota_lib.rules import Rules

NO_GRADE = "none"


@allowable_method("performance")
def performance(group: Group, rules: Rules, day: date) -> Iterator[Wish]:
    """Return what each is permitted less its part of the cut: by permitted × weight of its grade × its intensity."""
    most = {plant.unit: plant.most for plant in group.plants}
    cut = sum(most.values()) - group.goal
    mean = mean_intensity(group)
    weights = {plant.unit: _weights(plant, mean, rules, day) for plant in group.plants}
    shares = {unit: most[unit] * grade * ratio for unit, (grade, ratio) in weights.items()}
    cuts, whole = divide(cut, shares, most), sum(shares.values(), Fraction(0))
    for plant in group.plants:
        grade, ratio = weights[plant.unit]
        part = cuts[plant.unit]
        steps = (
            goal_step(group),
            amount_step("需核减总量", f"{text(sum(most.values()))} − {text(group.goal)}", cut),
            Step("绩效等级的核减系数", plant.grade or "无等级", number(grade), "1"),
            Step("排放强度与平均强度之比", _intensity_words(plant, mean), number(ratio), "1"),
            amount_step("本单位核减", _part_words(cut, shares[plant.unit], whole, part), part),
            amount_step("许可排放量减核减", f"{text(plant.most)} − {text(part)}", plant.most - part),
        )
        yield Wish(plant.unit, Mass(plant.most - part), steps)


def intensity(plant: Candidate) -> Fraction | None:
    """Return verified actual per output, t per 万元; None where either is missing or there was no output."""
    if plant.actual is None or not plant.output:
        return None
    return Fraction(tonnes(plant.actual)) / Fraction(plant.output)


def mean_intensity(group: Group) -> Fraction | None:
    """Return what the plants with an intensity emit together, per what they put out together."""
    known = [plant for plant in group.plants if intensity(plant) is not None]
    output = sum((Fraction(plant.output or 0) for plant in known), Fraction(0))
    return sum((Fraction(tonnes(plant.actual or 0)) for plant in known), Fraction(0)) / output if output else None


def _weights(plant: Candidate, mean: Fraction | None, rules: Rules, day: date) -> tuple[Fraction, Fraction]:
    """Return the weight of a plant's grade, and its intensity over the mean within its bounds; 1 where not known."""
    grade = Fraction(*rules.ratio(f"allowable.weight_{plant.grade or NO_GRADE}", day))
    own = intensity(plant)
    if own is None or not mean:
        return grade, Fraction(1)
    least, highest = (Fraction(*rules.ratio(f"allowable.intensity_{end}", day)) for end in ("least", "most"))
    return grade, min(max(own / mean, least), highest)


def _intensity_words(plant: Candidate, mean: Fraction | None) -> str:
    own = intensity(plant)
    if own is None or not mean:
        return "没有核定实际排放量或工业总产值，按 1"
    return f"{number(own)} ÷ {number(mean)} t/万元，限于上下限之内"


def _part_words(cut: int, share: Fraction, whole: Fraction, part: int) -> str:
    """Return a plant's part of the cut as a sum; said where it differs because a plant cannot be cut below zero."""
    if not whole:
        return "许可排放量为零"
    formula = f"{text(cut)} × {number(share / MG_PER_TONNE)} ÷ {number(whole / MG_PER_TONNE)}"
    moved = abs(cut * share / whole - part) >= 1
    return formula + ("，核减不超过许可，减不动的由其余分摊" if moved else "")
