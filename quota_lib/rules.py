"""parameters/*.yaml → dated values, each with clause, source and status.

No number of the rules stands in code: it is asked here by key and day.  What is missing or
not yet valid raises; every value that was asked for is remembered, so that a report can
say on which numbers it stands.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import yaml

from quota_lib.amounts import Mass, Ratio, mass, ratio
from quota_lib.plain_yaml import known_entries, parse_yaml, where_wrong
from quota_lib.words import Factor, Factors, nearest

STATUSES: Mapping[str, str] = {
    "enacted": "已颁布",
    "quoted": "转引",
    "unverified": "未核实",
    "draft": "征求意见稿",
    "local": "本地约定",
}
_PARAMETER = {"label", "unit", "clause", "values", "note"}
_EXTRA = {
    "factors": {"aliases", "medium", "decimals"},
    "ratios": {"factors", "assessment", "result", "industry"},
    "warnings": {"level", "explanation"},
    "readings": {"words"},
    "monitoring": {"factors", "outlets"},
    "flags": {"marks"},
}
_NEEDED = {
    "factors": {"medium", "decimals"},
    "flags": {"marks"},
    "ratios": {"factors"},
    "warnings": {"level"},
}
_VALUE = {"value", "reference", "status"}
_READ: Mapping[str, Callable[[str], object]] = {
    "t": mass,
    "t/a": mass,
    "t/t": ratio,
    "date": date.fromisoformat,
    **dict.fromkeys(("count", "day", "month", "quarter", "year"), int),
}
"""How a value of a unit is read; what cannot be read is refused with the file, not when it is first asked for."""
_TABLE = re.compile(r"^editions:", re.MULTILINE)


class RuleError(Exception):
    """A number of the rules is missing, malformed or not valid on a day."""


class Value(NamedTuple):
    """What a parameter is from a day on; ``value`` None: the rule says there is none."""

    since: date
    value: str | None
    reference: str
    status: str


class Parameter(NamedTuple):
    """One key with its whole history."""

    key: str
    label: str
    unit: str
    clause: str
    history: tuple[Value, ...]
    more: Mapping[str, Any]

    @property
    def file(self) -> str:
        return f"parameters/{self.key.split('.')[0]}.yaml"

    def on(self, day: date) -> Value | None:
        """Return the value in force on a day, or None before the first one."""
        return next((value for value in reversed(self.history) if value.since <= day), None)


class Rules:
    """All parameters of a workspace."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Read parameters from the texts of their files, by file name without ``.yaml``.

        A coefficient table (``editions:`` at its margin) is passed over: quota_lib.coefficients reads it.

        Errors  RuleError naming file, key and what is wrong.
        """
        self.parameters: dict[str, Parameter] = {}
        for name in sorted(texts):
            if is_coefficient_table(texts[name]):
                continue
            for parameter in _parameters(name, texts[name]):
                self.parameters[parameter.key] = parameter
        self.used: set[tuple[str, date]] = set()
        self.factors = Factors(_factor(one) for one in self.of("factors"))

    def of(self, name: str) -> Iterator[Parameter]:
        """Return the parameters of one file, in the file's order."""
        return (one for one in self.parameters.values() if one.key.startswith(f"{name}."))

    def value(self, key: str, day: date) -> Value:
        """Return what a parameter is on a day.

        Errors  RuleError if there is no such parameter, or no value on that day.
        """
        parameter = self.parameters.get(key)
        if parameter is None:
            raise RuleError(f"rule {key!r} does not exist. Add it to parameters/{key.split('.')[0]}.yaml.")
        value = parameter.on(day)
        if value is None:
            raise RuleError(
                f"rule {key!r} has no value on {day}; it starts on {parameter.history[0].since}. "
                f"Add an earlier dated value in {parameter.file}, or move the report period."
            )
        self.used.add((key, value.since))
        return value

    def text(self, key: str, day: date) -> str:
        """Return a parameter that must have a value, as written."""
        value = self.value(key, day).value
        if value is None:
            raise RuleError(
                f"rule {key!r} says null on {day}, where a value is needed. See {self.parameters[key].file}."
            )
        return value

    def mass(self, key: str, day: date) -> Mass | None:
        """Return an amount in milligrams, None where the rule says there is no such line."""
        value = self.value(key, day).value
        return None if value is None else mass(value)

    def ratio(self, key: str, day: date) -> Ratio:
        return ratio(self.text(key, day))

    def count(self, key: str, day: date) -> int:
        return int(self.text(key, day))

    def day(self, key: str, day: date) -> date:
        return date.fromisoformat(self.text(key, day))

    def in_force(self, day: date) -> list[tuple[Parameter, Value]]:
        """Return every parameter with the value that is in force on a day."""
        found = ((one, one.on(day)) for one in self.parameters.values())
        return [(one, value) for one, value in found if value is not None]

    def changed(self, differences: Mapping[str, Any], reference: str, where: str = "what_if") -> Rules:
        """Return these parameters as a trial has them, each difference with its reference; ``where``: the trial's file.

        Shape   by key: a value, which then holds on every day; or by date, what holds from that day on.
        Errors  RuleError for a key that is not there, and for a value that cannot be read.
        """
        made = copy.copy(self)
        made.parameters, made.used = dict(self.parameters), set()
        for key, change in differences.items():
            if key not in self.parameters:
                near = nearest(key, self.parameters)
                raise RuleError(f"{where}: there is no parameter {key!r}; the nearest is {near}.")
            made.parameters[key] = _changed(self.parameters[key], change, reference, where)
        return made

    def statuses_used(self) -> dict[str, str]:
        """Return the status of every value that was asked for, by "key @ since"."""
        return {
            f"{key} @ {since}": next(v.status for v in self.parameters[key].history if v.since == since)
            for key, since in sorted(self.used)
        }


