"""The readings of parameters/allowable.yaml that are words: each one of those it may be.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from quota_lib.allowable.facts import MET, NOT_MET
from quota_lib.rules import RuleError, Rules

WORDS: Mapping[str, tuple[str, str]] = {
    "target": ("stated", "not_met"),
    "no_assessment": (NOT_MET, MET),
    "no_actual": ("permitted", "declared"),
    "unlisted": ("permitted", "actual"),
    "park_reserved": ("own", "at_least_zones"),
}


def word(rules: Rules, name: str, day: date) -> str:
    """Return the reading in force.

    Errors  RuleError if it is none of the words it may be: a misspelt one is not its alternative.
    """
    found = rules.text(f"allowable.{name}", day)
    if found not in WORDS[name]:
        raise RuleError(f"allowable.{name} is {found!r} on {day}; use {' or '.join(WORDS[name])}.")
    return found
