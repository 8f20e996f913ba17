"""A year's actual discharge: every outlet and plant, by every route that the data allow.

Source  TOTAL-2
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from quota_lib.facts import Outlet
from quota_lib.problems import Problem
from quota_lib.totals.computed import Results, computed
from quota_lib.totals.estimates import Data
from quota_lib.totals.fitting import assumed
from quota_lib.totals.online import Online
from quota_lib.totals.outlets import OutletAmount, outlet_amount
from quota_lib.totals.plant import Plant, PlantAmount, figures_of, plant_amount
from quota_lib.totals.reading import REPORT, ROUTES, check_readings
from quota_lib.totals.route_rows import NO_OUTLET, RouteRow, route_rows
from quota_lib.totals.year import Figure, OutletFactor, Year


class Actuals(NamedTuple):
    """A year's actual discharge by every route.  ``results``: the computations behind 核算-…."""

    outlets: Mapping[OutletFactor, OutletAmount]
    plants: Mapping[Figure, PlantAmount]
    rows: tuple[RouteRow, ...]
    results: Results
    problems: tuple[Problem, ...]


def actuals(year: Year, online: Online = Online()) -> Actuals:  # noqa: B008  (immutable)
    """Return what every outlet and plant discharged, by every route that the data allow.

    Shape   online data of a plant that is not registered are passed over: whoever reads them reports it.
    """
    check_readings(year.rules, year.end)
    results, problems = computed(year)
    outlets = _outlets(year, online, results)
    plants: dict[Figure, PlantAmount] = {}
    rows: list[RouteRow] = []
    for plant in plants_of(year, outlets, results).values():
        for basis, scope in figures_of(plant):
            made = plant_amount(plant, basis, scope)
            plants[made.figure] = made
        rows += route_rows(plant, plants)
    rows.sort(key=lambda row: (row.unit, row.outlet, year.order(row.factor), row.basis, row.scope, row.route))
    return Actuals(outlets, plants, tuple(rows), results, tuple(problems))


def plants_of(
    year: Year, outlets: Mapping[OutletFactor, OutletAmount], results: Results
) -> dict[tuple[str, str], Plant]:
    """Return every plant and factor with an outlet, a computation or an execution report, in order."""
    by_plant: dict[tuple[str, str], list[OutletAmount]] = defaultdict(list)
    for key, one in sorted(outlets.items()):
        by_plant[(key[0], key[2])].append(one)
    made = {}
    for unit, factor in sorted({*by_plant, *((key[0], key[2]) for key in results), *_reported(year)}):
        rest = results.get((unit, NO_OUTLET, factor), {})
        made[(unit, factor)] = Plant(year, unit, factor, tuple(by_plant.get((unit, factor), ())), rest, results)
    return made


def _outlets(year: Year, online: Online, results: Results) -> dict[OutletFactor, OutletAmount]:
    """Return every outlet and factor with data, or that must have online data."""
    samples, quarters = _grouped(year.samples), _grouped(online.quarters)
    keys = {*samples, *(key for key in quarters if key[0] in year.units), *(key for key in results if key[1])}
    keys |= {(*key, factor) for key, outlet in year.outlets.items() for factor in outlet.monitored}
    made = {}
    for key in sorted(keys):
        by_quarter = {one.quarter: one for one in quarters.get(key, ()) if one.quarter.year == year.year}
        outlet = year.outlets.get(key[:2]) or _only_online(year, key)
        own = tuple(samples.get(key, ()))
        made[key] = outlet_amount(Data(year, outlet, key[2], own, by_quarter, online, results.get(key, {})))
    return made


def _grouped(rows: Iterable[Any]) -> dict[OutletFactor, list[Any]]:
    found: dict[OutletFactor, list[Any]] = defaultdict(list)
    for row in rows:
        found[(row.unit, row.outlet, row.factor)].append(row)
    return found


def _only_online(year: Year, key: OutletFactor) -> Outlet:
    """Return an outlet that hourly data name alone."""
    plant = year.units[key[0]]
    return assumed(key[0], key[1], year.rules.factors.by_id[key[2]].medium, plant, plant.at)


def _reported(year: Year) -> set[tuple[str, str]]:
    return {(key[0], key[1]) for key in year.disclosures if key[2] == ROUTES[REPORT]}