def is_coefficient_table(text: str) -> bool:
    """Return whether a parameter file is a coefficient table, by editions, and not a list of dated values."""
    return _TABLE.search(text) is not None


def _parameters(name: str, text: str) -> Iterable[Parameter]:
    where = f"parameters/{name}.yaml"
    try:
        content = parse_yaml(text)
    except yaml.YAMLError as fault:
        raise RuleError(f"{where} cannot be read: {where_wrong(fault)}") from None
    if not isinstance(content, dict):
        raise RuleError(f"{where} must hold keys with their values.")
    for short, entry in content.items():
        key = f"{name}.{short}"
        needed = {"label", "unit", "clause", "values"} | _NEEDED.get(name, set())
        known_entries(f"{where}: {key}", entry, _PARAMETER | _EXTRA.get(name, set()), needed, RuleError)
        history = tuple(sorted(_history(where, key, entry["values"])))
        _check_words(where, key, history, entry.get("words"))
        if name == "warnings" and entry["level"] not in ("预警", "提示"):
            raise RuleError(f"{where}: {key} has the level {entry['level']!r}; use 预警 or 提示.")
        if name == "factors":
            _check_value(where, f"{key} decimals", entry["decimals"], "count")
        else:
            for value in history:
                _check_value(where, f"{key} {value.since}", value.value, entry["unit"])
        more = {word: value for word, value in entry.items() if word not in ("label", "unit", "clause", "values")}
        yield Parameter(key, entry["label"], entry["unit"], entry["clause"], history, more)


def _history(where: str, key: str, values: Any) -> Iterator[Value]:
    if not isinstance(values, dict) or not values:
        raise RuleError(f"{where}: {key} needs at least one dated value.")
    for since, entry in values.items():
        try:
            day = date.fromisoformat(since)
        except ValueError:
            raise RuleError(f"{where}: {key} has the date {since!r}; write it as 2025-03-01.") from None
        known_entries(f"{where}: {key} {since}", entry, _VALUE, _VALUE, RuleError)
        if entry["status"] not in STATUSES:
            raise RuleError(
                f"{where}: {key} {since} has the status {entry['status']!r}; use one of {', '.join(STATUSES)}."
            )
        yield Value(day, None if entry["value"] == "null" else entry["value"], entry["reference"], entry["status"])


def _check_value(where: str, key: str, value: str | None, unit: str) -> None:
    if value is None or unit not in _READ:
        return
    try:
        _READ[unit](value)
    except (ValueError, ArithmeticError):
        raise RuleError(f"{where}: {key} has the value {value!r}, which cannot be read as {unit}.") from None


def _changed(one: Parameter, change: Any, reference: str, where: str) -> Parameter:
    """Return a parameter with a trial's values: on every day, or from given days on."""
    dated = change if isinstance(change, dict) else {str(value.since): change for value in one.history}
    given = {}
    for since, value in dated.items():
        bare = {"value": value} if isinstance(value, str) else value
        given[since] = {"reference": reference, "status": "local", **bare} if isinstance(bare, dict) else bare
    history = {value.since: value for value in one.history}
    history |= {value.since: value for value in _history(where, one.key, given)}
    values = tuple(history[since] for since in sorted(history))
    _check_words(where, one.key, values, one.more.get("words"))
    for value in values:
        _check_value(where, f"{one.key} {value.since}", value.value, one.unit)
    return one._replace(history=values)


def _check_words(where: str, key: str, history: Iterable[Value], words: Any) -> None:
    """Refuse a reading that is none of the words it may be: a misspelt one is not its alternative."""
    for value in history if isinstance(words, dict) else ():
        if value.value not in words:
            raise RuleError(f"{where}: {key} {value.since} is {value.value!r}; use one of {', '.join(words)}.")


def _factor(one: Parameter) -> Factor:
    return Factor(
        one.key.split(".")[1],
        one.label,
        tuple(one.more.get("aliases", ())),
        one.more["medium"],
        int(one.more["decimals"]),
    )


class RatioRule(NamedTuple):
    """A row of the balance rules: for which factors, assessment and industries it gives which ratio."""

    key: str
    factors: tuple[str, ...]
    medium: str  # of the assessment it depends on; "" where it depends on none
    result: str
    industry: tuple[str, ...]  # prefixes of 行业代码; () any
    ratio: Ratio


def ratio_rules(rules: Rules, factor: str, day: date) -> list[RatioRule]:
    """Return the balance rules in force for a factor on a day; those that say ``null`` give none.

    Source  RESERVE-2c
    """
    found = []
    for one in rules.of("ratios"):
        value = one.on(day)
        if factor in one.more.get("factors", ()) and value and value.value is not None:
            found.append(
                RatioRule(
                    one.key,
                    tuple(one.more["factors"]),
                    one.more.get("assessment", ""),
                    one.more.get("result", ""),
                    tuple(one.more.get("industry", ())),
                    ratio(value.value),
                )
            )
    return found
