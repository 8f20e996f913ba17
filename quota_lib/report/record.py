"""The tables of record: what a run leaves for other programs, column by column as the contract lists them.

Source  contract §5
"""

from __future__ import annotations

from collections.abc import Sequence

from quota_lib import applications as applied
from quota_lib.findings import Finding, findings
from quota_lib.method_sheets import method_of
from quota_lib.park import Park
from quota_lib.problems import Problem, in_order
from quota_lib.reductions import reductions as reduced
from quota_lib.report.table import Cell, Column, Table
from quota_lib.reserve.balances import NOTHING, accounts
from quota_lib.reserve.balances import balances as balances_of
from quota_lib.tracing import figure
from quota_lib.tracing.fact import ratio_figure
from quota_lib.tracing.trace import entry_ids

T = "t"
_BALANCE = (
    ("opening", "期初"),
    ("deposited", "储备"),
    ("transferred_in", "调入"),
    ("superior_in", "上级申请"),
    ("recovered", "回收"),
    ("debited", "扣除"),
    ("transferred_out", "调出"),
    ("superior_out", "上级使用"),
    ("corrected", "冲正"),
    ("closing", "期末"),
    ("frozen", "其中已纳入上级"),
    ("available", "可用"),
)


def balances(park: Park) -> Table:
    """Return the quarter's balance of every zone and factor with any entry ever or a decision waiting."""
    entries, ledger = park.ledger.entries, park.ledger
    found = balances_of(entries, park.quarter)
    columns = (
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        *(Column(name, heading, "signed" if name == "corrected" else "mass", T) for name, heading in _BALANCE),
    )
    rows = []
    for zone, factor in accounts(ledger, entries, park.rules.factors.order):
        balance = found.get((zone, factor), NOTHING)
        cells = (figure(getattr(balance, name), "balance", zone, factor, name) for name, _ in _BALANCE)
        rows.append((zone, factor, *cells))
    return Table("balances", "各功能区储备收支", columns, rows, factor="factor")


