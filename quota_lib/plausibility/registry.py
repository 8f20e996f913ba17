"""The checks by their codes.

Source  SAFE-4
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from quota_lib.findings import Seen
from quota_lib.plausibility.facts import PlausibilityInput
from quota_lib.rules import Rules


class Asked(NamedTuple):
    """What a check is asked about: the facts, and the rules on the day of the judgement."""

    facts: PlausibilityInput
    rules: Rules
    day: date

    def label(self, factor: str) -> str:
        return self.rules.factors.label(factor)


Check = Callable[[Asked], Iterator[Seen]]
PLAUSIBILITY_CHECKS: dict[str, Check] = {}


def plausibility_check(code: str) -> Callable[[Check], Check]:
    """Register a check under its code: its words stand in problems.yaml, its level in parameters/warnings.yaml."""

    def register(check: Check) -> Check:
        PLAUSIBILITY_CHECKS[code] = check
        return check

    return register
