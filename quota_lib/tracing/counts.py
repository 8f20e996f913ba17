"""Counts: each opens the list of what was counted.

Source  RESERVE-3, REDUCE-3, RESERVE-1
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from quota_lib.applications import undecided
from quota_lib.findings import Finding
from quota_lib.findings.reduction import finished, last_day
from quota_lib.park import Park
from quota_lib.tracing.fact import Cell, Fact, fact_id
from quota_lib.tracing.ledger import CHANGES
from quota_lib.tracing.trace import Trace, cell, kind

UNBALANCED = ("W501", "W502", "W503")
NOTHING_TO_COUNT = "没有可计数的项。"
TO_RECOVER = ("W508", "W509", "W510")
Counted = tuple[int, str, tuple[str, ...], tuple[Cell, ...], str]
"""How many, of what, the figures and cells that were counted, the clause."""


@kind("count")
def count(trace: Trace, what: str) -> Fact:
    """Return a count of the quarter with what was counted."""
    number, word, parts, cells, clause = COUNTS[what](trace)
    said = f"共 {number} 项，逐项如下" if parts or cells else ""
    if parts and len(parts) != number:  # zones, projects: one may have several findings
        said = f"共 {number} 项，见以下 {len(parts)} 条预警"
    note = "" if number else NOTHING_TO_COUNT
    return Fact("", word, str(number), "", said, clause, parts, (), cells, note)


def seen(trace: Trace, *codes: str) -> dict[str, Finding]:
    """Return the findings of some codes by their number."""
    return {number: one for number, one in trace.seen.items() if one.code in codes}


def _finding_ids(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(fact_id("finding", number) for number in found)


def _zones(trace: Trace) -> Counted:
    rows = list(trace.park.book.latest("zone"))
    return len({row.zone for row in rows}), "功能区", (), _cells(rows, "zone"), "RESERVE-3"


def _uneven(trace: Trace) -> Counted:
    found = {number: one for number, one in seen(trace, *UNBALANCED).items() if one.zone}
    zones = {one.zone for one in found.values()}
    return len(zones), "有储备用尽、不足或供给慢于使用的因子的功能区", _finding_ids(found), (), "RESERVE-3"


def _short(trace: Trace) -> Counted:
    free = {key: one.available for key, one in trace.balances(trace.park.quarter, trace.park.quarter).items()}
    keys = sorted(key for key, need in trace.needs.items() if need > free.get(key, 0))
    return len(keys), "可用不足的功能区和因子", tuple(fact_id("need", *key, "short") for key in keys), (), "RESERVE-3"


def _waiting(trace: Trace) -> Counted:
    waiting = trace.park.ledger.waiting
    rows = [ruling.document.rows[0] for ruling in waiting]
    return len(waiting), "已同意、待供给的建设项目", (), _cells(rows, "construction"), "RESERVE-2d"


def _pending(trace: Trace) -> Counted:
    found = undecided(trace.park)
    rows = [next(iter(trace.park.book.application(one).values())) for one in found]
    return len(found), "待核定的建设项目", (), _cells(rows, "construction"), "RESERVE-2b"


def unreviewed(park: Park) -> list[Any]:
    """Return the declarations that nobody has reviewed yet."""
    book = park.book
    return [
        row
        for row in book.latest("reduction")
        if not book.history("verdict", (row.project, row.factor)) and book.reduction_project(row.project)
    ]


def _unreviewed_rows(trace: Trace) -> Counted:
    rows = unreviewed(trace.park)
    return len(rows), "待审核的申报", (), _cells(rows, "declared"), "REDUCE-4"


def _unreviewed_projects(trace: Trace) -> Counted:
    rows = {row.project: row for row in unreviewed(trace.park)}
    return len(rows), "有待审核的申报的减排项目", (), _cells(rows.values(), "project"), "REDUCE-4"


def _back(trace: Trace) -> Counted:
    found = seen(trace, *TO_RECOVER)
    return len({one.project for one in found.values()}), "可能收回指标的项目", _finding_ids(found), (), "RESERVE-4"


def _documents(trace: Trace) -> Counted:
    found = {one.document: one for one in trace.park.ledger.entries if one.booked == trace.park.quarter}
    cells = tuple(cell(trace.row(one.place), one.field) for one in found.values())
    return len(found), "本期入账的单据（各列其一格）", (), cells, "SAFE-4"


def changed_factors(trace: Trace) -> list[str]:
    """Return the factors whose sources or uses are not all zero in the quarter."""
    found = trace.balances(trace.park.quarter, trace.park.quarter)
    names = [name for name in CHANGES if not name.startswith("transferred")]
    moved = {factor for (_, factor), one in found.items() if any(getattr(one, name) for name in names)}
    return [factor for factor in trace.park.rules.factors.by_id if factor in moved]


def _changed(trace: Trace) -> Counted:
    found = changed_factors(trace)
    return len(found), "有变动的因子", tuple(fact_id("balance", "*", one, "change") for one in found), (), "RESERVE-2a"


def _errors(trace: Trace) -> Counted:
    found = [one for one in trace.park.problems if one.severity == "error"]
    cells = tuple(Cell(f"{one.file} › {one.sheet}!{one.cell}", one.code, one.message) for one in found)
    return len(found), "数据错误", (), cells, "SAFE-4"


DECISIONS = ("errors", "pending", "waiting", "unreviewed", "back")


def _to_decide(trace: Trace) -> Counted:
    found = [one for one in DECISIONS if COUNTS[one](trace)[0]]
    return len(found), "待决定的事项（类）", tuple(fact_id("count", one) for one in found), (), "RESERVE-3"


def _cells(rows: Iterable[Any], field: str) -> tuple[Cell, ...]:
    return tuple(cell(row, field) for row in sorted(rows, key=lambda row: row.at.position))


COUNTS: dict[str, Callable[[Trace], Counted]] = {
    "zones": _zones,
    "uneven": _uneven,
    "short": _short,
    "waiting": _waiting,
    "pending": _pending,
    "unreviewed": _unreviewed_rows,
    "unreviewed_projects": _unreviewed_projects,
    "back": _back,
    "documents": _documents,
    "changed": _changed,
    "errors": _errors,
    "to_decide": _to_decide,
}


Rows = tuple[date | None, list[Any]]
"""The day that counts, and the rows that say so."""


def declared_rows(park: Park, project: str) -> Rows:
    """Return when a reduction project was first declared."""
    rows = sorted(park.book.history("reduction_project", (project,)), key=lambda one: one.day)
    return (rows[0].day, [rows[0].row]) if rows else (None, [])


def reserved_rows(park: Park, project: str) -> Rows:
    """Return when the last part of a reduction project was taken into the reserve."""
    found = [
        (one.date, row)
        for documents in park.ledger.posted.values()
        for one in documents
        if one.kind == "指标储备" and not one.undone_by
        for row in one.rows
        if row.project == project
    ]
    last = max((day for day, _ in found), default=None)
    return last, [row for day, row in found if day == last][:1]


@kind("round")
def round_(trace: Trace, zone: str, what: str, kept: str = "") -> Fact:
    """Return a count of a zone's round: of the quarter, or of last year's projects, in time (done) or late."""
    park, rule = trace.park, None
    words = {"declared": ("减排申报", "REDUCE-3"), "reserved": ("指标储备", "RESERVE-1")}
    word, clause = words[what]
    if not kept:
        label, rows = f"{trace.park.quarter} {word}", _of_the_quarter(park, zone, what)
    else:
        key = f"deadlines.{'reductions' if what == 'declared' else 'deposits'}_month"
        rule, year = trace.rule(key, trace.last_day), park.quarter.year - 1
        deadline = last_day(year + 1, park.rules.count(key, trace.last_day))
        projects = [
            one for one in park.book.latest("reduction_project") if (one.zone, finished(one).year) == (zone, year)
        ]
        days = [(declared_rows if what == "declared" else reserved_rows)(park, one.project) for one in projects]
        rows = [row for day, found in days if day and (day > deadline) == (kept == "late") for row in found]
        label = f"{year} 年项目的{word}，{'逾期' if kept == 'late' else '按期'}"
    cells, rules = _cells(rows, "date"), (rule,) if rule else ()
    label = f"{park.book.zone_label(zone)} {label}"
    note = "" if rows else NOTHING_TO_COUNT
    return Fact("", label, str(len(rows)), "", f"共 {len(rows)} 项，逐项如下", clause, (), rules, cells, note)


def _of_the_quarter(park: Park, zone: str, what: str) -> list[Any]:
    if what == "declared":
        return [row for row in park.rows.get("reduction_project", ()) if row.zone == zone]
    found = [
        row
        for documents in park.ledger.posted.values()
        for one in documents
        if one.booked == park.quarter and one.kind == "指标储备"
        for row in one.rows
    ]
    return [row for row in found if (about := park.book.reduction_project(row.project)) and about.zone == zone]
