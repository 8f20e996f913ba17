"""Figures of plants: what was declared, verified and published, and what the computed amount is made of.

Source  TOTAL-2, TOTAL-3
"""

from __future__ import annotations

from quota_lib.amounts import text
from quota_lib.totals.plant import Plant, amount
from quota_lib.totals.reading import COEFFICIENT, REPORT, ROUTES, labels
from quota_lib.totals.totals import PROPOSED, Total
from quota_lib.totals.year import TO_ENVIRONMENT, TO_SEWER, WHOLE_PLANT
from quota_lib.tracing.fact import Fact, fact_id
from quota_lib.tracing.outlets import outlet_id
from quota_lib.tracing.year import YEARLY, YearTrace, added, in_cell, usual, year_kind

DECLARED = {
    "declared_permitted": ("permitted", "申报许可"),
    "declared_actual": ("actual", "申报实际"),
    "declared_allowable": ("allowable", "申报允许"),
}
VERIFIED = {
    "verified_permitted": ("permitted", "核定许可"),
    "verified_actual": ("actual", "核定实际"),
    "verified_allowable": ("next_allowable", "下年核定允许"),
}
ACTUAL = {"核定": "verified_actual", "核算": "computed_actual", "申报": "declared_actual"}


def total_id(row: Total, what: str) -> str:
    """Return the id of a figure of a plant's row; what the register permits is a figure of its own there."""
    if what == "permitted" and row.basis == TO_ENVIRONMENT:
        return fact_id("permit", row.unit, row.factor, "permitted")
    if what == "allowable" and row.allowable_from == PROPOSED:
        return fact_id("allowable", row.unit, row.factor, "held")
    if what == "next_allowable":
        if row.verified_allowable is None:
            return fact_id("allowable", row.unit, row.factor, "proposed")
        what = "verified_allowable"
    return fact_id("total", row.unit, row.factor, what, *usual(row.basis, row.scope))


def actual_id(row: Total) -> str:
    """Return the id of the figure that tests and sums take as actual."""
    return total_id(row, ACTUAL[row.actual_from])


def limit_id(row: Total) -> str:
    """Return the id of what is permitted: of the register, else as verified or declared."""
    names = ("permitted", "verified_permitted", "declared_permitted")
    return total_id(row, next(name for name in names if getattr(row, name) is not None))


@year_kind("total")
def total(
    trace: YearTrace, unit: str, factor: str, what: str, basis: str = TO_ENVIRONMENT, scope: str = WHOLE_PLANT
) -> Fact:
    """Return a figure of a plant's year, of one 口径 and 范围."""
    other = "，".join(usual(basis, scope))
    name = f"{trace.name(unit)} {trace.factor(factor)}" + (f"（{other}）" if other else "")
    figure, year = (unit, factor, basis, scope), trace.year
    if what in DECLARED:
        field, word = DECLARED[what]
        return in_cell(f"{name} {word}", year.declarations[figure], field, "TOTAL-2")
    if what in VERIFIED:
        field, word = VERIFIED[what]
        return in_cell(f"{name} {word}", year.verifications[(unit, factor, basis)], field, "TOTAL-3")
    if what == "allowable":
        said = f"{year.year - 1} 年度复核定下"
        return in_cell(f"{name} 本年允许", year.held[(unit, factor, basis)], "next_allowable", "TOTAL-3", said)
    if what == "permitted" and basis == TO_SEWER:
        rows = [row for row in year.permits[(unit, factor)] if row.since <= year.end]
        return in_cell(f"{name} 许可接管量", rows[-1], "permitted_to_sewer", "TOTAL-2")
    if what != "computed_actual":
        raise ValueError(what)
    return _computed(trace, f"{name} 核算实际", trace.totals[figure])


def _computed(trace: YearTrace, label: str, row: Total) -> Fact:
    """Return what counts for a plant: its outlets, what no outlet's row covers, and the fugitive part."""
    if row.computed_actual is None:
        raise KeyError(label)
    rules, value = (trace.yearly_rule("annual.order"),), text(row.computed_actual)
    keys = usual(row.basis, row.scope)
    if row.route == REPORT:
        parts: tuple[str, ...] = (fact_id("published", row.unit, row.factor, ROUTES[REPORT], *keys),)
        return Fact("", label, value, YEARLY, "按执行报告", "TOTAL-2", parts, rules)
    plant = trace.plants[(row.unit, row.factor)]
    found: list[tuple[str, int, str]] = []
    for one in plant.of(row.basis, row.scope):
        known = amount(trace.year, one, one.chosen, row.basis)
        if one.chosen and not isinstance(known, str):
            found.append((one.outlet.outlet, known, outlet_id(one, row.basis)))
    rest = plant.rest_route if row.scope == WHOLE_PLANT else ""
    if rest and not (row.basis == TO_SEWER and not plant.sewered):
        name = fact_id("route", row.unit, "", row.factor, rest)
        found.append(("未列排放口", plant.rest[rest].organised or 0, name))
    if row.fugitive:
        found.append(("无组织", row.fugitive, fact_id("fugitive", row.unit, row.factor)))
    said = added(row.computed_actual, ((name, known) for name, known, _ in found)) if len(found) > 1 else ""
    return Fact("", label, value, YEARLY, said, "TOTAL-2", tuple(name for _, _, name in found), rules)


