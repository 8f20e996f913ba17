"""What is due next, counted from the end of the last period reported; nothing here reads the clock.

Source  REDUCE-3, RESERVE-1, TOTAL-1, TOTAL-2
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from quota_lib.findings.reduction import last_day
from quota_lib.periods import quarter_of
from quota_lib.report.movements import Rows
from quota_lib.report.table import Column, Table
from quota_lib.rules import Rules

ROUND = "deadlines.round_months"
OF_LAST_YEAR = (
    ("上一年度减排项目申报", "REDUCE-3", "deadlines.reductions_month", "quota check {quarter}"),
    ("上一年度指标储备", "RESERVE-1", "deadlines.deposits_month", "quota check {quarter}"),
)
VERIFIED = (  # what an annual report stands on
    ("总量管理名单排定", "TOTAL-1", "deadlines.managed_month", "quota template {year}"),
    ("上一年度排放总量申报", "TOTAL-2", "deadlines.declarations_month", "quota annual {year}"),
)


class Due(NamedTuple):
    """One thing that is due: by when, what, about which period, by which clause, with which command."""

    day: date
    what: str
    about: str
    clause: str
    command: str


def due_next(
    reported: date, rules: Rules, quarter: date | None = None, verified: Collection[int] = frozenset()
) -> list[Due]:
    """Return what is due after the last period reported, the next one of each kind, earliest first.

    ``quarter``: the end of the last quarter reported, from which the next round counts (default: ``reported``).
    ``verified``: the years with an annual report: what that stands on is done.

    Errors  RuleError if a deadline was not in force on ``reported``.
    Source  REDUCE-3, RESERVE-1 原则上每季度集中开展一次, 每年 2 月底前完成上一年度; TOTAL-1 2 月底前; TOTAL-2 3 月底前
    """
    found = [*_round(quarter or reported, rules)]
    for done, kinds in ((frozenset(), OF_LAST_YEAR), (verified, VERIFIED)):
        for what, clause, key, command in kinds:
            month = rules.count(key, reported)
            day = next_month_end(reported, month)
            while day.year - 1 in done:
                day = last_day(day.year + 1, month)
            year = day.year - 1
            found.append(Due(day, what, str(year), clause, command.format(year=year, quarter=quarter_of(day))))
    return sorted(found, key=lambda one: one.day)


def next_month_end(after: date, month: int) -> date:
    """Return the first last day of a month that comes after a day: on the day itself it is over."""
    this_year = last_day(after.year, month)
    return this_year if this_year > after else last_day(after.year + 1, month)


def _round(reported: date, rules: Rules) -> list[Due]:
    """Return the next round of declarations and deposits."""
    months = reported.month - 1 + rules.count(ROUND, reported)
    day = last_day(reported.year + months // 12, months % 12 + 1)
    about = str(quarter_of(day))
    return [
        Due(day, "季度减排申报", about, "REDUCE-3", f"quota template {about}"),
        Due(day, "季度指标储备", about, "RESERVE-1", f"quota reserve {about}"),
    ]


def due_list(
    reported: date, rules: Rules, quarter: date | None = None, verified: Collection[int] = frozenset()
) -> Table:
    """Return what is due next as a table; the arguments are those of ``due_next``."""
    rows: Rows = [
        (one.day, one.what, one.about, (one.day - reported).days, one.clause, one.command)
        for one in due_next(reported, rules, quarter, verified)
    ]
    columns = (
        Column("deadline", "期限", "date"),
        Column("what", "事项"),
        Column("about", "所指期间"),
        Column("days", "期末后", "count", "天"),
        Column("clause", "条款"),
        Column("command", "所用命令"),
    )
    note = (
        f"从最近一期已出报告的期末 {reported} 起算（“期末后”即从那天数起），不看今天是几号；是否已过期，请对照日期。"
        "季度集中开展从最近一份季度报告起算；已有年度核查报告的年度，其名单与申报不再列出。"
        "月底前指该月最后一日；季度集中开展是“原则上”的要求。月份见 parameters/deadlines.yaml。"
    )
    return Table("due", "下一步期限", columns, rows, note=note)
