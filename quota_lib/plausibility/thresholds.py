"""Values parked at a threshold: just inside a line that changes what follows from them.

Source  SAFE-4
"""

from __future__ import annotations

from collections.abc import Iterator

from quota_lib.allowable.saying import percent
from quota_lib.amounts import Ratio, text
from quota_lib.findings import Seen
from quota_lib.plausibility.facts import Declared
from quota_lib.plausibility.registry import Asked, plausibility_check


@plausibility_check("W560")
def parked_at_the_filing_line(asked: Asked) -> Iterator[Seen]:
    """An increase, or the plant's of the year, lies at the filing line or just below it (RESERVE-2b 不超过)."""
    margin = asked.rules.ratio("plausibility.filing_margin", asked.day)
    for one in asked.facts.applications:
        line = asked.rules.mass(f"filing.{one.factor}", one.day)
        if one.day.year != asked.facts.year or line is None or one.increase <= 0:
            continue
        for label, amount in (("本项目新增", one.increase), ("全厂年新增", one.plant_year_new)):
            if amount <= line and _within(line - amount, line, margin):
                words = {"label": label, "amount": text(amount), "line": text(line), "project": one.project}
                words["factor"] = asked.label(one.factor)
                yield Seen(one.zone, one.unit, one.project, one.factor, dict(words), one.at)
                break


@plausibility_check("W561")
def parked_at_the_recovery_line(asked: Asked) -> Iterator[Seen]:
    """A declared actual amount lies at 80 % of permitted or just above it, where nothing is recovered (RESERVE-4 小于)."""
    line = asked.rules.ratio("recovery.actual_below", asked.day)
    margin = asked.rules.ratio("plausibility.recovery_margin", asked.day)
    for one in asked.facts.declared_now:
        above = one.actual * line.denominator - one.permitted * line.numerator
        if one.permitted and above >= 0 and _within(above, one.permitted * line.denominator, margin):
            yield _declared(asked, one, line=percent(line))


@plausibility_check("W562")
def parked_at_what_is_permitted(asked: Asked) -> Iterator[Seen]:
    """A declared actual amount lies at what is permitted or just below it: taken from the permit, not measured?"""
    margin = asked.rules.ratio("plausibility.permitted_margin", asked.day)
    for one in asked.facts.declared_now:
        below = one.permitted - one.actual
        if one.permitted and below >= 0 and _within(below, one.permitted, margin):
            yield _declared(asked, one)


def _within(distance: int, whole: int, margin: Ratio) -> bool:
    """Return whether a distance is at most a share of the whole; the share itself still counts."""
    return distance * margin.denominator <= whole * margin.numerator


def _declared(asked: Asked, one: Declared, **words: object) -> Seen:
    words |= {"factor": asked.label(one.factor), "actual": text(one.actual), "permitted": text(one.permitted)}
    return Seen(one.zone, one.unit, "", one.factor, words, one.at)
