"""The scorecard: what each zone and plant reduced, reserved, used, gave back and discharged, against what it may.

Source  SAFE-4; contract §5, scorecard
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from quota_lib.amounts import Mass
from quota_lib.facts import Verdict
from quota_lib.park import Park
from quota_lib.periods import posting_day
from quota_lib.problems import split_cell
from quota_lib.reserve.lots import Entry
from quota_lib.totals.totals import Total
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT, Year

PARK = ""
TOO_MUCH = "Q401"  # a verdict below what is occupied and reserved already: it changes nothing
Account = tuple[str, str, str]  # zone, unit ("": the zone), factor
KIND_OF: Mapping[str, str] = {"指标储备": "deposit", "总量核定": "debit", "指标回收": "recovery"}
MOVES: Mapping[str, tuple[str, int]] = {"deposit": ("reserved", 1), "debit": ("used", -1), "recovery": ("recovered", 1)}


class Score(NamedTuple):
    """A row of scorecard.csv, mg.  ``actual``, ``permitted`` None: nobody has said.  Of a zone: the sums of its plants.

    reduced, reserved, used, recovered: of the year's quarters, as booked, net of their 冲正.
    """

    zone: str
    unit: str
    factor: str
    reduced: int
    reserved: int
    used: int
    recovered: int
    actual: Mass | None
    permitted: Mass | None
    cap: Mass | None
    next_cap: Mass | None


class Moved(NamedTuple):
    """An amount that counts for a plant's column ``what``, mg, and what says so: a verdict, an entry, a total's row."""

    account: Account
    what: str
    amount: int
    by: Verdict | Entry | Total


def moves(year: Year, rows: Iterable[Total]) -> list[Moved]:
    """Return everything that the scorecard of a year is the sum of."""
    return [*_reduced(year), *_moved(year), *_discharged(rows)]


def scorecard(year: Year, rows: Iterable[Total]) -> tuple[Score, ...]:
    """Return a row per zone and per plant and factor with anything to it; of the park where it has a cap."""
    moved = moves(year, rows)
    caps = {(zone, factor) for of, zone, factor in year.caps if of in (year.year, year.year + 1)}
    sums: dict[Account, dict[str, int]] = {(zone, "", factor): {} for zone, factor in caps}
    for (zone, unit, factor), name, amount, _ in moved:
        places = {(zone, unit), (zone, ""), *([(PARK, "")] if (PARK, factor) in caps else [])}
        for place in places:
            found = sums.setdefault((*place, factor), {})
            found[name] = found.get(name, 0) + amount
    order = sorted(sums, key=lambda account: (account[0], account[1], year.order(account[2])))
    return tuple(_score(year, account, sums[account]) for account in order)


def _score(year: Year, account: Account, found: Mapping[str, int]) -> Score:
    zone, unit, factor = account
    own = year.caps.get((year.year, zone, factor)) if not unit else None
    after = year.caps.get((year.year + 1, zone, factor)) if not unit else None
    return Score(
        zone=zone,
        unit=unit,
        factor=factor,
        reduced=found.get("reduced", 0),
        reserved=found.get("reserved", 0),
        used=found.get("used", 0),
        recovered=found.get("recovered", 0),
        actual=Mass(found["actual"]) if "actual" in found else None,
        permitted=Mass(found["permitted"]) if "permitted" in found else None,
        cap=own.cap if own else None,
        next_cap=after.cap if after else None,
    )


def _discharged(rows: Iterable[Total]) -> Iterator[Moved]:
    for row in rows:
        if (row.basis, row.scope) == (TO_ENVIRONMENT, WHOLE_PLANT):
            account = (row.zone, row.unit, row.factor)
            for name, amount in (("actual", row.actual), ("permitted", row.permitted)):
                if amount is not None:
                    yield Moved(account, name, amount, row)


def _moved(year: Year) -> Iterator[Moved]:
    """Return what the year's entries moved; a 冲正 moves back what its original did."""
    ledger = year.park.ledger
    for entry in ledger.entries:
        if entry.booked.year != year.year:
            continue
        kind = entry.kind
        if kind == "correction":
            kind = KIND_OF.get(ledger.posted[entry.original][0].kind, "")
        if kind in MOVES:
            name, sign = MOVES[kind]
            account = (entry.zone, _unit(year.park, kind, entry), entry.factor)
            yield Moved(account, name, sign * entry.amount, entry)


def _unit(park: Park, kind: str, entry: Entry) -> str:
    """Return the plant of an entry: of a deposit the reduction project's, else the construction project's."""
    if kind == "deposit":
        project = park.book.reduction_project(entry.project)
        return project.unit if project else ""
    return park.book.construction(entry.project).unit


def _reduced(year: Year) -> Iterator[Moved]:
    """Return by how much the year's verdicts changed what is verified; one that was refused changed nothing.

    Source  REDUCE-4
    """
    park = year.park
    refused = {(one.file, one.sheet, split_cell(one.cell)[1]) for one in park.problems if one.code == TOO_MUCH}
    verified: dict[tuple[str, str], int] = {}
    for quarter in sorted(park.booked):
        rows: list[Verdict] = park.booked[quarter].rows.get("verdict", [])
        for row in sorted(rows, key=lambda one: (posting_day(one.date, quarter), one.date)):
            if (row.at.source.file, row.at.source.sheet, row.at.row) in refused:
                continue
            key, passed = (row.project, row.factor), (row.verified or 0) if row.verdict == "通过" else 0
            change, verified[key] = passed - verified.get(key, 0), passed
            project = park.book.reduction_project(row.project)
            if quarter.year == year.year and project:
                yield Moved((project.zone, project.unit, row.factor), "reduced", change, row)
