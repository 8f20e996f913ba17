"""The rows of totals.csv: what each plant declared, did, may and is to do, of one factor, 口径 and 范围.

Source  TOTAL-2, TOTAL-3; contract §5, totals
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from quota_lib.amounts import Mass, Ratio, times
from quota_lib.totals.plant import PlantAmount
from quota_lib.totals.plants import Actuals
from quota_lib.totals.reading import order
from quota_lib.totals.register import Register
from quota_lib.totals.year import TO_ENVIRONMENT, TO_SEWER, WHOLE_PLANT, Figure, Year


class Total(NamedTuple):
    """A row of totals.csv; None: does not apply, or nobody has said.  ``actual``: the figure that tests take.

    ``agrees`` None: nothing to compare; else whether declared and computed are within the tolerance.
    """

    unit: str
    zone: str
    factor: str
    basis: str
    scope: str
    declared_permitted: Mass | None
    declared_actual: Mass | None
    declared_allowable: Mass | None
    online: Mass | None
    supervisory: Mass | None
    self_monitoring: Mass | None
    material_balance: Mass | None
    coefficient: Mass | None
    execution_report: Mass | None
    fugitive: Mass | None
    route: str
    reason: str
    computed_actual: Mass | None
    verified_permitted: Mass | None
    verified_actual: Mass | None
    permitted: Mass | None
    allowable: Mass | None
    proposed_allowable: Mass | None
    verified_allowable: Mass | None
    next_allowable: Mass | None
    grade: str
    actual: Mass | None
    actual_from: str  # 核定, 核算, 申报; "" none
    allowable_from: str  # 核定: by the bureau in the year before; 拟定: by the method; "" none
    agrees: bool | None

    @property
    def figure(self) -> Figure:
        return self.unit, self.factor, self.basis, self.scope


VERIFIED, PROPOSED = "核定", "拟定"
ACTUAL_FROM: Mapping[str, str] = {"verified": VERIFIED, "computed": "核算", "declared": "申报"}
NOTHING = PlantAmount("", "", "", "", {}, None, "", "没有数据", None)
UnitFactor = tuple[str, str]


def totals(
    year: Year,
    made: Actuals,
    register: Register,
    proposed: Mapping[UnitFactor, Mass] | None = None,
    held: Mapping[UnitFactor, Mass] | None = None,
) -> tuple[Total, ...]:
    """Return a row per plant, factor, 口径 and 范围 of which anything is known.

    Shape   ``proposed``: next year's allowable by a method; ``held``: what the year before set for this one
            where the bureau gave no figure of its own; both plant-wide, to the environment.
    """
    known = _Known(year, made, register, proposed or {}, held or {})
    figures = {*year.declarations, *made.plants}
    before = [key for key, row in year.held.items() if row.next_allowable is not None]
    figures |= {(unit, factor, basis, WHOLE_PLANT) for unit, factor, basis in (*year.verifications, *before)}
    figures |= {(unit, factor, TO_ENVIRONMENT, WHOLE_PLANT) for unit, factor in (*known.proposed, *known.held)}
    for unit, factor in register.steps:
        for basis in (TO_ENVIRONMENT, TO_SEWER):
            if _permitted(known, unit, factor, basis) is not None:
                figures.add((unit, factor, basis, WHOLE_PLANT))
    return tuple(
        _total(known, one)
        for one in sorted(figures, key=lambda f: (f[0], year.zone(f[0]), year.order(f[1]), f[2], f[3]))
    )


class _Known(NamedTuple):
    """What a row is made from."""

    year: Year
    made: Actuals
    register: Register
    proposed: Mapping[UnitFactor, Mass]
    held: Mapping[UnitFactor, Mass]


def _permitted(known: _Known, unit: str, factor: str, basis: str) -> Mass | None:
    """Return what is permitted on 31 December: of the register; 接管量 as the permit in force says."""
    if basis == TO_ENVIRONMENT:
        return known.register.permitted(unit, factor, known.year.end)
    rows = [row for row in known.year.permits.get((unit, factor), ()) if row.since <= known.year.end]
    return rows[-1].permitted_to_sewer if rows else None


def _total(known: _Known, figure: Figure) -> Total:
    year, (unit, factor, basis, scope) = known.year, figure
    declared = year.declarations.get(figure)
    made = known.made.plants.get(figure, NOTHING)
    whole = scope == WHOLE_PLANT
    verified = year.verifications.get((unit, factor, basis)) if whole else None
    before = year.held.get((unit, factor, basis)) if whole else None
    of_plant = whole and basis == TO_ENVIRONMENT
    proposed = known.proposed.get((unit, factor)) if of_plant else None
    held = known.held.get((unit, factor)) if of_plant else None
    allowed, allowed_from = held, PROPOSED if held is not None else ""
    if before and before.next_allowable is not None:
        allowed, allowed_from = before.next_allowable, VERIFIED
    own = verified.next_allowable if verified else None
    actuals = {
        "verified": verified.actual if verified else None,
        "computed": made.computed,
        "declared": declared.actual if declared else None,
    }
    source = next((one for one in order(year.rules, "actual", year.end) if actuals[one] is not None), "")
    performance = year.performances.get(unit)
    return Total(
        unit=unit,
        zone=year.zone(unit),
        factor=factor,
        basis=basis,
        scope=scope,
        declared_permitted=declared.permitted if declared else None,
        declared_actual=declared.actual if declared else None,
        declared_allowable=declared.allowable if declared else None,
        online=made.by_route.get("online"),
        supervisory=made.by_route.get("supervisory"),
        self_monitoring=made.by_route.get("self_monitoring"),
        material_balance=made.by_route.get("material_balance"),
        coefficient=made.by_route.get("coefficient"),
        execution_report=made.by_route.get("execution_report"),
        fugitive=made.fugitive,
        route=made.route,
        reason=made.reason,
        computed_actual=made.computed,
        verified_permitted=verified.permitted if verified else None,
        verified_actual=verified.actual if verified else None,
        permitted=_permitted(known, unit, factor, basis) if whole else None,
        allowable=allowed,
        proposed_allowable=proposed,
        verified_allowable=own,
        next_allowable=proposed if own is None else own,
        grade=performance.grade if performance else "",
        actual=actuals.get(source),
        actual_from=ACTUAL_FROM.get(source, ""),
        allowable_from=allowed_from,
        agrees=agree(actuals["declared"], made.computed, year.rules.ratio("annual.declared_tolerance", year.end)),
    )


def agree(one: Mass | None, other: Mass | None, tolerance: Ratio) -> bool | None:
    """Return whether a figure differs from the one it is measured by at most by the tolerance's share of this one."""
    return None if one is None or other is None else abs(one - other) <= times(other, tolerance)
