"""The state of the reserve: balances with the whole park, the quarter beside others, what is asked of above, deadlines.

Source  RESERVE-2a, RESERVE-2d, RESERVE-3
"""

from __future__ import annotations

from quota_lib.findings import Finding
from quota_lib.findings.numbers import numbered
from quota_lib.findings.reduction import finished, last_day
from quota_lib.findings.remarks import Remarks
from quota_lib.findings.reserve import demand
from quota_lib.park import Park
from quota_lib.periods import Quarter
from quota_lib.report import record
from quota_lib.report.movements import Rows, posted
from quota_lib.report.remarks import remark_text
from quota_lib.report.table import Cell, Column, Table
from quota_lib.reserve.balances import NOTHING, balances, by_factors
from quota_lib.tracing import fact_id, figure
from quota_lib.tracing.counts import declared_rows, reserved_rows
from quota_lib.tracing.fact import Words

T = "t"
PARK = "全园区"


def park_balances(park: Park) -> Table:
    """Return the quarter's balances by zone and factor, with a row of the whole park for every factor."""
    table = record.balances(park)
    found = list(table.rows)
    zones: Rows = [(f"{row[0]} {park.book.zone_label(str(row[0]))}", *row[1:]) for row in found]
    totals: Rows = []
    for factor in park.rules.factors.by_id:
        parts = [row[2:] for row in found if row[1] == factor]
        if parts:
            sums = (sum(int(one) for one in column if isinstance(one, int)) for column in zip(*parts, strict=True))
            parts_of = (column.name for column in table.columns[2:])
            cells = (figure(value, "balance", "*", factor, name) for value, name in zip(sums, parts_of, strict=True))
            totals.append((PARK, factor, *cells))
    note = (
        "期末＝期初＋储备＋调入＋上级申请＋回收－扣除－调出－上级使用＋冲正；可用＝期末－已纳入上级。"
        "全园区各行是五项来源与三项使用的合计，功能区之间的调剂两边都列。"
    )
    total = frozenset(range(len(zones), len(zones) + len(totals)))
    names = [column.name for column in table.columns]
    first = ("zone", "factor", "available", "closing", "opening")
    order = [names.index(name) for name in (*first, *(name for name in names if name not in first))]
    rows = [tuple(row[place] for place in order) for row in (*zones, *totals)]
    columns = tuple(table.columns[place] for place in order)
    return Table(
        "park_balances",
        "各功能区储备收支",
        columns,
        rows,
        factor="factor",
        note=note,
        total=total,
    )


def compared(park: Park) -> Table:
    """Return the park's sources and uses by factor: the quarter, the year so far, last quarter, a year ago."""
    quarter, entries = park.quarter, park.ledger.entries
    spans = {
        "quarter": (quarter, quarter),
        "year": (Quarter(quarter.year, 1), quarter),
        "last": (quarter.previous, quarter.previous),
        "year_ago": (quarter.year_before, quarter.year_before),
    }
    found = {name: by_factors(balances(entries, *span)) for name, span in spans.items()}
    rows: Rows = []
    for factor in park.rules.factors.by_id:
        if any(factor in one for one in found.values()):
            cells: list[Cell] = []
            for name, span in spans.items():
                one, keys = found[name].get(factor, NOTHING), ("balance", "*", factor)
                since = (str(span[0]), str(span[1]))
                cells.append(figure(one.deposited + one.superior_in + one.recovered, *keys, "brought", *since))
                cells.append(figure(one.debited, *keys, "debited", *since))
            for name in ("quarter", "last", "year_ago"):
                at = str(spans[name][1])
                cells.append(figure(found[name].get(factor, NOTHING).closing, "balance", "*", factor, "closing", at))
            rows.append((factor, *cells))
    names = {"quarter": "本期", "year": "本年累计", "last": "上季度", "year_ago": "上年同期"}
    columns = (
        Column("factor", "污染因子"),
        *(
            Column(f"{name}_{part}", f"{label}{word}", "mass", T)
            for name, label in names.items()
            for part, word in (("sources", "来源"), ("uses", "扣除"))
        ),
        Column("closing", "本期末", "mass", T),
        Column("last_closing", "上季度末", "mass", T),
        Column("year_ago_closing", "上年同期末", "mass", T),
    )
    note = "来源为储备、上级申请与回收之和；功能区之间的调剂在全园区相抵，不列。冲正不计入来源与扣除，见“冲正”。"
    return Table("compared", "全园区：本期、本年累计、上季度与上年同期", columns, rows, factor="factor", note=note)


