"""Figures of permits: the register step by step, and what may be recovered.

Source  TOTAL-2 许可排放量; RESERVE-4
"""

from __future__ import annotations

from typing import Any

from quota_lib.amounts import text
from quota_lib.facts import Verification
from quota_lib.totals.recovery import Candidate
from quota_lib.totals.register import CORRECTED, PERMIT, Step
from quota_lib.tracing.fact import Cell, Fact, fact_id
from quota_lib.tracing.trace import cell
from quota_lib.tracing.year import YEARLY, YearTrace, in_cell, year_kind


@year_kind("permit")
def permit(trace: YearTrace, unit: str, factor: str, what: str, number: str = "") -> Fact:
    """Return a step of a plant's permit register (of the year's end, where no number says which).

    ``what``: permitted (what holds after it), amount (what it changes), change (of a permit's new figure: from the old).
    """
    steps = trace.account.register.history(unit, factor, trace.year.end)
    place = int(number or len(steps)) - 1
    one, before = steps[place], steps[place - 1] if place else None
    name = f"{trace.name(unit)} {trace.factor(factor)}"
    about = f"{one.day} {one.kind} {one.document}".strip()
    if what == "amount":
        return _amount(trace, f"{name} {about}", one)
    if one.permitted is None:
        raise KeyError(about)
    own = fact_id("permit", unit, factor, "amount", str(place + 1))
    last = fact_id("permit", unit, factor, "permitted", str(place))
    if what == "permitted":
        if one.kind == PERMIT:
            cells = (cell(trace.row(one.at), one.field),)
            return Fact("", f"{name} 许可", text(one.permitted), YEARLY, "", "TOTAL-2", (), (), cells, about)
        said = f"此前 {text(before.permitted or 0)} {_signed(one.amount)}" if before else ""
        return Fact("", f"{name} 许可", text(one.permitted), YEARLY, said, "TOTAL-2", (last, own))
    if what != "change" or before is None or before.permitted is None:
        raise KeyError(what)
    said = f"新许可 {text(one.permitted)} − 此前 {text(before.permitted)}"
    now = fact_id("permit", unit, factor, "permitted", str(place + 1))
    value = text(one.permitted - before.permitted)
    return Fact("", f"{name} 许可变动", value, YEARLY, said, "TOTAL-2", (now, last), note=about)


def _signed(amount: int) -> str:
    return f"{'−' if amount < 0 else '+'} {text(abs(amount))}"


def _amount(trace: YearTrace, label: str, one: Step) -> Fact:
    """Return what a step changes: as its cell says, a recovery with the sign turned, a 冲正 as what it takes back."""
    row = trace.row(one.at)
    clause = {"总量核定": "RESERVE-2c", "指标回收": "RESERVE-4"}.get(one.kind, "TOTAL-2")
    said = ""
    if one.kind == CORRECTED:
        said = f"冲正 {row.original}，取回其变动 {text(-one.amount)}"
    elif one.amount < 0:
        said = "回收量，减少许可"
    cells = (cell(row, one.field),)
    return Fact("", label, text(one.amount), YEARLY, said, clause, (), (), cells)


# what may be recovered


@year_kind("recovery")
def recovery(trace: YearTrace, project: str, factor: str, reason: str, what: str) -> Fact:
    """Return a figure of a candidate for recovery."""
    one = trace.candidates[(project, factor, reason)]
    label = f"{project} {trace.factor(factor)} {reason} "
    if what == "recovered":
        cells = tuple(_recovered(trace, one))
        said = f"{len(cells)} 次回收之和"
        return Fact("", f"{label}已回收", text(one.recovered), YEARLY, said, "RESERVE-4", cells=cells)
    if one.actual is None:
        return _of_the_project(trace, one, label, what)
    row = _verified(trace, one)
    if what in ("permitted", "actual"):
        word = {"permitted": "核定许可", "actual": "核定实际"}[what]
        return in_cell(f"{label}{one.year} 年{word}", row, what, "RESERVE-4")
    return _surplus(trace, one, label, what)


def _surplus(trace: YearTrace, one: Candidate, label: str, what: str) -> Fact:
    """Return what is permitted beyond the actual amount, or what the actual amount lacks of the line."""
    permitted, actual, value = one.permitted, one.actual, getattr(one, what)
    if what not in ("surplus", "surplus_at_80") or value is None:
        raise KeyError(what)
    line = trace.yearly_rule("recovery.actual_below")
    factor = f"{line.value} × " if what == "surplus_at_80" else ""
    said = f"max({factor}许可 {text(permitted or 0)} − 实际 {text(actual or 0)}, 0)"
    parts = tuple(fact_id("recovery", one.project, one.factor, one.reason, name) for name in ("permitted", "actual"))
    return Fact("", f"{label}富余", text(value), YEARLY, said, "RESERVE-4", parts, (line,))


def _of_the_project(trace: YearTrace, one: Candidate, label: str, what: str) -> Fact:
    """Return what a project was permitted, or what of it is not yet taken back."""
    row = one.ruling.takes[one.factor].row
    if what == "permitted":
        return in_cell(f"{label}核定新增", row, "permitted", "RESERVE-2c", f"文号 {one.ruling.document.document}")
    if what != "surplus" or one.surplus is None:
        raise KeyError(what)
    taken = one.ruling.recovered.get(one.factor, 0)
    said = f"核定新增 {text(one.permitted or 0)} − 已回收 {text(taken)}（不再建设的，全部可收回）"
    parts = (fact_id("recovery", one.project, one.factor, one.reason, "permitted"),)
    cells = tuple(_recovered(trace, one, every=True))
    return Fact("", f"{label}可收回", text(one.surplus), YEARLY, said, "RESERVE-4", parts, cells=cells)


def _verified(trace: YearTrace, one: Candidate) -> Verification:
    """Return the verification that a candidate of 富余 stands on."""
    rows = [row for row in trace.year.book.verifications(one.unit, one.factor) if row.year == one.year]
    return next(row for row in reversed(rows) if (row.permitted, row.actual) == (one.permitted, one.actual))


def _recovered(trace: YearTrace, one: Candidate, every: bool = False) -> list[Cell]:
    """Return the cells of the recoveries that stand, of the candidate's reason or of every one."""
    found: list[tuple[Any, Cell]] = [
        (document.place, cell(row, "amount"))
        for documents in trace.park.ledger.posted.values()
        for document in documents
        if document.kind == "指标回收" and not document.undone_by
        for row in document.rows
        if (row.construction, row.factor) == (one.project, one.factor) and (every or row.reason == one.reason)
    ]
    return [known for _, known in sorted(found)]
