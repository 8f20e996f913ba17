"""备案 or 审核: what a plant adds in a year, against the lines.

Source  RESERVE-2b 单因子全厂年新增外排环境量不超过 1 吨（0.1 吨）的可直接备案
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


def increase(row: Application) -> Mass:
    """Return what a project adds of a factor, net of 以新带老; never below zero."""
    return Mass(max(row.new - row.replaced, 0))


def identity_sum(row: Application) -> Mass:
    """Return 现有 + 在建 + 本项目 − 以新带老, which must be the whole plant's amount."""
    return Mass(row.existing + (row.under_construction or 0) + row.new - row.replaced)


def judge(book: Book, rules: Rules, project: str, day: date) -> Judgement:
    """Return an application's route as the Book knows it now, with the lines in force on ``day``.

    Source  RESERVE-2b; 备案 if every factor with an increase is within its line
    """
    application = book.application(project)
    earlier = list(_earlier(book, project)) if rules.text("readings.increments", day) == "plant_year" else []
    lines = {}
    for factor, row in application.items():
        own = increase(row)
        total = own + sum(_counted(book, other, decision, factor) for other, decision in earlier)
        lines[factor] = Line(own, Mass(total), rules.mass(f"filing.{factor}", day))
    files = all(line.files for line in lines.values() if line.applied > 0)
    return Judgement(FILING if files else REVIEW, lines)


def _earlier(book: Book, project: str) -> Iterator[tuple[str, DecisionDocument | None]]:
    """Return the plant's earlier applications of the calendar year, each with its last decision.

    Earlier by 申请日期, then 建设项目编号; what was refused or withdrawn is left out.
    """
    own = book.construction(project)
    for other in book.by_unit.get((own.unit, own.date.year), ()):
        row = book.construction(other) if book.known("construction", other) else None
        if row is None or (row.date, other) >= (own.date, project) or other not in book.factors_of:
            continue
        decision = last_decision(book, other)
        if decision is None or decision.agreed:
            yield other, decision


def last_decision(book: Book, project: str) -> DecisionDocument | None:
    """Return a project's last decision, as the rows alone tell it.

    By folder, date, 文号; one that follows a 同意 which no 冲正 row names is passed over.
    """
    last: DecisionDocument | None = None
    for decision in book.decisions.get(project, ()):
        if last is None or not last.agreed or last.document in book.corrected:
            last = decision
    return last


def _counted(book: Book, project: str, decision: DecisionDocument | None, factor: str) -> int:
    """Return what an earlier application adds: as decided (0 without a row), as applied without a decision."""
    if decision is None:
        row = book.application(project).get(factor)
        return increase(row) if row else ZERO
    decided = decision.row(factor)
    return (decided.permitted or ZERO) if decided else ZERO