def shortages(park: Park) -> Table:
    """Return what waiting and undecided projects need beyond what is available, and what to ask of above.

    Source  RESERVE-2d 园区本级储备库中总量指标不足的，牵头按规定申请使用上级污染物总量储备指标
    """
    now = balances(park.ledger.entries, park.quarter)
    order = park.rules.factors.order
    needs = demand(park)
    park_free: dict[str, int] = {}
    for (_, factor), balance in now.items():
        park_free[factor] = park_free.get(factor, 0) + balance.available
    park_need: dict[str, int] = {}
    for (_, factor), need in needs.items():
        park_need[factor] = park_need.get(factor, 0) + need
    rows: Rows = []
    for zone, factor in sorted(needs, key=lambda key: (key[0], order[key[1]])):
        need = needs[(zone, factor)]
        available = now.get((zone, factor), NOTHING).available
        rows.append(
            (
                f"{zone} {park.book.zone_label(zone)}",
                factor,
                figure(need, "need", zone, factor, "need"),
                figure(available, "balance", zone, factor, "available"),
                figure(max(need - available, 0), "need", zone, factor, "short"),
                figure(max(park_free.get(factor, 0) - available, 0), "need", zone, factor, "elsewhere"),
                figure(max(park_need[factor] - park_free.get(factor, 0), 0), "need", zone, factor, "ask"),
            )
        )
    columns = (
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("need", "待供给与待核定的需要", "mass", T),
        Column("available", "本功能区可用", "mass", T),
        Column("short", "缺口", "mass", T),
        Column("elsewhere", "其他功能区可用", "mass", T),
        Column("ask", "全园区缺口，须申请上级", "mass", T),
    )
    note = "需要量按期末比例计算，待核定的按申请量。其他功能区可用的，可先调剂；全园区仍不足的，申请使用上级储备。"
    return Table(
        "shortages",
        "需要与缺口",
        columns,
        rows,
        factor="factor",
        note=note,
        empty="没有待供给或待核定的需要。",
    )


