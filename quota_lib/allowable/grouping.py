"""The listed plants of each zone × factor as a method sees them, with what there is and what the assessment asks.

Source  TOTAL-3 根据上年度环境质量考核结果、本年度改善目标和总量控制要求
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from quota_lib.allowable.facts import NOT_MET, AllowableInput, Assessment, Candidate, Group, PlantFactor
from quota_lib.allowable.reading import word
from quota_lib.allowable.room import Place, Room
from quota_lib.amounts import Mass, Ratio, ratio
from quota_lib.rules import Rules

PER_CENT = 100
NO_TARGET = Ratio(0, 1)


def refuse_twice(given: AllowableInput) -> None:
    """Refuse facts that stand twice.

    Errors  ValueError naming them.
    """
    for name, keys in (
        ("plant", [(one.unit, one.factor) for one in given.plants]),
        ("cap", [(one.zone, one.factor) for one in given.caps]),
        ("assessment", [(one.zone, one.factor) for one in given.assessments]),
    ):
        twice = sorted(" ".join(key) for key, count in Counter(keys).items() if count > 1)
        if twice:
            raise ValueError(f"a {name} stands twice: {', '.join(twice)}")


def groups(given: AllowableInput, room: Mapping[Place, Room], rules: Rules, day: date) -> Iterator[Group]:
    """Return every zone × factor with listed plants that are permitted something, in order; its plants by id."""
    assessed = {(one.zone, one.factor): one for one in given.assessments}
    included: dict[Place, int] = defaultdict(int)  # by unit, factor
    for one in given.held:
        included[(one.unit, one.factor)] += one.amount if one.in_permitted else 0
    found: dict[Place, list[Candidate]] = defaultdict(list)
    for plant in sorted(given.plants, key=lambda one: one.unit):
        if plant.listed and plant.permitted is not None:
            most = Mass(max(plant.permitted - included[(plant.unit, plant.factor)] - plant.gone, 0))
            found[(plant.zone, plant.factor)].append(_candidate(plant, most))
    for (zone, factor), plants in sorted(found.items()):
        available = room[(zone, factor)].available
        left = None if available is None else Mass(max(available, 0))
        result, target = _asked_of(assessed.get((zone, factor)), rules, day)
        yield Group(zone, factor, tuple(plants), left, result, target)


def _candidate(plant: PlantFactor, most: Mass) -> Candidate:
    return Candidate(plant.unit, most, plant.actual, plant.declared, plant.output, plant.grade)


def _asked_of(assessment: Assessment | None, rules: Rules, day: date) -> tuple[str, Ratio]:
    """Return the result that counts, and the improvement target as a share where it counts."""
    if assessment is None:
        return word(rules, "no_assessment", day), NO_TARGET
    if assessment.target is None or (word(rules, "target", day) == "not_met" and assessment.result != NOT_MET):
        return assessment.result, NO_TARGET
    share = ratio(assessment.target)
    return assessment.result, Ratio(share.numerator, share.denominator * PER_CENT)
