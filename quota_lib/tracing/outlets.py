"""Figures of outlets: what counts of each, what every route says of it, down to samples, inputs and hours.

Source  TOTAL-2
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from quota_lib.allowable.saying import number
from quota_lib.amounts import text
from quota_lib.facts import OutletYear, Sample
from quota_lib.totals.computed import Computed
from quota_lib.totals.estimates import Estimate
from quota_lib.totals.fitting import WATER
from quota_lib.totals.manual import KINDS
from quota_lib.totals.outlets import OutletAmount
from quota_lib.totals.parts import Part, segments, total
from quota_lib.totals.plant import amount
from quota_lib.totals.reading import COEFFICIENT, ONLINE, ROUTES, SELF, SUPERVISORY
from quota_lib.totals.route_rows import converted
from quota_lib.totals.sewer import level
from quota_lib.totals.year import TO_ENVIRONMENT, TO_SEWER
from quota_lib.tracing.fact import Cell, Fact, fact_id
from quota_lib.tracing.projects import coefficient_rule
from quota_lib.tracing.trace import cell, shown
from quota_lib.tracing.year import YEARLY, YearTrace, added, year_kind

MANUAL = (SUPERVISORY, SELF)
UNITS = {True: ("mg/L", "1e-6"), False: ("mg/m³", "1e-9")}


def outlet_id(one: OutletAmount, basis: str) -> str:
    """Return the id of what counts of an outlet: of the one route that counts all year, else of their sum."""
    (unit, name, factor), routes = one.key, list(one.used)
    if len(routes) == 1 and one.whole_year:
        return route_id(one, routes[0], basis)
    return fact_id("outlet", unit, name, factor, *_other(one, basis))


def route_id(one: OutletAmount, route: str, basis: str) -> str:
    """Return the id of what a route says of an outlet."""
    unit, name, factor = one.key
    return fact_id("route", unit, name, factor, route, *_other(one, basis))


def _other(one: OutletAmount, basis: str) -> tuple[str, ...]:
    return (basis,) if basis == TO_SEWER and one.sewered else ()


def _label(trace: YearTrace, unit: str, outlet: str, factor: str, what: str, basis: str = TO_ENVIRONMENT) -> str:
    where = outlet or "未列排放口"
    return f"{trace.name(unit)} {where} {trace.factor(factor)} {what}" + ("（接管量）" if basis == TO_SEWER else "")


def _known(trace: YearTrace, one: OutletAmount, parts: tuple[Part, ...], basis: str) -> int:
    """Return an amount of an outlet, mg; KeyError where there is none."""
    found = amount(trace.year, one, parts, basis) if parts else "none"
    if isinstance(found, str):
        raise KeyError(found)
    return found


@year_kind("outlet")
def outlet(trace: YearTrace, unit: str, name: str, factor: str, basis: str = TO_ENVIRONMENT) -> Fact:
    """Return what counts of an outlet for which not one route counts all year."""
    one = trace.account.actuals.outlets[(unit, name, factor)]
    value, found = _known(trace, one, one.chosen, basis), []
    for route, numbers in one.used.items():
        own = tuple(part for part in one.chosen if part.route == route)
        when = "、".join(map(str, numbers))
        found.append((f"{ROUTES[route]}（第 {when} 季度）", _known(trace, one, own, basis), route))
    said = added(value, ((words, known) for words, known, _ in found)) + "；各季度加总后修约一次"
    parts = tuple(fact_id("share", unit, name, factor, route, *_other(one, basis)) for *_, route in found)
    rules = tuple(trace.yearly_rule(f"annual.{key}") for key in ("order", "required_online"))
    label = _label(trace, unit, name, factor, "采用", basis)
    return Fact("", label, text(value), YEARLY, said, "TOTAL-2", parts, rules, note=one.reason)


@year_kind("share")
def share(trace: YearTrace, unit: str, name: str, factor: str, route: str, basis: str = TO_ENVIRONMENT) -> Fact:
    """Return what a route counts for in the quarters in which it does."""
    one = trace.account.actuals.outlets[(unit, name, factor)]
    own = tuple(part for part in one.chosen if part.route == route)
    value, numbers = _known(trace, one, own, basis), one.used[route]
    when = "、".join(map(str, numbers))
    label = _label(trace, unit, name, factor, f"{ROUTES[route]}第 {when} 季度", basis)
    if basis == TO_ENVIRONMENT and one.sewered:
        parts: tuple[str, ...] = (fact_id("share", unit, name, factor, route, TO_SEWER),)
        said, cells, note = _behind_the_sewage_plant(trace, one, own, route)
        return Fact("", label, text(value), YEARLY, said, "TOTAL-2", parts, note=note, cells=cells)
    if route == ONLINE:
        parts, said = _online_parts(trace, one, numbers)
        return Fact("", label, text(value), YEARLY, said, "TOTAL-2", parts)
    whole = total(one.estimates[route].parts)
    said = f"全年 {text(whole)} 中第 {when} 季度所占（按运行小时，没有在线数据的按天数）"
    return Fact("", label, text(value), YEARLY, said, "TOTAL-2", (route_id(one, route, basis),))


@year_kind("route")
def route_(trace: YearTrace, unit: str, name: str, factor: str, route: str, basis: str = TO_ENVIRONMENT) -> Fact:
    """Return what a route says of an outlet's year; of no outlet: of what no outlet's row covers."""
    results = trace.account.actuals.results
    label = _label(trace, unit, name, factor, ROUTES[route], basis)
    if not name:
        return _worked(trace, label, results[(unit, "", factor)][route], "organised")
    one = trace.account.actuals.outlets[(unit, name, factor)]
    estimate = one.estimates[route]
    value = _known(trace, one, estimate.parts, basis)
    if basis == TO_ENVIRONMENT and one.sewered:
        parts: tuple[str, ...] = (route_id(one, route, TO_SEWER),)
        said, cells, note = _behind_the_sewage_plant(trace, one, estimate.parts, route)
        return Fact("", label, text(value), YEARLY, said, "TOTAL-2", parts, note=note, cells=cells)
    if route == ONLINE:
        quarters = tuple((part.first.month + 2) // 3 for part in estimate.parts)
        parts, said = _online_parts(trace, one, quarters)
        return Fact("", label, text(value), YEARLY, said, "TOTAL-2", parts, note=estimate.note)
    if route in MANUAL:
        return _sampled(trace, label, one, estimate)
    bare = route == COEFFICIENT and estimate.note.endswith("视为没有治理")
    return _worked(trace, label, results[one.key][route], "organised_uncontrolled" if bare else "organised")


# behind a sewage plant


def _behind_the_sewage_plant(
    trace: YearTrace, one: OutletAmount, parts: tuple[Part, ...], route: str
) -> tuple[str, tuple[Cell, ...], str]:
    """Return how a load to the sewer becomes one to the environment, the cells, and where the water is from."""
    rows = trace.year.sewage.get((one.outlet.sewage_plant, one.factor), ())
    said, used = [], {}
    for part in parts:
        for first, last in segments(part.first, part.last, (row.since for row in rows)):
            piece, held = part.within(first, last), level(rows, first)
            if not piece.load or held is None or piece.volume is None:
                continue
            used[held.since] = held
            said.append(
                f"{_days(first, last, trace.year.year)}min(接管 {_tonnes(piece.load)}, {number(piece.volume)} m³ × "
                f"{held.concentration} mg/L × 1e-6)"
            )
    known = trace.year.outlet_years.get((one.outlet.unit, one.outlet.outlet))
    cells = [cell(row, "concentration") for _, row in sorted(used.items())]
    about = "；".join(converted(trace.year, one, route))
    if known and known.water_volume is not None and one.estimates[route].stated:
        cells.append(cell(known, "water_volume"))
    return " + ".join(said) or "没有接管的量", tuple(cells), about


def _days(first: date, last: date, year: int) -> str:
    return "" if (first, last) == (date(year, 1, 1), date(year, 12, 31)) else f"{first} 至 {last} "


def _tonnes(load: Fraction) -> str:
    return number(load / 10**9)


# samples


def _sampled(trace: YearTrace, label: str, one: OutletAmount, estimate: Estimate) -> Fact:
    """Return what samples come to: flow-weighted mean × the year's hours (or its water)."""
    (part,), found = estimate.parts, one.sampled[estimate.route]
    unit, name, _ = one.key
    water = one.outlet.medium == WATER
    per, scale = UNITS[water]
    known = trace.year.outlet_years[(unit, name)]
    samples = [row for row in trace.year.samples if (row.unit, row.outlet, row.factor) == one.key]
    own = [row for row in samples if KINDS[row.kind] == estimate.route]
    mean = number(found.concentration or Fraction(0))
    by_hours = known.hours is not None and part.load == _by_hours(found.concentration, found.flow, known, water)
    volume = f"平均流量 {number(found.flow)} m³/h × {known.hours} h" if by_hours else f"{known.water_volume} m³"
    said = f"C = ΣC·Q ÷ ΣQ = {mean} {per}（{estimate.note}）；E = C × {volume} × {scale}，修约到毫克"
    cells = (
        *(one_ for row in own for one_ in _sample_cells(row)),
        cell(known, "hours" if by_hours else "water_volume"),
    )
    keys = [*(["detection_share"] if found.undetected else []), *(["manual_volume"] if water else [])]
    rules = tuple(trace.yearly_rule(f"annual.{key}") for key in keys)
    return Fact("", label, text(total(estimate.parts)), YEARLY, said, "TOTAL-2", (), rules, cells)


