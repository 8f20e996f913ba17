"""Figures of next year's allowable: each plant's proposal step by step, and what each cap must carry.

Source  TOTAL-3
"""

from __future__ import annotations

from datetime import date
from typing import Any

from quota_lib.allowable import ALLOWABLE_METHODS, APPROVED, NO_PERMIT, UNLISTED, Held, PlantAllowable
from quota_lib.allowable.reading import readings
from quota_lib.allowable.room import Taken, taken_off
from quota_lib.amounts import text
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT
from quota_lib.tracing.fact import Cell, Fact, fact_id
from quota_lib.tracing.plants import limit_id, total_id
from quota_lib.tracing.trace import cell
from quota_lib.tracing.year import PARK, YEARLY, YearTrace, added, in_cell, year_kind

ROOM = {
    "cap": "限量",
    "reserved": "预留",
    "approved": "已批未投运",
    "unlisted": "名单外",
    "unpermitted": "无许可总量",
    "ended": "其中不再投运",
    "available": "可分配",
    "total": "允许合计",
    "headroom": "余量",
    "short": "缺口",
}


@year_kind("allowable")
def allowable(trace: YearTrace, unit: str, factor: str, what: str) -> Fact:
    """Return what the method proposes for a plant, or what the year before proposed (``held``): every step."""
    if what == "held":
        return _held(trace, unit, factor)
    one = trace.allowed[(unit, factor)]
    if what != "proposed" or one.proposed is None:
        raise KeyError(what)
    method, end = trace.made.allowables, trace.year.end
    row = trace.totals[(unit, factor, TO_ENVIRONMENT, WHOLE_PLANT)]
    said = _steps(one)
    parts = [limit_id(row), *([total_id(row, "verified_actual")] if row.verified_actual is not None else [])]
    parts += [fact_id("room", one.zone, factor, "available")] if trace.rooms[(one.zone, factor)].cap is not None else []
    parts += [name for name, _ in _idle(trace, unit, factor)]
    names = ("method", *ALLOWABLE_METHODS[method.method].card.parameters)
    rules = tuple(trace.rule(f"allowable.{name}", end) for name in names)
    label = f"{trace.name(unit)} {trace.factor(factor)} 下年拟定允许"
    cells = tuple(cell(known, name) for known, name in _stands_on(trace, row))
    note = "；".join((f"方法：{method.label}", *one.notes))
    return Fact("", label, text(one.proposed), YEARLY, said, "TOTAL-3", tuple(parts), rules, cells, note)


def _steps(one: PlantAllowable) -> str:
    return "；".join(f"{step.label}：{step.formula} = {step.value} {step.unit}" for step in one.steps)


def _held(trace: YearTrace, unit: str, factor: str) -> Fact:
    """Return what the report of the year before proposed for this one, and how."""
    before, last = trace.made.before, trace.year.year - 1
    one = next(one for one in (before.plants if before else ()) if (one.unit, one.factor) == (unit, factor))
    if before is None or one.proposed is None:
        raise KeyError(unit)
    rules = (trace.yearly_rule("allowable.held"), trace.rule("allowable.method", date(last, 12, 31)))
    label = f"{trace.name(unit)} {trace.factor(factor)} 本年允许"
    note = "；".join((f"{last} 年度报告拟定", f"方法：{before.label}", *one.notes))
    parts, cells = _known_before(trace, unit, factor)
    return Fact("", label, text(one.proposed), YEARLY, _steps(one), "TOTAL-3", parts, rules, cells, note)


