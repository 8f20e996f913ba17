"""One plant and factor: its outlets and the rest together, by every route and by what counts.

全厂 holds every outlet, what no outlet's row covers, and the fugitive part; 主要排放口 the main outlets
alone, without it.  接管量 holds what sewered outlets send to their sewage plants, 外排环境量 what reaches
the environment: each is a figure of its own, and nothing adds the one to the other.

Source  TOTAL-2, SCOPE-2; RESERVE-4 (scope)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from quota_lib.amounts import Mass
from quota_lib.totals.computed import Computed, Results
from quota_lib.totals.fitting import WATER
from quota_lib.totals.outlets import OutletAmount
from quota_lib.totals.parts import Part, rounded, total
from quota_lib.totals.reading import BALANCE, COEFFICIENT, REPORT, ROUTES, order, word
from quota_lib.totals.sewer import to_environment
from quota_lib.totals.year import MAIN_OUTLETS, TO_ENVIRONMENT, TO_SEWER, WHOLE_PLANT, Figure, Year

INCOMPLETE = "不完整："  # before what an amount lacks


class PlantAmount(NamedTuple):
    """One plant, factor, 口径 and 范围.  ``computed`` None: nothing to go by, or a part of it is missing."""

    unit: str
    factor: str
    basis: str
    scope: str
    by_route: Mapping[str, Mass]
    fugitive: Mass | None
    route: str  # the routes that count, joined by +
    reason: str
    computed: Mass | None

    @property
    def figure(self) -> Figure:
        return self.unit, self.factor, self.basis, self.scope


class Plant(NamedTuple):
    """One plant and factor: its outlets, and what is computed of no outlet."""

    year: Year
    unit: str
    factor: str
    outlets: tuple[OutletAmount, ...]
    rest: Mapping[str, Computed]
    results: Results

    @property
    def water(self) -> bool:
        return self.year.rules.factors.by_id[self.factor].medium == WATER

    @property
    def sewered(self) -> bool:
        """Return whether what no outlet's row covers goes to a sewage plant."""
        known = self.year.units.get(self.unit)
        return self.water and (any(one.sewered for one in self.outlets) or bool(known and known.sewage_plant))

    def of(self, basis: str, scope: str) -> list[OutletAmount]:
        """Return the outlets that a figure holds."""
        main = [one for one in self.outlets if scope == WHOLE_PLANT or one.outlet.main == "是"]
        return [one for one in main if basis == TO_ENVIRONMENT or one.sewered]

    @property
    def rest_route(self) -> str:
        """Return the method that counts for what no outlet's row covers, "" for none."""
        usable = [route for route, one in self.rest.items() if one.emitted is not None]
        return next((one for one in order(self.year.rules, "order", self.year.end) if one in usable), "")

    def report(self, basis: str, scope: str) -> Mass | None:
        found = self.year.disclosures.get((self.unit, self.factor, ROUTES[REPORT], basis, scope))
        return found.amount if found else None


def figures_of(plant: Plant) -> Iterator[tuple[str, str]]:
    """Return the 口径 and 范围 of which there is anything to say."""
    for basis in (TO_ENVIRONMENT, TO_SEWER):
        rest = bool(plant.rest) and (basis == TO_ENVIRONMENT or plant.sewered)
        for scope in (WHOLE_PLANT, MAIN_OUTLETS):
            beside = rest and scope == WHOLE_PLANT
            if plant.of(basis, scope) or beside or plant.report(basis, scope) is not None:
                yield basis, scope


# amounts


def amount(year: Year, one: OutletAmount, parts: Iterable[Part], basis: str) -> Mass | str:
    """Return parts of an outlet's year as 接管量 or 外排环境量, mg; or why that cannot be said."""
    parts = tuple(parts)
    if basis == TO_SEWER or not one.sewered:
        return total(parts)
    found = to_environment(parts, year.sewage.get((one.outlet.sewage_plant, one.factor), ()))
    return found if isinstance(found, str) else rounded(found)


def fugitive(plant: Plant, basis: str, scope: str) -> tuple[Mass | None, str]:
    """Return the fugitive part of a plant-wide figure and where it is from; None where nothing tells.

    What is computed with coefficients, but of an outlet whose material balance counts, which holds it
    already; without, what is declared.
    """
    if basis != TO_ENVIRONMENT or scope != WHOLE_PLANT or plant.water:
        return None, ""
    found = [plant.rest[COEFFICIENT].fugitive] if plant.rest_route == COEFFICIENT else []
    balanced = any(BALANCE in one.used for one in plant.outlets) or plant.rest_route == BALANCE
    for one in plant.outlets:
        made = plant.results.get(one.key, {}).get(COEFFICIENT)
        if made and BALANCE not in one.used:
            found.append(made.fugitive)
    known = [one for one in found if one is not None]
    if sum(known):
        return Mass(sum(known)), "无组织按产排污系数"
    declared = plant.year.declarations.get((plant.unit, plant.factor, basis, scope))
    adds = word(plant.year.rules, "declared_fugitive", plant.year.end) == "add"
    if declared and declared.fugitive and adds and not balanced and _monitored(plant):
        return declared.fugitive, "无组织按申报"
    return (Mass(0), "") if known else (None, "")


