"""备案 or 审核: what a plant adds in a year, against the lines.

Source  RESERVE-2b 单因子全厂年新增外排环境量不超过 1 吨（0.1 吨）的可直接备案
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from quota_lib.amounts import ZERO, Mass
from quota_lib.book import Book, DecisionDocument
from quota_lib.facts import Application
from quota_lib.rules import Rules

FILING, REVIEW = "备案", "审核"


class Line(NamedTuple):
    """One factor of an application.  ``threshold`` None: the rule gives no line."""

    applied: Mass
    plant_year_new: Mass
    threshold: Mass | None

    @property
    def margin(self) -> int | None:
        return None if self.threshold is None else self.threshold - self.plant_year_new

    @property
    def files(self) -> bool:
        """Not more than the line: the line itself still files."""
        return self.threshold is not None and self.plant_year_new <= self.threshold


class Judgement(NamedTuple):
    """The route of a whole application, and each factor's part in it."""

    route: str
    lines: Mapping[str, Line]
    earlier: Mapping[str, int]  # what the plant's earlier applications of the year add, by factor

    def line(self, factor: str, rules: Rules, day: date) -> Line:
        """Return a factor's line; of one that was applied for only afterwards, what was known then."""
        known = self.lines.get(factor)
        return known or Line(ZERO, Mass(self.earlier.get(factor, 0)), rules.mass(f"filing.{factor}", day))


def increase(row: Application) -> Mass:
    """Return what a project adds of a factor, net of 以新带老; never below zero."""
    return Mass(max(row.new - row.replaced, 0))


def identity_sum(row: Application) -> Mass:
    """Return 现有 + 在建 + 本项目 − 以新带老, which must be the whole plant's amount."""
    return Mass(row.existing + (row.under_construction or 0) + row.new - row.replaced)


class Years:
    """What every plant's applications of a calendar year add up to, in the order of 申请日期, then 建设项目编号.

    Only rows count here, so it is made once for all judgements of a quarter.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._before: dict[tuple[str, int], dict[str, dict[str, int]]] = {}

    def before(self, project: str) -> Mapping[str, int]:
        """Return what the plant's earlier applications of the year add, by factor."""
        own = self.book.construction(project)
        year = (own.unit, own.date.year)
        if year not in self._before:
            self._before[year] = self._sums(self.book.by_unit.get(year, ()))
        return self._before[year][project]

    def _sums(self, projects: Iterable[str]) -> dict[str, dict[str, int]]:
        book = self.book
        running: dict[str, int] = {}
        found = {}
        for project in sorted(projects, key=lambda one: (book.construction(one).date, one)):
            found[project] = dict(running)
            for factor, amount in self._adds(project).items():
                running[factor] = running.get(factor, 0) + amount
        return found

    def _adds(self, project: str) -> dict[str, int]:
        """Return what an application adds: as its last decision says, as applied without one, 0 if refused."""
        decision = last_decision(self.book, project)
        if decision is None:
            return {factor: increase(row) for factor, row in self.book.application(project).items()}
        if not decision.agreed or project not in self.book.factors_of:
            return {}
        return {row.factor: row.permitted or ZERO for row in decision.rows}


def judge(book: Book, rules: Rules, project: str, day: date, years: Years) -> Judgement:
    """Return an application's route as the Book knows it now, with the lines in force on ``day``.

    Source  RESERVE-2b; 备案 if every factor with an increase is within its line
    """
    earlier = years.before(project) if rules.text("readings.increments", day) == "plant_year" else {}
    lines = {}
    for factor, row in book.application(project).items():
        own = increase(row)
        lines[factor] = Line(own, Mass(own + earlier.get(factor, 0)), rules.mass(f"filing.{factor}", day))
    files = all(line.files for line in lines.values() if line.applied > 0)
    return Judgement(FILING if files else REVIEW, lines, earlier)


def last_decision(book: Book, project: str) -> DecisionDocument | None:
    """Return a project's last decision, as the rows alone tell it.

    By folder, date, 文号; one that follows a 同意 which no 冲正 row names is passed over.
    """
    last: DecisionDocument | None = None
    for decision in book.decisions.get(project, ()):
        if last is None or not last.agreed or last.document in book.corrected:
            last = decision
    return last
