"""The bulletin of a zone as a Word document: its reductions, its reserve, supply and demand, and the warnings.

Source  REDUCE-5 考核通报; RESERVE-3 预警通报
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from quota_lib.coverage import CLAUSES
from quota_lib.park import Park
from quota_lib.reductions import reductions
from quota_lib.report.annex1 import BUREAU, DAY
from quota_lib.report.table import Cell, Column, FactorShown, Table
from quota_lib.report.word import ink
from quota_lib.report.word.grid import ALONG, add_heading, add_table
from quota_lib.report.word.package import Front, add, new_document, turn, write_document

TITLE = "苏州工业园区减排情况与总量指标储备供需情况通报"
SOURCES = ("deposited", "transferred_in", "superior_in", "recovered")
USES = ("debited", "transferred_out", "superior_out")
UNSETTLED = ("待供给", "待核定")
WAITING = ("project", "unit", "factor", "applied", "permitted", "ratio", "debit", "shortfall", "status")
WARNED = ("number", "level", "unit", "message", "fix", "clause")
_CHINESE = ("一", "二", "三", "四")
_NUMBERS = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


class Section(NamedTuple):
    """A numbered part of a bulletin: its heading, what it says, and its tables."""

    heading: str
    words: str
    tables: tuple[Table, ...]


def zones(park: Park, balances: Table) -> list[str]:
    """Return the zones that get a bulletin: those with any reduction or balance."""
    return sorted({str(row[0]) for row in balances.rows} | {one.project.zone for one in reductions(park)})


def sections(park: Park, zone: str, shown: Mapping[str, Table], balances: Table) -> list[Section]:
    """Return what a zone's bulletin says; ``shown``: the tables of the quarter's page, ``balances``: that of record."""
    label = f"{zone} {park.book.zone_label(zone)}"
    reduced = of_zone(shown["bulletin"], label, ("type", "factor", *_names(shown["bulletin"])[3:]))
    unsettled = of_zone(shown["applications"], zone, WAITING, UNSETTLED)
    short = of_zone(shown["shortages"], label, _names(shown["shortages"])[1:])
    warned = of_zone(shown["warnings"], label, WARNED)
    own = of_zone(balances, zone)
    counts = {level: sum(row[1] == level for row in warned.rows) for level in ("预警", "提示")}
    waiting = len({row[0] for row in unsettled.rows if row[-1] == UNSETTLED[0]})
    pending = len({row[0] for row in unsettled.rows if row[-1] == UNSETTLED[1]})
    lacking = sum(bool(row[3]) for row in short.rows)
    return [
        Section("减排情况", "减排项目自起用以来的申报、核定、占用、储备与使用，按工程类型与污染因子列示。", (reduced,)),
        Section(
            "总量指标储备收支", "本季度储备库的来源、使用与结存，按污染因子列示；各项来源与使用见附表。", (summed(own),)
        ),
        Section(
            "总量指标供需情况",
            f"期末有待供给的建设项目 {waiting} 个、待核定的 {pending} 个；所需超出本功能区可用的污染因子 {lacking} 种。",
            (
                replace(unsettled, title="待供给与待核定的建设项目", note="", empty="没有待供给或待核定的建设项目。"),
                short,
            ),
        ),
        Section(
            "预警与提示",
            f"本季度对本功能区有预警 {counts['预警']} 项、提示 {counts['提示']} 项。",
            (_placed(warned),),
        ),
    ]


def of_zone(table: Table, zone: str, columns: Sequence[str] = (), statuses: Sequence[str] = ()) -> Table:
    """Return a zone's rows of a table, with some of its columns; ``statuses``: only those of one of these."""
    names = _names(table)
    chosen = [names.index(name) for name in columns or [name for name in names if name != "zone"]]
    at, status = names.index("zone"), names.index("status") if statuses else None
    rows: list[tuple[Cell, ...]] = [
        tuple(row[place] for place in chosen)
        for row in table.rows
        if row[at] == zone and (status is None or row[status] in statuses)
    ]
    kept = tuple(table.columns[place] for place in chosen)
    return replace(table, columns=kept, rows=rows, total=frozenset(), facts={})


def signed(balances: Table) -> Table:
    """Return balances with their uses below zero, so that every row adds up as it stands."""
    uses = [column.name in USES for column in balances.columns]
    rows: list[tuple[Cell, ...]] = [
        tuple(-cell if use and isinstance(cell, int) else cell for cell, use in zip(row, uses, strict=True))
        for row in balances.rows
    ]
    note = "使用（扣除、调出、上级使用）列为负数；期末为期初与各项之和，可用为期末减去其中已纳入上级的。"
    return replace(balances, title="储备收支明细", rows=rows, note=note)


