"""Figures of construction projects and reductions: applied for, permitted, debited; declared, computed, verified, used.

Source  REDUCE-3 to REDUCE-5, RESERVE-1, RESERVE-2b, RESERVE-2c, RESERVE-4
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quota_lib.accounting import Accounted, limits
from quota_lib.amounts import plain, text
from quota_lib.applications import Applied, Planned
from quota_lib.reserve.ratio import deduction
from quota_lib.reserve.route import increase, last_decision
from quota_lib.rules import STATUSES
from quota_lib.tracing.fact import Cell, Fact, Rule, fact_id
from quota_lib.tracing.trace import Trace, cell, kind, shown

YEARLY = "t/a"


@kind("application")
def application(trace: Trace, project: str, factor: str, what: str) -> Fact:
    """Return a figure of one factor of an application."""
    return APPLICATION[what](trace, project, factor)


def _name(trace: Trace, project: str, factor: str, what: str) -> str:
    return f"{project} {trace.factor(factor)} {what}"


def _applied(trace: Trace, project: str, factor: str) -> Fact:
    row = trace.park.book.application(project)[factor]
    said = f"max(本项目 {text(row.new)} − 以新带老 {text(row.replaced)}, 0)"
    cells = (cell(row, "new"), cell(row, "replaced"))
    label = _name(trace, project, factor, "申请新增")
    return Fact("", label, text(increase(row)), YEARLY, said, "RESERVE-2b", cells=cells)


def _plant_year(trace: Trace, project: str, factor: str) -> Fact:
    """Return what the plant adds in the year: this application and the earlier ones."""
    one = trace.applied[(project, factor)]
    earlier = one.line.plant_year_new - one.line.applied
    parts = [fact_id("application", project, factor, "applied")]
    cells: list[Cell] = []
    if earlier:
        for other in _earlier(trace, project):
            decision = last_decision(trace.park.book, other)
            row = decision.row(factor) if decision and decision.agreed else None
            if row is not None:
                cells.append(cell(row, "permitted"))
            elif decision is None and factor in trace.park.book.application(other):
                parts.append(fact_id("application", other, factor, "applied"))
    said = f"本申请 {text(one.line.applied)} + 同厂区当年在先申请 {text(earlier)}"
    rules = (trace.rule("readings.increments", _day(trace, one)),)
    label = _name(trace, project, factor, "全厂年新增")
    note = f"按 {_day(trace, one)} 所知：已核定的按核定，未核定的按申请"
    return Fact(
        "", label, text(one.line.plant_year_new), YEARLY, said, "RESERVE-2b", tuple(parts), rules, tuple(cells), note
    )


def _earlier(trace: Trace, project: str) -> list[str]:
    book = trace.park.book
    own = book.construction(project)
    others = sorted(book.by_unit.get((own.unit, own.date.year), ()), key=lambda one: (book.construction(one).date, one))
    return others[: others.index(project)]


def _day(trace: Trace, one: Applied) -> Any:
    return one.ruling.document.date if one.ruling else trace.park.quarter.end


def _threshold(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.applied[(project, factor)]
    if one.line.threshold is None:
        raise KeyError(project)
    rules = (trace.rule(f"filing.{factor}", _day(trace, one)),)
    label = _name(trace, project, factor, "备案限值")
    return Fact("", label, text(one.line.threshold), YEARLY, "", "RESERVE-2b", rules=rules)


def _margin(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.applied[(project, factor)]
    if one.line.margin is None or one.line.threshold is None:
        raise KeyError(project)
    said = f"备案限值 {text(one.line.threshold)} − 全厂年新增 {text(one.line.plant_year_new)}"
    parts = tuple(fact_id("application", project, factor, name) for name in ("threshold", "plant_year_new"))
    label = _name(trace, project, factor, "余量")
    return Fact("", label, text(one.line.margin), YEARLY, said, "RESERVE-2b", parts, note=f"途径：{one.route}")


def _permitted(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.applied.get((project, factor))
    ruling = one.ruling if one else trace.park.ledger.standing(project)
    if ruling is None:
        raise KeyError(project)
    row = ruling.document.row(factor)
    cells = (cell(row, "permitted"),) if row else ()
    label = _name(trace, project, factor, "核定新增")
    value = text(row.permitted or 0) if row else "0"
    return Fact("", label, value, YEARLY, clause="RESERVE-2c", cells=cells, note=f"文号 {ruling.document.document}")


def _debit(trace: Trace, project: str, factor: str) -> Fact:
    """Return what a decision takes from the reserve: permitted × ratio, with the rule that gave the ratio."""
    rulings = trace.park.ledger.rulings[project]
    ruling = next((one for one in reversed(rulings) if factor in one.debits), None)
    label = _name(trace, project, factor, "扣除量")
    if ruling is None:
        row = rulings[-1].document.rows[0]
        return Fact("", label, "0", "t", "不从储备库扣除", "RESERVE-2c", cells=(cell(row, "decision"),))
    one = ruling.debits[factor]
    said = f"核定新增 {text(one.permitted)} × 比例 {one.ratio}" if one.ratio else "不从储备库扣除"
    rules = (trace.rule(one.rule, ruling.document.date),) if one.rule else ()
    cells = [cell(one.row, "permitted")]
    assessed = ruling.assessments.get(factor)
    if assessed:
        cells.append(cell(assessed, "result"))
    note = f"文号 {ruling.document.document}；扣除后规则再变也不重算"
    return Fact("", label, text(one.amount), "t", said, "RESERVE-2c", (), rules, tuple(cells), note)


def _ratio(trace: Trace, project: str, factor: str) -> Fact:
    """Return the ratio of a decision, as the parameter of its day and the assessment gave it."""
    ruling = next(one for one in reversed(trace.park.ledger.rulings[project]) if factor in one.debits)
    one, assessed = ruling.debits[factor], ruling.assessments.get(factor)
    if one.ratio is None:
        raise KeyError(project)
    cells = (cell(assessed, "result"),) if assessed else (cell(ruling.document.rows[0], "date"),)
    label = _name(trace, project, factor, "扣除比例")
    said = f"{ruling.document.date} 核定时的参数与环境质量考核结果"
    rules = (trace.rule(one.rule, ruling.document.date),) if one.rule else ()
    return Fact("", label, str(one.ratio), "", said, "RESERVE-2c", (), rules, cells)


def _recovered(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.applied[(project, factor)]
    rows = [
        (document, row)
        for documents in trace.park.ledger.posted.values()
        for document in documents
        if document.kind == "指标回收" and not document.undone_by
        for row in document.rows
        if (row.construction, row.factor) == (project, factor)
    ]
    cells = tuple(cell(row, "amount") for _, row in sorted(rows, key=lambda pair: pair[0].place))
    label = _name(trace, project, factor, "已回收")
    return Fact("", label, text(one.recovered), YEARLY, "各次回收量之和", "RESERVE-4", cells=cells)


def _shortfall(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.applied[(project, factor)]
    if one.shortfall is None:
        raise KeyError(project)
    parts: tuple[str, ...] = (
        fact_id("application", project, factor, "debit"),
        fact_id("balance", one.ruling.zone if one.ruling else one.project.zone, factor, "available"),
    )
    label = _name(trace, project, factor, "缺口")
    note = f"指定批次 {one.debit.lot}" if one.debit and one.debit.lot else ""
    said = "扣除量 − 期末可用（指定批次的：该批次可用），不小于 0"
    return Fact("", label, text(one.shortfall), "t", said, "RESERVE-2c", parts, note=note)


APPLICATION = {
    "applied": _applied,
    "plant_year_new": _plant_year,
    "threshold": _threshold,
    "margin": _margin,
    "permitted": _permitted,
    "debit": _debit,
    "ratio": _ratio,
    "recovered": _recovered,
    "shortfall": _shortfall,
}


@kind("plan")
def plan(trace: Trace, project: str, factor: str, what: str, lot: str = "") -> Fact:
    """Return what a waiting or undecided project needs, what a lot would give of it, or what is short."""
    found = [one for one in trace.plans if (one.project.construction, one.factor) == (project, factor)]
    first, zone = found[0], found[0].project.zone
    waiting = any(ruling.project == project for ruling in trace.park.ledger.waiting)
    if what == "need":
        part = fact_id("application", project, factor, "debit" if waiting else "applied")
        rules: tuple[Rule, ...] = ()
        said = "已同意，待供给" if waiting else f"申请新增 × 期末日的比例 {first.ratio}"
        label = _name(trace, project, factor, "需要量")
        return Fact("", label, text(first.need or 0), "t", said, "RESERVE-2b", (part,), rules)
    if what == "ratio":
        return _planned_ratio(trace, first, waiting)
    if what == "lot":
        one = next(p for p in found if p.lot and p.lot.number == lot)
        label = _name(trace, project, factor, f"可由批次 {lot} 平衡")
        from_lot = (fact_id("lot", lot, zone, factor, "left"),)
        return Fact("", label, text(one.amount), "t", "先进先出，逐个项目单独试算", "RESERVE-2b", from_lot)
    if what != "short":
        raise ValueError(what)
    short = next(p for p in found if p.lot is None)
    parts = (fact_id("plan", project, factor, "need"), fact_id("balance", zone, factor, "available"))
    label = _name(trace, project, factor, "缺口")
    return Fact("", label, text(short.amount), "t", "需要量 − 可由各批次平衡的量", "RESERVE-2b", parts)


def _planned_ratio(trace: Trace, one: Planned, waiting: bool) -> Fact:
    """Return the ratio that a need is priced at: of the decision, or what the last day's would be."""
    project, factor = one.project.construction, one.factor
    label = _name(trace, project, factor, "扣除比例")
    if waiting:
        return Fact(
            "", label, str(one.ratio), "", "", "RESERVE-2c", (fact_id("application", project, factor, "ratio"),)
        )
    found, assessed = deduction(trace.park.book, trace.park.rules, one.project, factor, trace.park.quarter.end)
    row = trace.park.book.application(project)[factor]
    cells = (cell(assessed, "result") if assessed else cell(row, "factor"),)
    rules = (trace.rule(found.key, trace.park.quarter.end),)
    return Fact("", label, str(one.ratio), "", "期末日的参数与环境质量考核结果", "RESERVE-2c", (), rules, cells)


