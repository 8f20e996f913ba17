"""Plausibility: small named checks on a year's facts, each with a code, a clause, a level and an explanation.

To add one: a function below ``@plausibility_check``, its words in problems.yaml, its level and explanation
in parameters/warnings.yaml, its numbers in parameters/plausibility.yaml.

Source  SAFE-4
"""

from __future__ import annotations

from datetime import date

from quota_lib.findings import Finding
from quota_lib.findings.numbers import mark_of
from quota_lib.plausibility import comparing, copies, monitors, splitting, thresholds
from quota_lib.plausibility.facts import Applied, At, Declared, PlausibilityInput, Series
from quota_lib.plausibility.monitors import Shape, shape_of
from quota_lib.plausibility.registry import PLAUSIBILITY_CHECKS, Asked, Check, plausibility_check
from quota_lib.problems import catalogue
from quota_lib.rules import RuleError, Rules

SHIPPED = (comparing, copies, monitors, splitting, thresholds)  # they register their checks


def implausible(given: PlausibilityInput, rules: Rules, day: date) -> list[Finding]:
    """Return what every check sees, by zone, unit, project, factor, code.

    Errors  RuleError for a check without a level in parameters/warnings.yaml.
    """
    found = []
    for code, check in sorted(PLAUSIBILITY_CHECKS.items()):
        parameter = rules.parameters.get(f"warnings.{code}")
        if parameter is None:
            raise RuleError(f"rule 'warnings.{code}' does not exist. Add it to parameters/warnings.yaml.")
        rules.value(parameter.key, day)
        entry = catalogue()[code]
        for seen in check(Asked(given, rules, day)):
            message = entry.message.format(**seen.words)
            mark = mark_of(code, seen.words)
            about = (seen.zone, seen.unit, seen.project, seen.factor)
            found.append(
                Finding(*about, parameter.more["level"], code, entry.clause, message, entry.fix, seen.at, mark)
            )
    order = rules.factors.order
    return sorted(
        found, key=lambda one: (one.zone, one.unit, one.project, order.get(one.factor, -1), one.code, one.message)
    )


__all__ = [
    "PLAUSIBILITY_CHECKS",
    "SHIPPED",
    "Applied",
    "Asked",
    "At",
    "Check",
    "Declared",
    "PlausibilityInput",
    "Series",
    "Shape",
    "implausible",
    "plausibility_check",
    "shape_of",
]