def summed(balances: Table) -> Table:
    """Return balances with their sources in one column and their uses, below zero, in another."""
    names = _names(balances)
    columns = (
        balances.columns[names.index("factor")],
        balances.columns[names.index("opening")],
        Column("sources", "来源", "mass", "t"),
        Column("uses", "使用", "signed", "t"),
        *(balances.columns[names.index(name)] for name in ("corrected", "closing", "frozen", "available")),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in balances.rows:
        cells = dict(zip(names, row, strict=True))
        sources = sum(cell for name, cell in cells.items() if name in SOURCES and isinstance(cell, int))
        uses = sum(cell for name, cell in cells.items() if name in USES and isinstance(cell, int))
        cells |= {"sources": sources, "uses": -uses}
        rows.append(tuple(cells[column.name] for column in columns))
    note = "来源为储备、调入、上级申请与回收之和，使用为扣除、调出与上级使用之和；期末＝期初＋来源＋使用＋冲正。"
    return replace(balances, title="本季度储备收支", columns=columns, rows=rows, note=note)


def _placed(warned: Table) -> Table:
    """Return warnings with the place of each clause in the rules, which is what their readers have before them."""
    rows = [(*row[:-1], CLAUSES[str(row[-1])].place if row[-1] in CLAUSES else row[-1]) for row in warned.rows]
    return replace(warned, rows=rows, note="")


def write_bulletin(
    path: Path,
    park: Park,
    zone: str,
    parts: Sequence[Section],
    detail: Table,
    factors: Mapping[str, FactorShown],
    signers: Sequence[str],
    mark: str = "",
) -> None:
    """Write a zone's bulletin as a Word document, whole or not at all; ``mark``: what its data lack.

    Shape   ``detail``: what follows the signatures, if it has rows; ``signers``: the roles that sign by hand, undated.
    """
    quarter, label = park.quarter, park.book.zone_label(zone)
    name = label if label == zone else f"{label}（{zone}）"
    period = f"{quarter.year} 年{_NUMBERS[quarter.number]}"
    front = Front(f"{TITLE} {name} {quarter}", str(quarter), quarter.end, mark, f"总量指标管理通报　{name}　{period}")
    document = new_document(front)
    add(document, ink.paragraph(ink.run(TITLE), "Title"))
    add(document, ink.paragraph(ink.run(f"{name}　{period}"), "Subtitle"))
    if mark:
        add(document, ink.paragraph(ink.run(f"■ {mark}：数据有错误，所涉单据未入账，改正后重新生成"), "Mark"))
    add(document, ink.paragraph(ink.run(_opening(park, name)), "BodyText"))
    number = 0
    for numeral, part in zip(_CHINESE, parts, strict=True):
        add_heading(document, f"{numeral}、{part.heading}", part.tables, factors)
        add(document, ink.paragraph(ink.run(part.words), "BodyText", ink.KEPT))
        for table in part.tables:
            number += 1
            add_table(document, table, factors, number)
    turn(document, across=False)
    add(document, ink.paragraph(ink.run("签署"), "Caption"))
    add(document, _signatures(signers))
    for text in (BUREAU, DAY):
        add(document, ink.paragraph(ink.run(text), "Signoff"))
    if detail.rows:
        add_heading(document, "附表", (detail,), factors)
        add_table(document, detail, factors, number + 1)
    write_document(path, document)


def _opening(park: Park, name: str) -> str:
    end = park.quarter.end
    clauses = "、".join(f"{CLAUSES[one].place}“{CLAUSES[one].about}”" for one in ("REDUCE-5", "RESERVE-3"))
    return (
        f"依据《苏州工业园区排污总量指标管理实施细则》{clauses}，现将{name}截至 {end.year} 年 {end.month} 月 {end.day} 日的"
        "减排情况与总量指标储备、供需情况通报如下。"
    )


def _signatures(signers: Sequence[str]) -> str:
    """Return the table in which those sign who answer for the figures."""
    width = ALONG // len(signers)
    names = "".join(ink.cell(ink.paragraph(ink.run(one), "TableHead"), width) for one in signers)
    blank = "".join(ink.cell(ink.paragraph(ink.run(""), "TableText"), width) for _ in signers)
    tall = '<w:cantSplit/><w:trHeight w:val="900" w:hRule="atLeast"/>'
    return ink.grid(ink.row(names, "<w:cantSplit/>") + ink.row(blank, tall), [width] * len(signers), "签署")


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]
