"""A tiny park in rows, to show one mistake at a time in.

The first quarter brings what later rows name, the second the rows under test and, behind them on every sheet,
bystanders that have nothing to do with them: whatever is wrong with the others, these must post.

    zones HX, HD · plants A, B (HX), C (HD) · assessments of 2024: both media met
    HX, COD: opening lot QC-1 of 10 t, less the 0.5 t that W-1 permits X1 (plant A); deposit CB-1 of 2 t, from the 5 t
    verified of J1 (plant A) · HD, TN: what the bystanders live on
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from quota_lib.amounts import text
from quota_lib.checking import problems_of
from quota_lib.park import Park
from quota_lib.problems import SEVERITIES, Problem
from quota_lib.rules import Rules
from tests.oracle.compare import park_of, rules

BEFORE, NOW, LATER = "2025Q1", "2025Q2", "2025Q3"
A, B, C = "91320599YX0079190X", "91320599YX0158382A", "91320599YX0237574N"
RULES = rules()

USUAL: Mapping[str, dict[str, Any]] = {
    "功能区": {"功能区编码": "WB", "功能区名称": "苇北"},
    "排污单位": {"统一社会信用代码": "91320599YX03167663", "单位名称": "丁厂", "功能区编码": "HX"},
    "环境质量": {"年度": 2024, "要素": "水", "考核结果": "达标", "发布日期": "2025-04-10"},
    "减排项目": {
        "项目编号": "J9",
        "项目名称": "治理",
        "统一社会信用代码": A,
        "功能区编码": "HX",
        "减排工程类型": "深度治理",
        "建设地点": "厂内",
        "竣工时间": "2025-03-01",
        "申报日期": "2025-04-10",
    },
    "减排量": {"项目编号": "J1", "污染因子": "COD", "申报减排量": "5", "核算方法": "文件核定"},
    "入库审核": {
        "项目编号": "J1",
        "污染因子": "COD",
        "审核结论": "通过",
        "核定减排量": "5",
        "审核人": "甲",
        "审核日期": "2025-05-10",
    },
    "减排量占用": {
        "单号": "ZY",
        "项目编号": "J1",
        "污染因子": "COD",
        "用途": "其他",
        "数量": "1",
        "日期": "2025-05-10",
        "依据": "台账",
    },
    "期初结存": {"单号": "QC", "功能区编码": "HX", "污染因子": "COD", "数量": "1", "依据": "台账"},
    "指标储备": {"单号": "CB", "项目编号": "J1", "污染因子": "COD", "储备量": "1", "储备日期": "2025-05-10"},
    "建设项目": {
        "建设项目编号": "X9",
        "建设项目名称": "扩建",
        "统一社会信用代码": B,
        "功能区编码": "HX",
        "建设地点": "厂内",
        "申请日期": "2025-04-10",
    },
    "总量申请": {
        "建设项目编号": "X9",
        "污染因子": "COD",
        "现有外排环境量": "1",
        "本项目外排环境量": "0.5",
        "以新带老削减量": "0",
        "全厂外排环境量": "1.5",
    },
    "总量核定": {
        "建设项目编号": "X9",
        "污染因子": "COD",
        "确认方式": "备案",
        "结论": "同意",
        "核定新增外排环境量": "0.5",
        "核定日期": "2025-05-10",
        "文号": "W9",
    },
    "上级储备": {
        "单号": "SJ",
        "日期": "2025-05-10",
        "方向": "纳入上级",
        "功能区编码": "HX",
        "污染因子": "COD",
        "数量": "1",
        "批次": "CB-1",
        "文号": "市储备1号",
    },
    "功能区调剂": {
        "单号": "TJ",
        "日期": "2025-05-10",
        "调出功能区": "HX",
        "调入功能区": "HD",
        "污染因子": "COD",
        "数量": "1",
        "文号": "调1号",
    },
    "项目状态": {"建设项目编号": "X1", "状态": "在建", "状态日期": "2025-05-10"},
    "指标回收": {
        "单号": "HS",
        "建设项目编号": "X1",
        "污染因子": "COD",
        "回收原因": "其他",
        "回收量": "0.1",
        "回收日期": "2025-05-10",
        "依据": "函",
    },
    "冲正": {"单号": "CZ", "原单号": "CB-1", "日期": "2025-05-10", "原因": "有误", "依据": "更正单"},
    "结存核对": {"功能区编码": "HX", "污染因子": "COD", "期末结存": "11.5"},
    "总量复核": {
        "年度": 2024,
        "统一社会信用代码": A,
        "污染因子": "COD",
        "核定许可排放量": "10",
        "核定实际排放量": "7",
        "复核人": "乙",
        "复核日期": "2025-05-10",
    },
}


class Paper(NamedTuple):
    """A row that someone handed in."""

    folder: str
    sheet: str
    row: dict[str, Any]


def paper(sheet: str, folder: str = NOW, **cells: Any) -> Paper:
    """Return the usual row of a sheet, but for the cells given; None leaves one blank."""
    return Paper(folder, sheet, {**USUAL.get(sheet, {}), **cells})


def applied(project: str = "X9", folder: str = NOW, plant: str = B, zone: str = "HX", **amounts: str) -> list[Paper]:
    """Return a construction project, and its application for the new amounts given by factor."""
    day = {"申请日期": USUAL["建设项目"]["申请日期"] if folder == NOW else "2025-01-15"}
    named = {"建设项目编号": project}
    own = [paper("建设项目", folder, 统一社会信用代码=plant, 功能区编码=zone, **named, **day)]
    nothing = {"现有外排环境量": "0", "以新带老削减量": "0"}
    new = [{"污染因子": f, "本项目外排环境量": a, "全厂外排环境量": a} for f, a in (amounts or {"COD": "0.5"}).items()]
    return own + [paper("总量申请", folder, **named, **nothing, **one) for one in new]


def declared(project: str = "J9", folder: str = NOW, **amounts: str) -> list[Paper]:
    """Return a reduction project with its verdicts, by factor."""
    day, reviewed = ("2025-04-10", "2025-04-20") if folder == NOW else ("2025-01-10", "2025-01-20")
    verdicts = [
        paper("入库审核", folder, 项目编号=project, 污染因子=f, 核定减排量=a, 审核日期=reviewed)
        for f, a in amounts.items()
    ]
    return [paper("减排项目", folder, 项目编号=project, 申报日期=day), *verdicts]


def _first_quarter() -> list[Paper]:
    plants = (("甲厂", A, "HX"), ("乙厂", B, "HX"), ("丙厂", C, "HD"))
    own = [
        *(paper("功能区", BEFORE, 功能区编码=zone, 功能区名称=zone) for zone in ("HX", "HD")),
        *(paper("排污单位", BEFORE, 统一社会信用代码=code, 单位名称=n, 功能区编码=zone) for n, code, zone in plants),
        *(paper("环境质量", BEFORE, 要素=medium, 发布日期="2025-01-10") for medium in ("大气", "水")),
        paper("期初结存", BEFORE, 单号="QC-1", 数量="10"),
        *declared("J1", BEFORE, COD="5"),
        paper("指标储备", BEFORE, 单号="CB-1", 储备量="2", 储备日期="2025-02-10"),
        *applied("X1", BEFORE, A, COD="0.5"),
        paper("总量核定", BEFORE, 建设项目编号="X1", 文号="W-1", 核定日期="2025-02-20"),
    ]
    nitrogen = {"污染因子": "TN", "功能区编码": "HD"}
    day = "2025-02-20"
    return [
        *own,
        paper("期初结存", BEFORE, 单号="旁期初", 数量="50", **nitrogen),
        *declared("旁减排", BEFORE, TN="5"),
        *applied("旁一", BEFORE, C, "HD", TN="0.05"),
        _decision("旁一", BEFORE, 文号="旁一", 核定新增外排环境量="0.05", 核定日期=day),
        paper("功能区调剂", BEFORE, 单号="旁误", 污染因子="TN", 调出功能区="HD", 调入功能区="HX", 日期=day),
    ]


def _decision(project: str, folder: str = NOW, **cells: Any) -> Paper:
    return paper("总量核定", folder, 建设项目编号=project, 污染因子="TN", **cells)


def _bystanders() -> list[Paper]:
    return [
        paper("减排量占用", 单号="旁占用", 项目编号="旁减排", 污染因子="TN"),
        paper("指标储备", 单号="旁储备", 项目编号="旁减排", 污染因子="TN"),
        paper("上级储备", 单号="旁申请", 方向="申请使用", 功能区编码="HD", 污染因子="TN", 批次=None),
        paper("功能区调剂", 单号="旁调剂", 污染因子="TN", 调出功能区="HD", 调入功能区="HX"),
        paper("项目状态", 建设项目编号="旁一"),
        *applied("旁二", NOW, C, "HD", TN="0.04"),
        _decision("旁二", 文号="旁二", 核定新增外排环境量="0.04"),
        paper("指标回收", 单号="旁回收", 建设项目编号="旁一", 污染因子="TN", 回收量="0.01"),
        paper("冲正", 单号="旁冲正", 原单号="旁误"),
    ]


BYSTANDERS = ("旁期初", "旁一", "旁误", "旁占用", "旁储备", "旁申请", "旁调剂", "旁二", "旁回收", "旁冲正")


def folders_of(*papers: Paper) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the folders with the park's rows, the papers given, and the bystanders behind them."""
    folders: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one in (*_first_quarter(), *papers, *_bystanders()):
        folders.setdefault(one.folder, {}).setdefault(one.sheet, []).append(one.row)
    return folders