def entries(park: Park) -> Table:
    """Return the quarter's entries as posted: one per document row and lot."""
    ids = entry_ids(park.ledger.entries)
    rows: list[tuple[Cell, ...]] = [
        (
            ids[one.sequence],
            str(one.booked),
            one.date,
            one.kind,
            one.zone,
            one.factor,
            one.lot,
            one.amount,
            one.frozen,
            one.document,
            one.original,
            one.project,
            one.ratio,
            one.gross,
            one.clause,
            one.place.reference(one.field),
        )
        for one in park.ledger.entries
        if one.booked == park.quarter
    ]
    columns = (
        Column("entry_id", "分录号"),
        Column("booked", "入账期"),
        Column("date", "入账日", "date"),
        Column("kind", "类别"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("lot", "批次"),
        Column("amount", "结存变动", "signed", T),
        Column("frozen", "纳入上级变动", "signed", T),
        Column("document", "单号"),
        Column("original", "原单号"),
        Column("project", "项目"),
        Column("ratio", "比例", "ratio"),
        Column("gross", "许可量", "mass", "t/a"),
        Column("clause", "条款"),
        Column("source", "来源单元格"),
    )
    return Table("entries", "本期分录", columns, rows, factor="factor", empty="本期没有分录。")


def lots(park: Park) -> Table:
    """Return every lot ever, and what became of it."""
    order = park.rules.factors.order
    rows: list[tuple[Cell, ...]] = [
        (
            lot.number,
            lot.zone,
            lot.factor,
            lot.origin.kind,
            lot.origin.project or None,
            str(lot.origin.booked),
            lot.origin.date,
            lot.born,
            lot.moved,
            lot.born + lot.moved - lot.left,
            lot.left,
            lot.frozen,
        )
        for lot in sorted(park.ledger.lots, key=lambda one: (one.number, one.zone, order[one.factor]))
    ]
    columns = (
        Column("lot", "批次"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("origin", "来源"),
        Column("project", "减排项目"),
        Column("booked", "入账期"),
        Column("date", "日期", "date"),
        Column("born", "形成", "mass", T),
        Column("moved", "调剂净额", "signed", T),
        Column("used", "已用", "mass", T),
        Column("left", "结存", "mass", T),
        Column("frozen", "其中已纳入上级", "mass", T),
    )
    return Table("lots", "批次", columns, rows, factor="factor", empty="尚无批次。")


def applications(park: Park) -> Table:
    """Return a row per factor applied for, of every project that the quarter concerns."""
    rows: list[tuple[Cell, ...]] = []
    for one in applied.applications(park):
        document = one.ruling.document if one.ruling else None
        rows.append(
            (
                one.project.construction,
                one.project.unit,
                one.project.zone,
                one.factor,
                one.applied,
                one.line.plant_year_new,
                one.line.threshold,
                one.line.margin,
                one.route,
                document.rows[0].decision if document else None,
                document.date if document else None,
                document.document if document else None,
                one.balance_way or None,
                one.permitted,
                one.ratio,
                one.debit.rule or None if one.debit else None,
                one.debit.amount if one.debit else None,
                one.recovered,
                one.status.value,
                one.shortfall,
            )
        )
    columns = (
        Column("project", "建设项目"),
        Column("unit", "排污单位"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("applied", "申请新增", "mass", "t/a"),
        Column("plant_year_new", "全厂年新增", "mass", "t/a"),
        Column("threshold", "备案限值", "mass", "t/a"),
        Column("margin", "余量", "signed", "t/a"),
        Column("route", "应走途径"),
        Column("decision", "结论"),
        Column("decided", "核定日期", "date"),
        Column("document", "文号"),
        Column("balance_way", "平衡途径"),
        Column("permitted", "核定新增", "mass", "t/a"),
        Column("ratio", "扣除比例", "ratio"),
        Column("rule", "比例规则"),
        Column("debit", "扣除量", "mass", T),
        Column("recovered", "已回收", "mass", "t/a"),
        Column("status", "期末状态"),
        Column("shortfall", "缺口", "mass", T),
    )
    return Table(
        "applications",
        "建设项目总量申请与核定",
        columns,
        rows,
        factor="factor",
        empty="本期没有申请、核定或待供给的项目。",
    )


def balance_plan(park: Park) -> Table:
    """Return which lots would serve every project waiting or undecided, as if it were alone."""
    rows: list[tuple[Cell, ...]] = []
    for one in applied.balance_plan(park):
        lot = one.lot
        source = lot.origin.project or None if lot else None
        amount, short = (one.amount, None) if lot else (None, one.amount if one.need is not None else None)
        rows.append(
            (
                one.project.construction,
                one.factor,
                figure(one.need, "plan", one.project.construction, one.factor, "need"),
                ratio_figure(one.ratio, "plan", one.project.construction, one.factor, "ratio"),
                lot.number if lot else None,
                source,
                figure(amount, "plan", one.project.construction, one.factor, "lot", lot.number if lot else ""),
                figure(short, "plan", one.project.construction, one.factor, "short"),
            )
        )
    columns = (
        Column("project", "建设项目"),
        Column("factor", "污染因子"),
        Column("need", "需要量", "mass", T),
        Column("ratio", "扣除比例", "ratio"),
        Column("lot", "批次"),
        Column("source_project", "减排项目"),
        Column("amount", "可由该批次平衡", "mass", T),
        Column("shortfall", "缺口", "mass", T),
    )
    note = "逐个项目单独试算，互不扣减。待核定的项目按申请量和期末日的比例。"
    return Table(
        "balance_plan",
        "总量平衡方案",
        columns,
        rows,
        factor="factor",
        note=note,
        empty="没有待供给或待核定的项目。",
    )


def reductions(park: Park) -> Table:
    """Return a row per project and factor declared up to the quarter's end."""
    rows: list[tuple[Cell, ...]] = [
        (
            one.project.project,
            one.project.unit,
            one.project.zone,
            one.project.type,
            one.reduction.factor,
            one.reduction.declared,
            one.computed,
            one.verified,
            one.occupied,
            one.reserved,
            one.left,
            one.used,
            one.superior,
            one.method,
            one.edition or None,
        )
        for one in reduced(park)
    ]
    columns = (
        Column("project", "减排项目"),
        Column("unit", "排污单位"),
        Column("zone", "功能区"),
        Column("type", "减排工程类型"),
        Column("factor", "污染因子"),
        Column("declared", "申报", "mass", "t/a"),
        Column("computed", "核算", "mass", "t/a"),
        Column("verified", "核定", "mass", "t/a"),
        Column("occupied", "占用", "mass", "t/a"),
        Column("reserved", "已储备", "mass", "t/a"),
        Column("left", "未储备", "mass", "t/a"),
        Column("used", "已使用", "mass", T),
        Column("superior", "上级", "mass", T),
        Column("method", "核算方法"),
        Column("edition", "版本"),
    )
    return Table("reductions", "减排项目库", columns, rows, factor="factor", empty="尚无申报的减排项目。")


def of_the_quarter(park: Park) -> set[tuple[str, str]]:
    """Return the computations of the projects that were declared, reviewed or given inputs for in the quarter."""
    touched = {
        (row.project, row.factor)
        for name, found in park.rows.items()
        if name in ("reduction", "verdict") or method_of(name)
        for row in found
    }
    return touched & park.accounted.keys()


def warnings(park: Park, found: Sequence[Finding] | None = None) -> Table:
    """Return every finding of the quarter, with the clause it rests on."""
    return warning_table(findings(park) if found is None else found)


def warning_table(found: Sequence[Finding]) -> Table:
    """Return findings as warnings.csv lists them."""
    rows: list[tuple[Cell, ...]] = [
        (
            one.zone or None,
            one.unit or None,
            one.project or None,
            one.factor or None,
            one.level,
            one.code,
            one.clause,
            one.message,
        )
        for one in found
    ]
    columns = (
        Column("zone", "功能区"),
        Column("unit", "排污单位"),
        Column("project", "项目"),
        Column("factor", "污染因子"),
        Column("level", "级别", "level"),
        Column("code", "代码"),
        Column("clause", "条款"),
        Column("message", "说明"),
    )
    return Table("warnings", "预警与提示", columns, rows, factor="factor", empty="没有预警。")


def problems(found: Sequence[Problem]) -> Table:
    """Return every complaint about the data, as `quota check` lists them."""
    rows: list[tuple[Cell, ...]] = [
        (one.file, one.sheet or None, one.cell or None, one.severity, one.code, one.message, one.fix)
        for one in in_order(found)
    ]
    columns = (
        Column("file", "文件"),
        Column("sheet", "工作表"),
        Column("cell", "单元格"),
        Column("severity", "级别"),
        Column("code", "代码"),
        Column("message", "问题"),
        Column("fix", "处理办法"),
    )
    return Table("problems", "数据问题", columns, rows, empty="数据没有问题。")