def _unit(unit: str) -> str:
    """Return a unit as it follows numbers; a percentage stands in them."""
    return "" if unit == "%" else unit


@kind("reduction")
def reduction(trace: Trace, project: str, factor: str, what: str) -> Fact:
    """Return a figure of one factor of a reduction project."""
    return REDUCTION[what](trace, project, factor)


def _declared(trace: Trace, project: str, factor: str) -> Fact:
    row = trace.reduced[(project, factor)].reduction
    label = _name(trace, project, factor, "申报减排量")
    return Fact("", label, text(row.declared), YEARLY, clause="REDUCE-3", cells=(cell(row, "declared"),))


def _computed(trace: Trace, project: str, factor: str) -> Fact:
    """Return a computed reduction with its steps, inputs and coefficients."""
    made: Accounted = trace.park.accounted[(project, factor)]
    if made.counted is None or made.computation.exact is None:
        raise KeyError(project)
    steps = "；".join(f"{one.label} {one.numbers} {_unit(one.unit)}".strip() for one in made.computation.steps)
    most = limits(trace.park.rules, made)
    said = f"{steps}；修约到毫克为 {text(made.computation.result or 0)}"
    if most:
        said += f"；以{'、'.join(f'{one.label} {text(one.amount)}' for one in most)} 为限，计 {text(made.counted)}"
    inputs = [one for one in made.computation.inputs if not one.left_out]
    cells = tuple(
        Cell(made.rows[one.row].at.reference(one.name), one.heading, shown(one.value)) for one in inputs if made.rows
    )
    given = (
        [] if made.rows else [f"试算文件的 inputs：{'，'.join(f'{one.heading} {shown(one.value)}' for one in inputs)}"]
    )
    caps = [name for one in most for name in one.fields]
    rules = tuple(coefficient_rule(one.coefficient, one.replaced) for one in made.computation.coefficients)
    label = _name(trace, project, factor, f"核算减排量（{made.computation.label}）")
    return Fact(
        "",
        label,
        text(made.counted),
        YEARLY,
        said,
        "REDUCE-2",
        (),
        rules,
        (*cells, *(cell(made.reduction, name) for name in caps)),
        "；".join((*made.computation.notes, *given)),
    )