def _monitored(plant: Plant) -> bool:
    """Return whether anything counts that leaves through an outlet: the declared fugitive part stands beside it."""
    return any(one.used for one in plant.outlets)


def _by_route(plant: Plant, basis: str, scope: str) -> dict[str, Mass]:
    """Return every route's sum; what cannot be converted is left out, and said in the route's row."""
    sums: dict[str, int] = defaultdict(int)
    for one in plant.of(basis, scope):
        for route, estimate in one.estimates.items():
            found = amount(plant.year, one, estimate.parts, basis) if estimate.parts else ""
            if not isinstance(found, str):
                sums[route] += found
    if scope == WHOLE_PLANT and not (basis == TO_ENVIRONMENT and plant.sewered):
        for route, made in plant.rest.items():
            if made.emitted is not None:
                sums[route] += made.emitted
    if scope == WHOLE_PLANT and basis == TO_ENVIRONMENT and not plant.water:
        for one in plant.outlets:
            outlet = plant.results.get(one.key, {}).get(COEFFICIENT)
            if outlet and outlet.fugitive is not None:
                sums[COEFFICIENT] += outlet.fugitive
    reported = plant.report(basis, scope)
    if reported is not None:
        sums[REPORT] = reported
    return {route: Mass(sums[route]) for route in ROUTES if route in sums}


class _Sum(NamedTuple):
    """What counts of outlets and the rest.  ``lacking``: what is missing from it."""

    amount: int
    routes: frozenset[str]
    lacking: tuple[str, ...]
    reasons: tuple[str, ...]


def _counted(plant: Plant, basis: str, scope: str) -> _Sum:
    whole, routes, lacking, reasons = 0, set(), [], []
    for one in plant.of(basis, scope):
        name = one.outlet.outlet
        found = amount(plant.year, one, one.chosen, basis) if one.chosen else ""
        if isinstance(found, str):
            lacking.append(f"{name} {found or one.reason}")
            continue
        if not one.whole_year:
            lacking.append(f"{name} {one.reason}")
        whole += found
        routes |= set(one.used)
        reasons.append(f"{name} {one.reason}")
    route = plant.rest_route if scope == WHOLE_PLANT else ""
    if route and not (basis == TO_SEWER and not plant.sewered):
        made = plant.rest[route]
        if basis == TO_ENVIRONMENT and plant.sewered:
            lacking.append("未列排放口的部分没有水量，不能换算为外排环境量")
        else:
            whole += made.organised or 0
            routes.add(route)
            reasons.append(f"未列排放口的部分按{ROUTES[route]}")
    return _Sum(whole, frozenset(routes), tuple(lacking), tuple(reasons))


def plant_amount(plant: Plant, basis: str, scope: str) -> PlantAmount:
    """Return what counts for a plant of one 口径 and 范围, and why; the execution report where its turn comes.

    A figure that lacks a part is none: what is there stands in the routes' columns.
    """
    counted = _counted(plant, basis, scope)
    part, source = fugitive(plant, basis, scope)
    reported = plant.report(basis, scope)
    ranks = order(plant.year.rules, "order", plant.year.end)
    complete = bool(counted.routes) and not counted.lacking
    before = [ranks.index(one) for one in counted.routes if one in ranks]
    if reported is not None and REPORT in ranks and (not complete or ranks.index(REPORT) < min(before)):
        why = "；".join(counted.lacking) or ("其他方法没有数据" if not counted.routes else "按规定的优先顺序")
        route, reason, found = REPORT, f"按执行报告：{why}", Mass(reported)
    elif complete:
        said = (*counted.reasons, *([source] if part and source else []))
        route = "+".join(one for one in ROUTES if one in counted.routes)
        reason, found = "；".join(said), Mass(counted.amount + (part or 0))
    else:
        route, reason, found = "", INCOMPLETE + "；".join(counted.lacking) if counted.lacking else "没有数据", None
    return PlantAmount(
        plant.unit, plant.factor, basis, scope, _by_route(plant, basis, scope), part, route, reason, found
    )