def candidates(park: Park, found: list[Finding]) -> Table:
    """Return what might be recovered: not started, not to be built, used for less than was permitted.

    Source  RESERVE-4
    """
    rows: Rows = [
        (
            one.project or None,
            one.unit and park.book.unit_label(one.unit),
            one.zone,
            one.factor or None,
            one.level,
            Words(one.message, fact_id("finding", number)),
        )
        for number, one in numbered(found)
        if one.code in ("W508", "W509", "W510")
    ]
    columns = (
        Column("project", "建设项目"),
        Column("unit", "排污单位"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("level", "级别", "level"),
        Column("message", "情形"),
    )
    note = "是否收回、收回多少由生态环境局决定；这里只列可能。"
    return Table(
        "candidates",
        "可能收回的指标",
        columns,
        rows,
        factor="factor",
        note=note,
        empty="没有可能收回的指标。",
    )


def warning_list(park: Park, found: list[Finding], remarks: Remarks) -> Table:
    """Return the findings as people read them: what, whose, which clause, what can be done, and what was remarked.

    Source  RESERVE-3
    """
    levels = {"预警": 0, "提示": 1}
    rows: Rows = [
        (
            number,
            one.level,
            Words(one.message, fact_id("finding", number)),
            remark_text(remarks.by_number[number]),
            f"{one.zone} {park.book.zone_label(one.zone)}" if one.zone else None,
            park.book.unit_label(one.unit) if one.unit else None,
            one.fix,
            one.clause,
        )
        for number, one in sorted(numbered(found), key=lambda pair: (levels[pair[1].level], pair[1].zone))
    ]
    columns = (
        Column("number", "编号"),
        Column("level", "级别", "level"),
        Column("message", "情形"),
        Column("remark", "复核意见"),
        Column("zone", "功能区"),
        Column("unit", "排污单位"),
        Column("fix", "可采取的办法"),
        Column("clause", "条款"),
    )
    note = "编号各次运行不变，其前四位是预警的代码；比较的数值与级别见“采用的参数”中同一代码的一行。"
    return Table("warnings", "预警与提示", columns, rows, note=note, empty="没有预警。")


def deadlines(park: Park) -> Table:
    """Return the rounds and last days, kept and missed, zone by zone.

    Source  REDUCE-3, RESERVE-1 原则上每季度集中开展一次, 每年 2 月底前完成上一年度
    """
    rows: Rows = []
    zones = sorted(row.zone for row in park.book.latest("zone"))
    declared = [row for row in park.rows.get("reduction_project", ())]
    deposited = [row for one in posted(park, "指标储备") for row in one.rows]
    for zone in zones:
        label = f"{zone} {park.book.zone_label(zone)}"
        declarations = sum(row.zone == zone for row in declared)
        taken = sum(_zone_of(park, row.project) == zone for row in deposited)
        rows.append(
            (
                label,
                "季度减排申报",
                "REDUCE-3",
                park.quarter.end,
                figure(declarations, "round", zone, "declared"),
                None,
                _kept(declarations > 0),
            )
        )
        rows.append(
            (
                label,
                "季度指标储备",
                "RESERVE-1",
                park.quarter.end,
                figure(taken, "round", zone, "reserved"),
                None,
                _kept(taken > 0),
            )
        )
        rows += _of_last_year(park, zone, label)
    columns = (
        Column("zone", "功能区"),
        Column("what", "事项"),
        Column("clause", "条款"),
        Column("deadline", "期限", "date"),
        Column("done", "按期", "count"),
        Column("late", "逾期", "count"),
        Column("verdict", "结论"),
    )
    note = "季度集中开展是“原则上”的要求：本期一笔也没有的记为“本期未开展”。上一年度以竣工（关停）时间所在年计。"
    return Table("deadlines", "期限", columns, rows, note=note)


def _zone_of(park: Park, project: str) -> str:
    about = park.book.reduction_project(project)
    return about.zone if about else ""


def _kept(kept: bool) -> str:
    return "已开展" if kept else "本期未开展"


def _of_last_year(park: Park, zone: str, label: str) -> Rows:
    """Return, for last year's projects, how many were declared and reserved by the end of February."""
    year, end = park.quarter.year - 1, park.quarter.end
    rules = park.rules
    rows: Rows = []
    projects = [row for row in park.book.latest("reduction_project") if row.zone == zone and finished(row).year == year]
    for word, what, clause, key in (
        ("上一年度减排申报", "declared", "REDUCE-3", "deadlines.reductions_month"),
        ("上一年度指标储备", "reserved", "RESERVE-1", "deadlines.deposits_month"),
    ):
        deadline = last_day(year + 1, rules.count(key, end))
        days = declared_rows if what == "declared" else reserved_rows
        known = [day for row in projects if (day := days(park, row.project)[0])]
        late = sum(day > deadline for day in known)
        verdict = "没有上一年度项目" if not known else ("按期完成" if not late else f"{late} 项逾期")
        done = figure(len(known) - late, "round", zone, what, "done")
        rows.append((label, word, clause, deadline, done, figure(late, "round", zone, what, "late"), verdict))
    return rows
