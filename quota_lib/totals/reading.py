"""The readings of parameters/annual.yaml that are words or orders of words: each one of those it may be.

Source  TOTAL-2, TOTAL-3
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from quota_lib.rules import RuleError, Rules

ONLINE, SUPERVISORY, SELF = "online", "supervisory", "self_monitoring"
BALANCE, COEFFICIENT, REPORT = "material_balance", "coefficient", "execution_report"
ROUTES: Mapping[str, str] = {
    ONLINE: "在线监测",
    SUPERVISORY: "监督监测",
    SELF: "自行监测",
    BALANCE: "物料衡算",
    COEFFICIENT: "产排污系数",
    REPORT: "执行报告",
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "required_online": ("uncontrolled", "as_others"),
    "manual_over_online": ("hour", "quarter", "never"),
    "manual_volume": ("hours", "water_volume"),
    "online_water_rest": ("mean", "none"),
    "declared_fugitive": ("add", "leave_out"),
}
ORDERS: Mapping[str, tuple[str, ...]] = {"order": tuple(ROUTES), "actual": ("verified", "computed", "declared")}


def word(rules: Rules, name: str, day: date) -> str:
    """Return the reading in force.

    Errors  RuleError if it is none of the words it may be: a misspelt one is not its alternative.
    """
    found = rules.text(f"annual.{name}", day)
    if found not in WORDS[name]:
        raise RuleError(f"annual.{name} is {found!r} on {day}; use {' or '.join(WORDS[name])}.")
    return found


def order(rules: Rules, name: str, day: date) -> tuple[str, ...]:
    """Return words in the order in which they come first.

    Errors  RuleError for a word that it may not hold, and for one that stands twice.
    """
    found = tuple(one.strip() for one in rules.text(f"annual.{name}", day).split(","))
    wrong = [one for one in found if one not in ORDERS[name] or found.count(one) > 1]
    if wrong:
        raise RuleError(f"annual.{name} on {day} has {wrong[0]!r}; use each once: {', '.join(ORDERS[name])}.")
    return found


def check_readings(rules: Rules, day: date) -> None:
    """Refuse a reading that is none of its words, also where the data do not ask for it.

    Errors  RuleError
    """
    for name in WORDS:
        word(rules, name, day)
    for name in ORDERS:
        order(rules, name, day)


def labels(routes: tuple[str, ...]) -> str:
    """Return routes in words."""
    return "、".join(ROUTES[one] for one in routes)
