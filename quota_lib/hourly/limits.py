"""The numbers of the online rules as they are on a day.

Source  TOTAL-2; HJ 75-2017, HJ 356-2019, HJ 1122-2020
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from quota_lib.amounts import Ratio
from quota_lib.rules import Parameter, RuleError, Rules

HOURS_OF_DAY = 24


class Limits(NamedTuple):
    """All of them, asked once for a year."""

    high: Ratio
    usable: Ratio
    gap_short: int
    hours_short: int
    hours_long: int
    hours_low: int
    missing_most: Ratio
    missing_factors: frozenset[str]
    day_valid: Ratio
    days_back: int
    concentration_most: int
    flow_most: int


def limits_on(rules: Rules, day: date) -> Limits:
    """Return the numbers in force on a day.

    Errors  RuleError if one has no value on ``day``.
    """
    return Limits(
        rules.ratio("monitoring.capture_high", day),
        rules.ratio("monitoring.capture_usable", day),
        *(rules.count(f"monitoring.{key}", day) for key in ("gap_short", "hours_short", "hours_long", "hours_low")),
        rules.ratio("monitoring.missing_most", day),
        frozenset(rules.parameters["monitoring.missing_most"].more.get("factors", ())),
        rules.ratio("monitoring.day_valid", day),
        *(rules.count(f"monitoring.{key}", day) for key in ("days_back", "concentration_most", "flow_most")),
    )


def interval(rules: Rules, unit: str, outlet: str, factor: str, day: date) -> int:
    """Return the hours that one reading of a water monitor stands for.

    Shape   the entry that names the outlet, else the factor, else ``monitoring.interval``.
    Errors  RuleError if they do not divide a day.
    """
    place = f"{unit}/{outlet}"
    fitting = [one for one in rules.of("monitoring") if _is_interval(one) and _fits(one, place, factor, day)]
    chosen = max(fitting, key=lambda one: ("outlets" in one.more, "factors" in one.more), default=None)
    hours = rules.count(chosen.key if chosen else "monitoring.interval", day)
    if hours < 1 or HOURS_OF_DAY % hours:
        raise RuleError(f"the reading interval of {place} {factor} is {hours} h, which does not divide a day.")
    return hours


def _is_interval(one: Parameter) -> bool:
    return one.key.startswith("monitoring.interval")


def _fits(one: Parameter, place: str, factor: str, day: date) -> bool:
    named = factor in one.more.get("factors", (factor,)) and place in one.more.get("outlets", (place,))
    return named and one.on(day) is not None