def parked(*papers: Paper, upto: str = NOW, given: Rules | None = None) -> Park:
    """Return the park with some papers more; whatever is wrong with them, the bystanders are posted."""
    park = park_of(folders_of(*papers), upto, given or RULES)
    assert set(BYSTANDERS) <= set(park.ledger.posted), "a bystander is not posted"
    return park


def told(park: Park) -> list[str]:
    """Return every complaint about the rows, in order, such as ``2025Q2 指标储备!D2 错误 Q401``."""
    return [_line(one) for one in park.problems]


def warned(park: Park) -> list[str]:
    """Return every finding that has a cell, likewise."""
    return [_line(one) for one in problems_of(park, []) if one.code.startswith("W") and one.cell]


def _line(one: Problem) -> str:
    return f"{one.file.removesuffix('/all.xlsx')} {one.sheet}!{one.cell} {SEVERITIES[one.severity]} {one.code}"


def posted(park: Park) -> set[str]:
    """Return the numbers of the posted documents that are not the park's own."""
    return set(park.ledger.posted) - {*BYSTANDERS, "QC-1", "CB-1", "W-1"}


def left(park: Park, zone: str = "HX", factor: str = "COD") -> str:
    """Return what is left of a factor in a zone, t."""
    return text(sum(lot.left for lot in park.ledger.lots if (lot.zone, lot.factor) == (zone, factor)))