def _known_before(trace: YearTrace, unit: str, factor: str) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Return what a plant was permitted and verified the year before: figures and cells."""
    last = trace.year.year - 1
    steps = trace.account.register.history(unit, factor, date(last, 12, 31))
    verified = trace.year.held.get((unit, factor, TO_ENVIRONMENT))
    cells = [cell(verified, "actual")] if verified else []
    if steps and steps[-1].permitted is not None:
        return (fact_id("permit", unit, factor, "permitted", str(len(steps))),), tuple(cells)
    if verified and verified.permitted is not None:
        return (), (*cells, cell(verified, "permitted"))
    figure = (last, unit, factor, TO_ENVIRONMENT, WHOLE_PLANT)
    rows = [row for row in trace.year.book.latest("declaration") if row[:5] == figure]
    return (), (*cells, *(cell(row, "permitted") for row in rows))


def _stands_on(trace: YearTrace, row: Any) -> list[tuple[Any, str]]:
    """Return what else a method may look at: output and grade, where there are any."""
    known = trace.year.performances.get(row.unit)
    if known is None or trace.made.allowables.method != "performance":
        return []
    names = [name for name in ("output_value", "grade") if getattr(known, name) not in (None, "")]
    return [(known, name) for name in names]


def next_id(trace: YearTrace, unit: str, factor: str) -> str:
    """Return the id of a plant's next allowable: the bureau's figure, else what is proposed."""
    return total_id(trace.totals[(unit, factor, TO_ENVIRONMENT, WHOLE_PLANT)], "next_allowable")


# caps


@year_kind("cap")
def cap(trace: YearTrace, zone: str, factor: str, year: str) -> Fact:
    """Return a cap of a zone or (``*``) of the park."""
    row = trace.year.caps[(int(year), _zone(zone), factor)]
    return in_cell(f"{_where(trace, zone)} {trace.factor(factor)} {year} 年限量", row, "cap", "TOTAL-3")


@year_kind("room")
def room(trace: YearTrace, zone: str, factor: str, what: str) -> Fact:
    """Return a part of what next year's cap must carry, of a zone or (``*``) of the park."""
    value = getattr(trace.rooms[(_zone(zone), factor)], what) if what in ROOM else None
    if value is None:
        raise KeyError(what)
    label = f"{_where(trace, zone)} {trace.factor(factor)} 下年{ROOM[what]}"
    parts, said, rules, cells = ROOMS[what](trace, zone, factor)
    return Fact("", label, text(value), YEARLY, said, "TOTAL-3", parts, rules, cells)


def _zone(zone: str) -> str:
    return "" if zone == PARK else zone


def _where(trace: YearTrace, zone: str) -> str:
    return "全园区" if zone == PARK else trace.park.book.zone_label(zone)


Made = tuple[tuple[str, ...], str, tuple[Any, ...], tuple[Any, ...]]


def _reserved(trace: YearTrace, zone: str, factor: str) -> Made:
    """Return 预留量 as the cap's row says; of the park, by a reading, at least what the zones hold back."""
    row = trace.year.caps.get((trace.year.year + 1, _zone(zone), factor))
    cells = (cell(row, "held_back"),) if row else ()
    if zone != PARK:
        return (), "", (), cells
    rule = trace.yearly_rule("allowable.park_reserved")
    if rule.value == "own":
        return (), "" if cells else "没有全园区的限量，预留按 0", (rule,), cells
    zones = _zones(trace, factor, "reserved")
    own = text(row.held_back or 0) if row else "0"
    return zones, f"max(全园区预留 {own}, 各功能区预留之和)", (rule,), cells


def _zones(trace: YearTrace, factor: str, what: str) -> tuple[str, ...]:
    names = (zone for zone, name in trace.rooms if name == factor and zone and getattr(trace.rooms[(zone, name)], what))
    return tuple(fact_id("room", zone, factor, what) for zone in sorted(names))


def _approved(trace: YearTrace, zone: str, factor: str) -> Made:
    if zone == PARK:
        return _zones(trace, factor, "approved"), "各功能区之和", (), ()
    return _of_projects(_taken(trace, APPROVED, zone, factor))


def _ended(trace: YearTrace, zone: str, factor: str) -> Made:
    """Return what of the approved is of projects that will not run, and not recovered yet."""
    rule = trace.yearly_rule("allowable.ended")
    if zone == PARK:
        return _zones(trace, factor, "ended"), "各功能区之和", (rule,), ()
    taken = _taken(trace, APPROVED, zone, factor)
    parts, said, *_ = _of_projects([one for one in taken if isinstance(one.of, Held) and one.of.ended])
    return parts, said, (rule,), ()


def _of_projects(taken: list[Taken]) -> Made:
    found = [(one.of.project, one) for one in taken if isinstance(one.of, Held)]
    said = added(sum(one.amount for _, one in found), ((project, one.amount) for project, one in found))
    return tuple(_approved_id(one) for _, one in found), said, (), ()


