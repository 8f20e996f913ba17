"""Lists that the page shows in its own words: applications with their routes, the reductions' bulletin.

Source  RESERVE-2b, RESERVE-2c; REDUCE-5
"""

from __future__ import annotations

from collections.abc import Iterator

from quota_lib.applications import applications
from quota_lib.park import Park
from quota_lib.reductions import reductions
from quota_lib.report.movements import Rows
from quota_lib.report.table import Column, Table
from quota_lib.tracing import figure
from quota_lib.tracing.fact import ratio_figure

T, YEARLY = "t", "t/a"


def application_list(park: Park) -> Table:
    """Return the quarter's applications, their routes with margins, decisions and what became of them."""
    rows: Rows = []
    for one in applications(park):
        document = one.ruling.document if one.ruling else None
        key = ("application", one.project.construction, one.factor)
        decision = f"{document.rows[0].decision} {document.document}" if document else None
        rows.append(
            (
                f"{one.project.construction} {one.project.label}",
                park.book.unit_label(one.project.unit),
                one.project.zone,
                one.factor,
                figure(one.applied, *key, "applied"),
                figure(one.line.plant_year_new, *key, "plant_year_new"),
                figure(one.line.threshold, *key, "threshold"),
                figure(one.line.margin, *key, "margin"),
                one.route,
                decision,
                document.date if document else None,
                figure(one.permitted, *key, "permitted"),
                ratio_figure(one.ratio, *key, "ratio"),
                figure(one.debit.amount, *key, "debit") if one.debit else None,
                one.status.value,
                figure(one.shortfall, *key, "shortfall"),
            )
        )
    columns = (
        Column("project", "建设项目"),
        Column("unit", "排污单位"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("applied", "申请新增", "mass", YEARLY),
        Column("plant_year_new", "全厂年新增", "mass", YEARLY),
        Column("threshold", "备案限值", "mass", YEARLY),
        Column("margin", "余量", "signed", YEARLY),
        Column("route", "应走途径"),
        Column("decision", "核定"),
        Column("decided", "核定日期", "date"),
        Column("permitted", "核定新增", "mass", YEARLY),
        Column("ratio", "比例", "ratio"),
        Column("debit", "扣除量", "mass", T),
        Column("status", "期末状态"),
        Column("shortfall", "缺口", "mass", T),
    )
    note = (
        "全厂年新增：本申请的新增加上同一厂区当年在先申请的新增（已核定的按核定）。余量＝备案限值－全厂年新增，"
        "不小于 0 即在限值内；重金属没有备案限值。途径按整个申请判断。"
    )
    empty = "本期没有申请、核定或待供给的项目。"
    return Table("applications", "总量申请、途径与核定", columns, rows, factor="factor", note=note, empty=empty)


SUMS = ("declared", "verified", "occupied", "reserved", "left", "used", "superior")


def _figures(key: tuple[str, str, str], values: list[int]) -> Iterator[int | None]:
    return (figure(value, "bulletin", *key, name) for name, value in zip(SUMS, values, strict=True))


def bulletin(park: Park) -> Table:
    """Return, by zone, type and factor, what was declared, verified, occupied, reserved and used.

    Source  REDUCE-5
    """
    order = park.rules.factors.order
    sums: dict[tuple[str, str, str], list[int]] = {}
    for one in reductions(park):
        key = (one.project.zone, one.project.type, one.reduction.factor)
        values = (
            one.reduction.declared,
            one.verified or 0,
            one.occupied,
            one.reserved,
            one.left,
            one.used,
            one.superior,
        )
        found = sums.setdefault(key, [0] * len(values))
        for place, value in enumerate(values):
            found[place] += value
    keys = sorted(sums, key=lambda key: (key[0], key[1], order[key[2]]))
    rows: Rows = [
        (f"{key[0]} {park.book.zone_label(key[0])}", key[1], key[2], *_figures(key, sums[key])) for key in keys
    ]
    columns = (
        Column("zone", "功能区"),
        Column("type", "减排工程类型"),
        Column("factor", "污染因子"),
        Column("declared", "申报", "mass", YEARLY),
        Column("verified", "核定", "mass", YEARLY),
        Column("occupied", "占用", "mass", YEARLY),
        Column("reserved", "已储备", "mass", YEARLY),
        Column("left", "未储备", "mass", YEARLY),
        Column("used", "已使用", "mass", T),
        Column("superior", "纳入上级", "mass", T),
    )
    note = "自起用以来的累计。未储备＝核定－占用－已储备。"
    return Table("bulletin", "减排情况通报", columns, rows, factor="factor", note=note, empty="尚无申报的减排项目。")
