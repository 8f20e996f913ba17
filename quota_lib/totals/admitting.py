"""Which rows of the annual folders count: admitted by the same rules as a quarter's, in the order of the folders.

The ledger reads of an annual folder only what it needs; here everything in it is read, beside the registers
of the quarterly folders that its rows name.  Nothing here posts.

Source  contract §1, two clocks; §2
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from quota_lib.admission import Batch, admit
from quota_lib.book import Book
from quota_lib.method_sheets import method_of
from quota_lib.periods import Period, Quarter, quarter_of
from quota_lib.problems import Problem, in_order
from quota_lib.rules import Rules
from quota_lib.workbook.folder import Folder
from quota_lib.workbook.sheet import Absent, Reading

REGISTERS = ("zone", "unit", "permit", "sewage_plant", "outlet")
ANNUAL = (
    "managed",
    "declaration",
    "sample",
    "calibration",
    "outlet_year",
    "performance",
    "disclosure",
    "cap",
    "verification",
    "remark",
)


class AnnualRows(NamedTuple):
    """What counts of the annual folders: the Book of it, the rows of 核算-… by method, every complaint.

    ``in_error``: sheet, year and plant of rows that are in error, so that nothing is said to be missing that is not.
    """

    book: Book
    inputs: Mapping[str, list[Any]]
    problems: list[Problem]
    in_error: frozenset[tuple[str, int, str]]


def admit_annual(folders: Mapping[Period, Folder], year: int, as_of: Quarter, rules: Rules) -> AnnualRows:
    """Admit the annual folders up to a year, each row when it counts, and the quarters' registers between them.

    Shape   annual rows: from (Y+1)Q1 or the quarter of their date on, before that quarter's own rows.
    """
    book = Book()
    inputs: dict[str, list[Any]] = defaultdict(list)
    in_error: set[tuple[str, int, str]] = set()
    problems = [one for period, folder in folders.items() if _annual(period, year) for one in folder.problems]
    for quarter in _quarters(folders, year, as_of):
        for batch in _batches(folders, quarter, year, as_of):
            admitted = admit(book, batch, rules, {})
            if isinstance(batch.label, int):  # a quarter's own complaints are the quarter's
                problems += admitted.problems
                in_error |= set(_named(admitted.absent))
            for name, rows in admitted.rows.items():
                if method_of(name):
                    inputs[method_of(name)].extend(rows)
    return AnnualRows(book, inputs, in_order(problems), frozenset(in_error))


def _named(absent: Mapping[str, list[Absent]]) -> Iterator[tuple[str, int, str]]:
    for name, rows in absent.items():
        for row in rows:
            year, unit = row.values.get("year"), row.values.get("unit")
            if isinstance(year, int) and isinstance(unit, str):
                yield name, year, unit


def _annual(period: Period, year: int) -> bool:
    return isinstance(period, int) and period <= year


def _quarters(folders: Mapping[Period, Folder], year: int, as_of: Quarter) -> list[Quarter]:
    """Return every quarter in which something may begin to count; an annual row at the latest in (Y+1)Q4."""
    found = {period for period in folders if isinstance(period, Quarter) and period <= as_of}
    years = [period for period in folders if isinstance(period, int) and period <= year]
    return sorted(found | {Quarter(one + 1, number) for one in years for number in (1, 2, 3, 4)})


def _batches(folders: Mapping[Period, Folder], quarter: Quarter, year: int, as_of: Quarter) -> Iterator[Batch]:
    annual = folders.get(quarter.year - 1)
    if annual and quarter.year - 1 <= year:
        readings = [_counting(one, quarter) for one in annual.readings if _read(one, (*REGISTERS, *ANNUAL))]
        yield Batch(annual.period, quarter, readings, None, tuple(annual.blind) if quarter.number == 1 else ())
    own = folders.get(quarter)
    if own and quarter <= as_of:
        yield Batch(
            quarter, quarter, [one for one in own.readings if _read(one, (*REGISTERS, "cap", "remark"))], None, ()
        )


def _read(reading: Reading, names: tuple[str, ...]) -> bool:
    annual_inputs = method_of(reading.sheet.name) and reading.sheet.folders == "year"
    return reading.sheet.name in names or bool(annual_inputs)


def _counting(reading: Reading, quarter: Quarter) -> Reading:
    """Return the part of an annual sheet that begins to count in a quarter."""
    opening, field = quarter.number == 1, reading.sheet.date

    def counts(day: date | None) -> bool:
        since = max(quarter_of(day), Quarter(quarter.year, 1)) if day else Quarter(quarter.year, 1)
        return since == quarter or (opening and since.year > quarter.year)

    rows = [row for row in reading.rows if counts(getattr(row, field) if field else None)]
    return reading._replace(
        rows=rows, absent=reading.absent if opening else [], blind=reading.blind if opening else None
    )
