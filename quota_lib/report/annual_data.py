"""What the annual page shows of its data: hourly data by outlet, the routes' shares, agreement with what was published.

Source  TOTAL-2, TOTAL-3
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quota_lib.annual import Closed
from quota_lib.report import annual_record
from quota_lib.report.annual_record import share
from quota_lib.report.movements import Rows
from quota_lib.report.table import Cell, Column, Table
from quota_lib.totals.consistency import CONSISTENT, DIFFERENT
from quota_lib.totals.estimates import QUARTERS
from quota_lib.totals.reading import labels
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT
from quota_lib.tracing import figure
from quota_lib.tracing.fact import ratio_figure

if TYPE_CHECKING:
    from quota_lib.hourly.results import OnlineQuarter

YEARLY, T = "t/a", "t"
HOURS = {"normal": "正常", "substituted": "替代", "stopped": "停运", "missing": "缺失"}


def online(closed: Closed) -> Table:
    """Return the year of every monitored outlet and factor: hours, capture by quarter, sums of the usable quarters."""
    found: dict[tuple[str, str, str], list[OnlineQuarter]] = {}
    for one in closed.hourly.quarters if closed.hourly else ():
        found.setdefault((one.unit, one.outlet, one.factor), []).append(one)
    order = closed.year.rules.factors.order
    keys = sorted(found, key=lambda key: (key[0], key[1], order[key[2]]))
    rows: Rows = [
        (closed.park.book.unit_label(key[0]), *key[1:], *_of_quarters(closed, key, found[key])) for key in keys
    ]
    columns = (
        Column("unit", "排污单位"),
        Column("outlet", "排放口"),
        Column("factor", "污染因子"),
        *(Column(name, word, "count", "h") for name, word in HOURS.items()),
        *(Column(f"capture_{number}", f"{number} 季度捕集率", "ratio") for number in QUARTERS),
        Column("as_given", "按原值", "mass", T),
        Column("computed", "核算", "mass", T),
        Column("unusable", "不可用的季度"),
    )
    note = "核算为可用季度之和。各季度的小时数与排放量见 annual.xlsx 与 tables/online.csv，替代的小时见 tables/substitutions.csv。"
    return Table("online", "在线监测：各排放口全年", columns, rows, factor="factor", note=note, empty="没有小时数据。")


def _of_quarters(closed: Closed, key: tuple[str, str, str], found: list[OnlineQuarter]) -> tuple[Cell, ...]:
    """Return hours, capture and sums of one outlet and factor."""
    ids = ("online", *key, str(closed.year.year))
    captures = {one.quarter.number: one.capture for one in found}
    quarter = {one.quarter.number: str(one.quarter) for one in found}
    return (
        *(figure(sum(getattr(one, name) for one in found), *ids, name) for name in HOURS),
        *(
            ratio_figure(share(one), *ids[:-1], quarter[number], "capture") if one is not None else None
            for number in QUARTERS
            for one in (captures.get(number),)
        ),
        figure(sum(one.as_given for one in found), *ids, "as_given"),
        figure(sum(one.computed or 0 for one in found), *ids, "computed"),
        "、".join(str(one.quarter) for one in found if one.computed is None) or None,
    )


def quality(closed: Closed) -> Table:
    """Return, by factor, how much of the computed total stands on which route."""
    sums: dict[tuple[str, str], int] = {}
    totals: dict[str, int] = {}
    for one in closed.account.totals:
        usual = (one.basis, one.scope) == (TO_ENVIRONMENT, WHOLE_PLANT)
        if usual and one.computed_actual is not None and one.route:
            key = (one.factor, one.route)
            sums[key] = sums.get(key, 0) + one.computed_actual
            totals[one.factor] = totals.get(one.factor, 0) + one.computed_actual
    order = closed.year.rules.factors.order
    rows: Rows = [
        (
            factor,
            labels(tuple(route.split("+"))),
            figure(sums[(factor, route)], "quality", factor, route, "amount"),
            figure(_percent(sums[(factor, route)], totals[factor]), "quality", factor, route, "share"),
        )
        for factor, route in sorted(sums, key=lambda key: (order[key[0]], key[1]))
    ]
    columns = (
        Column("factor", "污染因子"),
        Column("route", "途径"),
        Column("amount", "核算实际", "mass", YEARLY),
        Column("share", "占该因子（%）", "count"),
    )
    note = "外排环境量，全厂；占比取整数百分点（舍去小数）。"
    return Table(
        "quality", "数据质量：各途径所占的排放量", columns, rows, factor="factor", note=note, empty="没有核算的排放量。"
    )


def _percent(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None


def consistency(closed: Closed) -> Table:
    """Return the published figures that could be compared; the others are counted."""
    table = annual_record.consistency(closed)
    rows = [row for row in table.rows if row[-1] in (CONSISTENT, DIFFERENT)]
    left = len(table.rows) - len(rows)
    note = f"另有 {left} 项尚未复核或范围不同，没有比较，见 annual.xlsx 与 tables/consistency.csv。" if left else ""
    return replace(table, title=f"{table.title}：已比较的", rows=rows, note=note)