def coefficient_rule(one: Any, replaced: bool) -> Rule:
    """Return a coefficient that a computation stands on."""
    used = "（由填报值代替）" if replaced else ""
    value = plain(one.value) if one.value is not None else one.shown
    status = STATUSES.get(one.status, one.status)
    return Rule(
        f"{one.table}.{one.edition}",
        f"{one.word}{used}",
        value,
        one.unit,
        str(one.since or ""),
        "REDUCE-2",
        one.source,
        status,
    )


def _verified(trace: Trace, project: str, factor: str) -> Fact:
    row = trace.park.book.holding("verdict", (project, factor))
    label = _name(trace, project, factor, "核定减排量")
    one = trace.reduced.get((project, factor))
    value = trace.park.ledger.verified.get((project, factor))
    if row is None or value is None:
        raise KeyError(project)
    parts = (fact_id("reduction", project, factor, "declared"),) if one else ()
    return Fact(
        "", label, text(value), YEARLY, "", "REDUCE-4", parts, (), (cell(row, "verified"),), f"{row.date} {row.verdict}"
    )


def _difference(trace: Trace, project: str, factor: str) -> Fact:
    verified, declared = _verified(trace, project, factor), _declared(trace, project, factor)
    one = trace.reduced[(project, factor)]
    value = text((one.verified or 0) - one.reduction.declared)
    parts = tuple(fact_id("reduction", project, factor, name) for name in ("verified", "declared"))
    said = f"核定 {verified.value} − 申报 {declared.value}"
    return Fact("", _name(trace, project, factor, "核定与申报之差"), value, YEARLY, said, "REDUCE-4", parts)


