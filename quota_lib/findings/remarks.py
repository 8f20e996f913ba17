"""What reviewers remarked on a report's findings: the rows of 复核意见, each with the finding it is about.

A remark changes no figure; it is shown beside its finding, and on its own where the finding is gone.
Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from quota_lib.book import Book
from quota_lib.facts import Remark
from quota_lib.findings import Finding
from quota_lib.findings.numbers import numbered, read_number
from quota_lib.park import Park
from quota_lib.periods import Period
from quota_lib.problems import Problem, at
from quota_lib.words import key


class Remarks(NamedTuple):
    """A report's remarks, newest first: by the number of their finding, and those whose finding is gone."""

    report: str
    by_number: dict[str, list[Remark]]
    gone: list[Remark]

    @property
    def all(self) -> list[Remark]:
        return [*(one for ones in self.by_number.values() for one in ones), *self.gone]


def report_name(kind: str, period: Period) -> str:
    """Return what 报告 says of remarks on a report: ``reserve 2025Q4``."""
    return f"{kind} {period}"


def remarks_on(book: Book, kind: str, period: Period, numbers: Iterable[str]) -> Remarks:
    """Return the remarks on a report, the last word of each reviewer's day; 报告 may also be the period alone."""
    names = {key(report_name(kind, period)), key(str(period))}
    own: list[Remark] = [one for one in book.latest("remark") if key(one.report) in names]
    own.sort(key=lambda one: (one.reviewer, one.at.source.file, one.at.source.sheet, one.at.row))
    own.sort(key=lambda one: one.date, reverse=True)
    by_number: dict[str, list[Remark]] = {number: [] for number in numbers}
    gone = [one for one in own if read_number(one.finding) not in by_number]
    for one in own:
        by_number.get(read_number(one.finding), []).append(one)
    return Remarks(report_name(kind, period), by_number, gone)


def remarks_of(park: Park, found: Iterable[Finding]) -> Remarks:
    """Return the remarks on a quarter's report."""
    return remarks_on(park.book, "reserve", park.quarter, [number for number, _ in numbered(found)])


def without_finding(remarks: Remarks) -> list[Problem]:
    """Say of every remark whose finding is gone that it is; it is kept and shown."""
    return [at(one.at, "finding", "Q141", value=one.finding) for one in remarks.gone]
