"""`quota check` of one workbook with 100,000 rows against python-calamine only reading it: `python benchmarks/many_rows.py`.

Both as whole processes in the same run, in turn; the ratio is of the medians.  Two workbooks: evidence
(one sheet holds nearly all rows) and deposits (complete papers of 16,666 projects on five sheets, as many lots
posted through the ledger).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import xlsxwriter

from quota_lib.workspace import make_workspace

ROWS, RUNS = 100_000, 3
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
READ_ONLY = (
    "import sys; from python_calamine import CalamineWorkbook\n"
    "book = CalamineWorkbook.from_path(sys.argv[1])\n"
    "for name in book.sheet_names: book.get_sheet_by_name(name).to_python()"
)


def code(number: int) -> str:
    base = f"91320594MA{number:07d}"
    return base + SIGNS[-sum(SIGNS.index(sign) * weight for sign, weight in zip(base, WEIGHTS, strict=True)) % 31]


Sheet = tuple[str, list[str], Iterable[tuple[object, ...]]]


def base(projects: int) -> Iterator[Sheet]:
    yield "功能区", ["功能区编码", "功能区名称"], [("Z1", "一区")]
    heads = ["统一社会信用代码", "单位名称", "功能区编码"]
    yield "排污单位", heads, [(code(i), f"单位{i}", "Z1") for i in range(100)]
    heads = [
        "项目编号",
        "项目名称",
        "统一社会信用代码",
        "功能区编码",
        "减排工程类型",
        "建设地点",
        "竣工时间",
        "申报日期",
    ]
    day, declared = date(2024, 1, 1), date(2025, 1, 10)
    rows = ((f"P{i}", f"项目{i}", code(i % 100), "Z1", "深度治理", "园区", day, declared) for i in range(projects))
    yield "减排项目", heads, rows


def evidence(rows: int) -> Iterator[Sheet]:
    yield from base(1000)
    heads = ["项目编号", "材料类型", "文件名称", "文号", "日期"]
    day = date(2024, 1, 1)
    yield "佐证材料", heads, ((f"P{i % 1000}", "竣工验收", f"文件{i}.pdf", f"号{i}", day) for i in range(rows))


def deposits(rows: int) -> Iterator[Sheet]:
    count = rows // 6
    yield from base(count)
    amounts = [1.25 + i / 1000 for i in range(count)]
    heads = ["项目编号", "污染因子", "申报减排量", "核算方法"]
    yield "减排量", heads, ((f"P{i}", "COD", amounts[i], "文件核定") for i in range(count))
    heads = ["项目编号", "污染因子", "审核结论", "核定减排量", "审核人", "审核日期"]
    day = date(2025, 1, 20)
    yield "入库审核", heads, ((f"P{i}", "COD", "通过", amounts[i], "审核员甲", day) for i in range(count))
    heads = ["项目编号", "材料类型", "文件名称"]
    yield (
        "佐证材料",
        heads,
        ((f"P{i}", kind, f"{kind}{i}.pdf") for i in range(count) for kind in ("资金证明", "核算过程")),
    )
    heads = ["单号", "项目编号", "污染因子", "储备量", "储备日期"]
    day = date(2025, 2, 1)
    yield "指标储备", heads, ((f"C{i}", f"P{i}", "COD", amounts[i], day) for i in range(count))


def write(path: Path, sheets: Iterable[Sheet]) -> None:
    with xlsxwriter.Workbook(path) as book:
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, heads, rows in sheets:
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, heads)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(number, column, value, form)
                    else:
                        sheet.write(number, column, value)


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> int:
    for name, sheets in (("evidence", evidence), ("deposits", deposits)):
        with tempfile.TemporaryDirectory() as place:
            root = Path(place) / "park"
            make_workspace(root)
            book = root / "data" / "2025Q1" / "rows.xlsx"
            book.parent.mkdir()
            write(book, sheets(ROWS))
            pairs = [
                (
                    seconds([sys.executable, "-c", READ_ONLY, str(book)]),
                    seconds(["quota", "--workspace", str(root), "check", "2025Q1"]),
                )
                for _ in range(RUNS)
            ]
        read, check = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name}: reading only {read:.2f} s, quota check {check:.2f} s, ratio {check / read:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
