"""Samples and inputs against the register of outlets: a factor must be of the outlet's medium.

An outlet that is not registered is taken as the factor's medium says, as no main outlet, and reported;
of a heavy metal, which goes into both, nothing can be taken.

Source  TOTAL-2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from quota_lib.facts import Outlet, Sample, Unit
from quota_lib.problems import Place, Problem, at
from quota_lib.totals.admitting import AnnualRows
from quota_lib.words import Factors

AIR, WATER = "大气", "水"
Cell = tuple[str, str, int]  # file, sheet, row


class Fitted(NamedTuple):
    """The rows that fit, by their own, and the outlets with those that are only named."""

    outlets: Mapping[tuple[str, str], Outlet]
    samples: tuple[Sample, ...]
    inputs: tuple[tuple[str, Any], ...]  # method, row
    problems: tuple[Problem, ...]


def fitted(
    rows: AnnualRows,
    units: Mapping[tuple[Any, ...], Unit],
    outlets: Mapping[tuple[Any, ...], Outlet],
    factors: Factors,
    year: int,
) -> Fitted:
    """Return a year's samples and inputs without those whose factor does not fit their outlet."""
    samples = [row for row in rows.book.rows("sample") if row.date.year == year]
    inputs = [(method, row) for method, found in rows.inputs.items() for row in found if row.year == year]
    known: dict[tuple[str, str], Outlet] = {(key[0], key[1]): row for key, row in outlets.items()}
    problems: list[Problem] = []
    good: set[Cell] = set()
    for row in sorted([*samples, *(row for _, row in inputs)], key=_cell):
        found_wrong = list(_judged(row, known, units, factors)) if row.outlet else []
        problems += found_wrong
        if not any(one.severity == "error" for one in found_wrong):
            good.add(_cell(row))
    return Fitted(
        outlets=known,
        samples=tuple(sorted((row for row in samples if _cell(row) in good), key=_cell)),
        inputs=tuple(sorted((one for one in inputs if _cell(one[1]) in good), key=lambda one: _cell(one[1]))),
        problems=tuple(problems),
    )


def _judged(
    row: Any, known: dict[tuple[str, str], Outlet], units: Mapping[tuple[Any, ...], Unit], factors: Factors
) -> Iterator[Problem]:
    """Judge the outlet that a row names; one that is not registered is taken as the factor's medium says."""
    key, medium = (row.unit, row.outlet), factors.by_id[row.factor].medium
    label = factors.label(row.factor)
    if key not in known and medium not in (AIR, WATER):
        yield at(row.at, "outlet", "Q643", outlet=row.outlet, factor=label)
    elif key not in known:
        known[key] = assumed(row.unit, row.outlet, medium, units.get((row.unit,)), row.at)
        yield at(row.at, "outlet", "Q642", outlet=row.outlet, medium=medium)
    elif medium in (AIR, WATER) and known[key].medium != medium:
        yield at(row.at, "factor", "Q641", outlet=row.outlet, medium=known[key].medium, factor=label)


def assumed(unit: str, outlet: str, medium: str, plant: Unit | None, at: Place) -> Outlet:
    """Return an outlet that is named and not registered: no main outlet, to the plant's sewage plant."""
    sewage_plant = plant.sewage_plant if plant and medium == WATER else ""
    return Outlet(unit, outlet, medium, "否", (), sewage_plant, at)


def _cell(row: Any) -> Cell:
    return (row.at.source.file, row.at.source.sheet, row.at.row)
