"""The readings of parameters/allowable.yaml that are words: each one of those it may be.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from quota_lib.allowable.facts import MET, NOT_MET
from quota_lib.rules import RuleError, Rules

WORDS: Mapping[str, tuple[str, str]] = {
    "target": ("stated", "not_met"),
    "no_assessment": (NOT_MET, MET),
    "no_actual": ("permitted", "declared"),
    "unlisted": ("permitted", "actual"),
    "park_reserved": ("own", "at_least_zones"),
    "no_permit": ("actual", "nothing"),
    "ended": ("held", "freed"),
    "held": ("proposed", "verified"),
}


class Readings(NamedTuple):
    """How what is taken off a cap is read: the words of parameters/allowable.yaml under these names."""

    unlisted: str
    park_reserved: str
    no_permit: str
    ended: str


def readings(rules: Rules, day: date) -> Readings:
    """Return the readings of what is taken off a cap.

    Errors  RuleError
    """
    return Readings(*(word(rules, name, day) for name in Readings._fields))


def word(rules: Rules, name: str, day: date) -> str:
    """Return the reading in force.

    Errors  RuleError if it is none of the words it may be: a misspelt one is not its alternative.
    """
    found = rules.text(f"allowable.{name}", day)
    if found not in WORDS[name]:
        raise RuleError(f"allowable.{name} is {found!r} on {day}; use {' or '.join(WORDS[name])}.")
    return found
