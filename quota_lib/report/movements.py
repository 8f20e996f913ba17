"""What happened in the quarter, table by table: reductions, deposits, sources, transfers, the superior reserve, corrections.

Source  REDUCE-4 to RESERVE-4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quota_lib.park import Park
from quota_lib.report.table import Cell, Column, Table
from quota_lib.reserve.documents import Document
from quota_lib.reserve.lots import Entry
from quota_lib.schema import by_name
from quota_lib.tracing import figure
from quota_lib.tracing.fact import ratio_figure
from quota_lib.tracing.trace import entry_ids

T = "t"
YEARLY = "t/a"
Rows = list[tuple[Cell, ...]]


def stated(row: Any, field: str) -> int | None:
    """Return an amount as it stands in a row's cell, with the id of that cell."""
    source = row.at.source
    return figure(getattr(row, field), "cell", source.file, source.sheet, row.at.cell(field))


def posted(park: Park, *kinds: str) -> Iterator[Document]:
    """Return the quarter's documents of some kinds that were posted, in the order of posting."""
    found = [
        one
        for documents in park.ledger.posted.values()
        for one in documents
        if one.booked == park.quarter and one.kind in kinds
    ]
    return iter(sorted(found, key=lambda one: one.place))


def entries_of(park: Park, *kinds: str) -> list[Entry]:
    """Return the quarter's entries of some kinds."""
    return [one for one in park.ledger.entries if one.booked == park.quarter and one.kind in kinds]


def source_of(park: Park, entry: Entry) -> tuple[str, str, str]:
    """Return where a lot came from: its origin, its reduction project and that project's unit."""
    origin = park.ledger.lots.by_key[entry.lot_key].origin
    project = park.book.reduction_project(origin.project) if origin.project else None
    unit = park.book.unit_label(project.unit) if project else ""
    return origin.kind, f"{project.project} {project.label}" if project else "", unit


def reviewed(park: Park) -> Table:
    """Return what was declared or reviewed in the quarter, by project and factor.

    Source  REDUCE-3, REDUCE-4
    """
    keys = {(row.project, row.factor) for name in ("reduction", "verdict") for row in park.rows.get(name, ())}
    order = park.rules.factors.order
    rows: Rows = []
    for project, factor in sorted(keys, key=lambda key: (key[0], order[key[1]])):
        about = park.book.reduction_project(project)
        declared = park.book.holding("reduction", (project, factor))
        verdicts = [row for row in park.rows.get("verdict", ()) if (row.project, row.factor) == (project, factor)]
        verdict = verdicts[-1] if verdicts else park.book.holding("verdict", (project, factor))
        verified = verdict.verified if verdict and verdict.verdict == "通过" else None
        difference = verified - declared.declared if verified is not None and declared else None
        made = park.accounted.get((project, factor))
        rows.append(
            (
                f"{project} {about.label}" if about else project,
                park.book.unit_label(about.unit) if about else None,
                about.type if about else None,
                factor,
                figure(declared.declared, "reduction", project, factor, "declared") if declared else None,
                figure(made.counted, "reduction", project, factor, "computed") if made else None,
                verdict.verdict if verdict else "待审核",
                figure(verified, "reduction", project, factor, "verified"),
                figure(difference, "reduction", project, factor, "difference"),
                (verdict.reason or None) if verdict else None,
            )
        )
    columns = (
        Column("project", "减排项目"),
        Column("unit", "排污单位"),
        Column("type", "类型"),
        Column("factor", "污染因子"),
        Column("declared", "申报", "mass", YEARLY),
        Column("computed", "核算", "mass", YEARLY),
        Column("verdict", "审核结论"),
        Column("verified", "核定", "mass", YEARLY),
        Column("difference", "核定与申报之差", "signed", YEARLY),
        Column("reason", "原因"),
    )
    return Table("reviewed", "本期申报与审核的减排项目", columns, rows, factor="factor", empty="本期没有申报或审核。")