@year_kind("fugitive")
def fugitive(trace: YearTrace, unit: str, factor: str) -> Fact:
    """Return the fugitive part of a plant: of what is computed with coefficients, else as declared."""
    plant = trace.plants[(unit, factor)]
    row = trace.totals[(unit, factor, TO_ENVIRONMENT, WHOLE_PLANT)]
    label = f"{trace.name(unit)} {trace.factor(factor)} 无组织"
    found = _with_coefficients(plant)
    if not sum(known for _, known in found):
        return in_cell(label, trace.year.declarations[row.figure], "fugitive", "SCOPE-2")._replace(
            rules=(trace.yearly_rule("annual.declared_fugitive"),)
        )
    said = added(row.fugitive or 0, ((outlet or "未列排放口", known) for outlet, known in found))
    parts = tuple(fact_id("worked", unit, outlet, factor, COEFFICIENT, "fugitive") for outlet, _ in found)
    return Fact("", label, text(row.fugitive or 0), YEARLY, said, "SCOPE-2", parts)


def _with_coefficients(plant: Plant) -> list[tuple[str, int]]:
    """Return the fugitive part of every computation with coefficients that counts, by outlet."""
    found = [("", plant.rest[COEFFICIENT].fugitive)] if plant.rest_route == COEFFICIENT else []
    for one in plant.outlets:
        made = plant.results.get(one.key, {}).get(COEFFICIENT)
        if made and "material_balance" not in one.used:
            found.append((one.outlet.outlet, made.fugitive))
    return [(outlet, known) for outlet, known in found if known]


@year_kind("published")
def published(
    trace: YearTrace, unit: str, factor: str, source: str, basis: str = TO_ENVIRONMENT, scope: str = WHOLE_PLANT
) -> Fact:
    """Return a figure that was published elsewhere."""
    row = trace.year.disclosures[(unit, factor, source, basis, scope)]
    return in_cell(f"{trace.name(unit)} {trace.factor(factor)} {source}", row, "amount", "TOTAL-3")


@year_kind("difference")
def difference(
    trace: YearTrace, unit: str, factor: str, source: str, basis: str = TO_ENVIRONMENT, scope: str = WHOLE_PLANT
) -> Fact:
    """Return by how much a published figure differs from the verified one."""
    one, keys = trace.compared[(unit, factor, source, basis, scope)], usual(basis, scope)
    if one.difference is None or one.verified is None:
        raise KeyError(source)
    said = f"{source} {text(one.published)} − 核定 {text(one.verified)}"
    parts = (
        fact_id("published", unit, factor, source, *keys),
        fact_id("total", unit, factor, "verified_actual", *keys),
    )
    rules = (trace.yearly_rule("annual.consistency_tolerance"),)
    label = f"{trace.name(unit)} {trace.factor(factor)} {source}与核定之差"
    return Fact("", label, text(one.difference), YEARLY, said, "TOTAL-3", parts, rules)


@year_kind("quality")
def quality(trace: YearTrace, factor: str, route: str, what: str) -> Fact:
    """Return what stands on one route of a factor's computed amounts, or its share of them in per cent."""
    whole = [
        row
        for row in trace.account.totals
        if (row.factor, row.basis, row.scope) == (factor, TO_ENVIRONMENT, WHOLE_PLANT)
        and row.computed_actual is not None
        and row.route
    ]
    own = [row for row in whole if row.route == route]
    amount_, all_ = (sum(row.computed_actual or 0 for row in rows) for rows in (own, whole))
    label = f"{trace.factor(factor)} {labels(tuple(route.split('+')))}"
    if what == "amount":
        parts = tuple(total_id(row, "computed_actual") for row in own)
        return Fact("", label, text(amount_), YEARLY, f"{len(own)} 个排污单位之和", "TOTAL-2", parts)
    if what != "share" or not own:
        raise ValueError(what)
    said = f"{text(amount_)} ÷ {text(all_)}，取整数百分点（舍去小数）"
    parts = tuple(fact_id("quality", factor, one, "amount") for one in sorted({row.route for row in whole}))
    return Fact("", f"{label} 占比", str(amount_ * 100 // all_), "%", said, "TOTAL-2", parts)