def _approved_id(one: Taken) -> str:
    """Return the id of what is approved, or where less of it is taken off the cap, of that."""
    if not isinstance(one.of, Held):
        raise TypeError(one)
    less = () if one.amount == one.of.amount else ("counted",)
    return fact_id("approved", one.of.project, one.factor, *less)


def _taken(trace: YearTrace, kind: str, zone: str, factor: str) -> list[Taken]:
    found = taken_off(trace.given, readings(trace.year.rules, trace.year.end))
    own = [one for one in found if (one.kind, one.zone, one.factor) == (kind, zone, factor) and one.amount]
    return sorted(own, key=lambda one: one.of.project if isinstance(one.of, Held) else one.of.unit)


def _of_plants(trace: YearTrace, zone: str, factor: str, kind: str, what: str, reading: str) -> Made:
    rule = trace.yearly_rule(reading)
    if zone == PARK:
        return _zones(trace, factor, what), "各功能区之和", (rule,), ()
    found = _taken(trace, kind, zone, factor)
    said = added(sum(one.amount for one in found), ((trace.name(one.of.unit), one.amount) for one in found))
    return tuple(fact_id("taken", one.of.unit, factor) for one in found), said, (rule,), ()


def _unlisted(trace: YearTrace, zone: str, factor: str) -> Made:
    return _of_plants(trace, zone, factor, UNLISTED, "unlisted", "allowable.unlisted")


def _unpermitted(trace: YearTrace, zone: str, factor: str) -> Made:
    return _of_plants(trace, zone, factor, NO_PERMIT, "unpermitted", "allowable.no_permit")


@year_kind("taken")
def taken(trace: YearTrace, unit: str, factor: str) -> Fact:
    """Return what a plant that gets no proposal takes off the cap: what it is permitted, or its verified actual."""
    one, row = trace.allowed[(unit, factor)], trace.totals[(unit, factor, TO_ENVIRONMENT, WHOLE_PLANT)]
    label = f"{trace.name(unit)} {trace.factor(factor)} 从限量中扣除"
    rule = trace.yearly_rule(f"allowable.{'no_permit' if one.permitted is None else 'unlisted'}")
    if one.permitted is not None and (rule.value == "permitted" or row.verified_actual is None):
        idle = _idle(trace, unit, factor)
        gone = next(plant.gone for plant in trace.given.plants if (plant.unit, plant.factor) == (unit, factor))
        less = [text(amount) for amount in (*(amount for _, amount in idle), gone) if amount]
        said = f"max({' − '.join((f'许可 {text(one.permitted)}', *less))}, 0)" if less else ""
        parts, note = (limit_id(row), *(name for name, _ in idle)), "；".join(one.notes) if gone else ""
        return Fact("", label, text(one.taken), YEARLY, said, "TOTAL-3", parts, (rule,), note=note)
    if row.verified_actual is None:
        return Fact("", label, text(one.taken), YEARLY, "", "TOTAL-3", (), (rule,), note="；".join(one.notes))
    parts = (total_id(row, "verified_actual"),)
    return Fact("", label, text(one.taken), YEARLY, "", "TOTAL-3", parts, (rule,))


def _idle(trace: YearTrace, unit: str, factor: str) -> list[tuple[str, int]]:
    """Return what of a plant's permitted amount is approved and does not run: ids and amounts."""
    return [
        (fact_id("approved", project, name), held.amount)
        for (project, name), held in sorted(trace.held.items())
        if held.in_permitted and (held.unit, name) == (unit, factor)
    ]


def _cap(trace: YearTrace, zone: str, factor: str) -> Made:
    return (), "", (), (cell(trace.year.caps[(trace.year.year + 1, _zone(zone), factor)], "cap"),)


def _available(trace: YearTrace, zone: str, factor: str) -> Made:
    one = trace.rooms[(_zone(zone), factor)]
    names = [name for name in ("reserved", "approved", "unlisted", "unpermitted") if getattr(one, name)]
    said = f"限量 {text(one.cap or 0)}" + "".join(f" − {ROOM[name]} {text(getattr(one, name))}" for name in names)
    return tuple(fact_id("room", zone, factor, name) for name in ("cap", *names)), said, (), ()


