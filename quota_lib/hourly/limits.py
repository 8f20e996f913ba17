"""The numbers of the rules for hourly data, asked once for a year, on its 31 December.

Source  TOTAL-2
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from quota_lib.amounts import Ratio
from quota_lib.hourly.flags import MISSING, STOPPED, WORDS
from quota_lib.rules import RuleError, Rules

AIR, WATER = "大气", "水"
BY_FLAG, UNTIL_PASSED, SINCE_PASSED = FAILED_CALIBRATION = ("flag", "until_passed", "since_passed")
MOST_KG = 300_000  # the nanograms of a day of such hours fit in 64 bits


class Limits(NamedTuple):
    """When hours count and what stands for the others."""

    capture_full: Ratio
    capture_least: Ratio
    gap_short: int
    history_short: int
    history_long: int
    history_low: int
    year_missing: Ratio
    year_factors: frozenset[str]
    water_day_share: Ratio
    water_history_days: int
    water_capture_least: Ratio
    air_most: float
    water_most: float
    flow_most: float
    emission_most: float  # kg
    flow_flags: frozenset[int]  # of hours whose flow counts
    failed_calibration: str

    def capture(self, medium: str) -> Ratio:
        """Return the least capture with which a quarter's data may be used."""
        return self.water_capture_least if medium == WATER else self.capture_least

    def most(self, medium: str) -> float:
        """Return the concentration that no value can exceed."""
        return self.water_most if medium == WATER else self.air_most


def limits_of(rules: Rules, year: int) -> Limits:
    """Return the numbers in force at the end of a year.

    Errors  RuleError for a factor or a flag that does not exist and for bounds that 64 bits cannot hold.
    """
    day = date(year, 12, 31)
    factors = {one.strip(): rules.factors.read(one) for one in rules.text("monitoring.year_factors", day).split(",")}
    strange = [word for word, factor in factors.items() if factor is None]
    if strange:
        raise RuleError(f"monitoring.year_factors names {strange[0]!r}, which is no factor.")
    most = float(rules.text("monitoring.emission_most", day))
    if not 0 < most <= MOST_KG:
        raise RuleError(f"monitoring.emission_most is {most:g} kg; it lies above 0 and at or below {MOST_KG}.")
    return Limits(  # type: ignore[call-arg]
        *(rules.ratio(f"monitoring.{one}", day) for one in ("capture_full", "capture_least")),  # type: ignore[arg-type]
        *(
            rules.count(f"monitoring.{one}", day)
            for one in ("gap_short", "history_short", "history_long", "history_low")
        ),
        rules.ratio("monitoring.year_missing", day),
        frozenset(factor for factor in factors.values() if factor),
        rules.ratio("monitoring.water_day_share", day),
        rules.count("monitoring.water_history_days", day),
        rules.ratio("monitoring.water_capture_least", day),
        *(float(rules.text(f"monitoring.{one}", day)) for one in ("air_most", "water_most", "flow_most")),
        most,
        _flow_flags(rules, day),
        _failed_calibration(rules, day),
    )


def _failed_calibration(rules: Rules, day: date) -> str:
    found = rules.text("monitoring.failed_calibration", day)
    if found not in FAILED_CALIBRATION:
        raise RuleError(f"monitoring.failed_calibration is {found!r} on {day}; use {' or '.join(FAILED_CALIBRATION)}.")
    return found


def _flow_flags(rules: Rules, day: date) -> frozenset[int]:
    """Return the flags of hours whose flow counts; ``invalid``: rows in which something else than the flow was refused."""
    named = [one.strip() for one in rules.text("monitoring.water_flow_flags", day).split(",")]
    allowed = {one: code for code, one in enumerate(WORDS) if code not in (MISSING, STOPPED)}
    wrong = [one for one in named if one not in allowed]
    if wrong:
        raise RuleError(f"monitoring.water_flow_flags on {day} has {wrong[0]!r}; use {', '.join(allowed)}.")
    return frozenset(allowed[one] for one in named)


def interval_of(rules: Rules, year: int, unit: str, outlet: str, factor: str) -> int:
    """Return for how many hours a water reading stands: of the outlet and factor, else of the factor, else of all.

    Errors  RuleError where it is not from 1 to 24.
    """
    day = date(year, 12, 31)
    keys = (f"monitoring.interval_{factor}_{unit}_{outlet}", f"monitoring.interval_{factor}", "monitoring.interval")
    found = next(one for one in keys if one in rules.parameters or one == keys[-1])
    hours = rules.count(found, day)
    if not 1 <= hours <= 24:
        raise RuleError(f"{found} is {hours}; a reading stands for 1 to 24 hours.")
    return hours
