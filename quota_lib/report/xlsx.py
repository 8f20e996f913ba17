"""The tables of a run as a workbook: real numbers and dates, sums that spreadsheets can follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from quota_lib.amounts import Ratio, text
from quota_lib.report.atomic import whole
from quota_lib.report.table import UNSEEN, Cell, FactorShown, Table, digits, factor_of, heading, spelt_out

Formats = dict[tuple[str, bool], Any]

HEAD_ROW = 1  # below the title
WIDEST = 50
LONGEST = 32767  # characters in a cell
STANDARD = ("title", "subject", "author", "company", "category", "keywords", "comments", "status")
SUMMED = ("mass", "signed", "count")
_ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_tables(
    path: Path,
    title: str,
    tables: Sequence[Table],
    factors: Mapping[str, FactorShown],
    properties: Mapping[str, str],
    day: date,
) -> None:
    """Write a workbook with a sheet for each table, whole or not at all.

    Units   milligrams in, t in the cells.
    Shape   ``day``: the workbook's date of creation; the same arguments give the same bytes.

    A spreadsheet keeps 15 significant digits; the exact amounts stand in the CSV tables.
    """
    names = sheet_names([table.title for table in tables])
    with whole(path) as place, new_workbook(place, day) as book:
        known = {key: value for key, value in properties.items() if key in STANDARD}
        book.set_properties({"title": title, "created": datetime.combine(day, time()), **known})
        for key in sorted(properties.keys() - known.keys()):
            book.set_custom_property(key, properties[key], "text")
        formats: Formats = {}
        for table, name in zip(tables, names, strict=True):
            _write_table(book, name, table, factors, formats)


def new_workbook(path: Path, day: date) -> Any:
    """Return a workbook to write to: text stays text, and its bytes depend on its content alone."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": datetime.combine(day, time())})
    return book


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return a legal and unique sheet name for each title: at most 31 characters, none of ``[]:*?/\\``."""
    names: list[str] = []
    for title in titles:
        stem = _ILLEGAL.sub("·", title).strip("' ")[:31] or "表"
        name, count = stem, 1
        while name.lower() in (taken.lower() for taken in names):
            count += 1
            name = f"{stem[: 31 - len(f'-{count}')]}-{count}"
        names.append(name)
    return names


def written(value: str) -> str:
    """Return text as a cell can hold it, with what would reorder, hide or break it spelt out."""
    return UNSEEN.sub(spelt_out, value)[:LONGEST]


def places(value: str) -> int:
    """Return how wide the longest line of a text is; a Chinese character takes two places."""
    lines = value.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line) for line in lines)


def _write_table(book: Any, name: str, table: Table, factors: Mapping[str, FactorShown], formats: Formats) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, written(table.title), _format(book, formats, "title", False))
    for at, column in enumerate(table.columns):
        sheet.write_string(HEAD_ROW, at, heading(column), _format(book, formats, "head", False))
        sheet.set_column(at, at, _width(table, at, factors))
    for index in range(len(table.rows)):
        for at in range(len(table.columns)):
            _write_cell(book, sheet, table, (index, at), factors, formats)
    if not table.rows:
        sheet.write_string(HEAD_ROW + 1, 0, written(table.empty))
    below = HEAD_ROW + 1 + max(len(table.rows), 1)
    if table.note:
        sheet.write_string(below + 1, 0, written(table.note), _format(book, formats, "note", False))
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + max(_rows_to_filter(table), 1), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)


def _write_cell(
    book: Any,
    sheet: Any,
    table: Table,
    place: tuple[int, int],
    factors: Mapping[str, FactorShown],
    formats: Formats,
) -> None:
    index, at = place
    row, column = HEAD_ROW + 1 + index, table.columns[at]
    cell, total = table.rows[index][at], index in table.total
    style = _format(book, formats, _number_format(table, index, at, factors), total)
    if cell is None:
        sheet.write_blank(row, at, None, style)
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, datetime.combine(cell, time()), style)
    elif isinstance(cell, str):
        named = factors[cell].label if column.name == table.factor and cell in factors else cell
        sheet.write_string(row, at, written(named), style)
    elif isinstance(cell, Ratio) and "/" in str(cell):
        sheet.write_string(row, at, str(cell), style)
    else:
        plain = text(cell) if column.kind in ("mass", "signed") and isinstance(cell, int) else str(cell)
        number = float(plain)  # a workbook knows no other number; nothing is computed with it here
        formula = _sum(table, index, at) if total else ""
        if formula:
            sheet.write_formula(row, at, formula, style, number)
        else:
            sheet.write_number(row, at, number, style)


def _sum(table: Table, index: int, at: int) -> str:
    """Return the formula of a total: of its factor's rows, of those since the last total, of all above, whichever it is.

    It is "" if the figure is none of these; then the number alone is written.
    """
    if table.columns[at].kind not in SUMMED or not isinstance(table.rows[index][at], int):
        return ""
    start = max((other + 1 for other in table.total if other < index), default=0)
    above = [other for other in range(index) if other not in table.total]
    names = [column.name for column in table.columns]
    if table.factor in names:
        return _sum_of_a_factor(table, index, at, above, names.index(table.factor))
    for rows in (list(range(start, index)), above):
        if rows and _added(table, rows, at) == table.rows[index][at]:
            return f"=SUM({','.join(_ranges(rows, at))})"
    return ""


def _sum_of_a_factor(table: Table, index: int, at: int, above: Sequence[int], named: int) -> str:
    """Return the formula of a total of one factor: of the rows above that name it."""
    own = [row for row in above if table.rows[row][named] == table.rows[index][named]]
    if not own or _added(table, own, at) != table.rows[index][at]:
        return ""
    (names,), (cells,) = (_ranges(range(max(above) + 1), column) for column in (named, at))
    key = f"${xl_col_to_name(named)}{HEAD_ROW + 2 + index}"
    return f"=SUMIF({_fixed(names)},{key},{cells})"


def _fixed(cells: str) -> str:
    """Return a range that stays when a formula is copied: B3:B9 as $B$3:$B$9."""
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cells)


def _added(table: Table, rows: Sequence[int], at: int) -> int:
    cells = [table.rows[row][at] for row in rows]
    return sum(cell for cell in cells if isinstance(cell, int))


def _ranges(rows: Sequence[int], at: int) -> list[str]:
    """Return ascending row indexes as cell ranges of one column."""
    starts = [row for row in rows if row - 1 not in rows]
    ends = [row for row in rows if row + 1 not in rows]
    column, shift = xl_col_to_name(at), HEAD_ROW + 2
    return [f"{column}{a + shift}:{column}{b + shift}" for a, b in zip(starts, ends, strict=True)]


def _rows_to_filter(table: Table) -> int:
    """Return the number of rows without the totals at the end, which a filter must not hide."""
    count = len(table.rows)
    while count and count - 1 in table.total:
        count -= 1
    return count


def _number_format(table: Table, index: int, at: int, factors: Mapping[str, FactorShown]) -> str:
    column, cell = table.columns[at], table.rows[index][at]
    if column.kind in ("mass", "signed") and isinstance(cell, int):
        factor = factor_of(table, table.rows[index], column)
        _, rest = digits(cell, factors[factor].decimals if factor in factors else 0)
        return f"0.{'0' * len(rest)}" if rest else "0"
    if column.kind == "ratio":
        return "General"
    return {"date": "yyyy-mm-dd", "count": "0", "mass": "0", "signed": "0"}.get(column.kind, "@")


def _format(book: Any, formats: Formats, number: str, total: bool) -> Any:
    """Return the format for a number format (or for title, head and note), made once."""
    styles: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 14},
        "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#EEF2F6"},
        "note": {"font_color": "#555555"},
    }
    if (number, total) not in formats:
        style = styles.get(number, {"num_format": number, "valign": "top", "text_wrap": number == "@"})
        formats[number, total] = book.add_format(style | ({"bold": True, "top": 1} if total else {}))
    return formats[number, total]


def _width(table: Table, at: int, factors: Mapping[str, FactorShown]) -> int:
    """Return a width for the heading and the longest cell; a Chinese character takes two places."""
    texts = [heading(table.columns[at])] + [_shown(table, row, at, factors) for row in table.rows]
    return min(max(map(places, texts)) + 3, WIDEST)


def _shown(table: Table, row: Sequence[Cell], at: int, factors: Mapping[str, FactorShown]) -> str:
    cell, column = row[at], table.columns[at]
    if isinstance(cell, str) and column.name == table.factor and cell in factors:
        return factors[cell].label
    if isinstance(cell, int) and column.kind in ("mass", "signed"):
        return text(cell) + "000"
    return "" if cell is None else str(cell)