def _by_hours(level_: Fraction | None, flow: Fraction, known: OutletYear, water: bool) -> Fraction:
    return (level_ or Fraction(0)) * flow * Fraction(known.hours or 0) * (1000 if water else 1)


def _sample_cells(row: Sample) -> Iterator[Cell]:
    yield cell(row, "concentration" if row.concentration is not None else "detection_limit")
    yield cell(row, "flow")


# coefficients and material balances


@year_kind("worked")
def worked(trace: YearTrace, unit: str, name: str, factor: str, method: str, what: str) -> Fact:
    """Return a result of a computation: emitted, its fugitive or organised part, or as if nothing were treated."""
    one = trace.account.actuals.results[(unit, name, factor)][method]
    words = {"emitted": "排放量", "fugitive": "无组织"}
    return _worked(trace, _label(trace, unit, name, factor, f"{one.computation.label}{words[what]}"), one, what)


def _worked(trace: YearTrace, label: str, one: Computed, what: str) -> Fact:
    """Return a result with its steps, inputs and coefficients."""
    value = getattr(one, what)
    if value is None:
        raise KeyError(what)
    made = one.computation
    steps = "；".join(f"{step.label} {step.numbers} {step.unit}".strip() for step in made.steps if not step.aside)
    wanted = {"organised": "减去无组织", "fugitive": "其中无组织", "emitted": ""}
    asked = wanted.get(what, "视为没有治理，减去无组织") if one.fugitive else ""
    asked = asked or ("视为没有治理" if what == "organised_uncontrolled" else "")
    said = f"{steps}；修约到毫克" + (f"，{asked}" if asked else "")
    cells = tuple(
        Cell(one.rows[given.row].at.reference(given.name), given.heading, shown(given.value))
        for given in made.inputs
        if not given.left_out
    )
    rules = tuple(coefficient_rule(used.coefficient, used.replaced) for used in made.coefficients)
    return Fact("", label, text(value), YEARLY, said, "TOTAL-2", (), rules, cells, "；".join(made.notes))


# online


def _online_parts(trace: YearTrace, one: OutletAmount, quarters: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
    """Return the quarters that online data count for, and what manual samples changed in their hours, as ids."""
    unit, name, factor = one.key
    loads = {(part.first.month + 2) // 3: part.load for part in one.estimates[ONLINE].parts}
    parts, said = [], []
    for number_ in quarters:
        quarter = f"{trace.year.year}Q{number_}"
        computed = trace.online[(unit, name, factor, quarter)].computed or 0
        parts.append(fact_id("online", unit, name, factor, quarter, "computed"))
        said.append((quarter, computed))
        changed = loads[number_] - computed
        if changed:
            parts.append(fact_id("sampled_hours", unit, name, factor, quarter))
            said.append((f"{quarter} 采样小时", round(changed)))
    return tuple(parts), added(sum(known for _, known in said), said)
