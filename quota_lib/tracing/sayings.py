"""What a finding says, as a figure of its own: the amounts in its sentence with where each came from, and its cell.

Source  RESERVE-3; SAFE-4
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from quota_lib.amounts import plain, text
from quota_lib.findings import Finding
from quota_lib.problems import Place
from quota_lib.reserve.recoveries import surplus as surplus_left
from quota_lib.reserve.recoveries import verified_figure
from quota_lib.tracing.fact import Cell, Fact, fact_id
from quota_lib.tracing.ledger import LABELS
from quota_lib.tracing.projects import APPLICATION, REDUCTION
from quota_lib.tracing.trace import Trace, UnknownFact, cell, heading_of, kind, shown

LINES = {
    "W509": ("recovery.actual_below",),
    "W514": ("deadlines.reductions_month",),
    "W516": ("deadlines.deposits_month",),
    "W522": ("eligibility.closure_years",),
    "W532": ("checks.carbon_uptake",),
    "W544": ("annual.declared_tolerance",),
    "W547": ("annual.consistency_tolerance",),
    "W548": ("monitoring.capture_least", "monitoring.water_capture_least", "monitoring.year_missing"),
    "W552": ("recovery.actual_below",),
    "W560": ("plausibility.filing_margin",),
    "W561": ("recovery.actual_below", "plausibility.recovery_margin"),
    "W562": ("plausibility.permitted_margin",),
    "W563": ("plausibility.split_days",),
    "W564": ("plausibility.series_values",),
    "W565": ("plausibility.flat_hours",),
    "W566": ("plausibility.jump", "plausibility.jump_least"),
    "W567": ("plausibility.identical_digits",),
    "W568": ("plausibility.identical_digits",),
    "W569": ("plausibility.intensity", "plausibility.intensity_plants"),
}
"""The parameters that a finding compares with, beside the one of its own code."""
FILING = ("W560", "W563")  # which look at the line of the factor
PROJECT = re.compile(r"\b[A-Z]+\d{4}-\d+\b")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\.?\d)")


@kind("finding")
def finding(trace: Trace, number: str) -> Fact:
    """Return what a finding says; its amounts are those figures and cells of its subject that the sentence holds."""
    one = trace.seen[number]
    said = set(NUMBER.findall(one.message))
    parts, values = [], set()
    for name in trace.about(one):
        value = _value(trace, name)
        if (value in said or percent(value) in said) and (value.lstrip("-"), name.split(":")[-1]) not in values:
            parts.append(name)
            values.add((value.lstrip("-"), name.split(":")[-1]))
    cells = tuple(_cells(trace, *one.at, said)) if one.at else ()
    if not parts and not cells and one.zone and one.factor:
        parts = [fact_id("balance", one.zone, one.factor, "available")]
    together = fact_id("together", one.factor, *PROJECT.findall(one.message))
    parts += [together] if _value(trace, together) in said else []
    filing = (f"filing.{one.factor}",) if one.code in FILING else ()
    keys = (f"warnings.{one.code}", *LINES.get(one.code, ()), *filing)
    rules = tuple(trace.rule(key, trace.last_day) for key in keys)
    return Fact("", one.message, "", "", "", one.clause, tuple(parts), rules, cells, one.fix)


@kind("together")
def together_(trace: Trace, factor: str, *projects: str) -> Fact:
    """Return what several applications ask for of a factor."""
    if len(projects) < 2:
        raise KeyError(factor)
    parts = tuple(fact_id("application", project, factor, "applied") for project in projects)
    value = sum((Decimal(trace.fact(name).value) for name in parts), Decimal(0))
    label = f"{'、'.join(projects)} {trace.factor(factor)} 合计"
    return Fact("", label, plain(value), "t/a", f"{len(parts)} 个项目之和", "RESERVE-2b", parts)


def percent(value: str) -> str:
    """Return a share below 1 in per cent, two decimals, cut off; "" for any other value.

    >>> percent("0.749545"), percent("0.8"), percent("1.2"), percent("")
    ('74.95', '80', '', '')
    """
    if not value.startswith("0."):
        return ""
    return plain(Decimal(int(Decimal(value) * 10**4)).scaleb(-2))


def _cells(trace: Trace, place: Place, field: str, said: set[str]) -> Iterator[Cell]:
    """Return the cell that a finding points at, and those of its row whose amounts the sentence holds."""
    yield cell_at(trace, place, field)
    row = _row(trace, place)
    for name in place.source.columns if row is not None else ():
        if name != field and hasattr(row, name) and shown(getattr(row, name)) in said:
            yield cell(row, name)


def _value(trace: Trace, name: str) -> str:
    try:
        return trace.fact(name).value
    except UnknownFact:
        return ""


def cell_at(trace: Trace, place: Place, field: str) -> Cell:
    """Return a cell that a finding points at; of a row that is not kept, without its value."""
    row = _row(trace, place)
    if row is not None and field in place.source.columns and hasattr(row, field):
        return cell(row, field)
    return Cell(place.reference(field), heading_of(place, field), "")


def _row(trace: Trace, place: Place) -> Any:
    return trace.rows.get((place.source.file, place.source.sheet, place.row))


@kind("surplus")
def surplus(trace: Trace, project: str, factor: str) -> Fact:
    """Return what may be recovered of a project whose plant used less than it was permitted.

    Source  RESERVE-4(2)
    """
    park, end = trace.park, trace.last_day
    ruling = park.ledger.standing(project)
    if ruling is None:
        raise KeyError(project)
    row = verified_figure(park.book, ruling.unit, factor, park.ledger.running_since(project, end), end)
    if row is None or row.permitted is None:
        raise KeyError(project)
    back = ruling.recovered.get(factor, 0)
    open_part, left = ruling.takes[factor].permitted - back, surplus_left(park.ledger, park.rules, row, end)
    said = (
        f"min(许可 {text(row.permitted)} − 实际 {text(row.actual)} − 已收回的富余 = {text(left)}, "
        f"本项目核定新增 {text(ruling.takes[factor].permitted)} − 已回收 {text(back)} = {text(open_part)})"
    )
    cells = (cell(row, "permitted"), cell(row, "actual"), cell(ruling.takes[factor].row, "permitted"))
    rules = (trace.rule("recovery.actual_below", end),)
    label = f"{project} {trace.factor(factor)} 富余"
    return Fact("", label, text(min(left, open_part)), "t/a", said, "RESERVE-4", (), rules, cells)


def about(trace: Trace, one: Finding) -> Iterator[str]:
    """Return the ids of the quarter's figures of a finding's subject: of its project, else of its zone."""
    if one.project and one.factor:
        yield from (fact_id("reduction", one.project, one.factor, name) for name in REDUCTION)
        yield from (fact_id("application", one.project, one.factor, name) for name in APPLICATION)
        yield fact_id("surplus", one.project, one.factor)
        yield from _of_the_working(trace, one.project, one.factor)
    elif one.zone and one.factor:
        yield from (fact_id("need", one.zone, one.factor, name) for name in ("need", "short"))
        yield from (fact_id("balance", one.zone, one.factor, name) for name in LABELS)
        until = trace.park.quarter
        first = until
        for _ in range(trace.park.rules.count("warnings.W503", until.end) - 1):
            first = first.previous
        yield from (
            fact_id("balance", one.zone, one.factor, name, str(first), str(until)) for name in ("sources", "uses")
        )


def _of_the_working(trace: Trace, project: str, factor: str) -> Iterator[str]:
    """Return the ids of the inputs, coefficients and checks of a computation."""
    made = trace.park.accounted.get((project, factor))
    if made is not None:
        computation = made.computation
        for at in range(len(made.inputs)):
            yield from (fact_id("carbon", project, factor, str(at), name) for name in ("removed", "carbon", "most"))
        yield from (fact_id("input", project, factor, str(at)) for at in range(len(computation.inputs)))
        yield from (fact_id("coefficient", project, factor, str(at)) for at in range(len(computation.coefficients)))
