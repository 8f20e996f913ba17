"""Figures of next year's allowable: each plant's proposal step by step, and what each cap must carry.

Source  TOTAL-3
"""

from __future__ import annotations

from typing import Any

from quota_lib.allowable import ALLOWABLE_METHODS, PlantFactor
from quota_lib.allowable.room import held_by_unlisted
from quota_lib.amounts import text
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT
from quota_lib.tracing.fact import Fact, fact_id
from quota_lib.tracing.plants import limit_id, total_id
from quota_lib.tracing.trace import cell
from quota_lib.tracing.year import PARK, YEARLY, YearTrace, added, in_cell, year_kind

ROOM = {
    "cap": "限量",
    "reserved": "预留",
    "approved": "已批未投运",
    "unlisted": "名单外",
    "available": "可分配",
    "total": "允许合计",
    "headroom": "余量",
    "short": "缺口",
}


@year_kind("allowable")
def allowable(trace: YearTrace, unit: str, factor: str, what: str) -> Fact:
    """Return what the method proposes for a plant: every step with its numbers."""
    one = trace.allowed[(unit, factor)]
    if what != "proposed" or one.proposed is None:
        raise KeyError(what)
    method, end = trace.made.allowables, trace.year.end
    row = trace.totals[(unit, factor, TO_ENVIRONMENT, WHOLE_PLANT)]
    said = "；".join(f"{step.label}：{step.formula} = {step.value} {step.unit}" for step in one.steps)
    parts = [limit_id(row), *([total_id(row, "verified_actual")] if row.verified_actual is not None else [])]
    parts += [fact_id("room", one.zone, factor, "available")] if trace.rooms[(one.zone, factor)].cap is not None else []
    parts += [
        fact_id("approved", project, name)
        for (project, name), held in sorted(trace.held.items())
        if held.in_permitted and (held.unit, name) == (unit, factor)
    ]
    names = ("method", *ALLOWABLE_METHODS[method.method].card.parameters)
    rules = tuple(trace.rule(f"allowable.{name}", end) for name in names)
    label = f"{trace.name(unit)} {trace.factor(factor)} 下年拟定允许"
    cells = tuple(cell(known, name) for known, name in _stands_on(trace, row))
    note = "；".join((f"方法：{method.label}", *one.notes))
    return Fact("", label, text(one.proposed), YEARLY, said, "TOTAL-3", tuple(parts), rules, cells, note)


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
        return (), "", (rule,), cells
    zones = _zones(trace, factor, "reserved")
    own = text(row.held_back or 0) if row else "0"
    return zones, f"max(全园区预留 {own}, 各功能区预留之和)", (rule,), cells


def _zones(trace: YearTrace, factor: str, what: str) -> tuple[str, ...]:
    names = (zone for zone, name in trace.rooms if name == factor and zone and getattr(trace.rooms[(zone, name)], what))
    return tuple(fact_id("room", zone, factor, what) for zone in sorted(names))


def _approved(trace: YearTrace, zone: str, factor: str) -> Made:
    if zone == PARK:
        return _zones(trace, factor, "approved"), "各功能区之和", (), ()
    own = [key for key, one in sorted(trace.held.items()) if (one.zone, one.factor) == (zone, factor)]
    total = sum(trace.held[key].amount for key in own)
    said = added(total, ((project, trace.held[(project, factor)].amount) for project, _ in own))
    return tuple(fact_id("approved", *key) for key in own), said, (), ()


def _unlisted(trace: YearTrace, zone: str, factor: str) -> Made:
    rule = trace.yearly_rule("allowable.unlisted")
    if zone == PARK:
        return _zones(trace, factor, "unlisted"), "各功能区之和", (rule,), ()
    found = [
        (one, held_by_unlisted(one, rule.value))
        for one in trace.given.plants
        if (one.zone, one.factor) == (zone, factor) and held_by_unlisted(one, rule.value)
    ]
    said = added(sum(known for _, known in found), ((trace.name(one.unit), known) for one, known in found))
    return tuple(_taken_off(trace, one, rule.value) for one, _ in found), said, (rule,), ()


def _taken_off(trace: YearTrace, one: PlantFactor, by: str) -> str:
    """Return the id of what an unlisted plant takes off the cap."""
    row = trace.totals[(one.unit, one.factor, TO_ENVIRONMENT, WHOLE_PLANT)]
    return total_id(row, "verified_actual") if by == "actual" and one.actual is not None else limit_id(row)


def _cap(trace: YearTrace, zone: str, factor: str) -> Made:
    return (), "", (), (cell(trace.year.caps[(trace.year.year + 1, _zone(zone), factor)], "cap"),)


def _available(trace: YearTrace, zone: str, factor: str) -> Made:
    one = trace.rooms[(_zone(zone), factor)]
    names = [name for name in ("reserved", "approved", "unlisted") if getattr(one, name)]
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
    "available": _available,
    "total": _total,
    "headroom": _headroom,
    "short": _short,
}


@year_kind("approved")
def approved(trace: YearTrace, project: str, factor: str) -> Fact:
    """Return what was agreed for a project that does not run yet, less what was recovered."""
    one, ruling = trace.held[(project, factor)], trace.park.ledger.standing(project)
    if ruling is None:
        raise KeyError(project)
    taken = ruling.recovered.get(factor, 0)
    row = ruling.document.row(factor)
    said = f"核定新增 {text(one.amount + taken)}" + (f" − 已回收 {text(taken)}" if taken else "")
    label = f"{project} {trace.factor(factor)} 已批未投运"
    note = f"文号 {one.document}；至 {trace.park.quarter.end} 未正式运行"
    return Fact("", label, text(one.amount), YEARLY, said, "TOTAL-3", cells=(cell(row, "permitted"),), note=note)
