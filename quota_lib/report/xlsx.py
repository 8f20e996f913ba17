"""The tables of a run as a workbook: real numbers and dates, sums that spreadsheets can follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from quota_lib.amounts import Ratio, text
from quota_lib.report.atomic import whole
from quota_lib.report.table import UNSEEN, Cell, Column, FactorShown, Table, digits, factor_of, heading, spelt_out

Formats = dict[tuple[str, bool], Any]

HEAD_ROW = 1  # below the title
WIDEST, WIDEST_FROZEN = 50, 24
LAST = ("factor", "basis", "scope")
IDENTIFYING = frozenset({"zone", "unit", "label", "outlet", "project", "construction", "document", "lot", *LAST})
IDENTIFYING |= {"type", "kind", "date", "entry_id", "booked", "original", "from_zone", "to_zone", "direction", "sheet"}
"""Columns that say what a row is about; those on the left of a sheet stay in view."""
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
    mark: str = "",
) -> None:
    """Write a workbook with a sheet for each table, whole or not at all.

    Units   milligrams in, t in the cells.
    Shape   ``day``: the workbook's date of creation; the same arguments give the same bytes.
            ``mark``: what no sheet may be read without, such as 初报·有错误: in its title and at the head of its prints.

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
            if mark:
                _mark(book, book.get_worksheet_by_name(name), f"■ {mark}", table.title, formats)


def totalled(table: Table, summed: Sequence[str], by: Sequence[str]) -> Table:
    """Return a table with a sum of some columns for each of what stands in the columns ``by``, in their order."""
    names = [column.name for column in table.columns]
    keys = [names.index(name) for name in by]
    sums: dict[tuple[Cell, ...], dict[str, int]] = {}
    for row in table.rows:
        own = sums.setdefault(tuple(row[at] for at in keys), dict.fromkeys(summed, 0))
        for name in summed:
            cell = row[names.index(name)]
            own[name] += cell if isinstance(cell, int) else 0
    rows = [_total_row(names, {**dict(zip(by, key, strict=True)), **own}) for key, own in sums.items()]
    below = range(len(table.rows), len(table.rows) + len(rows))
    return replace(table, rows=[*table.rows, *rows], total=table.total | frozenset(below))


def _total_row(names: Sequence[str], known: Mapping[str, Cell]) -> tuple[Cell, ...]:
    return ("合计", *(known.get(name) for name in names[1:]))


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


def _mark(book: Any, sheet: Any, mark: str, title: str, formats: Formats) -> None:
    """Put a mark before the title of a sheet, and at the head of each page that it prints on."""
    sheet.write_string(0, 0, written(f"{mark}　{title}"), _format(book, formats, "marked", False))
    sheet.set_header(f"&C{mark.replace('&', '&&')}")


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
    sheet.freeze_panes(HEAD_ROW + 1, _frozen(table))
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
    else:
        number = _number(column, cell)
        formula = _sum(table, index, at) if total else ""
        if formula:
            sheet.write_formula(row, at, formula, style, number)
        else:
            sheet.write_number(row, at, number, style)


def _number(column: Column, cell: int | Ratio) -> float:
    """Return a figure as a workbook knows numbers; nothing is computed with it here."""
    if isinstance(cell, Ratio):
        return cell.numerator / cell.denominator
    return float(text(cell) if column.kind in ("mass", "signed") else str(cell))


def _frozen(table: Table) -> int:
    """Return how many columns on the left say what a row is about: up to its factor and 范围, at least one."""
    names = [column.name for column in table.columns]
    run = next((at for at in range(1, len(names)) if names[at] not in IDENTIFYING), len(names))
    return max((at + 1 for at in range(run) if names[at] in LAST), default=1)


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
        return _sum_of_its_own(table, index, at, above)
    for rows in (list(range(start, index)), above):
        if rows and _added(table, rows, at) == table.rows[index][at]:
            return f"=SUM({','.join(_ranges(rows, at))})"
    return ""


def _sum_of_its_own(table: Table, index: int, at: int, above: Sequence[int]) -> str:
    """Return the formula of a total of a factor, or of a factor and more: of the rows above that name the same."""
    total, names = table.rows[index], [column.name for column in table.columns]
    named = [at for at in range(1, len(total)) if names[at] in IDENTIFYING and isinstance(total[at], str)]
    own = [row for row in above if all(table.rows[row][column] == total[column] for column in named)]
    if not own or _added(table, own, at) != total[at]:
        return ""
    until = range(max(above) + 1)
    (cells,) = _ranges(until, at)
    tests = [f"{_fixed(_ranges(until, column)[0])},${xl_col_to_name(column)}{HEAD_ROW + 2 + index}" for column in named]
    return f"=SUMIF({tests[0]},{cells})" if len(tests) == 1 else f"=SUMIFS({','.join([cells, *tests])})"


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
    if column.kind == "ratio" and isinstance(cell, Ratio):
        return _ratio_format(table, at, cell)
    return {"date": "yyyy-mm-dd", "count": "0", "mass": "0", "signed": "0", "ratio": "General"}.get(column.kind, "@")


def _ratio_format(table: Table, at: int, ratio: Ratio) -> str:
    """Return a format with the decimals of the longest in its column; a ratio without a decimal stays a fraction."""
    said = [str(row[at]) for row in table.rows if isinstance(row[at], Ratio)]
    if "/" in str(ratio):
        return f"# {'?' * len(str(ratio.denominator))}/{'?' * len(str(ratio.denominator))}"
    places_ = max(len(one.partition(".")[2]) for one in said if "/" not in one)
    return f"0.{'0' * places_}" if places_ else "0"


def _format(book: Any, formats: Formats, number: str, total: bool) -> Any:
    """Return the format for a number format (or for title, head and note), made once."""
    styles: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 14},
        "marked": {"bold": True, "font_size": 14, "font_color": "#A8201A"},
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
    frozen = _frozen(table)
    return min(max(map(places, texts)) + 3, WIDEST_FROZEN if at < frozen > 1 else WIDEST)


def _shown(table: Table, row: Sequence[Cell], at: int, factors: Mapping[str, FactorShown]) -> str:
    cell, column = row[at], table.columns[at]
    if isinstance(cell, str) and column.name == table.factor and cell in factors:
        return factors[cell].label
    if isinstance(cell, int) and column.kind in ("mass", "signed"):
        return text(cell) + "000"
    return "" if cell is None else str(cell)