def _above(trace: Trace, project: str, factor: str) -> Fact:
    declared, computed = _declared(trace, project, factor), _computed(trace, project, factor)
    value = text(
        trace.reduced[(project, factor)].reduction.declared - (trace.park.accounted[(project, factor)].counted or 0)
    )
    parts = tuple(fact_id("reduction", project, factor, name) for name in ("declared", "computed"))
    said = f"申报 {declared.value} − 核算 {computed.value}"
    return Fact("", _name(trace, project, factor, "申报与核算之差"), value, YEARLY, said, "REDUCE-3", parts)


def _documents(trace: Trace, project: str, factor: str, kind_: str) -> tuple[Cell, ...]:
    rows = [
        (document.place, cell(row, "amount"))
        for documents in trace.park.ledger.posted.values()
        for document in documents
        if document.kind == kind_ and not document.undone_by
        for row in document.rows
        if (row.project, row.factor) == (project, factor)
    ]
    return tuple(one for _, one in sorted(rows))


def _occupied(trace: Trace, project: str, factor: str) -> Fact:
    value = text(trace.park.ledger.occupied.get((project, factor), 0))
    cells = _documents(trace, project, factor, "减排量占用")
    return Fact("", _name(trace, project, factor, "占用"), value, YEARLY, "各次占用之和", "RESERVE-1", cells=cells)


