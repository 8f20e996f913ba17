"""Findings: small named functions, each with a code, a clause and a level, that say what a person should look at.

Words stand in problems.yaml, levels and numbers in parameters/warnings.yaml.  To add one: a
function below ``@finding``, its code in both files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from quota_lib.findings.numbers import mark_of
from quota_lib.park import Park
from quota_lib.periods import Period
from quota_lib.problems import Place, Problem, catalogue
from quota_lib.rules import RuleError


class Seen(NamedTuple):
    """What a finding saw, about whom, and (``at``) the cell where a person can look."""

    zone: str
    unit: str
    project: str
    factor: str
    words: dict[str, object]
    at: tuple[Place, str] | None = None


class Finding(NamedTuple):
    """One warning, as warnings.csv gives it.  ``level``: 预警 or 提示; ``mark``: see numbers.py."""

    zone: str
    unit: str
    project: str
    factor: str
    level: str
    code: str
    clause: str
    message: str
    fix: str
    at: tuple[Place, str] | None
    mark: str = ""

    def as_problem(self, period: Period) -> Problem:
        """Return the finding as a complaint about its cell; without one, about the period."""
        severity = "warning" if self.level == "预警" else "info"
        if self.at is None:
            return Problem(str(period), "", "", severity, self.code, self.message, self.fix)
        place, field = self.at
        return Problem(
            place.source.file, place.source.sheet, place.cell(field), severity, self.code, self.message, self.fix
        )


Check = Callable[[Park], Iterator[Seen]]
CHECKS: dict[str, Check] = {}


def finding(code: str) -> Callable[[Check], Check]:
    """Register a check under its code."""

    def register(check: Check) -> Check:
        CHECKS[code] = check
        return check

    return register


def findings(park: Park) -> list[Finding]:
    """Return what every check sees at the quarter's end, by zone, unit, project, factor, code."""
    from quota_lib.findings import dossier, recovery, reduction, reserve  # noqa: F401  (they register their checks)

    found = []
    for code, check in sorted(CHECKS.items()):
        parameter = park.rules.parameters.get(f"warnings.{code}")
        if parameter is None:
            raise RuleError(f"rule 'warnings.{code}' does not exist. Add it to parameters/warnings.yaml.")
        entry = catalogue()[code]
        for seen in check(park):
            park.rules.value(parameter.key, park.quarter.end)
            message = entry.message.format(**seen.words)
            about = (seen.zone, seen.unit, seen.project, seen.factor)
            mark = mark_of(code, seen.words)
            found.append(
                Finding(*about, parameter.more["level"], code, entry.clause, message, entry.fix, seen.at, mark)
            )
    order = park.rules.factors.order
    return sorted(
        found, key=lambda one: (one.zone, one.unit, one.project, order.get(one.factor, -1), one.code, one.message)
    )
