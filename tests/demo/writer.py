"""Rows become workbooks that look as if several offices had filled them in."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import Alignment, Font, PatternFill
from xlsxwriter.utility import xl_rowcol_to_cell

from .dress import Manner, dressed, manner_of, number
from .hourly_files import write_hourly
from .park import Park, Row

AMOUNTS = {"数量", "储备量", "回收量", "申报减排量", "核定减排量", "核定新增外排环境量", "期末结存"}
UNIT = "单位：吨/年"
NOTE = "注：数量单位均为吨/年，以盖章件为准"


@dataclass
class Page:
    """One sheet as it will be seen."""

    name: str
    above: list[list[Any]]
    headings: list[str]
    below: list[list[Any]]
    total: list[Any] | None
    summed: int = 0  # how many rows the total stands under


def write_park(park: Park, target: Path) -> list[Path]:
    """Write every workbook of the park and its hourly data below a folder and return their paths."""
    paths = []
    for folder, books in sorted(park.rows.items()):
        for book, sheets in sorted(books.items()):
            path = target / folder / book
            path.parent.mkdir(parents=True, exist_ok=True)
            manner = manner_of(book)
            pages = [
                page(folder, sheet, rows, park.headings[sheet], manner, Random(folder + book + sheet))
                for sheet, rows in sheets.items()
            ]
            content = with_openpyxl(pages) if manner.program == "openpyxl" else with_xlsxwriter(pages)
            path.write_bytes(canonical(content))
            paths.append(path)
    return paths + write_hourly(park.streams, target)


def page(folder: str, sheet: str, rows: list[Row], order: list[str], manner: Manner, chance: Random) -> Page:
    """Lay out one sheet: the headings in the order of the form, then the rows."""
    headings = [heading for heading in order if any(heading in row for row in rows)]
    body = [[dressed(heading, row.get(heading), manner, chance) for heading in headings] for row in rows]
    amount = next((heading for heading in headings if heading in AMOUNTS), None)
    above: list[list[Any]] = []
    if manner.title:
        period = f"{folder[:4]}年第{'一二三四'[int(folder[5]) - 1]}季度" if len(folder) > 4 else f"{folder}年度"
        above.append([f"园区{period}{sheet}表"])
    if manner.unit and (amount or sheet == "总量申请"):
        (above if manner.title else body).insert(manner.title, [UNIT])
    total: list[Any] | None = None
    if manner.total and amount and len(rows) > 2:
        total = ["合计"] + [None] * (len(headings) - 1)
        total[headings.index(amount)] = number(sum((row[amount] for row in rows if amount in row), Decimal(0)))
        body += [total] + ([[NOTE]] if manner.title else [])
    return Page(sheet, above, headings, body, total, len(rows))


def with_openpyxl(pages: list[Page]) -> bytes:
    """Write the workbook of an office that uses one program."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for page_ in pages:
        sheet: Any = book.create_sheet(page_.name)
        for row in [*page_.above, page_.headings, *page_.below]:
            sheet.append(row)
        top = len(page_.above) + 1
        for x, heading in enumerate(page_.headings, 1):
            cell = sheet.cell(top, x)
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
            cell.alignment = Alignment(horizontal="center")
            sheet.column_dimensions[cell.column_letter].width = max(12, len(heading) * 2 + 2)
        for cells in sheet.iter_rows(min_row=top + 1):
            for cell in cells:
                if isinstance(cell.value, date):
                    cell.number_format = "yyyy/m/d h:mm" if isinstance(cell.value, datetime) else "yyyy/m/d"
        if page_.above:
            sheet["A1"].font = Font(bold=True, size=14)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_xlsxwriter(pages: list[Page]) -> bytes:
    """Write the workbook of an office that uses another, and sums with formulas."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"author": "储备台账员", "created": datetime(2023, 1, 1)})
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    big = book.add_format({"bold": True, "font_size": 16})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for page_ in pages:
        sheet = book.add_worksheet(page_.name)
        top = len(page_.above)
        for y, row in enumerate([*page_.above, page_.headings, *page_.below]):
            for x, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(y, x, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(y, x, datetime(value.year, value.month, value.day), day)
                elif row is page_.total and isinstance(value, int | float):
                    first, last = (xl_rowcol_to_cell(n, x) for n in (y - page_.summed, y - 1))
                    sheet.write_formula(y, x, f"=SUM({first}:{last})", None, value)
                elif value is not None:
                    sheet.write(y, x, value, bold if y == top else big if y < min(top, 1) else None)
        sheet.freeze_panes(top + 1, 1)
        sheet.set_column(0, len(page_.headings) - 1, 16)
    book.close()
    return file.getvalue()


def canonical(content: bytes) -> bytes:
    """Return a workbook with no trace of the moment at which it was written."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2023-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            out.writestr(info, part)
    return target.getvalue()
