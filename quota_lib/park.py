"""The park as it stands at a quarter's end: what was handed in, folded quarter by quarter.

Pure: folders that were read go in, the Book, the ledger and every complaint come out.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from quota_lib.accounting import Accounted, Basis, account
from quota_lib.admission import LEDGER_ANNUAL, Admitted, Batch, admit
from quota_lib.amounts import text
from quota_lib.book import Book
from quota_lib.coefficients import Coefficients
from quota_lib.periods import Period, Quarter, quarter_of
from quota_lib.problems import Problem, at, has_errors, in_order
from quota_lib.reserve.ledger import Ledger
from quota_lib.reserve.posting import post_quarter
from quota_lib.rules import Rules
from quota_lib.workbook.folder import Folder
from quota_lib.workbook.sheet import Reading


class Booked(NamedTuple):
    """What one quarter brought."""

    quarter: Quarter
    rows: Mapping[str, list[Any]]
    problems: tuple[Problem, ...]


@dataclass
class Park:
    """Everything up to the end of a quarter."""

    rules: Rules
    quarter: Quarter
    basis: Basis
    book: Book = field(default_factory=Book)
    ledger: Ledger = field(default_factory=Ledger)
    booked: dict[Quarter, Booked] = field(default_factory=dict)
    accounted: dict[tuple[str, str], Accounted] = field(default_factory=dict)  # by project and factor
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        """Return every complaint about this quarter and the ones before it, in order."""
        return in_order(one for booked in self.booked.values() for one in booked.problems)

    @property
    def evidence(self) -> Mapping[str, list[Any]]:
        """Return every piece of evidence handed in so far, by reduction project."""
        found: dict[str, list[Any]] = {}
        for booked in self.booked.values():
            for row in booked.rows.get("evidence", ()):
                found.setdefault(row.project, []).append(row)
        return found

    @property
    def rows(self) -> Mapping[str, list[Any]]:
        """Return the rows that the quarter itself brought."""
        return self.booked[self.quarter].rows if self.quarter in self.booked else {}


def fold(
    folders: Mapping[Period, Folder],
    quarter: Quarter,
    rules: Rules,
    basis: Basis | None = None,
    progress: Callable[[Quarter], None] | None = None,
) -> Park:
    """Fold all folders up to a quarter: rows → entries → balances.

    Source  contract §1 two clocks, §3
    """
    park = Park(rules, quarter, basis or Basis(Coefficients({})))
    quarters = sorted(one for one in folders if isinstance(one, Quarter) and one <= quarter)
    first = next((one for one in quarters if folders[one].digests), None)
    years = {one for one in folders if isinstance(one, int) and one < quarter.year}
    for one in sorted({*quarters, *(q for year in years for q in _quarters_of(year + 1) if q <= quarter)}):
        if progress:
            progress(one)
        booked = _book_quarter(park, folders, one, first)
        made, faults = account(park.book, rules, park.basis, booked.rows)
        park.accounted |= made
        park.booked[one] = booked._replace(problems=(*booked.problems, *faults))
        for period in (one, one.year - 1):
            if period in folders:
                park.digests |= folders[period].digests
    return park


def _quarters_of(year: int) -> Iterable[Quarter]:
    return (Quarter(year, number) for number in (1, 2, 3, 4))


def _book_quarter(park: Park, folders: Mapping[Period, Folder], quarter: Quarter, first: Quarter | None) -> Booked:
    """Admit and post one quarter; again without the application rows that an agreed decision forbids.

    An application is not replaced while a 同意 booked in an earlier quarter stands at the quarter's
    end; whether it still does is known for sure only when the quarter's corrections are posted.
    """
    batches = _batches(folders, quarter, first)
    agreed = park.ledger.agreed_applications()
    named = {row.original for batch in batches for row in _rows(batch, "correction")}
    touched = {row.construction for batch in batches for row in _rows(batch, "application")}
    doubtful = {one for one, document in agreed.items() if document in named and one in touched}
    frozen = {one: document for one, document in agreed.items() if one not in doubtful}
    while True:
        before = copy.deepcopy((park.book, park.ledger)) if doubtful else None
        rows, problems = _admit_and_post(park, batches, quarter, frozen)
        still = {one: agreed[one] for one in doubtful if _stands(park.ledger, one, agreed[one])}
        if before is None or not still:
            break
        park.book, park.ledger = before
        frozen |= still
        doubtful -= still.keys()
    own = folders.get(quarter)
    annual = folders.get(quarter.year - 1) if quarter.number == 1 else None
    read = [one for folder in (annual, own) if folder for one in folder.problems]
    problems += read
    problems += _published_balances(park, quarter, rows.get("published_balance", ()), has_errors(problems))
    return Booked(quarter, rows, tuple(problems))


def _rows(batch: Batch, name: str) -> Iterable[Any]:
    return (row for reading in batch.readings if reading.sheet.name == name for row in reading.rows)


def _stands(ledger: Ledger, project: str, document: str) -> bool:
    ruling = ledger.standing(project)
    return ruling is not None and ruling.document.document == document


def _batches(folders: Mapping[Period, Folder], quarter: Quarter, first: Quarter | None) -> list[Batch]:
    """Return what counts from a quarter on: rows of last year's annual folder, then the quarter's own."""
    found = []
    annual = folders.get(quarter.year - 1)
    if annual:
        readings = [_from(reading, quarter) for reading in annual.readings if reading.sheet.title in LEDGER_ANNUAL]
        blind = tuple(annual.blind) if quarter.number == 1 else ()
        found.append(Batch(annual.period, quarter, readings, first, blind))
    own = folders.get(quarter)
    if own:
        found.append(Batch(quarter, quarter, own.readings, first, tuple(own.blind)))
    return found


def _from(reading: Reading, quarter: Quarter) -> Reading:
    """Return the part of an annual sheet that counts from a quarter on: (Y+1)Q1, or the quarter of its date."""
    opening = quarter.number == 1

    def counts(day: date | None) -> bool:
        since = max(quarter_of(day), Quarter(quarter.year, 1)) if day else Quarter(quarter.year, 1)
        return since == quarter or (opening and since.year > quarter.year)

    field_name = reading.sheet.date
    rows = [row for row in reading.rows if counts(getattr(row, field_name) if field_name else None)]
    return reading._replace(
        rows=rows, absent=reading.absent if opening else [], blind=reading.blind if opening else None
    )


def _admit_and_post(
    park: Park, batches: list[Batch], quarter: Quarter, frozen: Mapping[str, str]
) -> tuple[dict[str, list[Any]], list[Problem]]:
    rows: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for batch in batches:
        admitted: Admitted = admit(park.book, batch, park.rules, frozen)
        problems += admitted.problems
        for name, found in admitted.rows.items():
            rows.setdefault(name, []).extend(found)
    problems += post_quarter(park.ledger, park.book, park.rules, quarter, rows)
    return rows, problems


def _published_balances(park: Park, quarter: Quarter, rows: Iterable[Any], other_errors: bool) -> list[Problem]:
    """Compare published closing balances with the ledger's, to the last digit.

    Source  RESERVE-3; contract §3 结存核对
    """
    left: dict[tuple[str, str], int] = {}
    for lot in park.ledger.lots:
        left[(lot.zone, lot.factor)] = left.get((lot.zone, lot.factor), 0) + lot.left
    problems = []
    for row in rows:
        closing = left.get((row.zone, row.factor), 0)
        if closing != row.closing:
            words = {
                "published": text(row.closing),
                "closing": text(closing),
                "difference": text(row.closing - closing),
            }
            problems.append(at(row.at, "closing", "Q451" if other_errors else "Q450", **words))
    return problems