def deposits(park: Park) -> Table:
    """Return the quarter's deposits and occupations.

    Source  RESERVE-1
    """
    rows: Rows = []
    for one in posted(park, "指标储备", "减排量占用"):
        for row in one.rows:
            about = park.book.reduction_project(row.project)
            rows.append(
                (
                    one.number,
                    one.date,
                    one.kind,
                    f"{row.project} {about.label}" if about else row.project,
                    about.zone if about else None,
                    row.factor,
                    stated(row, "amount"),
                    getattr(row, "purpose", None),
                    getattr(row, "construction", "") or None,
                    one.undone_by or None,
                )
            )
    columns = (
        Column("document", "单号"),
        Column("date", "日期", "date"),
        Column("kind", "类别"),
        Column("project", "减排项目"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("amount", "数量", "mass", YEARLY),
        Column("purpose", "占用用途"),
        Column("construction", "建设项目"),
        Column("undone", "冲正单号"),
    )
    return Table("deposits", "本期指标储备与减排量占用", columns, rows, factor="factor", empty="本期没有储备或占用。")


def sources(park: Park) -> Table:
    """Return the source of every tonne debited: 建设项目 → 批次 → 减排项目 → 单位.

    Source  二、基本原则 指标来源有出处; RESERVE-2a
    """
    rows: Rows = []
    ids = entry_ids(park.ledger.entries)
    for one in entries_of(park, "debit"):
        kind, project, unit = source_of(park, one)
        about = park.book.construction(one.project)
        rows.append(
            (
                f"{one.project} {about.label}",
                one.document,
                one.zone,
                one.factor,
                figure(one.gross, "application", one.project, one.factor, "permitted"),
                ratio_figure(one.ratio, "application", one.project, one.factor, "ratio"),
                one.lot,
                figure(-one.amount, "drawn", ids[one.sequence]),
                kind,
                project or None,
                unit or None,
            )
        )
    columns = (
        Column("construction", "建设项目"),
        Column("document", "文号"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("gross", "核定新增", "mass", YEARLY),
        Column("ratio", "比例", "ratio"),
        Column("lot", "批次"),
        Column("amount", "扣除", "mass", T),
        Column("origin", "批次来源"),
        Column("project", "减排项目"),
        Column("unit", "减排单位"),
    )
    return Table("sources", "每一笔扣除的来源", columns, rows, factor="factor", empty="本期没有扣除。")


def transfers(park: Park) -> Table:
    """Return the quarter's transfers between zones.

    Source  RESERVE-2a
    """
    rows: Rows = [
        (
            one.number,
            row.date,
            row.from_zone,
            row.to_zone,
            row.factor,
            stated(row, "amount"),
            row.reference,
            one.undone_by or None,
        )
        for one in posted(park, "功能区调剂")
        for row in one.rows
    ]
    columns = (
        Column("document", "单号"),
        Column("date", "日期", "date"),
        Column("from_zone", "调出功能区"),
        Column("to_zone", "调入功能区"),
        Column("factor", "污染因子"),
        Column("amount", "数量", "mass", T),
        Column("reference", "文号"),
        Column("undone", "冲正单号"),
    )
    return Table("transfers", "功能区调剂", columns, rows, factor="factor", empty="本期没有调剂。")


def superior(park: Park) -> Table:
    """Return the quarter's movements between the park and the superior reserve.

    Source  RESERVE-2d
    """
    rows: Rows = [
        (
            one.number,
            row.date,
            row.direction,
            row.zone,
            row.factor,
            stated(row, "amount"),
            row.lot or one.number,
            row.reference,
            one.undone_by or None,
        )
        for one in posted(park, "申请使用", "纳入上级", "上级使用", "退出上级")
        for row in one.rows
    ]
    columns = (
        Column("document", "单号"),
        Column("date", "日期", "date"),
        Column("direction", "方向"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("amount", "数量", "mass", T),
        Column("lot", "批次"),
        Column("reference", "文号"),
        Column("undone", "冲正单号"),
    )
    return Table("superior", "与上级储备库的往来", columns, rows, factor="factor", empty="本期没有往来。")


def corrections(park: Park) -> Table:
    """Return the quarter's 冲正, each with what it reversed.

    Source  SAFE-4
    """
    rows: Rows = []
    ids = entry_ids(park.ledger.entries)
    for one in posted(park, "冲正"):
        row = one.rows[0]
        changes: list[Entry | None] = [*one.entries] or [None]
        for change in changes:
            original = park.ledger.posted[row.original][0]
            rows.append(
                (
                    one.number,
                    one.date,
                    row.original,
                    original.kind,
                    str(original.booked),
                    change.zone if change else None,
                    change.factor if change else None,
                    change.lot if change else None,
                    figure(change.amount, "entry", ids[change.sequence], "amount") if change else None,
                    row.reason,
                )
            )
    columns = (
        Column("document", "单号"),
        Column("date", "日期", "date"),
        Column("original", "原单号"),
        Column("kind", "原单类别"),
        Column("booked", "原入账期"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("lot", "批次"),
        Column("amount", "结存变动", "signed", T),
        Column("reason", "原因"),
    )
    note = "冲正只在本期入账，已公布的期间不改。没有批次的冲正撤销的是占用、待供给或不同意的核定。"
    return Table("corrections", "冲正", columns, rows, factor="factor", note=note, empty="本期没有冲正。")


def late(park: Park) -> Table:
    """Return the rows of the quarter that belong to an earlier one by their date (补报).

    Source  contract §1, two clocks
    """
    rows: Rows = []
    for name, found in park.rows.items():
        sheet = by_name().get(name)
        if sheet is None or not sheet.date or not sheet.number:  # a method's inputs, or no document
            continue
        for row in found:
            day = getattr(row, sheet.date)
            if day < park.quarter.start:
                place = row.at.reference(sheet.date)
                factor = getattr(row, "factor", "")
                rows.append((sheet.title, getattr(row, sheet.number), day, factor or None, place))
    columns = (
        Column("sheet", "工作表"),
        Column("document", "单号"),
        Column("date", "业务日期", "date"),
        Column("factor", "污染因子"),
        Column("source", "单元格"),
    )
    rows.sort(key=lambda row: (str(row[0]), str(row[1]), str(row[4])))
    note = "业务日期早于本期的单据在本期入账，不改动已公布的期间。"
    return Table("late", "补报", columns, rows, factor="factor", note=note, empty="本期没有补报的单据。")


def recoveries(park: Park) -> Table:
    """Return the quarter's recoveries and the lots that they went back into.

    Source  RESERVE-4
    """
    rows: Rows = []
    ids = entry_ids(park.ledger.entries)
    for one in posted(park, "指标回收"):
        for row in one.rows:
            back = [entry for entry in one.entries if entry.factor == row.factor]
            entries: list[Entry | None] = [*back] or [None]
            for entry in entries:
                rows.append(
                    (
                        one.number,
                        one.date,
                        row.construction,
                        row.factor,
                        row.reason,
                        stated(row, "amount"),
                        ratio_figure(entry.ratio, "application", row.construction, row.factor, "ratio")
                        if entry
                        else None,
                        entry.lot if entry else None,
                        figure(entry.amount, "entry", ids[entry.sequence], "amount") if entry else 0,
                        one.undone_by or None,
                    )
                )
    columns = (
        Column("document", "单号"),
        Column("date", "日期", "date"),
        Column("construction", "建设项目"),
        Column("factor", "污染因子"),
        Column("reason", "回收原因"),
        Column("amount", "回收量", "mass", YEARLY),
        Column("ratio", "比例", "ratio"),
        Column("lot", "退回批次"),
        Column("back", "退回", "mass", T),
        Column("undone", "冲正单号"),
    )
    return Table("recoveries", "指标回收", columns, rows, factor="factor", empty="本期没有回收。")