def _total(trace: YearTrace, zone: str, factor: str) -> Made:
    """Return the plants' allowables of next year; of the park, the zones'."""
    if zone == PARK:
        return _zones(trace, factor, "total"), "各功能区之和", (), ()
    own = [one for one in trace.allowed.values() if (one.zone, one.factor) == (zone, factor) and one.next]
    return tuple(next_id(trace, one.unit, factor) for one in own), f"{len(own)} 个排污单位之和", (), ()


def _headroom(trace: YearTrace, zone: str, factor: str) -> Made:
    one = trace.rooms[(_zone(zone), factor)]
    said = f"可分配 {text(one.available or 0)} − 允许合计 {text(one.total)}"
    return tuple(fact_id("room", zone, factor, name) for name in ("available", "total")), said, (), ()


def _short(trace: YearTrace, zone: str, factor: str) -> Made:
    one = trace.rooms[(_zone(zone), factor)]
    said = f"max(−余量 {text(one.headroom or 0)}, 0)"
    return (fact_id("room", zone, factor, "headroom"),), said, (), ()


ROOMS = {
    "cap": _cap,
    "reserved": _reserved,
    "approved": _approved,
    "unlisted": _unlisted,
    "unpermitted": _unpermitted,
    "ended": _ended,
    "available": _available,
    "total": _total,
    "headroom": _headroom,
    "short": _short,
}


@year_kind("approved")
def approved(trace: YearTrace, project: str, factor: str, what: str = "") -> Fact:
    """Return what was agreed for a project that does not run yet, less what was recovered; what of it is ``counted``."""
    if what:
        return _counted(trace, project, factor)
    one, ruling = trace.held[(project, factor)], trace.park.ledger.standing(project)
    if ruling is None:
        raise KeyError(project)
    taken = ruling.recovered.get(factor, 0)
    row = ruling.document.row(factor)
    said = f"核定新增 {text(one.amount + taken)}" + (f" − 已回收 {text(taken)}" if taken else "")
    label = f"{project} {trace.factor(factor)} 已批未投运"
    day = trace.park.quarter.end
    state = f"{trace.park.ledger.state(project, day, day)}，尚未收回" if one.ended else "未正式运行"
    note = f"文号 {one.document}；至 {day} {state}"
    return Fact("", label, text(one.amount), YEARLY, said, "TOTAL-3", cells=(cell(row, "permitted"),), note=note)


def _counted(trace: YearTrace, project: str, factor: str) -> Fact:
    """Return what of it is taken off the cap, where that is less: the rest the bureau's figure has, or it is freed."""
    held = trace.held[(project, factor)]
    one = next(one for one in taken_off(trace.given, readings(trace.year.rules, trace.year.end)) if one.of == held)
    label = f"{project} {trace.factor(factor)} 已批未投运：从限量中扣除"
    if held.ended and not one.amount:
        rules = (trace.yearly_rule("allowable.ended"),)
        return Fact("", label, "0", YEARLY, "", "TOTAL-3", (fact_id("approved", project, factor),), rules)
    row, before = trace.totals[(held.unit, factor, TO_ENVIRONMENT, WHOLE_PLANT)], _counted_before(trace, held)
    plant = trace.allowed[(held.unit, factor)]
    own = "" if plant.override is None else f" − 局核定 {text(plant.override)}"
    first = f" − 先计 {text(before)}" if before else ""
    said = f"min(已批未投运 {text(held.amount)}, max(许可 {text(plant.permitted or 0)}{own}{first}, 0))"
    bureau = (total_id(row, "verified_allowable"),) if own else ()
    parts = (fact_id("approved", project, factor), limit_id(row), *bureau)
    note = "许可之内的每吨只扣一次；其余已在局核定数之内" if own else "不超过许可"
    return Fact("", label, text(one.amount), YEARLY, said, "TOTAL-3", parts, note=note)


def _counted_before(trace: YearTrace, held: Held) -> int:
    """Return what of the plant's permitted amount other projects took off the caps before this one."""
    found = taken_off(trace.given, readings(trace.year.rules, trace.year.end))
    others = (one for one in found if isinstance(one.of, Held) and one.of.in_permitted and one.of < held)
    return sum(one.amount for one in others if (one.of.unit, one.factor) == (held.unit, held.factor))
