"""A year's facts: what stands in the annual folders about it, each row with its place.

Source  TOTAL-1, TOTAL-2, TOTAL-3; contract §4, quota annual
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from quota_lib.book import Book
from quota_lib.facts import (
    Calibration,
    Cap,
    Declaration,
    Disclosure,
    Managed,
    Outlet,
    OutletYear,
    Performance,
    Permit,
    Remark,
    Sample,
    SewagePlant,
    Unit,
    Verification,
)
from quota_lib.park import Park
from quota_lib.periods import Period, Quarter
from quota_lib.problems import Problem, in_order
from quota_lib.rules import Rules
from quota_lib.totals.admitting import AnnualRows, admit_annual
from quota_lib.totals.fitting import Fitted, fitted
from quota_lib.workbook.folder import Folder

TO_ENVIRONMENT, TO_SEWER = "外排环境量", "接管量"
WHOLE_PLANT, MAIN_OUTLETS = "全厂", "主要排放口"

Figure = tuple[str, str, str, str]  # unit, factor, 口径, 范围
OutletFactor = tuple[str, str, str]  # unit, outlet ("": no outlet's), factor


class Year(NamedTuple):
    """Everything that is known about a year; nothing in it is computed.

    ``book``: the rows of the annual folders and the registers.  ``declared_first``: when a figure was
    first declared.  ``inputs``: rows of 核算-… by outlet and factor, then method.  ``held``: the
    verification of the year before, which set what was allowable in this one.  ``in_error``: sheet and
    plant of rows that are in error.
    """

    year: int
    park: Park
    book: Book
    units: Mapping[str, Unit]
    outlets: Mapping[tuple[str, str], Outlet]
    permits: Mapping[tuple[str, str], tuple[Permit, ...]]
    sewage: Mapping[tuple[str, str], tuple[SewagePlant, ...]]
    listed: Mapping[str, Managed]
    declarations: Mapping[Figure, Declaration]
    declared_first: Mapping[Figure, date]
    samples: tuple[Sample, ...]
    calibrations: tuple[Calibration, ...]
    outlet_years: Mapping[tuple[str, str], OutletYear]
    performances: Mapping[str, Performance]
    disclosures: Mapping[tuple[str, str, str, str, str], Disclosure]
    caps: Mapping[tuple[int, str, str], Cap]
    verifications: Mapping[tuple[str, str, str], Verification]
    held: Mapping[tuple[str, str, str], Verification]
    inputs: Mapping[OutletFactor, Mapping[str, tuple[Any, ...]]]
    remarks: tuple[Remark, ...]
    in_error: frozenset[tuple[str, str]]
    problems: tuple[Problem, ...]

    @property
    def rules(self) -> Rules:
        return self.park.rules

    @property
    def start(self) -> date:
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """Return 31 December, the day whose parameters and editions count."""
        return date(self.year, 12, 31)

    def zone(self, unit: str) -> str:
        return self.units[unit].zone if unit in self.units else ""

    def order(self, factor: str) -> int:
        return self.rules.factors.order[factor]


def year_of(park: Park, folders: Mapping[Period, Folder], year: int) -> Year:
    """Return a year's facts from the folders that were read and the park folded to the as-of quarter.

    Shape   ``folders``: the annual ones up to ``year``, read whole, and the quarterly ones.
    """
    rows = admit_annual(folders, year, park.quarter, park.rules)
    book = rows.book
    units = _then(book, "unit", year)
    outlets = _then(book, "outlet", year)
    found = fitted(rows, units, outlets, park.rules.factors, year)
    return Year(
        year=year,
        park=park,
        book=book,
        units={key[0]: row for key, row in units.items()},
        outlets=found.outlets,
        permits=_dated(book, "permit"),
        sewage=_dated(book, "sewage_plant"),
        listed={row.unit: row for row in _of(book, "managed", year)},
        declarations=_figures(book, "declaration", year),
        declared_first=_first(book, year),
        samples=found.samples,
        calibrations=tuple(book.latest("calibration")),
        outlet_years={(row.unit, row.outlet): row for row in _of(book, "outlet_year", year)},
        performances={row.unit: row for row in _of(book, "performance", year)},
        disclosures={
            (row.unit, row.factor, row.source, row.measure, row.scope): row for row in _of(book, "disclosure", year)
        },
        caps={(row.year, row.zone, row.factor): row for row in book.latest("cap")},
        verifications=_verified(book, year),
        held=_verified(book, year - 1),
        inputs=_inputs(found),
        remarks=tuple(book.latest("remark")),
        in_error=frozenset((sheet, unit) for sheet, of, unit in rows.in_error if of == year),
        problems=tuple(in_order([*rows.problems, *found.problems])),
    )


def _of(book: Book, sheet: str, year: int) -> Iterable[Any]:
    return (row for row in book.latest(sheet) if row.year == year)


def _then(book: Book, sheet: str, year: int) -> dict[tuple[Any, ...], Any]:
    """Return the registers as they stood when the year was over; what was registered only later, as it came."""
    found = {}
    for key, held in book.histories.get(sheet, {}).items():
        before = [one.row for one in held if _folder_year(one.row.at.source.folder) <= year]
        found[key] = before[-1] if before else held[0].row
    return found


def _folder_year(period: Period) -> int:
    return period.year if isinstance(period, Quarter) else period


def _dated(book: Book, sheet: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return what holds for every name and factor, by 生效日期."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in book.latest(sheet):
        found[(row[0], row.factor)].append(row)
    return {key: tuple(sorted(rows, key=lambda row: row.since)) for key, rows in found.items()}


def _figures(book: Book, sheet: str, year: int) -> dict[Figure, Any]:
    return {(row.unit, row.factor, row.measure, row.scope): row for row in _of(book, sheet, year)}


def _first(book: Book, year: int) -> dict[Figure, date]:
    histories = book.histories.get("declaration", {})
    return {key[1:]: min(one.day for one in held) for key, held in histories.items() if key[0] == year}


def _verified(book: Book, year: int) -> dict[tuple[str, str, str], Verification]:
    return {(row.unit, row.factor, row.measure): row for row in _of(book, "verification", year)}


def _inputs(found: Fitted) -> dict[OutletFactor, dict[str, tuple[Any, ...]]]:
    made: dict[OutletFactor, dict[str, tuple[Any, ...]]] = {}
    for method, row in found.inputs:
        methods = made.setdefault((row.unit, row.outlet, row.factor), {})
        methods[method] = (*methods.get(method, ()), row)
    return made


__all__ = ["MAIN_OUTLETS", "TO_ENVIRONMENT", "TO_SEWER", "WHOLE_PLANT", "AnnualRows", "Year", "year_of"]
