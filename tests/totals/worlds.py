"""A small park with an annual submission, in rows: what a test does not say is as usual.

zone HX · plants A, B (HX), C (HD) · A: DA001 (main, air), DW001 (main, water, to the sewage plant 清源).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quota_lib.accounting import Basis
from quota_lib.coefficients import Coefficients
from quota_lib.method_sheets import method_sheet
from quota_lib.park import fold
from quota_lib.periods import Period, Quarter, parse_period
from quota_lib.schema import sheets
from quota_lib.totals.year import Year, year_of
from quota_lib.workbook.folder import Folder
from quota_lib.workbook.sheet import read_sheet
from tests.oracle.compare import PARAMETERS, rules

A, B, C = "91320599YX0079190X", "91320599YX0158382A", "91320599YX0237574N"
RULES = rules()
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PARAMETERS.glob("*.yaml")}
COEFFICIENTS = Coefficients(TEXTS)
CODE = "统一社会信用代码"
Rows = list[tuple[str, str, dict[str, Any]]]  # folder, sheet, cells

USUAL: Mapping[str, dict[str, Any]] = {
    "总量管理名单": {"年度": 2025, CODE: A, "排定日期": "2025-02-20"},
    "总量申报": {
        "年度": 2025, CODE: A, "污染因子": "NOX", "许可排放量": "10", "实际排放量": "5", "允许排放量": "9",
        "核算方法": "自行监测", "申报日期": "2026-03-20",
    },
    "手工监测": {
        "类型": "自行监测", CODE: A, "排放口编号": "DA001", "采样日期": "2025-05-10", "污染因子": "NOX",
        "浓度(mg/m³ 或 mg/L)": "50", "流量(m³/h)": "1000",
    },
    "校准记录": {CODE: A, "排放口编号": "DA001", "污染因子": "NOX", "校准时间": "2025-05-10 08:00", "结果": "合格"},
    "排放口年度": {"年度": 2025, CODE: A, "排放口编号": "DA001", "年排放时间(h)": "8000"},
    "年度绩效": {"年度": 2025, CODE: A, "工业总产值(万元)": "1000", "绩效等级": "B"},
    "统计与披露": {"年度": 2025, CODE: A, "污染因子": "NOX", "来源": "环境统计", "排放量": "5"},
    "排放限量": {"年度": 2025, "功能区编码": "HX", "污染因子": "NOX", "限量": "100"},
    "总量复核": {
        "年度": 2025, CODE: A, "污染因子": "NOX", "核定许可排放量": "10", "核定实际排放量": "5",
        "复核人": "乙", "复核日期": "2026-04-20",
    },
    "许可总量": {
        CODE: A, "污染因子": "NOX", "全厂许可外排环境量": "10", "依据": "排污许可证", "生效日期": "2023-01-01",
    },
    "污水处理厂": {
        "污水处理厂名称": "清源", "污染因子": "COD", "出水浓度(mg/L)": "50", "依据": "GB 18918", "生效日期": "2023-01-01",
    },
    "排放口": {CODE: A, "排放口编号": "DA002", "类别": "大气", "主要排放口": "否"},
    "核算-产排污系数": {
        "年度": 2025, CODE: A, "污染因子": "NOX", "活动水平(计量单位/a)": "1000", "产污系数(kg/计量单位)": "2",
    },
    "核算-物料衡算": {
        "年度": 2025, CODE: A, "污染因子": "VOCS", "投入量(t/a)": "10", "产品和废物带出量(t/a)": "4",
        "回收量(t/a)": "3", "治理去除量(t/a)": "1",
    },
}  # fmt: skip


def row(sheet: str, folder: str = "2025", **cells: Any) -> tuple[str, str, dict[str, Any]]:
    """Return the usual row of a sheet, but for the cells given; None leaves one blank."""
    return folder, sheet, {**USUAL.get(sheet, {}), **cells}


def registers() -> Rows:
    return [
        *(row("功能区", "2025Q1", 功能区编码=zone, 功能区名称=zone) for zone in ("HX", "HD")),
        *(
            row("排污单位", "2025Q1", **{CODE: code, "单位名称": name, "功能区编码": zone, "受纳污水处理厂": "清源"})
            for name, code, zone in (("甲厂", A, "HX"), ("乙厂", B, "HX"), ("丙厂", C, "HD"))
        ),
        row("排放口", "2025Q1", 排放口编号="DA001", 主要排放口="是"),
        row("排放口", "2025Q1", 排放口编号="DW001", 类别="水", 主要排放口="是", 受纳污水处理厂="清源"),
        row("污水处理厂", "2025Q1"),
    ]


def folders_of(*rows: tuple[str, str, dict[str, Any]], bare: bool = False) -> dict[Period, Folder]:
    """Return folders as if each held one workbook."""
    content: dict[str, dict[str, list[dict[str, Any]]]] = {"2025": {}}
    for folder, sheet, cells in [*([] if bare else registers()), *rows]:
        content.setdefault(folder, {}).setdefault(sheet, []).append(cells)
    return {_period(name): _folder(name, pages) for name, pages in content.items()}


def _period(name: str) -> Period:
    found = parse_period(name)
    assert found is not None
    return found


def _folder(name: str, pages: dict[str, list[dict[str, Any]]]) -> Folder:
    period = _period(name)
    folder = Folder(period, [], [], [], {f"{name}/all.xlsx": "0"})
    for title, rows in pages.items():
        sheet = sheets().get(title) or method_sheet(title, annual=not isinstance(period, Quarter))
        assert sheet is not None, title
        headings = list(dict.fromkeys([*sheet.required, *(heading for one in rows for heading in one)]))
        grid: list[list[Any]] = [list(headings)]
        grid += [["" if one.get(heading) is None else one[heading] for heading in headings] for one in rows]
        reading = read_sheet(sheet, f"{name}/all.xlsx", period, grid, {}, RULES.factors)
        folder.readings.append(reading)
        folder.problems.extend(reading.problems)
    return folder


def year(
    *rows: tuple[str, str, dict[str, Any]],
    of: int = 2025,
    as_of: str = "2026Q2",
    given: Any = None,
    bare: bool = False,
) -> Year:
    """Return the facts of a year of the small park with some rows more; ``bare``: of these rows alone."""
    folders = folders_of(*rows, bare=bare)
    quarter = _period(as_of)
    assert isinstance(quarter, Quarter)
    park = fold(folders, quarter, given or RULES, Basis(COEFFICIENTS))
    return year_of(park, folders, of)


def told(found: Any) -> list[str]:
    """Return complaints as lines such as ``2025 总量申报!C2 Q310``."""
    return [f"{one.file.removesuffix('/all.xlsx')} {one.sheet}!{one.cell} {one.code}" for one in found]
