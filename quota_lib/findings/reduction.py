"""What the reduction library shows: late rounds, verdicts that do not match what was declared.

Source  REDUCE-3, REDUCE-4, RESERVE-1
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from quota_lib.amounts import mass, text
from quota_lib.facts import ReductionProject
from quota_lib.findings import Seen, finding
from quota_lib.park import Park


def finished(project: ReductionProject) -> date:
    """Return when a reduction took effect: of a closure 关停时间, else 竣工时间."""
    return project.closed if project.type == "产业结构升级" and project.closed else project.completed


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


@finding("W511")
def verified_above_declared(park: Park) -> Iterator[Seen]:
    """The bureau verified more than was declared (REDUCE-4)."""
    line = mass(park.rules.text("warnings.W511", park.quarter.end))
    for row in park.rows.get("verdict", ()):
        declared = park.book.holding("reduction", (row.project, row.factor))
        project = park.book.reduction_project(row.project)
        if row.verdict == "通过" and declared and project and (row.verified or 0) > declared.declared + line:
            words = {
                "factor": park.rules.factors.label(row.factor),
                "verified": text(row.verified or 0),
                "declared": text(declared.declared),
            }
            yield Seen(project.zone, project.unit, row.project, row.factor, dict(words), (row.at, "verified"))


@finding("W515")
def verdict_without_declaration(park: Park) -> Iterator[Seen]:
    """A verdict on a factor that the project never declared (REDUCE-4)."""
    for row in park.rows.get("verdict", ()):
        project = park.book.reduction_project(row.project)
        in_error = any(("reduction_row", f"{row.project}/{one}") in park.book.absent for one in (row.factor, ""))
        if project and not in_error and park.book.holding("reduction", (row.project, row.factor)) is None:
            words = {"factor": park.rules.factors.label(row.factor), "project": row.project}
            yield Seen(project.zone, project.unit, row.project, row.factor, dict(words), (row.at, "factor"))


@finding("W514")
def declared_late(park: Park) -> Iterator[Seen]:
    """A project of last year or before was first declared after the end of February (REDUCE-3)."""
    month = park.rules.count("deadlines.reductions_month", park.quarter.end)
    for row in park.rows.get("reduction_project", ()):
        done = finished(row)
        deadline = last_day(done.year + 1, month)
        first = min(one.day for one in park.book.history("reduction_project", (row.project,)))
        if first == row.date and row.date > deadline:
            words = {"year": done.year, "project": row.project, "day": row.date, "deadline": deadline}
            yield Seen(row.zone, row.unit, row.project, "", dict(words), (row.at, "date"))


@finding("W516")
def deposited_late(park: Park) -> Iterator[Seen]:
    """A reduction of last year or before was taken into the reserve after the end of February (RESERVE-1)."""
    month = park.rules.count("deadlines.deposits_month", park.quarter.end)
    for row in park.rows.get("deposit", ()):
        project = park.book.reduction_project(row.project)
        if project is None:
            continue
        done = finished(project)
        deadline = last_day(done.year + 1, month)
        if row.date > deadline:
            words = {"year": done.year, "project": row.project, "day": row.date, "deadline": deadline}
            yield Seen(project.zone, project.unit, row.project, row.factor, dict(words), (row.at, "date"))
