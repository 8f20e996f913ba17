"""Figures of a year by id: its own kinds, and all those of the park that its ledger is.

Source  TOTAL-1 to TOTAL-3, RESERVE-4, SAFE-4
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from quota_lib.allowable import AllowableInput, Balance, Held, PlantAllowable
from quota_lib.amounts import text
from quota_lib.annual import Closed, allowable_input, not_running
from quota_lib.findings import Finding
from quota_lib.findings.numbers import numbered
from quota_lib.totals.consistency import Compared
from quota_lib.totals.plant import Plant
from quota_lib.totals.plants import plants_of
from quota_lib.totals.recovery import Candidate
from quota_lib.totals.review import Annual
from quota_lib.totals.scorecard import Moved, Score, moves
from quota_lib.totals.totals import Total
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT, Figure, Year
from quota_lib.tracing.fact import Fact, Rule
from quota_lib.tracing.trace import KINDS, Explain, Trace, cell

if TYPE_CHECKING:
    from quota_lib.hourly.results import OnlineQuarter

YEAR_KINDS: dict[str, Explain] = {}
YEARLY = "t/a"
PARK = "*"


def year_kind(name: str) -> Callable[[Explain], Explain]:
    """Register what explains the figures of a kind that only a year has."""

    def register(explain: Explain) -> Explain:
        YEAR_KINDS[name] = explain
        return explain

    return register


class YearTrace(Trace):
    """The figures of a closed year; those of the ledger as a trace of its park gives them."""

    kinds: Mapping[str, Explain] = ChainMap(YEAR_KINDS, KINDS)

    def __init__(self, made: Closed) -> None:
        super().__init__(made.park)
        self.made = made

    @property
    def period(self) -> str:
        return str(self.year.year)

    def fact(self, name: str) -> Fact:
        """Return a figure by its id; an entry ends in its own cell here, what is behind it the quarter's report says.

        Errors  UnknownFact
        """
        found = super().fact(name)
        return found._replace(parts=()) if name.startswith("entry:") and found.cells else found

    @property
    def last_day(self) -> date:
        return self.year.end

    @cached_property
    def seen(self) -> dict[str, Finding]:
        """Return the year's findings by their number."""
        return dict(numbered(self.made.findings))

    def about(self, one: Finding) -> Iterable[str]:
        from quota_lib.tracing.yearly import about

        return about(self, one)

    @property
    def year(self) -> Year:
        return self.made.year

    @property
    def account(self) -> Annual:
        return self.made.account

    def name(self, unit: str) -> str:
        return self.park.book.unit_label(unit)

    @cached_property
    def rows(self) -> dict[tuple[str, str, int], Any]:
        """Return every row that the ledger has read, and those of the annual sheets, which it has not."""
        year, found = self.year, dict(super().rows)
        single: tuple[Mapping[Any, Any], ...]
        single = (year.outlets, year.declarations, year.outlet_years, year.disclosures, year.caps, year.verifications)
        rows: list[Any] = [row for of in single for row in of.values()]
        rows += [row for ones in (*year.permits.values(), *year.sewage.values()) for row in ones]
        rows += [*year.samples, *year.calibrations, *year.listed.values(), *year.performances.values()]
        return found | {(row.at.source.file, row.at.source.sheet, row.at.row): row for row in rows}

    def yearly_rule(self, key: str) -> Rule:
        """Return a parameter as it was on 31 December."""
        return self.rule(key, self.year.end)

    @cached_property
    def totals(self) -> dict[Figure, Total]:
        return {one.figure: one for one in self.account.totals}

    @cached_property
    def plants(self) -> dict[tuple[str, str], Plant]:
        actuals = self.account.actuals
        return plants_of(self.year, actuals.outlets, actuals.results)

    @cached_property
    def moved(self) -> dict[tuple[str, str, str, str], list[Moved]]:
        """Return what the scorecard is the sum of, by zone, plant, factor and column."""
        found: dict[tuple[str, str, str, str], list[Moved]] = {}
        for one in moves(self.year, self.account.totals):
            found.setdefault((*one.account, one.what), []).append(one)
        return found

    @cached_property
    def scores(self) -> dict[tuple[str, str, str], Score]:
        return {(one.zone, one.unit, one.factor): one for one in self.account.scorecard}

    @cached_property
    def allowed(self) -> dict[tuple[str, str], PlantAllowable]:
        return {(one.unit, one.factor): one for one in self.made.allowables.plants}

    @cached_property
    def rooms(self) -> dict[tuple[str, str], Balance]:
        return {(one.zone, one.factor): one for one in self.made.allowables.balances}

    @cached_property
    def given(self) -> AllowableInput:
        return allowable_input(self.account)

    @cached_property
    def held(self) -> dict[tuple[str, str], Held]:
        """Return what is agreed and does not run yet, by construction project and factor."""
        return {(project, one.factor): one for project, one in not_running(self.account)}

    @cached_property
    def candidates(self) -> dict[tuple[str, str, str], Candidate]:
        return {(one.project, one.factor, one.reason): one for one in self.account.recoveries}

    @cached_property
    def compared(self) -> dict[tuple[str, str, str, str, str], Compared]:
        return {(one.unit, one.factor, one.source, one.basis, one.scope): one for one in self.account.consistency}

    @cached_property
    def online(self) -> dict[tuple[str, str, str, str], OnlineQuarter]:
        quarters = self.made.hourly.quarters if self.made.hourly else ()
        return {(one.unit, one.outlet, one.factor, str(one.quarter)): one for one in quarters}


def usual(basis: str, scope: str) -> tuple[str, ...]:
    """Return the keys that 口径 and 范围 add to an id: none where they are the usual ones."""
    if (basis, scope) == (TO_ENVIRONMENT, WHOLE_PLANT):
        return ()
    return (basis,) if scope == WHOLE_PLANT else (basis, scope)


def added(value: int, parts: Iterable[tuple[str, int]]) -> str:
    """Return a sum in words: 7.5 = 甲 3 + 乙 4.5; a part below zero is taken off."""
    said = " ".join(f"{'−' if amount < 0 else '+'} {name} {text(abs(amount))}" for name, amount in parts)
    return f"{text(value)} = {said.removeprefix('+ ') or '0'}"


def in_cell(label: str, row: object, field: str, clause: str, note: str = "") -> Fact:
    """Return a figure that stands in a cell as it is."""
    found = cell(row, field)
    return Fact("", label, found.value, YEARLY, clause=clause, cells=(found,), note=note)
