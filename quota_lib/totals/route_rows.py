"""The rows of routes.csv: every route of every outlet, and of a plant what no outlet's row covers.

Source  TOTAL-2; contract §5, routes
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quota_lib.amounts import Mass, text
from quota_lib.totals.outlets import OutletAmount
from quota_lib.totals.plant import Plant, PlantAmount, amount, fugitive
from quota_lib.totals.reading import REPORT, ROUTES, labels
from quota_lib.totals.water import said_of_split
from quota_lib.totals.year import MAIN_OUTLETS, TO_ENVIRONMENT, TO_SEWER, WHOLE_PLANT, Figure, Year

FUGITIVE = "fugitive"  # beside the routes: no monitor sees it
NO_OUTLET = ""


class RouteRow(NamedTuple):
    """A row of routes.csv.  ``outlet`` "": of no outlet.  ``amount`` None: data are there and do not suffice."""

    unit: str
    outlet: str
    factor: str
    basis: str
    scope: str
    route: str
    amount: Mass | None
    chosen: bool
    reason: str


def route_rows(plant: Plant, plants: Mapping[Figure, PlantAmount]) -> Iterator[RouteRow]:
    """Return the rows of one plant and factor, those of its outlets first."""
    for one in plant.outlets:
        for basis in (TO_ENVIRONMENT, *([TO_SEWER] if one.sewered else [])):
            yield from _outlet_rows(plant, one, basis)
    for basis in (TO_ENVIRONMENT, TO_SEWER):
        whole = plants.get((plant.unit, plant.factor, basis, WHOLE_PLANT))
        yield from _rest_rows(plant, basis, whole)
        for scope in (WHOLE_PLANT, MAIN_OUTLETS):
            reported, made = plant.report(basis, scope), plants.get((plant.unit, plant.factor, basis, scope))
            if reported is not None and made:
                taken = made.route == REPORT
                reason = made.reason if taken else f"{labels(tuple(made.route.split('+')))}优先，未采用"
                yield RouteRow(plant.unit, NO_OUTLET, plant.factor, basis, scope, REPORT, reported, taken, reason)


def _outlet_rows(plant: Plant, one: OutletAmount, basis: str) -> Iterator[RouteRow]:
    scope = MAIN_OUTLETS if one.outlet.main == "是" else WHOLE_PLANT
    for route in ROUTES:
        estimate = one.estimates.get(route)
        if estimate is None:
            continue
        found = amount(plant.year, one, estimate.parts, basis) if estimate.parts else ""
        chosen = route in one.used
        reason = f"{estimate.note}；{one.reason}" if chosen else f"{estimate.note}；未采用"
        if chosen and len(one.used) > 1:
            own = amount(plant.year, one, [part for part in one.chosen if part.route == route], basis)
            reason += "" if isinstance(own, str) else f"；其中采用 {text(own)} t"
        if isinstance(found, str) and found:
            reason += f"；{found}，不能换算"
        if basis == TO_ENVIRONMENT and one.sewered:
            reason += "".join(f"；{said}" for said in converted(plant.year, one, route))
        known = None if isinstance(found, str) else found
        yield RouteRow(plant.unit, one.outlet.outlet, plant.factor, basis, scope, route, known, chosen, reason)


def converted(year: Year, one: OutletAmount, route: str) -> tuple[str, ...]:
    """Return what is to be said of the way from 接管量 to 外排环境量: the water, and how a change divides it."""
    levels, estimate = year.sewage.get((one.outlet.sewage_plant, one.factor), ()), one.estimates[route]
    return tuple(said for said in (estimate.water, said_of_split(estimate.parts, levels)) if said)


def _rest_rows(plant: Plant, basis: str, whole: PlantAmount | None) -> Iterator[RouteRow]:
    counts = whole is not None and whole.route not in ("", REPORT)
    for route, made in sorted(plant.rest.items()):
        if basis == TO_SEWER and not plant.sewered:
            continue
        taken = counts and route == plant.rest_route
        reason = "未列排放口的部分" + ("" if taken else "；未采用")
        found = made.organised
        if basis == TO_ENVIRONMENT and plant.sewered:
            found, reason = None, f"{reason}；没有水量，不能换算"
        if found or not made.fugitive:
            yield RouteRow(plant.unit, NO_OUTLET, plant.factor, basis, WHOLE_PLANT, route, found, taken, reason)
    part, source = fugitive(plant, basis, WHOLE_PLANT)
    if part:
        yield RouteRow(plant.unit, NO_OUTLET, plant.factor, basis, WHOLE_PLANT, FUGITIVE, part, counts, source)
