"""Write ``常见错误.xlsx``: what goes wrong in practice, to try the messages on.

``python -m tests.demo.mistakes [FILE]``; copied into the park's ``data/2025Q4`` it is read with the rest.
The rows stand in ``mistakes.txt``.
"""

import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from .make_park import build
from .park import Park, Row
from .register import credit_code
from .writer import canonical

HERE = Path(__file__).parent


def taken_from(park: Park) -> dict[str, Any]:
    """Return what the rows of mistakes name in the park, and codes that are not in it."""

    def first(sheet: str, fits: Callable[[Row], bool]) -> Row:
        return next(row for sheets in park.folders().values() for row in sheets.get(sheet, []) if fits(row))

    fresh = [credit_code(900 + n) for n in range(4)]
    code = credit_code(910)
    return {
        "fresh": fresh,
        "short": code[:-1],
        "damaged": code[:-1] + ("0" if code[-1] != "0" else "1"),
        "stranger": credit_code(911),
        "here": first("排污单位", lambda row: row["单位名称"].startswith("衡湖乙一"))["统一社会信用代码"],
        "there": first("排污单位", lambda row: row["单位名称"].startswith("衡澜甲一"))["统一社会信用代码"],
        "project": first("入库审核", lambda row: row["审核结论"] == "通过" and row["污染因子"] == "COD"),
        "lot": first("指标储备", lambda row: row["污染因子"] == "COD"),
        "frozen": first("上级储备", lambda row: row["方向"] == "纳入上级"),
        "agreed": first("总量核定", lambda row: row["结论"] == "同意" and row["核定新增外排环境量"] > 0),
        "undone": first("冲正", lambda row: True),
    }


def sheets_of(text: str, known: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """Return the rows of each sheet, the headings first."""
    sheets: dict[str, list[list[Any]]] = {}
    for part in text.split("\n# ")[1:]:
        name, *lines = (line.partition("~")[0].format_map(known).strip() for line in part.splitlines())
        sheets[name] = [[value_of(cell.strip()) for cell in line.split("|")] for line in lines if line]
    return sheets


def value_of(cell: str) -> Any:
    """Return a cell as a spreadsheet would keep it."""
    if cell.startswith('"'):
        return cell.strip('"')
    for read in (int, float, date.fromisoformat):
        try:
            return read(cell)
        except ValueError:
            pass
    return True if cell == "TRUE" else cell or None


def write_mistakes(path: Path) -> None:
    """Write the workbook."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    text = (HERE / "mistakes.txt").read_text(encoding="utf-8")
    for name, rows in sheets_of(text, taken_from(build())).items():
        sheet: Any = book.create_sheet(name)
        for y, row in enumerate(rows, 1):
            for x, value in enumerate(row, 1):
                cell = sheet.cell(y, x, value)
                if value == "#REF!":
                    cell.data_type = "e"
    file = io.BytesIO()
    book.save(file)
    path.write_bytes(canonical(file.getvalue()))


if __name__ == "__main__":
    write_mistakes(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "常见错误.xlsx")
