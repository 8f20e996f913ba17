"""The year's account as a whole, and the review of what was listed, declared and exceeded.

Source  TOTAL-1, TOTAL-2, TOTAL-3
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from quota_lib.allowable import Allowables
from quota_lib.amounts import Mass
from quota_lib.facts import Declaration, Managed
from quota_lib.findings.reduction import last_day
from quota_lib.problems import Problem, in_order
from quota_lib.totals.consistency import Compared, consistency
from quota_lib.totals.online import Online
from quota_lib.totals.plants import Actuals, actuals
from quota_lib.totals.recovery import Candidate, recoveries
from quota_lib.totals.register import Register, register
from quota_lib.totals.scorecard import Score, scorecard
from quota_lib.totals.totals import Total, UnitFactor, totals
from quota_lib.totals.year import WHOLE_PLANT, Year

NOTHING_SET = Allowables("", "", (), ())
NOTHING_COMPUTED = Actuals({}, {}, (), {}, ())


class Annual(NamedTuple):
    """Everything that the annual report says of a year.  ``allowables``: next year's, once they are set."""

    year: Year
    register: Register
    actuals: Actuals
    totals: tuple[Total, ...]
    consistency: tuple[Compared, ...]
    recoveries: tuple[Candidate, ...]
    scorecard: tuple[Score, ...]
    allowables: Allowables = NOTHING_SET

    @property
    def problems(self) -> list[Problem]:
        """Return every complaint about the annual folders, those of the computations included."""
        return in_order([*self.year.problems, *self.actuals.problems])


def annual(
    year: Year,
    online: Online = Online(),  # noqa: B008  (immutable)
    proposed: Mapping[UnitFactor, Mass] | None = None,
    held: Mapping[UnitFactor, Mass] | None = None,
) -> Annual:
    """Return the account of a year.

    Shape   ``proposed``, ``held``: as quota_lib.totals.totals.totals takes them.
    Errors  RuleError for a missing or malformed number of the rules.
    """
    permitted = register(year.permits, year.park.ledger)
    made = actuals(year, online)
    rows = totals(year, made, permitted, proposed, held)
    return Annual(
        year=year,
        register=permitted,
        actuals=made,
        totals=rows,
        consistency=consistency(year),
        recoveries=recoveries(year, made, {row.figure: row for row in rows}),
        scorecard=scorecard(year, rows),
    )


def as_verified(year: Year) -> Annual:
    """Return a year's account as the allowable needs it: what is declared, verified and permitted, nothing computed."""
    permitted = register(year.permits, year.park.ledger)
    return Annual(year, permitted, NOTHING_COMPUTED, totals(year, NOTHING_COMPUTED, permitted), (), (), ())


# the list against the declarations


def not_declared(year: Year) -> list[Managed]:
    """Return the plants on the list that declared nothing; a declaration in error is one."""
    declared = {key[0] for key in year.declarations} | {unit for name, unit in year.in_error if name == "declaration"}
    return [row for unit, row in sorted(year.listed.items()) if unit not in declared]


def not_listed(year: Year) -> list[Declaration]:
    """Return a declaration of each plant that declared and is not on the list; a row of it in error is on it."""
    listed = {*year.listed, *(unit for name, unit in year.in_error if name == "managed")}
    found = {key[0]: row for key, row in sorted(year.declarations.items(), reverse=True)}
    return [row for unit, row in sorted(found.items()) if unit not in listed]


# deadlines


def listed_until(year: Year) -> date:
    """Return the day until which the year's list is fixed (TOTAL-1 每年 2 月底前)."""
    after = year.rules.count("annual.managed_after", year.end)
    return last_day(year.year + after, year.rules.count("deadlines.managed_month", year.end))


def declared_until(year: Year) -> date:
    """Return the day until which the year is declared (TOTAL-2 每年 3 月底前, 上一年度)."""
    return last_day(year.year + 1, year.rules.count("deadlines.declarations_month", year.end))


def late(year: Year) -> Iterator[tuple[Declaration, date, tuple[str, ...]]]:
    """Return each plant that first declared a figure after the last day: the latest such day, and the factors."""
    found: dict[str, list[tuple[date, Declaration]]] = {}
    for figure, row in year.declarations.items():
        first = year.declared_first[figure]
        if first > declared_until(year):
            found.setdefault(row.unit, []).append((first, row))
    for _, rows in sorted(found.items()):
        day, row = max(rows, key=lambda one: (one[0], one[1].factor))
        yield row, day, tuple(sorted({one.factor for _, one in rows}, key=year.order))


# exceedances


def limit(row: Total) -> Mass | None:
    """Return what is permitted: of the register; else as verified or declared, and of main outlets as declared."""
    if row.scope != WHOLE_PLANT:
        return row.declared_permitted
    return next(
        (one for one in (row.permitted, row.verified_permitted, row.declared_permitted) if one is not None), None
    )


def exceeds(actual: Mass | None, line: Mass | None, by: Mass) -> bool:
    """Return whether an actual amount is above a line by more than ``by``: at the line it is not."""
    return actual is not None and line is not None and actual > line + by