def _reserved(trace: Trace, project: str, factor: str) -> Fact:
    value = text(trace.park.ledger.reserved.get((project, factor), 0))
    cells = _documents(trace, project, factor, "指标储备")
    return Fact("", _name(trace, project, factor, "已储备"), value, YEARLY, "各次储备之和", "RESERVE-1", cells=cells)


def _left(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.reduced[(project, factor)]
    said = f"核定 {text(one.verified or 0)} − 占用 {text(one.occupied)} − 已储备 {text(one.reserved)}"
    names = [name for name in ("verified", "occupied", "reserved") if getattr(one, name)]
    parts = tuple(fact_id("reduction", project, factor, name) for name in names)
    return Fact("", _name(trace, project, factor, "未储备"), text(one.left), YEARLY, said, "RESERVE-1", parts)


def _used(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.reduced[(project, factor)]
    entries = [
        e for e in _of_its_lots(trace, project, factor) if e.amount and e.kind in ("debit", "recovery", "correction")
    ]
    said = f"−（{len(entries)} 笔分录之和）：由其批次扣除的净额，已减回收与冲正"
    parts = trace.entry_facts(entries)
    return Fact("", _name(trace, project, factor, "已使用"), text(one.used), "t", said, "REDUCE-5", parts)


def _superior(trace: Trace, project: str, factor: str) -> Fact:
    one = trace.reduced[(project, factor)]
    entries = [e for e in _of_its_lots(trace, project, factor) if e.frozen and not e.amount]  # used above: stays
    parts = trace.entry_facts(entries, "frozen")
    said = f"{len(entries)} 笔分录之和：已纳入上级或在上级使用的"
    return Fact("", _name(trace, project, factor, "纳入上级"), text(one.superior), "t", said, "RESERVE-2d", parts)


def _of_its_lots(trace: Trace, project: str, factor: str) -> Iterable[Any]:
    lots = trace.park.ledger.lots
    return (
        one
        for key, entries in trace.by_lot.items()
        if key[2] == factor and lots.by_key[key].origin.project == project
        for one in entries
    )


REDUCTION = {
    "declared": _declared,
    "computed": _computed,
    "verified": _verified,
    "difference": _difference,
    "above": _above,
    "occupied": _occupied,
    "reserved": _reserved,
    "left": _left,
    "used": _used,
    "superior": _superior,
}


WORDS = {
    "declared": "申报",
    "verified": "核定",
    "occupied": "占用",
    "reserved": "已储备",
    "left": "未储备",
    "used": "已使用",
    "superior": "纳入上级",
}


@kind("bulletin")
def bulletin(trace: Trace, zone: str, type_: str, factor: str, what: str) -> Fact:
    """Return a sum of the reductions' bulletin: of one zone, type and factor.

    Source  REDUCE-5
    """
    own = [
        (key, one)
        for key, one in trace.reduced.items()
        if (one.project.zone, one.project.type, one.reduction.factor) == (zone, type_, factor)
    ]
    values = [one.reduction.declared if what == "declared" else getattr(one, what) or 0 for _, one in own]
    parts = tuple(fact_id("reduction", *key, what) for (key, _), value in zip(own, values, strict=True) if value)
    label = f"{trace.park.book.zone_label(zone)} {type_} {trace.factor(factor)} {WORDS[what]}"
    unit = "t" if what in ("used", "superior") else YEARLY
    return Fact("", label, text(sum(values)), unit, f"{len(own)} 个项目之和", "REDUCE-5", parts)


@kind("cell")
def in_a_cell(trace: Trace, file: str, sheet: str, place: str, sign: str = "") -> Fact:
    """Return a figure that stands in a cell as it is, or (sign −) with its sign turned."""
    letters = place.rstrip("0123456789")
    row = trace.rows[(file, sheet, int(place[len(letters) :]))]
    field = next(name for name, column in row.at.source.columns.items() if column == letters)
    found = cell(row, field)
    value = found.value if not sign else text(-getattr(row, field))
    return Fact("", f"{sheet} {found.heading}", value, "t", cells=(found,))
