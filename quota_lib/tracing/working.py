"""Figures of a computation: each input and its cell, each coefficient and its table, each step, cap and check.

Source  REDUCE-2, REDUCE-3
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from quota_lib.accounting import Accounted, limits
from quota_lib.amounts import plain, text
from quota_lib.methods import METHODS, activated_carbon_check
from quota_lib.ranges import Swing, spread
from quota_lib.rules import STATUSES
from quota_lib.tracing.fact import Cell, Fact, Rule, fact_id
from quota_lib.tracing.projects import YEARLY, coefficient_rule
from quota_lib.tracing.trace import Trace, cell, kind, shown

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)")
LEFT_OUT = "没有填报，按此计"


def _made(trace: Trace, project: str, factor: str) -> Accounted:
    return trace.park.accounted[(project, factor)]


def _name(trace: Trace, made: Accounted, row: int | None, what: str) -> str:
    """Return what a figure of a computation is called: with its input row where there are several."""
    where = f"（第 {row + 1} 行）" if row is not None and len(made.inputs) > 1 else ""
    return f"{made.reduction.project} {trace.factor(made.reduction.factor)} {what}{where}"


@kind("input")
def input_(trace: Trace, project: str, factor: str, at: str) -> Fact:
    """Return an input of a computation, with the cell that it was read from."""
    made = _made(trace, project, factor)
    one = made.computation.inputs[int(at)]
    label, value = _name(trace, made, one.row, one.heading), shown(one.value)
    if not made.rows:
        return Fact("", label, value, one.unit, clause="REDUCE-2", note="试算文件的 inputs")
    place = made.rows[one.row].at
    found = Cell(place.reference(one.name), one.heading, "（空）" if one.left_out else value)
    cells = (found,) if one.name in place.source.columns else ()
    return Fact("", label, value, one.unit, "", "REDUCE-2", cells=cells, note=LEFT_OUT if one.left_out else "")


@kind("coefficient")
def coefficient(trace: Trace, project: str, factor: str, at: str) -> Fact:
    """Return a coefficient of a computation: the entry of the table that it was taken from."""
    made = _made(trace, project, factor)
    one = made.computation.coefficients[int(at)]
    word = METHODS[made.computation.method].card.lookups[one.name].label
    label = _name(trace, made, one.row, word)
    note = "由填报值代替" if one.replaced else ""
    rules = (coefficient_rule(one.coefficient, one.replaced),)
    return Fact(
        "", label, coefficient_value(made, int(at)), one.coefficient.unit, "", "REDUCE-2", rules=rules, note=note
    )


def coefficient_value(made: Accounted, at: int) -> str:
    """Return a coefficient as tables print it: its value, or the range that the table gives."""
    found = made.computation.coefficients[at].coefficient
    ends = [plain(value) for value in (found.low, found.high) if value is not None]
    return plain(found.value) if found.value is not None else "–".join(ends)


@kind("step")
def step(trace: Trace, project: str, factor: str, at: str) -> Fact:
    """Return an intermediate result: its formula, with numbers, and the inputs, coefficients and steps in it."""
    made = _made(trace, project, factor)
    one = made.computation.steps[int(at)]
    said = f"{one.formula}；{one.numbers}"
    parts = tuple(_standing_in(made, one.numbers, one.row, int(at)))
    return Fact("", _name(trace, made, one.row, one.label), plain(one.value), one.unit, said, "REDUCE-2", parts)


def _standing_in(made: Accounted, numbers: str, row: int | None, before: int) -> Iterator[str]:
    """Return the ids of the inputs, coefficients and earlier steps whose values stand in a formula with numbers."""
    found, key = set(NUMBER.findall(numbers)), (made.reduction.project, made.reduction.factor)
    for at, one in enumerate(made.computation.inputs):
        if isinstance(one.value, Decimal) and (row is None or one.row == row) and plain(one.value) in found:
            yield fact_id("input", *key, str(at))
    for at, used in enumerate(made.computation.coefficients):
        if not used.replaced and (row is None or used.row == row) and coefficient_value(made, at) in found:
            yield fact_id("coefficient", *key, str(at))
    for at, step_ in enumerate(made.computation.steps[:before]):
        if (row is None or step_.row in (row, None)) and plain(abs(step_.value)) in found:
            yield fact_id("step", *key, str(at))


@kind("outcome")
def outcome(trace: Trace, project: str, factor: str, what: str) -> Fact:
    """Return what a computation comes to: ``exact``, before the one rounding, or ``rounded``."""
    made = _made(trace, project, factor)
    exact, result = made.computation.exact, made.computation.result
    if exact is None or result is None:
        raise KeyError(project)
    if what == "rounded":
        said, part = f"{plain(exact)} 按四舍六入五成双修约到毫克", fact_id("outcome", project, factor, "exact")
        return Fact("", _name(trace, made, None, "核算结果（修约）"), text(result), YEARLY, said, "REDUCE-2", (part,))
    if what != "exact":
        raise ValueError(what)
    steps = [str(at) for at, one in enumerate(made.computation.steps) if one.value == exact and not one.aside]
    parts = tuple(fact_id("step", project, factor, at) for at in steps[-1:])
    return Fact("", _name(trace, made, None, "核算结果"), plain(exact), YEARLY, "", "REDUCE-2", parts)


@kind("limit")
def limit(trace: Trace, project: str, factor: str, at: str) -> Fact:
    """Return what a computed reduction may not exceed, with its cells."""
    made = _made(trace, project, factor)
    one = limits(trace.park.rules, made)[int(at)]
    cells = tuple(cell(made.reduction, name) for name in one.fields)
    return Fact("", _name(trace, made, None, one.label), text(one.amount), YEARLY, "", "RESERVE-1", cells=cells)


@kind("carbon")
def carbon(trace: Trace, project: str, factor: str, at: str, what: str) -> Fact:
    """Return a figure of the check of activated carbon: removed, replaced (``carbon``), or the most it takes up."""
    made = _made(trace, project, factor)
    key = "checks.carbon_uptake"
    uptake = trace.park.rules.ratio(key, trace.last_day)
    one = activated_carbon_check(made.computation, uptake)[int(at)]
    words = {"removed": "治理后去除", "carbon": "活性炭更换量", "most": "最多吸附", "uptake": "每吨活性炭可吸附"}
    label = _name(trace, made, one.row, words[what])
    rules = (trace.rule(key, trace.last_day),)
    if what == "uptake":
        return Fact("", label, str(uptake), "t/t", "", "REDUCE-2", rules=rules)
    if what == "most":
        parts = tuple(fact_id("carbon", project, factor, at, name) for name in ("carbon", "uptake"))
        said = f"{plain(one.carbon_t)} × {uptake}"
        return Fact("", label, plain(one.most_t), YEARLY, said, "REDUCE-2", parts)
    steps = [(own.row, own.name) for own in made.computation.steps]
    inputs = [(own.row, own.name) for own in made.computation.inputs]
    if what == "removed":
        part = fact_id("step", project, factor, str(steps.index((one.row, "removed_after"))))
        return Fact("", label, plain(one.removed_t), YEARLY, "", "REDUCE-2", (part,))
    part = fact_id("input", project, factor, str(inputs.index((one.row, "carbon_t_after"))))
    return Fact("", label, plain(one.carbon_t), YEARLY, "", "REDUCE-2", (part,))


@kind("range")
def at_an_end(trace: Trace, project: str, factor: str, at: str, end: str) -> Fact:
    """Return what a computed reduction comes to at an end (low, high) of one of its ranges; or the range, or its value."""
    made = _made(trace, project, factor)
    span = spread(made, trace.park.basis, trace.park.rules)
    if span is None:
        raise KeyError(project)
    one = span.swings[int(at)]
    rule = Rule(
        "", one.label, f"{plain(one.low)}–{plain(one.high)}", one.unit, "", "REDUCE-2", one.source, _status(one)
    )
    if end in ("between", "value"):
        value = rule.value if end == "between" or one.stands_at is None else plain(one.stands_at)
        word = "所列范围" if end == "between" else "取值"
        return Fact("", _name(trace, made, None, f"{one.label} {word}"), value, one.unit, "", "REDUCE-2", rules=(rule,))
    word, found, result = ("下限", one.low, one.at_low) if end == "low" else ("上限", one.high, one.at_high)
    said = f"{one.label}取所列范围的{word} {plain(found)} {one.unit}，其余不变"
    label = _name(trace, made, None, f"核算减排量（{one.label}取{word}）")
    parts = (fact_id("reduction", project, factor, "computed"),)
    note = f"范围出处：{one.source}（{_status(one)}）"
    return Fact("", label, text(result), YEARLY, said, "REDUCE-2", parts, note=note)


def _status(one: Swing) -> str:
    return STATUSES.get(one.status, one.status)
