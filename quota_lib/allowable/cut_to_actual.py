"""按实际核减: what was permitted, cut to what was verified plus a margin.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from quota_lib.allowable.facts import MET, Candidate, Group, Wish
from quota_lib.allowable.reading import word
from quota_lib.allowable.registry import allowable_method
from quota_lib.allowable.saying import amount_step, improved, percent
from quota_lib.amounts import Mass, Ratio, text, times
from quota_lib.rules import Rules


@allowable_method("cut_to_actual")
def cut_to_actual(group: Group, rules: Rules, day: date) -> Iterator[Wish]:
    """Return the lower of permitted and actual plus the margin, both less the improvement target, each rounded once."""
    margin = rules.ratio(f"allowable.margin_{'met' if group.result == MET else 'not_met'}", day)
    no_actual = word(rules, "no_actual", day)
    less = "，扣除改善目标" if group.target.numerator else ""
    for plant in group.plants:
        label, amount, share, formula = _cut_to(plant, margin, no_actual)
        wanted, most = times(amount, _both(share, group.kept)), times(plant.most, group.kept)
        own = amount_step(label + less, improved(formula, group), wanted)
        other = amount_step("许可排放量" + less, improved(text(plant.most), group), most)
        least = amount_step("取较小者", f"min({text(wanted)}, {text(most)})", min(wanted, most))
        said = (own,) if own.formula == other.formula else (own, other, least)
        yield Wish(plant.unit, min(wanted, most), said)


def _cut_to(plant: Candidate, margin: Ratio, no_actual: str) -> tuple[str, Mass, Ratio, str]:
    """Return what the plant is cut to: in words, the amount and the ratio it is taken at, and the sum."""
    if plant.actual is not None:
        share = Ratio(margin.denominator + margin.numerator, margin.denominator)
        formula = f"{text(plant.actual)} × (1 + {percent(margin)})"
        return "核定实际排放量加余量", plant.actual, share, formula
    if no_actual == "declared" and plant.declared is not None:
        label = "没有核定实际排放量，按申报的允许排放量"
        return label, plant.declared, Ratio(1, 1), text(plant.declared)
    return "没有核定实际排放量，按许可排放量", plant.most, Ratio(1, 1), text(plant.most)


def _both(one: Ratio, other: Ratio) -> Ratio:
    return Ratio(one.numerator * other.numerator, one.denominator * other.denominator)
